"""What there is, and how things stand, as text for a terminal."""

import csv
import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.parameters import InputError, Parameter, Value
from amazon_labor.runner import collection, notebook, plan, scenarios, state
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.notebook import NotebookError, UnknownNotebookError
from amazon_labor.runner.plan import Decision

WIDTH = 100


class UnknownNameError(InputError):
    """A word that names neither a notebook nor a claim nor a table."""


def every(out: Path) -> str:
    """Return a table of the notebooks: number, name, state, question; then the scenarios."""
    everything, _ = collection.read()
    entries = state.load(Layout(out).state).entries
    rows = [("", "notebook", "state", "question")]
    for name in everything.order:
        number = notebook.files()[name].stem[:2]
        question = everything.tasks[name].notebook.question if name in everything.tasks else ""
        rows.append((number, name, _state_word(everything, entries, out, name), question))
    lines = _aligned(rows) if len(rows) > 1 else ["There are no notebooks yet."]
    named = scenarios.load()
    if named:
        lines += ["", "scenarios (amazon-labor run NOTEBOOK --scenario NAME)"]
        lines += _aligned([(s.notebook, s.name, s.about) for s in named.values()])
    return "\n".join([*lines, "", "Parameters of one: amazon-labor list NAME"])


def _state_word(everything: Collection, entries: dict[str, state.Entry], out: Path, name: str) -> str:
    if name in everything.broken:
        return "cannot be read"
    entry = entries.get(name)
    if entry is None:
        return "not built"
    if entry.failure is not None:
        return "failed"
    decision = plan.decide(everything.tasks[name], entry, Layout(out), everything.neighbours(name))
    return {plan.RUN: "out of date", plan.RENDER: "prose or page changed", plan.NOTHING: "up to date"}[decision.action]


def one(word: str) -> str:
    """Return question, parameters and scenarios of a notebook.

    Raises
    ------
    UnknownNotebookError, NotebookError
    """
    name = notebook.find(word)
    found = notebook.read(notebook.files()[name])
    lines = [f"{found.number:02d} {name}: {found.title}", found.question, ""]
    rows = [("parameter", "type", "default", "allowed", "meaning")]
    rows += [(p.name, p.kind, _value(p.default), p.allowed, p.meaning) for p in found.parameters]
    lines += _aligned(rows) if len(rows) > 1 else ["It has no parameters."]
    named = scenarios.load(name)
    if named:
        lines += ["", "scenarios", *_aligned([(s.name, s.about, _given(s.given)) for s in named.values()])]
    example = next(iter(found.parameters), None)
    if example is not None:
        lines += ["", f"Example: amazon-labor run {name} -p {example.name} {_example(example)}"]
    return "\n".join(lines)


def _value(value: Value) -> str:
    return ",".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)


def _given(given: dict[str, Any]) -> str:
    return ", ".join(f"{k} = {_value(v)}" for k, v in given.items())


