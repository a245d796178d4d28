"""What must run, what must only be rendered, and why: by content alone, never by the time of a file."""

import json
import platform
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from amazon_labor import paths
from amazon_labor.parameters import Value, defaults
from amazon_labor.runner import digests
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.notebook import Notebook
from amazon_labor.runner.state import Entry, key

Neighbours = tuple[tuple[str, str] | None, tuple[str, str] | None]  # title and address of the pages before and after
RUN, RENDER, NOTHING = "run", "render", "nothing"
KINDS = {
    "code": "code cell {}",
    "parameter": "parameter {}",
    "module": "module {}",
    "table": "table {}",
    "claims": "its rows of data/{}",
    "lock": "{}",
    "python": "Python",
    "prose": "Markdown cell {}",
    "order": "order, tags or metadata of the cells",
    "page": "page code {}",
    "neighbours": "the notebooks before and after it",
    "command": "the command that rebuilds it",
}


@dataclass(frozen=True)
class Task:
    """One notebook with one set of values; `slug` is None for the default run."""

    notebook: Notebook
    values: dict[str, Value]
    slug: str | None = None
    scenario: str | None = None

    @property
    def key(self) -> str:
        return key(self.notebook.name, self.slug)

    @property
    def changed(self) -> dict[str, Value]:
        """Values that differ from the defaults: those that are injected."""
        usual = defaults(self.notebook.parameters)
        return {k: v for k, v in self.values.items() if v != usual[k]}

    @property
    def command(self) -> str:
        """Command that makes this page again."""
        if self.slug is None:
            folder = paths.vintage_dir()
            vintage = f" --vintage {folder.name}" if folder else ""
            return f"amazon-labor build {self.notebook.name}{vintage}"
        if self.scenario:
            return f"amazon-labor run {self.notebook.name} --scenario {self.scenario}"
        return " ".join(
            ["amazon-labor run", self.notebook.name, *(f"-p {k} {_argument(v)}" for k, v in self.changed.items())]
        )


@dataclass(frozen=True)
class Decision:
    """What to do about a task, and why, in words."""

    action: str
    reasons: tuple[str, ...] = field(default=())


def _argument(value: Value) -> str:
    return shlex.quote(
        ",".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
    )


# ---------------------------------------------------------------- inputs


def run_inputs(task: Task, tables: Iterable[str]) -> dict[str, str]:
    """Return everything a run depends on: flat, ``kind/name`` to a digest or value.

    Parameters
    ----------
    task : Task
        Notebook and values.
    tables : iterable of str
        Catalogue names of the tables that the last run read. Which tables those are follows from the code, the
        values and the tables themselves, all of which are inputs.
    """
    code = [c for c in task.notebook.cells if c.is_code]
    inputs = {f"code/{i}": digests.text(json.dumps([c.source, c.tags])) for i, c in enumerate(code, start=1)}
    inputs |= {f"parameter/{name}": json.dumps(value) for name, value in task.values.items()}
    inputs |= {f"module/{m}": d for m, d in digests.reachable(c.source for c in code).items()}
    inputs |= {f"table/{name}": d for name, d in digests.tables(tables).items()}
    inputs |= {f"claims/{name}": d for name, d in digests.claims(task.notebook.name).items()}
    inputs["lock/requirements.lock"] = digests.file(paths.root() / "requirements.lock")
    inputs["python/version"] = platform.python_version()
    return inputs


def page_inputs(task: Task, neighbours: Neighbours) -> dict[str, str]:
    """Return what a page depends on beside its run: prose, the code that draws pages, its neighbours."""
    prose = [c for c in task.notebook.cells if not c.is_code]
    inputs = {f"prose/{i}": digests.text(c.source) for i, c in enumerate(prose, start=1)}
    order = [[c.kind, c.tags] for c in task.notebook.cells]
    inputs["order/cells"] = digests.text(
        json.dumps([order, task.notebook.metadata.get("amazon_labor")], sort_keys=True)
    )
    inputs |= {f"page/{m}": d for m, d in page_code().items()}
    inputs["neighbours/notebooks"] = json.dumps(neighbours)
    inputs["command/words"] = task.command
    return inputs


def page_code() -> dict[str, str]:
    """Digests of the code and templates that draw pages, of how they are cited and of the terms they explain."""
    beside = {"CITATION.cff": paths.root() / "CITATION.cff", "data/glossary.toml": paths.data_dir() / "glossary.toml"}
    return digests.room("publish") | {name: digests.file(path) for name, path in beside.items()}


# ---------------------------------------------------------------- decisions


def decide(task: Task, entry: Entry | None, layout: Layout, neighbours: Neighbours, *, force: bool = False) -> Decision:
    """Compare a task with its last run.

    Returns
    -------
    Decision
        Run, render only, or nothing; the reasons say what changed from what to what.
    """
    if force:
        return Decision(RUN, ("asked for by --force",))
    if entry is None:
        return Decision(RUN, ("it was never built",))
    if entry.failure is not None:
        return Decision(RUN, (f"the last run failed: {entry.failure.reason}",))
    stem = task.notebook.stem
    reasons = changes(entry.inputs, run_inputs(task, entry.tables))
    reasons += damaged(layout, entry, layout.executed(stem, task.slug))
    if reasons:
        return Decision(RUN, tuple(reasons))
    if not entry.page_inputs:
        return Decision(RENDER, ("its page was not made yet",))
    reasons = changes(entry.page_inputs, page_inputs(task, neighbours))
    pages = [Path(p) for p in entry.products if layout.out / p != layout.executed(stem, task.slug)]
    for page in pages or [layout.page(stem, task.slug)]:
        reasons += damaged(layout, entry, layout.out / page)
    return Decision(RENDER, tuple(reasons)) if reasons else Decision(NOTHING)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Say in words what differs between two sets of inputs."""
    found = []
    for name in [*after, *(n for n in before if n not in after)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        what = _words(name)
        if old is None:
            found.append(f"{what} is new")
        elif new is None:
            found.append(f"{what} is gone")
        else:
            found.append(f"{what} changed: {old} -> {new}")
    return found


def _words(name: str) -> str:
    kind, _, rest = name.partition("/")
    return KINDS.get(kind, "{}").format(rest)


def damaged(layout: Layout, entry: Entry, product: Path) -> list[str]:
    """Say whether a product of the last run is missing or was changed since."""
    name = product.relative_to(layout.out).as_posix()
    found = digests.file(product)
    if found == "missing":
        return [f"{name} is missing"]
    return [] if entry.products.get(name) == found else [f"{name} was changed by hand"]
