"""Sums and cross-checks that the tables of data/amazon must keep, with the documented exceptions written out.

Tolerances are those met when the tables were compiled: amounts are printed in whole millions, so a sum of rounded parts
may differ by one.
"""

import pandas as pd
import pytest

from amazon_labor import catalog

PARTS = ["cost_of_sales_musd", "fulfillment_musd", "technology_content_musd", "marketing_musd", "general_admin_musd"]
TAX = [
    f"{place}_{kind}_musd" for place in ("us_federal", "us_state", "international") for kind in ("current", "deferred")
]
OTHER = [
    "marketable_equity_securities_gain_musd",
    "equity_warrant_gain_musd",
    "available_for_sale_debt_reclassification_musd",
    "upward_adjustments_private_equity_musd",
    "foreign_currency_gain_musd",
    "other_net_musd",
]
CURRENT = "current_including_stock_compensation"


@pytest.fixture(scope="module")
def annual() -> pd.DataFrame:
    return catalog.load("amazon/annual_results").set_index("fiscal_year")


@pytest.fixture(scope="module")
def quarterly() -> pd.DataFrame:
    return catalog.load("amazon/quarterly_results")


@pytest.fixture(scope="module")
def segments() -> pd.DataFrame:
    return catalog.load("amazon/segments")


def test_product_and_service_sales_add_to_net_sales(annual: pd.DataFrame) -> None:
    both = annual.dropna(subset=["product_sales_musd", "service_sales_musd"])
    assert list(both.index) == [2009, 2010, 2011, *range(2013, 2026)]  # the split of 2012 was not found
    assert (both["product_sales_musd"] + both["service_sales_musd"] == both["net_sales_musd"]).all()


def test_sales_less_costs_are_operating_income_from_2004(annual: pd.DataFrame) -> None:
    years = annual.loc[2004:].drop([2007, 2012])
    gap = years["net_sales_musd"] - years[PARTS].sum(axis=1, skipna=False) - years["other_operating_expense_musd"]
    assert (gap - years["operating_income_musd"]).abs().max() <= 1


def test_in_2007_and_2012_the_combined_columns_close_the_sum(annual: pd.DataFrame) -> None:
    years = annual.loc[[2007, 2012]]
    combined = [
        "cost_of_sales_musd",
        "technology_content_musd",
        "marketing_plus_ga_musd",
        "fulfillment_plus_other_musd",
    ]
    gap = years["net_sales_musd"] - years[combined].sum(axis=1, skipna=False) - years["operating_income_musd"]
    assert gap.abs().max() <= 1


def test_before_2004_the_lines_add_but_for_2001_to_2003(annual: pd.DataFrame) -> None:
    """Stock compensation, amortisation and restructuring stood apart in 2001 to 2003; the total of 1998 holds fulfilment."""
    years = annual.loc[1995:2003]
    costs = years[
        ["cost_of_sales_musd", "technology_content_musd", "marketing_musd", "general_admin_musd", "sga_total_musd"]
    ]
    fulfilment = years["fulfillment_musd"].fillna(0).where(years.index != 1998, 0)
    other = years["other_operating_expense_musd"].fillna(0)
    gap = years["net_sales_musd"] - costs.sum(axis=1) - fulfilment - other - years["operating_income_musd"]
    assert gap.drop([2001, 2002, 2003]).abs().max() <= 1
    assert gap[[2001, 2002, 2003]].min() > 90


def test_operating_income_leads_to_pretax_income(annual: pd.DataFrame) -> None:
    lines = ["operating_income_musd", "interest_income_musd", "interest_expense_musd", "other_income_net_musd"]
    full = annual.dropna(subset=[*lines, "pretax_income_musd"])
    assert list(full.index) == [
        2008,
        2009,
        2010,
        *range(2013, 2026),
    ]  # other or interest income of 2011 and 2012 not found
    assert (full[lines].sum(axis=1) == full["pretax_income_musd"]).all()


