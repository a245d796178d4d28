"""Right-tailed recursive unit-root tests: is a series explosive for a while, and when?

A price that runs ahead of what it pays grows faster than a random walk. The augmented Dickey-Fuller regression

    change of y = a + b * (y one period before) + lagged changes + error

is therefore tested against ``b > 0`` (the right tail), over many windows, because one collapsed episode inside a long
window looks stationary. Phillips, Wu and Yu let the window grow from the first observation (SADF); Phillips, Shi and Yu
let its start move as well (GSADF), and date an episode by the backward statistic (BSADF): the largest statistic among all
windows that end in a month. Windows are counted in observations of the level, as in their programs.

References
----------
Phillips, P. C. B., Wu, Y. and Yu, J. (2011), International Economic Review 52(1), 201-226.
Phillips, P. C. B., Shi, S. and Yu, J. (2015), International Economic Review 56(4), 1043-1078.
Phillips, P. C. B. and Shi, S. (2020), Real time monitoring of asset markets, Handbook of Statistics 42, 61-80.
Harvey, D. I., Leybourne, S. J., Sollis, R. and Taylor, A. M. R. (2016), Journal of Empirical Finance 38, 548-574.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal

Floats = NDArray[np.float64]
FEWEST = 4  # equations left over in the shortest window
BATCH = 20  # series treated at once: their running sums stay in the processor's cache


@dataclass(frozen=True)
class Recursion:
    """Statistics of one series by the last observation of the window; missing before the first full window.

    Attributes
    ----------
    backward : numpy.ndarray, shape (n,)
        BSADF: supremum over all windows of at least `window` observations that end here.
    forward : numpy.ndarray, shape (n,)
        ADF statistic of the window from the first observation to here.
    window, lags : int
        Shortest window in observations, and lagged changes.
    """

    backward: Floats
    forward: Floats
    window: int
    lags: int

    @property
    def gsadf(self) -> float:
        """Supremum over all windows (Phillips, Shi and Yu)."""
        return float(np.nanmax(self.backward))

    @property
    def sadf(self) -> float:
        """Supremum over windows that begin with the first observation (Phillips, Wu and Yu)."""
        return float(np.nanmax(self.forward))


@dataclass(frozen=True)
class Episode:
    """First and last position above the critical value; `open` if the series ends before the statistic falls back."""

    first: int
    last: int
    open: bool

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def rule_window(n: int) -> int:
    """Shortest window that Phillips, Shi and Yu advise: the share ``0.01 + 1.8 / sqrt(n)`` of n observations."""
    if n < 20:
        raise ValueError(f"n is {n}; at least 20 observations are needed.")
    return math.floor((0.01 + 1.8 / math.sqrt(n)) * n)


def recursion(y: ArrayLike, window: int | None = None, lags: int = 0, *, first: int = 0) -> Recursion:
    """Backward and forward statistics of one series.

    Parameters
    ----------
    y : array_like, shape (n,)
        Levels, in order of time, without gaps.
    window : int, optional
        Shortest window in observations; `rule_window` by default.
    lags : int
        Lagged changes in every window. Fixed: choosing it by a criterion distorts the size (Phillips, Shi and Yu 2015).
    first : int
        Position from which statistics are computed; earlier ones are missing. Windows still reach back to the beginning.

    Raises
    ------
    ValueError
        If values are missing, or the window is longer than the series or too short for the regression.
    """
    y = _checked(y)
    window = rule_window(len(y)) if window is None else window
    _check_window(len(y), window, lags)
    backward, forward = np.full(len(y), np.nan), np.full(len(y), np.nan)
    for end, t in _statistics(y, range(max(first, window - 1), len(y)), window, lags):
        backward[end], forward[end] = t.max(), t[0]
    return Recursion(backward, forward, window, lags)


def episodes(statistic: ArrayLike, critical: ArrayLike, shortest: int = 1) -> list[Episode]:
    """Runs of at least `shortest` positions in which `statistic` lies above `critical`; missing values lie below."""
    above = np.asarray(statistic, np.float64) > np.asarray(critical, np.float64)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
    runs = [Episode(int(a), int(b) - 1, int(b) == len(above)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [run for run in runs if run.length >= shortest]


def shortest_episode(n: int) -> int:
    """Months an episode must last to be called one: ``log(n)``, rounded up (Phillips, Shi and Yu 2015, section 3)."""
    return math.ceil(math.log(n))


def simulate(
    n: int,
    windows: Iterable[int],
    draws: int,
    seed: int,
    *,
    lags: int = 0,
    drift: float = 0.0,
    first: int = 0,
    batch: int = BATCH,
) -> tuple[Floats, Floats]:
    """Statistics of random walks, for critical values and for the size of the test.

    Parameters
    ----------
    n, draws, seed : int
        Length and number of walks with standard normal steps, and the seed of `numpy.random.default_rng`.
    windows : iterable of int
        Shortest windows.
    drift : float
        Added to every step. Phillips, Shi and Yu use ``1 / n``.
    first : int
        Position from which statistics are computed, as in `recursion`.
    batch : int
        Walks treated at once; changes neither the walks nor the result.

    Returns
    -------
    backward, forward : numpy.ndarray, shape (windows, draws, n)
        BSADF and forward statistics; missing before the first full window.
    """
    shortest = sorted(windows)
    for window in shortest:
        _check_window(n, window, lags)
    rng = np.random.default_rng(seed)
    backward = np.full((len(shortest), draws, n), np.nan)
    forward = backward.copy()
    for start in range(0, draws, batch):
        rows = slice(start, min(start + batch, draws))
        walks = np.cumsum(rng.standard_normal((rows.stop - rows.start, n)) + drift, axis=1)
        for end, t in _statistics(walks, range(max(first, shortest[0] - 1), n), shortest[0], lags):
            highest = np.maximum.accumulate(t, axis=-1)
            for k, window in enumerate(shortest):
                if end >= window - 1:
                    backward[k, rows, end] = highest[..., end - window + 1]
                    forward[k, rows, end] = t[..., 0]
    return backward, forward


@dataclass(frozen=True)
class Monitoring:
    """Largest BSADF among the months watched, and the share of bootstrap series that reach it.

    `paths`, shape (draws, months), holds BSADF of every bootstrap series, for the false alarms of a dating rule.
    """

    statistic: float
    p_value: float
    critical: Floats
    months: int
    draws: int
    paths: Floats


def wild_bootstrap(
    y: ArrayLike, first: int, last: int, window: int, lags: int = 0, *, draws: int = 199, seed: int = 1
) -> Monitoring:
    """Test all months from `first` to `last` at once, with a variance that may change over time.

    The series is rebuilt `draws` times without a root above one: its lagged changes keep their coefficients, and each
    residual keeps its month but is multiplied by a standard normal number, so that calm and wild months stay where they
    were. The critical value is that of the largest BSADF among the months, which holds the error rate for all of them
    together (Phillips and Shi 2020; wild bootstrap of Harvey et al. 2016).

    Parameters
    ----------
    first, last : int
        Positions watched, both inclusive.

    Returns
    -------
    Monitoring
        With critical values at 10, 5 and 1 percent.
    """
    y = _checked(y)
    _check_window(len(y), window, lags)
    if not window - 1 <= first <= last < len(y):
        raise ValueError(f"months {first} to {last} must lie between {window - 1} and {len(y) - 1}, in order.")
    y, ends = y[: last + 1], range(first, last + 1)
    residuals, phi = _null_model(y, lags)
    shocks = np.random.default_rng(seed).standard_normal((draws, len(residuals))) * residuals
    changes = signal.lfilter([1.0], np.concatenate([[1.0], -phi]), shocks, axis=1)
    walks = np.concatenate([np.zeros((draws, 1)), np.cumsum(changes, axis=1)], axis=1)
    observed = max(float(t.max()) for _, t in _statistics(y, ends, window, lags))
    paths = np.concatenate(
        [
            np.column_stack([t.max(axis=-1) for _, t in _statistics(some, ends, window, lags)])
            for some in np.array_split(walks, math.ceil(draws / BATCH))
        ]
    )
    largest = paths.max(axis=1)
    p_value = (1 + int((largest >= observed).sum())) / (1 + draws)
    return Monitoring(observed, p_value, np.quantile(largest, [0.9, 0.95, 0.99]), len(ends), draws, paths)


def false_alarms(paths: ArrayLike, critical: ArrayLike, shortest: int, until: int = 0) -> float:
    """Share of series without a bubble in which a dating rule finds an episode.

    Parameters
    ----------
    paths : array_like, shape (draws, months)
        BSADF of series that have no explosive root: `simulate` or the `paths` of `wild_bootstrap`.
    critical : array_like, shape (months,)
        The rule's critical values.
    shortest : int
        Fewest months that make an episode.
    until : int
        Only episodes that reach this position or a later one count.
    """
    found = [any(e.last >= until for e in episodes(path, critical, shortest)) for path in np.asarray(paths)]
    return float(np.mean(found))


# --- the regressions --------------------------------------------------------------------------------------------------
def _statistics(y: Floats, ends: Iterable[int], window: int, lags: int) -> Iterator[tuple[int, Floats]]:
    """For each end, the ADF statistics of the windows that begin at 0, 1, ..., end - window + 1, along the last axis.

    All windows share running sums of the products of the regressors, so that a window costs one subtraction.
    """
    sums = _running_products(y, lags)
    for end in ends:
        starts = end - window + 2
        equations = np.arange(end - lags, window - 2 - lags, -1, dtype=np.float64)
        last = end - lags  # sums are indexed by the number of equations; equation j explains observation j + lags + 1
        moments = [[cell[..., last, None] - cell[..., :starts] for cell in row] for row in sums]
        yield end, _t_of_level(moments, equations - lags - 2)


def _running_products(y: Floats, lags: int) -> list[list[Floats]]:
    """Cumulative sums of products of (1, lagged changes, lagged level, change): the upper triangle, row by row."""
    y = y - y.mean(axis=-1, keepdims=True)
    change = np.diff(y)
    n = y.shape[-1]
    columns = [np.ones_like(change[..., lags:])]
    columns += [change[..., lags - j : n - 1 - j] for j in range(1, lags + 1)]
    columns += [y[..., lags : n - 1], change[..., lags:]]
    return [[_sum_from_zero(a * b) for b in columns[i:]] for i, a in enumerate(columns)]


def _sum_from_zero(x: Floats) -> Floats:
    return np.concatenate([np.zeros_like(x[..., :1]), np.cumsum(x, axis=-1)], axis=-1)


def _t_of_level(moments: list[list[Floats]], freedom: Floats) -> Floats:
    """t statistic of the lagged level after the other regressors are swept out, one after the other."""
    while len(moments) > 2:
        pivot, *rest = moments
        moments = [
            [cell - pivot[i + 1] * pivot[i + 1 + j] / pivot[0] for j, cell in enumerate(row)]
            for i, row in enumerate(rest)
        ]
    (level, cross), (total,) = moments
    squares = np.maximum(total - cross**2 / level, np.finfo(float).tiny)
    return cross / np.sqrt(level * squares / freedom)


def _null_model(y: Floats, lags: int) -> tuple[Floats, Floats]:
    """Residuals and coefficients of the changes on their own lags, without constant and level."""
    change = np.diff(y)
    if lags == 0:
        return change, np.empty(0)
    x = np.column_stack([change[lags - j : -j] for j in range(1, lags + 1)])
    phi: Floats = np.asarray(np.linalg.lstsq(x, change[lags:], rcond=None)[0], np.float64)
    residuals: Floats = np.concatenate([change[:lags], change[lags:] - x @ phi])
    return residuals, phi


def _checked(y: ArrayLike) -> Floats:
    array = np.asarray(y, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError("y must be one-dimensional, without missing values; fill no gap, cut the series.")
    return array


def _check_window(n: int, window: int, lags: int) -> None:
    fewest = 2 * lags + 3 + FEWEST
    if lags < 0 or not fewest <= window <= n:
        raise ValueError(f"window is {window!r}; with {lags} lags and {n} observations it must lie in {fewest} to {n}.")
