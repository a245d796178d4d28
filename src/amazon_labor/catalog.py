"""The data package as typed frames: every table is checked against its digest before a number of it is used.

``load("amazon/annual_results")`` reads one table of `data/datapackage.json`. The fast path is a SHA-256 and a typed
read; only when something is wrong does `catalog_schema` explain all of it, row by row.
"""

import difflib
import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from amazon_labor import paths
from amazon_labor.catalog_words import publishers_of, vintage_of

BOM = b"\xef\xbb\xbf"
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
SHOWN_PUBLISHERS = 4
INSIDE = re.compile(r"(?:[a-z0-9_]+/)*[a-z0-9_]+\.csv(?:\.gz)?\Z")  # no parent folder, no other place
FOLDER = "vintage_folder"  # where a table of a refreshed vintage lies below data/; added on reading, never stored
BOOLEANS = {"true": True, "false": False}


class DataError(Exception):
    """A table that is unknown, missing, damaged or not as its schema says."""


@dataclass(frozen=True)
class TableRecord:
    """A table as it was read: what a reader needs to find the same numbers again.

    `rows` counts the rows delivered (after the choice of vintage); `bytes` and `sha256` are those of the stored file.
    """

    name: str
    publishers: tuple[str, ...]
    vintage: str
    rows: int
    bytes: int
    sha256: str


_read: dict[tuple[str, str], TableRecord] = {}


