"""How much of a survey's movement from year to year is sampling: read off the survey itself, and off its publisher's words.

Where an agency publishes no variances, areas that it samples separately are replicates. The squared change of a share over
`k` years, divided by what two simple random samples would give, has the expectation ``design effect + drift * k`` when true
shares drift like random walks and samples are independent: the variogram of a random walk seen through noise, whose
intercept is called the nugget (Cressie 1993, Statistics for Spatial Data, 2.3.1). Samples that share persons differ less;
in a survey that asks again after one year only, the first lag lies below the line by the correlation of the two samples.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Noise:
    """Sampling noise of a repeated survey.

    Attributes
    ----------
    ratio : numpy.ndarray, shape (max_lag,)
        Mean squared change over 1, 2, ... years, in units of simple random sampling.
    by_area : numpy.ndarray, shape (max_lag, areas)
        The same for each area.
    design_effect : float
        Nugget of the line through lags 2 and more.
    drift : float
        Slope of that line: true variance that a year adds.
    correlation : float
        Correlation of the sampling errors of successive years.
    """

    ratio: Floats
    by_area: Floats
    design_effect: float
    drift: float
    correlation: float

    def line(self, lag: ArrayLike) -> Floats:
        """Expected ratio for samples without common persons."""
        return self.design_effect + self.drift * np.asarray(lag, dtype=np.float64)


def sampling_noise(shares: ArrayLike, sizes: ArrayLike, max_lag: int = 6) -> Noise:
    """Estimate design effect and overlap correlation from shares of many areas over years.

    Parameters
    ----------
    shares : array_like, shape (years, areas)
        Shares between 0 and 100 percent, without gaps, in order of years.
    sizes : array_like, shape (years, areas)
        Persons asked.
    max_lag : int
        Longest change used, in years; at least 3.

    Notes
    -----
    What all areas have in common in a year is taken out with weights inverse to the variances, so a national movement is
    not noise. A true movement that reverses itself within a year or two counts as noise: the nugget is an upper bound.
    """
    p, n = np.asarray(shares, dtype=np.float64) / 100, np.asarray(sizes, dtype=np.float64)
    if p.shape != n.shape or p.ndim != 2 or min(p.shape) < 2:
        raise ValueError(f"shares and sizes have shapes {p.shape} and {n.shape}; both must be (years, areas).")
    if not 3 <= max_lag < len(p):
        raise ValueError(f"max_lag is {max_lag}; with {len(p)} years it lies between 3 and {len(p) - 1}.")
    if not ((p > 0) & (p < 1) & (n > 0)).all():
        raise ValueError("shares must lie strictly between 0 and 100 percent and sizes above 0, without gaps.")
    by_area = np.array([_squared_changes(p, p * (1 - p) / n, lag) for lag in range(1, max_lag + 1)])
    ratio = by_area.mean(axis=1)
    nugget, drift, correlation = _fit(ratio)
    return Noise(ratio, by_area, float(nugget), float(drift), float(correlation))


def bootstrap_noise(noise: Noise, draws: int = 999, seed: int = 1) -> tuple[Floats, Floats]:
    """Design effects and correlations when areas are drawn again with replacement, each of shape (draws,)."""
    areas = noise.by_area.shape[1]
    times = np.random.default_rng(seed).multinomial(areas, np.full(areas, 1 / areas), size=draws)
    nugget, _, correlation = _fit(noise.by_area @ times.T / areas)
    return nugget, correlation


def wording_thresholds(size: ArrayLike, called_real: Sequence[bool]) -> tuple[list[tuple[float, float]], int]:
    """Find the thresholds between "no change" and "change" that contradict an agency's words least often.

    Parameters
    ----------
    size : array_like, shape (n,)
        Size of each change in multiples of some standard error.
    called_real : sequence of bool
        Whether the agency described the change as one.

    Returns
    -------
    ranges : list of (low, high)
        All ranges of thresholds with the fewest contradictions.
    contradictions : int
        How many statements disagree with each of them.
    """
    size, real = np.abs(np.asarray(size, dtype=np.float64)), np.asarray(called_real, dtype=bool)
    if size.shape != real.shape or not size.size or not np.isfinite(size).all():
        raise ValueError(
            f"size and called_real have shapes {size.shape} and {real.shape}; give as many of each, no gaps."
        )
    edges = np.concatenate([[0.0], np.unique(size), [np.inf]])
    pairs = list(itertools.pairwise(edges))
    wrong = np.array([int((real & (size <= low)).sum() + (~real & (size >= high)).sum()) for low, high in pairs])
    ranges = [(float(low), float(high)) for (low, high), k in zip(pairs, wrong, strict=True) if k == wrong.min()]
    return ranges, int(wrong.min())


def _squared_changes(p: Floats, variance: Floats, lag: int) -> Floats:
    """Mean over years of each area's squared own change, in units of its simple random sampling variance."""
    change, expected = p[lag:] - p[:-lag], variance[lag:] + variance[:-lag]
    common = (change / expected).sum(axis=1, keepdims=True) / (1 / expected).sum(axis=1, keepdims=True)
    # taking out a weighted mean of all areas uses up this part of each area's variance
    kept = 1 - (1 / expected) / (1 / expected).sum(axis=1, keepdims=True)
    return ((change - common) ** 2 / expected / kept).mean(axis=0)


def _fit(ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """Nugget, drift and first-lag correlation; `ratio` has lags along its first axis."""
    lags = np.arange(2, len(ratio) + 1)
    drift, nugget = np.polyfit(lags, ratio[1:], 1)
    return nugget, drift, 1 - (ratio[0] - drift) / nugget
