"""How a verdict is put into words: the computed value, the accepted band, and two sentences of reason."""

import calendar
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from amazon_labor import claim_rule, wording
from amazon_labor.claim_tables import YES_NO, Claim, Interpretation

MOST_DIGITS = 6
NAMED = 4  # readings named in a sentence before "and 3 more"
WHOLE = ("rank", "elections", "votes", "persons", "count")
MONTHS_FROM = re.compile(r"months from (\w+) (\d{4})\Z")  # a date counted in months, shown as a date
EPSILON = Decimal("0.0001")  # a bound this far from a rounder number means "above" or "below" that number


@dataclass(frozen=True)
class Outcome:
    """One reading of a claim as computed, or the reason why it could not be had."""

    reading: Interpretation
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str | None = None
    level: float = claim_rule.LEVEL

    @property
    def judged(self) -> claim_rule.Reading:
        """The outcome as the rule sees it."""
        r = self.reading
        return claim_rule.read(self.value, r.lower, r.upper, own=r.own, low=self.low, high=self.high)


def digits(claim: Claim, reading: Interpretation, value: float) -> int:
    """Decimal places of a computed value: one more than the article prints, and more where rounding would hide a verdict."""
    if reading.unit in WHOLE and float(value).is_integer():
        return 0
    places = min(wording.default_digits(value), 2 if abs(value) >= 0.1 else 4)
    if claim.stated_number is not None and reading.unit == claim.statistic_unit:
        places = len(claim.stated_value.partition(".")[2]) + 1
    true = claim_rule.within(value, reading.lower, reading.upper)
    while places < MOST_DIGITS and _rounded_verdict(value, reading, places) != true:
        places += 1
    return places


def _rounded_verdict(value: float, reading: Interpretation, places: int) -> bool:
    return claim_rule.within(float(wording.rounded(value, places)), reading.lower, reading.upper)


def value_text(claim: Claim, reading: Interpretation, value: float, *, unit: bool = True) -> str:
    """Write a computed value in the unit of its reading."""
    if reading.unit == YES_NO:
        return "yes" if value == 1 else "no" if value == 0 else wording.number(value)
    if MONTHS_FROM.match(reading.unit):
        return wording.day(month_date(reading.unit, value))
    places = digits(claim, reading, value)
    if not unit:
        return wording.number(value, places)
    return ("rank " if reading.unit == "rank" else "") + wording.quantity(value, reading.unit, places)


def month_date(unit: str, months: float) -> date:
    """Turn months from a named month into a date: 8.94 "months from April 2019" is 30 December 2019.

    Whole months count from the first day of the month; the rest is the part of its month that has passed.
    """
    match = MONTHS_FROM.match(unit)
    if match is None:
        raise ValueError(f"{unit!r} does not count months from a month.")
    start = int(match[2]) * 12 + list(calendar.month_name).index(match[1]) - 1
    whole = math.floor(months)
    year, month = divmod(start + whole, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(length, int((months - whole) * length + 1e-6) + 1))


def outcome_text(claim: Claim, outcome: Outcome, *, unit: bool = True) -> str:
    """Write the value of an outcome, which must have one."""
    if outcome.value is None:
        raise ValueError(f"{outcome.reading.interpretation!r} has no value.")
    return value_text(claim, outcome.reading, outcome.value, unit=unit)


