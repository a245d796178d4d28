"""The index page: the ledger of all claims, the gallery of the notebooks, and how much of the article they cover."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

import amazon_labor
from amazon_labor import articles, mime, paths, wording
from amazon_labor.claim_ledger import Coverage, LedgerRow
from amazon_labor.claim_rule import FAILS, HOLDS, MISSING, QUALIFIED, UNTESTABLE, WORDS
from amazon_labor.claim_tables import YES_NO
from amazon_labor.publish import blocks, cite, outline, page, records, sanitise, svg
from amazon_labor.publish.strip import strip

SMALL = 0.1  # percent under which a difference is not written out
COMMANDS = (
    ("what can be changed, and the named scenarios", "amazon-labor list turnover"),
    (
        "one number changed: 2.5 percent of the staff leave in a week",
        "amazon-labor run turnover -p weekly_exit_rate 0.025",
    ),
    ("everything again, from the tables", "amazon-labor build --force"),
)


@dataclass(frozen=True)
class NotebookCard:
    """One notebook that exists.

    `href` is the address of its report, linked only when `failed` is None; `failed` says why there is no result;
    `notebook` is the executed notebook, from which figures, claims and tables are read.
    """

    name: str
    number: int
    part: str
    title: str
    question: str
    href: str
    failed: str | None = None
    notebook: Mapping[str, Any] | None = None

    @property
    def cells(self) -> Sequence[Mapping[str, Any]]:
        return self.notebook["cells"] if self.notebook and self.failed is None else ()

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        return [records.figure(r) for cell in self.cells for r in records.outputs(cell, mime.FIGURE)]

    @cached_property
    def drawing(self) -> str:
        """The first figure without its words, for the gallery; empty where there is none that can be read."""
        drawn = next(
            (o["data"] for c in self.cells for o in c.get("outputs", []) if mime.FIGURE in o.get("data", {})), None
        )
        if drawn is None:
            return ""
        try:
            image = str(drawn.get("image/svg+xml") or "")
            return svg.rebuild(image, f"t{self.number}", self.figures[0]["crop"], words=False)
        except svg.SvgError:
            return ""

    @cached_property
    def claims(self) -> dict[str, int]:
        """Claims it checked, each with the number of its cell."""
        found = ((records.claim(r)["id"], cell) for cell in self.cells for r in records.outputs(cell, mime.CLAIM))
        return {claim_id: blocks.position(cell) for claim_id, cell in found}


@dataclass(frozen=True)
class IndexContext:
    """What the index needs besides rows and notebooks; the defaults serve a build."""

    commands: Sequence[tuple[str, str]] = field(default=COMMANDS)


def render_index(
    rows: Sequence[LedgerRow],
    notebooks: Sequence[NotebookCard],
    coverage: Coverage,
    context: IndexContext | None = None,
) -> str:
    """Return the index page.

    Parameters
    ----------
    rows : sequence of LedgerRow
        All claims in the order of the article; those without a result say why.
    notebooks : sequence of NotebookCard
        Notebooks that exist, in order; the others are listed from the outline of the collection.
    coverage : Coverage
        How much of what the article prints is covered by claims.

    Returns
    -------
    str
        HTML without any request to elsewhere; the same bytes for the same arguments.
    """
    counts = {verdict: Counter(row.verdict for row in rows)[verdict] for verdict in WORDS}
    cards = {card.name: card for card in notebooks}
    article = articles.load()
    return page.render(
        "index.html.j2",
        headline=headline(counts),
        standfirst=standfirst(counts),
        counts=counts,
        total=len(rows),
        article=article,
        lead=articles.lead(article, len(rows)),
        bar=page.safe(_bar(counts)),
        sections=[
            (_title(name), [_row(r, cards) for r in group]) for name, group in groupby(rows, lambda r: r.section)
        ],
        topics=sorted({row.topic for row in rows}),
        gallery=[_card(card) for card in notebooks if card.failed is None],
        broken=[card for card in notebooks if card.failed is not None],
        # the outline is that of the first article
        unwritten=[] if paths.article() else outline.unwritten(set(cards)),
        planned=article.planned or len(notebooks),
        coverage=coverage,
        reasons=_reasons(coverage),
        tables=_tables(notebooks),
        commands="\n\n".join(
            f"# {what}\n{command}" for what, command in (context or IndexContext(_commands(notebooks))).commands
        ),
        documents=(paths.root() / "docs").is_dir() and not paths.article(),
        version=amazon_labor.__version__,
        citation=collection.whole() if (collection := cite.collection()) else None,
    )


def _commands(notebooks: Sequence[NotebookCard]) -> Sequence[tuple[str, str]]:
    """Commands that a reader of this index can type."""
    chosen, first = paths.article(), next(iter(notebooks), None)
    if chosen is None or first is None:
        return COMMANDS
    return (
        ("what can be changed", f"amazon-labor list {first.name} --article {chosen}"),
        ("everything again, from the tables", f"amazon-labor build --article {chosen} --force"),
    )


def headline(counts: Mapping[str, int]) -> str:
    """The finding in one sentence; while claims wait, it counts the tested ones and says of how many."""
    total = sum(counts.values())
    tested = counts[HOLDS] + counts[QUALIFIED] + counts[FAILS]
    hold = f"{counts[HOLDS] or 'none'} {'holds' if counts[HOLDS] < 2 else 'hold'} as written"
    finding = f"{hold}, {counts[QUALIFIED] or 'none'} with a qualification, {counts[FAILS] or 'none'} not at all"
    if not counts[MISSING]:
        return f"Of {total} statements {finding}"
    if not tested:
        return f"None of {total} statements has been computed yet"
    return f"So far {tested} of {total} statements are tested: {finding}"


def standfirst(counts: Mapping[str, int]) -> str:
    """What the headline leaves out: statements that wait, and those that no data here can test."""
    parts = []
    if waiting := counts[MISSING]:
        parts.append(f"{waiting} {'is' if waiting == 1 else 'are'} not computed in this build")
    if closed := counts[UNTESTABLE]:
        parts.append(f"{closed} cannot be tested with these data")
    text = " and ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "Every statement could be tested."


def _title(section: str) -> str:
    return (section[:1].upper() + section[1:]).replace("'", "’")


def _bar(counts: Mapping[str, int]) -> str:
    total, at, parts = sum(counts.values()) or 1, 0.0, []
    for verdict, count in counts.items():
        wide = 1000 * count / total
        if count:
            parts.append(
                f'<rect class="seg v-{verdict}" x="{at + 1:.1f}" y="1" width="{max(1.0, wide - 4):.1f}" height="12"/>'
            )
        at += wide
    return "".join(parts)


def _row(row: LedgerRow, cards: Mapping[str, NotebookCard]) -> dict[str, Any]:
    """A row with its links: only to a page that exists, a claim that is on it, a figure that is drawn there."""
    card = cards.get(row.notebook)
    computed = card is not None and card.failed is None and row.claim_id in card.claims
    drawn = {f["id"] for f in card.figures} if card else set()
    figure = sanitise.identifier(row.figure) if row.figure else ""
    href = card.href if card and computed else ""
    far = difference(row)
    return {
        "r": row,
        "strip": page.safe(strip(row)),
        "notebook": f"{card.number:02d} {card.title}" if card else row.notebook,
        "result": f"{href}#claim-{row.claim_id}" if href else "",
        "cell": f"{href}#cell-{card.claims[row.claim_id]:02d}" if card and href else "",
        "data": f"{href}#data-{figure}" if href and figure in drawn else "",
        "range": _range(row),
        "far": "" if far is None else f"{abs(far):.4f}",
        "difference": "" if far is None else _percent(far),
    }


def difference(row: LedgerRow) -> float | None:
    """How far the computed value lies from the printed number, in percent of it; None without two such numbers."""
    if row.value is None or not row.stated_value or row.unit in (YES_NO, "date"):
        return None
    return 100 * (row.value - row.stated_value) / abs(row.stated_value)


def _percent(value: float) -> str:
    if value == 0:
        return "none"
    if abs(value) < SMALL:
        return f"under {SMALL}%"
    return f"{wording.number(value, 0 if abs(value) >= 10 else 1, sign=True)}%"


def _range(row: LedgerRow) -> str:
    """Lowest to highest value over the readings and their intervals."""
    if row.low is None or row.high is None or row.low == row.high or row.unit in (YES_NO, "date"):
        return ""
    whole = row.low.is_integer() and row.high.is_integer()
    digits = 0 if whole else wording.default_digits(max(abs(row.low), abs(row.high)))
    while digits < 4 and wording.number(row.low, digits) == wording.number(row.high, digits):
        digits += 1
    return wording.interval(row.low, row.high, digits)


def _card(card: NotebookCard) -> dict[str, Any]:
    finding = card.figures[0]["title"] if card.figures else card.question
    return {"card": card, "thumb": page.safe(card.drawing), "finding": finding}


def _reasons(coverage: Coverage) -> list[tuple[str, list[str]]]:
    """What no claim covers, by reason."""
    reasons: dict[str, list[str]] = {}
    for printed, why in coverage.uncovered:
        reasons.setdefault(why, []).append(printed)
    return list(reasons.items())


def _tables(notebooks: Sequence[NotebookCard]) -> list[dict[str, Any]]:
    """Tables that the built notebooks read, each once, by name."""
    found = {(t["name"], t["vintage"]): t for card in notebooks for t in records.tables(card.cells)}
    return [found[key] for key in sorted(found)]
