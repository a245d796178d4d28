"""Prices, share counts and market values of the five companies: what must agree with what.

The files of ``expected/`` hold market values computed when the evidence was compiled and are not carried as data: price
times shares of the tables must reproduce them.
"""

from pathlib import Path

import pandas as pd
import pytest

from amazon_labor import catalog

EXPECTED = Path(__file__).parent / "expected"
FACTOR = {  # multiplier that brings a share count to the basis after all splits, by the wording of `split_basis`
    "before the 4-for-1 split of 2020-08-31": 4,
    "before the 20-for-1 split of 2022-06-06": 20,
}
PARTIAL = r"^Class [ABC]$|plus shares underlying"  # one class only, or awards that are not outstanding yet


@pytest.fixture(scope="module")
def monthly() -> pd.DataFrame:
    return catalog.load("markets/big_five_prices_monthly")


@pytest.fixture(scope="module")
def daily() -> pd.DataFrame:
    return catalog.load("markets/big_five_prices_daily")


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    """Counts of all classes together, on the basis after every split."""
    table = catalog.load("markets/big_five_shares_outstanding")
    factor = table["split_basis"].map(FACTOR).fillna(1).astype("int64")
    table = table.assign(adjusted=table["shares"] * factor)
    return table[~table["share_classes"].str.contains(PARTIAL)]


def _expected(name: str, *dates: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / name, parse_dates=list(dates))


# Prices ---------------------------------------------------------------------------------------------------------------


def test_month_end_close_is_the_daily_close_of_that_day(monthly: pd.DataFrame, daily: pd.DataFrame) -> None:
    both = monthly.merge(daily, left_on=["last_trading_day", "ticker"], right_on=["date", "ticker"])
    assert len(both) == 48 * 5
    assert (both["close_split_adjusted_usd_x"] == both["close_split_adjusted_usd_y"]).all()


def test_the_month_end_is_the_last_trading_day_of_its_month(monthly: pd.DataFrame, daily: pd.DataFrame) -> None:
    last = daily.groupby(daily["date"].dt.to_period("M"))["date"].max()
    window = monthly[monthly["date"].dt.year.between(2019, 2022)]
    assert (window["last_trading_day"] == window["date"].dt.to_period("M").map(last)).all()
    assert (monthly["last_trading_day"].dt.to_period("M") == monthly["date"].dt.to_period("M")).all()


def test_as_traded_over_adjusted_close_steps_only_at_the_splits(monthly: pd.DataFrame) -> None:
    steps = {
        "AAPL": {"2010-01": 28, "2014-06": 4, "2020-08": 1},
        "AMZN": {"2010-01": 20, "2022-06": 1},
        "GOOGL": {"2014-04": 20, "2022-07": 1},
        "META": {"2012-05": 1},
        "MSFT": {"2010-01": 1},
    }
    for ticker, rows in monthly.dropna(subset=["close_as_traded_usd"]).groupby("ticker"):
        ratio = rows["close_as_traded_usd"] / rows["close_split_adjusted_usd"]
        assert ((ratio / ratio.round() - 1).abs() < 1e-7).all(), ticker
        level = ratio.round().astype(int)
        months = rows["date"].dt.strftime("%Y-%m")
        found = {m: r for m, r, changed in zip(months, level, level.diff() != 0, strict=True) if changed}
        assert found == steps[str(ticker)]


def test_only_alphabet_before_april_2014_lacks_the_price_as_traded(monthly: pd.DataFrame) -> None:
    absent = monthly[monthly["close_as_traded_usd"].isna()]
    assert set(absent["ticker"]) == {"GOOGL"}
    assert absent["date"].max() == pd.Timestamp("2014-03-01")
    assert len(absent) == 51


def test_every_company_has_every_trading_day(daily: pd.DataFrame) -> None:
    grid = daily.pivot(index="date", columns="ticker", values="close_split_adjusted_usd")
    assert grid.shape == (1008, 5)
    assert grid.notna().all(axis=None)
    assert grid.index.to_series().diff().dt.days.max() == 4  # a weekend and a holiday
    assert (grid.index.dayofweek < 5).all()


def test_daily_moves_above_13_percent_are_the_eight_known_ones(daily: pd.DataFrame) -> None:
    grid = daily.pivot(index="date", columns="ticker", values="close_split_adjusted_usd")
    moves = grid.pct_change().stack()
    assert {(f"{day:%Y-%m-%d}", str(ticker)) for day, ticker in moves[moves.abs() > 0.13].index} == {
        ("2020-03-13", "MSFT"),
        ("2020-03-16", "MSFT"),
        ("2020-03-16", "META"),
        ("2022-02-03", "META"),
        ("2022-02-04", "AMZN"),
        ("2022-04-28", "META"),
        ("2022-04-29", "AMZN"),
        ("2022-10-27", "META"),
    }


# Share counts and capitalisation --------------------------------------------------------------------------------------


def test_classes_add_to_the_sum_of_classes() -> None:
    table = catalog.load("markets/big_five_shares_outstanding")
    sums = table[table["share_classes"].str.contains("sum computed here")]
    single = table[table["share_classes"].str.fullmatch("Class [ABC]")]
    parts = single.groupby(["ticker", "date", "split_basis"])["shares"].agg(["sum", "size"])
    with_parts = sums.set_index(["ticker", "date", "split_basis"])["shares"].to_frame().join(parts, how="inner")
    assert set(with_parts.index.get_level_values("ticker")) == {"GOOGL", "META"}
    assert (with_parts["shares"] == with_parts["sum"]).all()


