"""Values as first published against those of the tables in use, for the series of which the tables hold both."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from amazon_labor import catalog


@dataclass(frozen=True)
class Both:
    """A value as first published and as it is now."""

    period: str
    first: float
    latest: float


@dataclass(frozen=True)
class Pair:
    """A series of which both are known."""

    title: str
    unit: str
    first_source: str
    latest_source: str
    rows: tuple[Both, ...]

    @property
    def sentence(self) -> str:
        """What the revisions amount to, in a sentence."""
        gaps = [row.latest - row.first for row in self.rows]
        largest = max(self.rows, key=lambda row: abs(row.latest - row.first))
        up = sum(gap > 0 for gap in gaps)
        changed = sum(abs(gap) > 1e-9 for gap in gaps)
        return (
            f"{self.first_source} against {self.latest_source}: {changed} of {len(gaps)} values were revised, {up} of them "
            f"upward; median absolute revision {statistics.median(map(abs, gaps)):.4g} {self.unit}, the largest "
            f"{largest.latest - largest.first:+.4g} ({largest.period})."
        )


def pairs() -> list[Pair]:
    """All series of which the tables in use hold both, those without a common period left out."""
    found = [make() for make in (_ecommerce, _unemployment, _payrolls, _density, _compensation, *_copies())]
    return [pair for pair in found if pair.rows]


def _pair(
    title: str, unit: str, sources: tuple[str, str], first: "pd.Series[float]", latest: "pd.Series[float]"
) -> Pair:
    both = pd.concat({"first": first.astype(float), "latest": latest.astype(float)}, axis=1).dropna().sort_index()
    rows = tuple(Both(_words(index), row["first"], row["latest"]) for index, row in both.iterrows())
    return Pair(title, unit, *sources, rows)


def _words(index: object) -> str:
    if isinstance(index, pd.Timestamp):
        return index.date().isoformat()
    return " ".join(map(str, index)) if isinstance(index, tuple) else str(index)


def _ecommerce() -> Pair:
    first = catalog.load("economy/ecommerce_quarterly", vintage="first release").set_index("date").sales_musd
    latest = catalog.load("economy/ecommerce_quarterly").set_index("date").sales_musd
    return _pair(
        "E-commerce sales, seasonally adjusted",
        "million USD",
        ("First releases of the Census Bureau", "the revised series"),
        first,
        latest,
    )


def _first_releases(measure: str) -> "pd.Series[float]":
    table = catalog.load("labor_market/employment_situation_first_release")
    own = table[table.measure == measure].sort_values("release_date")
    return own.groupby("reference_month").value.first()


def _unemployment() -> Pair:
    latest = (
        catalog.load("labor_market/unemployment_rate_monthly")
        .query("series_id == 'UNRATE'")
        .set_index("date")
        .rate_percent
    )
    return _pair(
        "Unemployment rate", "points", ("First releases", "UNRATE"), _first_releases("unemployment rate"), latest
    )


def _payrolls() -> Pair:
    table = catalog.load("labor_market/employment_by_sector_monthly").query("series_id == 'PAYEMS'")
    latest = table.set_index("date").employees_thousands.diff()
    first = _first_releases("change of nonfarm payroll employment")
    return _pair(
        "Monthly change of nonfarm employment", "thousand", ("The first release in the tables", "PAYEMS"), first, latest
    )


def _density() -> Pair:
    facts = catalog.load("unions/release_facts", vintage="all").query("kind == 'vintage' and item == 'density_percent'")
    first = facts.assign(year=facts.year.astype(int)).set_index(["year", "sector"]).value
    latest = catalog.load("unions/membership_national_bls").set_index(["year", "sector"]).density_percent
    return _pair("Union membership rate", "points", ("First releases", "the series of today"), first, latest)


def _compensation() -> Pair:
    def one(vintage: str) -> "pd.Series[float]":
        table = catalog.load("economy/national_income_annual", vintage=vintage)
        return table[table.series == "compensation_of_employees"].set_index("year").value_musd

    return _pair(
        "Compensation of employees",
        "million USD",
        ("The vintage of 2022", "that of 2026"),
        one("2022-11"),
        one("2026-01"),
    )


def _copies() -> list[Callable[[], Pair]]:
    """Employment as a dated copy of September 2025 had it, before the benchmark of 2026."""

    def make(series: str, words: str) -> Callable[[], Pair]:
        def pair() -> Pair:
            table = catalog.load("labor_market/employment_by_sector_monthly")
            wide: Mapping[str, pd.Series[float]] = dict(
                table.pivot(index="date", columns="series_id", values="employees_thousands").items()  # type: ignore[arg-type]
            )
            first, latest = wide[f"{series}_FREDMD_2025_09"], wide[series]
            return _pair(f"Employment, {words}", "thousand", ("The copy of September 2025", series), first, latest)

        return pair

    return [make("PAYEMS", "total nonfarm"), make("MANEMP", "manufacturing"), make("USGOVT", "government")]
