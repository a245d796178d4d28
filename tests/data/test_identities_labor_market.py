"""Sums and cross-checks that the tables of data/labor_market must keep, with the documented exceptions written out.

``expected/jolts_superseded_vintages.csv`` holds the older vintages of two series of the job openings and labour
turnover survey: the table carries the latest vintage of each month only.
"""

from pathlib import Path

import pandas as pd
import pytest

from amazon_labor import catalog

EXPECTED = Path(__file__).parent / "expected"
PRIVATE_INDUSTRIES = [
    "Mining and logging",
    "Construction",
    "Manufacturing",
    "Trade, transportation, and utilities",
    "Information",
    "Financial activities",
    "Professional and business services",
    "Education and health services",
    "Leisure and hospitality",
    "Other services",
]
TRADE_PARTS = ["Wholesale trade", "Retail trade", "Transportation, warehousing, and utilities"]
FINANCE_PARTS = ["Finance and insurance", "Real estate and rental and leasing"]
LOGISTICS = {"CEU4349200001": "492", "CEU4349300001": "493"}


@pytest.fixture(scope="module")
def sectors() -> pd.DataFrame:
    table = catalog.load("labor_market/employment_by_sector_monthly")
    return table.pivot(index="date", columns="series_id", values="employees_thousands")


@pytest.fixture(scope="module")
def jolts() -> pd.DataFrame:
    return catalog.load("labor_market/jolts_monthly")


@pytest.fixture(scope="module")
def published_levels() -> pd.DataFrame:
    """Levels in thousand by flow, adjustment and month, one column for each industry."""
    table = catalog.load("labor_market/jolts_industry_published").query("measure == 'level_thousands'")
    return table.pivot(index=["element", "seasonal_adjustment", "period"], columns="industry", values="value")


@pytest.fixture(scope="module")
def status() -> pd.DataFrame:
    return catalog.load("labor_market/employment_status_annual")


@pytest.fixture(scope="module")
def logistics() -> pd.DataFrame:
    return catalog.load("labor_market/logistics_employment_monthly")


@pytest.fixture(scope="module")
def annual() -> pd.DataFrame:
    return catalog.load("labor_market/logistics_employment_annual")


def _months_missing(dates: pd.Series) -> list[str]:
    every = pd.period_range(dates.min(), dates.max(), freq="M")
    return [str(month) for month in every.difference(pd.PeriodIndex(dates, freq="M"))]


# Employment by sector -------------------------------------------------------------------------------------------------


def test_goods_and_services_add_to_total_nonfarm_of_the_same_vintage(sectors: pd.DataFrame) -> None:
    both = sectors[["USGOOD", "SRVPRD", "PAYEMS_FREDMD_2025_09"]].dropna()
    assert len(both) == 800
    assert (both["USGOOD"] + both["SRVPRD"] == both["PAYEMS_FREDMD_2025_09"]).all()


def test_vintages_of_total_nonfarm_differ_too_much_to_be_divided_by_each_other(sectors: pd.DataFrame) -> None:
    gap = (sectors["PAYEMS_FREDMD_2025_09"] - sectors["PAYEMS"]).dropna()
    assert gap.max() == 1068
    assert gap.idxmax().year == 2025


def test_retail_and_wholesale_are_part_of_trade_transport_and_utilities(sectors: pd.DataFrame) -> None:
    parts = (sectors["USTRADE"] + sectors["USWTRADE"]).dropna()
    assert len(parts) == 800
    assert (parts <= sectors.loc[parts.index, "USTPU"]).all()


@pytest.mark.parametrize(
    "table", ["employment_by_sector_monthly", "logistics_employment_monthly", "unemployment_rate_monthly"]
)
def test_the_descriptor_describes_every_series_of_the_rows(table: str) -> None:
    """The names of the series stand in the descriptor, not in the rows: none may lack there."""
    described = catalog.describe(f"labor_market/{table}")
    rows = catalog.load(f"labor_market/{table}")
    series = {entry["series_id"]: entry for entry in described["series"]}
    field = next(field for field in described["schema"]["fields"] if field["name"] == "series_id")
    assert set(series) == set(rows["series_id"]) == {entry["value"] for entry in field["categories"]}
    spans = rows.groupby("series_id")["date"].agg(["min", "max"])
    for name, entry in series.items():
        assert f"{spans.loc[name, 'min']:%Y-%m-%d}" == entry["first"]
        assert f"{spans.loc[name, 'max']:%Y-%m-%d}" == entry["last"]
        assert entry["unit"] in {"thousand", "USD per hour", "percent"}


# Logistics ------------------------------------------------------------------------------------------------------------


