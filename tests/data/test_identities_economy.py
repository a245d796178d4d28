"""Tables of the economy: identities that the published numbers obey, with the exceptions spelled out."""

import pandas as pd
import pytest

from amazon_labor import catalog

# Nominal GDP, billion USD, of another vintage: Bureau of Economic Analysis, annual table, copy of June 2025.
GDP_ANNUAL = {
    1947: 249.6, 1950: 299.8, 1955: 425.5, 1960: 542.4, 1965: 742.3, 1970: 1073.3, 1975: 1684.9, 1980: 2857.3,
    1985: 4339.0, 1990: 5963.1, 1995: 7639.7, 2000: 10251.0, 2005: 13039.2, 2010: 15049.0, 2015: 18295.0,
    2016: 18804.9, 2017: 19612.1, 2018: 20656.5, 2019: 21540.0, 2020: 21354.1, 2021: 23681.2, 2022: 26006.9,
    2023: 27720.7,
}  # fmt: skip
SHARES_OF_FISCAL_INCOME = "fiscal income excluding capital gains, tax units"


def by_year(table: str, columns: str, value: str, vintage: str | None = None) -> pd.DataFrame:
    """Years by the entries of one column."""
    return catalog.load(table, vintage=vintage).pivot(index="year", columns=columns, values=value)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    """National accounts of the vintage of 2022: years by account, million USD."""
    return by_year("economy/national_income_annual", "series", "value_musd", "2022-11")


@pytest.fixture(scope="module")
def later_accounts() -> pd.DataFrame:
    """National accounts of the vintage of 2026."""
    return by_year("economy/national_income_annual", "series", "value_musd", "2026-01")


@pytest.fixture(scope="module")
def pay() -> pd.DataFrame:
    """Productivity and pay: years by measure."""
    return by_year("economy/productivity_and_pay_annual", "measure", "value")


def test_quarters_of_gdp_average_to_the_year_of_another_vintage() -> None:
    """I25. Within 0.33 percent; the largest distance is 2023, before the later annual updates."""
    table = catalog.load("economy/gdp_and_profits_quarterly")
    gdp = table[table["series_id"] == "GDP"]
    mean = gdp.groupby(gdp["date"].dt.year)["value_busd_saar"].mean()
    distance = (pd.Series(GDP_ANNUAL) / mean[list(GDP_ANNUAL)] - 1).abs() * 100
    assert distance.max() <= 0.33
    assert distance.idxmax() == 2023
    assert distance[distance.index < 1980].max() < 0.05


def test_no_quarter_of_gdp_or_profits_is_missing() -> None:
    """GDP to the third quarter of 2025, profits to the third quarter of 2024."""
    table = catalog.load("economy/gdp_and_profits_quarterly")
    for series_id, last in (("GDP", "2025-07-01"), ("CP", "2024-07-01")):
        dates = table.loc[table["series_id"] == series_id, "date"].tolist()
        assert dates == pd.date_range("1947-01-01", last, freq="QS").tolist()


def test_pay_and_productivity_are_deflated_by_one_index(pay: pd.DataFrame) -> None:
    """So that no part of the gap between the two is a gap between deflators."""
    of_pay = pay["comp_private_nominal"] / pay["comp_private_real"]
    of_productivity = pay["productivity_nominal"] / pay["productivity_real"]
    assert (of_pay / of_productivity - 1).abs().max() < 1e-6
    assert of_pay.iloc[-1] / of_pay.iloc[0] > 5  # prices did rise, so the test is no tautology


def test_pay_and_productivity_start_at_100_and_productivity_leads_after_1979(pay: pd.DataFrame) -> None:
    """I26."""
    indexes = pay[["productivity_real_index_1948", "comp_private_real_index_1948"]]
    assert indexes.loc[1948].tolist() == [100, 100]
    assert (indexes["productivity_real_index_1948"] >= indexes["comp_private_real_index_1948"])[1979:].all()


@pytest.mark.parametrize("real", ["productivity_real", "comp_private_real"])
def test_index_is_the_real_series_over_its_value_in_1948(pay: pd.DataFrame, real: str) -> None:
    """I26. Six printed decimals."""
    assert (pay[real] / pay.loc[1948, real] * 100 - pay[f"{real}_index_1948"]).abs().max() < 1e-4


def test_compensation_is_the_wage_times_the_ratio(pay: pd.DataFrame) -> None:
    """Six printed decimals."""
    product = pay["bls_prod_wage_nominal"] * pay["comp_wage_ratio"]
    assert (product / pay["comp_private_nominal"] - 1).abs().max() < 1e-6


def test_real_and_nominal_series_meet_in_2024_the_year_of_the_prices(pay: pd.DataFrame) -> None:
    """The unit of the real series, dollars of 2024, was read off this."""
    for measure in ("productivity", "comp_private"):
        assert pay.loc[2024, f"{measure}_real"] == pay.loc[2024, f"{measure}_nominal"]
        assert (pay.loc[:2023, f"{measure}_real"] > pay.loc[:2023, f"{measure}_nominal"]).all()


