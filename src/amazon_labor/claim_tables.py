"""The article's statements and how each may be read: `claims.csv`, `claim_interpretations.csv`, `article_numbers.csv`."""

import csv
import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from amazon_labor import paths

JUDGED, LEFT_OUT = "judged", "left_out"
YES_NO = "yes or no"  # unit of a statistic that is 1 when the statement is so and 0 when it is not
CLAIM_COLUMNS = (
    "order",
    "claim_id",
    "section",
    "topic",
    "kind",
    "statement",
    "stated_value",
    "unit",
    "stated_text",
    "wording",
    "statistic",
    "statistic_unit",
    "lower",
    "upper",
    "own_interpretation",
    "period",
    "notebook",
    "tables",
    "watch_for",
    "would_settle",
)
INTERPRETATION_COLUMNS = ("claim_id", "interpretation", "status", "own", "lower", "upper", "unit", "reason")
NUMBER_COLUMNS = ("order", "printed", "character", "claim_ids", "reason")


class ClaimError(ValueError):
    """A claim, an interpretation, a value or a unit that the tables of claims do not know or allow."""


@dataclass(frozen=True)
class Claim:
    """One statement of the article, paraphrased, with the statistic that tests it and the bounds its wording sets.

    `unit` is that of the number the article prints, `statistic_unit` that of the statistic and of the bounds, which are
    inclusive. A claim without `notebook` is a matter of documents.
    """

    order: int
    claim_id: str
    section: str
    topic: str
    kind: str
    statement: str
    stated_value: str
    unit: str
    stated_text: str
    wording: str
    statistic: str
    statistic_unit: str
    lower: float | None
    upper: float | None
    own_interpretation: str
    period: str
    notebook: str
    tables: tuple[str, ...]
    watch_for: str
    would_settle: str

    @property
    def documentary(self) -> bool:
        """Whether no series can test the statement."""
        return not self.notebook

    @property
    def stated_number(self) -> float | None:
        """The printed number, where there is one in the unit of the statistic."""
        try:
            return float(self.stated_value) if self.unit == self.statistic_unit else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Interpretation:
    """One way to read a claim. `lower`, `upper` and `unit` are those of the claim unless the row sets its own."""

    claim_id: str
    interpretation: str
    status: str
    own: bool
    lower: float | None
    upper: float | None
    unit: str
    reason: str


@dataclass(frozen=True)
class ArticleNumber:
    """One number or date that the article prints: the claims that cover it, or the reason why none does."""

    order: int
    printed: str
    character: int
    claim_ids: tuple[str, ...]
    reason: str


def load_claims() -> dict[str, Claim]:
    """Read `data/claims.csv`: the statements by id, in the order of the article.

    Raises
    ------
    ClaimError
        If the file lacks a column, repeats a claim, or a cell is not the number it should be.
    """
    path = paths.claims_dir() / "claims.csv"
    claims: dict[str, Claim] = {}
    for line, row in _rows(path, CLAIM_COLUMNS):
        if row["claim_id"] in claims:
            raise ClaimError(f"{path.name}, line {line}: the claim {row['claim_id']!r} stands twice.")
        claims[row["claim_id"]] = Claim(
            **{c: row[c] for c in CLAIM_COLUMNS if c not in ("order", "lower", "upper", "tables")},
            order=_integer(path, line, "order", row["order"]),
            lower=_bound(path, line, "lower", row["lower"]),
            upper=_bound(path, line, "upper", row["upper"]),
            tables=_listed(row["tables"]),
        )
    return claims


def load_interpretations(claim_id: str | None = None) -> list[Interpretation]:
    """Read `data/claim_interpretations.csv`, all of it or the rows of one claim, in the order of the file.

    An empty bound or unit is that of the claim. A row that sets its own `unit` sets both bounds with it.

    Raises
    ------
    ClaimError
        If the claim is unknown, or a row has a status or an `own` that is not allowed.
    """
    claims = load_claims()
    if claim_id is not None:
        find(claim_id, claims)
    path = paths.claims_dir() / "claim_interpretations.csv"
    rows = [_interpretation(path, line, row, claims) for line, row in _rows(path, INTERPRETATION_COLUMNS)]
    return [r for r in rows if claim_id is None or r.claim_id == claim_id]


