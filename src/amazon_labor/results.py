"""What a notebook says: numbers with name and unit, sentences made of them, and the tables it read.

Each goes into the output's data bundle (`mime`), beside a readable badge, so that any viewer shows something and a
changed number is a changed output.
"""

import difflib
import html
import math
import numbers
import re
import string
from dataclasses import asdict, dataclass
from typing import Any

from amazon_labor import catalog, mime, wording

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class ResultError(ValueError):
    """A result without a unit, emitted twice, not finite, or named by a sentence without having been emitted."""


@dataclass(frozen=True)
class Number:
    """One emitted number; `low` and `high` bound it at `level` percent."""

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    digits: int | None = None
    note: str | None = None

    @property
    def printed(self) -> str:
        return wording.measure(self.value, self.unit, self.digits)

    @property
    def interval(self) -> str | None:
        if self.low is None or self.high is None:
            return None
        digits = wording.default_digits(self.value) if self.digits is None else self.digits
        return f"{self.printed} ({wording.interval(self.low, self.high, digits)})"


class Quiet(float):
    """The emitted number: a float that a notebook does not echo when `emit` ends a cell."""

    def _ipython_display_(self) -> None:
        return None


_numbers: dict[str, Number] = {}
_notebook: str | None = None


def start(notebook: str, *, article: str | None = None) -> None:
    """Begin a notebook afresh, so that Run All a second time in the same kernel does not meet its own results.

    Parameters
    ----------
    notebook : str
        Name of the notebook.
    article : str, optional
        Folder in `articles/` whose statements it judges, if they are not those of the first article. The notebook says
        so itself, so that it runs by any program and not only by the runner.

    Raises
    ------
    FileNotFoundError
        If there is no such article.
    """
    global _notebook
    from amazon_labor import claims, paths

    if article is not None:
        paths.choose_article(article)
    _numbers.clear()
    claims.reset()
    catalog.reset()
    _notebook = notebook


def reset() -> None:
    """Forget the numbers emitted so far and the notebook's name."""
    global _notebook
    _numbers.clear()
    _notebook = None


def notebook() -> str | None:
    """Name of the notebook that called `start`, or None outside one."""
    return _notebook


def emitted() -> dict[str, Number]:
    """Numbers emitted so far, by name."""
    return dict(_numbers)


def emit(
    name: str,
    value: float,
    unit: str,
    *,
    low: float | None = None,
    high: float | None = None,
    level: float = 90,
    digits: int | None = None,
    note: str | None = None,
) -> Quiet:
    """Publish one number of the notebook and return it as a float.

    Parameters
    ----------
    name : str
        snake_case name, unique in the notebook, for example ``net_income_growth_2019_2021``.
    value, low, high : float
        The number and, where it is estimated, its interval at `level` percent (100 for a range over assumptions).
    unit : str
        A unit in words, for example ``percent`` (see `wording.UNITS`).
    digits : int, optional
        Decimal places wherever the number is printed; by default three significant digits, none for whole counts and
        ranks.
    note : str, optional
        What a reader must know: definition, date, method.

    Raises
    ------
    ResultError
        If the name is malformed or was emitted before, the unit is missing, the value is not finite, or the interval
        does not enclose the value.
    """
    record = _checked(
        Number(
            name,
            _finite(name, value),
            unit,
            _bound(name, low),
            _bound(name, high),
            level if low is not None else None,
            wording.digits_of(value, unit) if digits is None else digits,
            note,
        )
    )
    _numbers[name] = record
    _display(record)
    return Quiet(record.value)


def _checked(record: Number) -> Number:
    if not NAME.match(record.name):
        raise ResultError(
            f"emit: the name {record.name!r} is not snake_case (letters, digits and underscores, a letter first)."
        )
    if record.name in _numbers:
        raise ResultError(
            f"emit: {record.name!r} was emitted before as {_numbers[record.name].value!r}. One name, one number."
        )
    if not record.unit or not record.unit.strip():
        raise ResultError(f"emit: {record.name!r} has no unit. Write a word, for example 'percent' or 'ratio'.")
    if (record.low is None) != (record.high is None):
        raise ResultError(f"emit: {record.name!r} has one end of an interval only. Give both low and high, or neither.")
    if record.low is not None and record.high is not None and not record.low <= record.value <= record.high:
        raise ResultError(
            f"emit: the interval of {record.name!r}, {record.low!r} to {record.high!r}, does not hold its value {record.value!r}."
        )
    return record


