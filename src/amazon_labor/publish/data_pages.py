"""The data section: a page for each table of the data package, and one that lists them all.

Everything on a page is of the package itself (descriptor, sources, file) or of the build (which notebooks read the
table, which claims rest on it). Nothing here reads a frame: the first rows are shown as they stand in the file.
"""

import base64
import csv
import gzip
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from amazon_labor import catalog_words
from amazon_labor.publish import page

PREVIEW, CELL = 6, 80  # rows shown, characters of a cell shown
LIGHT = 60_000  # bytes of a page; where its sources would make it heavier they stand as the descriptor groups them
LISTED = 75_000  # bytes of the list of all tables, the script of the ledger among them
SMALL = 40_000  # bytes of a download, which come on top
SHOWN = 12  # allowed values that a dictionary lists before it counts
MOMENTS = ("year", "date", "yearmonth", "datetime")
SPOKEN = ("period", "year", "date", "fiscal_year")  # columns of text that say when
BROKEN = (EOFError, OSError, UnicodeDecodeError, csv.Error, ValueError)


@dataclass(frozen=True)
class Reader:
    """A notebook that reads a table; `href` is its report seen from the folder of the reports, empty without one."""

    number: int
    title: str
    href: str


@dataclass(frozen=True)
class Judged:
    """A claim that rests on a table, with its verdict in this build."""

    claim_id: str
    statement: str
    verdict: str


