"""Rates of rare events: exact intervals for a Poisson rate and for the ratio of two.

Counts are small in many tables here (deals in a year, injuries at a site), so that nothing is left to the normal curve.
Given the sum of two Poisson counts, the first is binomial, with a probability that depends on the ratio of the rates and
on the two exposures only (Przyborowski and Wilenski 1940). Everything below rests on that fact and on the interval of
Garwood (1936).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RateRatio:
    """First rate over second rate.

    Attributes
    ----------
    ratio : float
        Estimate; infinite when the second count is 0, nan when both are.
    low, high : float
        Central interval at `level` percent; 0 and infinity where a count is 0.
    p_value : float
        Two-sided test of equal rates: twice the smaller tail, at most 1, so that it agrees with the interval.
    level : float
        Percent.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    level: float


def rate_interval(count: ArrayLike, exposure: ArrayLike = 1.0, level: float = 90) -> tuple[Floats, Floats]:
    """Exact central interval of a Poisson rate (Garwood 1936).

    Parameters
    ----------
    count : array_like
        Events; whole numbers.
    exposure : array_like
        Years, hours or persons in which they were counted; the rate is per unit of it.
    level : float
        Percent; the interval holds the true rate at least that often.

    Returns
    -------
    (low, high) : arrays
        Rates; `low` is 0 where nothing was counted.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or an exposure is not positive.
    """
    events, time = _counted(count), _positive(exposure)
    tail = tail_of(level)
    low = np.where(events > 0, stats.chi2.ppf(tail, 2 * np.maximum(events, 1)) / 2, 0.0)
    return low / time, stats.chi2.isf(tail, 2 * events + 2) / 2 / time


def rate_ratio(
    count: float,
    exposure: float,
    base_count: float,
    base_exposure: float,
    level: float = 90,
    *,
    mid_p: bool = False,
) -> RateRatio:
    """Exact conditional comparison of two Poisson rates.

    Parameters
    ----------
    count, exposure : float
        Events and time of the first rate.
    base_count, base_exposure : float
        Events and time of the rate it is compared with.
    level : float
        Percent.
    mid_p : bool
        Count only half of the probability of the outcome itself (Lancaster 1961): shorter intervals, which are right on
        average and no longer in each case.

    Notes
    -----
    With ``n`` events in all, the first count is binomial with ``p = r t1 / (r t1 + t0)`` for a ratio ``r``. The ends of
    the interval are the ratios at which the observed count just reaches the tail: without `mid_p` those of Clopper and
    Pearson (1934) carried over.
    """
    (events, base), (time, base_time) = _counted([count, base_count]), _positive([exposure, base_exposure])
    n, tail, weight = events + base, tail_of(level), 0.5 if mid_p else 1.0
    equal = time / (time + base_time)
    if n == 0:
        return RateRatio(math.nan, 0.0, math.inf, 1.0, level)

    def above(p: float) -> float:
        return float(stats.binom.sf(events, n, p) + weight * stats.binom.pmf(events, n, p))

    def below(p: float) -> float:
        return float(stats.binom.cdf(events - 1, n, p) + weight * stats.binom.pmf(events, n, p))

    def ratio_at(p: float) -> float:
        return p / (1 - p) * base_time / time

    low = ratio_at(optimize.brentq(lambda p: above(p) - tail, 0, 1, xtol=1e-14)) if events else 0.0
    high = ratio_at(optimize.brentq(lambda p: below(p) - tail, 0, 1, xtol=1e-14)) if base else math.inf
    estimate = events * base_time / (base * time) if base else math.inf
    return RateRatio(float(estimate), low, high, min(1.0, 2 * min(above(equal), below(equal))), level)


