"""The rules of the collection, checked without running anything."""

from collections.abc import Callable, Iterator, Sequence

from amazon_labor import mime, paths
from amazon_labor.runner import check_cells, check_code, check_form, collection, digests, named, notebook, scenarios
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.notebook import Notebook, bundles

TITLE_LIMIT, ALT_WORDS = 110, 8  # characters of a notebook's title; words without which an alt text says nothing


def check(names: Sequence[str], write: Callable[[str], None]) -> int:
    """Check notebooks (all, with what lies between them, if none is named).

    Returns
    -------
    int
        Exit status: 0, or 1 if there are faults; each is one line that says what mends it.

    Raises
    ------
    UnknownNotebookError
    """
    everything, wanted = collection.read(names)
    found = [f"notebooks: {everything.broken[n]}" for n in wanted if n in everything.broken]
    for name in (n for n in wanted if n in everything.tasks):
        one = everything.tasks[name].notebook
        found += [f"{one.path.name}, {fault}" for fault in faults(one)]
    if not names:
        found += _between(everything)
    for fault in found:
        write(fault)
    write(
        f"check: {len(found)} fault{'s' if len(found) != 1 else ''} in {len(wanted)} notebooks."
        if found
        else f"check: {len(wanted)} notebooks, no faults."
    )
    return int(bool(found))


def faults(one: Notebook) -> list[str]:
    """All faults of one notebook."""
    return [
        *check_cells.contract(one),
        *check_form.faults(one),
        *check_cells.content(one),
        *_whole(one),
        *_claims(one),
        *check_cells.stored(one),
    ]


def _whole(one: Notebook) -> Iterator[str]:
    """Faults that only all cells together show: imports nobody uses, tables that no text names, words of figures."""
    code = [c for c in one.cells if c.is_code]
    for name in check_code.unused_imports([c.source for c in code]):
        yield f"{name!r} is imported and not used; leave the import out"
    read = {str(t.get("name")) for c in code for r in bundles(c.outputs, mime.TABLES) for t in r if isinstance(t, dict)}
    for name in sorted(read - named.tables(one) if read & digests.table_names() else ()):
        yield (
            f"the table {name!r} was read and no text in the code names it, so a build cannot foresee that a change of "
            "it matters. Write its name out: catalog.load(...)"
        )
    if len(one.title) > TITLE_LIMIT:
        yield f"cell 0: the title has {len(one.title)} characters, more than {TITLE_LIMIT}; move a thought to the question"
    for cell in code:
        for figure in bundles(cell.outputs, mime.FIGURE):
            if isinstance(figure, dict) and len(str(figure.get("alt", "")).split()) < ALT_WORDS:
                yield (
                    f"cell {cell.position}: the figure {figure.get('id')!r} has an alt text of fewer than {ALT_WORDS} "
                    "words; say form, axes, finding and end points"
                )


def _claims(one: Notebook) -> Iterator[str]:
    """Claims assigned to the notebook against claims that its code checks."""
    rows = {r["claim_id"]: r.get("notebook", "") for r in digests.rows("claims.csv")}
    code = [c for c in one.cells if c.is_code]
    for cell in code:
        for s in check_code.said(cell.source):
            if s.call != "claims.check":
                continue
            if s.word not in rows:
                yield f"cell {cell.position}: the claim {s.word!r} is not in {paths.claims_file('claims.csv')}. Add its row there, or check a claim that has one"
            elif rows[s.word] != one.name:
                yield (
                    f"cell {cell.position}: the claim {s.word!r} is assigned to {rows[s.word] or 'no notebook'!r} in "
                    f"{paths.claims_file('claims.csv')}. Check it there, or change the column notebook"
                )
    words = {w for c in code for w in check_code.words(c.source)}
    words |= {str(r.get("id")) for c in code for r in bundles(c.outputs, mime.CLAIM)}
    for claim_id, owner in rows.items():
        if owner == one.name and claim_id not in words:
            yield (
                f"the claim {claim_id!r} is assigned to it in {paths.claims_file('claims.csv')} and not checked. "
                "Check it: claims.check(...), or change the column notebook"
            )


def _between(everything: Collection) -> Iterator[str]:
    """Faults between notebooks: numbers used twice, files that are no notebook of ours, scenarios."""
    numbers: dict[int, str] = {}
    for name, task in everything.tasks.items():
        other = numbers.setdefault(task.notebook.number, name)
        if other != name:
            yield f"notebooks: {name} and {other} have the same number {task.notebook.number}. Rename one: git mv"
    for path in sorted(paths.notebooks_dir().glob("*.ipynb")):
        if not notebook.FILE.match(path.name):
            yield f"notebooks/{path.name}: a notebook is named NN_name.ipynb, for example 08_turnover.ipynb"
    known = {name: task.notebook.parameters for name, task in everything.tasks.items()}
    yield from scenarios.faults(known | dict.fromkeys(everything.broken))
