"""SEC EDGAR, company facts: everything a company tagged in its filings, in one JSON file.

Shape: ``facts.<taxonomy>.<concept>.units.<unit>[]`` with `start` (not for balances), `end`, `val`, `accn`, `fy`, `fp`,
`form`, `filed`. A period stands once for every filing that mentions it, so that the first published value and the
latest are both there. `fy` and `fp` describe the filing, not the fact: periods are told by `start` and `end` alone.
The service wants a User-Agent with a contact and at most ten requests a second.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from amazon_labor.refresh.errors import RefreshError, ShapeError
from amazon_labor.refresh.fetch import Request, Response
from amazon_labor.refresh.series import Observation, Series, Wanted
from amazon_labor.refresh.settings import Settings

NAME = "SEC"
PAUSE = 0.15  # at most ten requests a second are allowed
FORMS = ("10-K", "10-K/A", "10-Q", "10-Q/A", "10-KT")
QUARTER, HALF, NINE_MONTHS, YEAR = (80, 100), (170, 192), (260, 285), (350, 380)  # days
PER_SHARE = "USD/shares"
CONTACT_MEND = (
    "The SEC wants to know who asks: set AMAZON_LABOR_CONTACT to a name and a mail address, for example "
    "AMAZON_LABOR_CONTACT='Jane Doe jane@example.org'."
)


def requests(wanted: Sequence[Wanted], settings: Settings) -> list[Request]:
    """Requests for these series: one for each company.

    Raises
    ------
    RefreshError
        If no contact is named.
    """
    if not settings.contact:
        raise RefreshError(CONTACT_MEND)
    keys = dict.fromkeys(w.identifier for w in wanted)
    return [
        Request(
            NAME,
            f"{settings.sec}/api/xbrl/companyfacts/CIK{key}.json",
            headers=settings.agent,
            label=f"CIK{key}",
            pause=PAUSE,
        )
        for key in keys
    ]


def read(response: Response) -> dict[str, Any]:
    """Facts of a company.

    Raises
    ------
    ShapeError
        If the answer is not whole, not shaped as documented, or of another company.
    """
    label = response.request.label
    try:
        answer = json.loads(response.content, parse_float=Decimal, parse_int=Decimal)
        key, facts = f"CIK{int(answer['cik']):010d}", answer["facts"]
    except ValueError as error:
        raise ShapeError(f"SEC {label}: the answer is not whole JSON ({error}). Refresh again.") from None
    except (KeyError, TypeError) as error:
        raise ShapeError(
            f"SEC {label}: the answer lacks {error}; it is not shaped as cik, entityName, facts."
        ) from None
    if key != label:
        raise ShapeError(f"SEC {label}: the answer is about {key} ({answer.get('entityName')}).")
    return dict(facts)


def select(facts: Mapping[str, Any], wanted: Wanted) -> Series:
    """One series of a company's facts: its concepts in the order of preference, period by period.

    Raises
    ------
    ShapeError
        If the company reports none of the concepts, or none in the unit of the recipe.
    """
    found: dict[str, Observation] = {}
    units: set[str] = set()
    for concept in wanted.concepts:
        taxonomy, name = concept.split(":") if ":" in concept else ("us-gaap", concept)
        tagged = facts.get(taxonomy, {}).get(name)
        if tagged is None:
            continue
        units |= set(tagged["units"])
        periods = _periods(wanted, tagged["units"].get(wanted.unit, []))
        found = periods | found
    label = f"SEC CIK{wanted.identifier}"
    if not units:
        raise ShapeError(f"{label}: none of the concepts is in the answer: {', '.join(wanted.concepts)}.")
    if not found:
        raise ShapeError(
            f"{label} {wanted.concepts[0]}: no value in {wanted.unit!r}; the units are {', '.join(sorted(units))}."
        )
    return Series(wanted.identifier, tuple(found[date] for date in sorted(found)), wanted.unit, wanted.concepts[0])


def _periods(wanted: Wanted, raw: Iterable[Mapping[str, Any]]) -> dict[str, Observation]:
    chosen = _chosen([_fact(wanted, one) for one in raw if one.get("form") in FORMS], wanted.pick)
    if wanted.span == "instant":
        return {end: Observation(end, value, end=end) for (_, end), value in chosen.items()}
    if wanted.span == "year":
        years = {end: v for (start, end), v in chosen.items() if _days(start, end, YEAR)}
        return {f"{end[:4]}-01-01": Observation(f"{end[:4]}-01-01", v, end=end) for end, v in years.items()}
    quarters = _quarters(chosen, sums=wanted.unit != PER_SHARE)
    return {_quarter_start(end): Observation(_quarter_start(end), v, end=end) for end, v in quarters.items()}


def _fact(wanted: Wanted, raw: Mapping[str, Any]) -> tuple[str, str, str, Decimal]:
    try:
        return str(raw.get("start", "")), str(raw["end"]), str(raw["filed"]), Decimal(raw["val"])
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ShapeError(f"SEC CIK{wanted.identifier} {wanted.concepts[0]}: a fact lacks {error}.") from None


def _chosen(facts: Iterable[tuple[str, str, str, Decimal]], pick: str) -> dict[tuple[str, str], Decimal]:
    """Value of each period: as first filed, or as filed last."""
    ordered = sorted(facts, key=lambda fact: fact[2], reverse=pick == "first")
    return {(start, end): value for start, end, _, value in ordered}


def _quarters(chosen: Mapping[tuple[str, str], Decimal], *, sums: bool) -> dict[str, Decimal]:
    """Quarters as reported, else as the difference of what was reported since the start of the year.

    The fourth quarter, and every quarter of the cash flow but the first, is published only inside a longer period. A
    value per share is no sum of quarters and is not derived.
    """
    found = {end: value for (start, end), value in chosen.items() if _days(start, end, QUARTER)}
    if not sums:
        return found
    since: dict[str, dict[int, tuple[str, Decimal]]] = {}
    for (start, end), value in chosen.items():
        for months, span in ((3, QUARTER), (6, HALF), (9, NINE_MONTHS), (12, YEAR)):
            if _days(start, end, span):
                since.setdefault(start, {})[months] = (end, value)
    for parts in since.values():
        for months in (6, 9, 12):
            if months in parts and months - 3 in parts:
                end, value = parts[months]
                found.setdefault(end, value - parts[months - 3][1])
    return found


def _days(start: str, end: str, span: tuple[int, int]) -> bool:
    if not start:
        return False
    days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1
    return span[0] <= days <= span[1]


def _quarter_start(end: str) -> str:
    month = (int(end[5:7]) - 1) // 3 * 3 + 1
    return f"{end[:4]}-{month:02d}-01"
