"""Dispersion without noise against a truth drawn by us; slopes against statsmodels and linearmodels."""

import numpy as np
import pytest

from amazon_labor.methods import noisy_convergence

RNG = np.random.default_rng(12)
TRUE = RNG.normal(10, 4, 51)
ERRORS = RNG.uniform(0.5, 2.5, 51)


def test_noise_is_taken_off_and_the_interval_covers_the_truth():
    spread = TRUE.std(ddof=1)
    found = [noisy_convergence.dispersion(TRUE + ERRORS * RNG.standard_normal(51), ERRORS) for _ in range(600)]
    assert np.mean([f.observed for f in found]) > spread + 0.2
    assert np.mean([f.true**2 for f in found]) == pytest.approx(spread**2, rel=0.02)
    assert 0.87 < np.mean([f.low <= spread <= f.high for f in found]) < 0.93


def test_the_variance_of_the_variance_is_that_of_a_simulation():
    """Quadratic forms of normals: the interval's half width on variances over 1.645 is the standard deviation."""
    draws = TRUE + ERRORS * RNG.standard_normal((4000, 51))
    simulated = draws.var(axis=1, ddof=1).std()
    found = [noisy_convergence.dispersion(x, ERRORS) for x in draws[:400]]
    implied = np.mean([(f.high**2 - f.low**2) / 2 / 1.6448536 for f in found])
    assert implied == pytest.approx(simulated, rel=0.04)


def test_without_errors_it_is_the_standard_deviation():
    found = noisy_convergence.dispersion(TRUE, np.zeros(51))
    assert found.observed == found.true == found.low == pytest.approx(TRUE.std(ddof=1))
    assert found.sampling == 0


def test_pure_noise_leaves_nothing():
    noise = [noisy_convergence.dispersion(5 + ERRORS * RNG.standard_normal(51), ERRORS) for _ in range(200)]
    assert min(f.low for f in noise) == 0
    assert np.mean([f.low == 0 for f in noise]) > 0.9


def test_slope_and_error_equal_statsmodels():
    import statsmodels.api as sm

    end = 0.7 * TRUE + RNG.standard_normal(51)
    fitted = sm.OLS(end - TRUE, sm.add_constant(TRUE)).fit(cov_type="HC1")
    ours = noisy_convergence.catching_up(TRUE, end)
    assert (ours.value, ours.error) == pytest.approx((fitted.params[1], fitted.bse[1]))


def test_instrumented_slope_and_error_equal_linearmodels():
    import pandas as pd
    from linearmodels.iv import IV2SLS

    start, end, second = (TRUE + RNG.standard_normal(51) for _ in range(3))
    frame = pd.DataFrame({"change": end - start, "one": 1.0, "start": start, "second": second})
    fitted = IV2SLS(frame["change"], frame[["one"]], frame[["start"]], frame[["second"]]).fit(
        cov_type="robust", debiased=True
    )
    ours = noisy_convergence.catching_up(start, end, second)
    assert (ours.value, ours.error) == pytest.approx((fitted.params["start"], fitted.std_errors["start"]))


def test_galton_is_fooled_and_the_instrument_is_not():
    noisy = TRUE + 2 * RNG.standard_normal((3, 800, 51))
    naive = np.mean([noisy_convergence.catching_up(a, b).value for a, b, _ in noisy.transpose(1, 0, 2)])
    clean = np.median([noisy_convergence.catching_up(a, b, c).value for a, b, c in noisy.transpose(1, 0, 2)])
    share = 4 / (TRUE.var(ddof=1) + 4)
    assert naive == pytest.approx(-share, abs=0.03)
    assert abs(clean) < 0.02


def test_bad_input_is_refused():
    with pytest.raises(
        ValueError, match=r"^values and errors have shapes \(3,\) and \(3,\); three or more full pairs are needed\.$"
    ):
        noisy_convergence.dispersion([1, 2, np.nan], [1, 1, 1])
    with pytest.raises(ValueError, match=r"^start, end and instrument have 2, 2 and 2 values; four or more needed\.$"):
        noisy_convergence.catching_up([1, 2], [2, 3])
    with pytest.raises(ValueError, match=r"^start does not vary with its instrument: no slope can be found\.$"):
        noisy_convergence.catching_up([1, 1, 1, 1], [2, 3, 4, 5])
