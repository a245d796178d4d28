"""Error of a published median, against simulation and closed forms."""

import math

import numpy as np
import pytest

from amazon_labor.methods import medians


def test_exponential_median_has_the_error_of_theory():
    """Closed form: the density at the median is half the rate, so that the error is median / (ln 2 sqrt n)."""
    assert medians.median_error(4.0, 10_000) == pytest.approx(4.0 / (math.log(2) * 100), rel=1e-12)


def test_simulated_medians_scatter_as_much():
    rng = np.random.default_rng(3)
    sample = rng.exponential(4.1 / math.log(2), (2000, 1501))
    assert np.median(sample, axis=1).std() == pytest.approx(medians.median_error(4.1, 1501), rel=0.05)


def test_design_effect_and_rounding_add_variance():
    plain = medians.median_error(4.0, 1000)
    assert medians.median_error(4.0, 1000, 2.25) == pytest.approx(1.5 * plain)
    rounded = medians.median_error(4.0, 1000, step=0.1)
    assert rounded**2 - plain**2 == pytest.approx(0.1**2 / 12)


def test_rounding_error_is_uniform():
    values = np.random.default_rng(4).uniform(0, 50, 200_000)
    assert (values.round(1) - values).std() == pytest.approx(medians.median_error(4, 1e18, step=0.1), rel=0.01)


def test_density_from_two_shares():
    """An exponential with median 4: mean density between 3.9 and 4.1 is that at the median."""
    rate = math.log(2) / 4
    below = [100 * (1 - math.exp(-rate * x)) for x in (3.9, 4.1)]
    found = medians.mean_density((3.9, below[0]), (4.1, below[1]))
    assert found == pytest.approx(medians.exponential_density(4), rel=1e-3)
    assert medians.median_error(4, 500, density=found) == pytest.approx(medians.median_error(4, 500), rel=1e-3)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"^median is 0; it must be positive\.$"):
        medians.median_error(0, 10)
    with pytest.raises(ValueError, match=r"^density is -1; it must be positive\.$"):
        medians.median_error(4, 10, density=-1)
    with pytest.raises(ValueError, match=r"^points \(5, 10\) and \(1, 20\) are not in rising order\.$"):
        medians.mean_density((5, 10), (1, 20))
