"""Sweeps: one notebook at many points, a report for each, and one page that compares them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from amazon_labor import mime
from amazon_labor.parameters import Value, defaults
from amazon_labor.runner import collection, digests, drive, layout, normalise, notebook, plan, session, sweep_grid
from amazon_labor.runner.notebook import Notebook
from amazon_labor.runner.plan import Decision, Task
from amazon_labor.runner.session import Options, Session
from amazon_labor.runner.state import Sweep

OK, FAILED = 0, 1


def sweep(name: str, over: Sequence[str], grid: Path | None, options: Options) -> int:
    """Run a notebook at every point of a grid; what is up to date is not run again.

    Returns
    -------
    int
        Exit status: 0, or 1 if a point failed (the others are there).

    Raises
    ------
    InputError
        Before anything is written, if the notebook or a value cannot be used.
    InterruptedBuildError
        After Ctrl-C; the same command goes on where it stopped.
    """
    name = notebook.find(name)
    one = notebook.read(notebook.files()[name])
    found = _points(one, over, grid)
    varied = sweep_grid.varied(one.parameters, found)
    tasks = [_task(one, values) for values in found]
    everything, _ = collection.read()
    with session.opened(options, everything) as under_way:
        decisions = drive.carry_out(under_way, tasks)
        page = _compare(under_way, one, tasks, varied)
        _report(under_way, decisions, page)
        status = FAILED if under_way.failed else OK
        under_way.happened("end", status=status)
        return status


def _points(one: Notebook, over: Sequence[str], grid: Path | None) -> list[dict[str, Value]]:
    axes, listed = sweep_grid.from_grid(grid) if grid else ({}, [])
    return sweep_grid.points(one.name, one.parameters, {**axes, **sweep_grid.axes(over)}, listed)


def _task(one: Notebook, values: dict[str, Value]) -> Task:
    """A point with the default values is the default report."""
    usual = defaults(one.parameters)
    return Task(one, values, layout.slug(values, usual) if values != usual else None)


def _report(under_way: Session, decisions: dict[str, Decision], page: Path) -> None:
    write = under_way.options.write
    ran = sum(d.action != plan.NOTHING for d in decisions.values())
    write(f"{len(decisions)} points: {ran - len(under_way.failed)} made now, {len(decisions) - ran} were up to date.")
    if under_way.failed:
        write(f"{len(under_way.failed)} of {len(decisions)} failed: {', '.join(under_way.failed)}.")
    write(f"Comparison: {drive.shown(page)}")


# ---------------------------------------------------------------- comparison


def slug(one: Notebook, tasks: Sequence[Task], varied: Sequence[str]) -> str:
    """Name of a sweep, for its folder: what varies, and a digest of the points."""
    points = json.dumps([task.values for task in tasks], sort_keys=True)
    return f"{one.name}--{'-'.join(varied)[:60] or 'default'}-{hashlib.sha256(points.encode()).hexdigest()[:8]}"


def _compare(under_way: Session, one: Notebook, tasks: Sequence[Task], varied: Sequence[str]) -> Path:
    """Write the page and the table of all numbers, unless those of the same inputs are there."""
    name = slug(one, tasks, varied)
    folder = under_way.where.sweep(name)
    digest = _inputs(under_way, one, tasks)
    last = under_way.state.sweeps.get(name)
    there = last is not None and all(digests.file(under_way.where.out / p) == d for p, d in last.products.items())
    if last is None or last.inputs != digest or not there:
        from amazon_labor.publish import compare

        points = [_point(under_way, task, varied) for task in tasks]
        html, table = compare.render(
            compare.Sweep(one.name, one.number, one.title, tuple(varied), one.compare_first), points
        )
        products = under_way.write(folder / "index.html", html) | under_way.write(folder / "numbers.csv", table)
        under_way.keep_sweep(name, Sweep(digest, products))
    return folder / "index.html"


def _inputs(under_way: Session, one: Notebook, tasks: Sequence[Task]) -> str:
    entries = [under_way.state.entries.get(task.key) for task in tasks]
    products = [None if e is None else [e.products, e.failure.reason if e.failure else None] for e in entries]
    return digests.text(json.dumps([one.title, one.compare_first, products, plan.page_code()], sort_keys=True))


def _point(under_way: Session, task: Task, varied: Sequence[str]) -> Any:
    from amazon_labor.publish import compare

    where, stem = under_way.where, task.notebook.stem
    entry = under_way.state.entries.get(task.key)
    reason = "it did not run" if entry is None else entry.failure.reason if entry.failure else None
    page = where.failed(stem, task.slug).with_suffix(".html") if reason else where.page(stem, task.slug)
    executed = {"cells": []} if reason else json.loads(where.executed(stem, task.slug).read_text(encoding="utf-8"))
    return compare.Point(
        values={name: task.values[name] for name in varied},
        href=f"../../{page.relative_to(where.out).as_posix()}" if page.is_file() else "",
        failed=reason,
        numbers=tuple(record for _, record in normalise.records(executed, mime.NUMBER)),
        claims=tuple(record for _, record in normalise.records(executed, mime.CLAIM)),
        tables=tuple(entry.tables) if entry else (),
    )
