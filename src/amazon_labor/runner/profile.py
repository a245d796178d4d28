"""Where the time of a build goes: seconds of each cell, kept beside the record of the builds and never in outputs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from amazon_labor.parameters import InputError
from amazon_labor.runner import atomic, notebook
from amazon_labor.runner.layout import Layout

FILE, WIDTH = "times.json", 76


def path(where: Layout) -> Path:
    """File of the times under a folder of reports."""
    return where.build / FILE


def load(where: Layout) -> dict[str, dict[str, Any]]:
    """Times of the last run of each notebook, by key; none if there is no record or it cannot be read."""
    try:
        found = json.loads(path(where).read_text(encoding="utf-8"))["runs"]
        return {
            str(key): {"seconds": float(one["seconds"]), "cells": _cells(one["cells"])} for key, one in found.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _cells(raw: Sequence[Sequence[float]]) -> list[tuple[int, float]]:
    return [(int(position), float(seconds)) for position, seconds in raw]


def keep(where: Layout, key: str, seconds: float, cells: Sequence[tuple[int, float]]) -> None:
    """Record the times of a run, in place of those of an earlier one.

    Parameters
    ----------
    seconds : float
        Time of the whole run, start and end of the kernel included.
    cells : sequence of (int, float)
        Position over all cells of the notebook, and seconds.
    """
    runs = load(where) | {key: {"seconds": round(seconds, 4), "cells": [[p, round(s, 4)] for p, s in cells]}}
    atomic.write(path(where), json.dumps({"runs": dict(sorted(runs.items()))}) + "\n")


def report(out: Path, names: Sequence[str], slowest: int) -> str:
    """Say how long notebooks took when they last ran, and which cells took longest.

    Raises
    ------
    InputError
        If a name is no notebook's, or nothing of what is asked for has run here.
    """
    where = Layout(out)
    wanted = {notebook.find(name) for name in names}
    runs = {k: one for k, one in load(where).items() if not wanted or k.split("--")[0] in wanted}
    if not runs:
        which = f" of {', '.join(sorted(wanted))}" if wanted else ""
        raise InputError(f"There are no times{which} in {out}. Make some: amazon-labor build {' '.join(names)} --force")
    ranked = sorted(runs, key=lambda key: -runs[key]["seconds"])
    lines = ["notebook, seconds in all and in its cells:"]
    width = max(map(len, ranked))
    for key in ranked:
        inside = sum(s for _, s in runs[key]["cells"])
        lines.append(f"  {key:<{width}}  {runs[key]['seconds']:7.2f}  {inside:7.2f}")
    cells = sorted(((s, key, p) for key in ranked for p, s in runs[key]["cells"]), key=lambda one: (-one[0], one[1:]))
    total = sum(s for s, *_ in cells)
    lines.append(f"the slowest of {len(cells)} cells:")
    for seconds, key, position in cells[:slowest]:
        share = 100 * seconds / total if total else 0
        lines.append(
            f"  {seconds:7.2f} s  {share:4.1f} %  {key} #cell-{position:02d}  {_first_line(where, key, position)}"
        )
    return "\n".join(lines)


def _first_line(where: Layout, key: str, position: int) -> str:
    """First line of code of a cell as it ran."""
    name, _, slug = key.partition("--")
    file = notebook.files().get(name)
    try:
        executed = where.executed(file.stem if file else name, slug or None)
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
        source = notebook.joined(next(c for c in cells if c["id"] == f"cell-{position:02d}")["source"])
    except (OSError, ValueError, KeyError, StopIteration, TypeError):
        return ""
    line = next((one.strip() for one in source.splitlines() if one.strip() and not one.strip().startswith("#")), "")
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
