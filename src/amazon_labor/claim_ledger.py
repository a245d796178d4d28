"""The ledger of all claims in the order of the article, and how much of the article it covers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amazon_labor import claim_rule, claim_words, paths
from amazon_labor.claim_tables import (
    JUDGED,
    Claim,
    ClaimError,
    Interpretation,
    find,
    load_article_numbers,
    load_claims,
    load_interpretations,
)


@dataclass(frozen=True)
class LedgerRow:
    """One claim as the index page and `ledger.csv` show it.

    `stated` and `computed` are texts with units. For the strip: `stated_value` (where the printed number has the unit of
    the statistic), `value` (computed), `low` to `high` (range over the readings of that unit and the intervals of their
    estimates) and `lower` to `upper` (what the wording allows, inclusive). `interpretations` are those of the record.
    """

    order: int
    claim_id: str
    section: str
    topic: str
    kind: str
    notebook: str
    notebook_file: str | None
    statement: str
    stated: str
    stated_value: float | None
    unit: str
    wording: str
    statistic: str
    lower: float | None
    upper: float | None
    band: str
    computed: str
    value: float | None
    low: float | None
    high: float | None
    verdict: str
    verdict_words: str
    holds_true: int
    holds_of: int
    holds_lost: int
    holds_text: str
    interpretations: tuple[dict[str, Any], ...]
    reason: str
    figure: str | None
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """Of the numbers and dates the article prints: how many a claim covers, and how many of those have a verdict."""

    total: int
    covered: int
    judged: int
    uncovered: tuple[tuple[str, str], ...] = field(default=())  # printed, reason why no claim covers it
    waiting: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())  # printed, claims without a verdict yet


def ledger(records: Mapping[str, Mapping[str, Any]], not_run: Mapping[str, str]) -> list[LedgerRow]:
    """Return a row for every claim, whether it was computed or not.

    Parameters
    ----------
    records : mapping of claim id to record
        What `claims.check` put into the outputs of the notebooks that ran to the end.
    not_run : mapping of claim id or notebook name to reason
        Why a claim has no record, for example "failed in cell 12" or "not part of this run".

    Raises
    ------
    ClaimError
        If a record names an unknown claim, is not of this state of the tables, or holds a verdict that is not the rule's.
    """
    claims = load_claims()
    for claim_id in records:
        find(claim_id, claims, "ledger")
    readings: dict[str, list[Interpretation]] = {c: [] for c in claims}
    for reading in load_interpretations():
        if reading.status == JUDGED:
            readings[reading.claim_id].append(reading)
    files = _notebook_files()
    return [
        _computed(c, records[c.claim_id], readings[c.claim_id], files)
        if c.claim_id in records
        else _without(c, not_run, files)
        for c in claims.values()
    ]


def coverage(records: Mapping[str, Mapping[str, Any]]) -> Coverage:
    """Count how many numbers and dates of the article are covered by claims, and by claims with a verdict.

    A number that several claims cover has a verdict when all of them have.
    """
    claims = load_claims()
    printed = load_article_numbers()
    covered = [n for n in printed if n.claim_ids]
    waiting = [
        (n.printed, tuple(c for c in n.claim_ids if c not in records and not claims[c].documentary)) for n in covered
    ]
    open_ones = tuple(w for w in waiting if w[1])
    return Coverage(
        total=len(printed),
        covered=len(covered),
        judged=len(covered) - len(open_ones),
        uncovered=tuple((n.printed, n.reason) for n in printed if not n.claim_ids),
        waiting=open_ones,
    )


def _computed(
    claim: Claim, record: Mapping[str, Any], readings: list[Interpretation], files: Mapping[str, str]
) -> LedgerRow:
    outcomes = _outcomes(claim, record, readings)
    verdict = claim_rule.judge([o.judged for o in outcomes])
    if record.get("verdict") != verdict:
        raise ClaimError(
            f"ledger: the record of {claim.claim_id!r} says {record.get('verdict')!r} where the rule gives {verdict!r}. "
            f"Build it again: amazon-labor build {claim.notebook} --force"
        )
    lead = claim_words.lead(outcomes)
    low, high = _range(outcomes, lead)
    known = [o for o in outcomes if o.value is not None]
    return _row(
        claim,
        files,
        computed=claim_words.computed_text(claim, outcomes),
        value=lead.value if lead else None,
        low=low,
        high=high,
        verdict=verdict,
        true=sum(o.judged.holds is True for o in known),
        of=len(known),
        lost=len(outcomes) - len(known),
        interpretations=tuple(dict(i) for i in record["interpretations"]),
        reason=str(record["reason"]),
        figure=record.get("figure"),
    )


def _outcomes(claim: Claim, record: Mapping[str, Any], readings: list[Interpretation]) -> list[claim_words.Outcome]:
    given = {i["name"]: i for i in record["interpretations"]}
    if list(given) != [r.interpretation for r in readings]:
        raise ClaimError(
            f"ledger: the record of {claim.claim_id!r} is not of the readings now in data/claim_interpretations.csv. "
            f"Build it again: amazon-labor build {claim.notebook} --force"
        )
    return [
        claim_words.Outcome(r, i["value"], i["low"], i["high"], i["why_unavailable"])
        for r, i in zip(readings, given.values(), strict=True)
    ]


def _range(outcomes: list[claim_words.Outcome], lead: claim_words.Outcome | None) -> tuple[float | None, float | None]:
    """Range over the readings in the unit of the row and over the intervals of their estimates."""
    if lead is None:
        return None, None
    same = [o for o in outcomes if o.value is not None and o.reading.unit == lead.reading.unit]
    ends = [e for o in same for e in (o.value, o.low, o.high) if e is not None]
    return min(ends), max(ends)


def _without(claim: Claim, not_run: Mapping[str, str], files: Mapping[str, str]) -> LedgerRow:
    verdict = claim_rule.judge([], documentary=claim.documentary, run=False)
    if claim.documentary:
        reason = claim_words.reason(claim, [])
    else:
        written = "did not compute this claim" if claim.notebook in files else "is not written yet"
        reason = f"The notebook {claim.notebook} {written}."
        reason = not_run.get(claim.claim_id) or not_run.get(claim.notebook) or reason
    return _row(claim, files, verdict=verdict, reason=reason, lost=0, interpretations=())


def _row(
    claim: Claim,
    files: Mapping[str, str],
    *,
    verdict: str,
    reason: str,
    lost: int,
    interpretations: tuple[dict[str, Any], ...],
    computed: str = "",
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    true: int = 0,
    of: int = 0,
    figure: str | None = None,
) -> LedgerRow:
    return LedgerRow(
        **_stated(claim, files),
        computed=computed,
        value=value,
        low=low,
        high=high,
        verdict=verdict,
        verdict_words=claim_rule.WORDS[verdict],
        holds_true=true,
        holds_of=of,
        holds_lost=lost,
        holds_text=claim_words.holds_text(true, of, lost),
        interpretations=interpretations,
        reason=reason,
        figure=figure,
    )


def _stated(claim: Claim, files: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a row that a run does not change."""
    return {
        "order": claim.order,
        "claim_id": claim.claim_id,
        "section": claim.section,
        "topic": claim.topic,
        "kind": claim.kind,
        "notebook": claim.notebook,
        "notebook_file": files.get(claim.notebook),
        "statement": claim.statement,
        "stated": claim.stated_text,
        "stated_value": claim.stated_number,
        "unit": claim.statistic_unit,
        "wording": claim.wording,
        "statistic": claim.statistic,
        "lower": claim.lower,
        "upper": claim.upper,
        "band": claim_words.claim_band(claim),
        "tables": claim.tables,
    }


def _notebook_files() -> dict[str, str]:
    """File of each notebook that exists, by name: `turnover` is in `08_turnover.ipynb`."""
    return {path.stem.partition("_")[2]: path.name for path in sorted(paths.notebooks_dir().glob("[0-9][0-9]_*.ipynb"))}
