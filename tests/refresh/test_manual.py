"""A table that a person downloads goes the same way: shape, corrections, schema, vintage."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from amazon_labor import catalog
from amazon_labor.refresh import rows
from amazon_labor.refresh.errors import RefreshError

Refresh = Callable[..., tuple[int, str]]
TABLE = "international/unions_by_country"


def put(tables: Path, table: list[dict[str, str]]) -> None:
    file = tables / "vintages" / "incoming" / f"{TABLE}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def as_printed() -> list[dict[str, str]]:
    """The table with the errors its source prints."""
    table = rows.read(catalog.describe(TABLE))
    for entry in catalog.describe(TABLE)["corrections"]:
        for row in table:
            if all(row[column] == value for column, value in entry["key"].items()):
                row[entry["column"]] = entry["old"]
    return table


def test_without_a_file_the_message_says_what_to_do(refresh: Refresh, tables: Path) -> None:
    status, said = refresh(TABLE)
    assert status == 1
    assert "has no interface; by hand:" in said
    assert f"data/vintages/incoming/{TABLE}.csv" in said
    assert "with the columns iso3," in said


def test_a_file_is_corrected_and_becomes_a_vintage(refresh: Refresh, tables: Path) -> None:
    put(tables, as_printed())
    status, said = refresh(TABLE)
    assert status == 0, said
    new = tables / "vintages" / "2026-12-01"
    assert (new / f"{TABLE}.csv").read_bytes() == (tables / f"{TABLE}.csv").read_bytes()
    assert "BLM -> NLD" in (new / "report.md").read_text()


def test_a_source_mended_upstream_trips_the_register(refresh: Refresh, tables: Path) -> None:
    put(tables, rows.read(catalog.describe(TABLE)))
    status, said = refresh(TABLE)
    assert status == 1
    assert "the register of corrections no longer fits" in said
    assert "the source now prints NLD itself, no longer BLM" in said


def test_a_renamed_column_and_a_double_key_are_refused(refresh: Refresh, tables: Path) -> None:
    table = as_printed()
    put(tables, [{("country" if k == "iso3" else k): v for k, v in row.items()} for row in table])
    assert "column 'iso3' is missing" in refresh(TABLE)[1]
    put(tables, [*table, table[-1]])
    assert "is not unique" in refresh(TABLE)[1]


def test_a_table_that_is_complete_says_so(refresh: Refresh) -> None:
    with pytest.raises(RefreshError, match="cannot be refreshed: no list after October 2021"):
        refresh("markets/acquisitions")
