"""Exact Poisson rates against worked examples in print, scipy and statsmodels."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import rates as statsmodels_rates

from amazon_labor.methods import rates

CASES = [
    (3, 22 / 12, 9, 2.0),
    (0, 1.0, 5, 2.0),
    (8, 2.0, 0, 1.0),
    (60, 51477.5, 30, 54308.7),
    (11, 800, 21, 3011),
    (35, 0.95, 31, 1.0),
]


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [(90, 17.38, 34.92), (95, 16.18, 36.90), (99, 14.00, 41.00)],
)
def test_interval_of_a_rate_equals_the_worked_example_of_graphpad(level, low, high):
    # GraphPad, "How QuickCalcs computes the confidence interval of a count": 25 events, Garwood's method
    assert rates.rate_interval(25, level=level) == pytest.approx((low, high), abs=6e-3)


def test_interval_without_events_ends_where_epitools_says():
    # R package epitools, pois.exact: for a count of 0 the upper limit at 95 percent is 3.689
    assert rates.rate_interval(0, level=95) == pytest.approx((0.0, 3.689), abs=6e-4)


def test_interval_of_a_rate_agrees_with_statsmodels_and_scales_with_exposure():
    low, high = rates.rate_interval([3, 9, 40], 2.5)
    for k, count in enumerate((3, 9, 40)):
        other = statsmodels_rates.confint_poisson(count, 2.5, method="exact-c", alpha=0.1)
        assert (low[k], high[k]) == pytest.approx(other, rel=1e-9)


def test_ratio_of_the_example_of_poisson_test_in_r():
    # R, example of stats::poisson.test, c(11, 6 + 8 + 7) in c(800, 1083 + 1050 + 878). Its documentation prints the call
    # only; the result is remembered, not read, and the test below computes the same by scipy
    found = rates.rate_ratio(11, 800, 21, 3011, level=95)
    assert (found.ratio, found.low, found.high) == pytest.approx((1.971488, 0.8584264, 4.2772659), rel=1e-6)


@pytest.mark.parametrize(("a", "t", "b", "s"), CASES)
def test_interval_is_that_of_clopper_and_pearson_carried_over(a, t, b, s):
    found = rates.rate_ratio(a, t, b, s)
    ends = stats.binomtest(a, a + b, 0.5).proportion_ci(0.9, method="exact")
    expected = [math.inf if p == 1 else p / (1 - p) * s / t for p in ends]
    assert [found.low, found.high] == pytest.approx(expected, rel=1e-7)


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
@pytest.mark.parametrize(("a", "t", "b", "s"), CASES)
def test_p_value_is_twice_the_smaller_tail_of_statsmodels(a, t, b, s):
    tails = [
        statsmodels_rates.test_poisson_2indep(a, t, b, s, method="exact-cond", value=1, alternative=side).pvalue
        for side in ("larger", "smaller")
    ]
    assert rates.rate_ratio(a, t, b, s).p_value == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-9)


def test_mid_p_value_agrees_with_statsmodels_and_gives_a_shorter_interval():
    exact, middle = (rates.rate_ratio(3, 22 / 12, 9, 2, mid_p=flag) for flag in (False, True))
    other = statsmodels_rates.test_poisson_2indep(3, 22 / 12, 9, 2, method="cond-midp", value=1, alternative="smaller")
    assert middle.p_value == pytest.approx(2 * other.pvalue, rel=1e-9)
    assert exact.low < middle.low < middle.ratio < middle.high < exact.high


@pytest.mark.parametrize("mid_p", [False, True])
@pytest.mark.parametrize(("a", "b"), [(3, 9), (9, 3), (30, 31), (0, 4), (4, 0)])
def test_interval_and_test_agree_on_equal_rates(a, b, mid_p):
    found = rates.rate_ratio(a, 1.5, b, 2.0, mid_p=mid_p)
    assert (found.low > 1 or found.high < 1) == (found.p_value < 0.1)


def test_swapping_the_rates_inverts_the_ratio():
    one, other = rates.rate_ratio(3, 1.5, 9, 2), rates.rate_ratio(9, 2, 3, 1.5)
    assert (one.ratio, one.low, one.high) == pytest.approx((1 / other.ratio, 1 / other.high, 1 / other.low))
    assert one.p_value == pytest.approx(other.p_value)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_interval_holds_the_true_ratio_at_least_as_often_as_it_says(ratio):
    held = 0.0
    for a, b in itertools.product(range(30), range(30)):
        found = rates.rate_ratio(a, 1, b, 1)
        if found.low <= ratio <= found.high:
            held += stats.poisson.pmf(a, 4 * ratio) * stats.poisson.pmf(b, 4)
    assert 0.9 <= held < 0.99


def test_without_events_nothing_is_said():
    found = rates.rate_ratio(0, 1, 0, 1)
    assert math.isnan(found.ratio)
    assert (found.low, found.high, found.p_value) == (0.0, math.inf, 1.0)


def test_power_equals_a_sum_over_all_outcomes():
    counts = range(25)
    expected = sum(
        stats.poisson.pmf(a, 12) * stats.poisson.pmf(b, 4)
        for a, b in itertools.product(range(45), counts)
        if rates.rate_ratio(a, 2, b, 2).low > 1
    )
    assert rates.power(3, 2, 2, 2) == pytest.approx(expected, abs=1e-6)


def test_power_without_a_difference_is_at_most_half_of_the_error_allowed():
    assert 0 < rates.power(1, 5, 2, 2) <= 0.05


def test_detectable_ratio_has_the_chance_asked_for_and_falls_with_more_events():
    ratio = rates.detectable_ratio(5, 22 / 12, 2)
    assert rates.power(ratio, 5, 22 / 12, 2) == pytest.approx(0.8, abs=1e-5)
    assert rates.detectable_ratio(50, 22 / 12, 2) < ratio
    with pytest.raises(ValueError, match=r"^no ratio up to 10 is found with a chance of 80 percent: too few events\.$"):
        rates.detectable_ratio(0.01, 1, 1, most=10)


def test_dispersion_is_the_chi_square_test_of_equal_rates():
    counts, years = np.array([2, 2, 1, 4, 4, 2, 5, 8, 9, 1]), np.linspace(0.5, 1.5, 10)
    other = stats.chisquare(counts, counts.sum() * years / years.sum())
    index, p = rates.dispersion(counts, years)
    assert (9 * index, p) == pytest.approx((other.statistic, other.pvalue))
    assert rates.dispersion(counts)[0] == pytest.approx(counts.var(ddof=1) / counts.mean())


def test_widened_interval_stretches_logs_by_the_root_of_the_index():
    found = rates.rate_ratio(6, 1, 10, 1)
    assert rates.widened(found, 1.0) == pytest.approx((found.low, found.high))
    low, high = rates.widened(found, 4.0)
    assert math.log(high / found.ratio) == pytest.approx(2 * math.log(found.high / found.ratio))
    assert math.log(low / found.ratio) == pytest.approx(2 * math.log(found.low / found.ratio))
    assert rates.widened(rates.rate_ratio(5, 1, 0, 1), 2.0)[1] == math.inf
    with pytest.raises(ValueError, match=r"^index is 0\.5; an index below 1 would narrow an exact interval\.$"):
        rates.widened(found, 0.5)


@pytest.mark.parametrize("count", [-1, 1.5, math.nan])
def test_what_cannot_be_counted_is_refused(count):
    with pytest.raises(ValueError, match="whole numbers"):
        rates.rate_interval(count)


def test_exposure_and_level_are_checked():
    with pytest.raises(ValueError, match=r"^\[0, 1\] must be positive\.$"):
        rates.rate_ratio(1, 0, 1, 1)
    with pytest.raises(ValueError, match=r"^level is 100; it is a percentage between 0 and 100\.$"):
        rates.rate_interval(1, level=100)
    with pytest.raises(ValueError, match=r"^dispersion needs at least two counts, and one event\.$"):
        rates.dispersion([3])
