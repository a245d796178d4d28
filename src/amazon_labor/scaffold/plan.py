"""What a new notebook will be called, where its files go, and what it shows: checked whole before a file is written."""

import difflib
import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amazon_labor import catalog, paths
from amazon_labor.parameters import InputError
from amazon_labor.runner import collection, notebook
from amazon_labor.runner.checks import TITLE_LIMIT

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
LONGEST, LAST_NUMBER, FEWEST = 40, 99, 5
DEFAULT_TABLE = "unions/membership_national_bls"
NUMERIC = ("integer", "number")


class ScaffoldError(InputError):
    """A new notebook that cannot be begun: a name that is taken or bad, an unknown table or part."""


@dataclass(frozen=True)
class Plan:
    """One notebook to be begun.

    `column` is the column of `table` that its example describes, `unit` that column's unit, `about` its description.
    """

    name: str
    number: int
    title: str
    question: str
    part: str
    table: str
    column: str
    unit: str
    about: str
    article: str | None

    @property
    def notebook(self) -> Path:
        return paths.notebooks_dir() / f"{self.number:02d}_{self.name}.ipynb"

    @property
    def method(self) -> Path:
        return paths.root() / "src" / "amazon_labor" / "methods" / f"{self.name}.py"

    @property
    def test(self) -> Path:
        return paths.root() / "tests" / "methods" / f"test_{self.name}.py"

    @property
    def scenarios(self) -> Path:
        return paths.claims_dir() / "scenarios.toml"


def plan(name: str, title: str, part: str, question: str, table: str, column: str | None) -> Plan:
    """Check what a person typed and complete it.

    Raises
    ------
    ScaffoldError
        Naming what was given, what is allowed and the nearest valid value; nothing is written then.
    """
    everything, _ = collection.read()
    taken = set(everything.order)
    _check_name(name, taken)
    _check_line("--title", title, TITLE_LIMIT)
    asked = question or f"What do the values of {table.rpartition('/')[2].replace('_', ' ')} look like?"
    _check_line("--question", asked, 300)
    field = _field(_table(table), column)
    made = Plan(
        name,
        _number(),
        title.strip(),
        asked.strip(),
        _part(part, {task.notebook.part for task in everything.tasks.values()}),
        table,
        field["name"],
        str(field.get("unit") or "value"),
        str(field.get("description") or field["name"]),
        paths.article(),
    )
    for path in (made.method, made.test):
        if path.exists():
            raise ScaffoldError(f"{path.relative_to(paths.root()).as_posix()} exists already. Choose another name.")
    return made


def _check_name(name: str, taken: set[str]) -> None:
    usable = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").lstrip("_0123456789")[:LONGEST]
    if not NAME.match(name) or keyword.iskeyword(name) or len(name) > LONGEST:
        hint = f" For example: {usable}." if NAME.match(usable) and not keyword.iskeyword(usable) else ""
        raise ScaffoldError(
            f"The name {name[:100]!r} cannot be used. Allowed: at most {LONGEST} small letters, digits and underscores, a "
            f"letter first, no word of Python.{hint}"
        )
    if name in taken:
        file = notebook.files()[name].name
        raise ScaffoldError(
            f"There is a notebook {name!r} already ({file}). Choose another name, for example {name}_2."
        )


def _check_line(option: str, text: str, most: int) -> None:
    if not text.strip() or not text.isprintable() or len(text) > most:
        raise ScaffoldError(f"{option} is {text[:100]!r}; it must be one line of 1 to {most} characters.")
    if any(sign in text for sign in "*`#{}$<>"):
        raise ScaffoldError(
            f"{option} is {text[:100]!r}; the signs * ` # {{ }} $ < > mean something in Markdown, leave them out."
        )


def _part(part: str, known: set[str]) -> str:
    if part in known or (not known and part.strip() and part.isprintable()):
        return part
    near = difflib.get_close_matches(part[:100], known, 1, 0.3)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ScaffoldError(f"--part is {part[:100]!r}, which no notebook has.{hint} Parts: {'; '.join(sorted(known))}.")


def _table(table: str) -> dict[str, Any]:
    known = catalog.names()
    if table not in known:
        near = difflib.get_close_matches(table[:100], known, 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ScaffoldError(f"There is no table {table[:100]!r}.{hint} All of them: amazon-labor data describe")
    return catalog.describe(table)


def _field(described: dict[str, Any], column: str | None) -> dict[str, Any]:
    """The column to describe: the one named, or the first with a unit and enough values."""
    table = catalog.catalogue_name(described)
    numeric = {f["name"]: f for f in described["schema"]["fields"] if f["type"] in NUMERIC}
    if column is not None and column not in numeric:
        near = difflib.get_close_matches(column[:100], numeric, 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ScaffoldError(
            f"{table} has no column of numbers {column[:100]!r}.{hint} Columns: {', '.join(numeric) or 'none'}."
        )
    counts = catalog.load(table)[list(numeric)].notna().sum()
    wanted = [column] if column is not None else sorted(numeric, key=lambda n: not numeric[n].get("unit"))
    for one in wanted:
        if counts[one] >= FEWEST:
            return numeric[one]
    what = f"its column {column!r}" if column else "each of its columns of numbers"
    raise ScaffoldError(
        f"{table} cannot serve as an example: {what} has fewer than {FEWEST} values. Name another table."
    )


def _number() -> int:
    number = max((int(path.stem[:2]) for path in notebook.files().values()), default=0) + 1
    if number > LAST_NUMBER:
        raise ScaffoldError(f"Notebooks are numbered up to {LAST_NUMBER}, and number {LAST_NUMBER} is taken.")
    return number
