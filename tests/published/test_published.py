"""Results printed by others, each computed from other inputs than the printed figure (docs/published-results.md)."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from recipes import CELL, RECIPES, cell, compute

FILE = Path(__file__).with_name("results.csv")
with FILE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", [row for row in ROWS if not row["mismatch"]], ids=lambda row: row["id"])
def test_computed_as_printed(row: dict[str, str]) -> None:
    found = compute(row["function"], row["inputs"])
    assert found == pytest.approx(float(row["printed"]), abs=float(row["tolerance"]) + 1e-9), row["statistic"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["mismatch"]], ids=lambda row: row["id"])
def test_a_mismatch_is_one(row: dict[str, str]) -> None:
    """A row that agrees needs no explanation: the reason goes when the difference does."""
    found = compute(row["function"], row["inputs"])
    assert abs(found - float(row["printed"])) > float(row["tolerance"]), row["statistic"]


def test_at_least_sixty_of_all_four_parts_and_few_mismatches() -> None:
    parts = Counter(row["part"] for row in ROWS if not row["mismatch"])
    assert len(parts) == 4
    assert min(parts.values()) >= 12
    assert parts.total() >= 100
    assert sum(bool(row["mismatch"]) for row in ROWS) <= 5


def test_every_row_says_where_it_was_printed_and_is_named_once() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({(row["statistic"], row["function"]) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert all(row[name] for name in row if name != "mismatch"), row["id"]
        assert row["address"].startswith("http"), row["id"]
        assert row["function"] in {*RECIPES, "panel.estimate"}, row["id"]


# printed with four decimals of a percentage, computed from two mean wages that are themselves rounded to 0.0001 dollar:
# half a step of each over 3.75 dollars is 0.003 percentage points
ROUNDED_INPUTS = {"union wage premium before controls, 1973"}


def test_tolerance_is_half_the_last_printed_place() -> None:
    for row in ROWS:
        places = len(row["printed"].partition(".")[2])
        assert float(row["tolerance"]) <= 0.5 * 10**-places or row["statistic"] in ROUNDED_INPUTS, row["id"]


def test_no_row_looks_up_what_it_prints() -> None:
    """Two different inputs at least, or a number of the example: the printed figure is never the only input."""
    for row in ROWS:
        if row["function"] == "panel.estimate" or not CELL.search(row["inputs"]):
            continue
        inputs = row["inputs"].split("; ")
        assert len(set(inputs)) == len(inputs) >= 2, row["id"]
        assert float(row["printed"]) not in [cell(text) for text in inputs], row["id"]


def test_a_cell_that_is_not_one_is_refused() -> None:
    with pytest.raises(LookupError, match="0 rows"):
        cell("unions/membership_national_bls[year=1850,sector=total].members_thousands")
    with pytest.raises(LookupError, match="3 rows"):
        cell("unions/membership_national_bls[year=2021].members_thousands")
