"""Which day does a printed column of a table belong to? Search all days for the one that fits its rows jointly."""

import calendar
from datetime import date

import numpy as np
import pandas as pd

NORMS = ("rms", "largest", "median", "sum")


def relative_errors(values: pd.DataFrame, printed: pd.Series) -> pd.DataFrame:
    """Distance of computed values from the printed ones, percent of the printed value.

    Parameters
    ----------
    values : DataFrame, shape (days, rows of the printed column)
        Index dates, columns the rows of the table, one unit.
    printed : Series
        Printed values by row, positive.

    Returns
    -------
    DataFrame
        Same index as `values`, columns in the order of `printed`; days on which a row has no value are left out.

    Raises
    ------
    ValueError
        If a printed row has no column in `values` or is not positive.
    """
    missing = [row for row in printed.index if row not in values.columns]
    if missing:
        raise ValueError(f"values has no column for {', '.join(map(repr, missing))}.")
    if not (printed > 0).all():
        raise ValueError("printed values must be positive to measure a distance in percent.")
    return (100 * (values[list(printed.index)] / printed - 1)).dropna()


def joint_loss(errors: pd.DataFrame, norm: str = "rms", printed: pd.Series | None = None) -> pd.Series:
    """One loss a day over all rows, percent.

    Parameters
    ----------
    errors : DataFrame
        Result of `relative_errors`.
    norm : {"rms", "largest", "median", "sum"}
        Root mean square, largest or median absolute error, or the absolute error of the column's sum.
    printed : Series, optional
        Needed for "sum": the printed values, which weigh the errors.

    Raises
    ------
    ValueError
        If the norm is unknown, or "sum" is asked for without `printed`.
    """
    if norm == "rms":
        return np.sqrt((errors**2).mean(axis=1))
    if norm == "largest":
        return errors.abs().max(axis=1)
    if norm == "median":
        return errors.abs().median(axis=1)
    if norm == "sum" and printed is not None:
        weights = printed[errors.columns]
        return (errors * weights).sum(axis=1).abs() / weights.sum()
    raise ValueError(f"norm is {norm!r}; allowed are {', '.join(NORMS)}, the last with the printed values.")


def best_day(loss: pd.Series) -> pd.Timestamp:
    """First day on which the loss is smallest.

    Raises
    ------
    ValueError
        If there is no day to choose from.
    """
    if loss.empty:
        raise ValueError("no day has a value for every row; allow older share counts or search other years.")
    return pd.Timestamp(loss.index[int(loss.to_numpy().argmin())])


def allowed_days(errors: pd.DataFrame, tolerance: float, needed: int | None = None) -> pd.DatetimeIndex:
    """Days that cannot be told from the printed column when every value may be off by `tolerance`.

    The set is exact: a day is in it if, and only if, errors within the tolerance, one for each row and free of the others,
    turn the computed values into the printed ones. It plays the part of a confidence set where the errors have known
    limits and no known distribution.

    Parameters
    ----------
    errors : DataFrame
        Result of `relative_errors`.
    tolerance : float
        Largest error that a value may have, percent of the printed value, not negative.
    needed : int, optional
        Rows that must agree; all of them by default. With one less a faulty row does not empty the set.

    Raises
    ------
    ValueError
        If the tolerance is negative or more rows are needed than there are.
    """
    rows = errors.shape[1]
    needed = rows if needed is None else needed
    if tolerance < 0:
        raise ValueError(f"tolerance is {tolerance!r}; it must not be negative.")
    if not 1 <= needed <= rows:
        raise ValueError(f"needed is {needed!r}; allowed are 1 to {rows}, the rows of the column.")
    return pd.DatetimeIndex(errors.index[(errors.abs() <= tolerance).sum(axis=1) >= needed])


def nearest_day(values: pd.Series, printed: float) -> tuple[pd.Timestamp, float]:
    """Day whose value lies nearest to the printed one, and that value: the statement's best chance."""
    known = values.dropna()
    if known.empty:
        raise ValueError("no day has a value.")
    nearest = int((known - printed).abs().to_numpy().argmin())
    return pd.Timestamp(known.index[nearest]), float(known.iloc[nearest])


def months_between(start: date, day: date) -> float:
    """Months from the first of `start`'s month to a day, days counted as a fraction of their month.

    1 April 2019 is 0 months from April 2019, 30 April 29/30, 31 December 8 and 30/31.
    """
    whole = 12 * (day.year - start.year) + day.month - start.month
    return whole + (day.day - 1) / calendar.monthrange(day.year, day.month)[1]


def drawdown(values: pd.Series) -> pd.Series:
    """Distance below the highest value so far, percent, zero or negative."""
    return 100 * (values / values.cummax() - 1)