def load(
    name: str, *, vintage: str | Sequence[str] | None = None, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Read a table of the data package, typed, and note that it was read.

    Parameters
    ----------
    name : str
        Folder and table, for example ``amazon/annual_results``.
    vintage : str or list of str, optional
        For tables that hold a fact as published at several times: by default the rows of the canonical vintage named in
        the descriptor; ``"all"`` for every row, or the vintages wanted.
    columns : list of str, optional
        Only these columns, in this order.

    Returns
    -------
    pandas.DataFrame
        Rows in stored order. Strings are objects with NaN for an empty cell, integers ``int64`` (``Int64`` where cells
        are empty), numbers ``float64``, dates ``datetime64[ns]``, booleans ``bool`` (``boolean`` where cells are empty).

    Raises
    ------
    DataError
        If the table, a column or a vintage is unknown, the file is missing or differs from its recorded digest, or a
        cell does not have the type the schema says.
    """
    resource = describe(name)
    names = [field["name"] for field in resource["schema"]["fields"]]
    if isinstance(columns, str):
        raise DataError(
            f"{name}: columns is the text {columns!r}; give a list of column names, for example [{columns!r}]."
        )
    wanted = list(names if columns is None else columns)
    _refuse_unknown(f"{name}: column", wanted, names)
    raw = _verified_bytes(resource)
    chosen = _chosen_vintages(name, resource, vintage)
    needed = wanted if chosen is None else [*wanted, *({"vintage"} - set(wanted))]
    frame = typed(name, resource, raw, needed)
    if chosen is not None:
        _refuse_unknown(f"{name}: vintage", chosen, sorted(frame["vintage"].dropna().unique()))
        frame = frame[frame["vintage"].isin(chosen)].reset_index(drop=True)
    _note(name, resource, raw, len(frame), _vintage_words(resource, chosen))
    return frame[wanted]


def tables_read() -> list[TableRecord]:
    """Tables read since the start or the last `reset`, in the order of their first reading."""
    return list(_read.values())


def reset() -> None:
    """Forget which tables were read."""
    _read.clear()


def names() -> list[str]:
    """Names of all tables, sorted, as `load` takes them."""
    return sorted(_resources())


def describe(name: str) -> dict[str, Any]:
    """Return the descriptor of a table: title, description, schema, sources, vintage, known doubts, digest.

    Raises
    ------
    DataError
        If there is no such table; the message gives the nearest name.
    """
    resources = _resources()
    if name not in resources:
        _refuse_unknown("Table", [name], sorted(resources))
    return resources[name]


def source(name: str) -> str:
    """Publishers of a table in one line, for the source line of a figure."""
    publishers = publishers_of(describe(name))
    shown = "; ".join(publishers[:SHOWN_PUBLISHERS])
    rest = len(publishers) - SHOWN_PUBLISHERS
    return f"{shown} and {rest} more" if rest > 0 else shown


def validate(name: str) -> None:
    """Check every cell of a table against its schema, digest aside.

    Raises
    ------
    DataError
        Listing all faults at once, each with the line numbers of the file (the header is line 1).
    """
    from amazon_labor import catalog_schema

    resource = describe(name)
    faults = catalog_schema.faults(resource, _existing_bytes(resource))
    if faults:
        raise DataError(_fault_message(resource, faults))


def file_of(resource: dict[str, Any]) -> Path:
    """Path of a table's file, which the package gives relative to its own folder: `data/`, or that of a vintage."""
    return paths.data_dir() / _file_name(resource)


def _file_name(resource: dict[str, Any]) -> str:
    """Where a table lies below `data/`."""
    folder = resource.get(FOLDER)
    return f"{folder}/{resource['path']}" if folder else str(resource["path"])


def _resources() -> dict[str, dict[str, Any]]:
    """All tables; those of the chosen vintage, if one is chosen, in place of the same tables of `data/`."""
    try:
        package = paths.data_dir() / "datapackage.json"
        state = package.stat()
    except OSError as error:
        raise DataError(
            f"data/datapackage.json is not there: {error} Restore it: git checkout -- data/datapackage.json"
        ) from None
    resources = _parsed(package, state.st_mtime_ns, state.st_size)
    try:
        folder = paths.vintage_dir()
    except FileNotFoundError as error:
        raise DataError(str(error)) from None
    if folder is None:
        return resources
    chosen = folder / "datapackage.json"
    state = chosen.stat()
    fresh = _parsed(chosen, state.st_mtime_ns, state.st_size)
    name = folder.relative_to(package.parent).as_posix()
    return resources | {table: {**resource, FOLDER: name} for table, resource in fresh.items()}


@lru_cache(maxsize=4)
def _parsed(package: Path, _mtime: int, _size: int) -> dict[str, dict[str, Any]]:
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        return {catalogue_name(resource): resource for resource in map(_sound, resources)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"data/datapackage.json cannot be read ({error}). Restore it: git checkout -- data/datapackage.json"
        ) from None


def _sound(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a descriptor whose file lies below `data/` and whose columns have names and types."""
    path = resource["path"]
    if not isinstance(path, str) or not INSIDE.match(path):
        raise ValueError(f"the path {path!r} is not of the form folder/table.csv below data/")
    for field in resource["schema"]["fields"]:
        if not isinstance(field["name"], str) or not isinstance(field["type"], str):
            raise ValueError(f"{path}: a column has no name or no type in words")
    return resource


def catalogue_name(resource: dict[str, Any]) -> str:
    """Name `load` takes: the path in the package without its ending, ``amazon/annual_results``."""
    return str(resource["path"]).removesuffix(".gz").removesuffix(".csv")


def _existing_bytes(resource: dict[str, Any]) -> bytes:
    try:
        return file_of(resource).read_bytes()
    except FileNotFoundError:
        expected = f"{resource['bytes']:,} bytes, {resource['hash']}" if "hash" in resource else "a file"
        raise DataError(_damage(resource, "the file is missing", expected, "nothing")) from None
    except OSError as error:
        raise DataError(
            _damage(resource, f"the file cannot be read ({error.strerror})", "a readable file", "none")
        ) from None


def _verified_bytes(resource: dict[str, Any]) -> bytes:
    raw = _existing_bytes(resource)
    digest = hashlib.sha256(raw).hexdigest()
    if f"sha256:{digest}" == resource.get("hash"):
        return raw
    expected = f"{resource.get('bytes', 0):,} bytes, {resource.get('hash', 'no digest recorded')}"
    raise DataError(_damage(resource, _diagnosis(raw, resource), expected, f"{len(raw):,} bytes, sha256:{digest}"))


def _diagnosis(raw: bytes, resource: dict[str, Any]) -> str:
    """Name the usual accidents, so that a reader knows what happened and not only that something did."""
    if raw.startswith(LFS_POINTER):
        return "the file is a Git LFS pointer, not the table"
    if raw.startswith(BOM):
        return "the file begins with a byte-order mark, which a spreadsheet adds on saving"
    if not str(resource["path"]).endswith(".gz") and b"\r" in raw:
        return "the line endings were turned into CRLF (a spreadsheet, or git with core.autocrlf)"
    if len(raw) < resource.get("bytes", 0):
        return "the file is shorter than recorded: truncated, or rows are gone"
    return "the content was changed"


def _damage(resource: dict[str, Any], what: str, expected: str, found: str) -> str:
    file = f"data/{_file_name(resource)}"
    return (
        f"{file}: {what}.\n  expected: {expected}\n  found:    {found}\n"
        f"  restore:  git checkout -- {file}\n  (a change made on purpose is recorded by: python -m amazon_labor.catalog_admin)"
    )


def _fault_message(resource: dict[str, Any], faults: Sequence[str]) -> str:
    file = f"data/{_file_name(resource)}"
    count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''} against its schema in data/datapackage.json"
    return "\n".join([f"{file}: {count}.", *(f"  - {fault}" for fault in faults), f"  restore: git checkout -- {file}"])


def typed(name: str, resource: dict[str, Any], raw: bytes, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Type the cells of a table's file as its descriptor says.

    Raises
    ------
    DataError
        If the file cannot be read or a cell has another type.
    """
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    columns = list(fields) if columns is None else columns
    compression: Any = "gzip" if str(resource["path"]).endswith(".gz") else None
    numeric = {"integer": "Int64", "year": "Int64", "number": "float64"}
    try:
        frame = pd.read_csv(
            io.BytesIO(raw),
            compression=compression,
            dtype={column: numeric.get(kind, "object") for column, kind in fields.items()},
            usecols=list(columns),
            keep_default_na=False,
            na_values=[""],
            float_precision="round_trip",
        )
        return frame.assign(**{column: _finished(frame[column], fields[column]) for column in columns})[list(columns)]
    except (ValueError, TypeError, KeyError, EOFError, OSError) as error:
        validate(name)
        raise DataError(f"data/{_file_name(resource)} cannot be read: {error}") from error


def _finished(column: "pd.Series[Any]", kind: str) -> "pd.Series[Any]":
    missing = bool(column.isna().any())
    match kind:
        case "integer" | "year":
            return column if missing else column.astype("int64")
        case "date":
            return pd.to_datetime(column, format="%Y-%m-%d").astype("datetime64[ns]")
        case "boolean":
            mapped = column.map(BOOLEANS)
            if bool((mapped.isna() & column.notna()).any()):
                raise ValueError(f"{column.name} holds something other than true and false")
            return mapped.astype("boolean" if missing else "bool")
    return column


def _chosen_vintages(name: str, resource: dict[str, Any], vintage: str | Sequence[str] | None) -> list[str] | None:
    """Vintages to keep, or None for every row."""
    has_vintage = any(field["name"] == "vintage" for field in resource["schema"]["fields"])
    if vintage is not None and not has_vintage:
        raise DataError(f"{name} has no column `vintage`: each of its facts is there once. Leave the argument out.")
    chosen = resource.get("canonical_vintage") if vintage is None else vintage
    if not has_vintage or chosen is None or chosen == "all":
        return None
    return [chosen] if isinstance(chosen, str) else [str(one) for one in chosen]


def _vintage_words(resource: dict[str, Any], chosen: list[str] | None) -> str:
    """Vintage of what was read: the one chosen, else all, else the dates on which the sources were published."""
    if chosen is not None:
        return ", ".join(chosen)
    return "all" if any(field["name"] == "vintage" for field in resource["schema"]["fields"]) else vintage_of(resource)


def _note(name: str, resource: dict[str, Any], raw: bytes, rows: int, vintage: str) -> None:
    record = TableRecord(
        name, publishers_of(resource), vintage, rows, len(raw), str(resource["hash"]).removeprefix("sha256:")
    )
    _read.setdefault((name, vintage), record)


def _refuse_unknown(what: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for value in asked:
        if value not in known:
            near = difflib.get_close_matches(str(value), [str(one) for one in known], 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            listing = (
                ", ".join(map(str, known))
                if len(known) <= 40
                else f"{len(known)} names, listed by: amazon-labor data describe"
            )
            raise DataError(f"{what} {value!r} is not known.{hint} Allowed: {listing}.")
