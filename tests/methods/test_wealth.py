"""Implied shareholdings on a fortune made to order, and the interval of a median against scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from amazon_labor.methods import wealth

DAYS = pd.to_datetime(
    ["2020-03-02", "2020-03-04", "2020-03-07", "2020-03-09", "2020-03-11", "2020-03-13", "2020-03-16"]
)
PRICE = pd.Series([100.0, 110, 105, 105.1, 120, 90, 95], index=DAYS).drop(pd.Timestamp("2020-03-07"))


def fortune(shares=2.0, rest=10.0):
    at = PRICE.reindex(PRICE.index.union(DAYS)).ffill().reindex(DAYS)
    return shares * at + rest


def test_slopes_are_the_shares_when_the_rest_stands_still():
    slopes = wealth.implied_slopes(fortune(), PRICE)
    assert slopes.to_numpy() == pytest.approx(np.full(len(slopes), 2.0))


def test_small_moves_and_days_without_trading_give_no_slope():
    slopes = wealth.implied_slopes(fortune(), PRICE, least_move=0.5)
    # 7 March (a Saturday) takes the close of the 4th: no move, no slope
    assert pd.Timestamp("2020-03-05 12:00") not in slopes.index
    assert len(slopes) == 5
    assert slopes.index[0] == pd.Timestamp("2020-03-03")
    assert len(wealth.implied_slopes(fortune(), PRICE, least_move=10)) == 3


def test_one_revision_of_the_rest_does_not_move_the_median():
    revised = fortune() + pd.Series([0, 0, 0, 0, 50.0, 50, 50], index=DAYS)
    slopes = wealth.implied_slopes(revised, PRICE)
    assert slopes.max() > 4
    assert wealth.holding(slopes, "2020-03-10", pairs=5).shares == pytest.approx(2.0)


def test_holding_uses_the_nearest_pairs():
    slopes = pd.Series([1.0] * 6 + [3.0] * 6, index=pd.date_range("2020-01-01", periods=12, freq="30D"))
    assert wealth.holding(slopes, "2020-01-15", pairs=6).shares == 1
    assert wealth.holding(slopes, "2020-12-15", pairs=6).shares == 3
    with pytest.raises(ValueError, match=r"^pairs is 13, but there are 12 slopes only\.$"):
        wealth.holding(slopes, "2020-01-01", pairs=13)


@pytest.mark.parametrize("n", [6, 9, 15, 24])
@pytest.mark.parametrize("level", [50, 80, 90, 95])
def test_interval_of_a_median_equals_that_of_scipy(n, level):
    values = np.random.default_rng(n).normal(size=n)
    other = stats.quantile_test(values, q=0, p=0.5).confidence_interval(level / 100)
    low, high, reached = wealth.median_interval(values, level)
    assert (low, high) == pytest.approx((other.low, other.high))
    assert reached >= level


def test_level_out_of_reach_is_refused():
    with pytest.raises(ValueError, match=r"^4 values reach 87\.5 percent at most; 90 was asked\.$"):
        wealth.median_interval([1, 2, 3, 4], 90)


def test_bridge_adds_up_and_gives_each_part_its_due():
    parts = wealth.price_bridge((110, 190), (100, 170), (1.0, 1.0))
    assert parts == pytest.approx({"price": 70, "shares": 0, "rest": 10})
    parts = wealth.price_bridge((110, 190), (100, 160), (1.1, 1.0))
    assert sum(parts.values()) == pytest.approx(80)
    assert parts["price"] == pytest.approx(1.05 * 60)
    assert parts["price"] + parts["shares"] == pytest.approx(1.0 * 160 - 1.1 * 100)


def test_bridge_run_backwards_changes_the_signs():
    forward = wealth.price_bridge((110, 190), (100, 160), (1.1, 1.0))
    back = wealth.price_bridge((190, 110), (160, 100), (1.0, 1.1))
    assert back == pytest.approx({k: -v for k, v in forward.items()})


def test_years_of_pay():
    assert wealth.years_of_pay(80e9, 40_000) == 2_000_000
    with pytest.raises(ValueError, match=r"^pay is 0 and gain 1; pay must be positive and the gain a number\.$"):
        wealth.years_of_pay(1, 0)


def test_entry_before_the_first_price_is_refused():
    with pytest.raises(ValueError, match=r"^no price on or before 2020-03-02\.$"):
        wealth.implied_slopes(fortune(), PRICE.iloc[1:])


def test_slopes_in_full():
    days = pd.to_datetime(["2020-01-05", "2020-01-01", "2020-01-03"])
    price = pd.Series([12, 10, 11], index=days, dtype=object)
    found = wealth.implied_slopes(pd.Series([29, 20, 25], index=days, dtype=object), price, least_move=10.0)
    # 10 to 11 is exactly ten percent and kept, 11 to 12 is less
    pd.testing.assert_series_equal(found, pd.Series([5.0], index=pd.to_datetime(["2020-01-02"])))


def test_the_nearest_pairs_and_ties_in_full():
    slopes = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], index=pd.date_range("2020-01-01", periods=6))
    assert wealth.holding(slopes, "2020-01-03", pairs=5, level=80) == wealth.Holding(3.0, 1.0, 5.0, 93.75, 5)
    assert wealth.holding(slopes, pd.Timestamp("2020-01-06"), pairs=6, level=90) == wealth.Holding(
        3.5, 1.0, 6.0, 96.875, 6
    )
    assert wealth.median_interval(np.array([3, 1, 2, 5, 4], dtype=object), 80) == (1.0, 5.0, 93.75)
    with pytest.raises(ValueError, match=r"^pay is 1 and gain inf; pay must be positive and the gain a number\.$"):
        wealth.years_of_pay(float("inf"), 1)
