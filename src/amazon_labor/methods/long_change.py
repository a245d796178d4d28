"""How far a yearly series moved over a span, with an interval: two readings of what a trend is.

If the series scatters around a straight line, the slope times the span is the change, and its error shrinks fast with the
years. If instead each year starts from where the last one ended (a unit root), the line has no fixed place; the mean yearly
change times the span is what there is, and its error is far larger. Unit-root tests on four decades rarely tell the two
apart, so both are shown. In the second case the interval of the first is too narrow (Durlauf and Phillips 1988).

Reference
---------
Durlauf, S. N. and Phillips, P. C. B. (1988), Econometrica 56(6), 1333-1354.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from amazon_labor.methods import trends

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Change over the whole span, in units of the series."""

    value: float
    low: float
    high: float


def by_trend(years: ArrayLike, values: ArrayLike, *, lags: int | None = None, level: float = 90) -> Change:
    """Slope of the least-squares line times the span, with a Newey and West interval (Student's t, n - 2).

    Parameters
    ----------
    years, values : array_like, shape (n,)
        Rising years and the series.
    lags : int, optional
        Bandwidth; by default the rule of `trends.newey_west`.
    """
    x, y = np.asarray(years, np.float64), np.asarray(values, np.float64)
    fitted = trends.linear_trend(x, y, lags=trends.newey_west(len(x)) if lags is None else lags)
    span = float(x[-1] - x[0])
    low, high = fitted.slope_interval(level)
    return Change(span * fitted.slope, span * low, span * high)


def by_drift(values: ArrayLike, *, lags: int | None = None, level: float = 90) -> Change:
    """Last value less the first, with the interval of a random walk with drift.

    The mean yearly change has the long-run variance of Newey and West; Student's t with n - 1 degrees of freedom for n
    changes.
    """
    steps = np.diff(np.asarray(values, np.float64))
    n = len(steps)
    if n < 4 or not np.isfinite(steps).all():
        raise ValueError(f"there are {n} yearly changes; four or more without gaps are needed.")
    width = trends.newey_west(n) if lags is None else lags
    e = steps - steps.mean()
    long_run = float(e @ e) / (n - 1)
    for k in range(1, width + 1):
        long_run += 2 * (1 - k / (width + 1)) * float(e[k:] @ e[:-k]) / (n - 1)
    reach = float(stats.t.ppf(0.5 + level / 200, n - 1)) * np.sqrt(n * long_run)
    total = float(steps.sum())
    return Change(total, total - reach, total + reach)
