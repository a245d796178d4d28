"""The ledger as JSON, with every reading: for programs, as `ledger.csv` is for eyes and for review.

Its form is `docs/schemas/ledger.schema.json`; a test holds the two together.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from amazon_labor.claim_ledger import LedgerRow
from amazon_labor.claim_rule import WORDS

FORMAT = "amazon-labor-ledger/1"


def text(rows: Sequence[LedgerRow]) -> str:
    """Return the ledger as JSON: numbers with ten significant digits, null where there is none."""
    counts = Counter(row.verdict for row in rows)
    record = {
        "format": FORMAT,
        "verdicts": {verdict: {"words": words, "count": counts[verdict]} for verdict, words in WORDS.items()},
        "claims": [_claim(row) for row in rows],
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _claim(row: LedgerRow) -> dict[str, Any]:
    return {
        "order": row.order,
        "id": row.claim_id,
        "section": row.section,
        "topic": row.topic,
        "kind": row.kind,
        "statement": row.statement,
        "wording": row.wording,
        "statistic": row.statistic,
        "unit": row.unit,
        "stated": {"text": row.stated, "value": _number(row.stated_value)},
        "allowed": {"lower": _number(row.lower), "upper": _number(row.upper), "text": row.band},
        "computed": {
            "text": row.computed,
            "value": _number(row.value),
            "low": _number(row.low),
            "high": _number(row.high),
        },
        "verdict": row.verdict,
        "holds": {"true": row.holds_true, "of": row.holds_of, "not_had": row.holds_lost},
        "reason": row.reason,
        "readings": [_reading(one) for one in row.interpretations],
        "notebook": row.notebook,
        "notebook_file": row.notebook_file,
        "figure": row.figure,
        "tables": list(row.tables),
    }


def _reading(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": str(record.get("name", "")),
        "own": bool(record.get("own")),
        **{key: _number(record.get(key)) for key in ("value", "low", "high")},
        "unit": str(record.get("unit") or ""),
        "holds": record.get("holds"),
        "why_unavailable": record.get("why_unavailable") or None,
    }


def _number(value: Any) -> float | int | None:
    """Ten significant digits, as everywhere that numbers are stored."""
    if value is None or isinstance(value, bool):
        return None
    short = float(f"{float(value):.10g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
