"""The ledger as a table of text: one line for each claim, so that a changed number shows in review."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from amazon_labor import wording
from amazon_labor.claim_ledger import LedgerRow

COLUMNS = (
    "order",
    "claim_id",
    "section",
    "notebook",
    "statement",
    "stated",
    "unit",
    "lower",
    "upper",
    "computed",
    "low",
    "high",
    "verdict",
    "holds_true",
    "holds_of",
    "reason",
)


def text(rows: Iterable[LedgerRow]) -> str:
    """Return the ledger as CSV: LF line ends, blank where there is no number, ten significant digits.

    `computed` is the value of the article's own reading, or of the first that has one; `low` and `high` are the range
    over the readings of the same unit and their intervals.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(_field(row, name)) for name in COLUMNS] for row in rows)
    return out.getvalue()


def write_csv(rows: Iterable[LedgerRow], path: Path) -> None:
    """Write the ledger; the caller decides about atomic replacement."""
    path.write_bytes(text(rows).encode("utf-8"))


def read(path: Path) -> list[dict[str, str]]:
    """Read a ledger as written by `write_csv`.

    Raises
    ------
    ValueError
        If the columns are not those of the ledger.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(
                f"{path.name}: the columns are {reader.fieldnames}, not {', '.join(COLUMNS)}. Build it again."
            )
        return list(reader)


def _field(row: LedgerRow, name: str) -> Any:
    return row.value if name == "computed" else getattr(row, name)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else wording.unrunnable(" ".join(str(value).splitlines()))
