"""What `amazon-labor refresh` and `amazon-labor vintage` do."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from amazon_labor import paths
from amazon_labor.refresh import firsts, moved, report, run, store
from amazon_labor.refresh.errors import RefreshError

GAP = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


def refresh(
    tables: Sequence[str],
    date: str | None,
    gaps: Sequence[str],
    write: Callable[[str], None],
    *,
    dry_run: bool,
    keep_going: bool,
) -> int:
    """Make a vintage; without a date it is named by today, the only use of the clock in the collection.

    Raises
    ------
    RefreshError
        If the input cannot be used.
    """
    for gap in gaps:
        if not GAP.match(gap):
            raise RefreshError(f"--gap is {gap!r}; a period is written 2025-10 (a month) or 2025 (a year).")
    named = date or dt.datetime.now(dt.UTC).date().isoformat()
    return run.refresh(tables, run.Options(named, dry_run, keep_going, tuple(gaps), write))


def vintage(
    name: str | None,
    before: Path | None,
    out: Path | None,
    file: Path | None,
    write: Callable[[str], None],
    *,
    firsts: bool = False,
) -> int:
    """List the vintages, or report on one.

    Returns
    -------
    int
        0, or 1 if a stored vintage is damaged or a notebook fails with it.

    Raises
    ------
    RefreshError
        If the vintage was not built where it is compared.
    """
    if name is None and not firsts:
        write(_listing())
        return 0
    text, status = _text(name, before, out, firsts)
    if file is None:
        write(text)
    else:
        from amazon_labor.runner import atomic

        atomic.write_changed(file.resolve(), text)
        write(f"wrote {file}")
    return status


def _text(name: str | None, before: Path | None, out: Path | None, with_firsts: bool) -> tuple[str, int]:
    parts, status = [], 0
    if name is not None:
        folder = paths.vintage_dir(name)
        assert folder is not None
        faults = store.faults(name)
        parts += ["# Faults\n\n" + "\n".join(f"- {fault}" for fault in faults) + "\n"] if faults else []
        parts.append((folder / "report.md").read_text(encoding="utf-8"))
        built = out or paths.reports_dir() / "vintages" / name
        if (built / "executed").is_dir():
            moves = moved.compare(before, built)
            parts.append(report.movement(name, moves))
            status = 1 if moves.failed else 0
        else:
            parts.append(f"What moves is told once it is built: amazon-labor build --vintage {name}\n")
        status = 1 if faults else status
    if with_firsts:
        parts.append(report.first_against_latest(firsts.pairs()))
    return "\n".join(parts), status


def _listing() -> str:
    names = paths.vintages()
    if not names:
        return "No vintage yet; make one: amazon-labor refresh"
    return "\n".join(names)
