"""What must hold of a fetched series beside the one in use, before anything of it enters a table."""

import datetime as dt
import statistics
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from amazon_labor.refresh.errors import ContentError, ShapeError
from amazon_labor.refresh.series import Series, Wanted

FACTOR = 1.5  # a revision changes a level by percents; a unit changes it by a factor
REBASED = 0.002  # a new base moves every value by the same factor, to the rounding of the index
FEW = 6
STEPS = {"month": 1, "quarter": 3, "year": 12}
Values = Mapping[str, Decimal]


def check(
    wanted: Wanted, series: Series, old: Values, new: Values, *, window: bool = False, gaps: Sequence[str] = ()
) -> None:
    """Refuse a series that cannot be right.

    Parameters
    ----------
    old, new : mapping
        Values by period (its first day) of the vintage in use and of the source, in the unit of the table.
    window : bool
        Whether the source has recent periods only.
    gaps : sequence of str
        Periods known not to be published, as beginnings of dates: ``2025-10``.

    Raises
    ------
    ShapeError
        If unit or title are not those of the recipe.
    ContentError
        If periods are gone or missing, or all values changed by a factor.
    """
    _check_words(wanted, series)
    if not new:
        raise ContentError(f"{wanted.identifier}: the source has no value at all.")
    _check_ends(wanted, old, new, window=window)
    _check_holes(wanted, series, old, new, gaps)
    _check_unit(wanted, old, new)


def known_gaps(wanted: Wanted, old: Values, new: Values) -> list[str]:
    """Periods that neither vintage has although both have earlier and later ones."""
    return [period for period in _holes(wanted, new) if period not in old]


def _check_words(wanted: Wanted, series: Series) -> None:
    if wanted.unit and series.unit and wanted.unit.casefold() != series.unit.casefold():
        raise ShapeError(
            f"{wanted.identifier}: the unit is {series.unit!r} now, the recipe expects {wanted.unit!r}. "
            "If that is meant, change `unit` and `scale` of the recipe in data/datapackage.json."
        )
    if wanted.title and series.title and wanted.title.casefold() not in series.title.casefold():
        raise ShapeError(
            f"{wanted.identifier}: the title is {series.title!r}, which does not hold {wanted.title!r}: "
            "the identifier means another series. Correct the recipe in data/datapackage.json."
        )


def _check_ends(wanted: Wanted, old: Values, new: Values, *, window: bool) -> None:
    if old and max(new) < max(old):
        raise ContentError(
            f"{wanted.identifier}: the source ends in {max(new)}, the vintage in use reaches {max(old)}: half a download, "
            "or the series was discontinued."
        )
    if old and not window and min(new) > min(old):
        raise ContentError(
            f"{wanted.identifier}: the source begins in {min(new)}, the vintage in use in {min(old)}: half a download, "
            "or the source has shortened the series (then say `window` in the recipe)."
        )


def _check_holes(wanted: Wanted, series: Series, old: Values, new: Values, gaps: Sequence[str]) -> None:
    accepted = tuple(gaps)
    gone = [p for p in sorted(old) if min(new) <= p <= max(new) and p not in new and not p.startswith(accepted or "-")]
    if gone:
        raise ContentError(
            f"{wanted.identifier}: the source no longer has {_listed(gone)}, which the vintage in use has{_notes(series, gone)}."
        )
    span = (min(old), max(old)) if old else ("9", "0")
    holes = [
        period
        for period in _holes(wanted, new)
        if not period.startswith(accepted or "-") and not span[0] <= period <= span[1]
    ]
    if holes:
        raise ContentError(
            f"{wanted.identifier}: the source has no value for {_listed(holes)}{_notes(series, holes)}. If it was never "
            f"published, accept the gap: --gap {holes[0][:7]} (it is recorded in the vintage), or add it to `gaps` of the recipe."
        )


def _check_unit(wanted: Wanted, old: Values, new: Values) -> None:
    both = [(float(old[p]), float(new[p])) for p in sorted(old) if p in new and old[p] and new[p]]
    ratios = [b / a for a, b in both]
    if len(ratios) < FEW:
        return
    middle = statistics.median(ratios)
    if not 1 / FACTOR < middle < FACTOR:
        raise ContentError(
            f"{wanted.identifier}: the values are {middle:.4g} times those of the vintage in use: the unit changed. "
            "If that is meant, set `scale` of the recipe in data/datapackage.json."
        )
    if abs(middle - 1) > REBASED and max(abs(r / middle - 1) for r in ratios) < REBASED:
        raise ContentError(
            f"{wanted.identifier}: every value is {middle:.4f} times that of the vintage in use: the base of the index "
            "changed. Rebase by `scale` of the recipe, or renew the table's base by hand."
        )


def _holes(wanted: Wanted, values: Values) -> list[str]:
    """Periods without a value between the first and the last."""
    if wanted.every == "day" or wanted.span == "instant" or not values:
        return []
    if wanted.reduce == "month_end":
        return []
    return [period for period in _calendar(min(values), max(values), wanted.every) if period not in values]


def _calendar(first: str, last: str, every: str) -> Iterator[str]:
    if every == "week":
        day = dt.date.fromisoformat(first)
        while day.isoformat() <= last:
            yield day.isoformat()
            day += dt.timedelta(days=7)
        return
    step = 12 if every == "year" else STEPS[every]
    month = int(first[:4]) * 12 + int(first[5:7]) - 1
    while (date := f"{month // 12:04d}-{month % 12 + 1:02d}-01") <= last:
        yield date
        month += step


def _listed(periods: Sequence[str]) -> str:
    shown = ", ".join(period[:7] for period in periods[:4])
    return shown + (f" and {len(periods) - 4} more" if len(periods) > 4 else "")


def _notes(series: Series, periods: Sequence[str]) -> str:
    """What the source itself says about the missing periods."""
    said = {o.note for o in series.observations if o.date in periods and o.value is None and o.note}
    return f" ({'; '.join(sorted(said))})" if said else ""
