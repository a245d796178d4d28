"""The register: a correction is applied while the source is wrong, and trips when it is mended."""

import copy
from typing import Any

import pytest

from amazon_labor import catalog, catalog_corrections
from amazon_labor.refresh import rows

RESOURCE: dict[str, Any] = {
    "name": "a-table",
    "schema": {"fields": [{"name": n} for n in ("iso3", "year", "members")]},
    "corrections": [
        {"date": "2026-11-25", "key": {"iso3": "KOR", "year": "2013"}, "column": "members", "old": "0", "new": "", "reason": "zero stood for missing"},
        {"date": "2026-11-25", "key": {"iso3": "NLD", "year": "2019"}, "column": "iso3", "old": "BLM", "new": "NLD", "reason": "the country is named Netherlands"},
    ],
}  # fmt: skip


def as_printed() -> list[dict[str, str]]:
    return [
        {"iso3": "KOR", "year": "2013", "members": "0"},
        {"iso3": "BLM", "year": "2019", "members": "1601.5"},
        {"iso3": "NLD", "year": "2018", "members": "1693.4"},
    ]


def test_an_error_of_the_source_is_corrected_where_it_stands() -> None:
    table = as_printed()
    applied, tripped = catalog_corrections.apply(RESOURCE, table)
    assert tripped == []
    assert [tuple(row.values()) for row in table] == [
        ("KOR", "2013", ""),
        ("NLD", "2019", "1601.5"),
        ("NLD", "2018", "1693.4"),
    ]
    assert applied[0].startswith("a-table, members at iso3 KOR, year 2013: 0 -> (empty)")


@pytest.mark.parametrize(("row", "cell", "new"), [(0, "members", ""), (1, "iso3", "NLD")])
def test_a_source_that_was_mended_trips_the_rule(row: int, cell: str, new: str) -> None:
    table = as_printed()
    table[row][cell] = new
    _, tripped = catalog_corrections.apply(RESOURCE, table)
    assert len(tripped) == 1
    assert f"the source now prints {new or '(empty)'} itself" in tripped[0]
    assert "Remove the entry from `corrections`" in tripped[0]


def test_a_third_value_trips_the_rule_and_is_left_alone() -> None:
    table = as_printed()
    table[0]["members"] = "1848"
    _, tripped = catalog_corrections.apply(RESOURCE, table)
    assert "prints 1848, neither 0 nor the corrected (empty)" in tripped[0]
    assert table[0]["members"] == "1848"


def test_numbers_are_compared_as_numbers() -> None:
    table = as_printed()
    table[0]["members"] = "0.0"
    assert catalog_corrections.apply(RESOURCE, table)[1] == []


def test_a_label_made_uniform_trips_when_no_row_has_it_any_more() -> None:
    entry = {"date": "d", "key": {}, "column": "iso3", "old": "BLM", "new": "NLD", "reason": "uniform"}
    resource = {**RESOURCE, "corrections": [entry]}
    assert catalog_corrections.apply(resource, as_printed())[1] == []
    assert "no row has iso3 'BLM' any more" in catalog_corrections.apply(resource, as_printed()[:1])[1][0]


def test_every_entry_of_the_package_is_what_its_table_holds() -> None:
    registered = [catalog.describe(name) for name in catalog.names() if catalog.describe(name)["corrections"]]
    assert sum(len(resource["corrections"]) for resource in registered) >= 30
    for resource in registered:
        assert catalog_corrections.faults(resource, rows.read(resource)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"new": "21.00"}, "not the corrected '21.00'"),
        ({"key": {"iso3": "GRC", "date": "1900-01-01"}}, "no row has this key"),
        ({"key": "GRC, 2023"}, "the key must name columns"),
        ({"column": "share"}, "share is no column of the table"),
    ],
)
def test_a_false_entry_is_found(change: dict[str, Any], words: str) -> None:
    resource = copy.deepcopy(catalog.describe("international/left_party_vote"))
    resource["corrections"][0].update(change)
    assert words in catalog_corrections.faults(resource, rows.read(resource))[0]
