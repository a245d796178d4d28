"""Structural breaks in a linear regression: is there one, how many, when, and how sure is the date.

One break is tested by the supremum of Wald statistics over all dates (Andrews 1993), several are placed by dynamic
programming so that the sum of squared residuals is smallest (Bai and Perron 1998, 2003), their number is chosen by an
information criterion or by sequential tests, and each date gets the interval of Bai (1997).

A break *position* is the number of observations before the break: with yearly data the last year of the old regime is
``years[position - 1]`` and the first of the new one is ``years[position]``. Positions, unlike years, survive gaps.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from amazon_labor.methods.break_distributions import argmax_quantile, sup_f_p_value

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SupF:
    """A test for one break at an unknown date.

    Attributes
    ----------
    statistic, p_value : float
        Largest Wald statistic (chi-square form) and its asymptotic p-value.
    position : int
        Number of observations before the most likely break.
    positions : numpy.ndarray of int
        The dates tried, shape (n_tried,).
    path : numpy.ndarray of float
        Wald statistic at each of them, same shape.
    """

    statistic: float
    p_value: float
    position: int
    positions: Ints
    path: Floats


@dataclass(frozen=True)
class Partition:
    """The best placing of a given number of breaks: positions, sum of squared residuals, and two criteria (small is good)."""

    positions: tuple[int, ...]
    rss: float
    bic: float
    lwz: float

    @property
    def breaks(self) -> int:
        return len(self.positions)


def sup_f(y: ArrayLike, X: ArrayLike | None = None, *, trimming: float = 0.15, lags: int | None = None) -> SupF:
    """Test all coefficients for one break at an unknown date (Andrews 1993).

    Parameters
    ----------
    y : array_like, shape (n,)
        Dependent variable, in order of time.
    X : array_like, shape (n, k), optional
        Regressors without a unit root or trend; by default a constant, so that the test is of the mean.
    trimming : float
        Share of observations left out at each end.
    lags : int, optional
        None for the classical covariance, 0 for one robust to heteroskedasticity, more for Newey and West.

    Raises
    ------
    ValueError
        If the sample is too short, values are missing, or `trimming` is not between 0 and 0.5.
    """
    y, X = _checked(y, X)
    return _supremum(y, X, minimum_length(len(y), X.shape[1], trimming), trimming, lags)


def _supremum(y: Floats, X: Floats, shortest: int, trimming: float, lags: int | None) -> SupF:
    positions = np.arange(shortest, len(y) - shortest + 1)
    path = np.array([wald(y, X, int(position), lags=lags) for position in positions])
    best = int(path.argmax())
    p_value = sup_f_p_value(float(path[best]), X.shape[1], trimming)
    return SupF(float(path[best]), p_value, int(positions[best]), positions, path)


def known_break(y: ArrayLike, X: ArrayLike | None, position: int, *, lags: int | None = None) -> tuple[float, float]:
    """Wald statistic and chi-square p-value of a break at a date fixed before the data were seen (Chow 1960).

    The p-value is wrong for a date chosen because the data showed a change there; that is what `sup_f` is for.
    """
    y, X = _checked(y, X)
    statistic = wald(y, X, position, lags=lags)
    return statistic, float(stats.chi2.sf(statistic, X.shape[1]))


def wald(y: Floats, X: Floats, position: int, *, lags: int | None = None) -> float:
    """Wald statistic, in chi-square form, that all coefficients are equal before and after `position`."""
    n, k = X.shape
    if not k < position < n - k:
        raise ValueError(
            f"position is {position}; with {n} observations and {k} regressors it must lie between {k + 1} and {n - k - 1}."
        )
    sides = (slice(0, position), slice(position, n))
    inverses = [np.linalg.inv(X[side].T @ X[side]) for side in sides]
    betas = [inverse @ X[side].T @ y[side] for inverse, side in zip(inverses, sides, strict=True)]
    residuals = np.concatenate([y[side] - X[side] @ beta for side, beta in zip(sides, betas, strict=True)])
    difference = betas[1] - betas[0]
    if lags is None:
        covariance = residuals @ residuals / (n - 2 * k) * (inverses[0] + inverses[1])
    else:
        scores = np.zeros((n, k))
        for sign, inverse, side in zip((-1, 1), inverses, sides, strict=True):
            scores[side] = sign * (X[side] * residuals[side, None]) @ inverse
        covariance = long_run(scores, lags) * n * n / (n - 2 * k)
    return float(difference @ np.linalg.solve(covariance, difference))


def long_run(scores: Floats, lags: int) -> Floats:
    """Bartlett-weighted long-run covariance of the rows of `scores`, shape (n, k) to (k, k) (Newey and West 1987)."""
    n = len(scores)
    total = scores.T @ scores / n
    for lag in range(1, min(lags, n - 1) + 1):
        gamma = scores[lag:].T @ scores[:-lag] / n
        total += (1 - lag / (lags + 1)) * (gamma + gamma.T)
    return total


def minimum_length(n: int, k: int, trimming: float) -> int:
    """Shortest regime allowed by a trimming share.

    Raises
    ------
    ValueError
        If no break can be placed in a sample of this length.
    """
    if not 0 < trimming < 0.5:
        raise ValueError(f"trimming is {trimming!r}; it must lie between 0 and 0.5, for example 0.15.")
    shortest = max(math.floor(trimming * n + 1e-9), k + 1)
    if 2 * shortest > n:
        raise ValueError(
            f"{n} observations are too few for two regimes of at least {shortest}; lengthen the sample or lower the trimming."
        )
    return shortest


def partitions(
    y: ArrayLike, X: ArrayLike | None = None, *, max_breaks: int = 5, trimming: float = 0.15
) -> list[Partition]:
    """Best placing of 0, 1, ... breaks, by dynamic programming over all admissible segments (Bai and Perron 2003).

    Parameters
    ----------
    y, X : array_like
        As in `sup_f`; trends are allowed in X, since this only minimises squared residuals.
    max_breaks : int
        Largest number of breaks tried; fewer are returned when the sample cannot hold them.
    trimming : float
        Shortest regime as a share of the sample.

    Returns
    -------
    list of Partition
        In order of the number of breaks, with the Bayesian criterion of Yao (1988) and that of Liu, Wu and Zidek (1997).
    """
    y, X = _checked(y, X)
    n, k = X.shape
    shortest = minimum_length(n, k, trimming)
    cost = segment_costs(y, X, shortest)
    feasible = min(max_breaks, n // shortest - 1)
    # best[m, j]: least RSS of the first j observations in m + 1 segments; came[m, j]: where the last of them begins
    best = np.full((feasible + 1, n + 1), np.inf)
    came = np.zeros((feasible + 1, n + 1), dtype=np.int64)
    best[0] = cost[0]
    for m in range(1, feasible + 1):
        totals = best[m - 1][:, None] + cost
        came[m], best[m] = totals.argmin(axis=0), totals.min(axis=0)
    return [_partition(m, n, k, best, came) for m in range(feasible + 1)]


def _partition(m: int, n: int, k: int, best: Floats, came: Ints) -> Partition:
    positions, end = [], n
    for level in range(m, 0, -1):
        end = int(came[level, end])
        positions.append(end)
    rss = float(best[m, n])
    parameters = (m + 1) * k + m
    bic = math.log(rss / n) + parameters * math.log(n) / n
    lwz = math.log(rss / (n - parameters)) + parameters / n * 0.299 * math.log(n) ** 2.1
    return Partition(tuple(reversed(positions)), rss, bic, lwz)


def segment_costs(y: Floats, X: Floats, shortest: int) -> Floats:
    """Sum of squared residuals of every segment: entry (i, j) is that of observations i to j - 1, infinite if too short.

    Shape (n + 1, n + 1). Regressors are rotated to orthonormal columns first, so that running sums of a trend lose nothing.
    """
    n, k = X.shape
    Q = np.linalg.qr(X)[0] * math.sqrt(n)
    centred = y - y.mean()
    if not np.allclose(X @ np.linalg.lstsq(X, np.ones(n), rcond=None)[0], 1):
        centred = y  # without a constant among the regressors a shift of y would change the residuals
    moments = np.concatenate([np.zeros((1, k, k)), np.cumsum(Q[:, :, None] * Q[:, None, :], axis=0)])
    products = np.concatenate([np.zeros((1, k)), np.cumsum(Q * centred[:, None], axis=0)])
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    start, stop = np.triu_indices(n + 1, shortest)
    cross = products[stop] - products[start]
    fitted = np.linalg.solve(moments[stop] - moments[start], cross[..., None])[..., 0]
    cost = np.full((n + 1, n + 1), np.inf)
    cost[start, stop] = np.maximum(squares[stop] - squares[start] - (cross * fitted).sum(axis=1), 0.0)
    return cost


def best_by(candidates: Sequence[Partition], criterion: str = "bic") -> Partition:
    """Return the partition with the smallest `criterion`, "bic" or "lwz"."""
    if criterion not in ("bic", "lwz"):
        raise ValueError(f"criterion is {criterion!r}; allowed: bic, lwz.")
    return min(candidates, key=lambda one: (getattr(one, criterion), one.breaks))


def sequential(
    y: ArrayLike,
    X: ArrayLike | None = None,
    *,
    max_breaks: int = 5,
    trimming: float = 0.15,
    lags: int | None = None,
) -> list[SupF]:
    """Tests of l + 1 against l breaks for l = 0, 1, ..., `max_breaks` - 1 (Bai and Perron 1998, proposition 7).

    Given the best l breaks, each regime is tested for one more, no new regime being shorter than `trimming` of the whole
    sample; the largest statistic counts. Under the null its limit is the largest of l + 1 independent sup-F variables,
    so the p-value is ``1 - (1 - p)^(l + 1)``. Every step is returned, not only those up to the first failure: breaks that
    offset each other hide from the first test and show in the second.
    """
    y, X = _checked(y, X)
    shortest = minimum_length(len(y), X.shape[1], trimming)
    steps: list[SupF] = []
    for partition in partitions(y, X, max_breaks=max_breaks - 1, trimming=trimming):
        edges = (0, *partition.positions, len(y))
        regimes = [(a, b) for a, b in itertools.pairwise(edges) if b - a >= 2 * shortest]
        if not regimes:
            break
        found = [(a, _supremum(y[a:b], X[a:b], shortest, trimming, lags)) for a, b in regimes]
        start, best = max(found, key=lambda one: one[1].statistic)
        p_value = -math.expm1((partition.breaks + 1) * math.log1p(-min(best.p_value, 1 - 1e-16)))
        steps.append(SupF(best.statistic, p_value, best.position + start, best.positions + start, best.path))
    return steps


def date_intervals(
    y: ArrayLike,
    X: ArrayLike | None,
    positions: Sequence[int],
    *,
    level: float = 90,
    lags: int | None = None,
) -> list[tuple[int, int]]:
    """Confidence interval, in positions, of each break date (Bai 1997), letting variances differ between regimes.

    Parameters
    ----------
    positions : sequence of int
        Estimated breaks in order of time.
    level : float
        Percent.
    lags : int, optional
        None for errors independent within a regime, else the Newey and West bandwidth.

    Returns
    -------
    list of (int, int)
        Lowest and highest position, rounded outward and cut at the ends of the sample. The theory takes shifts to be
        small, so for large breaks the intervals are a little too wide, and for unclear ones often too narrow.
    """
    y, X = _checked(y, X)
    edges = (0, *positions, len(y))
    fits = [_regime(y[a:b], X[a:b], lags) for a, b in itertools.pairwise(edges)]
    tail = (1 - level / 100) / 2
    intervals = []
    for position, before, after in zip(positions, fits, fits[1:], strict=False):
        change = after[0] - before[0]
        signal = [float(change @ fit[1] @ change) for fit in (before, after)]
        noise = [float(change @ fit[2] @ change) for fit in (before, after)]
        drift, scale = signal[1] / signal[0], math.sqrt(noise[1] / noise[0])
        unit = signal[0] ** 2 / noise[0]
        low = position - argmax_quantile(1 - tail, drift, scale) / unit
        high = position - argmax_quantile(tail, drift, scale) / unit
        intervals.append((max(math.floor(low), 1), min(math.ceil(high), len(y) - 1)))
    return intervals


def regime_means(
    y: ArrayLike, positions: Sequence[int], *, level: float = 90, lags: int = 0
) -> list[tuple[float, float, float]]:
    """Mean of each regime with its Newey and West interval, as (mean, low, high), taking the break dates as known."""
    y, _ = _checked(y, None)
    reach = float(stats.norm.ppf(0.5 + level / 200))
    rows = []
    for start, stop in itertools.pairwise((0, *positions, len(y))):
        part = y[start:stop]
        mean = float(part.mean())
        variance = float(long_run((part - mean)[:, None], lags)[0, 0]) / max(len(part) - 1, 1)
        rows.append((mean, mean - reach * math.sqrt(variance), mean + reach * math.sqrt(variance)))
    return rows


def _regime(y: Floats, X: Floats, lags: int | None) -> tuple[Floats, Floats, Floats]:
    """Coefficients, second moments of the regressors, and long-run covariance of the scores of one regime."""
    beta = np.asarray(np.linalg.lstsq(X, y, rcond=None)[0], dtype=np.float64)
    residuals = y - X @ beta
    moments = X.T @ X / len(y)
    if lags is None:
        return beta, moments, moments * float(residuals @ residuals) / len(y)
    return beta, moments, long_run(X * residuals[:, None], lags)


def _checked(y: ArrayLike, X: ArrayLike | None) -> tuple[Floats, Floats]:
    y = np.asarray(y, dtype=np.float64)
    X = np.ones((len(y), 1)) if X is None else np.asarray(X, dtype=np.float64)
    X = X[:, None] if X.ndim == 1 else X
    if y.ndim != 1 or len(X) != len(y):
        raise ValueError(f"y has shape {y.shape} and X {X.shape}; they need one row per observation.")
    if not (np.isfinite(y).all() and np.isfinite(X).all()):
        raise ValueError("y or X holds a missing or infinite value; a gap in time is a choice to make, not to skip.")
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise ValueError(f"the {X.shape[1]} regressors are collinear; drop one.")
    return y, X
