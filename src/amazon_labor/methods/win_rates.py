"""Intervals for the share of elections won: one group, two groups, many groups at once.

The score interval of Wilson (1927), the exact one of Clopper and Pearson (1934), and the interval of Newcombe (1998, method 10)
for the difference of two independent shares, which joins two score intervals and stays inside its range where the normal one
does not. All work on whole arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from amazon_labor.methods.rates import tail_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """First share less second, with its interval; shares and difference as fractions of 1."""

    value: float
    low: float
    high: float


def wilson(wins: ArrayLike, n: ArrayLike, level: float = 90) -> tuple[Floats, Floats]:
    """Score interval of a share (Wilson 1927).

    Parameters
    ----------
    wins, n : array_like
        Elections won and held; `n` at least 1.
    level : float
        Percent.

    Returns
    -------
    (low, high) : arrays
        Fractions of 1.

    Raises
    ------
    ValueError
        If an `n` is below 1, or wins are negative or above `n`.
    """
    k, size = _counts(wins, n)
    z = float(stats.norm.isf(tail_of(level)))
    share, shrink = k / size, 1 + z * z / size
    centre = (share + z * z / (2 * size)) / shrink
    reach = z / shrink * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return np.where(k == 0, 0.0, centre - reach), np.where(k == size, 1.0, centre + reach)


def clopper_pearson(wins: ArrayLike, n: ArrayLike, level: float = 90) -> tuple[Floats, Floats]:
    """Exact interval of a share (Clopper and Pearson 1934): holds the truth at least that often, for small groups."""
    k, size = _counts(wins, n)
    tail = tail_of(level)
    low = np.where(k > 0, stats.beta.ppf(tail, np.maximum(k, 1), size - k + 1), 0.0)
    return low, np.where(k < size, stats.beta.isf(tail, k + 1, np.maximum(size - k, 1)), 1.0)


def newcombe(wins: float, n: float, base_wins: float, base_n: float, level: float = 90) -> Difference:
    """Difference of two independent shares with the hybrid score interval (Newcombe 1998, method 10)."""
    (low, base_low), (high, base_high) = wilson([wins, base_wins], [n, base_n], level)
    first, base = wins / n, base_wins / base_n
    below = np.hypot(first - low, base_high - base)
    above = np.hypot(high - first, base - base_low)
    return Difference(first - base, float(first - base - below), float(first - base + above))


def _counts(wins: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    k, size = np.asarray(wins, dtype=float), np.asarray(n, dtype=float)
    if (size < 1).any():
        raise ValueError("a share needs at least one election in every group.")
    if (k < 0).any() or (k > size).any():
        raise ValueError("wins must lie between 0 and the number of elections.")
    return k, size