def test_pretax_income_less_tax_is_net_income(annual: pd.DataFrame) -> None:
    full = annual.loc[2008:]
    net = full["pretax_income_musd"] - full["income_tax_provision_musd"] + full["equity_method_net_musd"]
    assert (net == full["net_income_musd"]).all()


def test_tax_parts_add_to_the_provision_and_agree_with_the_income_statement(annual: pd.DataFrame) -> None:
    tax = catalog.load("amazon/income_tax").set_index("fiscal_year")
    assert list(tax.index) == list(range(2013, 2025))
    assert (tax[TAX].sum(axis=1) == tax["provision_total_musd"]).all()
    assert (tax["us_pretax_income_musd"] + tax["international_pretax_income_musd"] == tax["pretax_income_musd"]).all()
    statement = annual.loc[tax.index]
    assert (tax["provision_total_musd"] == statement["income_tax_provision_musd"]).all()
    assert (tax["pretax_income_musd"] == statement["pretax_income_musd"]).all()


def test_other_income_parts_add_to_the_line_of_the_income_statement(annual: pd.DataFrame) -> None:
    other = catalog.load("amazon/other_income").set_index("period")
    assert (other[OTHER].sum(axis=1) == other["other_income_total_musd"]).all()
    years = other[other.index.str.startswith("FY")]
    lines = annual.loc[years.index.str[2:].astype(int)]
    assert list(years["other_income_total_musd"]) == list(lines["other_income_net_musd"])
    rivian = years["of_which_rivian_gain_pretax_musd"].dropna()
    assert list(rivian) == list(annual["rivian_valuation_gain_pretax_musd"].dropna())


def test_other_income_of_four_quarters_is_the_year() -> None:
    other = catalog.load("amazon/other_income").set_index("period")["other_income_total_musd"]
    for year in (2022, 2023):  # the only years with all four quarters
        assert other[[f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)]].sum() == other[f"FY{year}"]


def test_the_rivian_part_has_the_sign_of_the_securities_gain_and_lies_near_it() -> None:
    other = catalog.load("amazon/other_income").set_index("period")
    rivian = other["of_which_rivian_gain_pretax_musd"].dropna()
    gain = other.loc[rivian.index, "marketable_equity_securities_gain_musd"]
    assert {"FY2021", "FY2022", "FY2023", "FY2024"} <= set(rivian.index)
    assert (rivian * gain > 0).all()
    assert (rivian - gain).abs().max() <= 1200


@pytest.mark.parametrize(
    ("column", "start"), [("net_sales_musd", 1998), ("net_income_musd", 1998), ("operating_income_musd", 2014)]
)
def test_four_quarters_add_to_the_year(annual: pd.DataFrame, quarterly: pd.DataFrame, column: str, start: int) -> None:
    grouped = quarterly.groupby("year")[column]
    sums = grouped.sum(min_count=4).loc[start:2025]
    assert not sums.isna().any()
    assert (sums - annual.loc[start:2025, column]).abs().max() <= 1


def test_quarters_follow_without_a_gap(quarterly: pd.DataFrame) -> None:
    ends = pd.PeriodIndex(quarterly["quarter_end"], freq="Q")
    assert list(ends) == list(pd.period_range("1997Q1", "2026Q1", freq="Q"))
    assert list(ends.year) == list(quarterly["year"])
    assert list(ends.quarter) == list(quarterly["quarter"])


@pytest.mark.parametrize("column", ["net_sales_musd", "operating_income_musd"])
def test_segments_on_the_current_basis_add_to_the_company_by_year(
    annual: pd.DataFrame, segments: pd.DataFrame, column: str
) -> None:
    rows = segments[(segments["basis"] == CURRENT) & segments["period"].str.startswith("FY")]
    sums = rows.groupby("period")[column].sum(min_count=3)
    assert list(sums.index) == [f"FY{year}" for year in range(2014, 2026)]
    assert list(sums) == list(annual.loc[2014:2025, column])


