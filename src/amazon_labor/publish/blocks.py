"""Cells of a notebook in the order of the page: prose, folded code, outputs, exercises with folded solutions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from amazon_labor import mime
from amazon_labor.publish import code, describe, page, prose, records, sanitise, svg

HIDDEN_TAGS = {"sources", "parameters", "injected-parameters"}


def body(cells: Sequence[Mapping[str, Any]], shared: prose.Page) -> str:
    """Return the HTML of the cells after the first."""
    parts: list[str] = []
    exercises = 0
    shown = [c for c, after in zip(cells, [*cells[1:], None], strict=False) if not _empty_heading(c, after)]
    for kind, run in groupby(shown, key=_kind):
        group = list(run)
        if kind == "solution":
            title = f"Solution to exercise {exercises}" if exercises else "Solution"
            parts.append(f'<details class="solution"><summary>{title}</summary>{_group(group, shared)}</details>')
        elif kind == "exercise":
            exercises += sum(_asks(cell) for cell in group)
            parts.append(f'<div class="exercise">{_group(group, shared)}</div>')
        else:
            parts.append(_group(group, shared))
    return "\n".join(part for part in parts if part)


def _kind(cell: Mapping[str, Any]) -> str:
    tags = tags_of(cell)
    return "solution" if "solution" in tags else "exercise" if "exercise" in tags else "text"


def _empty_heading(cell: Mapping[str, Any], after: Mapping[str, Any] | None) -> bool:
    """Whether a cell is nothing but a heading over the cell of the tables read, which the footer shows."""
    alone = cell["cell_type"] == "markdown" and re.fullmatch(r"#{2,} [^\n]*", str(cell["source"]).strip())
    return bool(alone) and after is not None and "sources" in tags_of(after)


def _asks(cell: Mapping[str, Any]) -> bool:
    """Whether a cell tagged as exercise holds more than the heading of the part."""
    lines = [line for line in str(cell["source"]).splitlines() if line.strip()]
    return any(not re.match(r"#{1,2} ", line) for line in lines)


def tags_of(cell: Mapping[str, Any]) -> set[str]:
    """Tags of a cell."""
    return set(cell.get("metadata", {}).get("tags", []))


def _group(cells: Sequence[Mapping[str, Any]], shared: prose.Page) -> str:
    """Prose cells as they come; a run of code cells with its code folded before each visible output."""
    parts: list[str] = []
    for is_code, run in groupby(cells, key=lambda c: c["cell_type"] == "code"):
        if is_code:
            parts += _code_run([c for c in run if not HIDDEN_TAGS & tags_of(c)], shared)
        else:
            parts += [_text(c["source"], shared) for c in run if c["cell_type"] == "markdown"]
    return "\n".join(part for part in parts if part)


def _text(source: str, shared: prose.Page) -> str:
    heading = re.match(r"## +exercises?\b", source.lstrip(), re.IGNORECASE)
    kind = "text exercises" if heading else "text"
    return f'<div class="{kind}">{prose.markdown(source, shared)}</div>'


def _code_run(cells: Sequence[Mapping[str, Any]], shared: prose.Page) -> Iterator[str]:
    """Adjacent cells without visible output join the next one that has some."""
    waiting: list[Mapping[str, Any]] = []
    for cell in cells:
        waiting.append(cell)
        shown = "\n".join(filter(None, (_output(o, cell, shared) for o in cell.get("outputs", []))))
        if shown:
            yield _fold(waiting, shared)
            yield shown
            waiting = []
    if waiting:
        yield _fold(waiting, shared)


def _fold(cells: Sequence[Mapping[str, Any]], shared: prose.Page) -> str:
    shown = [_code_cell(c) for c in cells if str(c["source"]).strip()]
    numbers = [records.number(r) for c in cells for r in records.outputs(c, mime.NUMBER)]
    if not shown:
        return ""
    region = shared.region(f"Numbers of cell {shown[-1]['number']}") if numbers else ""
    return str(page.macro("code")(shown, numbers, region))


def _code_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    source = str(cell["source"])
    number = position(cell)
    return {
        "id": f"cell-{number:02d}",
        "number": number,
        "lines": len(source.splitlines()),
        "html": page.safe(code.highlight(source)),
    }


def position(cell: Mapping[str, Any]) -> int:
    """Number of a cell in its notebook: its id says it, because cells may be left out of the page."""
    match = re.fullmatch(r"cell-(\d+)", str(cell.get("id", "")))
    return int(match[1]) if match else int(cell.get("metadata", {}).get("position", 0))


def _output(output: Mapping[str, Any], cell: Mapping[str, Any], shared: prose.Page) -> str:
    """Return an output as HTML; numbers stand with the code, tables read in the footer."""
    data = output.get("data", {})
    if mime.NUMBER in data or mime.TABLES in data:
        return ""
    if mime.FIGURE in data:
        return figure(data, shared)
    if mime.CLAIM in data:
        claim = records.claim(data[mime.CLAIM])
        return str(page.macro("claim")(claim, shared.base, f"Readings of {claim['id']}"))
    if "text/markdown" in data:
        return f'<div class="text">{prose.markdown(_joined(data["text/markdown"]), shared, listed=False)}</div>'
    if "text/html" in data:
        return f'<div class="out">{prose.tables(sanitise.clean(_joined(data["text/html"]), shared.base), shared)}</div>'
    return _printed(output, cell, shared)


def _printed(output: Mapping[str, Any], cell: Mapping[str, Any], shared: prose.Page) -> str:
    kind = output.get("output_type")
    if kind == "error":
        text, name = "\n".join(output.get("traceback") or [str(output.get("evalue", ""))]), "Error"
    elif kind == "stream":
        text, name = _joined(output.get("text", "")), "Warnings" if output.get("name") == "stderr" else "Printed output"
    else:
        text, name = _joined(output.get("data", {}).get("text/plain", "")), "Output"
    text = sanitise.without_paths(text).strip("\n")
    region = shared.region(f"{name} of cell {position(cell)}") if text else ""
    return str(page.macro("printed")(text, region)) if text else ""


def figure(data: Mapping[str, Any], shared: prose.Page) -> str:
    """Return a figure's bundle as HTML, with its data behind it."""
    record = records.figure(data[mime.FIGURE])
    shared.figures += 1
    record["words"] = describe.describe(record["csv"])
    record["id"] = record["id"] if f"fig-{record['id']}" not in shared.ids else f"{record['id']}-{shared.figures}"
    shared.ids |= {f"fig-{record['id']}", f"data-{record['id']}"}
    try:
        wide = page.safe(svg.rebuild(_joined(data.get("image/svg+xml", "")), f"w{shared.figures}", record["crop"]))
        narrow = page.safe(svg.rebuild(record["narrow"], f"n{shared.figures}"))
    except svg.SvgError:
        wide = narrow = ""
    return str(page.macro("figure")(record, shared.figures, wide, narrow))


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
