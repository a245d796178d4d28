"""Break tests and dates against published results on the Nile, statsmodels, brute force, and simulated size."""

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from amazon_labor.methods import breaks


@pytest.fixture(scope="module")
def nile():
    return sm.datasets.nile.load_pandas().data["volume"].to_numpy()


@pytest.fixture(scope="module")
def regression():
    rng = np.random.default_rng(11)
    X = np.column_stack([np.ones(60), rng.normal(size=60)])
    errors = np.convolve(rng.normal(size=62), [0.4, 0.7, 1.0], "valid")
    return X @ np.array([1.0, 0.5]) + (np.arange(60) >= 35) * (0.8 + 0.6 * X[:, 1]) + errors, X


def test_nile_sup_f_as_published(nile):
    """Zeileis et al., strucchange, help page of Fstats: sup.F = 75.93, break after observation 28 (1898)."""
    found = breaks.sup_f(nile)
    assert round(found.statistic, 2) == 75.93
    assert found.position == 28
    assert 1871 + found.position - 1 == 1898
    assert found.p_value < 1e-14
    assert (found.positions[0], found.positions[-1]) == (15, 85)


def test_nile_partitions_as_published(nile):
    """Zeileis et al. (2003, CSDA 44), strucchange summary(breakpoints(Nile ~ 1)): dates, sums of squares, criterion."""
    published = {
        (): (2835157, 1318),
        (28,): (1597457, 1270),
        (28, 83): (1552924, 1276),
        (28, 68, 83): (1538097, 1285),
        (28, 45, 68, 83): (1507888, 1292),
        (15, 30, 45, 68, 83): (1659994, 1311),
    }
    found = breaks.partitions(nile, max_breaks=5)
    assert {one.positions: round(one.rss) for one in found} == {k: v[0] for k, v in published.items()}
    n = len(nile)
    # strucchange adds the constant of the normal likelihood and counts the variance as a parameter
    scaled = [round(n * one.bic + n * (1 + np.log(2 * np.pi)) + np.log(n)) for one in found]
    assert scaled == [v[1] for v in published.values()]
    assert breaks.best_by(found, "bic").positions == (28,)
    assert breaks.best_by(found, "lwz").positions == (28,)


def test_nile_interval_as_published(nile):
    """Zeileis et al. (2003): 95 percent interval of the break, observations 25 to 32 (1895 to 1902)."""
    assert breaks.date_intervals(nile, None, (28,), level=95) == [(25, 32)]
    assert breaks.date_intervals(nile, None, (28,), level=50) < [(28, 28)]


def test_wald_against_statsmodels(regression):
    y, X = regression
    for position in (20, 35, 44):
        late = (np.arange(len(y)) >= position)[:, None]
        model = sm.OLS(y, np.hstack([X, X * late]))
        restriction = np.hstack([np.zeros((2, 2)), np.eye(2)])
        classical = model.fit().wald_test(restriction, use_f=False, scalar=True)
        robust = model.fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True})
        white = model.fit(cov_type="HC1")
        assert breaks.wald(y, X, position) == pytest.approx(float(classical.statistic))
        assert breaks.wald(y, X, position, lags=3) == pytest.approx(
            float(robust.wald_test(restriction, use_f=False, scalar=True).statistic)
        )
        assert breaks.wald(y, X, position, lags=0) == pytest.approx(
            float(white.wald_test(restriction, use_f=False, scalar=True).statistic)
        )
        assert breaks.known_break(y, X, position)[1] == pytest.approx(float(classical.pvalue))


def test_partitions_against_brute_force(regression):
    y, X = regression
    found = breaks.partitions(y, X, max_breaks=2, trimming=0.2)

    def rss(edges):
        return sum(sm.OLS(y[a:b], X[a:b]).fit().ssr for a, b in itertools.pairwise(edges))

    one = min(range(12, 49), key=lambda p: rss((0, p, 60)))
    two = min(
        ((p, q) for p in range(12, 37) for q in range(p + 12, 49)),
        key=lambda pair: rss((0, *pair, 60)),
    )
    assert [f.positions for f in found] == [(), (one,), two]
    assert found[2].rss == pytest.approx(rss((0, *two, 60)))


