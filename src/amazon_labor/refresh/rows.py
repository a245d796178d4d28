"""A table as text: rows of cells, read and written as the files of the data package are."""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from amazon_labor import catalog

Row = dict[str, str]


def read(resource: Mapping[str, Any]) -> list[Row]:
    """Rows of a table of the catalogue, cells as stored."""
    return parse(catalog.file_of(dict(resource)).read_bytes())


def parse(raw: bytes) -> list[Row]:
    """Rows of a CSV file, gzipped or not."""
    text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))


def text_of(resource: Mapping[str, Any], rows: Iterable[Row]) -> bytes:
    """The file of a table: sorted by its key as the stored tables are, gzipped without a time where the path says so."""
    names = [field["name"] for field in resource["schema"]["fields"]]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    raw = out.getvalue().encode("utf-8")
    return gzip.compress(raw, mtime=0) if str(resource["path"]).endswith(".gz") else raw


def ordered(resource: Mapping[str, Any], rows: Sequence[Row]) -> list[Row]:
    """Rows in the order of the key; numbers in a key rise as numbers."""
    numeric = {f["name"] for f in resource["schema"]["fields"] if f["type"] in ("integer", "number", "year")}
    key = resource["schema"]["primaryKey"]

    def place(row: Row) -> list[Any]:
        return [(Decimal(row[c]) if c in numeric and row[c] else Decimal(0), row[c]) for c in key]

    return sorted(rows, key=place)


def number(value: Decimal, kind: str, decimals: int | None = None) -> str:
    """A value as a cell: true or false for boolean columns (0 is false), whole for integer columns, otherwise as
    the source wrote it, without an exponent."""
    if kind == "boolean":
        return "true" if value else "false"
    if decimals is not None:
        value = round(value, decimals)
    if kind == "integer":
        return str(int(value.to_integral_value()))
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def value(cell: str) -> Decimal:
    """Value of a cell that is not empty."""
    return Decimal({"true": "1", "false": "0"}.get(cell, cell))
