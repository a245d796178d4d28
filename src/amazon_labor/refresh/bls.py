"""The Public Data API of the Bureau of Labor Statistics, version 2.

A POST asks for many series over some years. With a registration key 50 series, 20 years and 500 requests a day are
allowed, without one 25, 10 and 25; titles, units and annual averages come with a key only. The answer is JSON with a
`status`; what is wrong with a series stands in `message`, often beside status REQUEST_SUCCEEDED.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from amazon_labor.refresh.errors import RefreshError, ShapeError, SourceError
from amazon_labor.refresh.fetch import HIDDEN, Request, Response
from amazon_labor.refresh.series import Observation, Series, Wanted
from amazon_labor.refresh.settings import Settings

NAME = "BLS"
PAUSE = 0.25  # the interface allows 50 requests in ten seconds
PATH = "/publicAPI/v2/timeseries/data/"
PERIOD = re.compile(r"(M(0[1-9]|1[0-3])|Q0[1-5]|S0[1-3]|A01)\Z")
ANNUAL = ("M13", "Q05", "S03", "A01")
UNAVAILABLE = ("-", "")
KEY_MEND = "Get a key at https://data.bls.gov/registrationEngine/ and set BLS_API_KEY."


@dataclass(frozen=True)
class Limits:
    """What the interface allows: series and years in a request, requests in a day."""

    series: int
    years: int
    requests: int


WITH_KEY, WITHOUT_KEY = Limits(50, 20, 500), Limits(25, 10, 25)


def limits(settings: Settings) -> Limits:
    """Limits that hold for these settings."""
    return WITH_KEY if settings.bls_key else WITHOUT_KEY


def requests(wanted: Sequence[Wanted], settings: Settings, years: tuple[int, int]) -> list[Request]:
    """Requests for these series over the years, in portions the interface accepts.

    Raises
    ------
    RefreshError
        If a series needs a key and there is none.
    """
    _refuse_without_key(wanted, settings)
    allowed = limits(settings)
    identifiers = list(dict.fromkeys(w.identifier for w in wanted))
    return [
        _request(identifiers[i : i + allowed.series], first, min(first + allowed.years - 1, years[1]), settings)
        for i in range(0, len(identifiers), allowed.series)
        for first in range(years[0], years[1] + 1, allowed.years)
    ]


def check_budget(plan: Iterable[Request], settings: Settings) -> None:
    """Refuse a plan that takes more requests than a day allows, before the first is sent.

    Raises
    ------
    RefreshError
        Naming the number of requests and the mend.
    """
    count = sum(request.source == NAME for request in plan)
    allowed = limits(settings).requests
    if count > allowed:
        mend = "Refresh fewer tables at a time." if settings.bls_key else f"{KEY_MEND} Or refresh fewer tables."
        which = "with" if settings.bls_key else "without"
        raise RefreshError(f"BLS: this takes {count} requests; a day allows {allowed} {which} a key. {mend}")


def read(response: Response) -> list[Series]:
    """Series of an answer, oldest observation first.

    Raises
    ------
    SourceError
        If the interface did not process the request: a limit, a key, a series that does not exist.
    ShapeError
        If the answer is not shaped as documented.
    """
    answer = _json(response)
    secret = response.request.secret
    messages = [_without(secret, str(one)) for one in answer.get("message") or []]
    if answer.get("status") != "REQUEST_SUCCEEDED":
        raise SourceError(f"BLS did not process the request ({answer.get('status')}): {_advice(messages)}")
    absent = [one for one in messages if "does not exist" in one or "Invalid Series" in one]
    if absent:
        raise SourceError(f"BLS: {'; '.join(absent)}. Correct the identifiers in the recipe.")
    try:
        listed = answer["Results"]["series"]
        found = [_series(one) for one in listed]
    except (KeyError, TypeError) as error:
        raise ShapeError(f"BLS: the answer lacks {error}; it is not shaped as Results.series[].data[].") from None
    asked = (response.request.body or {}).get("seriesid", [])
    missing = [one for one in asked if one not in {series.identifier for series in found}]
    if missing:
        raise ShapeError(f"BLS: {len(missing)} of {len(asked)} series are not in the answer: {', '.join(missing[:5])}.")
    return found


def merged(parts: Iterable[Series]) -> dict[str, Series]:
    """Put the portions of each series together."""
    found: dict[str, Series] = {}
    for part in parts:
        before = found.get(part.identifier)
        rows = {(o.date, o.annual): o for o in (*(before.observations if before else ()), *part.observations)}
        ordered = tuple(rows[key] for key in sorted(rows))
        known = before or part
        found[part.identifier] = Series(part.identifier, ordered, known.unit or part.unit, known.title or part.title)
    return found


def _refuse_without_key(wanted: Sequence[Wanted], settings: Settings) -> None:
    needing = [w for w in wanted if w.title]
    if needing and not settings.bls_key:
        raise RefreshError(
            f"BLS: the title of {needing[0].identifier} is not confirmed yet, and titles come with a key only. {KEY_MEND}"
        )


def _request(identifiers: list[str], first: int, last: int, settings: Settings) -> Request:
    body: dict[str, Any] = {"seriesid": identifiers, "startyear": str(first), "endyear": str(last)}
    if settings.bls_key:
        body |= {"catalog": True, "annualaverage": True, "registrationkey": settings.bls_key}
    mark = hashlib.sha256(" ".join(identifiers).encode()).hexdigest()[:6]
    label = f"{identifiers[0]}-{len(identifiers)}-{mark}-{first}-{last}"
    return Request(NAME, settings.bls + PATH, body, settings.agent, label, PAUSE, settings.bls_key)


def _json(response: Response) -> dict[str, Any]:
    try:
        answer = json.loads(response.content)
    except ValueError as error:
        raise ShapeError(f"BLS: the answer is not whole JSON ({error}). Refresh again.") from None
    if not isinstance(answer, dict):
        raise ShapeError("BLS: the answer is not a JSON object with status, message and Results.")
    return answer


def _advice(messages: list[str]) -> str:
    text = "; ".join(messages) or "no reason given"
    if "threshold" in text or "exceeded" in text:
        return f"{text} The day's requests are used up: go on tomorrow, or with a key. {KEY_MEND}"
    if "key" in text.lower() and "invalid" in text.lower():
        return f"{text} Correct BLS_API_KEY."
    return text


def _series(raw: dict[str, Any]) -> Series:
    catalog = raw.get("catalog") or {}
    observations = [_observation(str(raw["seriesID"]), one) for one in raw["data"]]
    ordered = tuple(sorted(observations, key=lambda o: (o.date, o.annual)))
    return Series(
        str(raw["seriesID"]), ordered, str(catalog.get("measure_data_type", "")), str(catalog.get("series_title", ""))
    )


def _observation(identifier: str, raw: dict[str, Any]) -> Observation:
    year, period = str(raw["year"]), str(raw["period"])
    if not PERIOD.match(period) or not year.isdigit():
        raise ShapeError(f"BLS {identifier}: the period is {year} {period!r}, which the documentation does not name.")
    notes = "; ".join(str(note["text"]) for note in raw.get("footnotes") or () if note.get("text"))
    annual = period in ANNUAL
    date = f"{year}-{_month(period):02d}-01"
    value = str(raw["value"]).replace(",", "")
    if value in UNAVAILABLE:
        return Observation(date, None, notes, annual=annual)
    try:
        return Observation(date, Decimal(value), notes, annual=annual)
    except InvalidOperation:
        raise ShapeError(f"BLS {identifier}: the value of {year} {period} is {value!r}, not a number.") from None


def _month(period: str) -> int:
    if period in ANNUAL:
        return 1
    step = {"M": 1, "Q": 3, "S": 6}[period[0]]
    return (int(period[1:]) - 1) * step + 1


def _without(secret: str, text: str) -> str:
    return text.replace(secret, HIDDEN) if secret else text