def power(ratio: float, base_rate: float, exposure: float, base_exposure: float, level: float = 90) -> float:
    """Probability that the exact interval lies above 1 when the first rate is `ratio` times the base rate.

    Parameters
    ----------
    ratio : float
        True ratio of the rates.
    base_rate : float
        True base rate, events per unit of exposure.
    """
    _positive([ratio, base_rate, exposure, base_exposure])
    means = ratio * base_rate * exposure, base_rate * base_exposure
    first, base = (np.arange(int(stats.poisson.isf(1e-10, m)) + 2) for m in means)
    total = first[:, None] + base[None, :]
    tail = stats.binom.sf(first[:, None] - 1, total, exposure / (exposure + base_exposure))
    joint = stats.poisson.pmf(first, means[0])[:, None] * stats.poisson.pmf(base, means[1])[None, :]
    return float(joint[(tail <= tail_of(level)) & (total > 0)].sum())


def detectable_ratio(
    base_rate: float, exposure: float, base_exposure: float, chance: float = 80, level: float = 90, most: float = 1000.0
) -> float:
    """Smallest true ratio above 1 that the exact test finds with a chance of `chance` percent.

    Raises
    ------
    ValueError
        If not even a ratio of `most` would be found that often.
    """

    def missing(log_ratio: float) -> float:
        return power(math.exp(log_ratio), base_rate, exposure, base_exposure, level) - chance / 100

    if missing(math.log(most)) < 0:
        raise ValueError(f"no ratio up to {most:g} is found with a chance of {chance:g} percent: too few events.")
    return math.exp(optimize.brentq(missing, 0.0, math.log(most), xtol=1e-6))


def dispersion(count: ArrayLike, exposure: ArrayLike | None = None) -> tuple[float, float]:
    """Do counts vary as one Poisson rate would let them (Fisher's index of dispersion)?

    Returns
    -------
    (index, p_value) : floats
        Variance over mean (1 for Poisson counts) and the chance of at least that much, from chi squared.

    Raises
    ------
    ValueError
        With fewer than two counts, or none above zero.
    """
    events = _counted(count)
    time = np.ones_like(events) if exposure is None else _positive(exposure)
    if events.size < 2 or events.sum() == 0:
        raise ValueError("dispersion needs at least two counts, and one event.")
    expected = events.sum() * time / time.sum()
    statistic = float(((events - expected) ** 2 / expected).sum())
    return statistic / (events.size - 1), float(stats.chi2.sf(statistic, events.size - 1))


def widened(found: RateRatio, index: float) -> tuple[float, float]:
    """Interval of a ratio for counts that vary `index` times as much as Poisson counts, `index` at least 1.

    The exact interval is stretched about the estimate on the log scale by the root of the index, as quasi-likelihood does
    with standard errors (McCullagh and Nelder 1989, section 6.2). Ends at 0 and infinity stay.
    """
    if not index >= 1:
        raise ValueError(f"index is {index!r}; an index below 1 would narrow an exact interval.")
    if not 0 < found.ratio < math.inf:
        return found.low, found.high
    ends = (
        math.log(e / found.ratio) if 0 < e < math.inf else math.copysign(math.inf, e - 1)
        for e in (found.low, found.high)
    )
    low, high = (found.ratio * math.exp(math.sqrt(index) * e) for e in ends)
    return low, high


def _counted(count: ArrayLike) -> Floats:
    events = np.asarray(count, dtype=np.float64)
    if not (np.isfinite(events).all() and (events >= 0).all() and (events == np.floor(events)).all()):
        raise ValueError(f"count is {count!r}; events are counted in whole numbers from 0.")
    return events


def _positive(exposure: ArrayLike) -> Floats:
    time = np.asarray(exposure, dtype=np.float64)
    if not (np.isfinite(time).all() and (time > 0).all()):
        raise ValueError(f"{exposure!r} must be positive.")
    return time


def tail_of(level: float) -> float:
    """Chance left in each tail by a two-sided interval of this level (percent).

    Raises
    ------
    ValueError
        If the level is not between 0 and 100.
    """
    if not 0 < level < 100:
        raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
    return 0.5 - level / 200
