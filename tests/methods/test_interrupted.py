"""Interrupted series against statsmodels, the module of trends, closed forms and simulations."""

import math

import numpy as np
import pytest
import statsmodels.api as sm

from amazon_labor.methods import interrupted, trends

RNG = np.random.default_rng(20200311)
T = np.arange(40)
Y = 2.0 + 0.03 * T + RNG.normal(0, 0.1, 40)
AHEAD = np.array([40, 41, 47])


def test_independent_errors_give_the_prediction_interval_of_statsmodels():
    path = interrupted.counterfactual(T, Y, AHEAD)
    theirs = sm.OLS(Y, sm.add_constant(T.astype(float))).fit().get_prediction(sm.add_constant(AHEAD.astype(float)))
    low, high = path.interval(90)
    np.testing.assert_allclose(np.column_stack([low, high]), theirs.conf_int(obs=True, alpha=0.1), rtol=1e-9)
    assert path.rho == 0


def test_hac_errors_give_the_interval_of_the_trend_module():
    path = interrupted.counterfactual(T, Y, AHEAD, errors="hac", lags=4)
    theirs = trends.linear_trend(T, Y, lags=4).prediction_interval(AHEAD, 90)
    np.testing.assert_allclose(path.interval(90), theirs, rtol=1e-9)


def test_season_and_parabola_are_recovered_exactly_without_noise():
    months = np.r_[0:36, 50:60]
    true = 1 + 0.02 * months - 1e-4 * months**2 + np.where(months % 12 == 11, 0.3, 0)
    path = interrupted.counterfactual(months, true, [71, 72], degree=2, season=12)
    want = [1 + 0.02 * m - 1e-4 * m**2 + (0.3 if m % 12 == 11 else 0) for m in (71, 72)]
    np.testing.assert_allclose(path.mean, want, atol=1e-9)


def _autoregressive(rng, n, rho):
    e = np.zeros(n)
    e[0] = rng.normal() / math.sqrt(1 - rho**2)
    for k in range(1, n):
        e[k] = rho * e[k - 1] + rng.normal()
    return e


def test_lasting_errors_widen_the_mean_gap_enough():
    """Coverage of the 90 percent interval of a mean over 8 periods, 400 simulated series with rho of 0.6."""
    rng, hits = np.random.default_rng(7), {"independent": 0, "ar1": 0}
    for _ in range(400):
        y = 0.01 * np.arange(128) + _autoregressive(rng, 128, 0.6)
        for errors in hits:
            path = interrupted.counterfactual(np.arange(120), y[:120], np.arange(120, 128), errors=errors)
            _, low, high = path.mean_gap(y[120:])
            hits[errors] += low <= 0 <= high
    assert 0.84 <= hits["ar1"] / 400 <= 0.95
    assert hits["independent"] / 400 < 0.75


def test_autocorrelation_skips_the_gap_between_runs():
    t = np.r_[0:30, 100:130]
    e = _autoregressive(np.random.default_rng(3), 60, 0.5)
    got = interrupted.counterfactual(t, e, [131], errors="ar1").rho
    residuals = sm.OLS(e, sm.add_constant(t.astype(float))).fit().resid
    pairs = np.delete(residuals[1:] * residuals[:-1], 29)
    assert got == pytest.approx(pairs.mean() / np.mean(residuals**2))


def test_fieller_covers_the_ratio_of_correlated_normals():
    rng, hits, draws = np.random.default_rng(11), 0, 4000
    cov = np.array([[0.04, 0.02], [0.02, 0.05]])
    for a, b in rng.multivariate_normal([0.5, 1.0], cov, draws):
        _, low, high = interrupted.fieller(a, b, 0.04, 0.05, 0.02, 1.6449)
        hits += math.isnan(low) or low <= 0.5 <= high
    assert hits / draws == pytest.approx(0.90, abs=0.02)


def test_fieller_without_error_in_the_denominator_is_the_plain_interval():
    assert interrupted.fieller(2, 4, 0.01, 0, 0, 2) == pytest.approx((0.5, 0.45, 0.55))
    assert all(math.isnan(v) for v in interrupted.fieller(1, 0.1, 1, 1, 0, 2)[1:])


def test_segments_are_recovered_and_errors_are_those_of_statsmodels():
    y = 1 + 0.1 * (T - 25) + np.where(T >= 25, 3 - 0.04 * (T - 25), 0)
    fit = interrupted.segmented(T, y, 25)
    np.testing.assert_allclose(fit.estimate, [1, 0.1, 3, -0.04], atol=1e-9)
    noisy = interrupted.segmented(T, y + RNG.normal(0, 0.1, 40), 25, lags=3)
    assert (noisy.error > 0).all()
    assert abs(noisy.estimate["step"] - 3) < 4 * noisy.error["step"]


def test_placebo_gaps_never_see_the_future():
    gaps = interrupted.placebo_gaps(T, Y, 20, 2)
    assert list(gaps.index) == list(range(21, 40))
    direct = interrupted.counterfactual(T[5:25], Y[5:25], [26])
    assert gaps.gap[26] == pytest.approx(Y[26] - direct.mean[0])
    assert gaps.score[26] == pytest.approx(gaps.gap[26] / direct.deviation[0])
    with pytest.raises(ValueError, match=r"^window is 39; with 2 ahead at most 38 of 40 periods fit\.$"):
        interrupted.placebo_gaps(T, Y, 39, 2)


def test_faults_are_named():
    with pytest.raises(ValueError, match=r"^errors is 'white'; allowed are independent, hac, ar1\.$"):
        interrupted.counterfactual(T, Y, AHEAD, errors="white")
    with pytest.raises(ValueError, match=r"^8 periods are too few for 13 coefficients; three more are needed\.$"):
        interrupted.counterfactual(T[:8], Y[:8], AHEAD, season=12)
    with pytest.raises(ValueError, match=r"^t must rise, each period once, and y hold one finite value for each\.$"):
        interrupted.counterfactual(T[::-1], Y, AHEAD)
    with pytest.raises(ValueError, match=r"^level is 120; it is a percentage between 0 and 100, for example 90\.$"):
        interrupted.counterfactual(T, Y, AHEAD).interval(120)
