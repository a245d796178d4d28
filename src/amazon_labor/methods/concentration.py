"""Concentration of a market of which only the largest firms are published.

The index of Herfindahl and Hirschman (HHI) adds the squared shares, in percent: 10,000 for a monopoly. What a table calls
"Others" could be one firm or thousands, so that the index is known between bounds only (Schmalensee 1977).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class IndexBounds:
    """Least and most that the index can be; `named` is the part of the firms with a share of their own."""

    named: float
    low: float
    high: float


def hhi(shares: ArrayLike) -> float:
    """Return the index of a market with all shares known, in percent of the market."""
    return float((_shares(shares) ** 2).sum())


def hhi_bounds(shares: ArrayLike, *, largest_rest: float | None = None, half_step: float = 0.0) -> IndexBounds:
    """Bounds of the index when some firms are not listed.

    Parameters
    ----------
    shares : array_like
        Shares of the firms listed, in percent of the market; together at most 100.
    largest_rest : float, optional
        No firm of the rest is larger than this, for example because the list is a ranking. By default the rest may be a
        single firm.
    half_step : float
        Half a unit of the last printed digit: each listed share may be off by that much.

    Returns
    -------
    IndexBounds
        The lower bound has a rest of firms too small to count; the upper one as few firms as allowed.

    Raises
    ------
    ValueError
        If shares are negative, add to more than 100 percent beyond rounding, or `largest_rest` is not positive.
    """
    listed = _shares(shares)
    if largest_rest is not None and not largest_rest > 0:
        raise ValueError(f"largest_rest is {largest_rest!r}; the largest firm of the rest has a positive share.")
    if not half_step >= 0:
        raise ValueError(f"half_step is {half_step!r}; rounding cannot be negative.")
    lower, upper = np.maximum(listed - half_step, 0), listed + half_step
    if lower.sum() > 100:
        raise ValueError(f"the shares add to {listed.sum():g} percent; a market has 100.")
    rest = max(0.0, 100.0 - float(listed.sum()))
    return IndexBounds(hhi(listed), hhi(lower), hhi(upper) + _few(rest, largest_rest))


def firms_of_equal_size(index: float) -> float:
    """Return how many firms of one size would give this index (Adelman 1969): 10,000 over the index."""
    if not 0 < index <= 10_000:
        raise ValueError(f"index is {index!r}; it lies above 0 and is at most 10,000.")
    return 10_000 / index


def _few(rest: float, largest: float | None) -> float:
    if largest is None or largest >= rest:
        return rest**2
    whole, left = divmod(rest, largest)
    return float(whole * largest**2 + left**2)


def _shares(shares: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(shares, dtype=np.float64)
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError(f"shares are {values.tolist()!r}; each is a percentage from 0.")
    return values
