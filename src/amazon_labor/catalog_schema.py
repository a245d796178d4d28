"""All faults of a table against its descriptor at once, with the line numbers of the file.

pandera is slow to import and is needed only here, so `catalog` imports this module when something must be explained.
Cells are judged as the text they are stored as: what a typed reader would silently accept (``1,234``, ``NaN``, ``TRUE``)
is a fault of the file.
"""

import csv
import difflib
import gzip
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

SHOWN_CELLS = 8
SUPPRESSED = {"-", "--", "*", ".", "..", "(d)", "(s)", "(z)", "na", "n/a", "nan", "none", "null", "#n/a", "x"}
FORMS = {
    "integer": (re.compile(r"[+-]?\d+\Z"), "a whole number"),
    "number": (re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\Z"), "a number"),
    "year": (re.compile(r"\d{4}\Z"), "a year of four digits"),
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}\Z"), "a date written YYYY-MM-DD"),
    "boolean": (re.compile(r"(true|false)\Z"), "true or false"),
}
Test = Callable[["pd.Series[Any]"], "pd.Series[Any]"]


def faults(resource: dict[str, Any], raw: bytes) -> list[str]:
    """Return every fault of a file against its descriptor, in the order of the columns; empty when there is none.

    Parameters
    ----------
    resource : dict
        A resource of the data package, with `path` and `schema`.
    raw : bytes
        The file as stored (gzipped where the path ends in ``.gz``).
    """
    try:
        text = (gzip.decompress(raw) if str(resource["path"]).endswith(".gz") else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        return [f"the file is not readable as UTF-8 text: {error}"]
    form = [*_form_faults(text)]
    frame, lines, ragged = _cells(text.removeprefix("\ufeff"))
    header = _header_faults(list(frame.columns), [field["name"] for field in resource["schema"]["fields"]])
    return [*form, *header, *ragged, *_cell_faults(resource["schema"], frame, lines)]


def _form_faults(text: str) -> Iterator[str]:
    if text.startswith("\ufeff"):
        yield "line 1 begins with a byte-order mark"
    if "\r" in text:
        yield "lines end in CRLF instead of LF"
    if text and not text.endswith("\n"):
        yield "the last line does not end: the file may be truncated"


def _cells(text: str) -> tuple[pd.DataFrame, list[int], list[str]]:
    """Cells as text, the line each row starts on, and the rows whose number of cells is not that of the header."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    rows, lines, ragged, line = [], [], [], reader.line_num + 1
    for row in reader:
        if len(row) == len(header):
            rows.append(row)
            lines.append(line)
        else:
            ragged.append(f"line {line} has {len(row)} cells where the header has {len(header)}")
        line = reader.line_num + 1
    return pd.DataFrame(rows, columns=pd.Index(header), dtype="object"), lines, ragged[:SHOWN_CELLS]


def _header_faults(found: list[str], expected: list[str]) -> list[str]:
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    result = [
        f"the header names column {name!r} twice" for name in sorted({name for name in found if found.count(name) > 1})
    ]
    for name in missing:
        near = difflib.get_close_matches(name, extra, 1, 0.4)
        result.append(
            f"column {name!r} is missing" + (f"; {near[0]!r} is not in the schema: was it renamed?" if near else "")
        )
        extra = [one for one in extra if one not in near]
    result += [f"column {name!r} is not in the schema" for name in extra]
    if not result and found != expected:
        result.append(f"the columns stand in another order: {', '.join(found)}")
    return result


def _cell_faults(schema: dict[str, Any], frame: pd.DataFrame, lines: list[int]) -> list[str]:
    if not frame.columns.is_unique:
        return []
    fields = [field for field in schema["fields"] if field["name"] in frame.columns]
    checked = frame.mask(frame == "")
    found: dict[tuple[str, str], dict[int, str]] = {}
    for column, words, index, value in _failures(fields, checked):
        found.setdefault((column, words), {})[index] = value
    order = {field["name"]: place for place, field in enumerate(fields)}
    cells = [
        _in_words(column, words, cells, lines)
        for (column, words), cells in sorted(found.items(), key=lambda item: order[item[0][0]])
    ]
    return cells + _key_faults(schema.get("primaryKey", []), frame, lines)


def _failures(fields: list[dict[str, Any]], frame: pd.DataFrame) -> Iterator[tuple[str, str, int, str]]:
    """Column, what was expected, row and cell of each failure, as pandera finds them in one lazy pass."""
    schema = pa.DataFrameSchema({field["name"]: _column(field) for field in fields})
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.itertuples():
            words = "is empty but required" if case.check == "not_nullable" else str(case.check)
            yield (
                str(case.column),
                words,
                int(case.index),
                "" if case.check == "not_nullable" else str(case.failure_case),
            )


def _column(field: dict[str, Any]) -> pa.Column:
    constraints = field.get("constraints", {})
    tests = _tests(field["type"], constraints)
    checks = [pa.Check(test, name=words, error=words) for words, test in tests.items()]
    return pa.Column(
        None,
        checks=checks,
        nullable=not constraints.get("required", False),
        unique=bool(constraints.get("unique", False)),
    )


def _tests(kind: str, constraints: dict[str, Any]) -> dict[str, Test]:
    """Vectorised tests of one column by what a failing cell should have been."""
    tests: dict[str, Test] = {}
    if kind in FORMS:
        form, words = FORMS[kind]
        tests[f"is not {words}"] = _date_test if kind == "date" else lambda cells: _each(cells, form.match)
    if "minimum" in constraints:
        tests[f"is below {constraints['minimum']}"] = _bound_test(kind, constraints["minimum"], lower=True)
    if "maximum" in constraints:
        tests[f"is above {constraints['maximum']}"] = _bound_test(kind, constraints["maximum"], lower=False)
    if "enum" in constraints:
        allowed = [str(value) for value in constraints["enum"]]
        tests[f"is not one of {', '.join(allowed)}"] = lambda cells: cells.isin(allowed)
    if "pattern" in constraints:
        pattern = re.compile(constraints["pattern"])
        tests[f"does not match {constraints['pattern']}"] = lambda cells: _each(cells, pattern.fullmatch)
    return tests


def _each(cells: "pd.Series[Any]", test: Callable[[str], object]) -> "pd.Series[Any]":
    """Truth of a test for each cell, asked once for each different cell: long tables repeat theirs."""
    return cells.map({cell: bool(test(cell)) for cell in cells.unique()}).astype(bool)


def _date_test(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    written = _each(cells, FORMS["date"][0].match)
    return written & pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").notna()


def _bound_test(kind: str, bound: Any, *, lower: bool) -> Test:
    """Test of one bound; a cell that is no number at all is another test's fault, not a second one here."""

    def test(cells: "pd.Series[Any]") -> "pd.Series[Any]":
        if kind == "date":
            return cells >= str(bound) if lower else cells <= str(bound)
        values = pd.to_numeric(cells, errors="coerce")
        return values.isna() | (values >= float(bound) if lower else values <= float(bound))

    return test


def _key_faults(key: list[str], frame: pd.DataFrame, lines: list[int]) -> list[str]:
    if not key or any(column not in frame.columns for column in key):
        return []
    schema = pa.DataFrameSchema(unique=key, report_duplicates="all")
    try:
        schema.validate(frame, lazy=True)
        return []
    except SchemaErrors:
        groups = frame[frame.duplicated(key, keep=False)].groupby(key, sort=False).groups.items()
    shown = [
        f"lines {', '.join(str(lines[row]) for row in rows)} share ({', '.join(values if isinstance(values, tuple) else (values,))})"
        for values, rows in groups
    ]
    more = f"; and {len(shown) - SHOWN_CELLS} more" if len(shown) > SHOWN_CELLS else ""
    return [f"the key ({', '.join(key)}) is not unique: {'; '.join(shown[:SHOWN_CELLS])}{more}"]


def _in_words(column: str, words: str, cells: dict[int, str], lines: list[int]) -> str:
    shown = [
        f"line {lines[row]}" + (f" {value!r}" if value else "") for row, value in sorted(cells.items())[:SHOWN_CELLS]
    ]
    more = f" and {len(cells) - SHOWN_CELLS} more" if len(cells) > SHOWN_CELLS else ""
    return f"{column} {words}: {', '.join(shown)}{more}{_hint(set(cells.values()))}"


def _hint(values: set[str]) -> str:
    if any(value.strip().lower() in SUPPRESSED for value in values):
        return " (a suppressed or missing value is an empty cell)"
    if any(
        re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\Z|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{2}\Z", value)
        for value in values
    ):
        return " (a spreadsheet rewrote the date)"
    if any(re.match(r"-?\d{1,3}(,\d{3})+", value) for value in values):
        return " (no thousands separators)"
    return ""
