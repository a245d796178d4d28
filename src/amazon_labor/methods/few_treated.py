"""Inference when few units are treated: what the same estimator finds among units without treatment.

An error clustered by unit is estimated from the units of each kind; seven treated states, each alone in its year, do not
show how far one state may stray by chance. The untreated ones do: give the treated dates to states drawn from them and
estimate again (Conley and Taber 2011; as a randomisation test, Fisher). States differ in size and so in noise; the
placebo of a small state is then scaled to the variance that the size of the treated one implies (Ferman and Pinto 2019).

References
----------
Conley, T. G. and Taber, C. R. (2011), Review of Economics and Statistics 93(1), 113-125.
Ferman, B. and Pinto, C. (2019), Review of Economics and Statistics 101(3), 452-467.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amazon_labor.methods.staggered import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Paths:
    """Event-time paths of single units.

    Attributes
    ----------
    time : numpy.ndarray of int, shape (e,)
        Years since adoption.
    treated : numpy.ndarray, shape (k, e)
        Path of each treated unit: its change since the base year less the weighted mean change of the untreated. NaN
        where the panel has no such year.
    untreated : numpy.ndarray, shape (k, m, e)
        Change of each of m untreated units over the years of each treated one, nothing taken off.
    units : numpy.ndarray of int, shape (k,)
        Rows of the treated units in the panel.
    weights, control_weights : numpy.ndarray
        Weights of the treated, shape (k,), and of the untreated, shape (m,).
    """

    time: Ints
    treated: Floats
    untreated: Floats
    units: Ints
    weights: Floats
    control_weights: Floats


def paths(data: Panel, before: int, after: int, *, base_years: int = 1) -> Paths:
    """Paths around adoption of every unit treated inside the panel and observed to `after` years later.

    Changes count from the mean of the last `base_years` years before adoption, as far as the panel goes back.

    Raises
    ------
    ValueError
        If there is no such unit.
    """
    columns = data.outcome.shape[1]
    rows = [
        i
        for i in np.flatnonzero(~data.never & ~data.always)
        if data.column(data.first[i]) >= 1 and data.column(data.first[i]) + after < columns
    ]
    if not rows:
        raise ValueError(f"no treated unit is observed from its base year to {after} years after adoption.")
    time = np.arange(-before, after + 1)
    pool = data.outcome[data.never]
    treated, untreated = [], []
    for i in rows:
        at = data.column(data.first[i]) + time
        seen = at >= 0
        start = slice(max(0, data.column(data.first[i]) - base_years), data.column(data.first[i]))
        own, others = np.full(len(time), np.nan), np.full((len(pool), len(time)), np.nan)
        own[seen] = data.outcome[i, at[seen]] - data.outcome[i, start].mean()
        others[:, seen] = pool[:, at[seen]] - pool[:, start].mean(axis=1, keepdims=True)
        share = data.weights[data.never] / data.weights[data.never].sum()
        treated.append(own - share @ others)
        untreated.append(others)
    units = np.array(rows, dtype=np.int64)
    return Paths(time, np.array(treated), np.array(untreated), units, data.weights[units], data.weights[data.never])


def mean_path(found: Paths) -> Floats:
    """Weighted mean of the treated paths by event time; shape (e,), NaN where no unit is seen.

    Equal to `staggered.event_study` with never-treated controls.
    """
    return _mean(found.treated, found.weights)


def placebo_paths(found: Paths, draws: int, seed: int, *, sizes: tuple[ArrayLike, ArrayLike] | None = None) -> Floats:
    """Mean paths when the dates are given to untreated units drawn without replacement; shape (draws, e).

    Parameters
    ----------
    sizes : (array, array), optional
        Persons asked in each treated, shape (k,), and untreated unit, shape (m,): scales each placebo by the standard
        deviation its new place implies (Ferman and Pinto).

    Raises
    ------
    ValueError
        If there are not at least two untreated units more than treated ones.
    """
    k, m, _ = found.untreated.shape
    if m < k + 2:
        raise ValueError(f"{m} untreated units are too few to stand in for {k} treated ones.")
    drawn = np.argsort(np.random.default_rng(seed).random((draws, m)), axis=1)[:, :k]
    own = found.untreated[np.arange(k), drawn]  # draws, k, e
    # the controls of a draw are the untreated units left over, as those of the estimate are never treated
    kept = np.ones((draws, m))
    np.put_along_axis(kept, drawn, 0.0, axis=1)
    share = kept * found.control_weights
    share = share / share.sum(axis=1, keepdims=True)
    gap = own - np.einsum("dm,kme->dke", share, found.untreated, optimize=True)
    if sizes is not None:
        gap = gap * scale(found, *sizes)[np.arange(k), drawn][:, :, None]
    return _mean(gap, found.weights)


def scale(found: Paths, treated: ArrayLike, untreated: ArrayLike) -> Floats:
    """Factor that gives a placebo the standard deviation of the treated unit it stands for; shape (k, m).

    The variance of the mean gap after adoption is fitted as ``a + b / n`` over the untreated units, with both parts held
    at zero or above.
    """
    n, later = np.asarray(untreated, np.float64), found.time >= 0
    gap = found.untreated[:, :, later].mean(axis=2)
    squares = ((gap - gap.mean(axis=1, keepdims=True)) ** 2).mean(axis=0)
    slope, level = np.polyfit(1 / n, squares, 1)
    if slope < 0:
        slope, level = 0.0, float(squares.mean())
    elif level < 0:
        slope, level = float((squares / n).sum() / (1 / n**2).sum()), 0.0
    new, old = level + slope / np.asarray(treated, np.float64), level + slope / n
    return np.sqrt(new[:, None] / old[None, :])


def p_value(value: float, placebos: ArrayLike) -> float:
    """Two-sided p-value: twice the share of placebos at least as far out on the nearer side, the estimate counted as one.

    It is at most 0.1 where `interval` at 90 percent leaves zero out, up to the steps of the quantiles.
    """
    drawn = np.asarray(placebos, np.float64)
    slack = abs(value) * 1e-12
    tail = min((drawn <= value + slack).sum(), (drawn >= value - slack).sum())
    return float(min(1.0, 2 * (1 + tail) / (1 + len(drawn))))


def exceeding(value: float, placebos: ArrayLike) -> float:
    """Share of placebos at least as large as a statistic that is large when something is wrong, itself counted as one."""
    drawn = np.asarray(placebos, np.float64)
    return float((1 + (drawn >= value * (1 - 1e-12)).sum()) / (1 + len(drawn)))


def interval(value: float, placebos: ArrayLike, level: float = 90) -> tuple[float, float]:
    """Effects that the placebos do not contradict: the estimate less the quantiles of the placebos."""
    low, high = np.quantile(np.asarray(placebos, np.float64), [0.5 - level / 200, 0.5 + level / 200])
    return value - float(high), value - float(low)


@dataclass(frozen=True)
class Effect:
    """Mean effect after adoption with the interval and the p-value that placebos give it."""

    value: float
    low: float
    high: float
    p: float
    units: int


def mean_effect(
    found: Paths,
    draws: int,
    seed: int,
    *,
    level: float = 90,
    sizes: tuple[ArrayLike, ArrayLike] | None = None,
) -> Effect:
    """Mean of the paths from adoption on, judged by `draws` placebos; `sizes` as in `placebo_paths`."""
    later = found.time >= 0
    value = float(mean_path(found)[later].mean())
    placebos = placebo_paths(found, draws, seed, sizes=sizes)[:, later].mean(axis=1)
    return Effect(value, *interval(value, placebos, level), p_value(value, placebos), len(found.units))


def single(found: Paths, position: int, *, level: float = 90) -> Effect:
    """Mean effect in one treated unit, judged by each untreated unit in turn over the same years."""
    later = found.time >= 0
    value = float(found.treated[position][later].mean())
    gap, w = found.untreated[position][:, later].mean(axis=1), found.control_weights
    # a unit stands against the mean of all others, itself left out
    placebos = gap - (w @ gap - w * gap) / (w.sum() - w)
    return Effect(value, *interval(value, placebos, level), p_value(value, placebos), 1)


def _mean(values: Floats, weights: Floats) -> Floats:
    """Weighted mean over the axis of units, the last but one, leaving missing values out."""
    there = np.isfinite(values)
    w = weights[:, None] * there
    total = w.sum(axis=-2)
    mean = (np.where(there, values, 0.0) * w).sum(axis=-2) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)