def test_mean_of_twelve_months_is_the_annual_average_2020_to_2024(
    logistics: pd.DataFrame, annual: pd.DataFrame
) -> None:
    gap = _annual_gap(logistics, annual, "2025-05")
    assert sorted(gap.index.get_level_values("year").unique()) == list(range(2020, 2025))
    assert len(gap) == 10
    assert gap.abs().max() <= 0.0501


def test_the_older_vintage_agrees_to_2017_and_was_revised_for_2018(
    logistics: pd.DataFrame, annual: pd.DataFrame
) -> None:
    """Benchmarks of 2019 on moved couriers of 2018 by 14 thousand and warehousing by 0.8."""
    gap = _annual_gap(logistics, annual, "2019-10-04")
    assert len(gap) == 2 * 29
    assert gap[gap.index.get_level_values("year") <= 2017].abs().max() <= 0.0501
    assert gap["CEU4349200001", 2018] == pytest.approx(-14.15, abs=0.01)
    assert gap["CEU4349300001", 2018] == pytest.approx(0.75, abs=0.01)


def _annual_gap(logistics: pd.DataFrame, annual: pd.DataFrame, vintage: str) -> pd.Series:
    rows = logistics[(logistics["vintage"] == vintage) & logistics["series_id"].isin(LOGISTICS)]
    years = rows["date"].dt.year.rename("year")
    means = rows.groupby(["series_id", years])["value"].agg(["mean", "size"])
    means = means[means["size"] == 12]["mean"]
    yearly = annual.set_index(["employment_series_id", "year"])["employees_thousands"]
    return means - yearly.loc[means.index].to_numpy()


def test_mean_hourly_earnings_of_the_months_are_near_the_annual_average(
    logistics: pd.DataFrame, annual: pd.DataFrame
) -> None:
    """The agency weights the annual mean by hours, so up to 5 cents may lie between them."""
    rows = logistics[logistics["series_id"].isin(["CEU4349200003", "CEU4349300003"])]
    means = rows.groupby(["series_id", rows["date"].dt.year.rename("year")])["value"].agg(["mean", "size"])
    means = means[means["size"] == 12]["mean"]
    yearly = annual.dropna(subset=["earnings_series_id"]).set_index(["earnings_series_id", "year"])
    gap = means - yearly.loc[means.index, "avg_hourly_earnings_all_usd"].to_numpy()
    assert len(gap) == 10
    assert gap.abs().max() < 0.05


def test_vintages_overlap_in_six_months_and_differ_by_8_to_62_thousand(logistics: pd.DataFrame) -> None:
    both = logistics.pivot(index=["series_id", "date"], columns="vintage", values="value").dropna()
    step = both["2025-05"] - both["2019-10-04"]
    assert both.groupby("series_id").size().to_dict() == {"CEU4349200001": 6, "CEU4349300001": 6}
    assert step["CEU4349200001"].between(47, 62.3).all()
    assert step["CEU4349300001"].between(8, 62.2).all()


def test_warehousing_and_couriers_are_a_part_of_total_private(annual: pd.DataFrame) -> None:
    grid = annual.pivot(index="year", columns="industry", values="employees_thousands")
    assert (grid["Couriers and messengers"] + grid["Warehousing and storage"] < grid["Total private"]).all()
    assert (grid["Total private"] < grid["Total nonfarm"]).all()
    assert list(grid.index) == list(range(1990, 2025))


# Job openings and labour turnover -------------------------------------------------------------------------------------


def test_vintages_of_the_quits_rate_differ_by_a_tenth_and_of_layoffs_by_a_ninth(jolts: pd.DataFrame) -> None:
    older = pd.read_csv(EXPECTED / "jolts_superseded_vintages.csv", parse_dates=["date"])
    total = jolts[jolts["industry"] == "Total nonfarm"]
    both = older.merge(total, on=["date", "element", "measure"], suffixes=("_older", ""))
    assert len(both) == len(older) == 546
    assert (both["vintage_older"] < both["vintage"]).all()  # the table holds the later one
    quits = both[both["element"] == "quits"]
    assert (quits["value_older"] - quits["value"]).abs().max() <= 0.1 + 1e-9
    layoffs = both[both["element"] == "layoffs and discharges"]
    apart = layoffs[["value_older", "value"]].max(axis=1) / layoffs[["value_older", "value"]].min(axis=1) - 1
    assert 0.10 < apart.max() < 0.11


@pytest.mark.parametrize("element", ["hires", "quits", "layoffs and discharges", "total separations"])
def test_rates_are_levels_over_nonfarm_employment(jolts: pd.DataFrame, sectors: pd.DataFrame, element: str) -> None:
    """The survey divides by payroll employment, so an independent table must give the rate within 0.1 point."""
    rows = jolts[(jolts["industry"] == "Total nonfarm") & (jolts["element"] == element)]
    grid = rows.pivot(index="date", columns="measure", values="value").dropna()
    implied = 100 * grid["level_thousands"] / sectors.loc[grid.index, "PAYEMS"]
    assert len(grid) >= 100
    assert (implied - grid["rate_percent"]).abs().max() < 0.15


