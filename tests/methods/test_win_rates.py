"""Intervals of shares against statsmodels, and the examples of Newcombe (1998) as recomputed there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from amazon_labor.methods import win_rates

COUNTS = [(0, 10), (1, 29), (7, 34), (29, 29), (1_004, 1_335), (22_310, 35_940)]


@pytest.mark.parametrize(("wins", "n"), COUNTS)
@pytest.mark.parametrize(("ours", "theirs"), [(win_rates.wilson, "wilson"), (win_rates.clopper_pearson, "beta")])
def test_interval_of_one_share_is_that_of_statsmodels(ours, theirs, wins, n) -> None:  # type: ignore[no-untyped-def]
    low, high = ours(wins, n, 95)
    expected = proportion_confint(wins, n, alpha=0.05, method=theirs)
    assert (float(low), float(high)) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(("wins", "n", "base_wins", "base_n"), [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20)])
def test_difference_is_newcombes_method_ten_in_statsmodels(wins: int, n: int, base_wins: int, base_n: int) -> None:
    found = win_rates.newcombe(wins, n, base_wins, base_n, 95)
    expected = confint_proportions_2indep(wins, n, base_wins, base_n, compare="diff", method="newcomb")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-10)
    assert found.value == pytest.approx(wins / n - base_wins / base_n)


@given(n=st.integers(1, 500), share=st.floats(0, 1), level=st.sampled_from([50.0, 90.0, 99.0]))
def test_intervals_hold_the_share_stay_in_range_and_mirror(n: int, share: float, level: float) -> None:
    wins = round(share * n)
    for interval in (win_rates.wilson, win_rates.clopper_pearson):
        low, high = interval(wins, n, level)
        lost_low, lost_high = interval(n - wins, n, level)
        assert 0 <= low <= wins / n + 1e-12
        assert wins / n - 1e-12 <= high <= 1
        assert (low, high) == pytest.approx((1 - lost_high, 1 - lost_low), abs=1e-9)


def test_exact_interval_is_wider_than_the_score_interval_on_average() -> None:
    wins = np.arange(0, 31)
    score, exact = (
        np.subtract(*f(wins, np.full(31, 30))[::-1]).mean() for f in (win_rates.wilson, win_rates.clopper_pearson)
    )
    assert exact > score


@pytest.mark.parametrize(("wins", "n", "level"), [(1, 0, 90), (5, 4, 90), (-1, 4, 90), (1, 4, 100)])
def test_impossible_counts_are_refused(wins: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"share|wins|level"):
        win_rates.wilson(wins, n, level)
