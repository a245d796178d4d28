"""The contract of a notebook: which cells, in which order, with which tags, and what is stored in them."""

import json
import re
from collections.abc import Iterator

from amazon_labor import mime, tolerance
from amazon_labor.runner import check_code, check_prose
from amazon_labor.runner.notebook import Cell, Notebook, bundles

TAGS = {"parameters", "exercise", "solution", "sources", tolerance.APPROXIMATE}
SECTIONS = ("Robustness", "What this does and does not show", "Exercises")
LARGEST_OUTPUTS = 10_000_000  # bytes of one notebook
MACHINE = re.compile(
    r"(?<![\w.:/])/(?:home|Users|root|tmp|work|usr|var|opt|private)/[\w.]|site-packages|ipykernel_\d|[A-Z]:\\\\Users"
)
OBJECT = re.compile(r"\bat 0x[0-9a-f]{6,}")


def contract(notebook: Notebook) -> Iterator[str]:
    """Faults of form: ids, opening, tags, sections, exercises, sources."""
    cells = notebook.cells
    own = notebook.metadata.get("amazon_labor", {})
    if own.get("name") != notebook.name or own.get("number") != notebook.number or not own.get("part"):
        yield (
            f"metadata.amazon_labor must hold name {notebook.name!r}, number {notebook.number} and the part; "
            "write them there, they belong to the name of the file"
        )
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield f"metadata.kernelspec.name must be python3. Set it: amazon-labor accept {notebook.name}"
    if len(cells) < 4:
        yield "it has fewer than four cells. A skeleton with all of them: amazon-labor new"
        return
    if [c.identifier for c in cells] != [f"cell-{i:02d}" for i in range(len(cells))]:
        yield f"the cell ids must be cell-00, cell-01, ... by position. Set them: amazon-labor accept {notebook.name}"
    yield from _opening(notebook)
    yield from _tags(cells)
    headings = [h for c in cells if not c.is_code for h in re.findall(r"^## +(.+?)\s*$", c.source, re.MULTILINE)]
    yield from (
        f"it has no section '## {s}'; write it, in this order: {', '.join(SECTIONS)}"
        for s in SECTIONS
        if s not in headings
    )
    yield from _exercises(cells)


def _opening(notebook: Notebook) -> Iterator[str]:
    first, second, third = notebook.cells[:3]
    if first.is_code or not first.source.lstrip().startswith("# "):
        yield "cell 0: it must be Markdown that begins with '# ' and the title"
    elif not notebook.question:
        yield "cell 0: it must ask the question in bold under the title"
    elif not re.search(r"^[-*] ", first.source, re.MULTILINE):
        yield "cell 0: it must list the learning goals"
    titles = sum(len(re.findall(r"^# ", c.source, re.MULTILINE)) for c in notebook.cells if not c.is_code)
    if titles > 1:
        yield f"it has {titles} titles ('# '); sections begin with '## '"
    if not second.is_code or "parameters" not in second.tags:
        yield "cell 1: it must be the code cell tagged `parameters`"
    starts = [
        s.word for c in notebook.cells if c.is_code for s in check_code.said(c.source) if s.call == "results.start"
    ]
    if starts != [notebook.name] or "results.start" not in check_code.calls(third.source):
        yield f'cell 2: it must import and call results.start("{notebook.name}"), once in the notebook'


def _tags(cells: tuple[Cell, ...]) -> Iterator[str]:
    for cell in cells:
        yield from (
            f"cell {cell.position}: the tag {t!r} is not known; allowed: {', '.join(sorted(TAGS))}"
            for t in cell.tags
            if t not in TAGS
        )
    sources = [c.position for c in cells if "sources" in c.tags]
    code = [c for c in cells if c.is_code]
    last = code[-1] if code else None
    if last is None or sources != [last.position] or "results.sources" not in check_code.calls(last.source):
        yield "the last code cell, and only that, must be tagged `sources` and call results.sources()"


def _exercises(cells: tuple[Cell, ...]) -> Iterator[str]:
    exercises = [c for c in cells if "exercise" in c.tags]
    if not exercises:
        yield "it has no cell tagged `exercise`; add one, and behind it its solution"
    for cell in exercises:
        after = cells[cell.position + 1] if cell.position + 1 < len(cells) else None
        if after is None or "solution" not in after.tags:
            yield f"cell {cell.position}: the exercise must be followed by a cell tagged `solution`"


def content(notebook: Notebook) -> Iterator[str]:
    """Faults of the cells themselves: prose with numbers, code that is too long or reaches out, names used twice."""
    for cell in notebook.cells:
        found = check_code.faults(cell.source) if cell.is_code else check_prose.faults(cell.source, cell.tags)
        yield from (f"cell {cell.position}: {fault}" for fault in found)
    for call, noun in (("results.emit", "number"), ("claims.check", "claim")):
        seen: dict[str, int] = {}
        for cell in notebook.cells:
            for s in check_code.said(cell.source) if cell.is_code else ():
                # the two arms of a condition may emit the same name; two cells may not
                if s.call == call and seen.setdefault(s.word, cell.position) != cell.position:
                    yield f"cell {cell.position}: the {noun} {s.word!r} is there in cell {seen[s.word]} already; give one of them another name, or keep one"


def stored(notebook: Notebook) -> Iterator[str]:
    """Faults of the stored outputs: missing, failed, of other code, or of one machine."""
    code = [c for c in notebook.cells if c.is_code]
    mend = f"Store them: amazon-labor accept {notebook.name}"
    if [c.execution_count for c in code] != list(range(1, len(code) + 1)):
        yield f"not all code cells hold the outputs of one run from first to last (nbval would pass over them). {mend}"
        return
    for cell in code:
        yield from (f"cell {cell.position}: {fault}. {mend}" for fault in _stored_faults(cell))
    if code and not bundles(code[-1].outputs, mime.TABLES):
        yield f"cell {code[-1].position}: the stored outputs have no list of tables. {mend}"
    size = sum(len(json.dumps(c.outputs)) for c in code)
    if size > LARGEST_OUTPUTS:
        yield f"the stored outputs are {size:,} bytes, more than {LARGEST_OUTPUTS:,}; draw fewer points or show fewer rows"


def _stored_faults(cell: Cell) -> Iterator[str]:
    kinds = [o.get("output_type") for o in cell.outputs]
    if "error" in kinds:
        yield "its stored output is an error"
    if any(o.get("name") == "stderr" for o in cell.outputs):
        yield "its stored output holds a warning; deal with its cause"
    text = json.dumps([{k: v for k, v in o.items() if k != "metadata"} for o in cell.outputs], ensure_ascii=False)
    if MACHINE.search(text):
        yield "its stored output names a path of one machine"
    if OBJECT.search(text):
        yield "its stored output shows the address of an object; print something of it instead"
    for call, kind in (("results.emit", mime.NUMBER), ("claims.check", mime.CLAIM)):
        said = {s.word for s in check_code.said(cell.source) if s.call == call}
        key = "name" if kind == mime.NUMBER else "id"
        there = {str(r.get(key)) for r in bundles(cell.outputs, kind)}
        if call in check_code.calls(cell.source) and not there and said and not _conditional(cell.source):
            yield f"its stored outputs hold no {'number' if key == 'name' else 'claim'}"
        elif there - said and call not in check_code.calls(cell.source):
            yield f"its stored outputs hold {', '.join(sorted(there - said))}, which its code does not make"


def _conditional(source: str) -> bool:
    return bool(re.search(r"^\s*if ", source, re.MULTILINE))
