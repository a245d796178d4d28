"""Recipes: how a table of the data package is made of series of a primary source.

A recipe stands in the descriptor of the table, under ``refresh.recipe``, so that adding a series is a change of data
and not of code. `docs/refresh.md` describes its fields.
"""

import csv
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from amazon_labor import catalog
from amazon_labor.refresh.errors import RefreshError
from amazon_labor.refresh.series import FREQUENCIES, Wanted

KINDS = ("fred", "bls", "sec", "manual")
PERIODS = ("date", "month", "year", "year_quarter")
FIELDS = {
    "period", "period_as", "every", "series", "series_from", "set", "carry", "window", "append", "new_vintage",
    "supersedes", "gaps", "after",
}  # fmt: skip
SERIES_FIELDS = {
    "id", "column", "where", "scale", "reduce", "unit", "title", "concepts", "span", "pick", "decimals", "every",
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How a table is refreshed.

    `window`: the source has recent years only, older rows stay; `append`: only periods after the last one are taken;
    `new_vintage`: the new rows stand beside the old ones, under the name of the vintage; `gaps`: periods known not to
    be published; `after`: the table is made from another table of the same refresh.
    """

    table: str
    kind: str
    period: str = "date"
    period_as: str = "date"
    series: tuple[Wanted, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)
    carry: tuple[str, ...] = ()
    window: bool = False
    append: bool = False
    new_vintage: bool = False
    supersedes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    address: str = ""
    transformation: str = ""


def read(table: str) -> Recipe:
    """Return the recipe of a table.

    Raises
    ------
    DataError
        If there is no such table.
    RefreshError
        If the table has no recipe, or the recipe cannot be understood.
    """
    resource = catalog.describe(table)
    refresh = resource["refresh"]
    if refresh["kind"] not in KINDS:
        why = refresh.get("transformation") or "the table is complete"
        raise RefreshError(f"{table} cannot be refreshed: {why}. Tables that can: amazon-labor refresh --dry-run")
    raw = refresh.get("recipe")
    if refresh["kind"] == "manual":
        return Recipe(table, "manual", address=refresh["address"], transformation=refresh["transformation"])
    if raw is None:
        raise RefreshError(f"{table}: its refresh has kind {refresh['kind']!r} but no recipe in data/datapackage.json.")
    _refuse_unknown(table, raw, FIELDS)
    columns = [one["name"] for one in resource["schema"]["fields"]]
    series = tuple(_series(table, raw, columns))
    return Recipe(
        table,
        str(refresh["kind"]),
        raw.get("period", "date"),
        _one_of(table, "period_as", raw.get("period_as", "date"), PERIODS),
        series,
        dict(raw.get("set", {})),
        tuple(raw.get("carry", ())),
        bool(raw.get("window", False)),
        bool(raw.get("append", False)),
        bool(raw.get("new_vintage", False)),
        tuple(raw.get("supersedes", ())),
        tuple(raw.get("gaps", ())),
        str(refresh["address"]),
        str(refresh["transformation"]),
    )


def refreshable() -> list[str]:
    """Names of the tables a program can refresh."""
    return [name for name in catalog.names() if "recipe" in catalog.describe(name)["refresh"]]


def by_hand() -> list[str]:
    """Names of the tables that need a person to download something."""
    return [name for name in catalog.names() if catalog.describe(name)["refresh"]["kind"] == "manual"]


def _series(table: str, raw: Mapping[str, Any], columns: list[str]) -> Iterator[Wanted]:
    for entry in [*raw.get("series", ()), *_listed(table, raw.get("series_from"))]:
        _refuse_unknown(table, entry, SERIES_FIELDS)
        for name in [entry["column"], *entry.get("where", {})]:
            if name not in columns:
                near = difflib.get_close_matches(name, columns, 1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise RefreshError(f"{table}: the recipe names column {name!r}, which the table does not have.{hint}")
        yield Wanted(
            str(entry["id"]),
            str(entry["column"]),
            _one_of(table, "every", entry.get("every", raw.get("every", "month")), FREQUENCIES),
            dict(entry.get("where", {})),
            Decimal(str(entry.get("scale", 1))),
            _one_of(table, "reduce", entry.get("reduce", ""), ("", "mean_of_year", "month_end")),
            str(entry.get("unit", "")),
            str(entry.get("title", "")),
            tuple(entry.get("concepts", ())),
            _one_of(table, "span", entry.get("span", ""), ("", "year", "quarter", "instant")),
            _one_of(table, "pick", entry.get("pick", "latest"), ("latest", "first")),
            entry.get("decimals"),
        )


def _listed(table: str, source: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Series from a table of identifiers: ``measure`` is the column that takes the value."""
    if source is None:
        return
    columns = [one["name"] for one in catalog.describe(table)["schema"]["fields"]]
    file = catalog.file_of(catalog.describe(source["table"]))
    with file.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["dimension"] not in source["dimensions"] or row["measure"] not in columns:
                continue
            where = {column: row[name] for column, name in source["where"].items()}
            renamed = {k: source.get("words", {}).get(v, v) for k, v in where.items()}
            yield {"id": row["series_id"], "column": row["measure"], "where": renamed}


def _refuse_unknown(table: str, given: Mapping[str, Any], known: set[str]) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise RefreshError(f"{table}: the recipe has a field {name!r}.{hint} Allowed: {', '.join(sorted(known))}.")


def _one_of(table: str, name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        words = ", ".join(one or "(nothing)" for one in allowed)
        raise RefreshError(f"{table}: {name} is {value!r} in the recipe. Allowed: {words}.")
    return value
