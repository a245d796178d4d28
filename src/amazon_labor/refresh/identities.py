"""Sums that must add in a refreshed table. The tests of `tests/data` hold the stored tables to the same ones."""

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

Check = Callable[[pd.DataFrame], Iterator[str]]
SHOWN = 4


def faults(table: str, frame: pd.DataFrame) -> list[str]:
    """Return what does not add in a table, in words; empty where all does or no identity is known.

    Parameters
    ----------
    table : str
        Name in the catalogue.
    frame : DataFrame
        The table, typed; of several vintages the newest only.
    """
    return [fault for check in CHECKS.get(table, ()) for fault in check(frame)]


def _off(words: str, gap: "pd.Series[Any]", tolerance: float, unit: str) -> Iterator[str]:
    wrong = gap[gap.abs() > tolerance].dropna()
    if len(wrong):
        where = ", ".join(_label(index) for index in wrong.index[:SHOWN])
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        yield f"{words}: off by up to {wrong.abs().max():.4g} {unit} (at most {tolerance:g} is rounding) in {where}{more}"


def _label(index: Any) -> str:
    parts = index if isinstance(index, tuple) else (index,)
    return " ".join(one.date().isoformat() if isinstance(one, pd.Timestamp) else str(one) for one in parts)


def _sectors_add(frame: pd.DataFrame) -> Iterator[str]:
    wide = frame.pivot(index="date", columns="series_id", values="employees_thousands")
    yield from _off(
        "goods and services (USGOOD + SRVPRD) = PAYEMS", wide.USGOOD + wide.SRVPRD - wide.PAYEMS, 1.5, "thousand"
    )
    above = (wide.USTRADE + wide.USWTRADE - wide.USTPU).clip(lower=0)
    yield from _off("retail and wholesale trade lie within trade, transportation and utilities", above, 1.5, "thousand")


def _one_vintage(frame: pd.DataFrame) -> Iterator[str]:
    own = frame[~frame.series_id.str.contains("FREDMD")]
    newest = own.groupby("series_id").vintage.agg(lambda v: v.max())
    if newest.nunique() > 1:
        yield f"all series are of one vintage: there are {', '.join(sorted(newest.unique()))}"


def _density(frame: pd.DataFrame) -> Iterator[str]:
    keyed = frame.set_index(["year", "sector"] if "sector" in frame else ["year", "dimension", "group"])
    gap = 100 * keyed.members_thousands / keyed.employment_thousands - keyed.density_percent
    yield from _off("members / employment = density", gap.astype(float), 0.07, "points")


def _sectors_of_members(frame: pd.DataFrame) -> Iterator[str]:
    wide = frame[frame.year >= 2000].pivot(index="year", columns="sector", values="members_thousands").astype(float)
    yield from _off("private + government = all members", wide.private + wide.government - wide.total, 2, "thousand")


def _men_and_women(frame: pd.DataFrame) -> Iterator[str]:
    sex = frame[frame.dimension == "sex"].pivot(index="year", columns="group", values="members_thousands").astype(float)
    total = frame[frame.dimension == "total"].set_index("year").members_thousands.astype(float)
    yield from _off("men + women = all members", sex.sum(axis=1, min_count=2) - total, 2, "thousand")


def _shares_of_separations(frame: pd.DataFrame) -> Iterator[str]:
    rates = frame[frame.measure == "rate_percent"]
    wide = rates.pivot(index=["date", "industry"], columns="element", values="value")
    above = (wide["quits"] + wide["layoffs and discharges"] - wide["total separations"]).clip(lower=0)
    yield from _off("quits + layoffs stay within separations", above, 0.15, "points")


def _price_steps(frame: pd.DataFrame) -> Iterator[str]:
    for name, one in frame.sort_values("date").groupby("index_name"):
        steps = one.set_index("date").index_value.pct_change(fill_method=None) * 100
        yield from _off(f"{name} moves by at most 6 percent a month", steps, 6, "percent")


def _rates(frame: pd.DataFrame) -> Iterator[str]:
    keyed = frame.set_index(["date", "series_id"]).rate_percent
    yield from _off(
        "rates of unemployment lie between 0 and 40 percent", ((keyed - 20).abs() - 20).clip(lower=0), 0, "points"
    )
    wide = keyed.unstack()
    yield from _off("U-6 is not below the official rate", (wide.UNRATE - wide.U6RATE).clip(lower=0), 0.05, "points")


def _income_statement(frame: pd.DataFrame) -> Iterator[str]:
    keyed = frame[frame.fiscal_year >= 2004].set_index("fiscal_year")
    tax = (
        keyed.pretax_income_musd
        - keyed.income_tax_provision_musd
        + keyed.equity_method_net_musd
        - keyed.net_income_musd
    )
    yield from _off("pre-tax income - tax + equity method = net income", tax, 1, "million USD")
    yield from _off(
        "operating income < sales", (keyed.operating_income_musd - keyed.net_sales_musd).clip(lower=0), 0, "million USD"
    )


def _tax_parts(frame: pd.DataFrame) -> Iterator[str]:
    keyed = frame.set_index("fiscal_year")
    parts = keyed.filter(regex="current_musd|deferred_musd").sum(axis=1, min_count=6)
    yield from _off("six parts = provision", parts - keyed.provision_total_musd, 1, "million USD")


def _ecommerce(frame: pd.DataFrame) -> Iterator[str]:
    keyed = frame.set_index("date")
    retail = keyed.sales_musd / keyed.share_percent * 100
    steps = retail.pct_change(fill_method=None).abs() * 100
    yield from _off(
        "retail sales implied by sales and share move by at most 25 percent a quarter", steps, 25, "percent"
    )


CHECKS: dict[str, tuple[Check, ...]] = {
    "labor_market/employment_by_sector_monthly": (_sectors_add, _one_vintage),
    "labor_market/unemployment_rate_monthly": (_rates,),
    "labor_market/jolts_monthly": (_shares_of_separations,),
    "unions/membership_national_bls": (_density, _sectors_of_members),
    "unions/membership_by_characteristic_bls": (_density, _men_and_women),
    "prices/price_indexes_monthly": (_price_steps,),
    "amazon/annual_results": (_income_statement,),
    "amazon/income_tax": (_tax_parts,),
    "economy/ecommerce_quarterly": (_ecommerce,),
}
