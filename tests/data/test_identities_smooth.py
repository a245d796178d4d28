"""Series that move slowly: a value with a wrong first digit stands out from its neighbours.

Each value is compared with the geometric mean of those before and after it. The bounds are those that the series keep, rounded up;
wars, the Depression and 2020 are left out where they would widen them.
"""

import numpy as np
import pandas as pd
import pytest

from amazon_labor import catalog

STEADY_ACCOUNTS = {
    "compensation_of_employees": 0.05,
    "consumption_fixed_capital": 0.05,
    "corporate_cfc": 0.04,
    "corporate_compensation": 0.07,
    "corporate_gva": 0.08,
    "gnp": 0.06,
    "net_domestic_product": 0.07,
    "wages_and_salaries": 0.05,
    "proprietors_income": 0.11,
    "corporate_profits": 0.18,
    "net_interest": 0.2,
    "rental_income": 0.21,
}


def roughness(values: pd.Series) -> float:
    """Largest distance, in logs, of a value from the mean of its two neighbours."""
    logs = np.log(values.to_numpy(np.float64))
    return float(np.abs(logs[1:-1] - (logs[:-2] + logs[2:]) / 2).max())


@pytest.mark.parametrize(("series", "bound"), STEADY_ACCOUNTS.items())
def test_national_accounts_move_slowly_since_1948(series: str, bound: float) -> None:
    accounts = catalog.load("economy/national_income_annual", vintage="all")
    assert set(accounts["series"]) == set(STEADY_ACCOUNTS)
    for _, rows in accounts[(accounts["series"] == series) & (accounts["year"] >= 1948)].groupby(
        "vintage", observed=True
    ):
        assert roughness(rows.sort_values("year")["value_musd"]) < bound


def test_quarterly_product_and_profits_move_slowly() -> None:
    table = catalog.load("economy/gdp_and_profits_quarterly", vintage="all").sort_values("date")
    for (series, vintage), rows in table.groupby(["series_id", "vintage"], observed=True):
        bound = 0.45 if series == "CP" else 0.03 if vintage == "2025-04" else 0.09
        assert roughness(rows["value_busd_saar"]) < bound, (series, vintage)


def test_ecommerce_over_its_share_is_all_of_retail_trade_which_moves_slowly() -> None:
    table = catalog.load("economy/ecommerce_quarterly").sort_values("date")
    assert roughness(table["sales_musd"]) < 0.14
    assert roughness(table["sales_musd"] / table["share_percent"]) < 0.08


def test_injury_rates_of_an_industry_move_slowly() -> None:
    table = catalog.load("amazon/injury_rates").dropna(subset=["rate_per_100_fte"])
    long = [
        rows.sort_values("period_start")["rate_per_100_fte"]
        for _, rows in table.groupby(["population", "measure", "analyst", "source"], observed=True, dropna=False)
        if len(rows) >= 5
    ]
    assert long
    assert all(roughness(rates) < 0.07 for rates in long)


def test_year_end_headcounts_of_the_company_move_slowly() -> None:
    table = catalog.load("amazon/employer_headcounts")
    own = table[
        (table["employer"] == "Amazon") & (table["scope"] == "worldwide") & (table["qualifier"] == "annual report")
    ]
    assert len(own) == 18
    assert roughness(own.sort_values("as_of_date")["persons"]) < 0.19


def test_revenues_of_a_company_move_slowly() -> None:
    table = catalog.load("markets/companies_annual").sort_values("fiscal_year")
    for company, rows in table.groupby("company", observed=True):
        assert roughness(rows["revenue_musd"].dropna()) < 0.17, company


def test_unemployment_moves_slowly_before_2020() -> None:
    table = catalog.load("labor_market/unemployment_rate_monthly").sort_values("date")
    for series, rows in table[table["date"] < "2020-01-01"].groupby("series_id", observed=True):
        bound = {"UNRATE": 0.2, "U6RATE": 0.08, "LNS14024887": 0.19}.get(str(series), 0.31)
        assert roughness(rows["rate_percent"]) < bound, series


def test_a_majority_of_the_votes_is_a_majority() -> None:
    """In one unit more votes were counted than the list had voters."""
    table = catalog.load("elections/starbucks_elections").dropna(subset=["votes_for", "votes_against"])
    assert ((table["votes_for"] > table["votes_against"]) == table["union_majority"]).all()
    assert (table["votes_for"] + table["votes_against"] > table["eligible_voters"]).sum() == 1
    assert (table["tally_date"] >= table["date_filed"]).all()
