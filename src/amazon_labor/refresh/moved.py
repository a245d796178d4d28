"""Which emitted numbers and verdicts move between two builds: the same notebooks, two vintages of the tables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amazon_labor import mime, paths
from amazon_labor.refresh.errors import RefreshError

TOLERANCE = 1e-9  # emitted values carry ten digits; less is the last bit of a float on another processor


@dataclass(frozen=True)
class NumberMove:
    """An emitted number before and after, in words."""

    notebook: str
    name: str
    before: str
    after: str
    change: str
    percent: str
    unit: str


@dataclass(frozen=True)
class VerdictMove:
    """A verdict before and after, with what was computed."""

    claim: str
    before: str
    after: str
    value_before: str
    value_after: str


@dataclass(frozen=True)
class Moves:
    """All that moved; `one_sided` are numbers that one of the builds does not emit, `failed` notebooks that broke."""

    notebooks: int
    compared: int
    claims: int
    numbers: tuple[NumberMove, ...]
    verdicts: tuple[VerdictMove, ...]
    one_sided: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def compare(before: Path | None, after: Path) -> Moves:
    """Compare the numbers and verdicts of two builds.

    Parameters
    ----------
    before : Path or None
        Folder of reports built with the vintage in use; None takes the outputs stored in `notebooks/`.
    after : Path
        Folder of reports built with the new vintage.

    Raises
    ------
    RefreshError
        If a folder holds no build; the message gives the command that makes one.
    """
    old = _outputs(paths.notebooks_dir() if before is None else before / "executed", before)
    new = _outputs(after / "executed", after)
    failed = tuple((file.stem, _why(file)) for file in sorted((after / "failed").glob("*.ipynb")))
    broken = {name for name, _ in failed}
    both = [name for name in old if name in new and name not in broken]
    numbers, one_sided, compared = _numbers({n: old[n] for n in both}, {n: new[n] for n in both})
    claims_before = {r["id"]: r for name in both for r in old[name][mime.CLAIM]}
    claims_after = {r["id"]: r for name in both for r in new[name][mime.CLAIM]}
    shared = [claim for claim in claims_before if claim in claims_after]
    verdicts = [_verdict(claims_before[claim], claims_after[claim]) for claim in shared]
    moved = tuple(one for one in verdicts if one.before != one.after)
    return Moves(len(both), compared, len(shared), tuple(numbers), moved, tuple(one_sided), failed)


def _outputs(folder: Path, asked: Path | None) -> dict[str, dict[str, list[Any]]]:
    found = {}
    for file in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = {kind: _records(notebook, kind) for kind in (mime.NUMBER, mime.CLAIM)}
    if not found:
        raise RefreshError(
            f"There is no build in {asked or folder}. Make one: amazon-labor build --vintage VINTAGE, "
            "or without --vintage for the tables in use."
        )
    return found


def _records(notebook: Mapping[str, Any], kind: str) -> list[Any]:
    return [o["data"][kind] for c in notebook["cells"] for o in c.get("outputs", ()) if kind in o.get("data", {})]


def _numbers(
    old: Mapping[str, Mapping[str, list[Any]]], new: Mapping[str, Mapping[str, list[Any]]]
) -> tuple[list[NumberMove], list[tuple[str, str]], int]:
    moved: list[NumberMove] = []
    one_sided: list[tuple[str, str]] = []
    compared = 0
    for notebook in old:
        before = {r["name"]: r for r in old[notebook][mime.NUMBER]}
        after = {r["name"]: r for r in new[notebook][mime.NUMBER]}
        one_sided += [(f"{notebook}: {name}", "before") for name in before if name not in after]
        one_sided += [(f"{notebook}: {name}", "after") for name in after if name not in before]
        for name in before:
            if name in after:
                compared += 1
                moved += _number(notebook, name, before[name], after[name])
    return moved, one_sided, compared


def _number(notebook: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[NumberMove]:
    a, b = float(before["value"]), float(after["value"])
    if abs(b - a) <= TOLERANCE * max(abs(a), abs(b)):
        return []
    percent = f"{100 * (b - a) / abs(a):+.2g}" if a else ""
    return [NumberMove(notebook, name, f"{a:.6g}", f"{b:.6g}", f"{b - a:+.3g}", percent, str(after["unit"]))]


def _verdict(before: Mapping[str, Any], after: Mapping[str, Any]) -> VerdictMove:
    return VerdictMove(
        before["id"],
        before["verdict_words"],
        after["verdict_words"],
        str(before.get("computed", "")),
        str(after.get("computed", "")),
    )


def _why(file: Path) -> str:
    """Last line of the error a failed notebook ended with."""
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                return f"{output['ename']}: {output['evalue']}".splitlines()[0]
    return "it did not run to its end"
