"""A server on this machine that speaks the three interfaces: their shapes, their errors, their limits.

The shapes are those of the interfaces' documentation (cited in docs/refresh.md); the values come from the committed
tables, so that a refresh against an unchanged source must give the table back. A fault is switched on by name.
"""

import datetime as dt
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from amazon_labor import catalog
from amazon_labor.refresh import assemble, checks, recipe, rows

KEY = "k3y-for-the-local-server"
MAIL = re.compile(r"\S+@\S+\.\S+")
BLOCK_PAGE = (
    b"<!DOCTYPE html><html><head><title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title></head>"
    b"<body><h1>Your Request Originates from an Undeclared Automated Tool</h1></body></html>"
)
ERROR_PAGE = b"<html><head><title>FRED is temporarily unavailable</title></head><body>Sorry.</body></html>"
THRESHOLD = "Request could not be serviced, as the daily threshold for total number of requests allocated to the user{} has been reached."
SHUTDOWN = [{"code": "X", "text": "Data unavailable due to the 2025 lapse in appropriations."}]


@dataclass
class Sources:
    """What the sources hold, and how they misbehave. `faults` maps an identifier (or ``*``) to the name of a fault."""

    fred: dict[str, dict[str, str]] = field(default_factory=dict)
    bls: dict[str, dict[tuple[str, str], tuple[str, list[dict[str, str]]]]] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    sec: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    times: list[float] = field(default_factory=list)
    address: str = ""

    def fault(self, identifier: str) -> str:
        return self.faults.get(identifier) or self.faults.get("*", "")

    # -------------------------------------------------------------- filling from the committed tables

    def fill(self, table: str) -> None:
        """Let the sources hold what a table holds, in the source's own units."""
        one = recipe.read(table)
        base = rows.read(catalog.describe(table))
        for wanted in one.series:
            values = {p: v / wanted.scale for p, v in assemble.base_values(one, wanted, base).items()}
            if not values:  # a series the table has nothing of yet
                siblings = (assemble.base_values(one, other, base) for other in one.series)
                values = dict.fromkeys(max(siblings, key=len), Decimal(60))
            if wanted.reduce == "mean_of_year":
                values = {f"{p[:5]}{month:02d}-01": v for p, v in values.items() for month in range(1, 13)}
            if table == "labor_market/jolts_industry_published":  # scattered months, of a source that has them all
                values = {p: values.get(p, Decimal(4)) for p in checks._calendar(min(values), max(values), "month")}
            if one.kind == "fred":
                self.fred.setdefault(wanted.identifier, {}).update({p: _plain(v) for p, v in values.items()})
            elif one.kind == "bls":
                period = "A01" if wanted.identifier.startswith("LU") else "M13" if wanted.every == "year" else ""
                own = self.bls.setdefault(wanted.identifier, {})
                own.update({(p[:4], period or f"M{p[5:7]}"): (_plain(v), [{}]) for p, v in values.items()})
                self.titles[wanted.identifier] = (f"(Seas) {wanted.title or 'a series'}", "Number in thousands")
            else:
                self._fill_facts(wanted, values)

    def _fill_facts(self, wanted: Any, values: dict[str, Decimal]) -> None:
        company = self.sec.setdefault(int(wanted.identifier), {"facts": {"us-gaap": {}, "dei": {}}})
        concept = wanted.concepts[0]
        taxonomy, name = concept.split(":") if ":" in concept else ("us-gaap", concept)
        unit = company["facts"][taxonomy].setdefault(name, {"label": name, "description": "", "units": {}})["units"]
        listed = unit.setdefault(wanted.unit, [])
        for period, value in values.items():
            for fact in _facts(wanted.span, period, value):
                if fact not in listed:
                    listed.append(fact)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _facts(span: str, period: str, value: Decimal) -> Iterator[dict[str, Any]]:
    """A fact as first filed, and as repeated in the filing of a year later (`fy` and `fp` are those of the filing)."""
    year = int(period[:4])
    if span == "instant":
        yield _fact("", period, value, year, "10-Q", f"{year}-12-31")
        return
    if span == "year":
        start, end = f"{year}-01-01", f"{year}-12-31"
    else:
        month = int(period[5:7])
        last = dt.date(year + (month + 3 > 12), (month + 2) % 12 + 1, 1) - dt.timedelta(days=1)
        start, end = period, last.isoformat()
    form = "10-K" if span == "year" else "10-Q"
    yield _fact(start, end, value, year, form, f"{year + 1}-02-01")
    yield _fact(start, end, value, year + 1, form, f"{year + 2}-02-01")


def _fact(start: str, end: str, value: Decimal, fy: int, form: str, filed: str) -> dict[str, Any]:
    number = int(value) if value == value.to_integral_value() else float(value)
    told = {"end": end, "val": number, "accn": f"0001018724-{fy % 100:02d}-000004", "fy": fy, "fp": "FY", "form": form}
    return ({"start": start} if start else {}) | told | {"filed": filed}


