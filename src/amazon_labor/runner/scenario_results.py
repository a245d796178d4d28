"""What the named scenarios gave: which have a result of the present inputs, and their claims and numbers.

A scenario is judged against the default run of its notebook, which the build has just found up to date: the two share
code, modules, claims, lock and Python, so that comparing their records tells a stale one without reading the tree again.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from amazon_labor import mime
from amazon_labor.parameters import InputError, resolve
from amazon_labor.runner import digests, normalise, scenarios
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.plan import Task
from amazon_labor.runner.state import Entry, key

FRESH, STALE, FAILED, MISSING = "fresh", "stale", "failed", "missing"
SHARED = ("code/", "module/", "claims/", "lock/", "python/")


def tasks(collection: Collection, names: Sequence[str]) -> list[Task]:
    """The scenarios of these notebooks as tasks, in the order of the notebooks and of the file.

    Raises
    ------
    ScenarioError, ParameterError
        If the file or a value in it cannot be used.
    """
    found = []
    for name in names:
        for one in scenarios.load(name).values() if name in collection.tasks else ():
            source = collection.tasks[name].notebook
            found.append(Task(source, resolve(name, source.parameters, one.given), one.name, one.name))
    return found


def standing(collection: Collection, entries: Mapping[str, Entry], fresh: Sequence[str]) -> list[list[str]]:
    """Notebook, scenario, state and digest of the executed notebook, for every scenario of the file.

    A file that cannot be read has no scenarios here; `amazon-labor check` says what is wrong with it.
    """
    try:
        known = scenarios.load()
    except scenarios.ScenarioError:
        return []
    found = []
    for one in known.values():
        entry = entries.get(key(one.notebook, one.name))
        state = _state(collection, entries, fresh, one, entry)
        executed = next((d for p, d in entry.products.items() if p.endswith(".ipynb")), "") if entry else ""
        found.append([one.notebook, one.name, state, executed if state == FRESH else ""])
    return found


def _state(
    collection: Collection,
    entries: Mapping[str, Entry],
    fresh: Sequence[str],
    one: scenarios.Scenario,
    entry: Entry | None,
) -> str:
    if entry is None:
        return MISSING
    if entry.failure is not None:
        return FAILED
    if one.notebook not in fresh:
        return STALE
    try:
        values = resolve(one.notebook, collection.tasks[one.notebook].notebook.parameters, one.given)
    except InputError:
        return STALE
    wanted = {f"parameter/{name}": json.dumps(value) for name, value in values.items()}
    wanted |= {f"table/{name}": digest for name, digest in digests.tables(entry.tables).items()}
    usual = entries[one.notebook].inputs
    wanted |= {name: digest for name, digest in usual.items() if name.startswith(SHARED)}
    return FRESH if wanted == entry.inputs and entry.page_inputs else STALE


def read(
    collection: Collection, entries: Mapping[str, Entry], where: Layout, fresh: Sequence[str]
) -> list[dict[str, Any]]:
    """Notebooks that have scenarios, with records of the default run and of every scenario that has a result.

    Returns
    -------
    list of dict
        ``name``, ``number``, ``title``, ``href`` (empty without a result), ``claims`` and ``numbers`` of the default
        run by id, and ``scenarios``: each with ``name``, ``about``, ``given``, ``state``, ``href``, ``claims``, ``numbers``.
    """
    states = {(notebook, name): state for notebook, name, state, _ in standing(collection, entries, fresh)}
    known = scenarios.load() if states else {}
    found = []
    for name, task in collection.tasks.items():
        mine = [known[f"{name}.{scenario}"] for notebook, scenario in states if notebook == name]
        if not mine:
            continue
        one = task.notebook
        usual = _records(where, one.stem, None) if name in fresh else _nothing()
        runs = []
        for scenario in mine:
            state = states[name, scenario.name]
            has = state == FRESH
            page = where.page(one.stem, scenario.name).relative_to(where.out).as_posix()
            runs.append(
                {"name": scenario.name, "about": scenario.about, "given": scenario.given, "state": state}
                | {"href": page if has else ""}
                | (_records(where, one.stem, scenario.name) if has else _nothing())
            )
        href = f"{one.stem}.html" if name in fresh else ""
        found.append({"name": name, "number": one.number, "title": one.title, "href": href, "scenarios": runs} | usual)
    return found


def _nothing() -> dict[str, Any]:
    return {"claims": {}, "numbers": {}}


def _records(where: Layout, stem: str, slug: str | None) -> dict[str, Any]:
    executed = json.loads(where.executed(stem, slug).read_text(encoding="utf-8"))
    numbers = {str(r.get("name")): r for _, r in normalise.records(executed, mime.NUMBER)}
    return {"claims": normalise.claim_records(executed), "numbers": numbers}