def computed_text(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    """Write what was computed: the article's own reading, or the range of the others where there is none."""
    first = lead(outcomes)
    if first is None:
        return ""
    same = [o for o in outcomes if o.value is not None and o.reading.unit == first.reading.unit]
    ends = sorted(same, key=lambda o: o.value or 0.0)
    least, most = (outcome_text(claim, o, unit=False) for o in (ends[0], ends[-1]))
    if first.reading.own or least == most or first.reading.unit == YES_NO:
        return outcome_text(claim, first)
    words = wording.unit_words(first.reading.unit)
    return f"{least} to {most}{' ' + words if words else ''}"


def lead(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Return the outcome a row shows: the article's own reading, else the first listed one that has a value."""
    known = [o for o in outcomes if o.value is not None]
    return next((o for o in known if o.reading.own), known[0] if known else None)


def band(lower: float | None, upper: float | None) -> str:
    """Write the values that the wording allows: "22.5 to 23.5", "above 20", "at least 25", "below 0"."""
    if lower is None and upper is None:
        return "any value"
    if lower is not None and lower == upper:
        return f"exactly {_exact(lower)}"
    if upper is None:
        return _side(lower, -EPSILON, "above", "at least")
    if lower is None:
        return _side(upper, EPSILON, "below", "at most")
    if _side(lower, -EPSILON, "above", "") == f"above {_exact(_shift(lower, -EPSILON))}":
        return f"above {_exact(_shift(lower, -EPSILON))}, at most {_exact(upper)}"
    return f"{_exact(lower)} to {_exact(upper)}"


def _side(bound: float | None, step: Decimal, strict: str, loose: str) -> str:
    number = Decimal(repr(float(bound or 0.0)))
    near = number + step
    rounder = _places(near) <= 2 < _places(number)
    return f"{strict} {_exact(float(near))}" if rounder else f"{loose} {_exact(float(number))}"


def _shift(bound: float, step: Decimal) -> float:
    return float(Decimal(repr(float(bound))) + step)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _exact(number: float) -> str:
    return wording.number(number, _places(Decimal(repr(float(number)))))


def band_text(reading: Interpretation) -> str:
    """Write the accepted band of a reading; a yes-or-no statistic accepts yes."""
    return _band_in(reading.unit, reading.lower, reading.upper)


def _band_in(unit: str, lower: float | None, upper: float | None) -> str:
    if unit == YES_NO:
        return "yes" if claim_rule.within(1, lower, upper) else "no"
    if MONTHS_FROM.match(unit) and lower is not None and upper is not None:
        return " to ".join(wording.day(month_date(unit, end)) for end in (lower, upper))
    return band(lower, upper)


def claim_band(claim: Claim) -> str:
    """Write the accepted band of a claim in words; nothing for a matter of documents."""
    return "" if claim.documentary else _band_in(claim.statistic_unit, claim.lower, claim.upper)


def holds_text(true: int, of: int, lost: int) -> str:
    """Write under how many readings a claim holds: "3 of 8 readings; 1 more could not be had"."""
    if of == 0:
        return "no reading could be had" if lost else ""
    missing = f"; {lost} more could not be had" if lost else ""
    return f"{true} of {of} reading{'s' if of > 1 else ''}{missing}"


def reason(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    """Compose the reason of a verdict from the values: what makes it true or false first, then the other readings."""
    first = lead(outcomes)
    if first is None:
        return _nothing(claim, outcomes)
    others = [o for o in outcomes if o is not first]
    if first.reading.own:
        return " ".join(filter(None, [_own_sentence(claim, first), _others_sentence(claim, others, first)]))
    return " ".join(filter(None, [_split_sentence(claim, outcomes), _lost_sentence(outcomes)]))


def would_hold(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    """Name the readings under which a statement that fails on its own reading would hold, or return nothing."""
    true = [o for o in outcomes if o.judged.holds]
    return f"It would hold for {_named(claim, true)}." if true else ""


def _own_sentence(claim: Claim, own: Outcome) -> str:
    judged = own.judged
    accepted = band_text(own.reading)
    text = f"{_capital(own.reading.interpretation)}: {outcome_text(claim, own)}"
    if own.reading.unit == YES_NO:
        return f"{text}, {'as' if judged.holds else 'where'} the statement needs {accepted}."
    if judged.crosses and own.low is not None and own.high is not None:
        return (
            f"{text}, within the accepted band ({accepted}) but with a {own.level:g} percent interval, "
            f"{_interval(claim, own)}, that reaches beyond it."
        )
    interval = f" ({own.level:g} percent interval {_interval(claim, own)})" if own.low is not None else ""
    return f"{text}{interval}, {'within' if judged.holds else 'outside'} the accepted band ({accepted})."


def _interval(claim: Claim, outcome: Outcome) -> str:
    places = digits(claim, outcome.reading, outcome.value or 0.0)
    return wording.interval(outcome.low or 0.0, outcome.high or 0.0, places)


def _others_sentence(claim: Claim, others: Sequence[Outcome], own: Outcome) -> str:
    true = [o for o in others if o.judged.holds is True]
    false = [o for o in others if o.judged.holds is False]
    parts = []
    if not own.judged.holds and true:
        parts.append(f"it would hold for {_named(claim, true)}")
    elif true:
        parts.append(f"also true of {_named(claim, true)}")
    if false:
        parts.append(f"{'not' if own.judged.holds else 'nor is it'} true of {_named(claim, false, 'or')}")
    lost = [o for o in others if o.value is None]
    if lost:
        parts.append(f"{_lost(lost)} could not be had")
    return _capital("; ".join(parts)) + "." if parts else ""


def _split_sentence(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    true = [o for o in outcomes if o.judged.holds is True]
    false = [o for o in outcomes if o.judged.holds is False]
    accepted = band_text((true or false)[0].reading)
    if true and false:
        return f"True of {_named(claim, true)}, not of {_named(claim, false, 'or')}; accepted is {accepted}."
    if true:
        every = "of every reading that could be computed: " if len(true) > 1 else "of "
        return f"True {every}{_named(claim, true)}; accepted is {accepted}."
    return f"Not true of {_named(claim, false, 'or')}; accepted is {accepted}."


def _lost_sentence(outcomes: Sequence[Outcome]) -> str:
    lost = [o for o in outcomes if o.value is None]
    own = next((o for o in lost if o.reading.own), None)
    if own:
        return f"The article's own reading, {own.reading.interpretation}, could not be had: {_clause(own.why)}."
    return _capital(f"{_lost(lost)} could not be had.") if lost else ""


def _nothing(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return f"A matter of documents, not of series. {settled(claim)}"
    whys = "; ".join(f"{o.reading.interpretation} ({_clause(o.why)})" for o in _first(outcomes))
    return f"No reading could be had: {whys}. {settled(claim)}".strip()


def settled(claim: Claim) -> str:
    """Say what data would settle a claim that cannot be tested here."""
    return f"What would settle it: {_clause(claim.would_settle)}." if claim.would_settle else ""


def _named(claim: Claim, outcomes: Sequence[Outcome], last: str = "and") -> str:
    texts = []
    for o in _first(outcomes):
        special = (o.reading.lower, o.reading.upper, o.reading.unit) != (claim.lower, claim.upper, claim.statistic_unit)
        unit = o.reading.unit != claim.statistic_unit
        accepted = f"; accepted there is {band_text(o.reading)}" if special else ""
        unsure = ", interval across the bound" if o.judged.crosses else ""
        texts.append(f"{o.reading.interpretation} ({outcome_text(claim, o, unit=unit)}{unsure}{accepted})")
    return _more(texts, len(outcomes), last)


def _lost(outcomes: Sequence[Outcome]) -> str:
    return _more([f"{o.reading.interpretation} ({_clause(o.why)})" for o in _first(outcomes)], len(outcomes))


def _first(outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    return outcomes if len(outcomes) <= NAMED + 1 else outcomes[:NAMED]


def _more(texts: list[str], total: int, last: str = "and") -> str:
    return wording.listing(texts + ([f"{total - len(texts)} more"] if total > len(texts) else []), last)


def _clause(text: str | None) -> str:
    return (text or "no reason given").strip().rstrip(".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