@pytest.mark.parametrize(("column", "first"), [("net_sales_musd", "2021Q1"), ("operating_income_musd", "2021Q3")])
def test_segments_add_to_the_company_by_quarter(
    quarterly: pd.DataFrame, segments: pd.DataFrame, column: str, first: str
) -> None:
    sums = segments[~segments["period"].str.startswith("FY")].groupby("period")[column].sum(min_count=3).dropna()
    company = quarterly.set_index(quarterly["year"].astype(str) + "Q" + quarterly["quarter"].astype(str))[column]
    assert sums.index[0] == first
    assert len(sums) == 20 - (first == "2021Q3") * 2
    assert (sums - company[sums.index]).abs().max() <= 1.5


def test_segment_income_on_the_old_basis_does_not_add_to_the_company(
    annual: pd.DataFrame, segments: pd.DataFrame
) -> None:
    """It leaves out stock compensation, so it exceeds operating income: the reason why it must not be mixed in."""
    old = segments[segments["basis"] != CURRENT].groupby("period")["operating_income_musd"].sum()
    assert list(old.index) == ["FY2013", "FY2014", "FY2015"]
    assert (old.to_numpy() - annual.loc[2013:2015, "operating_income_musd"].to_numpy()).min() > 1000


def test_categories_and_countries_each_add_to_net_sales(annual: pd.DataFrame, segments: pd.DataFrame) -> None:
    sales = catalog.load("amazon/net_sales_breakdown")
    sums = sales.groupby(["dimension", "fiscal_year"])["net_sales_musd"].sum()
    assert list(sums["category"].loc[2015:2024]) == list(annual.loc[2015:2024, "net_sales_musd"])
    assert list(sums["country"]) == list(annual.loc[2013:2024, "net_sales_musd"])
    assert set(sales.loc[sales["fiscal_year"] == 2025, "item"]) == {"advertising_services", "aws"}
    aws = sales[sales["item"] == "aws"].set_index("fiscal_year")["net_sales_musd"]
    rows = segments[(segments["segment"] == "AWS") & (segments["basis"] == CURRENT)].set_index("period")[
        "net_sales_musd"
    ]
    assert all(aws[year] == rows[f"FY{year}"] for year in aws.index)


def test_free_cash_flow_is_the_one_the_company_publishes(annual: pd.DataFrame) -> None:
    """Operating cash flow less net purchases; expected values: free cash flow in the releases of 2020 to 2024."""
    rows = annual.loc[2020:2024]
    published = [31020.0, -9069.0, -11569.0, 36813.0, 38219.0]
    restated = rows["operating_cash_flow_restated_musd"].fillna(rows["operating_cash_flow_musd"])
    assert list(restated - rows["capex_net_musd"]) == published
    gross = annual.loc[2015:2025]
    net = gross["capex_purchases_gross_musd"] - gross["capex_proceeds_incentives_musd"]
    assert (net == gross["capex_net_musd"]).all()


def test_earnings_per_share_are_income_over_shares(annual: pd.DataFrame) -> None:
    """Within the rounding of the share count to a million and of the earnings to a cent."""
    rows = annual.dropna(subset=["diluted_shares_millions"])
    shares = rows["diluted_shares_millions"].astype(float)
    gap = rows["net_income_musd"] / shares - rows["diluted_eps_as_reported_usd"]
    allowed = rows["diluted_eps_as_reported_usd"].abs() * 0.5 / shares + 0.005
    assert list(rows.index) == list(range(2013, 2026))
    assert (gap.abs() <= allowed).all()
    assert abs(gap[2021]) == pytest.approx(0.03, abs=0.005)


def test_chief_executive_pay_over_median_pay_is_the_published_ratio() -> None:
    pay = catalog.load("amazon/pay_ratio").dropna(
        subset=["ceo_pay_ratio_to_1", "median_employee_pay_usd", "ceo_total_pay_usd"]
    )
    pay = pay.set_index(["company", "fiscal_year"])
    ratio = (pay["ceo_total_pay_usd"] / pay["median_employee_pay_usd"]).astype(float)
    published = pay["ceo_pay_ratio_to_1"].astype(float)
    assert dict(published["Amazon"]) == {2017: 59, 2020: 58, 2021: 6474}
    doubtful = ("Facebook (Meta)", 2017)  # the press prints 32 to 1
    assert ratio[doubtful] == pytest.approx(36.6, abs=0.05)
    assert (ratio.drop(doubtful) - published.drop(doubtful)).abs().max() <= 0.5


