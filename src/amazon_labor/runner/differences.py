"""Where two sets of reports differ, in words: which file, which output of which cell, and by how much."""

import csv
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amazon_labor import mime, tolerance, wording
from amazon_labor.runner import normalise
from amazon_labor.runner.notebook import joined

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
ROUNDING = 1e-6  # relative; outputs hold up to ten digits of a number, coordinates of figures about eight
SHOWN, WIDTH = 3, 60


@dataclass(frozen=True)
class Difference:
    """One file that is not the same in two sets: its path and what differs."""

    path: str
    what: str


def between(first: Path, second: Path, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[Difference]:
    """Compare two folders by the digests of their files; look inside those that differ, where both can be read."""
    found = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs or name not in ours:
            found.append(Difference(name, f"only in the {'first' if name in ours else 'second'} set"))
        elif ours[name] != theirs[name]:
            found.append(Difference(name, _inside(first / name, second / name)))
    return found


def _inside(first: Path, second: Path) -> str:
    try:
        one, two = (path.read_text(encoding="utf-8") for path in (first, second))
    except (OSError, UnicodeDecodeError):
        return "the digests differ; the bytes of the other set are not at hand"
    if one == two:
        return "the digests differ, but the files at hand do not: the other set was changed after its sums were taken"
    if first.suffix == ".ipynb":
        try:
            return "; ".join(_first(outputs(json.loads(one), json.loads(two))))
        except (ValueError, KeyError, TypeError):
            pass  # no notebook any more: it differs as text
    return of_texts(one, two)


def _first(told: Iterator[str]) -> list[str]:
    every = list(told)
    more = [f"and {len(every) - SHOWN} more outputs"] if len(every) > SHOWN else []
    return [*every[:SHOWN], *more]


def outputs(one: dict[str, Any], two: dict[str, Any]) -> Iterator[str]:
    """Differences between two executed notebooks, by cell and type of output."""
    if len(one["cells"]) != len(two["cells"]):
        yield f"{len(one['cells'])} and {len(two['cells'])} cells"
    told = 0
    for left, right in zip(one["cells"], two["cells"], strict=False):
        if left == right:
            continue
        pairs = [(k, left.get(k), right.get(k)) for k in sorted(left.keys() | right.keys()) if k != "outputs"]
        pairs += _bundles(left.get("outputs", []), right.get("outputs", []))
        for kind, a, b in pairs:
            if a != b:
                told += 1
                yield f"{left['id']}, {kind}: {of_texts(_text(a), _text(b))}"
    if not told and len(one["cells"]) == len(two["cells"]):
        yield "metadata of the notebook"


def _bundles(left: list[Any], right: list[Any]) -> Iterator[tuple[str, Any, Any]]:
    nothing: dict[str, Any] = {}
    for a, b in itertools.zip_longest(left, right, fillvalue=nothing):
        data, other = a.get("data", {}), b.get("data", {})
        named = data.get(mime.FIGURE, {}).get("id", "")
        for kind in sorted(data.keys() | other.keys()):
            yield f"{kind}{f' of figure {named}' if named else ''}", data.get(kind), other.get(kind)
        rest = [{k: v for k, v in one.items() if k != "data"} for one in (a, b)]
        yield "text output", rest[0], rest[1]


def _text(value: Any) -> str:
    return joined(value) if isinstance(value, str | list) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def of_texts(one: str, two: str) -> str:
    """Say how two texts differ: by the last digits of numbers, by their numbers, or by a line."""
    lines = itertools.zip_longest(one.splitlines(keepends=True), two.splitlines(keepends=True), fillvalue="")
    line, (left, right) = next((i, pair) for i, pair in enumerate(lines, 1) if pair[0] != pair[1])
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    begin = max(0, at - WIDTH // 3)
    where = f"line {line}: {left[begin : begin + WIDTH]!r} and {right[begin : begin + WIDTH]!r}"
    size = _largest(one, two)
    if size is None:
        return where
    cause = (
        "the rounding of another processor or library"
        if size <= ROUNDING
        else "more than rounding: another library, seed or table"
    )
    return f"only numbers differ, by {size:.1e} of their size at most ({cause}); {where}"


def _largest(one: str, two: str) -> float | None:
    """Largest relative difference of the numbers in two texts that are otherwise the same; None if they are not."""
    if NUMBER.sub("#", one) != NUMBER.sub("#", two):
        return None
    pairs = zip(map(float, NUMBER.findall(one)), map(float, NUMBER.findall(two)), strict=True)
    return max((abs(a - b) / max(abs(a), abs(b)) for a, b in pairs if a != b), default=None)


# ---------------------------------------------------------------- what a reader sees of the numbers


def printed(folder: Path) -> dict[str, str]:
    """Every emitted number and every verdict of a set of reports as it is printed, by notebook and name."""
    found: dict[str, str] = {}
    for path in sorted((folder / "executed").glob("*.ipynb")):
        found |= printed_in(path)
    return found or _verdicts(folder / "ledger.csv")


def printed_in(path: Path) -> dict[str, str]:
    """Every emitted number and every verdict in the outputs of one notebook file, as it is printed."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    numbers = {f"{path.stem}: {r['name']}": _with_interval(r) for _, r in normalise.records(notebook, mime.NUMBER)}
    claims = {
        f"{path.stem}: claim {r['id']}": f"{r['verdict_words']} ({r['computed']})"
        for _, r in normalise.records(notebook, mime.CLAIM)
    }
    return numbers | claims


def _with_interval(record: Mapping[str, Any]) -> str:
    if record.get("low") is None:
        return str(record["printed"])
    digits = wording.default_digits(record["value"]) if record["digits"] is None else record["digits"]
    return f"{record['printed']} ({wording.interval(record['low'], record['high'], digits)})"


def _verdicts(ledger: Path) -> dict[str, str]:
    """What the ledger alone tells, where the executed notebooks are not at hand."""
    if not ledger.is_file():
        return {}
    with ledger.open(encoding="utf-8", newline="") as stream:
        return {f"claim {row['claim_id']}": f"{row['verdict']} ({row['computed']})" for row in csv.DictReader(stream)}


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Lines for what is printed differently, or in one set only."""
    return [
        f"{name}: {before.get(name, 'not there')} -> {after.get(name, 'not there')}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def beyond(before: Path, after: Path, share: float) -> dict[str, str]:
    """Numbers and verdicts of two sets that differ by more than a tolerance or are in one only: lines by name."""
    old, new = _recorded(before), _recorded(after)
    return {
        name: f"{name}: {_told(old.get(name))} -> {_told(new.get(name))}"
        for name in sorted(old.keys() | new.keys())
        if name not in old or name not in new or not tolerance.records(old[name], new[name], share)
    }


def _recorded(folder: Path) -> dict[str, Any]:
    """Every record of a number or a claim, by notebook and name."""
    found: dict[str, Any] = {}
    for path in sorted((folder / "executed").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        found |= {f"{path.stem}: {r['name']}": r for _, r in normalise.records(notebook, mime.NUMBER)}
        found |= {f"{path.stem}: claim {r['id']}": r for _, r in normalise.records(notebook, mime.CLAIM)}
    return found


def _told(record: Mapping[str, Any] | None) -> str:
    if record is None:
        return "not there"
    return f"{record.get('verdict_words', '')} {record.get('value')}".strip()
