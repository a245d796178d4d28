"""How verdicts moved: over the commits of the ledger, and over the vintages of the tables that were built here."""

import csv
import difflib
import io
import itertools
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amazon_labor import paths, wording
from amazon_labor.parameters import InputError
from amazon_labor.runner import atomic
from amazon_labor.runner.layout import Layout

ROW = {"claim_id", "verdict", "computed", "lower", "upper"}  # what a ledger must have to be compared
WHAT = {"verdict": "verdict", "computed": "value", "lower": "lower bound", "upper": "upper bound"}
HERE = "here"  # the ledger as it lies in the folder of reports, committed or not
NOTHING = "-"
UNTOLD = "missing"  # verdict of a statement that was not computed


@dataclass(frozen=True)
class Ledger:
    """A ledger of one moment: `when` is a commit, a vintage, or `HERE`; rows by claim, None if it cannot be read."""

    when: str
    about: str
    rows: Mapping[str, Mapping[str, str]] | None


@dataclass(frozen=True)
class Move:
    """What changed for a claim between two ledgers; a claim that was not there has no value before."""

    claim: str
    when: str
    about: str
    what: str
    before: str
    after: str


# ---------------------------------------------------------------- reading


def read(text: str) -> dict[str, dict[str, str]] | None:
    """Rows of a ledger by claim; None if the text is no ledger."""
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error:
        return None
    if not rows or not rows[0].keys() >= ROW:
        return None
    return {row["claim_id"]: row for row in rows}


def commits(root: Path, ledger: Path) -> list[Ledger]:
    """Ledgers of all commits that changed the file, oldest first; none outside a git checkout."""
    name = ledger.relative_to(root).as_posix()
    listed = _git(root, "log", "--reverse", "--format=%H %cs %s", "--", name)
    found = []
    for line in (listed or "").splitlines():
        commit, date, subject = (*line.split(" ", 2), "")[:3]
        text = _git(root, "show", f"{commit}:./{name}")
        if text is not None:  # None: the commit that removed it
            found.append(Ledger(commit[:10], f"{date}, {subject}", read(text)))
    return found


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError:  # no git on this machine
        return None
    return done.stdout if done.returncode == 0 else None


def vintages(reports: Path) -> list[Ledger]:
    """Ledgers of the vintages that were built, oldest first."""
    found = []
    for name in paths.vintages():
        file = Layout(reports / "vintages" / name).ledger
        if file.is_file():
            rows = read(file.read_text(encoding="utf-8", errors="replace"))
            found.append(Ledger(f"vintage {name}", "tables refreshed then", rows))
    return found


# ---------------------------------------------------------------- comparing


def moves(before: Ledger, after: Ledger) -> list[Move]:
    """What changed between two ledgers, in the order of the later one."""
    old, new = before.rows or {}, after.rows or {}
    found = []
    for claim in [*new, *(c for c in old if c not in new)]:
        if claim not in old or claim not in new:
            row = new.get(claim) or old[claim]
            ends = (NOTHING, _brief(row)) if claim in new else (_brief(row), NOTHING)
            found.append(Move(claim, after.when, after.about, "claim", *ends))
            continue
        a, b = old[claim], new[claim]
        if a["verdict"] == UNTOLD != b["verdict"]:
            found.append(Move(claim, after.when, after.about, "first verdict", NOTHING, _brief(b)))
            continue
        found += [
            Move(claim, after.when, after.about, words, a[key] or NOTHING, b[key] or NOTHING)
            for key, words in WHAT.items()
            if a[key] != b[key]
        ]
    return found


def _brief(row: Mapping[str, str]) -> str:
    return f"{row['verdict']} ({row['computed']})" if row["computed"] else row["verdict"]


