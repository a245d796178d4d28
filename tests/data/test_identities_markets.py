"""Sums and cross-checks that the tables of data/markets must keep, with the documented exceptions written out.

The files of ``expected/`` hold ranks and counts by year that were derived from the same evidence when it was compiled
and are not carried as data: the tables must reproduce them. Prices and market values have their own file of tests.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from amazon_labor import catalog

EXPECTED = Path(__file__).parent / "expected"
# Price return of the S&P 500 by calendar year, percent, as S&P Dow Jones Indices publishes it.
PUBLISHED_RETURNS = {1995: 34.11, 2008: -38.49, 2013: 29.60, 2019: 28.88, 2020: 16.26, 2021: 26.89, 2022: -19.44}


@pytest.fixture(scope="module")
def companies() -> pd.DataFrame:
    return catalog.load("markets/companies_annual")


@pytest.fixture(scope="module")
def closes() -> pd.DataFrame:
    """Month-end closes of the S&P 500 and the NASDAQ by month and index."""
    table = catalog.load("markets/stock_index_month_end")
    return table.assign(month=table["date"].dt.to_period("M")).pivot(
        index="month", columns="index_name", values="close_index"
    )


def _expected(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPECTED / name)


# Companies ------------------------------------------------------------------------------------------------------------


def test_amazon_among_the_companies_equals_its_annual_results(companies: pd.DataFrame) -> None:
    ours = companies[companies["company"] == "Amazon"].set_index("fiscal_year")
    own = catalog.load("amazon/annual_results").set_index("fiscal_year").loc[ours.index]
    assert list(ours.index) == list(range(2010, 2026))
    pairs = {
        "revenue_musd": "net_sales_musd",
        "operating_income_musd": "operating_income_musd",
        "net_income_musd": "net_income_musd",
        "research_development_musd": "technology_content_musd",
        "employees": "employees_year_end",
    }
    for here, there in pairs.items():
        assert (ours[here].astype(float) == own[there].astype(float)).all(), here


def test_changes_and_ranks_of_2019_to_2021_are_reproduced(companies: pd.DataFrame) -> None:
    expected = _expected("big_five_2019_against_2021.csv").set_index(["measure", "company"])
    five = companies[companies["group"] == "big five"].set_index(["fiscal_year", "company"])
    five = five.assign(
        net_margin_percent=100 * five["net_income_musd"] / five["revenue_musd"],
        net_income_per_employee_usd=1e6 * five["net_income_musd"] / five["employees"].astype(float),
    )
    assert len(expected) == 35
    for measure, wanted in expected.groupby(level="measure"):
        before, after = five.loc[2019, measure].astype(float), five.loc[2021, measure].astype(float)
        wanted = wanted.droplevel("measure").loc[before.index]
        change, growth = after - before, 100 * (after / before - 1)
        slack = 0.011 if "percent" in str(measure) else 1  # the printed values are rounded to the unit or to 0.01
        assert (change - wanted["absolute_change"]).abs().max() <= slack, measure
        assert (change.rank(ascending=False) == wanted["rank_by_absolute_change"]).all(), measure
        if "percent" not in str(measure):
            assert (growth - wanted["percent_change"]).abs().max() <= 0.051, measure
            assert (growth.rank(ascending=False) == wanted["rank_by_percent_change"]).all(), measure


# Net worth ------------------------------------------------------------------------------------------------------------


def test_gain_of_80_billion_is_the_real_time_list_from_18_march_2020_to_the_end_of_2021() -> None:
    worth = catalog.load("markets/net_worth").query("person == 'Jeff Bezos' and estimator == 'Forbes real-time'")
    by_day = worth.set_index("date")["net_worth_busd"]
    start, end = by_day[pd.Timestamp("2020-03-18")], by_day[pd.Timestamp("2021-12-31")]
    assert (start, end) == (112.967, 192.606)
    assert round(end - start, 1) == 79.6


def test_dates_of_net_worth_show_their_precision() -> None:
    worth = catalog.load("markets/net_worth")
    coarse = worth[worth["date_precision"] != "day"]
    assert len(coarse) == 7
    assert (coarse["date"].dt.day == 1).all()
    assert (coarse.loc[coarse["date_precision"] == "year", "date"].dt.month == 1).all()


# Cloud ----------------------------------------------------------------------------------------------------------------


def test_cloud_segments_add_to_the_total_in_every_full_vintage() -> None:
    spending = catalog.load("markets/cloud_spending").query("publisher == 'Gartner'")
    grid = spending.pivot_table(
        index=["vintage", "year"], columns="segment", values="spending_busd", aggfunc="first", observed=True
    )
    segments = grid.drop(columns="total")
    least = {"2018-04": 5, "2021-04": 6, "2023-04": 6, "2023-11": 5, "2024-05": 5, "2024-11": 4}  # segments then listed
    vintage = grid.index.get_level_values("vintage")
    full = segments.notna().sum(axis=1) >= [least.get(name, 99) for name in vintage]
    full &= grid["total"].notna()
    assert full.sum() == 18
    gap = (segments.sum(axis=1) - grid["total"])[full].abs()
    in_whole_billions = ("2024-05", 2023)  # the release prints 561 in its text and no total in its table
    assert gap[in_whole_billions] <= 0.5
    assert gap.drop(in_whole_billions).max() <= 0.1 + 1e-9


def test_the_vintage_of_august_2021_holds_its_three_totals() -> None:
    spending = catalog.load("markets/cloud_spending", vintage="2021-08").query("segment == 'total'")
    assert spending.set_index("year")["spending_busd"].to_dict() == {2020: 313, 2021: 396, 2022: 482}


def test_vendors_and_others_add_to_the_market() -> None:
    table = catalog.load("markets/iaas_market_share_annual")
    vendors = table[~table["vendor"].str.contains("Total|Top four")]
    by_table = vendors.groupby(["vintage", "year"])
    shares = by_table["share_percent"].sum()[by_table["vendor"].agg(lambda names: "Others" in set(names))]
    assert len(shares) == 6
    assert (shares - 100).abs().max() <= 0.1 + 1e-9
    total = table[table["vendor"] == "Total"].set_index(["vintage", "year"])["revenue_musd"]
    full = [("2022-06", 2020), ("2022-06", 2021), ("2024-07", 2022), ("2024-07", 2023)]
    revenue = by_table["revenue_musd"].sum()
    assert (revenue.loc[full] - total.loc[full]).abs().max() <= 1


def test_no_vendor_shares_of_a_quarter_exceed_the_market() -> None:
    table = catalog.load("markets/cloud_infrastructure_quarterly")
    names = ("alibaba", "amazon", "google", "ibm", "microsoft", "oracle", "others", "salesforce", "tencent")
    vendors = table[table["measure"].isin([f"{name}_share_percent" for name in names])]
    sums = vendors.groupby(["period", "region", "publisher", "source"])["value"].sum()
    assert sums.max() <= 100


# Acquisitions ---------------------------------------------------------------------------------------------------------


def test_counts_by_year_follow_from_the_list() -> None:
    """The 120 counts made when the evidence was compiled, from the one list that reaches 2021."""
    deals = catalog.load("markets/acquisitions").query("source == 'acq_kaggle_2021'")
    chosen = {"any": deals, "narrow": deals[deals["ai_narrow_rule"]]}
    counted = pd.concat(
        {rule: rows.groupby([rows["date"].dt.year, "company"]).size() for rule, rows in chosen.items()},
        names=["rule", "year", "company"],
    )
    expected = _expected("acquisitions_by_year.csv").set_index(["rule", "year", "company"])["deals"]
    assert len(expected) == 120
    assert (counted.reindex(expected.index, fill_value=0) == expected).all()


def test_the_narrow_rule_lies_within_the_broad_one() -> None:
    deals = catalog.load("markets/acquisitions")
    assert not (deals["ai_narrow_rule"] & ~deals["ai_broad_rule"]).any()
    assert 0 < deals["ai_narrow_rule"].sum() < deals["ai_broad_rule"].sum() < len(deals)


def test_deals_dated_to_the_month_or_year_stand_on_its_first_day() -> None:
    deals = catalog.load("markets/acquisitions")
    assert (deals.loc[deals["date_precision"] != "day", "date"].dt.day == 1).all()
    assert (deals.loc[deals["date_precision"] == "year", "date"].dt.month == 1).all()


# Indexes and policy ---------------------------------------------------------------------------------------------------


def test_calendar_year_returns_are_the_published_ones(closes: pd.DataFrame) -> None:
    december = closes["S&P 500"][closes.index.month == 12]
    returns = 100 * december.pct_change()
    for year, published in PUBLISHED_RETURNS.items():
        assert returns[f"{year}-12"] == pytest.approx(published, abs=0.01), year


def test_only_the_last_month_of_the_indexes_is_incomplete(closes: pd.DataFrame) -> None:
    table = catalog.load("markets/stock_index_month_end")
    assert set(table.loc[~table["month_complete"], "date"]) == {pd.Timestamp("2026-04-14")}
    for name in closes:
        held = closes[name].dropna()
        assert len(held) == (held.index[-1] - held.index[0]).n + 1, name  # no month is missing


def test_the_monthly_average_lies_near_the_two_month_ends_around_it(closes: pd.DataFrame) -> None:
    """The daily closes of the index are not carried: the mean of the two month ends stands in for their mean."""
    shiller = catalog.load("markets/sp500_valuation_monthly")
    average = shiller.set_index(shiller["date"].dt.to_period("M"))["sp500_monthly_average"]
    middle = closes["S&P 500"].rolling(2).mean()
    gap = (average / middle - 1).dropna().abs()
    assert len(gap) == 867
    assert gap.median() < 0.008
    assert gap.idxmax() == pd.Period("2008-10", "M")
    assert gap.max() < 0.095
    assert gap.drop(pd.Period("2008-10", "M")).max() < 0.061


def test_real_price_and_the_cyclical_ratio_follow_from_their_parts() -> None:
    """CAPE = real price over the mean real earnings of the ten years before (Shiller, Irrational Exuberance)."""
    table = catalog.load("markets/sp500_valuation_monthly")
    base = (table["real_price"] * table["cpi_index"] / table["sp500_monthly_average"]).dropna()
    assert base.between(305.9, 306.4).all()
    ratio = table["real_price"] / table["real_earnings"].rolling(120).mean().shift(1)
    gap = (ratio / table["cape_ratio"] - 1).dropna().abs()
    assert len(gap) == 1711
    assert gap.max() < 0.001


def test_valuation_has_every_month_and_no_zeros() -> None:
    table = catalog.load("markets/sp500_valuation_monthly")
    assert (table["date"].dt.to_period("M").astype("int64").diff().dropna() == 1).all()
    assert not (table.select_dtypes("number") == 0).any(axis=None)
    assert table.loc[table["cape_ratio"].notna(), "date"].max() == pd.Timestamp("2023-09-01")


def test_policy_series_have_no_gap() -> None:
    table = catalog.load("markets/monetary_policy")
    assets = table.loc[table["series_id"] == "WALCL", "date"]
    assert (assets.dt.dayofweek == 2).all()
    assert (assets.diff().dropna() == np.timedelta64(7, "D")).all()
    rate = table.loc[table["series_id"] == "FEDFUNDS", "date"]
    assert (rate.dt.to_period("M").astype("int64").diff().dropna() == 1).all()
    assert (len(assets), len(rate)) == (1232, 865)
