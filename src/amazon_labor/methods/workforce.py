"""How many people work for an employer, how it ranks, and how many it must hire.

A headcount is a stock on a day, turnover a flow over a year, hours a flow per head; the functions keep them apart. Hiring
follows from an identity of labour accounting: hires less separations equal the change of headcount (Davis, Faberman and
Haltiwanger 2006, Journal of Economic Perspectives 20(3)).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
OSHA_HOURS = 200_000.0  # a rate per 100 full-time equivalents rests on 100 times 2,000 hours


def latest_headcounts(counts: pd.DataFrame, as_of: str | pd.Timestamp, scope: str) -> pd.DataFrame:
    """Latest count of each employer in one scope, and in the other scope for employers that publish no such count.

    Parameters
    ----------
    counts : pandas.DataFrame
        Columns `employer`, `as_of_date`, `scope`, `persons`.
    as_of : str or pandas.Timestamp
        Counts of later dates are ignored.
    scope : str
        A value of the column `scope`, for example ``"United States"``.

    Returns
    -------
    pandas.DataFrame
        Indexed by employer from the largest: `persons`, `as_of_date`, `scope` and `rank`. Of several counts of one date
        the lowest is taken, since the press prints "more than" as often as a range.

    Raises
    ------
    ValueError
        If no employer has a count in this scope by that date.
    """
    known = counts[counts["as_of_date"] <= pd.Timestamp(as_of)]
    if not (known["scope"] == scope).any():
        raise ValueError(f"no headcount with scope {scope!r} by {as_of}; scopes are {sorted(set(counts['scope']))}.")
    ordered = known.assign(other=known["scope"] != scope, age=-known["as_of_date"].astype("int64"))
    ordered = ordered.sort_values(["employer", "other", "age", "persons"], kind="stable")
    latest = ordered.drop_duplicates("employer").set_index("employer")[["persons", "as_of_date", "scope"]]
    latest = latest.sort_values("persons", ascending=False, kind="stable")
    return latest.assign(rank=latest["persons"].rank(ascending=False, method="min").astype(int))


@dataclass(frozen=True)
class Hires:
    """People hired in a year, each an array like the headcounts: `growth` to grow, `replacement` for leavers."""

    growth: Floats
    replacement: Floats

    @property
    def total(self) -> Floats:
        return self.growth + self.replacement

    @property
    def per_added_job(self) -> Floats:
        """Hires for each job added; NaN in a year without growth."""
        added = np.where(self.growth > 0, self.growth, np.nan)
        return self.total / added


def hires_needed(start: ArrayLike, end: ArrayLike, turnover: ArrayLike, share: ArrayLike = 1.0) -> Hires:
    """Hires of a year in which headcount went from `start` to `end`.

    Parameters
    ----------
    start, end : array_like
        Headcount at the two ends; the average is their mean.
    turnover : array_like
        Separations in the year over average headcount, percent, of the part of the staff to which it applies.
    share : array_like
        That part, between 0 and 1; nobody else leaves.
    """
    first, last, rate, part = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (start, end, turnover, share)))
    if (first <= 0).any() or (last <= 0).any():
        raise ValueError("start or end is not positive; a headcount is needed at both ends of the year.")
    if (rate < 0).any() or (part < 0).any() or (part > 1).any():
        raise ValueError(f"turnover is {turnover!r} percent of a share {share!r}; allowed are 0 on, and 0 to 1.")
    return Hires(last - first, part * rate / 100 * (first + last) / 2)


def turnover_from_people(people: float, start: float, end: float, years: float) -> float:
    """Annual turnover, percent of average headcount, behind a count of different people who held a job in a window.

    Everybody counted was there at the start or was hired since, so separations are `people` less `end`. People hired
    twice are counted once, so the result is a lower bound.
    """
    if not (people >= max(start, end) > 0 and start > 0 and years > 0):
        raise ValueError(f"people is {people!r}; it cannot be below the headcounts {start!r} and {end!r}.")
    return 100 * (people - end) / years / ((start + end) / 2)


def implied_hours(cases: float, rate: float, half_step: float) -> tuple[float, float, float]:
    """Hours worked behind a number of injuries and its rate per 100 full-time equivalents: value, low, high.

    The range is what the rounding of the printed rate (half a step either side) allows.
    """
    if not 0 <= half_step < rate:
        raise ValueError(f"half_step is {half_step!r}; it must lie between 0 and the rate {rate!r}.")
    return cases * OSHA_HOURS / rate, cases * OSHA_HOURS / (rate + half_step), cases * OSHA_HOURS / (rate - half_step)


def part_time_share(hours: ArrayLike, part: float, full: float) -> Floats:
    """Share of part-timers that makes two fixed working weeks average to `hours`, all in one unit; shape of `hours`."""
    mean = np.asarray(hours, dtype=np.float64)
    if not part < full:
        raise ValueError(f"part is {part!r} and full {full!r}; part-time hours must be fewer.")
    if (mean < part).any() or (mean > full).any():
        raise ValueError(f"hours of {mean.tolist()} lie outside {part:g} to {full:g}; no mix gives them.")
    return (full - mean) / (full - part)
