"""What a build tells other programs when it is over: JUnit XML, annotations of GitHub, and where its time went."""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from amazon_labor import paths
from amazon_labor.runner import atomic, notebook, profile
from amazon_labor.runner.events import Event
from amazon_labor.runner.session import Session

SLOWEST = 10
OUTCOMES = ("current", "ran", "drawn", "failed", "skipped", "unchecked")
# what XML 1.0 cannot hold, not even escaped
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE = re.compile(r"(?:Cell In\[\d+\]|<cell>), line (\d+)")


@dataclass(frozen=True)
class Reports:
    """What to tell: a file of JUnit XML, annotations (None: where GitHub runs this), the slowest cells."""

    junit: Path | None = None
    annotations: bool | None = None
    profile: bool = False

    def tell(self, session: Session) -> None:
        """Report a build that is over.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        write = session.options.write
        if self.junit is not None:
            atomic.write(self.junit.resolve(), junit(session.events))
        if self.annotations or (self.annotations is None and os.environ.get("GITHUB_ACTIONS") == "true"):
            for line in annotations(session.events):
                write(line)
        if self.profile and profile.load(session.where):
            names = sorted({e.key for e in session.events if e.kind in ("ran", "current")})
            write(profile.report(session.where.out, names, SLOWEST))


# ---------------------------------------------------------------- JUnit


def junit(events: Sequence[Event]) -> str:
    """The outcome of each notebook as a test case: as they ended, one case a notebook, and one a claim left unchecked."""
    last = {e.key: e for e in events if e.kind in OUTCOMES}
    # a page drawn after a run says nothing new; one that failed after it does
    took = {e.key: e.seconds or 0.0 for e in events if e.kind == "ran"}
    failures = [e for e in last.values() if e.kind in ("failed", "unchecked")]
    suite = ElementTree.Element(
        "testsuite",
        name="amazon-labor build",
        tests=str(len(last)),
        failures=str(len(failures)),
        skipped=str(sum(e.kind == "skipped" for e in last.values())),
        time=f"{sum(took.values()):.3f}",
    )
    for key, event in last.items():
        group = "claims" if event.kind == "unchecked" else "notebooks"
        case = ElementTree.SubElement(suite, "testcase", classname=group, name=key, time=f"{took.get(key, 0):.3f}")
        if event.kind in ("failed", "unchecked"):
            found = ElementTree.SubElement(case, "failure", message=_plain(event.reason))
            found.text = _plain(event.traceback) or None
        elif event.kind == "skipped":
            ElementTree.SubElement(case, "skipped", message=_plain(event.reason))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _plain(text: str) -> str:
    """A text without what XML cannot hold and without paths of the machine."""
    from amazon_labor.publish import sanitise

    return ILLEGAL.sub("\ufffd", sanitise.without_paths(text))


# ---------------------------------------------------------------- GitHub


def annotations(events: Sequence[Event]) -> Iterator[str]:
    """Failures as lines that GitHub shows beside the line of the notebook, and claims left unchecked beside their row."""
    files = notebook.files()
    for event in events:
        if event.kind == "failed":
            file = files.get(event.key.split("--")[0])
            place = {} if file is None else {"file": _shown(file), "line": str(line_of(file, event))}
            yield _command("error", place | {"title": f"{event.key} failed"}, event.reason)
        elif event.kind == "unchecked":
            file = paths.data_dir() / "claims.csv"
            place = {"file": _shown(file), "line": str(_row_of(file, event.key))}
            yield _command("error", place | {"title": f"claim {event.key}"}, event.reason)


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    """A workflow command; what would end one of its parts early is escaped as GitHub's own toolkit does."""
    parts = ",".join(f"{k}={_escaped(v).replace(':', '%3A').replace(',', '%2C')}" for k, v in properties.items())
    return f"::{kind} {parts}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _shown(file: Path) -> str:
    return file.relative_to(paths.root()).as_posix()


def line_of(file: Path, event: Event) -> int:
    """Line of a notebook's file where the failing cell, or the line of it that its traceback names, stands."""
    if event.cell is None:
        return 1
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = [i for i, line in enumerate(lines) if line.strip().startswith('"cell_type":')]
    if event.cell >= len(cells):
        return 1
    begin = cells[event.cell]
    end = cells[event.cell + 1] if event.cell + 1 < len(cells) else len(lines)
    source = next((i for i in range(begin, end) if lines[i].strip().startswith('"source":')), begin)
    if not lines[source].endswith("["):  # not a list of lines: the whole cell stands in one
        return source + 1
    named = LINE.search(event.traceback)
    return source + 1 + (int(named[1]) if named else 1)


def _row_of(file: Path, claim: str) -> int:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return next((reader.line_num for row in reader if row.get("claim_id") == claim), 1)
