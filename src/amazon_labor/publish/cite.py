"""How to cite the collection and its reports: in words and as BibTeX, from `CITATION.cff` and never from the clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amazon_labor import paths

FILE = "CITATION.cff"
NEEDED = ("title", "version", "date-released", "authors")
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: f"\\{c}" for c in "&%$#_{}"
}


class CitationError(ValueError):
    """A `CITATION.cff` that lacks what an entry needs."""


@dataclass(frozen=True)
class Citation:
    """What a reader copies: one sentence, and an entry for a reference manager."""

    words: str
    bibtex: str


@dataclass(frozen=True)
class Collection:
    """The fields of `CITATION.cff` that an entry takes over."""

    title: str
    version: str
    year: str
    authors: tuple[str, ...]

    def whole(self) -> Citation:
        """Return the citation of the collection."""
        words = f"{self._by()} ({self.year}). {self.title}. Version {self.version}."
        fields = {"title": self.title, "version": self.version}
        return Citation(words, self._entry("software", "amazon_labor", fields))

    def report(self, number: int, name: str, title: str, changed: Mapping[str, str]) -> Citation:
        """Return the citation of one report; `changed` are parameters that differ from their defaults, as printed."""
        of = f"Notebook {number:02d} of {self.title}, version {self.version}"
        run = ", ".join(f"{key} = {value}" for key, value in changed.items())
        end = "" if title[-1:] in ("?", "!", ".") else "."
        words = f"{self._by()} ({self.year}). {title}{end} {of}{f', run with {run}' if run else ''}."
        fields = {"title": title, "howpublished": of} | ({"note": f"Run with {run}"} if run else {})
        return Citation(words, self._entry("misc", f"amazon_labor_{name}", fields))

    def _by(self) -> str:
        return ", ".join(self.authors)

    def _entry(self, kind: str, key: str, fields: Mapping[str, str]) -> str:
        authors = " and ".join(f"{{{_escaped(a)}}}" for a in self.authors)
        lines = [f"  author = {{{authors}}}", *(f"  {k} = {{{_escaped(v)}}}" for k, v in fields.items())]
        return f"@{kind}{{{key},\n" + ",\n".join([*lines, f"  year = {{{self.year}}}"]) + "\n}"


def collection(folder: Path | None = None) -> Collection | None:
    """Read `CITATION.cff`; None where a copy of the collection has none.

    Raises
    ------
    CitationError
        If a field that an entry needs is missing, or the date of release does not begin with a year.
    """
    import yaml

    path = (folder or paths.root()) / FILE
    if not path.is_file():
        return None
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if missing := [key for key in NEEDED if not found.get(key)]:
        raise CitationError(f"{FILE} has no {', '.join(missing)}; pages cite the collection with {', '.join(NEEDED)}.")
    year = re.match(r"\d{4}", str(found["date-released"]))
    if year is None:
        raise CitationError(f"{FILE}: date-released is {found['date-released']!r}, not a date as 2026-01-31.")
    authors = tuple(_name(author) for author in found["authors"])
    return Collection(str(found["title"]), str(found["version"]), year[0], authors)


def _name(author: Mapping[str, Any]) -> str:
    given = [str(author[key]) for key in ("given-names", "family-names") if author.get(key)]
    return " ".join(given) or str(author.get("name") or "")


def _escaped(text: str) -> str:
    return "".join(SPECIAL.get(c, c) for c in text)
