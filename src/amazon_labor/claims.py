"""Judge the article's statements: `check` in a notebook, `ledger` and `coverage` over all of them.

A notebook gives a value for every listed reading of a claim, or the reason why it cannot be had; the verdict is the
rule's (`claim_rule`), never a hand's. Statements, bounds and readings are data (`claim_tables`), so that they are there
before a number is.
"""

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amazon_labor import claim_rule, claim_words, mime
from amazon_labor.claim_ledger import Coverage, LedgerRow, coverage, ledger
from amazon_labor.claim_tables import (
    JUDGED,
    ArticleNumber,
    Claim,
    ClaimError,
    Interpretation,
    find,
    load_article_numbers,
    load_claims,
    load_interpretations,
    nearest,
)
from amazon_labor.claim_words import Outcome

__all__ = [
    "ArticleNumber",
    "Claim",
    "ClaimError",
    "Coverage",
    "Estimate",
    "Interpretation",
    "LedgerRow",
    "Verdict",
    "check",
    "checked",
    "coverage",
    "ledger",
    "load_article_numbers",
    "load_claims",
    "load_interpretations",
    "reset",
]


@dataclass(frozen=True)
class Estimate:
    """An estimated value with its interval. The ledger is judged at 90 percent; a run may ask for another level."""

    value: float
    low: float | None = None
    high: float | None = None
    level: float = claim_rule.LEVEL


@dataclass(frozen=True)
class Verdict:
    """The verdict on one claim, and the record of it that goes into the notebook's output."""

    claim_id: str
    verdict: str
    words: str
    computed: str
    true: int
    of: int
    reason: str
    record: dict[str, Any]

    def _ipython_display_(self) -> None:
        """Stay quiet when `check` ends a cell: its badge was shown already."""


_checked: dict[str, Verdict] = {}


def reset() -> None:
    """Forget the claims checked so far; `results.start` calls it."""
    _checked.clear()


def checked() -> dict[str, Verdict]:
    """Claims checked so far in this notebook, by id."""
    return dict(_checked)


def check(
    claim_id: str,
    values: Mapping[str, float | Estimate],
    unit: str,
    *,
    unavailable: Mapping[str, str] | None = None,
    reason: str | None = None,
    figure: str | None = None,
    table: str | None = None,
) -> Verdict:
    """Judge a claim under every reading listed for it, show the verdict and record it.

    Parameters
    ----------
    claim_id : str
        A claim of `data/claims.csv` that is assigned to the running notebook.
    values : mapping of str to float or Estimate
        The statistic under each reading, in the unit of that reading (the claim's, unless
        `data/claim_interpretations.csv` gives the row its own).
    unit : str
        The unit of the claim's statistic, as a guard against a value in another one.
    unavailable : mapping of str to str, optional
        Readings that cannot be had, with the reason. Together with `values` they must be exactly the judged readings.
    reason : str, optional
        A computed sentence; by default the reason is composed from the values.
    figure, table : str, optional
        Figure that shows the claim and catalogue name of the table behind it.

    Raises
    ------
    ClaimError
        If the claim is unknown, checked twice or another notebook's, the unit differs, a reading is missing or unknown,
        or a value is not a finite number inside its interval.
    """
    claim = _assigned(claim_id)
    if unit != claim.statistic_unit:
        raise ClaimError(
            f"check: {claim_id!r} is judged in {claim.statistic_unit!r} ({claim.statistic}), not in {unit!r}. Convert the values."
        )
    outcomes = _outcomes(claim, values, unavailable or {})
    verdict = _verdict(claim, outcomes, reason, {"figure": figure, "table": table, "notebook": _running()})
    _checked[claim_id] = verdict
    _display(claim, verdict)
    return verdict


def _assigned(claim_id: str) -> Claim:
    claim = find(claim_id, load_claims(), "check")
    running = _running()
    if claim.documentary:
        raise ClaimError(
            f"check: {claim_id!r} is a matter of documents; no notebook can test it. {claim_words.settled(claim)}"
        )
    if running is not None and claim.notebook != running:
        raise ClaimError(
            f"check: {claim_id!r} belongs to the notebook {claim.notebook!r}, and {running!r} is running. See data/claims.csv, column notebook."
        )
    if claim_id in _checked:
        raise ClaimError(f"check: {claim_id!r} was checked before in this notebook. One claim, one verdict.")
    return claim


def _running() -> str | None:
    from amazon_labor import results  # loads pandas, which reading the ledger must not

    return results.notebook()


def _outcomes(claim: Claim, values: Mapping[str, float | Estimate], unavailable: Mapping[str, str]) -> list[Outcome]:
    listed = [i for i in load_interpretations(claim.claim_id) if i.status == JUDGED]
    names = [i.interpretation for i in listed]
    both = sorted(set(values) & set(unavailable))
    missing = [n for n in names if n not in values and n not in unavailable]
    unknown = [n for n in (*values, *unavailable) if n not in names]
    if both or missing or unknown:
        raise ClaimError(
            f"check: {claim.claim_id!r} needs a value for every reading in data/claim_interpretations.csv, or the reason why it cannot be had."
            + (f" Given as both: {', '.join(map(repr, both))}." if both else "")
            + (f" Missing: {', '.join(map(repr, missing))}." if missing else "")
            + "".join(f" Unknown: {n!r}.{nearest(n, missing or names)}" for n in unknown)
        )
    return [_outcome(claim, reading, values, unavailable) for reading in listed]