def _interpretation(path: Path, line: int, row: dict[str, str], claims: dict[str, Claim]) -> Interpretation:
    place = f"{path.name}, line {line}"
    claim = find(row["claim_id"], claims, place)
    for column, allowed in (("status", (JUDGED, LEFT_OUT)), ("own", ("true", "false"))):
        if row[column] not in allowed:
            raise ClaimError(f"{place}: {column} is {row[column]!r}; allowed are {' and '.join(allowed)}.")
    lower, upper = (_bound(path, line, c, row[c]) for c in ("lower", "upper"))
    given = lower is not None or upper is not None
    if bool(row["unit"]) and not given:
        raise ClaimError(f"{place}: the reading sets the unit {row['unit']!r} without a bound in that unit.")
    return Interpretation(
        claim_id=claim.claim_id,
        interpretation=row["interpretation"],
        status=row["status"],
        own=row["own"] == "true",
        lower=lower if given else claim.lower,
        upper=upper if given else claim.upper,
        unit=row["unit"] or claim.statistic_unit,
        reason=row["reason"],
    )


def load_article_numbers() -> list[ArticleNumber]:
    """Read `data/article_numbers.csv`: every number and date the article prints.

    Raises
    ------
    ClaimError
        If a row names an unknown claim, or has neither claims nor a reason, or both.
    """
    claims = load_claims()
    path = paths.claims_dir() / "article_numbers.csv"
    numbers = []
    for line, row in _rows(path, NUMBER_COLUMNS):
        place = f"{path.name}, line {line}"
        ids = tuple(find(c, claims, place).claim_id for c in _listed(row["claim_ids"]))
        if bool(ids) == bool(row["reason"]):
            raise ClaimError(
                f"{place}: {row['printed']!r} needs either the claims that cover it or the reason why none does."
            )
        order, character = (_integer(path, line, c, row[c]) for c in ("order", "character"))
        numbers.append(ArticleNumber(order, row["printed"], character, ids, row["reason"]))
    return numbers


def find(claim_id: str, claims: dict[str, Claim], place: str = "claims") -> Claim:
    """Return a claim by id.

    Raises
    ------
    ClaimError
        If there is none, with the nearest id.
    """
    if claim_id not in claims:
        raise ClaimError(
            f"{place}: there is no claim {claim_id!r} in {paths.claims_file('claims.csv')}.{nearest(claim_id, claims)}"
        )
    return claims[claim_id]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or nothing."""
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise ClaimError(
            f"{path.name} is missing from its folder. Restore it with: git checkout -- {paths.claims_file(path.name)}"
        )
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != columns:
            raise ClaimError(
                f"{path.name}: the columns are {', '.join(reader.fieldnames or ())}; expected are {', '.join(columns)}."
            )
        rows = [(reader.line_num, row) for row in reader]
    for line, row in rows:
        if None in row or None in row.values():
            raise ClaimError(f"{path.name}, line {line}: the row does not have {len(columns)} cells.")
    return rows


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _bound(path: Path, line: int, column: str, cell: str) -> float | None:
    if not cell:
        return None
    try:
        bound = float(cell)
    except ValueError:
        bound = math.nan
    if not math.isfinite(bound):
        raise ClaimError(f"{path.name}, line {line}: {column} is {cell!r}, which is not a finite number.")
    return bound


def _integer(path: Path, line: int, column: str, cell: str) -> int:
    if not cell.isdigit():
        raise ClaimError(f"{path.name}, line {line}: {column} is {cell!r}, which is not a whole number.")
    return int(cell)
