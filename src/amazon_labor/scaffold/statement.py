"""The reproducibility statement: a build held against what is committed, counted by a command and not by hand."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

from amazon_labor import paths
from amazon_labor.runner import collection, normalise, state
from amazon_labor.runner.layout import Layout

BLOCK = re.compile(r"(<!-- measured: made by[^>]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """Counts of one build: notebooks there are, those that ran to the end, those whose outputs are byte for byte the
    committed ones, claims with a verdict, claims, and whether the ledger is the committed one."""

    notebooks: int
    ran: int
    identical: int
    judged: int
    claims: int
    ledger: bool
    others: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The counts as Markdown."""
        return (
            "| notebooks | ran from a clean clone | outputs byte-identical to those committed | claims with a verdict | ledger as committed |\n"
            "|---|---|---|---|---|\n"
            f"| {self.notebooks} | {self.ran} | {self.identical} | {self.judged} of {self.claims} | {'yes' if self.ledger else 'no'} |\n"
        )


def measure(out: Path) -> Statement:
    """Count what a build in `out` gave.

    Raises
    ------
    FileNotFoundError
        If no full build was made there.
    """
    where = Layout(out)
    if not where.ledger.is_file() or not where.state.is_file():
        raise FileNotFoundError(f"No full build was made in {out.name}/. Make one first: amazon-labor build")
    everything, _ = collection.read()
    entries = state.load(where.state).entries
    ran = [n for n in everything.tasks if (e := entries.get(n)) is not None and e.failure is None and e.inputs]
    same = [n for n in ran if _identical(where, everything.tasks[n].notebook.path)]
    with where.ledger.open(encoding="utf-8", newline="") as stream:
        verdicts = [row["verdict"] for row in csv.DictReader(stream)]
    committed = paths.reports_dir() / "ledger.csv"
    ledger = committed.is_file() and committed.read_bytes() == where.ledger.read_bytes()
    judged = sum(v != "missing" for v in verdicts)
    others = tuple(n for n in everything.order if n not in same)
    return Statement(len(everything.order), len(ran), len(same), judged, len(verdicts), ledger, others)


def _identical(where: Layout, source: Path) -> bool:
    """Whether storing the outputs of the build would leave the notebook as it is committed."""
    executed = where.executed(source.stem)
    if not executed.is_file():
        return False
    stored = source.read_text(encoding="utf-8")
    fresh = normalise.merged(json.loads(executed.read_text(encoding="utf-8")), json.loads(stored))
    return normalise.dump(fresh) == stored


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
