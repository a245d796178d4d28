"""Synthetic cohorts: following people born in the same years through repeated cross-sections (Deaton 1985).

Nobody is interviewed twice ten years apart, but a band of ages ten years wide in one year is, on average, the same
people as the next older band ten years later. What is followed are the employed of that age, so that a cohort changes
by joining and leaving unions, and also by starting and stopping work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Turnover:
    """Change of an overall rate between two dates, one generation step apart.

    Attributes
    ----------
    entrants : float
        Share of those who entered times the gap between their rate and that of all others at the last date.
    joining : float
        Changes of rates inside the cohorts that were there at both dates, at their mean shares.
    weights : float
        Changes of those cohorts' shares among themselves: the old leave, others work more or less.
    """

    entrants: float
    joining: float
    weights: float

    @property
    def change(self) -> float:
        return self.entrants + self.joining + self.weights


def synthetic_cohorts(rates: pd.DataFrame, first_year: int, step: int = 10) -> pd.DataFrame:
    """Rates along the diagonal of a table of years by age bands.

    Parameters
    ----------
    rates : DataFrame
        Years in the index, age bands in rising order as columns, each as wide as `step` years.
    first_year : int
        First year; later ones follow at distances of `step` while the table has them.

    Returns
    -------
    DataFrame
        cohort (its band in the first year, or the youngest band and the year it was in it), year, age, rate.
    """
    years = [y for y in range(first_year, int(rates.index.max()) + 1, step) if y in rates.index]
    if not years or years[0] != first_year:
        raise ValueError(f"first_year is {first_year!r}; the table holds {rates.index.min()} to {rates.index.max()}.")
    bands, values = list(rates.columns), rates.to_numpy(dtype=np.float64)
    rows = []
    for start in range(1 - len(years), len(bands)):
        name = f"{bands[start]} in {first_year}" if start >= 0 else f"{bands[0]} in {years[-start]}"
        for k, year in enumerate(years):
            if 0 <= start + k < len(bands):
                age = bands[start + k]
                rows.append((name, year, age, float(values[rates.index.get_loc(year), start + k])))
    return pd.DataFrame(rows, columns=["cohort", "year", "age", "rate"])


def turnover(first: Sequence[ArrayLike], last: Sequence[ArrayLike]) -> Turnover:
    """Split a change into those who entered and those who stayed.

    The young who enter are compared with everybody else at the last date, as firms that enter are in Melitz and
    Polanec (2015); the stayers' change is split by Kitagawa (1955). The three parts add up to the change. The last two
    bands of the first date become the last band of the last date.

    Parameters
    ----------
    first, last : (counts, rates), each array_like of shape (k,)
        People and rates by age band, from young to old, one generation step apart.
    """
    (n0, r0), (n1, r1) = ([np.asarray(a, dtype=np.float64) for a in date] for date in (first, last))
    if not n0.shape == r0.shape == n1.shape == r1.shape or len(n0) < 2:
        raise ValueError(f"counts and rates must have one shape of two bands or more, not {n0.shape} and {n1.shape}.")
    people = np.append(n0[:-2], n0[-2:].sum())
    rates = np.append(r0[:-2], (n0[-2:] * r0[-2:]).sum() / n0[-2:].sum())
    w0, w1 = people / people.sum(), n1[1:] / n1[1:].sum()
    stayers = float((w1 * r1[1:]).sum())
    entering = float(n1[0] / n1.sum()) * (float(r1[0]) - stayers)
    joining = float(((w0 + w1) / 2 * (r1[1:] - rates)).sum())
    weights = float(((w1 - w0) * (rates + r1[1:]) / 2).sum())
    return Turnover(entering, joining, weights)
