"""Tables of a notebook: frames with caption, units and sensible digits, and a regression table without a clock."""

import html
import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from amazon_labor import wording

NO_DATA = "no data"
YEARS = range(1700, 2101)


class TableError(ValueError):
    """A table without caption or rows, or with units or digits of a column it does not have."""


@dataclass(frozen=True)
class Cells:
    """Text of a table: heads, rows, and which columns hold numbers."""

    columns: list[str]
    rows: list[list[str]]
    numeric: list[bool]


# --- text of cells ----------------------------------------------------------------------------------------------------
def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its meaningful index as first columns, text heads and categories as plain values."""
    if not isinstance(frame, pd.DataFrame):
        raise TableError(f"A table is made of a DataFrame, not of {type(frame).__name__}. Use .to_frame() on a Series.")
    unnamed = frame.index.names == [None] and isinstance(frame.index, pd.RangeIndex)
    result = frame.copy() if unnamed else frame.reset_index()
    result.columns = [" ".join(map(str, c)).strip() if isinstance(c, tuple) else str(c) for c in result.columns]
    return result


def csv_text(frame: pd.DataFrame) -> str:
    """Write a frame as CSV with up to ten significant digits, ISO dates, and missing values blank.

    Text that a spreadsheet would take for a formula begins with an apostrophe.

    Ten digits are all that agrees between processors; the last bits of a float do not.
    """
    table = flat(frame)
    columns = [[_exact(value) for value in table[name]] for name in table.columns]
    lines = [[wording.unrunnable(name) for name in table.columns], *(list(row) for row in zip(*columns, strict=True))]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines)


def cells(frame: pd.DataFrame, digits: int | Mapping[str, int] | None = None, missing: str = "") -> Cells:
    """Return heads and rows as a reader wants them: rounded, with commas for thousands, years without.

    Parameters
    ----------
    digits : int or mapping of column to int, optional
        Decimal places; a single number does not touch columns of integers. By default one place more than three significant digits of the column's middle value, and never
        more places than the data have.
    missing : str
        What stands for a missing value.
    """
    table = flat(frame)
    wanted = digits if isinstance(digits, Mapping) else {c: digits for c in table.columns if not _is_whole(table[c])}
    _known(wanted, list(table.columns), "digits")
    texts = [_column(table[name], wanted.get(name), missing) for name in table.columns]
    numeric = [_is_numeric(table[name]) for name in table.columns]
    return Cells(list(table.columns), [list(row) for row in zip(*texts, strict=True)], numeric)


def _column(values: pd.Series, digits: int | None, missing: str) -> list[str]:
    if not _is_numeric(values):
        return [missing if _is_missing(v) else _words(v) for v in values]
    present = [float(v) for v in values if not _is_missing(v)]
    if present and all(v.is_integer() and int(v) in YEARS for v in present) and digits is None:
        return [missing if _is_missing(v) else str(int(v)) for v in values]
    places = _places(present) if digits is None else digits
    return [missing if _is_missing(v) else wording.number(float(v), places) for v in values]


def _places(values: Sequence[float]) -> int:
    sizes = sorted(abs(v) for v in values if v)
    if not sizes:
        return 0
    in_data = max(max(0, -int(_decimal(v).normalize().as_tuple().exponent)) for v in sizes)
    return min(in_data, wording.default_digits(sizes[len(sizes) // 2]) + 1)


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _is_whole(values: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(values)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value))


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value + 0.0:.10g}")  # the sum turns a negative zero into zero


def _exact(value: Any) -> str:
    if _is_missing(value):
        return ""
    if isinstance(value, Integral) and not isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
        return f"{_decimal(float(value)):f}" if math.isfinite(value) else ""
    return wording.unrunnable(_words(value))


def _words(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.isoformat()
    return str(value)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\n\r') else cell


def _known(named: Mapping[str, Any], columns: Sequence[str], what: str) -> None:
    unknown = [name for name in named if name not in columns]
    if unknown:
        raise TableError(f"{what}: no column {unknown[0]!r}. The columns are {', '.join(map(repr, columns))}.")


# --- show -------------------------------------------------------------------------------------------------------------
def show(
    frame: pd.DataFrame,
    caption: str,
    *,
    units: Mapping[str, str] | None = None,
    digits: int | Mapping[str, int] | None = None,
    note: str = "",
) -> None:
    """Display a frame as a table of the report.

    Parameters
    ----------
    frame : DataFrame
        One row per row; a named index becomes the first column, whose cells are the row heads.
    caption : str
        What the table says or holds, with place and years.
    units : mapping of column to str, optional
        Unit written under the head of a column.
    digits : int or mapping of column to int, optional
        Decimal places; by default as in `cells`.
    note : str
        One line under the table: source, definitions.

    Raises
    ------
    TableError
        If the caption or the rows are missing, or `units` or `digits` name a column that is not there.

    Examples
    --------
    >>> tables.show(profits, "Amazon's net income, fiscal 2019 and 2021", units={"net income": "billion USD"})
    """
    if not caption.strip():
        raise TableError("show: a table needs a caption that says what it holds.")
    if frame.empty:
        raise TableError(f"show: the table {caption!r} has no rows. Say in words why there is nothing to show.")
    text = cells(frame, digits, missing=NO_DATA)
    units = dict(units or {})
    _known(units, text.columns, "units")
    _display(_html(text, caption, units, note), _plain(text, caption, units, note))


def _html(text: Cells, caption: str, units: Mapping[str, str], note: str) -> str:
    kind = [' class="n"' if number else "" for number in text.numeric]
    head = "".join(_head(name, units.get(name), k) for name, k in zip(text.columns, kind, strict=True))
    body = "".join(
        f'<tr><th scope="row"{kind[0]}>{html.escape(row[0])}</th>'
        + "".join(f"<td{k}>{html.escape(cell)}</td>" for cell, k in zip(row[1:], kind[1:], strict=True))
        + "</tr>"
        for row in text.rows
    )
    under = f'<p class="note">{html.escape(note)}</p>' if note else ""
    top = f"<caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f"<table>{top}<tbody>{body}</tbody></table>{under}"


def _head(name: str, unit: str | None, kind: str) -> str:
    below = f" <small>{html.escape(unit)}</small>" if unit else ""
    return f'<th scope="col"{kind}>{html.escape(name)}{below}</th>'


def _plain(text: Cells, caption: str, units: Mapping[str, str], note: str) -> str:
    heads = [f"{name} ({units[name]})" if name in units else name for name in text.columns]
    lines = [heads, *text.rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    put = [str.rjust if number else str.ljust for number in text.numeric]
    body = ["  ".join(put[k](cell, widths[k]) for k, cell in enumerate(line)).rstrip() for line in lines]
    return "\n".join([caption, *body, *([note] if note else [])])


def _display(page: str, plain: str) -> None:
    from IPython.display import display

    display({"text/html": page, "text/plain": plain}, raw=True)


# --- regressions ------------------------------------------------------------------------------------------------------
def regression(
    results: Mapping[str, Any],
    caption: str,
    *,
    names: Mapping[str, str] | None = None,
    level: float = 90,
    extra: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
) -> None:
    """Display fitted models side by side: each coefficient with its interval, then observations and fit.

    Estimates are rounded to two significant digits of their standard error, intervals follow in brackets, and there
    are no stars. Unlike a ``summary()`` the table holds neither date nor time.

    Parameters
    ----------
    results : mapping of column head to fitted model
        Results of statsmodels or linearmodels.
    names : mapping of coefficient to words, optional
        Which coefficients are shown, in this order, and how they are called; all of them by default.
    level : float
        Level of the intervals in percent.
    extra : mapping of row head to mapping of column head to text, optional
        Further rows, for example ``{"Errors clustered by": {"OLS": "state"}}``.

    Raises
    ------
    TableError
        If no model is given or `names` holds a coefficient that no model has.
    """
    if not results:
        raise TableError("regression: give at least one fitted model.")
    estimates = {head: _estimates(fitted, level) for head, fitted in results.items()}
    found = list(dict.fromkeys(name for rows in estimates.values() for name in rows))
    shown = dict(names) if names else {name: name for name in found}
    if unknown := [name for name in shown if name not in found]:
        raise TableError(f"regression: no model has the coefficient {unknown[0]!r}. There are {', '.join(found)}.")
    rows = {words: {head: estimates[head].get(name, "") for head in results} for name, words in shown.items()}
    rows |= {label: dict(values) for label, values in (extra or {}).items()}
    rows["Observations"] = {head: f"{int(fitted.nobs):,}" for head, fitted in results.items()}
    fit = {head: _fit(fitted) for head, fitted in results.items()}
    rows |= {"R squared": fit} if any(fit.values()) else {}
    lines = [[label, *(values.get(head, "") for head in results)] for label, values in rows.items()]
    text = Cells(["Quantity", *results], lines, [False, *(True for _ in results)])
    note = f"In brackets: {level:g} percent interval. {note}".strip()
    _display(_html(text, caption, {}, note), _plain(text, caption, {}, note))


def _estimates(fitted: Any, level: float) -> dict[str, str]:
    """Text of each coefficient; statsmodels takes the error rate, linearmodels the level."""
    keyword = "level" if "level" in inspect.signature(fitted.conf_int).parameters else "alpha"
    bounds = np.asarray(fitted.conf_int(**{keyword: level / 100 if keyword == "level" else 1 - level / 100}))
    params = fitted.params
    names = list(params.index) if hasattr(params, "index") else list(fitted.model.exog_names)
    errors = np.asarray(fitted.bse if hasattr(fitted, "bse") else fitted.std_errors)
    values = zip(names, np.asarray(params), errors, bounds, strict=True)
    return {str(name): _estimate(value, error, low, high) for name, value, error, (low, high) in values}


def _estimate(value: float, error: float, low: float, high: float) -> str:
    digits = 2 if not error > 0 else max(0, 1 - math.floor(math.log10(error)))
    return f"{wording.number(value, digits)} ({wording.interval(low, high, digits)})"


def _fit(fitted: Any) -> str:
    value = getattr(fitted, "rsquared", None)
    return "" if value is None or not math.isfinite(value) else wording.number(float(value), 2)
