"""What a new vintage of a table changed: values revised, added and gone, with sizes."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from amazon_labor.refresh.rows import Row, value

NOT_VALUES = ("source", "note", "vintage", "release_date", "status")


@dataclass(frozen=True)
class Change:
    """One cell: its row's key in words, and its value before and after (None where there was none)."""

    key: str
    column: str
    before: Decimal | None
    after: Decimal | None

    @property
    def size(self) -> float:
        """Difference, in the unit of the column."""
        return float((self.after or Decimal(0)) - (self.before or Decimal(0)))

    @property
    def percent(self) -> float | None:
        """Difference in percent of the value before."""
        return 100 * self.size / abs(float(self.before)) if self.before else None


@dataclass(frozen=True)
class Revision:
    """All changes of a column of a table."""

    table: str
    column: str
    unit: str
    compared: int
    revised: tuple[Change, ...]
    added: tuple[Change, ...]
    gone: tuple[Change, ...]

    @property
    def median_percent(self) -> float | None:
        """Median absolute revision in percent of the old value, over the revised values."""
        sizes = [abs(c.percent) for c in self.revised if c.percent is not None]
        return statistics.median(sizes) if sizes else None

    @property
    def largest(self) -> Change | None:
        """Revision of the largest size."""
        return max(self.revised, key=lambda change: abs(change.size), default=None)


def of(
    resource: Mapping[str, Any], before: Sequence[Row], after: Sequence[Row], *, new_vintage: str = ""
) -> list[Revision]:
    """Compare two vintages of a table, column by column.

    Parameters
    ----------
    resource : mapping
        Descriptor, for key, types and units.
    before, after : sequences of rows
        The table as it was and as it is.
    new_vintage : str
        For a table whose key holds the vintage: the rows of this name are compared with the last others of their kind.
    """
    key = [c for c in resource["schema"]["primaryKey"] if c not in ("vintage", "source")]
    if new_vintage:
        after = [row for row in after if row["vintage"] == new_vintage]
        kinds = {_key(row, [c for c in key if c not in ("date", "year", "period")]) for row in after}
        before = [r for r in before if _key(r, [c for c in key if c not in ("date", "year", "period")]) in kinds]
    old, new = _last(before, key), _last(after, key)
    found = []
    for column in resource["schema"]["fields"]:
        if column["type"] not in ("number", "integer", "boolean") or column["name"] in (*key, *NOT_VALUES):
            continue
        revision = _column(resource, column, old, new)
        if new_vintage:  # the old rows stay in the table: nothing of them is gone
            revision = Revision(**{**revision.__dict__, "gone": ()})
        if revision.revised or revision.added or revision.gone:
            found.append(revision)
    return found


def _column(
    resource: Mapping[str, Any], column: Mapping[str, Any], old: Mapping[str, Row], new: Mapping[str, Row]
) -> Revision:
    name = column["name"]
    table = str(resource["path"]).removesuffix(".gz").removesuffix(".csv")
    compared, revised, added, gone = 0, [], [], []
    for key in dict.fromkeys([*old, *new]):
        before, after = _number(old.get(key), name), _number(new.get(key), name)
        change = Change(key, name, before, after)
        if before is not None and after is not None:
            compared += 1
            if before != after:
                revised.append(change)
        elif after is not None:
            added.append(change)
        elif before is not None:
            gone.append(change)
    return Revision(table, name, str(column.get("unit", "")), compared, tuple(revised), tuple(added), tuple(gone))


def _last(rows: Sequence[Row], key: Sequence[str]) -> dict[str, Row]:
    """Rows by key in words; of several vintages the last."""
    ordered = sorted(rows, key=lambda row: row.get("vintage", "")) if rows and "vintage" in rows[0] else rows
    return {" ".join(_key(row, key)): row for row in ordered}


def _key(row: Row, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[c] for c in key)


def _number(row: Row | None, column: str) -> Decimal | None:
    try:
        return value(row[column]) if row is not None and row[column] else None
    except InvalidOperation:
        return None
