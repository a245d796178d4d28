"""Series that change their definition: differences and lines that never cross the change.

A definition that begins in a year makes that year's value incomparable with the one before. A *spell* is a run of
consecutive years under one definition; changes are formed inside spells only, and a line is broken between them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def spell_numbers(years: ArrayLike, begins: Sequence[int] = ()) -> Ints:
    """Number the spell of each year from 0; a spell ends at a missing year and where a definition begins.

    Parameters
    ----------
    years : array_like of int, shape (n,)
        Rising years.
    begins : sequence of int
        First years of new definitions.
    """
    x = np.asarray(years, dtype=np.int64)
    if (np.diff(x) <= 0).any():
        raise ValueError("years must rise, each once.")
    starts = (np.diff(x) > 1) | np.isin(x[1:], list(begins))
    return np.concatenate([[0], np.cumsum(starts)]).astype(np.int64)[: len(x)]


def changes(years: ArrayLike, values: ArrayLike, begins: Sequence[int] = ()) -> tuple[Ints, Floats]:
    """Yearly changes inside spells, with the later year of each; shapes (m,) and (m,) with m below n.

    Values that are missing end a spell too.
    """
    x, y = np.asarray(years, dtype=np.int64), np.asarray(values, dtype=np.float64)
    kept = np.isfinite(y)
    x, y = x[kept], y[kept]
    inside = np.diff(spell_numbers(x, begins)) == 0
    return x[1:][inside], np.diff(y)[inside]


def broken_line(years: ArrayLike, values: ArrayLike, begins: Sequence[int] = ()) -> tuple[Floats, Floats]:
    """Years and values with a missing value put between spells, so that a drawn line breaks there."""
    numbers = spell_numbers(years, begins)
    at = np.flatnonzero(np.diff(numbers)) + 1
    x, y = np.asarray(years, dtype=np.float64), np.asarray(values, dtype=np.float64)
    return np.insert(x, at, x[at] - 0.5), np.insert(y, at, np.nan)
