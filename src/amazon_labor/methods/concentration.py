"""Concentration: of a market of which only the largest firms are published, and of events over places.

The index of Herfindahl and Hirschman (HHI) adds the squared shares, in percent: 10,000 for a monopoly. What a table calls
"Others" could be one firm or thousands, so that the index is known between bounds only (Schmalensee 1977). Events in places
are compared with the workers who live there: by the curve of Lorenz, the coefficient of Gini, and the index of Ellison and
Glaeser, which takes away the concentration that a small number of events has by chance.
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


def lorenz(values: ArrayLike, weights: ArrayLike | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cumulated shares of weights and of values, places in order of value per weight, from (0, 0) to (1, 1).

    Parameters
    ----------
    values : array_like, shape (n,)
        Events of each place, from 0.
    weights : array_like, shape (n,), optional
        Size of each place, positive; 1 by default.

    Raises
    ------
    ValueError
        If lengths differ, values are negative or all 0, or a weight is not positive.
    """
    amount = np.asarray(values, dtype=np.float64)
    size = np.ones_like(amount) if weights is None else np.asarray(weights, dtype=np.float64)
    if amount.shape != size.shape or amount.ndim != 1:
        raise ValueError(f"values have shape {amount.shape}, weights {size.shape}; give one of each for every place.")
    if not ((amount >= 0).all() and amount.sum() > 0 and (size > 0).all()):
        raise ValueError("values are numbers from 0, not all 0, and weights are positive.")
    order = np.argsort(amount / size, kind="stable")
    x = np.concatenate([[0.0], np.cumsum(size[order]) / size.sum()])
    return x, np.concatenate([[0.0], np.cumsum(amount[order]) / amount.sum()])


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Coefficient of Gini (1914): twice the area between the curve of `lorenz` and the diagonal; 0 is equality."""
    x, y = lorenz(values, weights)
    return float(1 - (np.diff(x) * (y[1:] + y[:-1])).sum())


def ellison_glaeser(counts: ArrayLike, shares: ArrayLike) -> float:
    """Concentration of single events beyond chance (Ellison and Glaeser 1997, Journal of Political Economy 105(5)).

    Parameters
    ----------
    counts : array_like, shape (n,)
        Events of each place; two or more in all.
    shares : array_like, shape (n,)
        Share of each place in what the events would follow if nothing drew them together, for example workers; adds to 1.

    Returns
    -------
    float
        0 on average if events fall by chance in proportion to `shares`, 1 if all are in one place, negative if they are
        spread more evenly than by chance. Events are taken as equal in size, so that their own index is one over their
        number.

    Raises
    ------
    ValueError
        With fewer than two events, a negative share, or shares that do not add to 1.
    """
    events, x = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    n = float(events.sum())
    if (events < 0).any() or n < 2:
        raise ValueError(f"counts add to {n:g}; an index of events needs at least two.")
    if events.shape != x.shape or (x < 0).any() or abs(float(x.sum()) - 1) > 1e-9 or float((x**2).sum()) >= 1:
        raise ValueError("shares are numbers from 0 below 1 that add to 1, one for each count.")
    raw = float(((events / n - x) ** 2).sum()) / (1 - float((x**2).sum()))
    return (raw - 1 / n) / (1 - 1 / n)


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
