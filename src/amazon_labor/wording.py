"""How numbers are written: decimal point, comma for thousands, U+2212 for minus, units in words."""

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the last four are full-width

# unit word -> how it follows a number in prose; None means that the number stands alone
UNITS: dict[str, str | None] = {
    "percent": "percent",
    "percentage points": "percentage points",
    "percent per year": "percent per year",
    "percent of the vote": "percent of the vote",
    "percent of primary votes": "percent of primary votes",
    "thousand": "thousand",
    "million": "million",
    "persons": "persons",
    "million USD": "million dollars",
    "billion USD": "billion dollars",
    "trillion USD": "trillion dollars",
    "USD": "dollars",
    "USD per hour": "dollars an hour",
    "USD per employee": "dollars per employee",
    "injuries per 100 FTE": "injuries per 100 full-time equivalents",
    "acquisitions": "acquisitions",
    "elections": "elections",
    "votes": "votes",
    "hours": "hours",
    "days": "days",
    "weeks": "weeks",
    "months": "months",
    "years": "years",
    "year": None,
    "date": None,
    "rank": None,
    "ratio": None,
    "share": None,
    "index": None,
    "count": None,
    "p-value": None,
    "statistic": None,
}
# units in which a whole number is printed without decimals
WHOLE = frozenset(
    {"count", "rank", "year", "votes", "elections", "acquisitions", "persons", "days", "weeks", "months", "years"}
)


def rounded(value: float, digits: int) -> Decimal:
    """Round half up on the decimal text of the number, as a printed table does (0.5 becomes 1, not 0)."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: float, digits: int | None = None, *, sign: bool = False) -> str:
    """Write a number for prose and tables.

    Parameters
    ----------
    value : float
        Any finite number.
    digits : int, optional
        Decimal places. By default enough for three significant digits, and none from 100 up.
    sign : bool
        Write a plus before positive changes.

    Raises
    ------
    ValueError
        If the number is not finite: a missing value is written in words, never as "nan".
    """
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number and cannot be printed.")
    places = default_digits(value) if digits is None else digits
    text = f"{abs(rounded(value, places)):,.{places}f}"
    negative = value < 0 and any(c in "123456789" for c in text)
    return (MINUS if negative else "+" if sign and value > 0 else "") + text


def default_digits(value: float) -> int:
    """Decimal places that show three significant digits, between 0 and 4."""
    size = abs(value)
    if size == 0 or (float(size).is_integer() and size >= 10):
        return 0
    return min(4, max(0, 2 - math.floor(math.log10(size))))


def digits_of(value: float, unit: str) -> int | None:
    """No decimal places for a whole number of things; None, that is three significant digits, for all else."""
    return 0 if unit in WHOLE and float(value).is_integer() else None


def measure(value: float, unit: str, digits: int | None = None, *, sign: bool = False) -> str:
    """Number without its unit, in the unit's habit: a year carries no comma."""
    text = number(value, digits, sign=sign)
    return text.replace(",", "") if unit == "year" else text


def quantity(value: float, unit: str, digits: int | None = None, *, sign: bool = False) -> str:
    """Number with its unit in words: ``quantity(33.364, "billion USD", 1)`` is "33.4 billion dollars"."""
    words = unit_words(unit)
    text = measure(value, unit, digits, sign=sign)
    return f"{text} {words}" if words else text


def unit_words(unit: str) -> str | None:
    """Words that follow a number of this unit in prose; units not in `UNITS` are written as they are."""
    return UNITS.get(unit, unit)


def interval(low: float, high: float, digits: int | None = None) -> str:
    """Write a range as "22.1 to 23.6"."""
    return f"{number(low, digits)} to {number(high, digits)}"


def day(moment: date) -> str:
    """Write a date as "1 April 2022"."""
    return f"{moment.day} {moment:%B %Y}"


def listing(words: list[str], last: str = "and") -> str:
    """Join words as "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def unrunnable(text: str) -> str:
    """Return a text for a CSV file, with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
