"""Cointegration against a second way to each statistic, and on pairs whose truth is known."""

import warnings

import numpy as np
import pytest

from amazon_labor.methods import cointegration as ci

RNG = np.random.default_rng(1980)
WALK = RNG.standard_normal(120).cumsum()
TIED = 2 - 0.5 * WALK + RNG.standard_normal(120)


def _adf(values, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        from statsmodels.tsa.stattools import adfuller

        return adfuller(values, **options)


def test_engle_granger_is_the_unit_root_test_of_the_residual():
    slope, constant = np.polyfit(WALK, TIED, 1)
    expected = _adf(TIED - slope * WALK - constant, regression="n", autolag="AIC")[0]
    assert ci.engle_granger(TIED, WALK).statistic == pytest.approx(expected)


@pytest.mark.parametrize("lags", [1, 2, 4])
def test_johansen_equals_reduced_rank_regression_by_hand(lags):
    """Second implementation: canonical correlations of differences and lagged levels, short-run dynamics taken out."""
    z = np.column_stack([TIED, WALK])
    dz = np.diff(z, axis=0)
    T = len(dz) - lags
    left, levels = dz[lags:], z[lags:-1]
    short = np.column_stack([np.ones(T)] + [dz[lags - k : len(dz) - k] for k in range(1, lags + 1)])
    out = np.eye(T) - short @ np.linalg.pinv(short)
    r0, r1 = out @ left, out @ levels
    s00, s11, s01 = r0.T @ r0 / T, r1.T @ r1 / T, r0.T @ r1 / T
    roots = np.linalg.eigvals(np.linalg.solve(s11, s01.T @ np.linalg.solve(s00, s01))).real
    expected = -T * np.log(1 - roots).sum()
    found = ci.johansen(TIED, WALK, lags)
    assert found.trace == pytest.approx(expected, rel=1e-6)
    assert found.corrected == pytest.approx(expected * (T - 2 * (lags + 1)) / T, rel=1e-6)


def test_critical_values_are_those_printed_by_mackinnon_haug_and_michelis():
    # MacKinnon, Haug and Michelis (1999), two series, constant: 13.43 and 15.49 (quoted from memory)
    found = ci.johansen(TIED, WALK, 1)
    assert (round(found.critical_90, 2), round(found.critical_95, 2)) == (13.43, 15.49)


def test_a_tied_pair_is_found_and_a_free_one_is_not():
    assert ci.engle_granger(TIED, WALK).p < 0.01
    assert ci.johansen(TIED, WALK, 1).corrected > 15.49
    free = np.random.default_rng(4).standard_normal((60, 2, 120)).cumsum(axis=2)
    residual = np.mean([ci.engle_granger(a, b).p <= 0.1 for a, b in free])
    more = np.random.default_rng(11).standard_normal((600, 2, 120)).cumsum(axis=2)
    rank = np.mean([ci.johansen(a, b, 1).corrected > 15.49 for a, b in more])
    assert residual <= 0.25  # choosing lags by Akaike makes the test liberal: near 0.15 in longer simulations
    # the value of 5 percent is for walks with drift; for these, without, statsmodels' own trace test has 0.12
    assert 0.05 < rank < 0.15


def test_the_series_that_follows_is_the_one_that_adjusts():
    # WALK moves by itself; TIED returns to it within a year
    found = ci.adjustment(TIED, WALK, 1)
    first, second = found.t()
    assert found.first == pytest.approx(-1, abs=0.35)
    assert abs(first) > 4
    assert abs(second) < 2.5


def test_unit_root_test_tells_a_walk_from_noise_around_a_line():
    line = 0.1 * np.arange(120) + RNG.standard_normal(120)
    assert ci.unit_root(line) < 0.01
    assert ci.unit_root(WALK) > 0.1


def test_leave_one_out_equals_fitting_again():
    from statsmodels.api import OLS, add_constant

    found = ci.leave_one_out(TIED, WALK)
    refit = [OLS(np.delete(TIED, k), add_constant(np.delete(WALK, k))).fit().params[1] for k in range(0, len(TIED), 7)]
    np.testing.assert_allclose(found[::7], refit, rtol=1e-9)


def test_slope_interval_by_hand():
    low, high = ci.slope_interval(1.0, 0.5, 12, 95)
    assert (low, high) == pytest.approx((1 - 0.5 * 2.2281, 1 + 0.5 * 2.2281), abs=1e-4)


def test_short_or_broken_series_are_refused():
    with pytest.raises(
        ValueError, match=r"^y and x have shapes \(2,\) and \(2,\); twelve or more pairs without gaps are needed\.$"
    ):
        ci.engle_granger([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"^lags is 0; at least one lagged difference is needed\.$"):
        ci.johansen(TIED, WALK, 0)
    with pytest.raises(
        ValueError, match=r"^y and x have shapes \(20,\) and \(20,\); twelve or more pairs without gaps are needed\.$"
    ):
        ci.leave_one_out([np.nan] * 20, [1.0] * 20)