def _finite(name: str, value: Any) -> float:
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise ResultError(f"emit: {name!r} is {value!r}, which is not a number.") from None
    if not math.isfinite(result):
        raise ResultError(
            f"emit: {name!r} is {result!r}. Say in words that there is no value; never emit one that is not finite."
        )
    return result


def _bound(name: str, value: Any) -> float | None:
    return None if value is None else _finite(name, value)


def _display(record: Number) -> None:
    shown = wording.quantity(record.value, record.unit, record.digits)
    if record.low is not None and record.high is not None:
        digits = wording.default_digits(record.value) if record.digits is None else record.digits
        kind = "range" if record.level == 100 else f"{record.level:g}% interval"
        shown += f" ({kind} {wording.interval(record.low, record.high, digits)})"
    note = f"; {record.note}" if record.note else ""
    data: dict[str, Any] = {"text/plain": f"{record.name} = {shown}{note}", mime.NUMBER: _json(record)}
    data["text/html"] = (
        f"<p><code>{html.escape(record.name)}</code> = <strong>{html.escape(shown)}</strong>{html.escape(note)}</p>"
    )
    _show(data)


def _json(record: Number) -> dict[str, Any]:
    stable = {k: steady(v) for k, v in asdict(record).items()}
    return stable | {"printed": record.printed}


def steady(value: Any) -> Any:
    """Ten significant digits of a float: the last bits differ between processors and would fail a text comparison."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def say(template: str, **values: Any) -> None:
    """Display a sentence made of emitted numbers, as Markdown.

    ``{name}`` prints the number, ``{name:u}`` the number with its unit in words, ``{name:ci}`` the number with its
    interval, ``{name:+}`` a change with its sign and ``{name:abs}`` its size. Other fields come from `values`; numbers among them are
    written by `wording.number`.

    Raises
    ------
    ResultError
        If a field is neither emitted nor given, naming the nearest one.
    """
    _show({"text/markdown": sentence(template, **values)})


def sentence(template: str, **values: Any) -> str:
    """Return what `say` would display; for titles, alt texts and reasons of verdicts."""
    parts = []
    for literal, field, spec, _ in string.Formatter().parse(template):
        parts.append(literal)
        if field is not None:
            parts.append(_field(field, spec or "", values))
    return "".join(parts)


def _field(field: str, spec: str, values: dict[str, Any]) -> str:
    if field in values:
        value = values[field]
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            return wording.number(float(value), int(spec) if spec else None)
        return format(value, spec)
    if field not in _numbers:
        near = difflib.get_close_matches(field, [*_numbers, *values], 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ResultError(f"say: {{{field}}} is neither an emitted number nor a given value.{hint}")
    record = _numbers[field]
    match spec:
        case "":
            return record.printed
        case "u":
            return wording.quantity(record.value, record.unit, record.digits)
        case "+":
            return wording.number(record.value, record.digits, sign=True)
        case "abs":
            return wording.number(abs(record.value), record.digits)
        case "ci" if record.interval:
            return record.interval
    raise ResultError(
        f"say: {{{field}:{spec}}} is not known or has no interval. Allowed: {{name}}, {{name:u}}, {{name:+}}, {{name:abs}}, {{name:ci}}."
    )


def sources() -> None:
    """Display the tables read so far with publisher, vintage and digest: the last cell of each notebook."""
    records = [asdict(r) for r in catalog.tables_read()]
    lines = [
        f"{r['name']}: {'; '.join(r['publishers'])}; vintage {r['vintage']}; {r['rows']:,} rows; sha256 {r['sha256'][:12]}"
        for r in records
    ]
    rows = "".join(
        f'<tr><th scope="row">{html.escape(r["name"])}</th><td>{html.escape("; ".join(r["publishers"]))}</td><td>{html.escape(str(r["vintage"]))}</td>'
        f"<td>{r['rows']:,}</td><td><code>{r['sha256'][:12]}</code></td></tr>"
        for r in records
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Table", "Publishers", "Vintage", "Rows", "SHA-256, first 12"))
    table = f"<table><caption>Tables read</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    _show({"text/plain": "\n".join(lines), "text/html": table, mime.TABLES: records})


def _show(data: dict[str, Any]) -> None:
    from IPython.display import display

    display(data, raw=True)