def test_a_trend_far_from_zero_loses_no_precision():
    years = np.arange(1917, 2016, dtype=float)
    y = 30 - 0.2 * (years - 1917) + np.sin(years)
    X = np.column_stack([np.ones(99), years])
    exact = sm.OLS(y[10:60], np.column_stack([np.ones(50), years[10:60] - 1950])).fit().ssr
    assert breaks.segment_costs(y, X, 5)[10, 60] == pytest.approx(exact, rel=1e-8)


def test_without_a_constant_the_level_of_y_matters(regression):
    y, X = regression
    alone = breaks.segment_costs(y + 50, X[:, 1:], 5)[3, 40]
    assert alone == pytest.approx(sm.OLS(y[3:40] + 50, X[3:40, 1:]).fit().ssr)


def test_criteria_by_their_definitions(nile):
    one = breaks.partitions(nile, max_breaks=1)[1]
    n, parameters = 100, 3
    assert one.bic == pytest.approx(np.log(one.rss / n) + parameters * np.log(n) / n)
    assert one.lwz == pytest.approx(np.log(one.rss / (n - parameters)) + 0.299 * np.log(n) ** 2.1 * parameters / n)
    assert one.breaks == 1


def test_breaks_that_offset_each_other_show_in_the_second_test():
    rng = np.random.default_rng(2)
    y = rng.normal(size=90) + 4 * ((np.arange(90) >= 30) & (np.arange(90) < 60))
    steps = breaks.sequential(y, max_breaks=3)
    assert steps[1].p_value < 0.01
    assert breaks.best_by(breaks.partitions(y)).positions == (30, 60)
    assert len(steps) == 3
    assert all(0 <= s.p_value <= 1 for s in steps)


def test_sequential_p_value_of_the_first_step_is_that_of_sup_f(nile):
    assert breaks.sequential(nile, max_breaks=1)[0].p_value == pytest.approx(breaks.sup_f(nile).p_value)


def test_long_run_covariance_against_statsmodels():
    u = np.random.default_rng(5).normal(size=(40, 2))
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    assert breaks.long_run(u, 4) * 40 == pytest.approx(S_hac_simple(u, nlags=4))


def test_size_with_independent_errors_is_near_its_level():
    """At 5 percent the sup-F test rejects 1 to 10 percent of 150 series of 100 independent draws."""
    rng = np.random.default_rng(8)
    rejected = np.mean([breaks.sup_f(rng.normal(size=100)).p_value < 0.05 for _ in range(150)])
    assert 0.01 < rejected < 0.10


def test_a_random_walk_in_levels_looks_like_a_break_nearly_always():
    """Nunes, Kuan and Newbold (1995): the test is spurious for levels with a unit root, hence changes are tested."""
    rng = np.random.default_rng(9)
    rejected = np.mean([breaks.sup_f(np.cumsum(rng.normal(size=100))).p_value < 0.05 for _ in range(40)])
    assert rejected > 0.9


def test_interval_covers_a_small_shift():
    """Bai's interval at 90 percent covers the true date in 80 to 100 percent of 200 series."""
    rng = np.random.default_rng(10)
    covered = 0
    for _ in range(200):
        y = rng.normal(size=120) + 1.2 * (np.arange(120) >= 60)
        low, high = breaks.date_intervals(y, None, breaks.partitions(y, max_breaks=1)[1].positions)[0]
        covered += low <= 60 <= high
    assert 160 < covered <= 200


