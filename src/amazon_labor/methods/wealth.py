"""How many shares stand behind a published fortune, and which part of its rise is their price.

A daily list values a fortune as ``W = n P + R``: `n` shares at the close `P`, and the rest `R` (cash, other firms). The
list prints `W` alone. Between two days on which neither `n` nor `R` is revised, ``dW / dP`` is `n`. Most pairs of
neighbouring days are of that kind, a few are not, so that a median is the right summary.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Holding:
    """Shares implied by a few pairs of days, in units of wealth per unit of price; `level` is that reached, percent."""

    shares: float
    low: float
    high: float
    level: float
    pairs: int


def implied_slopes(wealth: pd.Series, price: pd.Series, least_move: float = 0.5) -> pd.Series:
    """Return the change of wealth over that of the price between neighbouring entries.

    Parameters
    ----------
    wealth : Series
        Net worth by day (DatetimeIndex).
    price : Series
        Closing prices by day; an entry of `wealth` on a day without trading takes the last close before it.
    least_move : float
        Pairs whose price moves by less than this many percent are left out: rounding would swamp them.

    Returns
    -------
    Series
        Slopes, indexed by the middle of their two days.

    Raises
    ------
    ValueError
        If an entry lies before the first price.
    """
    entries, close = wealth.sort_index().astype(float), price.sort_index().astype(float)
    at = close.reindex(close.index.union(entries.index)).ffill().reindex(entries.index)
    if at.isna().any():
        raise ValueError(f"no price on or before {at.index[at.isna()][0]:%Y-%m-%d}.")
    kept = (100 * (at / at.shift() - 1)).abs() >= least_move
    middle = entries.index[:-1] + (entries.index[1:] - entries.index[:-1]) / 2
    slopes = (entries.diff() / at.diff())[kept]
    return slopes.set_axis(middle[kept.to_numpy()[1:]])


def holding(slopes: pd.Series, day: pd.Timestamp | str, pairs: int = 8, level: float = 90) -> Holding:
    """Median of the slopes nearest to a day, with a distribution-free interval.

    Raises
    ------
    ValueError
        If there are too few slopes for the level.
    """
    if len(slopes) < pairs:
        raise ValueError(f"pairs is {pairs!r}, but there are {len(slopes)} slopes only.")
    distance = np.abs(pd.DatetimeIndex(slopes.index).to_numpy() - pd.Timestamp(day).to_datetime64())
    nearest = slopes.to_numpy()[np.argsort(distance, kind="stable")[:pairs]]
    low, high, reached = median_interval(nearest, level)
    return Holding(float(np.median(nearest)), low, high, reached, pairs)


def median_interval(values: ArrayLike, level: float = 90) -> tuple[float, float, float]:
    """Interval of a median between two order statistics: the sign test turned round (Thompson 1936).

    Returns
    -------
    (low, high, reached) : floats
        `reached` is the exact probability, percent, at least `level`.

    Raises
    ------
    ValueError
        If even the whole range falls short of the level.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    rank = int(stats.binom.ppf(0.5 - level / 200, n, 0.5))
    if rank < 1:
        raise ValueError(f"{n} values reach {100 * (1 - 2 * 0.5**n):.1f} percent at most; {level:g} was asked.")
    return float(ordered[rank - 1]), float(ordered[n - rank]), 100 * float(1 - 2 * stats.binom.cdf(rank - 1, n, 0.5))


def price_bridge(
    wealth: tuple[float, float], price: tuple[float, float], shares: tuple[float, float]
) -> dict[str, float]:
    """Split the change of a fortune into price, number of shares, and all the rest.

    The change of the product of shares and price is shared out by the midpoint of both days, which is the Shapley value of
    two factors. What is sold leaves `shares` and enters `rest` as cash, less taxes and gifts.

    Parameters
    ----------
    wealth, price, shares : (start, end)
        In units that agree: billion dollars, dollars, billion shares.

    Returns
    -------
    dict
        `price`, `shares` and `rest`; they add up to the change of wealth.
    """
    by_price = (shares[0] + shares[1]) / 2 * (price[1] - price[0])
    by_shares = (price[0] + price[1]) / 2 * (shares[1] - shares[0])
    return {"price": by_price, "shares": by_shares, "rest": wealth[1] - wealth[0] - by_price - by_shares}


def years_of_pay(gain: float, pay: float) -> float:
    """Return how many years one person would work for `gain`, both in dollars, at `pay` a year."""
    if not (pay > 0 and math.isfinite(gain)):
        raise ValueError(f"pay is {pay!r} and gain {gain!r}; pay must be positive and the gain a number.")
    return gain / pay
