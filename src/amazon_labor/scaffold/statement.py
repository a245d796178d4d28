"""The reproducibility statement: a build held against what is committed, counted by a command and not by hand."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from amazon_labor import paths
from amazon_labor.runner import collection, differences, state
from amazon_labor.runner.layout import Layout

BLOCK = re.compile(r"(<!-- measured: made by[^>]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """Counts of a build and of a second one: notebooks there are, those that ran to the end, those whose every number,
    interval and verdict is printed as in the committed notebook, those whose page and executed notebook are the same
    bytes in both builds, claims with a verdict, claims, and whether the ledger is the committed one."""

    notebooks: int
    ran: int
    printed: int
    identical: int
    judged: int
    claims: int
    ledger: bool
    others: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The counts as Markdown."""
        head = (
            "notebooks",
            "ran from a clean clone",
            "every number and verdict as committed",
            "byte-identical in a second build",
            "claims with a verdict",
            "ledger as committed",
        )
        row = (
            self.notebooks,
            self.ran,
            self.printed,
            self.identical,
            f"{self.judged} of {self.claims}",
            "yes" if self.ledger else "no",
        )
        lines = (" | ".join(map(str, cells)) for cells in (head, ["---"] * len(head), row))
        return "".join(f"| {line} |\n" for line in lines)


def measure(out: Path, second: Path) -> Statement:
    """Count what a build in `out` gave, beside another of the same checkout in `second`.

    Raises
    ------
    FileNotFoundError
        If no full build was made in one of them.
    """
    for folder in (out, second):
        if not Layout(folder).ledger.is_file() or not Layout(folder).state.is_file():
            raise FileNotFoundError(f"No full build was made in {folder.name}/. Make one: amazon-labor build --out DIR")
    where, again = Layout(out), Layout(second)
    everything, _ = collection.read()
    entries = state.load(where.state).entries
    ran = [n for n in everything.tasks if (e := entries.get(n)) is not None and e.failure is None and e.inputs]
    files = {n: everything.tasks[n].notebook.path for n in ran}
    printed = [n for n in ran if _as_committed(where, files[n])]
    same = [n for n in ran if _same(where, again, files[n].stem)]
    with where.ledger.open(encoding="utf-8", newline="") as stream:
        verdicts = [row["verdict"] for row in csv.DictReader(stream)]
    committed = paths.reports_dir() / "ledger.csv"
    return Statement(
        notebooks=len(everything.order),
        ran=len(ran),
        printed=len(printed),
        identical=len(same),
        judged=sum(v != "missing" for v in verdicts),
        claims=len(verdicts),
        ledger=committed.is_file() and committed.read_bytes() == where.ledger.read_bytes(),
        others=tuple(n for n in everything.order if n not in printed or n not in same),
    )


def _as_committed(where: Layout, source: Path) -> bool:
    executed = where.executed(source.stem)
    return executed.is_file() and differences.printed_in(executed) == differences.printed_in(source)


def _same(one: Layout, other: Layout, stem: str) -> bool:
    pairs = ((one.executed(stem), other.executed(stem)), (one.page(stem), other.page(stem)))
    return all(a.is_file() and b.is_file() and a.read_bytes() == b.read_bytes() for a, b in pairs)


def placed(document: str, found: Statement) -> str:
    """Return the document with the table in its place.

    Raises
    ------
    ValueError
        If the document has no place for it.
    """
    if not BLOCK.search(document):
        raise ValueError("the document has no place for the table: <!-- measured: made by ... --> and <!-- end -->")
    return BLOCK.sub(lambda m: f"{m[1]}{found.table}{m[3]}", document)