@dataclass(frozen=True)
class Table:
    """A table of the package with what a build knows of it.

    `name` is that of the catalogue, ``folder/table``; `raw` are the bytes of its file, None where it cannot be read;
    `file` is its path below the root of the collection.
    """

    name: str
    resource: Mapping[str, Any]
    raw: bytes | None
    file: str
    readers: tuple[Reader, ...] = ()
    claims: tuple[Judged, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the file is the one that the package describes."""
        return self.raw is not None and f"sha256:{hashlib.sha256(self.raw).hexdigest()}" == self.resource.get("hash")

    @cached_property
    def facts(self) -> "Facts | None":
        """What a look into the file gives; two pages show it, and the file is read for the first of them."""
        return facts(self)


@dataclass(frozen=True)
class Facts:
    """What a look into a file gives: number of rows, the first of them, and the period they cover in words."""

    rows: int
    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    period: str


def facts(table: Table) -> Facts | None:
    """Look into the file of a table; None where it is not the file that the package describes."""
    if not table.sound or table.raw is None:
        return None
    try:
        raw = gzip.decompress(table.raw) if table.file.endswith(".gz") else table.raw
        lines = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
        columns = tuple(next(lines, []))
        rows = [tuple(line) for line in lines]
    except BROKEN:
        return None
    first = tuple(tuple(_short(cell) for cell in row) for row in rows[:PREVIEW])
    return Facts(len(rows), columns, first, _period(table.resource, columns, rows))


def _short(cell: str) -> str:
    return cell if len(cell) <= CELL else f"{cell[: CELL - 1]}…"


def _period(resource: Mapping[str, Any], columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """First and last moment of the column that says when, or the last period the descriptor names."""
    column = _when(resource)
    if column in columns:
        place = columns.index(column)
        cells = {row[place] for row in rows if len(row) > place and row[place]}
        years = sorted(found[0] for cell in cells if (found := re.search(r"(?:1[5-9]|20)\d\d(?:-\d\d)*", cell)))
        if years:
            return years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    last = str(resource.get("refresh", {}).get("last_period") or "")
    return f"up to {last}" if last else "no column says when"


def _when(resource: Mapping[str, Any]) -> str:
    """Column that says when: of the key first, typed before text."""
    schema = resource["schema"]
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    key = [name for name in schema["primaryKey"] if name in kinds]
    typed = [n for n in (*key, *kinds) if kinds[n] in MOMENTS]
    spoken = [n for n in (*key, *kinds) if n in SPOKEN]
    in_key = [n for n in (*typed, *spoken) if n in key]
    return next(iter((*in_key, *typed, *spoken)), "")


# ---------------------------------------------------------------- one table


def render_table(table: Table, sources: Mapping[str, Mapping[str, str]], neighbours: Sequence[Table | None]) -> str:
    """Return the page of one table.

    Parameters
    ----------
    table : Table
        With its file, readers and claims.
    sources : mapping
        Rows of `data/sources.csv` by key: one entry of a descriptor may stand for several texts.
    neighbours : sequence of Table or None
        The tables before and after it in the list.

    Returns
    -------
    str
        HTML; a small file is in it as a download.
    """
    fields = _shown(table, sources, neighbours)
    text = page.render("table.html.j2", **fields)
    if len(text.encode()) - len(fields["download"]) > LIGHT:
        text = page.render("table.html.j2", **fields | {"sources": list(_sources(table.resource, {}))})
    return text


def _shown(
    table: Table, sources: Mapping[str, Mapping[str, str]], neighbours: Sequence[Table | None]
) -> dict[str, Any]:
    """What the template shows of a table."""
    found = table.facts
    resource = table.resource
    return {
        "shell": page.shell(ledger=False),
        "t": table,
        "title": resource["title"],
        "folder": table.name.split("/")[0].replace("_", " "),
        "facts": found,
        "columns": [_column(one) for one in resource["schema"]["fields"]],
        "key": list(resource["schema"]["primaryKey"]),
        "vintage": catalog_words.vintage_of(dict(resource)),
        "sources": list(_sources(resource, sources)),
        "licences": [
            (one.get("title") or one["name"], _link(str(one.get("path", "")))) for one in resource["licenses"]
        ],
        "corrections": [_correction(one) for one in resource["corrections"]],
        "doubts": list(resource["known_doubts"]),
        "refresh": _refresh(resource["refresh"]),
        "digest": str(resource.get("hash", "")).removeprefix("sha256:"),
        "size": int(resource.get("bytes", 0)),
        "download": _download(table),
        "around": [(one.resource["title"], page.table_address(one.name)) if one else None for one in neighbours],
    }


def _download(table: Table) -> str:
    """The file as an address, if it is small enough: the bytes themselves, so that the digest fits the download."""
    if not table.sound or table.raw is None or table.file.endswith(".gz"):
        return ""
    made = f"data:text/csv;base64,{base64.b64encode(table.raw).decode()}"
    return made if len(made) <= SMALL else ""


def _column(field: Mapping[str, Any]) -> dict[str, Any]:
    limits = field.get("constraints", {})
    allowed = [str(value) for value in limits.get("enum", [])]
    notes = []
    if allowed:
        more = f" and {len(allowed) - SHOWN} more" if len(allowed) > SHOWN else ""
        notes.append(f"One of {', '.join(allowed[:SHOWN])}{more}.")
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None or high is not None:
        ends = (f"at least {low}", f"at most {high}")
        notes.append("; ".join(end for end, value in zip(ends, (low, high), strict=True) if value is not None) + ".")
    return {
        "name": field["name"],
        "type": field["type"],
        "unit": str(field.get("unit") or ""),
        "meaning": str(field.get("description", "")),
        "allowed": " ".join(notes)[:1].upper() + " ".join(notes)[1:],
        "empty": "never" if limits.get("required") else "may be",
    }


def _sources(resource: Mapping[str, Any], known: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, str]]:
    """Each text once: an entry that stands for several is taken apart with `data/sources.csv`."""
    for entry in resource["sources"]:
        keys = [key for key in str(entry.get("key", "")).split(";") if key]
        texts = [known[key] for key in keys if key in known]
        if len(keys) > 1 and texts:
            for key, one in zip(keys, texts, strict=False):
                yield _source(key, one["publisher"], one["title"], one["url_of_the_original"], one["where_read"],
                              one["published_date"], one["licence_or_terms"], one["accessed"])  # fmt: skip
        else:
            yield _source("; ".join(keys), entry.get("publisher"), entry["title"], entry["path"], entry.get("copy_read"),
                          entry.get("vintage"), entry.get("licence"), entry.get("accessed"))  # fmt: skip


def _source(key: str, *words: Any) -> dict[str, str]:
    names = ("publisher", "title", "original", "read_in", "published", "licence", "accessed")
    record = {name: str(word or "") for name, word in zip(names, words, strict=True)}
    link = _link(record["original"])
    return record | {"key": key, "link": link, "host": urlsplit(link).netloc.removeprefix("www.")}


def _link(text: str) -> str:
    """The text if it is an address that a page may link to, else nothing."""
    return text if re.fullmatch(r"https://[^\s\"'<>]+", text) else ""


def _correction(entry: Mapping[str, Any]) -> dict[str, str]:
    where = ", ".join(f"{column} {value}" for column, value in entry["key"].items()) or "every row"
    return {
        "where": where,
        **{name: str(entry[name]) or "(empty)" for name in ("column", "old", "new", "reason", "date")},
    }


def _refresh(recipe: Mapping[str, Any]) -> str:
    """How the table is brought up to date, in a sentence."""
    parts = [str(recipe.get(name) or "") for name in ("frequency", "transformation")]
    last = str(recipe.get("last_period") or "")
    kind = str(recipe.get("kind", "none"))
    start = "Not refreshed by the collection" if kind == "none" else f"Refreshed by kind {kind}"
    words = "; ".join(part.rstrip(".") for part in (start, *parts) if part)
    return f"{words}. Last period here: {last}." if last else f"{words}."


# ---------------------------------------------------------------- the list


def render_tables(tables: Sequence[Table]) -> str:
    """Return the page that lists all tables by folder, in the order given."""
    looked = [(one, one.facts) for one in tables]
    rows = [{"t": one, "facts": found, "publishers": _publishers(one)} for one, found in looked]
    return page.render(
        "tables.html.j2",
        shell=page.shell(ledger=False),
        folders=[(name, list(group)) for name, group in groupby(rows, key=_folder)],
        count=len(tables),
        total=sum(found.rows for _, found in looked if found),
        unread=[one for one, found in looked if not found],
    )


def _folder(row: Mapping[str, Any]) -> str:
    return str(row["t"].name).split("/")[0]


def _publishers(table: Table) -> str:
    found = catalog_words.publishers_of(dict(table.resource))
    return "; ".join(found[:1]) + (f" and {len(found) - 1} more" if len(found) > 1 else "")
