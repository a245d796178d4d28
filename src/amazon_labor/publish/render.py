"""One executed notebook to one self-contained page.

Outputs are read by their MIME types straight from the notebook; nbconvert would highlight, escape and template the same
cells a second time and takes a second to import (`docs/reports.md`, *How a page is made*).
"""

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from typing import Any

from amazon_labor import mime
from amazon_labor.publish import blocks, cite, page, prose, records, sanitise

OWN_IDS = frozenset({"content", "theme", "all-code", "answers", "parameters", "provenance", "cite"})
PACKAGES = ("numpy", "pandas", "scipy", "matplotlib", "statsmodels", "linearmodels", "papermill")
WORDS_PER_MINUTE = 200


@dataclass(frozen=True)
class Link:
    """Another page of the collection: its title, and its address seen from the folder of the reports."""

    title: str
    href: str


@dataclass(frozen=True)
class Failure:
    """Where a run stopped: number of the cell (None if before the first), and the error in one line."""

    cell: int | None
    error: str


@dataclass(frozen=True)
class ReportContext:
    """What a page needs besides the notebook.

    `parameters` holds mappings with ``name``, ``value``, ``kind``, ``note`` and, for a run that is not the default one,
    ``default``. `base` leads from the page to the folder of the reports: empty for a default report, ``../`` from
    ``failed/``, ``../../`` from ``runs/x/``.
    """

    name: str
    number: int
    part: str
    parameters: Sequence[Mapping[str, Any]]
    command: str
    previous: Link | None = None
    next: Link | None = None
    is_default: bool = True
    failed: Failure | None = None
    base: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        return f"{self.number:02d}_{self.name}"


def render_report(nb: Mapping[str, Any], context: ReportContext) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    nb : NotebookNode
        Executed, wholly or (with `context.failed`) up to the cell that failed.
    context : ReportContext
        Name, parameters, neighbours, and the command that makes the page again.

    Returns
    -------
    str
        HTML without any request to elsewhere; the same bytes for the same notebook and context.
    """
    cells = [cell for cell in nb["cells"] if str(cell["source"]).strip() or cell.get("outputs")]
    tables = records.tables(cells)
    shared = prose.Page(base=context.base, ids=set(OWN_IDS) | _reserved(cells) | {t["id"] for t in tables})
    title, lead_source, rest = _opening(cells, context.name)
    lead = page.safe(prose.markdown(lead_source, shared))
    body = page.safe(blocks.body(rest, shared))
    parameters = [_parameter(p) for p in context.parameters]
    changed = [p for p in parameters if p["usual"] not in (None, p["shown"])]
    return page.render(
        "report.html.j2",
        shell=page.shell(ledger=False),
        c=context,
        stem=context.stem,
        title=title,
        lead=lead,
        body=body,
        contents=[(slug, text) for level, slug, text in shared.headings if level == 2],
        minutes=_minutes(cells, shared.figures),
        figures=shared.figures,
        claims=[records.claim(r) for cell in cells for r in records.outputs(cell, mime.CLAIM)],
        parameters=parameters,
        changed=changed,
        default_page=None if context.is_default else f"{context.base}{context.stem}.html",
        failure=sanitise.without_paths(context.failed.error) if context.failed else "",
        tables=tables,
        versions=dict(context.versions) or versions(),
        citation=_citation(context, title, {p["name"]: p["shown"] for p in changed}),
    )


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that compute."""
    return {"Python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}


def title_of(nb: Mapping[str, Any], name: str) -> str:
    """Title of a notebook: the first heading of its first cell."""
    return _opening(nb["cells"], name)[0]


def _citation(context: ReportContext, title: str, changed: Mapping[str, str]) -> cite.Citation | None:
    """How to cite the page; nothing to cite where the run failed."""
    collection = None if context.failed else cite.collection()
    return collection.report(context.number, context.name, title, changed) if collection else None


def _opening(cells: Sequence[Mapping[str, Any]], name: str) -> tuple[str, str, Sequence[Mapping[str, Any]]]:
    """Title, prose under it, and the cells after the first."""
    if not cells or cells[0]["cell_type"] != "markdown":
        return name.replace("_", " ").capitalize(), "", cells
    first, _, rest = str(cells[0]["source"]).strip().partition("\n")
    if not first.startswith("# "):
        return name.replace("_", " ").capitalize(), str(cells[0]["source"]), cells[1:]
    title = re.sub(r"[*_`]", "", first.removeprefix("# ")).strip()
    return title, rest, cells[1:]


def _reserved(cells: Sequence[Mapping[str, Any]]) -> set[str]:
    """Ids of cells, claims and numbers, so that no heading takes one of them."""
    claims = {f"claim-{records.claim(r)['id']}" for cell in cells for r in records.outputs(cell, mime.CLAIM)}
    numbers = {f"number-{records.number(r)['name']}" for cell in cells for r in records.outputs(cell, mime.NUMBER)}
    return claims | numbers | {f"cell-{blocks.position(cell):02d}" for cell in cells}


def _minutes(cells: Sequence[Mapping[str, Any]], figures: int) -> int:
    """Minutes to read the prose and look half a minute at each figure; solutions are not counted."""
    prose_cells = [c for c in cells if c["cell_type"] == "markdown" and "solution" not in blocks.tags_of(c)]
    said = [t for c in cells for t in records.outputs(c, "text/markdown")]
    words = sum(len(str(c["source"]).split()) for c in prose_cells) + sum(len(str(t).split()) for t in said)
    return max(1, round(words / WORDS_PER_MINUTE + figures / 2))


def _parameter(given: Mapping[str, Any]) -> dict[str, Any]:
    usual = _value(given["default"]) if "default" in given else None
    return {
        "name": str(given["name"]),
        "note": str(given.get("note") or ""),
        "shown": _value(given["value"]),
        "usual": usual,
    }


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
