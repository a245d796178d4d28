"""The reports in a browser while they are being written: on this machine only, and nothing but the reports."""

import functools
import html
import http.server
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
RELOAD = "/.watch/reload.js"
VERSION = "/.watch/version"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".ipynb": "application/x-ipynb+json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
# a page brings a stricter policy of its own; this one holds for what was put among the reports by somebody else
PAGE_POLICY = (
    "default-src 'self' 'unsafe-inline' data:; object-src 'none'; frame-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# a drawing opened by itself is a document and could hold a script
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')
SCRIPT = """
let seen = null;
setInterval(async () => {
  try {
    const now = await (await fetch("/.watch/version", {cache: "no-store"})).text();
    if (seen !== null && now !== seen) location.reload();
    seen = now;
  } catch { /* the server is gone; the page stays readable */ }
}, 500);
"""


@dataclass
class Version:
    """Counts builds; a page that was loaded under an older count loads itself again."""

    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> None:
        """Tell the pages that something new is there."""
        with self.lock:
            self.count += 1


def server(folder: Path, port: int, version: Version | None = None) -> http.server.ThreadingHTTPServer:
    """Return a server of a folder on the loopback address; with a version, its pages reload themselves.

    Raises
    ------
    OSError
        If the port is taken.
    """
    handler: Callable[..., Any] = functools.partial(Handler, folder=folder, version=version)
    return http.server.ThreadingHTTPServer((HOST, port), handler)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD for known kinds of file below one folder; hidden ones and links out of it are not there."""

    server_version = "amazon-labor"
    sys_version = ""

    def __init__(self, *args: Any, folder: Path, version: Version | None) -> None:
        self.folder, self.version = folder, version
        super().__init__(*args)

    def do_GET(self) -> None:
        """Send a file with its body."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Send a file's headers."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        if not self._is_own_host():  # a page elsewhere whose name was bound to this address must not read the reports
            self._send(
                HTTPStatus.FORBIDDEN, TYPES[".txt"], b"This server answers to its loopback address only.\n", body
            )
            return
        address = unquote(urlsplit(self.path).path)
        if self.version is not None and address == RELOAD:
            self._send(HTTPStatus.OK, "text/javascript; charset=utf-8", SCRIPT.encode(), body)
        elif self.version is not None and address == VERSION:
            self._send(HTTPStatus.OK, TYPES[".txt"], str(self.version.count).encode(), body)
        else:
            self._send_file(address, body)

    def _is_own_host(self) -> bool:
        name = self.headers.get("Host", "").rsplit(":", 1)[0]
        return name in (HOST, "localhost")

    def _send_file(self, address: str, body: bool) -> None:
        path = inside(self.folder, address)
        if path is None:
            self._send(HTTPStatus.NOT_FOUND, TYPES[".txt"], b"There is no such page.\n", body)
            return
        try:
            content = path.read_bytes()
        except OSError:
            self._send(HTTPStatus.NOT_FOUND, TYPES[".txt"], b"This page cannot be read.\n", body)
            return
        if self.version is not None and path.suffix == ".html":
            content = with_reload(content)
        self._send(HTTPStatus.OK, TYPES[path.suffix], content, body)

    def _send(self, status: HTTPStatus, kind: str, content: bytes, body: bool) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", PAGE_POLICY if kind == TYPES[".html"] else FILE_POLICY),
        ):
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the terminal is the build's."""


def inside(folder: Path, address: str) -> Path | None:
    """File of a known kind below the folder that an address names; None for anything else."""
    if "\0" in address or "\\" in address:
        return None
    words = [w for w in address.split("/") if w]
    if any(w.startswith(".") for w in words):  # parent folders, and the record of the builds
        return None
    path = folder.joinpath(*words)
    try:
        path = path / "index.html" if path.is_dir() else path
        known = path.is_file() and path.suffix in TYPES and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):  # a name that is too long, or that no file can have
        return None
    return path if known else None


def with_reload(content: bytes) -> bytes:
    """A served page with the script that loads it again; its policy is widened for that script and nothing else."""
    text = POLICY.sub(_widened, content.decode("utf-8", "replace"), count=1)
    return text.replace("</body>", f'<script src="{RELOAD}"></script>\n</body>', 1).encode()


def _widened(found: re.Match[str]) -> str:
    """The policy as a browser reads it, with the two rights that the script needs."""
    rules = html.unescape(found[2]).replace("script-src ", "script-src 'self' ", 1)
    rules = rules.replace("default-src 'none'", "default-src 'none'; connect-src 'self'", 1)
    return found[1] + html.escape(rules, quote=False).replace('"', "&quot;") + found[3]
