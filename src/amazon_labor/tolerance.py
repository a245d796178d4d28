"""Outputs that are the same within a relative tolerance: what another processor or library may do to the last digits."""

import copy
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from amazon_labor import mime

# not the digits inside a word: names, ids and digests are the same or they are not
NUMBER = re.compile(r"(?<![\w.])[-+\u2212]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w)")
RECORDS = (mime.NUMBER, mime.CLAIM)  # their badges say the same again, rounded
WORDS = ("printed", "computed", "reason")  # fields of records that say numbers in words
LARGEST = 0.1
# cells whose numbers come from an optimiser that stops early, or that draws: another processor stops elsewhere
APPROXIMATE, APPROXIMATE_SHARE = "approximate", 0.01
# matplotlib makes the ids of clips and marks from the bits of numbers, so that a last digit changes all of one
DRAWN_ID = re.compile(r"\b[A-Za-z][A-Za-z0-9_]*_?[0-9a-f]{10}\b")
PLACE = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")
LABEL = re.compile(r">([^<>]*\S[^<>]*)<")  # what is written in a drawing
DRAWING_WIDTH = 518  # units, of the wide drawing
DRAWING_UNITS = 0.05  # what no eye sees of a drawing: a tenth of its units is what a page prints


def parse(word: str | float) -> float:
    """Read a tolerance.

    Raises
    ------
    ValueError
        If it is no number above 0 and at most 0.1.
    """
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not 0 < value <= LARGEST:
        raise ValueError(f"the tolerance {word!r} is not a number above 0 and at most {LARGEST}, for example 1e-9.")
    return value


def numbers(one: float, two: float, tolerance: float) -> bool:
    """Whether two numbers are the same within a share of the larger."""
    return math.isclose(one, two, rel_tol=tolerance, abs_tol=0.0)


def texts(one: str, two: str, tolerance: float) -> bool:
    """Whether two texts are the same but for numbers, and these within the tolerance."""
    if one == two:
        return True
    if NUMBER.sub("#", one) != NUMBER.sub("#", two):
        return False
    pairs = zip(map(_number, NUMBER.findall(one)), map(_number, NUMBER.findall(two)), strict=True)
    return all(numbers(a, b, tolerance) for a, b in pairs)


def drawings(one: str, two: str, tolerance: float) -> bool:
    """Whether two drawings (SVG) are the same: ids by their order, places within the tolerance or `DRAWING_UNITS`.

    Words stand between the elements, and their numbers are values: they have the tolerance and no more.
    """
    one, two = _with_ids_by_order(one), _with_ids_by_order(two)
    if one == two:
        return True
    said, says = (LABEL.findall(drawing) for drawing in (one, two))
    if len(said) != len(says) or not all(texts(a, b, tolerance) for a, b in zip(said, says, strict=True)):
        return False
    one, two = LABEL.sub("><", one), LABEL.sub("><", two)
    if PLACE.sub("#", one) != PLACE.sub("#", two):
        return False
    # a share of the whole, since a place near the edge is no smaller thing than one far from it
    room = max(DRAWING_UNITS, tolerance * DRAWING_WIDTH)
    return all(abs(float(a) - float(b)) <= room for a, b in zip(PLACE.findall(one), PLACE.findall(two), strict=True))


def _with_ids_by_order(text: str) -> str:
    order: dict[str, str] = {}
    return DRAWN_ID.sub(
        lambda found: order.setdefault(found[0], f"id-{chr(97 + len(order) % 26)}{'x' * (len(order) // 26)}"), text
    )


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-"))


def records(one: Any, two: Any, tolerance: float, field: str = "") -> bool:
    """Whether two records are the same, numbers within the tolerance; names, units and verdicts must be equal.

    Numbers in words (`WORDS`) are not looked at: they follow from the numbers beside them, and a number that lies between
    two printed ones would make them differ however close it is.
    """
    if field in WORDS or (field == "rows" and isinstance(one, list)):
        return True
    if isinstance(one, str) and isinstance(two, str):
        if field == "narrow":
            return drawings(one, two, tolerance)
        return texts(one, two, tolerance) if field == "csv" else one == two
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(records(one[k], two[k], tolerance, k) for k in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(records(a, b, tolerance) for a, b in zip(one, two, strict=True))
    if isinstance(one, bool) or isinstance(two, bool) or not _are_numbers(one, two):
        return bool(one == two)
    return numbers(one, two, tolerance)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def settled(fresh: Sequence[Any], stored: Sequence[Any], tolerance: float) -> list[Any]:
    """Fresh outputs in which everything that is close enough to the stored ones is replaced by it.

    What compares outputs for equality (nbval) then compares them within the tolerance. A record of a number or a claim
    decides for its badge too; records of tables and of figures' identities stay exact.
    """
    if len(fresh) != len(stored):
        return list(fresh)
    return [_settled(copy.deepcopy(one), two, tolerance) for one, two in zip(fresh, stored, strict=True)]


def _settled(one: Any, two: Any, tolerance: float) -> Any:
    if one.get("output_type") != two.get("output_type"):
        return one
    if (
        isinstance(one.get("text"), str)
        and isinstance(two.get("text"), str)
        and texts(one["text"], two["text"], tolerance)
    ):
        one["text"] = two["text"]
    data, wanted = one.get("data", {}), two.get("data", {})
    told = [k for k in RECORDS if k in data and k in wanted]
    if told and data.keys() == wanted.keys() and all(records(data[k], wanted[k], tolerance) for k in told):
        one["data"] = wanted
        return one
    for kind in () if told else data.keys() & wanted.keys():
        if _close(kind, data[kind], wanted[kind], tolerance):
            data[kind] = wanted[kind]
    return one


def _close(kind: str, one: Any, two: Any, tolerance: float) -> bool:
    if kind == mime.FIGURE:
        return records(one, two, tolerance)
    if not (isinstance(one, str) and isinstance(two, str)):
        return False
    return drawings(one, two, tolerance) if kind == "image/svg+xml" else texts(one, two, tolerance)
