"""The pages beside the reports: tables, glossary, scenarios. Each is made again only when what it shows changed.

They are products of the index: recorded with it, summed with it, removed with it. What each was last made from stands
in `.build/companions.json`; a damaged record only means that all are made again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from amazon_labor import paths
from amazon_labor.runner import atomic, digests, plan, scenario_results
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.state import Entry

if TYPE_CHECKING:
    from amazon_labor.publish.data_pages import Table

RECORD = "companions.json"
GLOSSARY, TABLES, SCENARIOS = "glossary.html", "data/index.html", "scenarios.html"
FILES = ("datapackage.json", "sources.csv", "glossary.toml", "scenarios.toml")


@dataclass(frozen=True)
class Page:
    """A page: path below the reports, everything it shows as plain data, and how to make it."""

    path: str
    inputs: Any
    make: Callable[[], str]


def inputs(collection: Collection, entries: Mapping[str, Entry], where: Layout, fresh: Sequence[str]) -> list[Any]:
    """Digests of all that the pages depend on beyond the ledger, cheap enough for a build with nothing to do."""
    files = {name: digests.file(paths.data_dir() / name) for name in FILES}
    read = {name: [entries[name].tables, _report_digest(collection, entries, where, name)] for name in fresh}
    # what a scenario's standing follows from; finding it out checks every parameter and takes longer
    runs = {k: [one.inputs, one.failure is None, one.products] for k, one in entries.items() if one.slug or k in fresh}
    return [files, _table_files(), read, digests.text(json.dumps(runs, sort_keys=True))]


def _table_files() -> dict[str, str]:
    """Digests of the files of all tables, and of the descriptors of the chosen vintage; the others are in `FILES`."""
    base, vintage = paths.data_dir(), paths.vintage_dir()
    known = digests.descriptors()
    found = {name: digests.file(base / one.get("vintage_folder", "") / str(one["path"])) for name, one in known.items()}
    return found | ({"vintage": digests.file(vintage / "datapackage.json")} if vintage else {})


def _report_digest(collection: Collection, entries: Mapping[str, Entry], where: Layout, name: str) -> str:
    page = where.page(collection.tasks[name].notebook.stem).relative_to(where.out).as_posix()
    return entries[name].products.get(page, "")


def write(
    collection: Collection, entries: Mapping[str, Entry], where: Layout, fresh: Sequence[str], rows: Sequence[Any]
) -> dict[str, str]:
    """Bring all pages up to date.

    Parameters
    ----------
    fresh : sequence of str
        Notebooks with a result of the present inputs.
    rows : sequence of LedgerRow
        All claims.

    Returns
    -------
    dict
        Path below the reports to digest, for the record of the index.
    """
    pages = [
        *_data(collection, entries, fresh, rows),
        _glossary(collection, entries, where, fresh),
        _scenarios(collection, entries, where, fresh),
    ]
    before = _record(where)
    now: dict[str, list[str]] = {}
    code = plan.page_code()
    for one in pages:
        made_from = digests.text(json.dumps([one.inputs, code], sort_keys=True, default=str))
        last = before.get(one.path, ["", ""])
        if last == [made_from, digests.file(where.out / one.path)]:
            now[one.path] = last
            continue
        text = one.make()
        atomic.write_changed(where.out / one.path, text)
        now[one.path] = [made_from, digests.text(text)]
    _remove_gone(where, before, now)
    atomic.write_changed(where.build / RECORD, json.dumps(now, indent=1, sort_keys=True) + "\n")
    return {path: digest for path, (_, digest) in now.items()}


def _record(where: Layout) -> dict[str, list[str]]:
    try:
        raw = json.loads((where.build / RECORD).read_text(encoding="utf-8"))
        return {str(path): [str(a), str(b)] for path, (a, b) in raw.items() if not str(path).startswith(("/", ".."))}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remove_gone(where: Layout, before: Mapping[str, list[str]], now: Mapping[str, list[str]]) -> None:
    """Take away pages of tables that are no more, unless somebody changed them."""
    for path in before.keys() - now.keys():
        if digests.file(where.out / path) == before[path][1]:
            (where.out / path).unlink(missing_ok=True)


# ---------------------------------------------------------------- tables


def _data(
    collection: Collection, entries: Mapping[str, Entry], fresh: Sequence[str], rows: Sequence[Any]
) -> list[Page]:
    from amazon_labor.publish import data_pages, page

    tables = _tables(collection, entries, fresh, rows)
    keys = {row["key"]: row for row in digests.rows("sources.csv") if row.get("key")}
    known = digests.tables(digests.table_names())
    pages = []
    for k, one in enumerate(tables):
        around = [tables[k - 1] if k else None, tables[k + 1] if k + 1 < len(tables) else None]
        shown: list[Any] = [known[one.name], [asdict(r) for r in one.readers], [asdict(c) for c in one.claims]]
        shown += [[n.resource["title"] if n else "", n.name if n else ""] for n in around]
        shown.append([keys.get(key) for key in _keys(one.resource)])
        pages.append(Page(page.table_address(one.name), shown, partial(data_pages.render_table, one, keys, around)))
    listed = [[t.name, known[t.name], len(t.readers), len(t.claims)] for t in tables]
    return [*pages, Page(TABLES, listed, lambda: data_pages.render_tables(tables))]


def _keys(resource: Mapping[str, Any]) -> list[str]:
    return [key for entry in resource.get("sources", []) for key in str(entry.get("key", "")).split(";") if key]


def _tables(
    collection: Collection, entries: Mapping[str, Entry], fresh: Sequence[str], rows: Sequence[Any]
) -> list["Table"]:
    from amazon_labor.publish import data_pages

    made = []
    for name, resource in sorted(digests.descriptors().items()):
        file = digests.resource_file(resource)
        claims = [data_pages.Judged(r.claim_id, r.statement, r.verdict) for r in rows if name in r.tables]
        made.append(
            data_pages.Table(
                name=name,
                resource=resource,
                raw=file.read_bytes() if file.is_file() else None,
                file=file.relative_to(paths.root()).as_posix(),
                readers=tuple(_readers(collection, entries, fresh, name, resource)),
                claims=tuple(claims),
            )
        )
    return made


def _readers(
    collection: Collection, entries: Mapping[str, Entry], fresh: Sequence[str], table: str, resource: Mapping[str, Any]
) -> list[Any]:
    """Notebooks that read a table in their last run, and those that the package names but which have no result."""
    from amazon_labor.publish import data_pages

    found = []
    for name, task in collection.tasks.items():
        one = task.notebook
        if name in fresh and table in entries[name].tables:
            found.append(data_pages.Reader(one.number, one.title, f"{one.stem}.html"))
        elif name not in fresh and one.number in resource.get("notebooks", ()):
            found.append(data_pages.Reader(one.number, one.title, ""))
    return found


# ---------------------------------------------------------------- glossary and scenarios


def _glossary(collection: Collection, entries: Mapping[str, Entry], where: Layout, fresh: Sequence[str]) -> Page:
    from amazon_labor.publish import glossary

    reports = {name: _report_digest(collection, entries, where, name) for name in fresh}

    def make() -> str:
        used: dict[str, list[glossary.Use]] = {}
        for name in fresh:
            one = collection.tasks[name].notebook
            page = where.page(one.stem)
            for term in sorted(glossary.uses(page.read_text(encoding="utf-8"))) if page.is_file() else ():
                used.setdefault(term, []).append(glossary.Use(one.number, one.title, page.name))
        return glossary.render_glossary(glossary.load(), used)

    titles = [collection.tasks[name].notebook.title for name in fresh]
    return Page(GLOSSARY, [digests.file(paths.root() / glossary.FILE), reports, titles], make)


def _scenarios(collection: Collection, entries: Mapping[str, Entry], where: Layout, fresh: Sequence[str]) -> Page:
    from amazon_labor.publish import scenario_page

    shown = [scenario_results.standing(collection, entries, fresh), digests.file(paths.data_dir() / "scenarios.toml")]
    shown.append([[name, collection.tasks[name].notebook.title] for name in fresh])
    return Page(
        SCENARIOS,
        shown,
        lambda: scenario_page.render_scenarios(scenario_results.read(collection, entries, where, fresh)),
    )
