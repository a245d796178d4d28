"""Interrupted series against statsmodels, the module of trends, closed forms and simulations."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

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


def test_how_much_of_a_gap_lasted_is_the_ratio_with_its_interval():
    path = interrupted.Counterfactual(
        np.array([10.0, 12.0, 14.0]), np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 2.0], [0.5, 2.0, 6.0]]), 20, 0.0
    )
    observed = np.array([40, 30, 20], dtype=object)
    reach = stats.t.ppf(0.975, 20)
    assert path.lasted(observed, 2, 0, 95) == interrupted.fieller(6.0, 30.0, 6.0, 4.0, 0.5, reach)
    assert path.lasted(observed, 2, 0)[0] == pytest.approx(0.2)
    assert path.deviation == pytest.approx([2, 5**0.5, 6**0.5])
    value, low, high = path.mean_gap(observed)
    spread = stats.t.ppf(0.95, 20) * math.sqrt(22 / 9)
    assert (value, low, high) == pytest.approx((18, 18 - spread, 18 + spread))
    low, high = path.interval()
    assert high - path.mean == pytest.approx(stats.t.ppf(0.95, 20) * path.deviation)
    assert path.mean - low == pytest.approx(high - path.mean)
    for level in (0, 100):
        with pytest.raises(
            ValueError, match=rf"^level is {level}; it is a percentage between 0 and 100, for example 90\.$"
        ):
            path.critical(level)


def test_columns_of_the_design():
    found = interrupted.design(np.array([0, 1, 14], dtype=object), degree=2, season=3, origin=2.0)
    trend = np.array([-2.0, -1.0, 12.0]) / 12
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), trend, trend**2, [0, 1, 0], [0, 0, 1]]))
    assert interrupted.design([3, 4]).tolist() == [[1, 0.25], [1, 4 / 12]]
    assert interrupted.design([3], degree=0).tolist() == [[1.0]]


def test_frames_in_full():
    y = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], dtype=object)
    fit = interrupted.segmented(np.arange(10.0), y, 6)
    since = np.arange(10.0) - 6
    after = (since >= 0).astype(float)
    theirs = sm.OLS(y.astype(float), np.column_stack([np.ones(10), since, after, after * since])).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )
    names = pd.Index(["level", "slope", "step", "slope change"], name="term")
    pd.testing.assert_frame_equal(fit, pd.DataFrame({"estimate": theirs.params, "error": theirs.bse}, index=names))
    gaps = interrupted.placebo_gaps(np.arange(10), y, 8, 2)
    path = interrupted.counterfactual(np.arange(8), y[:8], [9])
    gap = 3 - path.mean[0]
    expected = pd.DataFrame({"gap": [gap], "score": [gap / path.deviation[0]]}, index=pd.Index([9], name="period"))
    pd.testing.assert_frame_equal(gaps, expected)
    bent = interrupted.placebo_gaps(np.arange(10), y, 8, 2, degree=2)
    assert bent.gap[9] == pytest.approx(3 - interrupted.counterfactual(np.arange(8), y[:8], [9], degree=2).mean[0])


def test_autocorrelation_is_kept_inside_its_range():
    t = np.arange(30)
    zigzag = np.where(t % 2, 1.0, -1.0)
    assert interrupted.counterfactual(t, zigzag, [31], errors="ar1").rho == 0
    # a slow wave is all but a unit root
    wave = np.sin(np.arange(400) / 60) * 10
    assert 0.9 < interrupted.counterfactual(np.arange(400), wave, [401], errors="hac").rho <= 0.98
    found = interrupted.counterfactual(T, np.cumsum(Y - Y.mean()), [40, 42], errors="ar1")
    x, new = interrupted.design(T, origin=19.5), interrupted.design([40, 42], origin=19.5)
    fitted = sm.OLS(np.cumsum(Y - Y.mean()), x).fit()
    power = found.rho ** np.abs(np.subtract.outer(T, T))
    bread = np.linalg.inv(x.T @ x) @ x.T
    later = np.array([[1, found.rho**2], [found.rho**2, 1]])
    expected = fitted.mse_resid * (new @ bread @ power @ bread.T @ new.T + later)
    np.testing.assert_allclose(found.covariance, expected)
    assert found.freedom == 38


def test_fieller_by_its_quadratic():
    """Both ends solve (a - r b)^2 = c^2 (var_a - 2 r cov + r^2 var_b)."""
    a, b, var_a, var_b, cov, c = 3.0, 5.0, 0.5, 0.4, -0.1, 1.7
    ratio, *ends = interrupted.fieller(a, b, var_a, var_b, cov, c)
    assert ratio == 0.6
    for r in ends:
        assert (a - r * b) ** 2 == pytest.approx(c**2 * (var_a - 2 * r * cov + r**2 * var_b))
    assert ends[0] < 0.6 < ends[1]


def test_fewest_periods():
    assert interrupted.counterfactual(T[:5], Y[:5], [6]).freedom == 3
    with pytest.raises(ValueError, match=r"^4 periods are too few for 2 coefficients; three more are needed\.$"):
        interrupted.counterfactual(T[:4], Y[:4], [6])
    for t, y in ((T[[0, 1, 1, 2, 3, 4]], Y[:6]), (T[:6], Y[:5]), (T[:6], [1, 2, 3, np.nan, 5, 6])):
        with pytest.raises(
            ValueError, match=r"^t must rise, each period once, and y hold one finite value for each\.$"
        ):
            interrupted.counterfactual(t, y, [50])