def test_regime_means_against_statsmodels(nile):
    rows = breaks.regime_means(nile, (28,), level=90, lags=2)
    fitted = sm.OLS(nile[28:], np.ones(72)).fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True})
    assert rows[0][0] == pytest.approx(nile[:28].mean())
    assert rows[1] == pytest.approx((fitted.params[0], *fitted.conf_int(0.1)[0]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: breaks.sup_f(np.ones(3)),
            r"^3 observations are too few for two regimes of at least 2; lengthen the sample or lower the trimming\.$",
        ),
        (
            lambda: breaks.sup_f([1.0, np.nan] * 10),
            r"^y or X holds a missing or infinite value; a gap in time is a choice to make, not to skip\.$",
        ),
        (
            lambda: breaks.sup_f(np.arange(20.0), trimming=0.6),
            r"^trimming is 0\.6; it must lie between 0 and 0\.5, for example 0\.15\.$",
        ),
        (
            lambda: breaks.sup_f(np.arange(20.0), np.ones(19)),
            r"^y has shape \(20,\) and X \(19, 1\); they need one row per observation\.$",
        ),
        (lambda: breaks.sup_f(np.arange(20.0), np.ones((20, 2))), r"^the 2 regressors are collinear; drop one\.$"),
        (
            lambda: breaks.known_break(np.arange(20.0), None, 1),
            r"^position is 1; with 20 observations and 1 regressors it must lie between 2 and 18\.$",
        ),
        (lambda: breaks.best_by([], "aic"), r"^criterion is 'aic'; allowed: bic, lwz\.$"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_known_break_takes_the_lags_of_its_covariance(regression):
    y, X = regression
    for lags in (None, 0, 3):
        statistic, p_value = breaks.known_break(y, X, 35, lags=lags)
        assert statistic == breaks.wald(y, X, 35, lags=lags)
        assert p_value == pytest.approx(stats.chi2.sf(statistic, 2))


def test_shortest_regimes_at_their_ends():
    assert breaks.minimum_length(20, 1, 0.15) == 3
    assert breaks.minimum_length(20, 3, 0.15) == 4
    assert breaks.minimum_length(100, 1, 0.29) == 29  # 0.29 * 100 is a little below 29 in floats
    assert breaks.minimum_length(10, 4, 0.15) == 5
    assert breaks.minimum_length(10, 1, 0.49) == 4
    for trimming in (0, 0.5, -0.1):
        with pytest.raises(
            ValueError, match=rf"^trimming is {trimming}; it must lie between 0 and 0\.5, for example 0\.15\.$"
        ):
            breaks.minimum_length(20, 1, trimming)
    for position in (2, 58):
        with pytest.raises(
            ValueError,
            match=rf"^position is {position}; with 60 observations and 2 regressors it must lie between 3 and 57\.$",
        ):
            breaks.wald(np.arange(60.0), np.ones((60, 2)), position)


def test_regimes_and_intervals_by_their_formulas(nile):
    (mean, low, high), _ = breaks.regime_means(nile, (28,))
    part = nile[:28]
    reach = stats.norm.ppf(0.95) * part.std(ddof=1) / np.sqrt(28)
    assert (low, high) == pytest.approx((mean - reach, mean + reach))
    lagged = breaks.date_intervals(nile, None, (28, 83), level=90, lags=2)
    assert len(lagged) == 2
    assert all(low <= at <= high for (low, high), at in zip(lagged, (28, 83), strict=True))
    # an unclear break: the interval is cut at the ends of the sample
    flat = np.sin(np.arange(30.0)) + 0.01 * (np.arange(30) >= 15)
    assert breaks.date_intervals(flat, None, (15,), level=99) == [(1, 29)]


def test_fewer_breaks_than_asked_when_the_sample_holds_no_more(nile):
    found = breaks.partitions(nile[:20], max_breaks=5, trimming=0.3)
    assert [one.breaks for one in found] == [0, 1, 2]
    steps = breaks.sequential(nile, max_breaks=9, trimming=0.3)
    assert len(steps) == 2
    assert steps[1].positions.min() > 30
    tie = [breaks.Partition((5,), 1.0, 2.0, 3.0), breaks.Partition((), 1.0, 2.0, 3.0)]
    assert breaks.best_by(tie).breaks == 0


def test_every_segment_at_least_as_long_as_asked_has_a_cost(nile):
    cost = breaks.segment_costs(nile[:12], np.ones((12, 1)), 4)
    assert cost.shape == (13, 13)
    assert np.isfinite(cost).sum() == 9 * 10 / 2
    assert cost[2, 6] == pytest.approx(nile[2:6].var() * 4)
    assert np.isinf(cost[2, 5])