def test_hires_of_the_release_table_equal_the_monthly_series_but_for_preliminary_april_2026(
    jolts: pd.DataFrame,
) -> None:
    rates = jolts[jolts["measure"] == "rate_percent"].assign(period=lambda rows: rows["date"].dt.strftime("%Y-%m"))
    table = catalog.load("labor_market/jolts_industry_published").query("element == 'hires'")
    both = table.merge(rates, on=["period", "industry", "element", "measure"], suffixes=("", "_monthly"))
    assert len(both) == 20
    differ = both[both["value"] != both["value_monthly"]]
    assert set(differ["period"]) == {"2026-04"}
    assert set(differ["status"]) == {"preliminary"}
    assert (differ["value_monthly"] - differ["value"]).max() < 0.21


def test_monthly_series_have_no_gap(jolts: pd.DataFrame) -> None:
    for key, rows in jolts.groupby(["industry", "element", "measure"]):
        assert _months_missing(rows["date"]) == [], key


@pytest.mark.parametrize(
    ("total", "parts", "months"),
    [
        ("Manufacturing", ["Durable goods", "Nondurable goods"], 11),
        ("Trade, transportation, and utilities", TRADE_PARTS, 22),
        ("Financial activities", FINANCE_PARTS, 11),
        ("Total private", PRIVATE_INDUSTRIES, 6),
        ("Total nonfarm", ["Total private", "Government"], 11),
        ("Government", ["Federal", "State and local"], 3),
    ],
)
def test_industries_of_the_release_tables_add_up(
    published_levels: pd.DataFrame, total: str, parts: list[str], months: int
) -> None:
    gap = (published_levels[parts].sum(axis=1, skipna=False) - published_levels[total]).dropna()
    assert len(gap) == months
    assert gap.abs().max() <= 1


def test_transport_and_warehousing_is_known_by_month_only_in_the_listed_months() -> None:
    table = catalog.load("labor_market/jolts_industry_published")
    rows = table.query("industry == 'Transportation, warehousing, and utilities' and measure == 'rate_percent'")
    found = {key: list(group["period"]) for key, group in rows.groupby(["element", "seasonal_adjustment"])}
    assert found[("total separations", "NSA")] == ["2022-01", "2022-12", "2023-01"]
    assert found[("quits", "SA")] == ["2023-04", "2024-01", "2024-02", "2024-03", "2024-04"]
    assert len(found[("quits", "NSA")]) == 9
    separations = rows.query("element == 'total separations'").set_index("period")["value"]
    assert separations.to_dict() == {"2022-01": 6.7, "2022-12": 5.2, "2023-01": 9.2}


# Unemployment and employment status -----------------------------------------------------------------------------------


def test_employed_and_unemployed_add_to_the_labour_force(status: pd.DataFrame) -> None:
    gap = status["employed_thousands"] + status["unemployed_thousands"] - status["labor_force_thousands"]
    assert gap.abs().max() <= 5
    outside = status["labor_force_thousands"] + status["not_in_labor_force_thousands"] - status["population_thousands"]
    assert outside.abs().max() <= 2


def test_unemployment_rate_is_the_ratio_of_its_counts(status: pd.DataFrame) -> None:
    ratio = 100 * status["unemployed_thousands"] / status["labor_force_thousands"]
    assert (ratio - status["unemployment_rate_percent"]).abs().max() <= 0.05


def test_mean_of_months_is_the_annual_unemployment_rate(status: pd.DataFrame) -> None:
    """Seasonal factors were revised since: 0.15 point in 1949 is the largest gap."""
    months = catalog.load("labor_market/unemployment_rate_monthly").query("series_id == 'UNRATE'")
    means = months.groupby(months["date"].dt.year)["rate_percent"].agg(["mean", "size"])
    means = means[means["size"] == 12]["mean"]
    annual = status[status["age_base"] == "16 and over"].set_index("year")["unemployment_rate_percent"]
    gap = (means - annual).dropna().abs()
    assert list(gap.index) == list(range(1948, 2025))
    assert gap.idxmax() == 1949
    assert gap.max() <= 0.15 + 1e-9
    assert gap.drop(1949).max() < 0.1


def test_1947_stands_once_on_each_age_base(status: pd.DataFrame) -> None:
    twice = status[status["year"].duplicated(keep=False)]
    assert set(twice["year"]) == {1947}
    base = twice.set_index("age_base")["population_thousands"]
    assert base["14 and over"] - base["16 and over"] == pytest.approx(4191)


