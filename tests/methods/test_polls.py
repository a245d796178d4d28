"""The local level model of irregular polls, against statsmodels and closed forms."""

import numpy as np
import pytest
from statsmodels.tsa.statespace.structural import UnobservedComponents

from amazon_labor.methods import polls

YEARS = np.arange(2003, 2018)
READINGS = np.array([65, np.nan, np.nan, 59, 60, 59, 48, 52, 52, np.nan, 54, 53, 58, 56, 61.0])


def second(q: float, r: float):
    """Kalman smoother of statsmodels with the same variances, NaN for missing years and a diffuse start."""
    model = UnobservedComponents(READINGS, "llevel", use_exact_diffuse=True)
    return model.smooth([r, q])


@pytest.mark.parametrize(("q", "r"), [(4.0, 4.0), (0.5, 2.0), (20.0, 1.0)])
def test_smoothed_level_and_variance_equal_statsmodels(q, r):
    found = polls.local_level(YEARS, READINGS, np.full(len(YEARS), np.sqrt(r)), walk_variance=q)
    other = second(q, r)
    assert found.mean == pytest.approx(other.smoothed_state[0], abs=1e-7)
    assert np.diag(found.covariance) == pytest.approx(other.smoothed_state_cov[0, 0], abs=1e-7)


def test_covariance_equals_the_conditional_normal():
    """Second implementation: a random walk with a vague start, conditioned on the readings."""
    q, r, seen = 4.0, 2.25, np.isfinite(READINGS)
    prior = 1e5 + q * np.minimum.outer(YEARS - YEARS[0], YEARS - YEARS[0])
    gain = prior[:, seen] @ np.linalg.inv(prior[np.ix_(seen, seen)] + r * np.eye(seen.sum()))
    found = polls.local_level(YEARS, READINGS, np.full(len(YEARS), np.sqrt(r)), walk_variance=q)
    assert found.covariance == pytest.approx(prior - gain @ prior[seen], abs=1e-3)
    value, low, high = found.change(2009, 2017, 95)
    a, b = (int(y - YEARS[0]) for y in (2009, 2017))
    joint = (prior - gain @ prior[seen])[np.ix_((a, b), (a, b))]
    assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(joint[0, 0] + joint[1, 1] - 2 * joint[0, 1]), rel=1e-3)
    assert value == pytest.approx(found.mean[b] - found.mean[a])


def test_likelihood_differences_equal_statsmodels():
    errors = np.full(len(YEARS), 2.0)
    a, b = (polls.local_level(YEARS, READINGS, errors, walk_variance=q).log_likelihood for q in (3.0, 12.0))
    assert a - b == pytest.approx(second(3.0, 4.0).llf - second(12.0, 4.0).llf, abs=1e-6)


def test_estimated_variance_maximises_the_likelihood():
    errors = np.full(len(YEARS), 1.5)
    best = polls.local_level(YEARS, READINGS, errors)
    for factor in (0.8, 1.25):
        other = polls.local_level(YEARS, READINGS, errors, walk_variance=best.walk_variance * factor)
        assert other.log_likelihood < best.log_likelihood


def test_a_still_opinion_is_the_weighted_mean():
    errors = np.array([1.0, 2.0, 0.5])
    found = polls.local_level([1, 2, 4], [50, 60, 40], errors, walk_variance=1e-9)
    weights = 1 / errors**2
    assert found.mean == pytest.approx(np.full(3, weights @ [50, 60, 40] / weights.sum()), abs=1e-3)


def test_a_restless_opinion_is_the_poll():
    found = polls.local_level([1, 2, 4], [50, 60, 40], [1.0, 2.0, 0.5], walk_variance=1e9)
    assert found.mean == pytest.approx([50, 60, 40], abs=1e-3)
    assert found.change(1, 4)[0] == pytest.approx(-10, abs=1e-3)
    assert found.change(1, 4, 90)[2] + 10 == pytest.approx(1.6449 * np.hypot(1, 0.5), abs=1e-3)


def test_interval_is_symmetric_and_widens_where_nobody_asked():
    found = polls.local_level(YEARS, READINGS, np.full(len(YEARS), 2.0), walk_variance=4.0)
    low, high = found.interval(90)
    assert found.mean - low == pytest.approx(high - found.mean)
    assert (high - low)[1] > (high - low)[4]


@pytest.mark.parametrize(
    ("times", "values", "errors", "words"),
    [
        ([1, 1, 2], [1, 2, 3], [1, 1, 1], r"^times must rise strictly and have one value and one error each\.$"),
        ([1, 2, 3], [1, np.nan, 3], [1, 1, 1], r"^2 readings; three or more with positive errors are needed\.$"),
        ([1, 2, 3], [1, 2, 3], [1, 0, 1], r"^3 readings; three or more with positive errors are needed\.$"),
    ],
)
def test_bad_polls_are_refused(times, values, errors, words):
    with pytest.raises(ValueError, match=words):
        polls.local_level(times, values, errors)


def test_change_needs_known_times_and_levels():
    found = polls.local_level([1, 2, 3], [1, 2, 3], [1, 1, 1])
    with pytest.raises(ValueError, match=r"^2\.5 is not among the times of the smoothed opinion\.$"):
        found.change(1, 2.5)
    with pytest.raises(ValueError, match=r"^level is 0; it is a percentage between 0 and 100\.$"):
        found.interval(0)