def _example(parameter: Parameter) -> str:
    """A value that is allowed and not the default, where the cell says one."""
    if parameter.kind == "bool":
        return _value(not parameter.default)
    others = [c for c in parameter.choices if c != parameter.default and [c] != parameter.default]
    if others:
        return others[0]
    for bound in (parameter.low, parameter.high):
        if bound is not None and bound != parameter.default:
            return str(int(bound)) if parameter.kind == "int" else str(bound)
    return _value(parameter.default)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side; the last is not padded."""
    widths = [max(map(len, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    return ["  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[-1]]).rstrip() for row in rows]


# ---------------------------------------------------------------- explain


def explain(word: str, out: Path) -> str:
    """Say why a notebook would run again, or where a claim stands.

    Raises
    ------
    UnknownNameError
        If the word is neither; the message gives the nearest of both.
    """
    claims = {row["claim_id"]: row for row in _claims()}
    if word in claims:
        return _claim(claims[word], out)
    try:
        name = notebook.find(word)
    except UnknownNotebookError:
        known = [*notebook.files(), *claims]
        near = difflib.get_close_matches(word[:100].lower(), known, 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownNameError(
            f"There is no notebook and no claim {word[:100]!r}.{hint}\n  Notebooks: amazon-labor list; claims: data/claims.csv"
        ) from None
    return _notebook(name, out)


def _notebook(name: str, out: Path) -> str:
    everything, _ = collection.read()
    if name in everything.broken:
        raise NotebookError(everything.broken[name])
    entry = state.load(Layout(out).state).entries.get(name)
    decision = plan.decide(everything.tasks[name], entry, Layout(out), everything.neighbours(name))
    lines = [f"{name}: {_verdict(decision)}", *(f"  - {reason}" for reason in decision.reasons)]
    if entry is not None and entry.failure is None:
        lines += [f"Its last run read {len(entry.tables)} tables: {', '.join(entry.tables)}."] if entry.tables else []
        modules = [k.removeprefix("module/") for k in entry.inputs if k.startswith("module/")]
        lines.append(f"It can reach {len(modules)} modules of the package: {', '.join(modules)}.")
    return "\n".join(lines)


def _verdict(decision: Decision) -> str:
    return {
        plan.RUN: "would run, because",
        plan.RENDER: "would be rendered without running, because",
        plan.NOTHING: "is up to date.",
    }[decision.action]


def _claims() -> list[dict[str, str]]:
    try:
        with (paths.claims_dir() / "claims.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError:
        return []


def _claim(claim: dict[str, str], out: Path) -> str:
    name = claim.get("notebook", "")
    lines = [
        f"{claim['claim_id']}: {claim.get('statement', '')}",
        f"  statistic   {claim.get('statistic', '')}",
        f"  bounds      {claim.get('lower') or 'none'} to {claim.get('upper') or 'none'}",
        f"  notebook    {name or 'none: a statement of documents'}",
    ]
    entry = state.load(Layout(out).state).entries.get(name)
    record = _record(claim["claim_id"], name, out) if entry is not None and entry.failure is None else None
    if record is None:
        failed = entry is not None and entry.failure is not None
        why = f"the last run failed: {entry.failure.reason}" if failed and entry and entry.failure else "no run yet"
        return "\n".join(
            [*lines, f"  verdict     Not computed ({why})", f"Compute it: amazon-labor build {name}"] if name else lines
        )
    cell, found = record
    lines += [
        f"  computed    {found.get('computed', '')} (#{cell} of {name})",
        f"  verdict     {found.get('verdict_words', found.get('verdict', ''))}",
        f"  reason      {found.get('reason') or ''}",
    ]
    return "\n".join([*lines, f"Compute it again: amazon-labor build {name} --force"])


def _record(claim_id: str, name: str, out: Path) -> tuple[str, dict[str, Any]] | None:
    from amazon_labor import mime
    from amazon_labor.runner import normalise

    path = notebook.files().get(name)
    try:
        executed = json.loads(Layout(out).executed(path.stem if path else name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return next(((cell, r) for cell, r in normalise.records(executed, mime.CLAIM) if r["id"] == claim_id), None)


# ---------------------------------------------------------------- tables


def tables() -> str:
    """Return the names of all tables with their titles."""
    from amazon_labor import catalog

    return "\n".join(_aligned([(n, str(catalog.describe(n).get("title", ""))) for n in catalog.names()]))


def table(name: str) -> str:
    """Return what a table holds and where it comes from.

    Raises
    ------
    InputError
        If there is no such table.
    """
    from amazon_labor import catalog

    if name not in catalog.names():
        near = difflib.get_close_matches(name[:100], catalog.names(), 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownNameError(f"There is no table {name[:100]!r}.{hint}\n  All of them: amazon-labor data describe")
    found = catalog.describe(name)
    lines = [f"{name}: {found.get('title', '')}", str(found.get("description", "")), ""]
    fields = found["schema"]["fields"]
    lines += _aligned([(f["name"], f["type"], str(f.get("unit", "")), str(f.get("description", ""))) for f in fields])
    lines += [
        "",
        *(
            f"Source: {s.get('publisher', '')}, {s.get('title', '')} ({s.get('path', '')})"
            for s in found.get("sources", [])
        ),
    ]
    return "\n".join([*lines, f"SHA-256: {str(found.get('hash', '')).removeprefix('sha256:')}"])
