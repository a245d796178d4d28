"""Breaks in the mean of a persistent series, judged against simulated series that have the persistence and no break.

The limit theory of `breaks` needs long samples; with a century of yearly data and autocorrelated errors its tests reject
too often. Here the null distribution is simulated: an autoregression is fitted to the whole series, so that a break, if
there is one, counts as persistence, and its residuals are drawn anew (a sieve bootstrap, Buehlmann 1997). The statistic is
the largest of the F tests for 1, 2, ... breaks, which sees shifts that offset each other (Bai and Perron 1998, UDmax).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal

from amazon_labor.methods.breaks import minimum_length

Floats = NDArray[np.float64]

BURN_IN = 50


@dataclass(frozen=True)
class MeanBreakTest:
    """F statistics for 1, 2, ... breaks in the mean, their largest, and bootstrap p-values of each.

    Attributes
    ----------
    statistics, p_values : numpy.ndarray, shape (max_breaks,)
    largest, p_value : float
        The largest of them and its p-value, which allows for the choice among numbers of breaks.
    persistence : float
        Sum of the autoregressive coefficients of the simulated series.
    """

    statistics: Floats
    p_values: Floats
    largest: float
    p_value: float
    persistence: float


def mean_break_test(
    y: ArrayLike, *, max_breaks: int = 3, trimming: float = 0.15, order: int = 1, draws: int = 499, seed: int = 0
) -> MeanBreakTest:
    """Test the mean for up to `max_breaks` breaks against an autoregression of the given order without a break.

    Parameters
    ----------
    y : array_like, shape (n,)
        The series, without gaps.
    order : int
        Lags of the autoregression; 0 draws independent errors.
    draws, seed : int
        Simulated series and the seed of their errors.

    Returns
    -------
    MeanBreakTest
        p-values are ``(1 + exceedances) / (1 + draws)``, so none is below ``1 / (1 + draws)``.
    """
    y = np.asarray(y, dtype=np.float64)
    if y.ndim != 1 or not np.isfinite(y).all():
        raise ValueError("y must be one series without missing values.")
    shortest = minimum_length(len(y), 1, trimming)
    feasible = min(max_breaks, len(y) // shortest - 1)
    coefficients, residuals = autoregression(y, order)
    rng = np.random.default_rng(seed)
    shocks = rng.choice(residuals, size=(draws, len(y) + BURN_IN))
    simulated = signal.lfilter([1.0], np.concatenate([[1.0], -coefficients]), shocks, axis=1)[:, BURN_IN:]
    observed = f_statistics(y[None, :], feasible, shortest)[0]
    null = f_statistics(simulated, feasible, shortest)
    p_values = (1 + (null >= observed).sum(axis=0)) / (1 + draws)
    largest = float(observed.max())
    p_value = float((1 + (null.max(axis=1) >= largest).sum()) / (1 + draws))
    return MeanBreakTest(observed, p_values, largest, p_value, float(coefficients.sum()))


def autoregression(y: Floats, order: int) -> tuple[Floats, Floats]:
    """Coefficients of an autoregression with constant, by least squares, and its centred residuals.

    Residuals are scaled up by the degrees of freedom. An explosive fit is shrunk to a sum of 0.99.
    """
    if order < 0 or len(y) < 3 * order + 4:
        raise ValueError(f"order is {order}; with {len(y)} observations it must lie between 0 and {(len(y) - 4) // 3}.")
    n = len(y) - order
    lagged = np.column_stack([np.ones(n), *(y[order - k : len(y) - k] for k in range(1, order + 1))])
    beta = np.asarray(np.linalg.lstsq(lagged, y[order:], rcond=None)[0], dtype=np.float64)
    residuals = y[order:] - lagged @ beta
    coefficients = beta[1:]
    roots = np.abs(np.roots(np.concatenate([[1.0], -coefficients]))) if order else np.zeros(1)
    if roots.max() >= 0.99:
        coefficients = coefficients * (0.99 / roots.max()) ** np.arange(1, order + 1)
    return coefficients, (residuals - residuals.mean()) * np.sqrt(n / (n - order - 1))


def f_statistics(series: Floats, max_breaks: int, shortest: int) -> Floats:
    """F statistic for 1 to `max_breaks` breaks in the mean of each row, shape (rows, max_breaks).

    Each is the fall of the sum of squares for every break over the residual variance that is left; all rows go through
    the dynamic programme of `breaks.partitions` at once.
    """
    rows, n = series.shape
    centred = series - series.mean(axis=1, keepdims=True)
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(centred, axis=1)], axis=1)
    squares = np.concatenate([np.zeros((rows, 1)), np.cumsum(centred**2, axis=1)], axis=1)
    total = squares[:, n]
    ends = np.arange(n + 1)
    best = squares - sums**2 / np.maximum(ends, 1)
    best[:, :shortest] = np.inf
    found = np.empty((rows, max_breaks))
    for m in range(1, max_breaks + 1):
        longer = np.full((rows, n + 1), np.inf)
        for end in range((m + 1) * shortest, n + 1):
            start = ends[m * shortest : end - shortest + 1]
            last = squares[:, [end]] - squares[:, start] - (sums[:, [end]] - sums[:, start]) ** 2 / (end - start)
            longer[:, end] = (best[:, start] + last).min(axis=1)
        best = longer
        found[:, m - 1] = (total - best[:, n]) / m / (best[:, n] / (n - m - 1))
    return found
