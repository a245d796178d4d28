"""Hourly pay over time, places and households: what is in force, what it buys, how many hours meet a standard.

Pay floors are step functions: they hold from the day they take effect until the next one. Prices differ by month and by
place, and the two corrections are kept apart: a price index compares months in one place, a regional price parity places
in one year (Aten, Figueroa and Martin 2012, Survey of Current Business 92(8)).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from amazon_labor.methods.workforce import OSHA_HOURS

Floats = NDArray[np.float64]
FULL_TIME, WEEKS = 40.0, 52  # hours a week and weeks a year of the usual full-time year of 2,080 hours


def step_path(events: pd.DataFrame, dates: list[pd.Timestamp] | pd.DatetimeIndex) -> pd.DataFrame:
    """Pay in force on each date.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns `employer`, `effective_date`, `usd_per_hour`; one row for each change.
    dates : list of dates or DatetimeIndex, rising

    Returns
    -------
    pandas.DataFrame
        One row for each date and one column for each employer; missing before the first event.

    Raises
    ------
    ValueError
        If an employer has two rows of one date.
    """
    if events.duplicated(["employer", "effective_date"]).any():
        twice = events.loc[events.duplicated(["employer", "effective_date"]), "employer"].iloc[0]
        raise ValueError(f"{twice!r} has two rates of one date; keep one measure of pay.")
    index = pd.DatetimeIndex(dates)
    path = {}
    for employer, rows in events.groupby("employer", sort=False):
        changes = rows.set_index("effective_date")["usd_per_hour"].sort_index()
        position = changes.index.searchsorted(index, side="right") - 1
        values = changes.to_numpy(np.float64)
        path[employer] = np.where(position >= 0, values[np.maximum(position, 0)], np.nan)
    return pd.DataFrame(path, index=index)


def in_force(events: pd.DataFrame, when: str | pd.Timestamp) -> pd.Series:
    """Pay in force on one day, by employer (see `step_path`); employers without an earlier event are left out."""
    return step_path(events, [pd.Timestamp(when)]).iloc[0].dropna()


def restate(amount: ArrayLike, index: pd.Series, start: str | pd.Timestamp, end: str | pd.Timestamp) -> Floats:
    """Amount of money of the month of `start` in the prices of the month of `end`.

    Parameters
    ----------
    amount : array_like
        Dollars.
    index : pandas.Series
        Price index by first day of the month.

    Raises
    ------
    ValueError
        If the index lacks one of the months.
    """
    return np.asarray(np.asarray(amount, dtype=np.float64) * _at(index, end) / _at(index, start))


def real_path(path: pd.DataFrame, index: pd.Series, base: str | pd.Timestamp) -> pd.DataFrame:
    """Path of pay in the prices of the month `base`; months without a price index become missing."""
    months = pd.DatetimeIndex(path.index).to_period("M").to_timestamp()
    return path.mul(_at(index, base) / index.reindex(months).to_numpy(np.float64), axis=0)


def erosion(index: pd.Series, start: str | pd.Timestamp, end: str | pd.Timestamp) -> float:
    """Loss of purchasing power of a fixed amount between two months, percent."""
    return 100 * (1 - _at(index, start) / _at(index, end))


def at_prices_of(amount: ArrayLike, parity: ArrayLike, base: float = 100.0) -> Floats:
    """What an amount buys where the price level is `parity`, in dollars of a place with the level `base`.

    With the arguments `parity` and `base` exchanged: the amount that buys the same there.
    """
    level = np.asarray(parity, dtype=np.float64)
    if not (level > 0).all() or base <= 0:
        raise ValueError(f"parities are {level.tolist()} and {base!r}; they must be positive.")
    return np.asarray(np.asarray(amount, dtype=np.float64) * base / level)


def break_even_hours(standard: ArrayLike, wage: ArrayLike, week: float = FULL_TIME) -> Floats:
    """Hours a week at `wage` that earn what `week` hours at the hourly `standard` would."""
    pay = np.asarray(wage, dtype=np.float64)
    if not (pay > 0).all():
        raise ValueError(f"wage is {wage!r}; it must be positive.")
    return np.asarray(np.asarray(standard, dtype=np.float64) * week / pay)


def yearly(wage: ArrayLike, week: float = FULL_TIME, weeks: int = WEEKS) -> Floats:
    """Pay of a year of `weeks` weeks of `week` hours."""
    return np.asarray(np.asarray(wage, dtype=np.float64) * week * weeks)


def lead_spells(first: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Spells in which one rate of pay is above, equal to or below another.

    Parameters
    ----------
    first, other : pandas.Series
        On one index of dates; dates on which either is missing are left out.

    Returns
    -------
    pandas.DataFrame
        Columns `start` and `end` (first and last date of the spell), `lead` (above, equal or below), and `least`
        and `most` (smallest and largest difference within it).
    """
    gap = (first - other).dropna()
    if gap.empty:
        raise ValueError("the two series have no date in common.")
    side = gap.round(9).map(np.sign)
    spell = (side != side.shift()).cumsum()
    rows = [
        (
            part.index[0],
            part.index[-1],
            {1: "above", 0: "equal", -1: "below"}[int(side[part.index[0]])],
            part.min(),
            part.max(),
        )
        for _, part in gap.groupby(spell)
    ]
    return pd.DataFrame(rows, columns=["start", "end", "lead", "least", "most"])


def price_of_risk(premium: float, rate: float, base_rate: float) -> float:
    """Extra pay per extra injury: a compensating differential as arithmetic, not as a market price (Rosen 1986).

    `premium` is dollars an hour, the rates are injuries per 100 full-time equivalents. Rosen, "The theory of equalizing
    differences", Handbook of Labor Economics 1, gives the conditions under which workers' valuation could be read off.
    """
    if rate == base_rate:
        raise ValueError(f"both rates are {rate!r}; there is no extra risk to pay for.")
    return premium * OSHA_HOURS / (rate - base_rate)


def _at(index: pd.Series, when: str | pd.Timestamp) -> float:
    month = pd.Timestamp(when).to_period("M").to_timestamp()
    value = index.get(month, np.nan)
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"the price index has no value for {month:%B %Y}.")
    return float(value)
