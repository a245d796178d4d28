"""Market value against published capitalisations, and the split arithmetic by hand."""

import pandas as pd
import pytest

from amazon_labor import catalog
from amazon_labor.methods import market_value


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    return market_value.split_adjusted(catalog.load("markets/big_five_shares_outstanding"))


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    daily = catalog.load("markets/big_five_prices_daily")
    return daily.rename(columns={"close_split_adjusted_usd": "close"})


def test_counts_stand_on_one_split_basis(counts):
    apple = counts[(counts.ticker == "AAPL") & (counts.date == "2019-03-30")]
    # balance sheet of 30 March 2019: 4,607,284 thousand shares, four for one since
    assert apple.shares.tolist() == [4_607_284_000 * 4]
    # buybacks move a count by up to a tenth between two dates; a missed split would move it fourfold at least
    steps = counts.groupby("ticker").shares.pct_change().abs().dropna()
    assert steps.max() < 0.12


def test_classes_of_a_company_are_not_added_to_their_sum(counts):
    meta = counts[(counts.ticker == "META") & (counts.date == "2019-07-19")]
    assert meta.shares.tolist() == [2_852_950_498]


def test_it_reproduces_published_capitalisations(prices, counts):
    """Siblis Research's quarter-end tables in dollars, computed there from other share counts: within 1.5 percent."""
    published = catalog.load("markets/big_five_market_cap_published")
    siblis = published[published.source.str.contains("siblis") & (published.currency == "USD")]
    ours = market_value.market_value(prices, counts)
    both = siblis.merge(ours, on=["ticker", "date"]).dropna(subset=["value"])
    assert len(both) >= 8
    error = both.value * 1e3 / both.market_cap_bn - 1
    assert error.abs().max() < 0.015


def test_a_close_far_from_any_count_has_no_value(prices, counts):
    day = prices[(prices.ticker == "META") & (prices.date == "2019-12-31")]
    assert market_value.market_value(day, counts).value.isna().all()
    assert market_value.market_value(day, counts, max_gap_days=200).value.notna().all()


def test_value_is_price_times_shares():
    prices = pd.DataFrame(
        {"ticker": ["X", "X"], "date": pd.to_datetime(["2020-01-10", "2020-02-25"]), "close": [10.0, 20.0]}
    )
    counts = pd.DataFrame(
        {"ticker": ["X", "X"], "date": pd.to_datetime(["2020-01-01", "2020-03-01"]), "shares": [1e9, 2e9]}
    )
    table = market_value.market_value(prices, counts)
    assert table.value.tolist() == [0.01, 0.04]
    assert table.gap_days.tolist() == [9, 5]


def test_a_negative_gap_is_refused(prices, counts):
    with pytest.raises(ValueError, match=r"^max_gap_days is -1; it must not be negative\.$"):
        market_value.market_value(prices.head(1), counts, max_gap_days=-1)


def test_growth_range_is_reached_at_the_corners():
    """By trying all pairs of errors on a grid: growth is monotone in both, so its ends lie at the corners."""
    errors = [1 + k / 100 for k in (-2, -1, 0, 1, 2)]
    tried = [100 * (3 * b / (2 * a) - 1) for a in errors for b in errors]
    # a computed value that is off by e is the true one times (1 + e); the widest pair has opposite errors
    assert market_value.growth_range(2.0, 3.0, 2.0) == pytest.approx((min(tried), max(tried)))
    assert market_value.growth_range(2.0, 3.0, 0.0) == pytest.approx((50.0, 50.0))


@pytest.mark.parametrize(
    ("start", "error", "named"),
    [
        (0.0, 2.0, r"^start is 0\.0; it must be positive for a relative change\.$"),
        (1.0, 100.0, r"^count_error is 100\.0; allowed are 0 to below 100 percent\.$"),
    ],
)
def test_growth_range_names_what_is_not_allowed(start, error, named):
    with pytest.raises(ValueError, match=named):
        market_value.growth_range(start, 1.0, error)


def test_counts_in_full():
    columns = ["date", "ticker", "shares", "split_basis", "share_classes", "kind_of_count"]
    rows = [
        ("2020-03-01", "B", 10, "before the 20-for-1 split", "Class A and C", "filing"),
        ("2020-01-01", "B", 7, "present", "all", "Yahoo estimate"),
        ("2020-01-01", "B", 5, "present", "all", "filing"),
        ("2020-02-01", "A", 3, "present", "all", "Yahoo estimate"),
        ("2020-02-01", "A", 1, "present", "Class A", "filing"),
        ("2020-02-01", "A", 2, "present", "all, with underlying stock awards", "filing"),
    ]
    shares = pd.DataFrame(rows, columns=columns).assign(date=lambda t: pd.to_datetime(t["date"]))
    expected = pd.DataFrame(
        {
            "ticker": ["B", "A", "B"],
            "date": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"]),
            "shares": [5.0, 3.0, 200.0],
            "kind_of_count": ["filing", "Yahoo estimate", "filing"],
        }
    )
    pd.testing.assert_frame_equal(market_value.split_adjusted(shares), expected)
    assert shares["shares"].tolist() == [10, 7, 5, 3, 1, 2]  # what was given stays as it was


def test_values_in_full():
    days = pd.to_datetime(["2020-06-20", "2020-01-10", "2020-01-11"])
    prices = pd.DataFrame({"date": days, "ticker": ["X", "Y", "X"], "close": [20.0, 5.0, 10.0], "other": [0, 0, 0]})
    dates = pd.to_datetime(["2020-03-12", "2020-01-10"])
    counts = pd.DataFrame({"ticker": ["X", "Y"], "date": dates, "shares": [2e11, 1e12], "kind_of_count": ["a", "b"]})
    expected = pd.DataFrame(
        {
            "ticker": ["X", "X", "Y"],
            "date": pd.to_datetime(["2020-01-11", "2020-06-20", "2020-01-10"]),
            "close": [10.0, 20.0, 5.0],
            "shares": [2e11, 2e11, 1e12],
            "count_date": pd.to_datetime(["2020-03-12", "2020-03-12", "2020-01-10"]),
            "gap_days": [61, 100, 0],
            "value": [2.0, 4.0, 5.0],
        }
    )
    pd.testing.assert_frame_equal(market_value.market_value(prices, counts), expected)
    assert market_value.market_value(prices, counts, max_gap_days=99)["value"].isna().tolist() == [False, True, False]
    assert market_value.market_value(prices, counts, max_gap_days=0)["value"].notna().tolist() == [False, False, True]


def test_ends_of_what_is_allowed():
    assert market_value.growth_range(1e-3, 2e-3, 0) == pytest.approx((100, 100))
    low, high = market_value.growth_range(1.0, 1.0, 99)
    assert (low, high) == pytest.approx((100 * (0.01 / 1.99 - 1), 100 * (1.99 / 0.01 - 1)))
    with pytest.raises(ValueError, match=r"^count_error is -1; allowed are 0 to below 100 percent\.$"):
        market_value.growth_range(1.0, 1.0, -1)