def test_year_end_headcounts_agree_with_the_annual_results(annual: pd.DataFrame) -> None:
    heads = catalog.load("amazon/employer_headcounts")
    report = heads[(heads["employer"] == "Amazon") & heads["qualifier"].str.startswith("annual report")]
    report = report.set_index(report["as_of_date"].dt.year)["persons"]
    assert list(report.index) == list(range(2007, 2026))
    employees = annual["employees_year_end"].dropna()
    assert list(employees.index) == list(range(2009, 2026))
    assert (report[employees.index] == employees).all()


def test_worldwide_headcounts_are_not_below_those_of_the_united_states() -> None:
    heads = catalog.load("amazon/employer_headcounts")
    year = heads["as_of_date"].dt.year.rename("year")
    table = heads.groupby(["employer", year, "scope"])["persons"].agg(["min", "max"]).unstack("scope").dropna()
    assert {("Amazon", 2020), ("Amazon", 2021), ("Walmart", 2021), ("Walmart", 2022)} <= set(table.index)
    assert (table["max"]["worldwide"] >= table["min"]["United States"]).all()


def test_dates_of_a_month_or_year_are_first_days() -> None:
    for name, column in (
        ("amazon/employer_headcounts", "as_of_date"),
        ("amazon/timeline", "date"),
        ("amazon/wage_floors", "effective_date"),
    ):
        frame = catalog.load(name)
        month = frame.loc[frame["date_precision"].isin(["month", "quarter"]), column]
        year = frame.loc[frame["date_precision"] == "year", column]
        assert len(month) + len(year) > 0
        assert (month.dt.day == 1).all()
        assert ((year.dt.day == 1) & (year.dt.month == 1)).all()


def test_hires_exceed_the_change_of_headcount(annual: pd.DataFrame) -> None:
    """People who held a front-line job from March to September 2020, in the US alone, outnumber the growth of that year."""
    facts = catalog.load("amazon/workforce_facts").set_index("measure")["value"]
    held = facts["different people who held a US front-line job (Amazon and Whole Foods)"]
    growth = annual.loc[2020, "employees_year_end"] - annual.loc[2019, "employees_year_end"]
    assert held > growth > facts["net employees added worldwide"]


def test_seasonal_jobs_of_2018_are_half_of_2019() -> None:
    facts = catalog.load("amazon/workforce_facts")
    rows = facts[facts["topic"] == "seasonal_hiring"]
    jobs = rows.set_index(rows["period_start"].dt.year)["value"]
    assert list(jobs.index) == list(range(2012, 2026))
    assert 2 * jobs[2018] == jobs[2019]


def test_the_weekly_exit_rate_annualises_to_the_reported_turnover() -> None:
    """52 weeks at 3 percent are 156 percent; the reporters round to 150."""
    estimates = catalog.load("amazon/turnover_estimates")
    times = estimates[estimates["estimator"] == "New York Times"].set_index("measure")["value"]
    assert 52 * times["separations per week"] == 156
    assert times["annual turnover"] == 150


def test_turnover_measures_keep_their_units_and_the_net_income_row_is_gone() -> None:
    estimates = catalog.load("amazon/turnover_estimates")
    assert (estimates.groupby("measure")["unit"].nunique() <= 2).all()  # headcount or employment as the base
    assert "net income quoted for scale" not in set(estimates["measure"])
    assert len(estimates) == 16


