"""What the last build did, kept beside its products: inputs by digest, products by digest, tables read, failures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from amazon_labor.runner import atomic

VERSION = 2


@dataclass(frozen=True)
class Failure:
    """Why a run failed: `cell` is a position from 0 over all cells, or None if no cell was reached."""

    cell: int | None
    reason: str
    traceback: str = ""


@dataclass(frozen=True)
class Entry:
    """Last run of one notebook with one set of parameters.

    `inputs` are what the run depends on and `page_inputs` what its page depends on besides, each a flat mapping of a
    readable name to a digest or a value. `products` maps paths, relative to the folder of reports, to SHA-256.
    """

    name: str
    slug: str | None
    inputs: dict[str, str]
    page_inputs: dict[str, str]
    tables: list[str]
    products: dict[str, str]
    failure: Failure | None = None

    @property
    def key(self) -> str:
        return key(self.name, self.slug)


@dataclass(frozen=True)
class Sweep:
    """Digest of what a comparison page was made from, and its products by path."""

    inputs: str
    products: dict[str, str]


@dataclass(frozen=True)
class State:
    """All entries by key; inputs, products and last words of the index; a note if an earlier state could not be used."""

    entries: dict[str, Entry] = field(default_factory=dict)
    index: str = ""
    index_products: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    unchecked: tuple[str, ...] = ()
    note: str | None = None
    sweeps: dict[str, Sweep] = field(default_factory=dict)


def key(name: str, slug: str | None) -> str:
    """Key of a run: the notebook's name, or name and slug for a run with other parameters."""
    return name if slug is None else f"{name}--{slug}"


def load(path: Path) -> State:
    """Read the state; one that is missing, damaged or of another version counts as none, with a note."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    except (OSError, ValueError):
        return State(note="The record of the last build is damaged; everything is built anew.")
    try:
        if data["version"] != VERSION:
            return State(note="The record of the last build is of another version; everything is built anew.")
        entries = {k: _entry(v) for k, v in data["entries"].items()}
        return State(
            entries,
            str(data["index"]),
            _products(data["index_products"]),
            str(data["summary"]),
            unchecked=tuple(map(str, data["unchecked"])),
            sweeps={str(k): Sweep(str(v["inputs"]), _products(v["products"])) for k, v in data["sweeps"].items()},
        )
    except (KeyError, TypeError, AttributeError):
        return State(note="The record of the last build is damaged; everything is built anew.")


def save(path: Path, state: State) -> None:
    """Write the state whole, in one line: a build does so after each run and each page, and lines take ten times as long."""
    data = {
        "version": VERSION,
        "entries": state.entries,
        "index": state.index,
        "index_products": state.index_products,
        "summary": state.summary,
        "unchecked": state.unchecked,
        "sweeps": state.sweeps,
    }
    atomic.write(path, json.dumps(data, sort_keys=True, default=vars) + "\n")


def _entry(raw: Mapping[str, Any]) -> Entry:
    failure = raw["failure"]
    return Entry(
        str(raw["name"]),
        None if raw["slug"] is None else str(raw["slug"]),
        _texts(raw["inputs"]),
        _texts(raw["page_inputs"]),
        [str(t) for t in raw["tables"]],
        _products(raw["products"]),
        None if failure is None else Failure(failure["cell"], failure["reason"], failure["traceback"]),
    )


def _texts(raw: Mapping[str, Any]) -> dict[str, str]:
    return {str(k): str(v) for k, v in raw.items()}


def _products(raw: Mapping[str, Any]) -> dict[str, str]:
    """Products by path below the folder of reports; a record that names anything else is damaged."""
    for name in raw:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise TypeError(f"{name!r} is not below the folder of reports")
    return _texts(raw)