def test_wage_percentiles_rise_with_rank_in_every_year() -> None:
    """I27."""
    wages = by_year("economy/wage_percentiles_annual", "percentile", "nominal_wage_usd_per_hour")
    assert wages.shape == (53, 9)
    assert wages.notna().all(axis=None)
    assert (wages.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


def test_a_smaller_top_group_has_a_smaller_share() -> None:
    """I27. Top 0.01 < 0.1 < 1 < 10 percent of tax units."""
    table = catalog.load("economy/inequality_annual")
    fiscal = table[table["concept"] == SHARES_OF_FISCAL_INCOME].pivot(
        index="year", columns="group", values="value_percent"
    )
    ordered = fiscal[["top 0.01%", "top 0.1%", "top 1%", "top 10%"]].dropna()
    assert len(ordered) == 97
    assert (ordered.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


def test_top_ten_percent_as_charted_in_2016_is_the_fiscal_series() -> None:
    """I27. Within 0.31 point (2013, the last common year): another date of the same series."""
    table = catalog.load("economy/inequality_annual")
    top = table[table["group"] == "top 10%"].pivot(index="year", columns="concept", values="value_percent").dropna()
    distance = (top[SHARES_OF_FISCAL_INCOME] - top["fiscal income, tax units, as charted by EPI in 2016"]).abs()
    assert len(distance) == 97
    assert distance.max() <= 0.31 + 1e-9
    assert distance.idxmax() == 2013


def test_simplest_labour_share_is_compensation_over_gnp(accounts: pd.DataFrame) -> None:
    """I28. LS0 of Koh, Santaeulalia-Llopis and Zheng, within a millionth."""
    shares = by_year("economy/labor_share_annual", "measure", "value_percent")
    distance = shares["LS0"] / 100 - accounts["compensation_of_employees"] / accounts["gnp"]
    assert distance.dropna().size == 93
    assert distance.abs().max() < 1e-6


def test_every_labour_share_lies_between_40_and_85_percent() -> None:
    """Fourteen definitions of one thing: a slip of a decimal point would show."""
    shares = catalog.load("economy/labor_share_annual", vintage="all")
    assert shares["measure"].nunique() == 14
    assert shares["value_percent"].between(40, 85).all()


def test_wages_are_part_of_compensation_and_compensation_of_the_product(later_accounts: pd.DataFrame) -> None:
    """I28."""
    wages, compensation = later_accounts["wages_and_salaries"], later_accounts["compensation_of_employees"]
    assert (wages <= compensation).all()
    assert (compensation < later_accounts["net_domestic_product"]).all()


def test_two_vintages_of_compensation_agree_within_016_percent(
    accounts: pd.DataFrame, later_accounts: pd.DataFrame
) -> None:
    """I28."""
    ratio = (accounts["compensation_of_employees"] / later_accounts["compensation_of_employees"]).dropna()
    assert len(ratio) == 93
    assert (ratio - 1).abs().max() * 100 < 0.16


def test_corporate_sector_is_part_of_the_economy(accounts: pd.DataFrame) -> None:
    """Value added, compensation and depreciation of corporations against all."""
    assert (accounts["corporate_gva"] < accounts["gnp"]).all()
    assert (accounts["corporate_compensation"] < accounts["compensation_of_employees"]).all()
    assert (accounts["corporate_cfc"] < accounts["consumption_fixed_capital"]).all()


def test_gross_national_product_and_gdp_of_another_vintage_are_close(accounts: pd.DataFrame) -> None:
    """Net income from abroad is below two percent of the product in every year."""
    table = catalog.load("economy/gdp_and_profits_quarterly")
    gdp = table[table["series_id"] == "GDP"]
    mean = gdp.groupby(gdp["date"].dt.year)["value_busd_saar"].mean() * 1000
    ratio = (accounts["gnp"] / mean).dropna()
    assert len(ratio) == 75
    assert (ratio - 1).abs().max() < 0.02


def test_two_versions_of_the_penn_world_table_part_by_up_to_a_point() -> None:
    """X28. Five common years; 60.4 against 59.4 percent in 2014: never splice."""
    shares = catalog.load("economy/labor_share_annual", vintage="all")
    versions = (
        shares[shares["measure"] == "PWT_labsh"].pivot(index="year", columns="vintage", values="value_percent").dropna()
    )
    distance = versions["Penn World Table 9.0"] - versions["Penn World Table 10.0"]
    assert distance.index.tolist() == [2010, 2011, 2012, 2013, 2014]
    assert distance.between(0.65, 0.95).all()
    assert versions.loc[2014].round(1).to_dict() == {"Penn World Table 10.0": 59.4, "Penn World Table 9.0": 60.4}


def test_default_labour_shares_leave_the_old_penn_world_table_out() -> None:
    """Canonical vintages: one value per year and definition."""
    shares = catalog.load("economy/labor_share_annual")
    assert not shares.duplicated(["year", "measure"]).any()
    assert "Penn World Table 9.0" not in set(shares["vintage"])


def test_chartbook_gini_lies_one_to_three_points_below_the_census_gini_of_households() -> None:
    """X28. Two concepts of one distribution, 1970-2001 (0.95 to 2.95 points)."""
    census = catalog.load("economy/income_dispersion_census", vintage="all")
    households = census[(census["population"] == "households, money income") & (census["measure"] == "gini")]
    table = catalog.load("economy/inequality_annual")
    chartbook = table[table["concept"].str.contains("Chartbook")].set_index("year")["value_percent"]
    distance = (households.set_index("year")["value"] * 100 - chartbook).dropna()
    assert len(distance) == 32
    assert distance.between(0.94, 2.96).all()


def test_every_census_gini_jumps_in_1993() -> None:
    """The break of the survey: 0.020 to 0.034 in one year, more than any other change of the series."""
    census = catalog.load("economy/income_dispersion_census", vintage="all")
    gini = census[census["measure"] == "gini"].pivot(index="year", columns="population", values="value")
    jump = gini.diff().loc[1993]
    assert len(jump) == 5
    assert jump.between(0.0199, 0.0341).all()
    for population in gini:
        # Consecutive years only: the household series has a gap from 2002 to 2020.
        steps = gini[population].diff().abs().dropna()
        assert steps.idxmax() == 1993, population


def test_household_gini_of_the_census_has_its_documented_gap() -> None:
    """1970-2001 and 2021-2023; the published 0.488 and 0.485, not the rejected 0.494 and 0.490."""
    census = catalog.load("economy/income_dispersion_census", vintage="all")
    rows = (census["population"] == "households, money income") & (census["measure"] == "gini")
    households = census[rows].set_index("year")["value"]
    assert households.index.tolist() == [*range(1970, 2002), 2021, 2022, 2023]
    assert households[[2022, 2023]].tolist() == [0.488, 0.485]


@pytest.mark.parametrize(("quarter", "share"), [("2020-10-01", 14.0), ("2021-10-01", 12.9), ("2022-04-01", 14.5)])
def test_share_of_ecommerce_as_first_published_is_sales_over_retail(quarter: str, share: float) -> None:
    """X24. As the three releases print it."""
    first = catalog.load("economy/ecommerce_quarterly", vintage="first release").set_index("date").loc[quarter]
    assert round(first["sales_musd"] / first["total_retail_musd"] * 100, 1) == share


@pytest.mark.parametrize(
    ("quarter", "then", "now"), [("2020-10-01", 206.7, 220.6), ("2021-10-01", 218.5, 243.8), ("2015-07-01", 87.5, 85.8)]
)
def test_ecommerce_was_rebenchmarked(quarter: str, then: float, now: float) -> None:
    """X24. Billion USD as first published and in the revised series."""
    table = catalog.load("economy/ecommerce_quarterly", vintage="all")
    sales = table[table["date"] == quarter].set_index("vintage")["sales_musd"] / 1000
    assert sales["first release"] == then
    assert round(sales["2025"], 1) == now


def test_revised_ecommerce_is_the_default_and_has_every_quarter() -> None:
    """1999Q4 to 2024Q4; first releases only when asked for."""
    revised = catalog.load("economy/ecommerce_quarterly")
    assert revised["vintage"].unique().tolist() == ["2025"]
    assert revised["date"].tolist() == pd.date_range("1999-10-01", "2024-10-01", freq="QS").tolist()


def test_recessions_are_those_the_business_cycle_committee_dates() -> None:
    """NBER: 12 contractions with a peak after 1945, the last February to April 2020; no month is missing."""
    in_recession = catalog.load("economy/recessions_monthly").set_index("date")["in_recession"]
    assert in_recession.index.equals(pd.date_range("1854-12-01", "2026-03-01", freq="MS", name="date"))
    starts = in_recession & ~in_recession.shift(fill_value=False)
    assert starts["1945-12":].sum() == 12
    months = in_recession.index[in_recession]
    assert months[months >= "2010"].strftime("%Y-%m").tolist() == ["2020-03", "2020-04"]
    great = months[(months >= "2007") & (months < "2010")]
    assert (great[0], great[-1]) == (pd.Timestamp("2008-01-01"), pd.Timestamp("2009-06-01"))


def test_no_labour_share_jumps_by_more_than_six_points_in_a_year() -> None:
    """Largest: the corporate share of 1934. From 1948 on no definition moves by three points."""
    shares = catalog.load("economy/labor_share_annual").pivot(index="year", columns="measure", values="value_percent")
    steps = shares.diff().abs()
    assert steps.max(axis=None) < 6
    assert steps.loc[1948:].max(axis=None) < 3


def test_no_measure_of_dispersion_moves_by_more_than_a_sixth_in_a_year() -> None:
    """Consecutive years; the largest step is the Theil index in the break of 1993 (16.1 percent)."""
    census = catalog.load("economy/income_dispersion_census", vintage="all").sort_values("year")
    largest = {}
    for (population, measure), group in census.groupby(["population", "measure"]):
        values = group.set_index("year")["value"]
        steps = (values.diff() / values).abs()[values.index.to_series().diff() == 1]
        largest[population, measure, steps.idxmax()] = steps.max()
    assert max(largest.values()) < 0.165
    assert max(largest, key=largest.__getitem__) == ("households, money income", "theil", 1993)