def test_jfk8_cases_and_rate_imply_full_time_hours() -> None:
    """Rate = cases x 200,000 / hours (OSHA): 10.1 million hours of 2021 over 5,050 employees are about 2,006 each."""
    counts = catalog.load("amazon/injury_counts")
    site = counts[(counts["site"] == "JFK8") & (counts["year"] == 2021)].set_index("measure")["value"]
    rates = catalog.load("amazon/injury_rates")
    mine = rates["population"].str.startswith("JFK8") & (rates["period_start"].dt.year == 2021)
    (rate,) = rates.loc[mine, "rate_per_100_fte"]
    hours = site["recordable injuries"] * 200_000 / rate
    assert hours / 1e6 == pytest.approx(10.1, abs=0.05)
    assert hours / site["average annual employees"] == pytest.approx(2006, abs=1)


def test_us_cases_of_2021_imply_fewer_full_time_equivalents_than_employees() -> None:
    counts = catalog.load("amazon/injury_counts").set_index(["year", "population", "measure"])["value"]
    cases = counts[2021, "Amazon US facilities", "total recordable injuries"]
    equivalents = cases / 7.9 * 100
    assert equivalents / 1000 == pytest.approx(485, abs=0.5)
    assert equivalents < counts[2021, "Amazon facilities reporting to OSHA", "average annual employees"] == 566736


def test_serious_cases_are_not_more_than_all_recordable_cases() -> None:
    rates = catalog.load("amazon/injury_rates")
    chosen = rates[rates["measure"].isin(["serious cases (DART)", "total recordable cases"])]
    table = chosen.groupby(["population", "period_start", "measure"])["rate_per_100_fte"].max().unstack().dropna()
    assert len(table) >= 20
    assert (table["serious cases (DART)"] <= table["total recordable cases"]).all()


def test_a_rate_row_has_a_rate_and_a_ratio_row_a_ratio() -> None:
    rates = catalog.load("amazon/injury_rates")
    ratio = rates["measure"].str.startswith("ratio of ")
    assert ratio.sum() == 3
    assert (rates["robotic_to_other_ratio"].notna() == ratio).all()
    assert (rates["rate_per_100_fte"].isna() == ratio).all()
    assert (rates["period_start"] < rates["period_end"]).all()


def test_upper_ends_of_pay_lie_above_and_no_announcement_follows_its_effect_by_a_year() -> None:
    pay = catalog.load("amazon/wage_floors")
    ranges = pay.dropna(subset=["usd_per_hour_upper"])
    assert (ranges["usd_per_hour_upper"] > ranges["usd_per_hour"]).all()
    announced = pay.dropna(subset=["announced_date"])
    lag = announced["effective_date"] - announced["announced_date"]
    assert lag.min() >= pd.Timedelta(0)
    assert lag.max() <= pd.Timedelta(days=366)
    assert pay["usd_per_hour"].between(5, 50).all()


def test_minimum_starting_wages_of_walmart_and_target_never_fall() -> None:
    pay = catalog.load("amazon/wage_floors")
    for employer in ("Walmart", "Target"):
        floor = pay[(pay["employer"] == employer) & pay["measure"].str.startswith("minimum starting wage")]
        assert floor["usd_per_hour"].is_monotonic_increasing
        assert len(floor) >= 3


def test_the_timeline_holds_the_dates_the_notebooks_use() -> None:
    """NBER peak and trough months; the JFK8 count; the phone rule relaxed, to return, then kept."""
    timeline = catalog.load("amazon/timeline").set_index("event")
    assert timeline.loc["NBER monthly peak", "date"] == pd.Timestamp(2020, 2, 1)
    assert timeline.loc["NBER monthly trough", "date"] == pd.Timestamp(2020, 4, 1)
    assert timeline.loc["JFK8 count: 2654 for, 2131 against", "date"] == pd.Timestamp(2022, 4, 1)
    phone = timeline[timeline["topic"] == "phone_policy"].sort_values("date")
    order = ["phones banned", "ban relaxed", "managers announce", "workers told phones stay", "permission to carry"]
    found = [next(event for event in phone.index if event.startswith(words)) for words in order]
    assert phone.loc[found, "date"].is_monotonic_increasing
    assert timeline[timeline["scope"] == "JFK8"]["date"].max() == pd.Timestamp(2026, 4, 2)
    assert timeline["date"].max() == pd.Timestamp(2026, 8, 12)
