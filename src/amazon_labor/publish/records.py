"""Records found in outputs, as the templates want them: every field there, every id safe, every verdict known."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from amazon_labor import mime, wording
from amazon_labor.claim_rule import WORDS
from amazon_labor.publish import sanitise


def outputs(cell: Mapping[str, Any], kind: str) -> list[Any]:
    """Records of one MIME type in the outputs of a cell."""
    return [o["data"][kind] for o in cell.get("outputs", []) if kind in o.get("data", {})]


def figure(record: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's record with its id made safe; missing fields are empty."""
    table = record.get("table") or []
    rows = [[str(cell) for cell in row] for row in record.get("rows", [])]
    columns = [str(c) for c in record.get("columns", [])]
    crop = record.get("crop") or [0, 0]
    return {
        "id": sanitise.identifier(str(record.get("id", ""))),
        **{key: str(record.get(key) or "") for key in ("title", "subtitle", "source", "alt", "notes", "csv", "narrow")},
        "table": [table] if isinstance(table, str) else [str(t) for t in table],
        "columns": columns,
        "rows": rows,
        "numeric": [*map(bool, record.get("numeric", [])), *(False for _ in columns)][: len(columns)],
        "row_count": int(record.get("row_count") or len(rows)),
        "crop": (float(crop[0]), float(crop[1])),
    }


def claim(record: Mapping[str, Any]) -> dict[str, Any]:
    """A claim's record with its readings in words; an unknown verdict counts as not computed."""
    holds = record.get("holds_under") or {}
    verdict = record.get("verdict")
    return {
        "id": sanitise.identifier(str(record.get("id", ""))),
        "verdict": verdict if verdict in WORDS else "missing",
        **{key: str(record.get(key) or "") for key in ("statement", "stated", "computed", "reason")},
        "true": int(holds.get("true") or 0),
        "of": int(holds.get("of") or 0),
        "readings": [_reading(r, str(record.get("unit") or "")) for r in record.get("interpretations") or []],
    }


def _reading(record: Mapping[str, Any], unit: str) -> dict[str, Any]:
    value, low, high = (record.get(key) for key in ("value", "low", "high"))
    if value is None:
        return {
            "name": str(record.get("name", "")),
            "own": bool(record.get("own")),
            "text": "no value",
            "holds": str(record.get("why_unavailable") or "could not be had"),
        }
    text = str(record.get("text") or wording.quantity(float(value), str(record.get("unit") or unit)))
    if low is not None and high is not None:
        text += f" ({wording.interval(float(low), float(high), _places(text))})"
    answer = {True: "yes", False: "no"}.get(record.get("holds"), "not judged")  # type: ignore[arg-type]
    if record.get("crosses"):
        answer += ", but the interval reaches over the bound"
    return {"name": str(record.get("name", "")), "own": bool(record.get("own")), "text": text, "holds": answer}


def _places(text: str) -> int:
    """Decimal places of the first number in a text, so that an interval is as precise as its value."""
    match = re.search(r"\d\.(\d+)", text)
    return len(match[1]) if match else 0


def number(record: Mapping[str, Any]) -> dict[str, str]:
    """An emitted number as a row: name, value, unit, interval and note."""
    low, high, digits = record.get("low"), record.get("high"), record.get("digits")
    notes = []
    if low is not None and high is not None:
        places = wording.default_digits(float(record["value"])) if digits is None else int(digits)
        notes.append(f"{record.get('level') or 90:g}% interval {wording.interval(float(low), float(high), places)}")
    notes += [str(record["note"])] if record.get("note") else []
    return {
        "name": sanitise.identifier(str(record.get("name", ""))).replace("-", "_"),
        "printed": str(record.get("printed", "")),
        "unit": str(record.get("unit", "")),
        "note": "; ".join(notes),
    }


def table_id(name: str) -> str:
    """Anchor of a table in the footer of a report that read it."""
    return f"table-{sanitise.identifier(name)}"


def tables(cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tables that the notebook says it read, each once; `id` is the anchor of its line on the page."""
    read = [t for cell in cells for record in outputs(cell, mime.TABLES) for t in record]
    found = {(table_id(str(t.get("name", ""))), str(t.get("vintage", ""))): t for t in read}.values()
    taken: set[str] = set()
    return [
        {
            "id": sanitise.unique(table_id(str(t.get("name", ""))), taken),
            "name": str(t.get("name", "")),
            "publishers": [str(p) for p in t.get("publishers", [])],
            "vintage": str(t.get("vintage", "")),
            "rows": int(t.get("rows", 0)),
            "sha256": str(t.get("sha256", "")),
        }
        for t in found
    ]
