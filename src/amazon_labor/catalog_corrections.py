"""The register of corrections: known errors of sources, each with the value it is expected to have.

An entry says: in this row and column the source prints `old`, and `new` is right, because of `reason`. When a table is
read from its source again the entry is applied only where the source still prints `old`. A source that was mended, or
that prints a third value, trips the rule, so that no correction outlives its error.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Row = dict[str, str]
FIELDS = ("date", "key", "column", "old", "new", "reason")


def faults(resource: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Entries of a table's register that are incomplete, meet no row, or are not what the table holds.

    Parameters
    ----------
    resource : mapping
        Descriptor of the table.
    rows : sequence of mappings
        The table, corrected: cells as text by column.
    """
    columns = {field["name"] for field in resource["schema"]["fields"]}
    found = []
    for entry in resource["corrections"]:
        label = f"{resource['name']}: correction of {entry.get('column')!r} at {entry.get('key')!r}"
        problem = _entry_fault(entry, columns) or _row_fault(entry, rows)
        found += [f"{label}: {problem}"] if problem else []
    return found


def _entry_fault(entry: Mapping[str, Any], columns: set[str]) -> str:
    missing = [name for name in FIELDS if name not in entry]
    if missing:
        return f"lacks {', '.join(missing)}"
    if not isinstance(entry["key"], dict):
        return "the key must name columns and their values ({} for every row that holds the old value)"
    strange = sorted({*entry["key"], entry["column"]} - columns)
    return f"{', '.join(strange)} is no column of the table" if strange else ""


def _row_fault(entry: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> str:
    column = entry["column"]
    if not entry["key"]:
        left = sum(row[column] == entry["old"] for row in rows)
        return f"{left} rows still hold {entry['old']!r}" if left else ""
    met = [row for row in rows if _meets(row, entry["key"])]
    wrong = [row[column] for row in met if not same(row[column], entry["new"])]
    if not met:
        return "no row has this key"
    return f"the table holds {wrong[0]!r}, not the corrected {entry['new']!r}" if wrong else ""


def apply(resource: Mapping[str, Any], rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Correct rows as their source printed them, in place.

    Returns
    -------
    applied : list of str
        What was corrected, in words.
    tripped : list of str
        Entries that no longer fit: the source was mended, or prints a third value; in words, with the mend.
    """
    applied: list[str] = []
    tripped: list[str] = []
    for entry in resource["corrections"]:
        for row in _concerned(entry, rows):
            words = f"{resource['name']}, {entry['column']} at {_words(entry['key'])}"
            if same(row[entry["column"]], entry["old"]):
                row[entry["column"]] = entry["new"]
                applied.append(f"{words}: {_cell(entry['old'])} -> {_cell(entry['new'])} ({entry['reason']})")
            else:
                tripped.append(_tripped(words, row[entry["column"]], entry))
        if not entry["key"] and not any(entry["column"] in line and entry["old"] in line for line in applied):
            tripped.append(
                f"{resource['name']}: no row has {entry['column']} {entry['old']!r} any more. "
                "Remove the entry from `corrections` in data/datapackage.json."
            )
    return applied, tripped


def _concerned(entry: Mapping[str, Any], rows: Sequence[Row]) -> list[Row]:
    """Rows an entry is about, as the source printed them: where the key itself is in error, by the old key."""
    column, key = entry["column"], entry["key"]
    if not key:
        return [row for row in rows if row[column] == entry["old"]]
    if column in key:
        uncorrected = [row for row in rows if _meets(row, {**key, column: entry["old"]})]
        if uncorrected:
            return uncorrected
    return [row for row in rows if _meets(row, key)]


def _tripped(words: str, found: str, entry: Mapping[str, Any]) -> str:
    if same(found, entry["new"]):
        return (
            f"{words}: the source now prints {_cell(found)} itself, no longer {_cell(entry['old'])}. "
            "Remove the entry from `corrections` in data/datapackage.json."
        )
    return (
        f"{words}: the source now prints {_cell(found)}, neither {_cell(entry['old'])} nor the corrected "
        f"{_cell(entry['new'])}. Look at the source and renew the entry in data/datapackage.json."
    )


def _cell(text: str) -> str:
    return text or "(empty)"


def same(one: str, other: str) -> bool:
    """Whether two cells say the same: as numbers where both are numbers."""
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _meets(row: Mapping[str, str], key: Mapping[str, str]) -> bool:
    return all(same(row.get(column, ""), value) for column, value in key.items())


def _words(key: Mapping[str, str]) -> str:
    return ", ".join(f"{column} {value}" for column, value in key.items()) or "every row"
