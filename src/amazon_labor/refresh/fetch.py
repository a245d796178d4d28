"""Asking a source over HTTP: patiently, slowly enough for its rules, and never taking an error page for data."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from amazon_labor.refresh.errors import SourceError

TRIES = 4  # in all; the pauses between them are 1, 2 and 4 seconds, or what the source asks for
LONGEST_PAUSE = 60.0
PASSING = (408, 425, 429, 500, 502, 503, 504)
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
HIDDEN = "(key)"


@dataclass(frozen=True)
class Request:
    """One request: `body` is sent as JSON by POST; without one it is a GET. `secret` is hidden wherever it is shown."""

    source: str
    address: str
    body: dict[str, Any] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    label: str = ""
    pause: float = 0.0  # seconds that must lie between two requests to this source
    secret: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What tells two requests apart."""
        return f"{self.address} {json.dumps(self.body, sort_keys=True)}"

    @property
    def shown(self) -> str:
        """The request in a line, without the key."""
        verb = "GET" if self.body is None else "POST"
        text = f"{verb} {self.address}" + ("" if self.body is None else f" {_compact(self.body)}")
        return text.replace(self.secret, HIDDEN) if self.secret else text


@dataclass(frozen=True)
class Response:
    """An answer with status 200, its body as received (after the transfer encoding)."""

    request: Request
    content: bytes
    content_type: str


class Client:
    """Sends requests one after another, keeping the pause each source asks for.

    Parameters
    ----------
    sleep, clock : callables
        Replaced in tests, so that none of them waits.
    transport : httpx.BaseTransport, optional
        Replaced in tests of faults no server can make.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(timeout=timeout, follow_redirects=True, transport=transport)
        self._sleep, self._clock = sleep, clock
        self._last: dict[str, float] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, request: Request) -> Response:
        """Return the answer to a request.

        Raises
        ------
        SourceError
            If the source cannot be reached, refuses (403), asks for patience longer than is reasonable (429), has no
            such address (404), sends half an answer, or sends a page for people where data were asked for.
        """
        reason = ""
        for attempt in range(1, TRIES + 1):
            self._wait_turn(request)
            try:
                answer = self._once(request)
            except (httpx.TransportError, httpx.DecodingError) as error:
                reason, pause = _transport_words(error), 2.0 ** (attempt - 1)
            else:
                if answer.status_code not in PASSING:
                    return _checked(request, answer)
                reason = _status_words(answer)
                pause = _asked_pause(answer, 2.0 ** (attempt - 1))
            if pause > LONGEST_PAUSE:
                raise SourceError(
                    f"{request.source}: {reason}, and asks to wait {pause:g} s ({request.shown}). Try again later."
                )
            if attempt < TRIES:
                self._sleep(pause)
        raise SourceError(f"{request.source}: {reason}, {TRIES} times in a row ({request.shown}). Try again later.")

    def _wait_turn(self, request: Request) -> None:
        host = urlsplit(request.address).netloc
        now = self._clock()
        left = self._last.get(host, -1e9) + request.pause - now
        if left > 0:
            self._sleep(left)
        self._last[host] = max(now, now + left)

    def _once(self, request: Request) -> httpx.Response:
        headers = dict(request.headers)
        if request.body is None:
            return self._http.get(request.address, headers=headers)
        return self._http.post(request.address, json=request.body, headers=headers)


def _checked(request: Request, answer: httpx.Response) -> Response:
    kind = answer.headers.get("content-type", "")
    if answer.status_code == 403:
        raise SourceError(f"{request.source} refuses (403): {page_words(answer.content)} ({request.shown}).")
    if answer.status_code != 200:
        raise SourceError(f"{request.source}: {_status_words(answer)} ({request.shown}).")
    if not answer.content.strip():
        raise SourceError(f"{request.source} sent an empty answer ({request.shown}). Try again later.")
    if "html" in kind or answer.content.lstrip()[:1] == b"<":
        raise SourceError(
            f"{request.source} sent a page for people where data were expected: {page_words(answer.content)} ({request.shown})."
        )
    return Response(request, answer.content, kind)


def page_words(content: bytes) -> str:
    """Title of an error page, or its first words."""
    text = content.decode("utf-8", errors="replace")
    title = TITLE.search(text)
    words = " ".join(TAGS.sub(" ", title.group(1) if title else text).split())
    return repr(words[:160]) if words else "no reason given"


def _status_words(answer: httpx.Response) -> str:
    if answer.status_code == 429:
        return "too many requests (429)"
    if answer.status_code == 404:
        return f"there is no such address (404): {page_words(answer.content)}"
    return f"status {answer.status_code} {answer.reason_phrase}"


def _transport_words(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"the answer broke off half-way ({error})"
    return f"cannot be reached ({error})"


def _asked_pause(answer: httpx.Response, otherwise: float) -> float:
    """Seconds of the header Retry-After; one that is a date, or missing, gives the usual pause."""
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isdigit() else otherwise


def _compact(body: dict[str, Any]) -> str:
    parts = []
    for name, value in body.items():
        many = isinstance(value, list) and len(value) > 3
        parts.append(f"{name}={','.join(value[:3])},… ({len(value)})" if many else f"{name}={_plain(value)}")
    return " ".join(parts)


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value is True else str(value)
