"""The index page and the ledger: from the claim records of results that are up to date, and from nothing else."""

import contextlib
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from amazon_labor import paths
from amazon_labor.runner import atomic, companions, digests, normalise, notebook, plan, render, site_docs
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.state import Entry, State

WRITERS = (
    "claim_ledger",
    "publish.site",
    "publish.ledger",
    "publish.ledger_json",
    "publish.data_pages",
    "publish.glossary",
)
CLAIM_FILES = ("article.toml", "claims.csv", "claim_interpretations.csv", "article_numbers.csv")


@dataclass(frozen=True)
class Standing:
    """Which notebooks have a result of the present inputs, and why the others have none."""

    fresh: tuple[str, ...]
    missing: dict[str, str]


def standing(collection: Collection, entries: Mapping[str, Entry], layout: Layout, ran: frozenset[str]) -> Standing:
    """Sort the notebooks; one that this build did not touch counts only if its last result is still true.

    Parameters
    ----------
    ran : set of str
        Notebooks that this build ran or found up to date.
    """
    fresh, missing = [], dict(collection.broken)
    for name, task in collection.tasks.items():
        entry = entries.get(name)
        if entry is not None and entry.failure is not None:
            missing[name] = entry.failure.reason
        elif name in ran:
            fresh.append(name)
        elif plan.decide(task, entry, layout, collection.neighbours(name)).action == plan.RUN:
            missing[name] = "it was not part of this run"
        else:
            fresh.append(name)
    return Standing(tuple(fresh), {name: _sentence(reason) for name, reason in missing.items()})


def _sentence(reason: str) -> str:
    first = reason.strip().splitlines()[0]
    return f"{first[:1].upper()}{first[1:]}{'' if first[-1:] in '.!?' else '.'}"


def inputs(collection: Collection, entries: Mapping[str, Entry], where: Layout, now: Standing, *, full: bool) -> str:
    """Digest of everything the index and the ledger depend on."""
    executed = {n: entries[n].products.get(_executed_name(where, collection, n), "") for n in now.fresh}
    files = {name: digests.file(paths.claims_dir() / name) for name in CLAIM_FILES}
    titles = [
        (t.notebook.stem, t.notebook.title, t.notebook.question, t.notebook.part) for t in collection.tasks.values()
    ]
    beside = [site_docs.inputs(), companions.inputs(collection, entries, where, now.fresh)]
    return digests.text(
        json.dumps([executed, now.missing, files, titles, plan.page_code(), full, beside], sort_keys=True)
    )


def _executed_name(layout: Layout, collection: Collection, name: str) -> str:
    return layout.executed(collection.tasks[name].notebook.stem).relative_to(layout.out).as_posix()


def is_current(state: State, digest: str, layout: Layout) -> bool:
    """Whether the index and ledger on the disk are those of this digest."""
    products = {name: digests.file(layout.out / name) for name in state.index_products}
    return state.index == digest and bool(products) and products == state.index_products


@lru_cache(maxsize=1)
def prepare() -> None:
    """Import what `write` needs, while others work and this process waits. What fails here will fail there, in words."""
    with contextlib.suppress(Exception):
        for name in WRITERS:
            importlib.import_module(f"amazon_labor.{name}")
        templates = importlib.import_module("amazon_labor.publish.page").environment()
        for name in ("index.html.j2", "glossary.html.j2", "tables.html.j2"):
            templates.get_template(name)


def write(
    collection: Collection, state: State, layout: Layout, now: Standing, digest: str, *, full: bool
) -> tuple[State, list[str]]:
    """Write index.html, the pages beside the reports and, for a full build, ledger.csv and ledger.json.

    Returns
    -------
    state : State
        With the inputs and products of the index.
    unchecked : list of str
        Claims assigned to a notebook that ran to its end without checking them.
    """
    from amazon_labor import claim_ledger
    from amazon_labor.publish import ledger, ledger_json, site

    executed = {n: _executed(layout, collection, n) for n in now.fresh}
    records = {i: r for one in executed.values() for i, r in normalise.claim_records(one).items()}
    rows = claim_ledger.ledger(records, now.missing)
    page = site.render_index(rows, _cards(collection, executed, now), claim_ledger.coverage(records))
    atomic.write_changed(layout.index, page)
    products = {"index.html": digests.text(page)} | site_docs.write(layout.out)
    products |= companions.write(collection, state.entries, layout, now.fresh, rows)
    if full:
        for name, table in (("ledger.csv", ledger.text(rows)), ("ledger.json", ledger_json.text(rows))):
            atomic.write_changed(layout.out / name, table)
            products[name] = digests.text(table)
    unchecked = [r.claim_id for r in rows if r.verdict == "missing" and r.notebook in now.fresh]
    new = replace(
        state, index=digest, index_products=products, summary=_summary(rows, collection), unchecked=tuple(unchecked)
    )
    return new, unchecked


def run_ledger(executed: dict[str, Any], name: str) -> str:
    """Ledger of one run with other parameters: every claim is listed, those of other notebooks as not computed."""
    from amazon_labor import claim_ledger
    from amazon_labor.publish import ledger

    rows = claim_ledger.ledger(normalise.claim_records(executed), {})
    others = {r.notebook: "Not part of this run." for r in rows if r.notebook != name}
    return ledger.text(claim_ledger.ledger(normalise.claim_records(executed), others))


def _executed(layout: Layout, collection: Collection, name: str) -> dict[str, Any]:
    path = layout.executed(collection.tasks[name].notebook.stem)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _summary(rows: list[Any], collection: Collection) -> str:
    done = sum(r.verdict != "missing" for r in rows)
    unwritten = sum(r.verdict == "missing" and r.notebook not in collection.order for r in rows)
    text = f"Ledger: {done} of {len(rows)} claims have a verdict"
    others = len(rows) - done - unwritten
    parts = [f"{unwritten} wait for a notebook that is not written yet"] if unwritten else []
    parts += [f"{others} were not computed"] if others else []
    return "; ".join([text, *parts]) + "."


def _cards(collection: Collection, executed: Mapping[str, dict[str, Any]], now: Standing) -> list[Any]:
    from amazon_labor.publish import site

    cards = []
    for name in collection.order:
        one = collection.tasks[name].notebook if name in collection.tasks else None
        stem = notebook.files()[name].stem
        cards.append(
            site.NotebookCard(
                name=name,
                number=int(stem[:2]),
                part=one.part if one else "",
                title=one.title if one else name.replace("_", " ").capitalize(),
                question=one.question if one else "",
                href=f"{stem}.html",
                failed=None if name in now.fresh else now.missing[name],
                notebook=render.whole(executed[name]) if name in executed else None,
            )
        )
    return cards