class _Handler(BaseHTTPRequestHandler):
    sources: Sources
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        self.sources.asked.append(self.path)
        self.sources.agents.append(self.headers.get("User-Agent", ""))
        if where.path == "/graph/fredgraph.csv":
            self._fred(parse_qs(where.query)["id"][0])
        elif match := re.fullmatch(r"/api/xbrl/companyfacts/CIK(\d{10})\.json", where.path):
            self._sec(match.group(1))
        else:
            self._send(404, b"<html><title>404 Not Found</title></html>", "text/html")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.sources.asked.append(self.path)
        if self.path != "/publicAPI/v2/timeseries/data/":
            self._send(404, b"<html><title>404</title></html>", "text/html")
        elif not self._misbehaved(body["seriesid"][0]):
            self._bls(body)

    # -------------------------------------------------------------- faults that any source may have

    def _misbehaved(self, identifier: str) -> bool:
        fault = self.sources.fault(identifier)
        self.sources.calls[identifier] += 1
        if fault == "403":
            self._send(403, b"<html><title>Access Denied</title></html>", "text/html")
        elif fault == "429" or (fault == "429 once" and self.sources.calls[identifier] == 1):
            self._send(429, b"Too Many Requests", "text/plain", {"Retry-After": "3"})
        elif fault == "429 long":
            self._send(429, b"Too Many Requests", "text/plain", {"Retry-After": "3600"})
        elif fault == "503 twice" and self.sources.calls[identifier] <= 2:
            self._send(503, b"<html><title>Service Unavailable</title></html>", "text/html")
        elif fault == "html":
            self._send(200, ERROR_PAGE, "text/html; charset=utf-8")
        elif fault == "empty":
            self._send(200, b"", "text/csv")
        elif fault == "slow":
            time.sleep(1.0)
            self._send(200, b"", "text/csv")
        else:
            return False
        return True

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _half(self, body: bytes, kind: str) -> None:
        """Promise the whole and close after a half."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    # -------------------------------------------------------------- FRED

    def _fred(self, identifier: str) -> None:
        if self._misbehaved(identifier):
            return
        if identifier not in self.sources.fred:
            self._send(404, b"<html><title>404 Not Found</title></html>", "text/html")
            return
        fault = self.sources.fault(identifier)
        name = {"column": f"{identifier}_CHG", "old header": identifier}.get(fault, identifier)
        date = {"old header": "DATE", "date column": "period"}.get(fault, "observation_date")
        lines = [f"{date},{name}", *(f"{d},{v}" for d, v in sorted(self.sources.fred[identifier].items()))]
        text = "\n".join(lines) + "\n"
        if fault == "half":
            self._half(text.encode(), "application/csv")
        elif fault == "cut":  # a proxy that ends the file early and says so nowhere
            self._send(200, text[: len(text) * 2 // 3 + 3].encode(), "application/csv")
        else:
            self._send(200, text.encode(), "application/csv")

    # -------------------------------------------------------------- BLS

    def _bls(self, body: dict[str, Any]) -> None:
        key = body.get("registrationkey", "")
        self.sources.calls["bls"] += 1
        most, years, a_day = (50, 20, 500) if key else (25, 10, 25)
        span = int(body["endyear"]) - int(body["startyear"]) + 1
        refusal = ""
        if key and key != KEY:
            refusal = f"The key:{key} provided by the User is invalid."
        elif self.sources.calls["bls"] > a_day or self.sources.fault("bls") == "threshold":
            refusal = THRESHOLD.format(f" with registration key {key}" if key else "")
        elif len(body["seriesid"]) > most or span > years:
            refusal = f"The number of series or years is over the limit ({most}, {years})."
        if refusal:
            self._json({"status": "REQUEST_NOT_PROCESSED", "responseTime": 0, "message": [refusal], "Results": {}})
            return
        messages: list[str] = []
        series = [one for identifier in body["seriesid"] if (one := self._one(identifier, body, messages))]
        if self.sources.fault("bls") == "fewer":
            series = series[:-1]
        if self.sources.fault("bls") == "renamed":
            series = [{"seriesID": s["seriesID"], "observations": s["data"]} for s in series]
        self._json(
            {"status": "REQUEST_SUCCEEDED", "responseTime": 9, "message": messages, "Results": {"series": series}}
        )

    def _one(self, identifier: str, body: dict[str, Any], messages: list[str]) -> dict[str, Any] | None:
        own = self.sources.bls.get(identifier)
        if own is None:
            messages.append(f"Series does not exist for Series {identifier}")
            return {"seriesID": identifier, "data": []}
        first, last = body["startyear"], body["endyear"]
        kept = {k: v for k, v in own.items() if first <= k[0] <= last and (k[1] != "M13" or body.get("annualaverage"))}
        empty = (y for y in range(int(first), int(last) + 1) if not any(k[0] == str(y) for k in kept))
        messages += [f"No Data Available for Series {identifier} Year: {year}" for year in empty]
        data = [
            {"year": y, "period": p, "periodName": "Annual" if p in ("A01", "M13") else p, "value": v, "footnotes": n}
            for (y, p), (v, n) in sorted(kept.items(), reverse=True)
        ]
        found: dict[str, Any] = {"seriesID": identifier}
        if body.get("catalog"):
            title, unit = self.sources.titles[identifier]
            found["catalog"] = {"series_title": title, "series_id": identifier, "measure_data_type": unit}
        return found | {"data": data}

    def _json(self, answer: Any) -> None:
        raw = json.dumps(answer).encode()
        if self.sources.fault("json") == "cut":
            raw = raw[: len(raw) // 2]
        self._send(200, raw, "application/json")

    # -------------------------------------------------------------- SEC

    def _sec(self, key: str) -> None:
        now = time.monotonic()
        self.sources.times.append(now)
        if not MAIL.search(self.headers.get("User-Agent", "")):
            self._send(403, BLOCK_PAGE, "text/html")
        elif sum(now - one < 1 for one in self.sources.times) > 10:
            self._send(429, b"<html><title>Request Rate Threshold Exceeded</title></html>", "text/html")
        elif not self._misbehaved(key):
            company = self.sources.sec.get(int(key))
            if company is None:
                self._send(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
            else:
                self._json({"cik": int(key), "entityName": "A COMPANY INC", **company})


@contextmanager
def serving() -> Iterator[Sources]:
    """The three interfaces on a free port of this machine."""
    sources = Sources()
    handler = type("Handler", (_Handler,), {"sources": sources})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    sources.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield sources
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