def _outcome(
    claim: Claim, reading: Interpretation, values: Mapping[str, float | Estimate], unavailable: Mapping[str, str]
) -> Outcome:
    name = reading.interpretation
    if name in unavailable:
        if not str(unavailable[name]).strip():
            raise ClaimError(f"check: {claim.claim_id!r}, {name!r} cannot be had, but the reason is empty.")
        return Outcome(reading, why=str(unavailable[name]).strip())
    given = values[name]
    estimate = given if isinstance(given, Estimate) else Estimate(given)
    place = f"check: {claim.claim_id!r}, {name!r}"
    value, low, high = (_finite(place, v) for v in (estimate.value, estimate.low, estimate.high))
    if value is None or (low is None) != (high is None):
        raise ClaimError(f"{place}: give a value, and both ends of its interval or neither.")
    if low is not None and high is not None and not low <= value <= high:
        raise ClaimError(f"{place}: the interval {low!r} to {high!r} does not hold the value {value!r}.")
    if not 0 < estimate.level < 100:
        raise ClaimError(
            f"{place}: the level of the interval is {estimate.level!r}; allowed are percents between 0 and 100."
        )
    return Outcome(reading, value, low, high, level=estimate.level)


def _finite(place: str, value: Any) -> float | None:
    """Return the number to ten significant digits: further ones differ between processors and would fail a comparison."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ClaimError(f"{place} is {value!r}, which is not a number.") from None
    if not math.isfinite(number):
        raise ClaimError(f"{place} is {number!r}. Put the reading under `unavailable` and say why it has no value.")
    return float(claim_rule.comparable(number))


def _verdict(claim: Claim, outcomes: Sequence[Outcome], given: str | None, where: dict[str, str | None]) -> Verdict:
    verdict = claim_rule.judge([o.judged for o in outcomes])
    known = [o for o in outcomes if o.value is not None]
    true = sum(o.judged.holds is True for o in known)
    computed = claim_words.computed_text(claim, outcomes)
    reason = claim_words.reason(claim, outcomes) if given is None else _completed(given, claim, outcomes, verdict)
    lead = claim_words.lead(outcomes)
    record = {
        "id": claim.claim_id,
        "statement": claim.statement,
        "stated": claim.stated_text,
        "unit": claim.statistic_unit,
        "wording": claim.wording,
        "statistic": claim.statistic,
        "lower": claim.lower,
        "upper": claim.upper,
        "verdict": verdict,
        "verdict_words": claim_rule.WORDS[verdict],
        "computed": computed,
        "value": lead.value if lead else None,
        "low": lead.low if lead else None,
        "high": lead.high if lead else None,
        "level": lead.level if lead and lead.low is not None else None,
        "own": next((o.reading.interpretation for o in outcomes if o.reading.own), None),
        "lead": lead.reading.interpretation if lead else None,
        "holds_under": {"true": true, "of": len(known)},
        "interpretations": [_reading_record(claim, o) for o in outcomes],
        "reason": reason,
        **where,
    }
    record["notebook"] = record["notebook"] or claim.notebook
    return Verdict(claim.claim_id, verdict, claim_rule.WORDS[verdict], computed, true, len(known), reason, record)


def _completed(given: str, claim: Claim, outcomes: Sequence[Outcome], verdict: str) -> str:
    """Add to the notebook's reason what the rule demands: where a statement that fails would hold, if anywhere."""
    text = given.strip()
    if not text:
        raise ClaimError(f"check: the reason given for {claim.claim_id!r} is empty. Leave it out to have one composed.")
    true = [o.reading.interpretation for o in outcomes if o.judged.holds]
    if verdict != claim_rule.FAILS or any(name in text for name in true):
        return text
    return f"{text} {claim_words.would_hold(claim, outcomes)}".strip()


def _reading_record(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    judged = outcome.judged
    return {
        "name": outcome.reading.interpretation,
        "own": outcome.reading.own,
        "value": outcome.value,
        "low": outcome.low,
        "high": outcome.high,
        "level": outcome.level if outcome.low is not None else None,
        "unit": outcome.reading.unit,
        "lower": outcome.reading.lower,
        "upper": outcome.reading.upper,
        "text": claim_words.outcome_text(claim, outcome) if outcome.value is not None else None,
        "holds": judged.holds,
        "crosses": judged.crosses,
        "why_unavailable": outcome.why,
    }


def _display(claim: Claim, verdict: Verdict) -> None:
    from amazon_labor import results

    lost = len(verdict.record["interpretations"]) - verdict.of
    holds = claim_words.holds_text(verdict.true, verdict.of, lost)
    facts = [("Stated", claim.stated_text), ("Computed", verdict.computed or "nothing"), ("Holds under", holds)]
    plain = "; ".join(f"{name.lower()}: {text}" for name, text in facts if text)
    escape: Callable[[str], str] = html.escape
    terms = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    data = {
        "text/plain": f"{verdict.words} [{claim.claim_id}] {claim.statement}\n{plain}\n{verdict.reason}",
        "text/html": f"<p><strong>{verdict.words}</strong> <code>{escape(claim.claim_id)}</code> {escape(claim.statement)}</p>"
        f"<dl>{terms}</dl><p>{escape(verdict.reason)}</p>",
        mime.CLAIM: verdict.record,
    }
    results._show(data)