def test_october_2025_is_the_only_month_without_unemployment_rates() -> None:
    table = catalog.load("labor_market/unemployment_rate_monthly")
    gaps = {series: _months_missing(rows["date"]) for series, rows in table.groupby("series_id")}
    assert gaps == {
        "UNRATE": ["2025-10"],
        "U6RATE": ["2025-10"],
        "LNS14000012": [],
        "LNS14000036": [],
        "LNS14024887": [],
    }


def test_march_2022_was_3_6_when_published_and_is_3_7_in_the_later_vintage() -> None:
    first = catalog.load("labor_market/employment_situation_first_release")
    later = catalog.load("labor_market/unemployment_rate_monthly").query("series_id == 'UNRATE'")
    march = pd.Timestamp("2022-03-01")
    printed = first[(first["reference_month"] == march) & (first["measure"] == "unemployment rate")]
    assert list(printed["value"]) == [3.6]
    assert list(later.loc[later["date"] == march, "rate_percent"]) == [3.7]


def test_first_published_change_links_the_two_levels_of_spring_2022() -> None:
    table = catalog.load("labor_market/employment_situation_first_release")
    may = table[table["release_date"] == pd.Timestamp("2022-05-06")]
    printed = may.set_index(["measure", "reference_month"])["value"].sort_index()
    level, march_1, april_1 = "nonfarm payroll employment", pd.Timestamp("2022-03-01"), pd.Timestamp("2022-04-01")
    march, april = printed[level, march_1], printed[level, april_1]
    change = printed[f"change of {level}", april_1]
    assert (march, change, april) == (150_886, 428, 151_314)
    assert march + change == april


def test_a_value_is_released_after_its_month() -> None:
    table = catalog.load("labor_market/employment_situation_first_release")
    assert (table["release_date"] > table["reference_month"] + pd.offsets.MonthEnd(0)).all()


# Tenure and wages -----------------------------------------------------------------------------------------------------


def test_tenure_keeps_the_two_publishers_on_their_own_ages() -> None:
    table = catalog.load("labor_market/job_tenure")
    medians = table[table["measure"].str.startswith("median") & (table["industry"] == "all")]
    ages = medians.groupby("publisher")["age"].unique().map(set)
    assert "16 and over" in ages["BLS"]
    assert "16 and over" not in ages["EBRI from CPS"]
    derived = table[table["note"].fillna("").str.startswith("derived")]
    assert list(zip(derived["year"], derived["sex"], derived["value"], strict=True)) == [(1983, "men", 4.1)]


def test_tenure_of_all_lies_between_that_of_men_and_women() -> None:
    table = catalog.load("labor_market/job_tenure")
    rows = table[(table["measure"].str.startswith("median")) & (table["population"] == "wage and salary workers")]
    rows = rows[(rows["industry"] == "all") & (rows["unit"] == "years")]
    grid = rows.pivot(index=["publisher", "age", "year"], columns="sex", values="value").dropna()
    assert len(grid) >= 8
    assert (grid["all"] <= grid[["men", "women"]].max(axis=1)).all()
    assert (grid["all"] >= grid[["men", "women"]].min(axis=1)).all()


def test_new_york_minimum_is_never_below_the_federal_one() -> None:
    wages = catalog.load("labor_market/minimum_and_living_wages").sort_values("effective_date")
    federal = wages[wages["measure"] == "federal minimum wage"][["effective_date", "usd_per_hour"]]
    state = wages[wages["measure"] == "state minimum wage"]
    both = pd.merge_asof(state, federal, on="effective_date", suffixes=("", "_federal"))
    assert len(both) == 17
    assert (both["usd_per_hour"] >= both["usd_per_hour_federal"]).all()


def test_the_amazon_floor_is_never_below_the_federal_minimum() -> None:
    wages = catalog.load("labor_market/minimum_and_living_wages").sort_values("effective_date")
    federal = wages[wages["measure"] == "federal minimum wage"][["effective_date", "usd_per_hour"]]
    floors = catalog.load("amazon/wage_floors").query("employer == 'Amazon'").sort_values("effective_date")
    both = pd.merge_asof(floors, federal, on="effective_date", suffixes=("", "_federal"))
    assert len(both) >= 10
    assert (both["usd_per_hour"] >= both["usd_per_hour_federal"]).all()


def test_minimum_wages_only_rise() -> None:
    wages = catalog.load("labor_market/minimum_and_living_wages").query("measure != 'living wage'")
    for key, rows in wages.groupby(["measure", "jurisdiction", "class_or_household"]):
        assert rows.sort_values("effective_date")["usd_per_hour"].is_monotonic_increasing, key
