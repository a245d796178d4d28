"""Recursive right-tailed tests against statsmodels, published critical values, and simulated size and power."""

import warnings

import numpy as np
import pytest
from statsmodels.tsa.stattools import adfuller

from amazon_labor.methods import explosive
from amazon_labor.methods.explosive_critical import DRAWS, LONGEST, SEED, critical_values


def adf(y, lags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return adfuller(y, maxlag=lags, autolag=None, regression="c")[0]


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_every_window_as_in_statsmodels(lags):
    y = 50 + 3 * np.cumsum(np.random.default_rng(lags).normal(size=48))
    found = explosive.recursion(y, 20, lags)
    for end in range(19, 48):
        windows = [adf(y[start : end + 1], lags) for start in range(end - 18)]
        assert found.backward[end] == pytest.approx(max(windows), rel=1e-8)
        assert found.forward[end] == pytest.approx(windows[0], rel=1e-8)
    assert np.isnan(found.backward[:19]).all()
    assert np.isnan(found.forward[:19]).all()
    assert found.gsadf == np.nanmax(found.backward) >= found.sadf == np.nanmax(found.forward)


def test_late_ends_alone_are_the_same():
    y = np.cumsum(np.random.default_rng(9).normal(size=90))
    whole, late = explosive.recursion(y, 25, 1), explosive.recursion(y, 25, 1, first=70)
    np.testing.assert_array_equal(whole.backward[70:], late.backward[70:])
    assert np.isnan(late.backward[:70]).all()


def test_unit_of_measurement_is_irrelevant():
    y = np.cumsum(np.random.default_rng(4).normal(size=120))
    one, other = explosive.recursion(y, 30, 2), explosive.recursion(1e4 + 250 * y, 30, 2)
    np.testing.assert_allclose(one.backward[29:], other.backward[29:], rtol=1e-6)


# SADF and GSADF at 95 percent, and the shortest window as a share, of Phillips, Shi and Yu (2015) for T observations: read in
# the examples of size_SADF and size_GSADF of the R package bubble (D. Fantazzini), which use them to reproduce their table 2
PUBLISHED = {
    100: (0.190, 1.30, 2.00),
    200: (0.137, 1.40, 2.08),
    400: (0.100, 1.49, 2.20),
    800: (0.074, 1.53, 2.34),
    1600: (0.055, 1.57, 2.41),
}


@pytest.mark.parametrize("n", [100, 200])
def test_simulated_critical_values_are_those_published(n):
    share, *published = PUBLISHED[n]
    backward, forward = explosive.simulate(n, [int(share * n)], 2000, 2015, drift=1 / n)
    sadf, gsadf = (np.quantile(np.nanmax(s[0], axis=1), 0.95) for s in (forward, backward))
    assert (sadf, gsadf) == pytest.approx(published, abs=0.12)  # both are simulated with 2000 draws: error about 0.04


@pytest.mark.parametrize("n", [400, 800, 1600])
def test_table_holds_the_published_values(n):
    share, *published = PUBLISHED[n]
    window = int(share * n)
    assert abs(window - explosive.rule_window(n)) <= 1
    found = [float(critical_values(n, window, 95, statistic)) for statistic in ("sadf", "gsadf")]
    assert found == pytest.approx(published, abs=0.08)


def test_table_is_what_the_simulation_gives():
    """Other walks than those of the table: only simulation error may part them."""
    assert (DRAWS, SEED, LONGEST) == (4000, 20220401, 1900)
    backward, forward = explosive.simulate(300, [40, 80], 1500, 77)
    for k, window in enumerate((40, 80)):
        for level in (90, 95):
            share = level / 100
            for at in (120, 300):
                here = critical_values(at, window, level, "bsadf"), critical_values(at, window, level, "sadf")
                runs = backward[k, :, at - 1], np.nanmax(forward[k, :, :at], axis=1)
                for value, run in zip(here, runs, strict=True):
                    assert (run <= float(value)).mean() == pytest.approx(share, abs=0.02)
            largest = np.nanmax(backward[k], axis=1)
            assert (largest <= float(critical_values(300, window, level, "gsadf"))).mean() == pytest.approx(
                share, abs=0.02
            )


def test_size_with_a_lag_and_with_averaged_prices():
    """Monthly averages of daily closes have autocorrelated changes (Working 1960): one lag keeps the size, none does not."""
    n, window, draws = 200, 36, 300
    daily = np.cumsum(np.random.default_rng(12).normal(size=(draws, n * 21)), axis=1)
    averages = daily.reshape(draws, n, 21).mean(axis=2)
    limit = float(critical_values(n, window, 95, "gsadf"))
    share = {lags: np.mean([explosive.recursion(y, window, lags).gsadf > limit for y in averages]) for lags in (0, 1)}
    assert share[1] <= 0.11
    assert share[0] > share[1] + 0.05


def test_false_alarms_of_the_three_dating_rules():
    """Share of random walks with an episode of at least log(n) months in the last 24: SADF and GSADF points are stricter
    than 5 percent over two years, BSADF points, which hold 5 percent in a month alone, stay near it."""
    n, window, draws = 400, 40, 1000
    paths = explosive.simulate(n, [window], draws, 24, lags=1, first=n - 24)[0][0][:, -24:]
    position, shortest = np.arange(n - 23, n + 1), explosive.shortest_episode(n)
    share = {
        rule: explosive.false_alarms(paths, critical_values(position, window, 95, rule), shortest)
        for rule in ("bsadf", "sadf", "gsadf")
    }
    assert share["gsadf"] <= share["sadf"] <= 0.02
    assert share["bsadf"] == pytest.approx(0.05, abs=0.025)


def test_false_alarms_counts_episodes_that_reach_a_month():
    paths = [[3, 3, 0, 0, 0], [0, 0, 3, 3, 0], [0, 3, 0, 3, 0], [0, 0, 0, 0, 0]]
    limit = np.full(5, 2.0)
    assert explosive.false_alarms(paths, limit, 2) == 0.5
    assert explosive.false_alarms(paths, limit, 2, until=2) == 0.25
    assert explosive.false_alarms(paths, limit, 1, until=3) == 0.5


def test_late_months_of_simulated_walks_are_the_same():
    whole, late = (explosive.simulate(80, [30], 7, 5, lags=1, first=first, batch=3) for first in (0, 60))
    for all_months, some in zip(whole, late, strict=True):
        np.testing.assert_array_equal(all_months[..., 60:], some[..., 60:])
        assert np.isnan(some[..., :60]).all()


def bubble(n=240, start=140, end=180, root=1.04, seed=3):
    """Random walk that is explosive from `start` to `end` and then falls back (Phillips, Shi and Yu 2015, section 4)."""
    rng = np.random.default_rng(seed)
    y = np.empty(n)
    y[0] = 100
    for t in range(1, n):
        y[t] = root * y[t - 1] - (root - 1) * 60 + rng.normal() if start <= t < end else y[t - 1] + rng.normal()
        if t == end:
            y[t] = y[start]
    return y


def test_an_explosive_episode_is_found_and_dated():
    y = bubble()
    found = explosive.recursion(y, 36)
    position = np.arange(1, 241)
    assert found.gsadf > float(critical_values(240, 36, 99, "gsadf"))
    runs = explosive.episodes(found.backward, critical_values(position, 36), explosive.shortest_episode(240))
    assert len(runs) == 1
    assert 140 <= runs[0].first <= 160
    assert abs(runs[0].last - 180) <= 2
    assert not runs[0].open


def test_episodes():
    statistic = [np.nan, 1, 3, 3, 0, 3, 1, 3, 3, 3]
    assert [(e.first, e.last, e.open) for e in explosive.episodes(statistic, 2)] == [
        (2, 3, False),
        (5, 5, False),
        (7, 9, True),
    ]
    assert [e.length for e in explosive.episodes(statistic, 2, shortest=2)] == [2, 3]
    assert explosive.episodes(statistic, 5) == []
    assert explosive.shortest_episode(1830) == 8


def test_wild_bootstrap_holds_its_level_when_the_variance_changes():
    """Volatility three times as large in the months watched: pointwise values reject too often, the bootstrap does not."""
    rejected = 0
    for seed in range(60):
        steps = np.random.default_rng(seed).normal(size=200)
        steps[150:] *= 3
        found = explosive.wild_bootstrap(np.cumsum(steps), 170, 189, 40, draws=99, seed=seed)
        rejected += found.p_value <= 0.1
    assert rejected / 60 <= 0.2
    bubbly = explosive.wild_bootstrap(bubble(), 150, 178, 36, draws=99, seed=1)
    assert bubbly.p_value == pytest.approx(0.01)
    assert bubbly.statistic == pytest.approx(np.nanmax(explosive.recursion(bubble(), 36).backward[150:179]))
    assert (bubbly.months, bubbly.draws, bubbly.paths.shape) == (29, 99, (99, 29))
    assert np.quantile(bubbly.paths.max(axis=1), 0.95) == bubbly.critical[1]


def test_bootstrap_keeps_the_lags():
    y = np.cumsum(np.convolve(np.random.default_rng(6).normal(size=160), [1, 0.5], "valid"))
    found = explosive.wild_bootstrap(y, 100, 158, 40, 2, draws=49, seed=2)
    assert found.statistic == pytest.approx(np.nanmax(explosive.recursion(y, 40, 2).backward[100:]))
    assert 0.02 <= found.p_value <= 1


def test_refusals():
    y = np.cumsum(np.ones(50)) + np.sin(np.arange(50))
    with pytest.raises(
        ValueError, match=r"^y must be one-dimensional, without missing values; fill no gap, cut the series\.$"
    ):
        explosive.recursion([*y[:-1], np.nan])
    with pytest.raises(ValueError, match=r"^window is 60; with 0 lags and 50 observations it must lie in 7 to 50\.$"):
        explosive.recursion(y, 60)
    with pytest.raises(ValueError, match=r"^n is 12; at least 20 observations are needed\.$"):
        explosive.rule_window(12)
    with pytest.raises(ValueError, match=r"^months 40 to 30 must lie between 19 and 49, in order\.$"):
        explosive.wild_bootstrap(y, 40, 30, 20)
    for arguments, words in (((100, 20), "36 to 100"), ((2000, 40), "at most 1900"), ((100, 40, 97), "tabulated")):
        with pytest.raises(ValueError, match=words):
            critical_values(*arguments)
    assert np.isnan(critical_values(30, 40))
