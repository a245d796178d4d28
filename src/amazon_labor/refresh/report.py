"""The vintage report: what was revised, added and gone, which numbers and verdicts move, in Markdown and in a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from amazon_labor.refresh.firsts import Pair
from amazon_labor.refresh.revisions import Change, Revision

if TYPE_CHECKING:
    from amazon_labor.refresh.moved import Moves
    from amazon_labor.refresh.store import Made

SHOWN = 12


def summary(revisions: Sequence[Revision]) -> str:
    """Revisions of a table in a line."""
    if not revisions:
        return "as before: no value revised, added or gone"
    revised, added, gone = (sum(len(getattr(r, kind)) for r in revisions) for kind in ("revised", "added", "gone"))
    sizes = [r.median_percent for r in revisions if r.median_percent is not None]
    typical = f" (typically by {max(sizes):.2g} percent)" if sizes else ""
    return f"{revised:,} values revised{typical}, {added:,} added, {gone:,} gone"


def markdown(
    vintage: str, made: "Sequence[Made]", revisions: Mapping[str, Sequence[Revision]], failed: Mapping[str, str]
) -> str:
    """Report on the tables of a vintage, written when it is made."""
    lines = [f"# Vintage {vintage}", "", *_overview(revisions), ""]
    for table, columns in sorted(revisions.items()):
        remarks = next((m.remarks for m in made if str(m.resource["path"]).split(".")[0] == table), ())
        lines += [f"## {table}", "", summary(columns).capitalize() + ".", ""]
        lines += [f"- {remark}" for remark in remarks] + ([""] if remarks else [])
        lines += [line for revision in columns for line in _column(revision)]
    if failed:
        lines += ["## Not refreshed", "", *(f"- `{table}`: {_first_line(why)}" for table, why in failed.items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def movement(vintage: str, moves: "Moves") -> str:
    """Report on the numbers and verdicts that move when the collection is built with a vintage."""
    lines = [f"# What moves with the vintage {vintage}", ""]
    lines += [f"{moves.notebooks} notebooks compared, {moves.compared} emitted numbers, {moves.claims} claims.", ""]
    lines += [f"- **{name} failed** with the new tables: {reason}" for name, reason in moves.failed]
    lines += ["## Verdicts", ""]
    if moves.verdicts:
        lines += ["| claim | before | after | computed before | computed after |", "|---|---|---|---|---|"]
        lines += [
            f"| {v.claim} | {v.before} | {v.after} | {v.value_before} | {v.value_after} |" for v in moves.verdicts
        ]
    else:
        lines.append("No verdict moves.")
    lines += ["", "## Numbers", ""]
    if moves.numbers:
        lines += ["| notebook | number | before | after | change | percent | unit |", "|---|---|--:|--:|--:|--:|---|"]
        lines += [
            f"| {n.notebook} | {n.name} | {n.before} | {n.after} | {n.change} | {n.percent} | {n.unit} |"
            for n in moves.numbers
        ]
    else:
        lines.append("No emitted number moves.")
    lines += [f"- `{name}` is emitted {which} only" for name, which in moves.one_sided]
    return "\n".join(lines).rstrip() + "\n"


def first_against_latest(pairs: Sequence[Pair]) -> str:
    """Report on values as first published against those of the tables in use."""
    lines = ["# First published against latest", ""]
    for pair in pairs:
        lines += [f"## {pair.title}", "", pair.sentence, ""]
        lines += ["| period | first published | latest | difference | unit |", "|---|--:|--:|--:|---|"]
        lines += [
            f"| {r.period} | {r.first:,.10g} | {r.latest:,.10g} | {r.latest - r.first:+,.4g} | {pair.unit} |"
            for r in pair.rows[-SHOWN:]
        ]
        hidden = len(pair.rows) - SHOWN
        lines += [f"\n{hidden} earlier periods are not shown." if hidden > 0 else "", ""]
    return "\n".join(lines).rstrip() + "\n"


def _overview(revisions: Mapping[str, Sequence[Revision]]) -> Iterator[str]:
    yield "| table | column | unit | compared | revised | median revision, percent | largest revision | added | gone |"
    yield "|---|---|---|--:|--:|--:|--:|--:|--:|"
    for table, columns in sorted(revisions.items()):
        for r in columns:
            median = "" if r.median_percent is None else f"{r.median_percent:.3g}"
            largest = "" if r.largest is None else f"{r.largest.size:+,.6g}"
            yield (
                f"| {table} | {r.column} | {r.unit} | {r.compared:,} | {len(r.revised):,} | {median} | {largest} "
                f"| {len(r.added):,} | {len(r.gone):,} |"
            )


def _column(revision: Revision) -> Iterator[str]:
    if revision.revised:
        ordered = sorted(revision.revised, key=lambda change: -abs(change.size))
        yield f"Largest revisions of `{revision.column}` ({revision.unit}):"
        yield ""
        yield from (f"- {_change(change)}" for change in ordered[:SHOWN])
        yield ""
    if revision.added:
        shown = ", ".join(f"{c.key} = {c.after}" for c in revision.added[-3:])
        yield f"Added to `{revision.column}`: {len(revision.added):,} values, the last {shown}."
        yield ""
    if revision.gone:
        shown = ", ".join(f"{c.key} (was {c.before})" for c in revision.gone[:SHOWN])
        yield f"Gone from `{revision.column}`: {shown}."
        yield ""


def _change(change: Change) -> str:
    percent = "" if change.percent is None else f", {change.percent:+.2g} percent"
    return f"{change.key}: {change.before} -> {change.after} ({change.size:+,.6g}{percent})"


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0]
