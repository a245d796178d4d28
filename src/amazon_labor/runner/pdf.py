"""A report as PDF, printed by the Chromium of the system with the page's own rules for paper.

The file has the same bytes for the same report and the same Chromium: the browser's clock is taken out of it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from amazon_labor.parameters import InputError
from amazon_labor.runner import atomic, collection, digests, plan, state
from amazon_labor.runner.layout import Layout

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
SECONDS = 180
CLOCK = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


class PdfError(Exception):
    """A browser that did not print."""


def browser() -> str:
    """Program of the browser: the variable CHROMIUM, else the first known name on the path.

    Raises
    ------
    InputError
        If there is none; the message says how to name or install one.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise InputError(
                f"CHROMIUM is {named!r}, which is no program here. Name a Chromium or Chrome, or unset it."
            )
        return found
    known = (shutil.which(name) for name in (*NAMES, *APPLICATIONS))
    found = next(filter(None, known), None)
    if found is None:
        raise InputError(
            f"A PDF is printed by Chromium or Chrome, and none of {', '.join(NAMES)} is on the path. Install one (Debian: "
            f"apt install chromium) or name it: CHROMIUM=/path/to/chrome amazon-labor pdf NAME. The page itself prints from "
            f"any browser."
        )
    return found


def report(name: str, out: Path) -> Path:
    """Page of a notebook's default run.

    Raises
    ------
    InputError
        If there is no such notebook, or its report is not there or not of the present code and data.
    """
    digests.forget()
    everything, wanted = collection.read([name])
    known = wanted[0]
    if known not in everything.tasks:
        raise InputError(f"{known} cannot be read: {everything.broken[known]}")
    task, where = everything.tasks[known], Layout(out)
    entry = state.load(where.state).entries.get(task.key)
    decision = plan.decide(task, entry, where, everything.neighbours(known))
    if decision.action != plan.NOTHING:
        raise InputError(
            f"The report of {known} is not up to date ({'; '.join(decision.reasons[:2])}). First: amazon-labor build {known}"
        )
    return where.page(task.notebook.stem)


def pdf(name: str, out: Path, file: Path | None) -> Path:
    """Print the report of a notebook; return the path of the PDF.

    Parameters
    ----------
    file : path, optional
        Where it goes; by default beside the working directory's other files, under the name of the notebook.

    Raises
    ------
    InputError
        If there is no browser, no such notebook, or no current report.
    PdfError
        If the browser fails or prints nothing.
    """
    program, source = browser(), report(name, out)
    target = file if file is not None else Path(f"{source.stem}.pdf")
    if target.suffix.lower() != ".pdf":
        raise InputError(f"--file: {target} does not end in .pdf.")
    atomic.write_changed(target.resolve(), printed(program, source))
    return target


def printed(program: str, source: Path) -> bytes:
    """Bytes of the PDF of a page.

    Raises
    ------
    PdfError
        With the last words of the browser.
    """
    with tempfile.TemporaryDirectory(prefix="amazon-labor-pdf-") as folder:
        made = Path(folder) / "page.pdf"
        words = _words(program, folder, made, source)
        try:
            done = subprocess.run(
                words,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
                env=os.environ | {"TZ": "UTC"},
            )
        except subprocess.TimeoutExpired:
            raise PdfError(f"{program} did not print {source.name} within {SECONDS} seconds.") from None
        except OSError as error:
            raise PdfError(f"{program} cannot be started ({error.strerror}).") from None
        raw = made.read_bytes() if made.is_file() else b""
    if done.returncode or not raw.startswith(b"%PDF-"):
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PdfError(
            f"{program} printed nothing (status {done.returncode}): {last[-1] if last else 'it said nothing'}"
        )
    return _timeless(raw)


def _words(program: str, folder: str, made: Path, source: Path) -> list[str]:
    """Command that prints a page, with a profile of its own and no word to any server."""
    return [
        program,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--no-pdf-header-footer",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={folder}/profile",
        *(["--no-sandbox"] if _root() else []),
        f"--print-to-pdf={made}",
        source.resolve().as_uri(),
    ]


def _root() -> bool:
    """Whether this is root, for whom Chromium refuses its sandbox; the page is our own file."""
    return sys.platform != "win32" and os.geteuid() == 0


def _timeless(raw: bytes) -> bytes:
    """The same PDF with one moment for its dates, in as many bytes: the table of places in the file stays right."""
    return CLOCK.sub(rb"\g<1>20000101000000", raw)
