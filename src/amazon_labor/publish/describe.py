"""The data of a figure in words: the long description of a drawing that an alternative text cannot hold."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from amazon_labor import wording

NEEDED_FROM = 13  # rows from which a reader of a table is helped by a summary
YEARS = range(1700, 2200)  # whole numbers that are read as years and carry no comma
COLUMNS = 8  # columns described at most


@dataclass(frozen=True)
class Column:
    """A column of numbers, and the row that each of them stands in."""

    name: str
    values: tuple[float, ...]
    rows: tuple[int, ...]


def describe(text: str) -> list[str]:
    """Return sentences on the rows of a CSV file: its extent, then start, end, lowest and highest of each column.

    Parameters
    ----------
    text : str
        All rows drawn, with a header, as `charts.Figure` stores them.

    Returns
    -------
    list of str
        Empty for a table of few rows, which is read sooner than its description.
    """
    try:
        table = [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error:  # not a table; the page offers it as it is
        return []
    if len(table) <= NEEDED_FROM or len(table[0]) < 2:
        return []
    head, rows = table[0], [row for row in table[1:] if len(row) == len(table[0])]
    first = [row[0] for row in rows]
    ordered = len(rows) > 1 and all(a < b for a, b in pairwise(map(_place, first)))
    numbers = [c for k in range(1, len(head)) if (c := _column(head[k], [row[k] for row in rows]))]
    names = _names(head, rows, {c.name for c in numbers})
    opening = f"{len(rows):,} rows"
    if ordered:
        opening += f", {head[0]} {first[0]} to {first[-1]}"
    found = [f"{opening}."]
    found += [_sentence(c, names, ordered) for c in numbers[:COLUMNS]]
    return found + ([f"{len(numbers) - COLUMNS} more columns of numbers."] if len(numbers) > COLUMNS else [])


def _place(cell: str) -> tuple[float, str]:
    """Where a number or a date stands in time; words stand nowhere, so that rows named by them are in no order."""
    try:
        return float(cell), ""
    except ValueError:
        return (0.0, cell) if cell[:1].isdigit() else (float("nan"), "")


def _column(name: str, cells: Sequence[str]) -> Column | None:
    """A column whose cells are numbers or blank; None for words."""
    rows = [k for k, cell in enumerate(cells) if cell.strip()]
    try:
        values = tuple(float(cells[k]) for k in rows)
    except ValueError:
        return None
    finite = all(value - value == 0 for value in values)
    return Column(name, values, tuple(rows)) if values and finite else None


def _names(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: set[str]) -> list[str]:
    """What each row is called: its first cell and its words."""
    words = [k for k, name in enumerate(head) if k == 0 or name not in numeric]
    return [", ".join(row[k] for k in words if row[k]) for row in rows]


def _sentence(column: Column, names: Sequence[str], ordered: bool) -> str:
    low, high = min(column.values), max(column.values)
    whole = all(v.is_integer() for v in column.values)
    unit = "year" if whole and all(v in YEARS for v in column.values) else ""
    digits = 0 if whole else min(4, wording.default_digits(max(abs(low), abs(high))) + 1)
    if low == high:
        return f"{column.name}: {wording.measure(low, unit, digits)} throughout."
    shown = (column.values[0], column.values[-1], low, high)
    start, end, least, most = (wording.measure(v, unit, digits) for v in shown)
    ends = f"from {start} to {end}; " if ordered else ""
    lowest, highest = (names[column.rows[column.values.index(value)]] for value in (low, high))
    return f"{column.name}: {ends}lowest {least} ({lowest}), highest {most} ({highest})."
