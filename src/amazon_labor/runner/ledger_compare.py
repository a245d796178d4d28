"""What moved between two ledgers, as Markdown for a pull request.

Either side is a ledger (`ledger.csv`, `ledger.json`), a folder of reports, or a file of a git revision
(``HEAD~1:reports/ledger.csv``; ``HEAD~1`` alone means that file). Two folders are compared by the numbers of their
executed notebooks too.
"""

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.claim_rule import WORDS
from amazon_labor.parameters import InputError
from amazon_labor.runner import atomic, differences

OK, CHANGED = 0, 1
LEDGERS = ("ledger.json", "ledger.csv")
TERMS = ("statement", "stated", "unit", "lower", "upper")
NUMBERS = ("computed", "low", "high", "holds_true", "holds_of")


@dataclass(frozen=True)
class Side:
    """One of the two: what it is called, its claims as rows of text by id, numbers of its notebooks if it has any."""

    label: str
    claims: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Moves:
    """What differs, by claim id; `numbers` are those of the notebooks: name, before, after."""

    verdicts: tuple[str, ...]
    values: tuple[str, ...]
    terms: tuple[str, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    reworded: tuple[str, ...]
    numbers: tuple[tuple[str, str, str], ...]

    @property
    def any(self) -> bool:
        """Whether more than the wording of a reason moved."""
        return any((self.verdicts, self.values, self.terms, self.added, self.gone, self.numbers))


def compare(old: str, new: str, write: Callable[[str], None], file: Path | None, *, fail_on_change: bool) -> int:
    """Write what moved from one ledger to another.

    Parameters
    ----------
    old, new : str
        Ledger, folder of reports, or file of a git revision; an empty one is the ledger of this checkout.
    file : path, optional
        Where the Markdown goes instead of the terminal.

    Returns
    -------
    int
        Exit status: 1 if something moved and `fail_on_change` is given, else 0.

    Raises
    ------
    InputError
        If a side is none of the three or cannot be read.
    """
    sides = read(old), read(new)
    found = moves(*sides)
    text = markdown(*sides, found)
    if file is None:
        write(text.rstrip("\n"))
    else:
        atomic.write_changed(file, text)
    return CHANGED if fail_on_change and found.any else OK


# ---------------------------------------------------------------- reading


def read(source: str) -> Side:
    """Read a side.

    Raises
    ------
    InputError
        If it is neither a file, a folder nor a git revision with a ledger.
    """
    if not source:
        return Side("reports/ledger.csv", read(str(paths.reports_dir() / "ledger.csv")).claims)
    path = Path(source)
    if path.is_dir():
        ledger = next((path / name for name in LEDGERS if (path / name).is_file()), None)
        if ledger is None:
            raise InputError(
                f"{source} holds neither {' nor '.join(LEDGERS)}. A full build writes both: amazon-labor build"
            )
        has = (path / "executed").is_dir()
        return Side(source, _rows(ledger.read_bytes(), str(ledger)), differences.printed(path) if has else {})
    if path.is_file():
        return Side(source, _rows(path.read_bytes(), source))
    revision, colon, name = source.partition(":")
    return Side(source, _rows(_committed(revision, name if colon else "reports/ledger.csv", source), source))


def _committed(revision: str, name: str, source: str) -> bytes:
    """A file as git has it; the revision is never taken for an option."""
    if not revision or revision.startswith("-"):
        raise InputError(_unknown(source))
    try:
        done = subprocess.run(
            ["git", "show", "--end-of-options", f"{revision}:{name}"],
            cwd=paths.root(),
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"{_unknown(source)} git could not be asked: {error}.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(f"{_unknown(source)} git says: {said[0] if said else 'nothing'}")
    return done.stdout


def _unknown(source: str) -> str:
    return (
        f"{source!r} is no ledger. Allowed: a ledger.csv or ledger.json, a folder of reports, or a file of a git revision, "
        f"for example HEAD~1:reports/ledger.csv."
    )


def _rows(raw: bytes, source: str) -> dict[str, dict[str, str]]:
    """Claims by id from CSV or JSON, in the columns of the CSV."""
    try:
        text = raw.decode("utf-8")
        if text.lstrip().startswith("{"):
            return {str(one["id"]): _flat(one) for one in json.loads(text)["claims"]}
        reader = csv.DictReader(io.StringIO(text, newline=""))
        if not {"claim_id", "verdict"} <= set(reader.fieldnames or ()):
            raise InputError(f"{source} is no ledger: it has no columns claim_id and verdict.")
        return {row["claim_id"]: {k: v or "" for k, v in row.items() if k} for row in reader}
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, csv.Error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{source} cannot be read as a ledger ({type(error).__name__}: {error}).") from None


def _flat(one: Mapping[str, Any]) -> dict[str, str]:
    computed, allowed, holds = one["computed"], one["allowed"], one["holds"]
    flat = {
        "statement": one["statement"],
        "stated": one["stated"]["text"],
        "unit": one["unit"],
        "lower": allowed["lower"],
        "upper": allowed["upper"],
        "computed": computed["value"],
        "low": computed["low"],
        "high": computed["high"],
        "verdict": one["verdict"],
        "holds_true": holds["true"],
        "holds_of": holds["of"],
        "reason": one["reason"],
    }
    return {key: _text(value) for key, value in flat.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, (int, float)) else " ".join(str(value).splitlines())


# ---------------------------------------------------------------- comparing


def moves(old: Side, new: Side) -> Moves:
    """Compare two sides; columns that only one of them has are passed over."""
    both = [claim for claim in new.claims if claim in old.claims]

    def differing(columns: Sequence[str]) -> tuple[str, ...]:
        return tuple(c for c in both if any(_differs(old.claims[c], new.claims[c], name) for name in columns))

    verdicts = differing(["verdict"])
    values = tuple(c for c in differing(NUMBERS) if c not in verdicts)
    return Moves(
        verdicts=verdicts,
        values=values,
        terms=differing(TERMS),
        added=tuple(c for c in new.claims if c not in old.claims),
        gone=tuple(c for c in old.claims if c not in new.claims),
        reworded=tuple(c for c in differing(["reason"]) if c not in {*verdicts, *values}),
        numbers=tuple(_numbers(old.numbers, new.numbers)),
    )


def _differs(one: Mapping[str, str], other: Mapping[str, str], column: str) -> bool:
    """Whether a column differs: as numbers where both are, so that 2 and 2.0 are the same."""
    a, b = one.get(column), other.get(column)
    if a is None or b is None or a == b:
        return False
    try:
        return float(a) != float(b)
    except ValueError:
        return True


def _numbers(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if not old or not new:
        return
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, "not there"), new.get(name, "not there")
        if before != after and ": claim " not in name and not name.startswith("claim "):
            yield name, before, after


# ---------------------------------------------------------------- Markdown


def markdown(old: Side, new: Side, found: Moves) -> str:
    """Return what moved as Markdown: a line of counts, then a table for each kind that has something."""
    same = len(new.claims) - len({*found.verdicts, *found.values, *found.terms, *found.added})
    counts = [
        _count(len(found.verdicts), "verdict moved", "verdicts moved"),
        _count(len(found.values), "number of a claim moved", "numbers of claims moved"),
        _count(len(found.added), "claim added", "claims added"),
        _count(len(found.gone), "claim gone", "claims gone"),
    ]
    parts = [f"## Ledger: {_cell(old.label)} to {_cell(new.label)}", "", f"{', '.join(counts)}; {same} the same.", ""]
    before, after = old.claims, new.claims
    parts += _table("Verdicts that moved", ("claim", "statement", "before", "after", "computed"),
                    [(f"`{c}`", after[c].get("statement", ""), _word(before[c]), _word(after[c]), _moved(before[c], after[c])) for c in found.verdicts])  # fmt: skip
    parts += _table("Numbers that moved, with the same verdict", ("claim", "before", "after", "unit"),
                    [(f"`{c}`", _value(before[c]), _value(after[c]), after[c].get("unit", "")) for c in found.values])  # fmt: skip
    parts += _table("Claims whose statement or bounds changed", ("claim", "what", "before", "after"),
                    [(f"`{c}`", name, before[c].get(name, ""), after[c].get(name, "")) for c in found.terms for name in TERMS if _differs(before[c], after[c], name)])  # fmt: skip
    for title, claims, rows in (("Added", found.added, after), ("Gone", found.gone, before)):
        parts += _table(title, ("claim", "statement", "verdict", "computed"),
                        [(f"`{c}`", rows[c].get("statement", ""), _word(rows[c]), _value(rows[c])) for c in claims])  # fmt: skip
    parts += _table(
        f"Numbers of the notebooks that moved ({len(found.numbers)})", ("number", "before", "after"), found.numbers
    )
    if found.reworded:
        parts += [f"Only the reason is worded anew: {', '.join(f'`{c}`' for c in found.reworded)}.", ""]
    return "\n".join(parts).rstrip("\n") + "\n"


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return [f"### {title}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines, ""]


def _word(row: Mapping[str, str]) -> str:
    return WORDS.get(row["verdict"], row["verdict"])


def _value(row: Mapping[str, str]) -> str:
    """Computed number with its range and the readings it holds under."""
    low, high = row.get("low", ""), row.get("high", "")
    text = row.get("computed", "") or "no value"
    text += f" ({low} to {high})" if low and high and low != high else ""
    return text + (f", {row['holds_true']} of {row['holds_of']} readings" if row.get("holds_of") else "")


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    one, two = _value(before), _value(after)
    return one if one == two else f"{one} → {two}"


def _cell(text: str) -> str:
    """Text that ends no cell and starts no markup of its own."""
    calm = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return calm.replace("<", "&lt;").replace(">", "&gt;")