def every(reports: Path) -> tuple[list[Ledger], list[Move]]:
    """Return all ledgers that can be read, and all moves: along the commits, then from here to each vintage.

    A commit follows the one before it; a vintage is compared with the ledger of the tables in use, since vintages are
    built beside each other and not one after another.
    """
    root, own = paths.root(), Layout(paths.reports_dir()).ledger
    line = commits(root, own)
    now = Layout(reports).ledger
    if now.is_file():
        line.append(Ledger(HERE, now.name, read(now.read_text(encoding="utf-8", errors="replace"))))
    line = [one for one in line if one.rows is not None]
    found = [move for a, b in itertools.pairwise(line) for move in moves(a, b)]
    others = [one for one in vintages(reports) if one.rows is not None]
    if line:
        found += [move for one in others for move in moves(line[-1], one)]
    return [*line, *others], found


# ---------------------------------------------------------------- telling


def report(reports: Path, claim: str | None, file: Path | None = None) -> str:
    """Say when verdicts and values moved: of one claim, or of all that moved.

    Parameters
    ----------
    file : path, optional
        Where to write the moves as CSV too.

    Raises
    ------
    InputError
        If there is no ledger to look at, or no claim of that name in any of them.
    """
    ledgers, found = every(reports)
    if not ledgers:
        raise InputError(
            "There is no ledger: neither in the history of git nor in the reports. Make one: amazon-labor build"
        )
    known = list(dict.fromkeys(name for one in reversed(ledgers) for name in one.rows or ()))
    if claim is not None:
        _refuse_unknown(claim, known)
        found = [move for move in found if move.claim == claim]
    if file is not None:
        atomic.write_changed(file.resolve(), _csv(found))
    return "\n".join(_one(claim, ledgers, found) if claim else _all(ledgers, found, len(known)))


def _refuse_unknown(claim: str, known: Sequence[str]) -> None:
    if claim in known:
        return
    near = difflib.get_close_matches(claim[:100].lower(), known, 1, 0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(f"There is no claim {claim[:100]!r} in any ledger.{hint}\n  Claims: data/claims.csv")


def _csv(found: Sequence[Move]) -> str:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(("claim_id", "when", "about", "what", "before", "after"))
    lines = ((m.claim, m.when, m.about, m.what, m.before, m.after) for m in found)
    table.writerows(map(_cell, line) for line in lines)
    return stream.getvalue()


def _cell(text: str) -> str:
    try:
        float(text)
    except ValueError:
        return wording.unrunnable(" ".join(text.split()))
    return text


def _looked(ledgers: Sequence[Ledger]) -> str:
    built = sum(one.when.startswith("vintage ") for one in ledgers)
    there = sum(one.when == HERE for one in ledgers)
    parts = [f"{len(ledgers) - built - there} commits"] + (["the reports"] if there else [])
    return f"Looked at the ledgers of {', '.join(parts)} and {built} vintages."


def _all(ledgers: Sequence[Ledger], found: Sequence[Move], claims: int) -> list[str]:
    moved = list(dict.fromkeys(move.claim for move in found))
    verdicts = list(dict.fromkeys(move.claim for move in found if move.what == "verdict"))
    lines = [_looked(ledgers), f"{len(moved)} of {claims} claims moved, {len(verdicts)} of them in their verdict."]
    for one in ledgers:
        here = [move for move in found if move.when == one.when]
        if here:
            lines.append(f"{one.when} ({one.about})")
            lines += [f"  {move.claim}, {move.what}: {move.before} -> {move.after}" for move in here]
    return lines


def _one(claim: str, ledgers: Sequence[Ledger], found: Sequence[Move]) -> list[str]:
    first = next(one for one in ledgers if claim in (one.rows or {}))
    row = (first.rows or {})[claim]
    lines = [f"{claim}: {row.get('statement', '')}", _looked(ledgers)]
    lines.append(
        f"  {first.when} ({first.about}): {_brief(row)}, bounds {row['lower'] or 'none'} to {row['upper'] or 'none'}"
    )
    later = [move for move in found if move.when != first.when]
    lines += [f"  {move.when} ({move.about}), {move.what}: {move.before} -> {move.after}" for move in later]
    return lines if later else [*lines, "It has not moved since."]
