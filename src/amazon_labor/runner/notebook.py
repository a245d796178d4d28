"""Notebooks as files: found by number, read as JSON without any notebook library, so that deciding costs nothing."""

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.parameters import CellError, InputError, Parameter, read_cell

FILE = re.compile(r"(?P<number>[0-9]{2})_(?P<name>[a-z][a-z0-9_]*)\.ipynb\Z")
CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)


class NotebookError(Exception):
    """A notebook that cannot be read or has no usable parameters cell: it fails, others go on."""


class UnknownNotebookError(InputError):
    """A name that is no notebook's."""


@dataclass(frozen=True)
class Cell:
    """One cell; `position` counts from 0 over all cells, Markdown included."""

    position: int
    kind: str
    source: str
    tags: tuple[str, ...]
    identifier: str | None
    outputs: tuple[dict[str, Any], ...] = ()
    execution_count: int | None = None

    @property
    def is_code(self) -> bool:
        return self.kind == "code"


@dataclass(frozen=True)
class Notebook:
    """A notebook as read from its file, with the text it was read from."""

    name: str
    number: int
    path: Path
    cells: tuple[Cell, ...]
    metadata: dict[str, Any]
    text: str

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def part(self) -> str:
        return str(self.metadata.get("amazon_labor", {}).get("part", ""))

    @property
    def compare_first(self) -> str:
        """The emitted number that a page of many runs shows first; empty for the first that moves."""
        return str(self.metadata.get("amazon_labor", {}).get("compare_first", ""))

    @property
    def title(self) -> str:
        """Heading of the first cell."""
        heading = re.search(r"^# +(.+)$", self._opening, re.MULTILINE)
        return heading[1].strip() if heading else self.name

    @property
    def question(self) -> str:
        """The bold question below the heading."""
        bold = re.search(r"\*\*(.+?)\*\*", self._opening, re.DOTALL)
        return " ".join(bold[1].split()) if bold else ""

    @property
    def _opening(self) -> str:
        return self.cells[0].source if self.cells and self.cells[0].kind == "markdown" else ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters of the one cell tagged ``parameters``.

        Raises
        ------
        NotebookError
            If there is none or more than one such cell, or it breaks the grammar.
        """
        tagged = [c for c in self.cells if c.is_code and "parameters" in c.tags]
        if not tagged:
            raise NotebookError(
                f"{self.path.name} has no cell tagged `parameters`. Tag the second cell, even if it is empty."
            )
        if len(tagged) > 1:
            places = ", ".join(str(c.position) for c in tagged)
            raise NotebookError(
                f"{self.path.name} has {len(tagged)} cells tagged `parameters` (cells {places}); keep one."
            )
        try:
            return read_cell(tagged[0].source)
        except CellError as error:
            raise NotebookError(f"{self.path.name}, cell {tagged[0].position}: {error}") from None


def files(folder: Path | None = None) -> dict[str, Path]:
    """Notebook files by name, in the order of their numbers."""
    where = paths.notebooks_dir() if folder is None else folder
    found = ((FILE.match(p.name), p) for p in sorted(where.glob("*.ipynb")))
    return {match["name"]: p for match, p in found if match}


def find(word: str, folder: Path | None = None) -> str:
    """Return the name of the notebook meant by a name, a number or a file.

    Raises
    ------
    UnknownNotebookError
        With the nearest name.
    """
    known = files(folder)
    wanted = Path(word).name.removesuffix(".ipynb")
    for name, path in known.items():
        if wanted in (name, path.stem) or (wanted.isdecimal() and int(wanted) == int(path.stem[:2])):
            return name
    near = difflib.get_close_matches(wanted[:100].lower(), known, 1, 0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    listing = ", ".join(known) or "none"
    raise UnknownNotebookError(
        f"There is no notebook {wanted[:100]!r}.{hint}\n  Known: {listing}\n  More about each: amazon-labor list"
    )


def read(path: Path) -> Notebook:
    """Read a notebook file.

    Raises
    ------
    NotebookError
        If it is not a notebook of format 4, saying what it is and what mends it.
    """
    match = FILE.match(path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path.name} cannot be read: {error}.") from None
    data = _parsed(path.name, text)
    cells = tuple(_cell(path.name, i, raw) for i, raw in enumerate(data["cells"]))
    name, number = (match["name"], int(match["number"])) if match else (path.stem, 0)
    return Notebook(name, number, path, cells, data.get("metadata", {}), text)


def _parsed(file: str, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise NotebookError(
            f"{file} is nested too deeply for a notebook. Restore it: git checkout -- notebooks/{file}"
        ) from None
    except ValueError as error:
        if CONFLICT.search(text):
            raise NotebookError(
                f"{file} holds merge conflict markers. Settle the merge: git checkout --ours or --theirs."
            ) from None
        raise NotebookError(f"{file} is not JSON ({error}). Restore it: git checkout -- notebooks/{file}") from None
    if isinstance(data, dict) and data.get("nbformat") != 4:
        raise NotebookError(
            f"{file} has notebook format {data.get('nbformat', 'unknown')}, not 4. "
            f"Convert it: jupyter nbconvert --to notebook --inplace notebooks/{file}"
        )
    if (
        not isinstance(data, dict)
        or not isinstance(data.get("cells"), list)
        or not isinstance(data.get("metadata", {}), dict)
    ):
        raise NotebookError(f"{file} is JSON, but not a notebook: it has no list of cells.")
    own = data.get("metadata", {})
    for key in ("amazon_labor", "kernelspec"):
        if not isinstance(own.get(key, {}), dict):
            raise NotebookError(f"{file}: metadata.{key} is {type(own[key]).__name__}; it must hold names and values.")
    return data


def _cell(file: str, position: int, raw: Any) -> Cell:
    try:
        source, tags, outputs = joined(raw["source"]), raw.get("metadata", {}).get("tags", []), raw.get("outputs", [])
        source.encode()  # half a character, which JSON can hold and no file, would fail much later
        if not (_all(str, tags) and _all(dict, outputs) and _all(dict, [o.get("data", {}) for o in outputs])):
            raise TypeError("tags or outputs")
        return Cell(
            position,
            raw["cell_type"],
            source,
            tuple(tags),
            raw.get("id"),
            tuple(outputs),
            raw.get("execution_count"),
        )
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError):
        raise NotebookError(
            f"{file}: cell {position} is not a notebook cell. Restore the file: git checkout -- notebooks/{file}"
        ) from None


def _all(kind: type, found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, kind) for one in found)


def joined(text: str | list[str]) -> str:
    """Text that the format stores as one string or a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def bundles(outputs: tuple[dict[str, Any], ...], mime_type: str) -> list[Any]:
    """Data of one MIME type in a cell's outputs."""
    return [o["data"][mime_type] for o in outputs if mime_type in o.get("data", {})]
