"""FRED, the graph download: one CSV a series, without a key.

Shape: a header ``observation_date,<identifier>`` (``DATE,<identifier>`` before December 2024), ISO dates of the first
day of a period, and an empty cell or a point for a value that is not there. The file names no unit.
"""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from amazon_labor.refresh.errors import ShapeError
from amazon_labor.refresh.fetch import Request, Response
from amazon_labor.refresh.series import Observation, Series, Wanted
from amazon_labor.refresh.settings import Settings

NAME = "FRED"
PAUSE = 0.5  # the graph download states no limit; two requests a second stay far below that of the API
DATE_COLUMNS = ("observation_date", "DATE")
MISSING = ("", ".")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def requests(wanted: Sequence[Wanted], settings: Settings) -> list[Request]:
    """Requests for these series, one each."""
    identifiers = dict.fromkeys(w.identifier for w in wanted)
    return [
        Request(NAME, f"{settings.fred}/graph/fredgraph.csv?id={one}", headers=settings.agent, label=one, pause=PAUSE)
        for one in identifiers
    ]


def read(response: Response) -> list[Series]:
    """Series of an answer.

    Raises
    ------
    ShapeError
        If the header, a date, a value or the end of the file is not as documented.
    """
    identifier = response.request.label
    try:
        text = response.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShapeError(f"FRED {identifier}: the file is not UTF-8 text ({error}).") from None
    if not text.endswith("\n"):
        last = text.splitlines()[-1]
        raise ShapeError(f"FRED {identifier}: the file breaks off in the line {last!r}. Refresh again.")
    rows = list(csv.reader(io.StringIO(text)))
    _check_header(identifier, rows[0])
    observations = [_observation(identifier, row, line) for line, row in enumerate(rows[1:], start=2) if row]
    dates = [one.date for one in observations]
    if not observations:
        raise ShapeError(f"FRED {identifier}: the file has a header and no observation.")
    if dates != sorted(set(dates)):
        raise ShapeError(f"FRED {identifier}: the dates do not rise from line to line.")
    return [Series(identifier, tuple(observations))]


def _check_header(identifier: str, header: list[str]) -> None:
    if len(header) == 2 and header[0] in DATE_COLUMNS and header[1] == identifier:
        return
    raise ShapeError(
        f"FRED {identifier}: the columns are {','.join(header)!r}, not 'observation_date,{identifier}': the download "
        "changed, or another series was sent. The adapter is src/amazon_labor/refresh/fred.py."
    )


def _observation(identifier: str, row: list[str], line: int) -> Observation:
    if len(row) != 2 or not DATE.match(row[0]):
        raise ShapeError(f"FRED {identifier}: line {line} is {','.join(row)!r}, not a date and a value.")
    if row[1] in MISSING:
        return Observation(row[0], None)
    try:
        return Observation(row[0], Decimal(row[1]))
    except InvalidOperation:
        raise ShapeError(f"FRED {identifier}: the value of {row[0]} is {row[1]!r}, not a number.") from None