def test_price_times_shares_is_the_published_value_of_siblis(
    monthly: pd.DataFrame, daily: pd.DataFrame, shares: pd.DataFrame
) -> None:
    """Siblis is the one list that covers month ends of four companies; counts within 100 days, -1.4 to +0.6 percent."""
    published = catalog.load("markets/big_five_market_cap_published").query("source == 'siblis_2020'")
    month_end = monthly.drop(columns="date").rename(columns={"last_trading_day": "date"})
    price = pd.concat([daily, month_end])[["date", "ticker", "close_split_adjusted_usd"]].drop_duplicates()
    priced = pd.merge_asof(
        published.sort_values("date"),
        price.sort_values("date"),
        on="date",
        by="ticker",
        tolerance=pd.Timedelta("4D"),  # a month that ends on a weekend
    )
    counted = pd.merge_asof(
        priced.dropna(subset=["close_split_adjusted_usd"]),
        shares[["date", "ticker", "adjusted"]].sort_values("date"),
        on="date",
        by="ticker",
        direction="nearest",
        tolerance=pd.Timedelta("100D"),
    ).dropna(subset=["adjusted"])
    gap = 100 * (counted["close_split_adjusted_usd"] * counted["adjusted"] / 1e9 / counted["market_cap_bn"] - 1)
    assert len(gap) == 24  # Meta has no count of its own near these dates
    assert gap.min() > -1.45
    assert gap.max() < 0.6


def test_market_value_by_month_rests_on_carried_prices_and_counts(monthly: pd.DataFrame, shares: pd.DataFrame) -> None:
    """Counts of Meta that were derived from published values are the only ones the table of counts does not hold."""
    expected = _expected("market_cap_by_month.csv", "last_trading_day", "shares_as_of")
    both = expected.merge(monthly, on=["last_trading_day", "ticker"])
    value = both["close_split_adjusted_usd"] * both["shares_split_adjusted"] / 1e9
    assert len(both) == len(expected) == 439
    assert (value - both["market_cap_busd_computed"]).abs().max() < 0.00051
    held = set(zip(shares["date"], shares["ticker"], shares["adjusted"], strict=True))
    keys = zip(expected["shares_as_of"], expected["ticker"], expected["shares_split_adjusted"], strict=True)
    absent = expected[[key not in held for key in keys]]
    assert set(absent["ticker"]) == {"META"}
    assert set(absent["shares_from"]) == {"siblis cap / close", "stockanalysis cap / close"}
    assert len(absent) == 59


@pytest.fixture(scope="module")
def table_1(daily: pd.DataFrame) -> pd.DataFrame:
    """Table 1 of the article beside price times shares, by day, with the gap in percent of the printed value."""
    both = _expected("table_1_by_day.csv", "date").merge(daily, on=["date", "ticker"])
    value = both["close_split_adjusted_usd"] * both["shares_split_adjusted"] / 1e12
    return both.assign(value=value, gap=100 * (value / both["article_value_tusd"] - 1))


def test_table_1_by_day_is_reproduced_from_the_daily_closes(table_1: pd.DataFrame) -> None:
    assert len(table_1) == 325
    assert (table_1["value"] - table_1["market_cap_tusd_computed"]).abs().max() < 0.000051
    assert (table_1["gap"] - table_1["difference_percent"]).abs().max() < 0.0051


def test_the_2022_column_fits_1_april_2022_for_four_companies_and_misses_meta(table_1: pd.DataFrame) -> None:
    column = table_1[table_1["article_column"] == 2022]
    four = column[column["ticker"] != "META"].groupby("date")["gap"].agg(lambda gap: gap.abs().max()).sort_values()
    assert four.index[0] == pd.Timestamp("2022-04-01")
    assert four.iloc[0] < 0.14
    assert four.iloc[1] > 0.5  # 5 April
    meta = column[column["ticker"] == "META"].set_index("date")
    over = 100 * (meta["article_value_tusd"] / meta["value"] - 1)
    assert over[pd.Timestamp("2022-04-01")] == pytest.approx(5.6, abs=0.1)
    assert meta["value"].max() < meta["article_value_tusd"].iloc[0]  # no day of the spring reaches the printed value


def test_the_2019_column_fits_the_end_of_december_2019_and_no_day_of_april(table_1: pd.DataFrame) -> None:
    column = table_1[table_1["article_column"] == 2019]
    worst = column.groupby("date")["gap"].agg(lambda gap: gap.abs().max())
    assert list(worst.nsmallest(2).index) == [pd.Timestamp("2019-12-30"), pd.Timestamp("2019-12-31")]
    assert worst[pd.Timestamp("2019-12-30")] < 0.44
    assert worst[pd.Timestamp("2019-12-31")] < 1.2
    assert worst["2019-04"].min() > 15


def test_published_values_in_euro_are_marked() -> None:
    published = catalog.load("markets/big_five_market_cap_published")
    assert published["currency"].value_counts().to_dict() == {"USD": 253, "EUR": 19}
