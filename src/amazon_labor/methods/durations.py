"""Times until something happens, when some are still waiting and some wait for ever.

Three situations, from most to least known. With the cases themselves, the product-limit estimate of Kaplan and Meier
(1958). With two published shares of a sample, a distribution whose logarithm has a location and a scale, which two
shares identify exactly. With a few points of a survival curve alone, bounds that hold for every curve through them.
A mean over those who arrived says nothing about those who did not: `Mixture` puts them back.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
FAMILIES = {"lognormal": stats.norm, "Weibull": stats.gumbel_l, "log-logistic": stats.logistic}


@dataclass(frozen=True)
class Survival:
    """Product-limit estimate.

    Attributes
    ----------
    time : numpy.ndarray, shape (k,)
        Times with an event, rising.
    share : numpy.ndarray, shape (k,)
        Share still waiting after each of them.
    error : numpy.ndarray, shape (k,)
        Standard error of Greenwood (1926).
    low, high : numpy.ndarray, shape (k,)
        Pointwise interval at `level` percent on the scale log(-log): never outside 0 and 1.
    n, events : int
        Cases, and those of them whose end was seen.
    level : float
        Percent.
    """

    time: Floats
    share: Floats
    error: Floats
    low: Floats
    high: Floats
    n: int
    events: int
    level: float

    def at(self, time: float) -> tuple[float, float, float]:
        """Share still waiting after `time`: value, low, high."""
        k = int(np.searchsorted(self.time, time, side="right")) - 1
        if k < 0:
            return 1.0, 1.0, 1.0
        return float(self.share[k]), float(self.low[k]), float(self.high[k])

    def median(self) -> tuple[float, float, float]:
        """First time at which half or fewer wait, with the interval of Brookmeyer and Crowley (1982).

        An end that the curve does not reach is infinite.
        """
        found = (_first(self.time, self.share <= 0.5 + 1e-12), _first(self.time, self.low <= 0.5))
        return found[0], found[1], _first(self.time, self.high <= 0.5)


def kaplan_meier(days: ArrayLike, ended: ArrayLike, level: float = 90) -> Survival:
    """Estimate the share still waiting from cases of which some were cut off before their end.

    Parameters
    ----------
    days : array_like, shape (n,)
        Time until the end, or until the case was last seen.
    ended : array_like of bool, shape (n,)
        Whether the end was seen. Cutting off must have nothing to do with how long a case would have taken.
    level : float
        Percent.

    Raises
    ------
    ValueError
        If a time is negative or missing, or no end was seen.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    time, seen = np.asarray(days, dtype=np.float64), np.asarray(ended, dtype=bool)
    if time.shape != seen.shape or not (np.isfinite(time).all() and (time >= 0).all()):
        raise ValueError(
            "days are numbers from 0, one for each case, and ended says for each whether the end was seen."
        )
    if not seen.any():
        raise ValueError("no case ended; nothing can be said about the time it takes.")
    fit = SurvfuncRight(time, seen.astype(int))
    share, error = np.asarray(fit.surv_prob), np.asarray(fit.surv_prob_se)
    keep = np.asarray(fit.n_events) > 0
    low, high = _log_log(share[keep], error[keep], level)
    when = np.asarray(fit.surv_times)[keep]
    return Survival(when, share[keep], error[keep], low, high, len(time), int(seen.sum()), level)


def _log_log(share: Floats, error: Floats, level: float) -> tuple[Floats, Floats]:
    """Interval of Kalbfleisch and Prentice (1980); at 0 the ends of the last inner point stay for the upper one."""
    z = float(stats.norm.ppf(0.5 + level / 200))
    inner = (share > 0) & (share < 1)
    low, high = np.where(share >= 1, 1.0, 0.0), np.where(share >= 1, 1.0, 0.0)
    log = np.log(share[inner])
    reach = np.exp(z * error[inner] / (share[inner] * np.abs(log)))
    low[inner], high[inner] = np.exp(log * reach), np.exp(log / reach)
    if (share <= 0).any():
        high[share <= 0] = high[inner][-1] if inner.any() else 1.0
    return low, high


def _first(time: Floats, reached: NDArray[np.bool_]) -> float:
    return float(time[np.argmax(reached)]) if reached.any() else math.inf


@dataclass(frozen=True)
class LogDuration:
    """Durations whose logarithm has a location and a scale, in one of `FAMILIES`."""

    family: str
    location: float
    scale: float

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"family is {self.family!r}; allowed are {', '.join(FAMILIES)}.")
        if not (math.isfinite(self.location) and self.scale > 0):
            raise ValueError(f"scale is {self.scale!r}; it must be positive.")

    def waiting(self, days: ArrayLike) -> Floats:
        """Share not yet ended after so many days, of those that end some day."""
        with np.errstate(divide="ignore"):
            z = (np.log(np.asarray(days, dtype=np.float64)) - self.location) / self.scale
        return np.asarray(FAMILIES[self.family].sf(z), dtype=np.float64)

    def quantile(self, share: float) -> float:
        """Days after which this share has ended."""
        return math.exp(self.location + self.scale * float(FAMILIES[self.family].ppf(share)))

    def mean(self) -> float:
        """Mean days; infinite for the log-logistic with a scale of 1 or more."""
        if self.family == "lognormal":
            return math.exp(self.location + self.scale**2 / 2)
        if self.family == "Weibull":
            return math.exp(self.location) * math.gamma(1 + self.scale)
        inside = math.pi * self.scale
        return math.exp(self.location) * inside / math.sin(inside) if self.scale < 1 else math.inf


def from_shares(family: str, days: tuple[float, float], waiting: tuple[float, float]) -> LogDuration:
    """Distribution in which the shares `waiting` have not ended after the two `days`.

    With three classes and two parameters this is also the maximum likelihood estimate from grouped durations: the
    shares expected equal those observed.

    Raises
    ------
    ValueError
        Unless ``0 < days[0] < days[1]`` and ``1 > waiting[0] > waiting[1] > 0``.
    """
    if not 0 < days[0] < days[1]:
        raise ValueError(f"days are {days!r}; give two positive times, the earlier first.")
    if not 1 > waiting[0] > waiting[1] > 0:
        raise ValueError(f"waiting is {waiting!r}; shares fall and lie between 0 and 1.")
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}; allowed are {', '.join(FAMILIES)}.")
    first, second = (float(FAMILIES[family].isf(share)) for share in waiting)
    scale = math.log(days[1] / days[0]) / (second - first)
    return LogDuration(family, math.log(days[0]) - scale * first, scale)


def from_mean_and_median(mean: float, median: float) -> LogDuration:
    """Lognormal distribution with this mean and median.

    Raises
    ------
    ValueError
        Unless the mean is above the median.
    """
    if not mean > median > 0:
        raise ValueError(f"mean is {mean!r}, median {median!r}; a lognormal has its mean above its median.")
    return LogDuration("lognormal", math.log(median), math.sqrt(2 * math.log(mean / median)))


def resampled_shares(waiting: tuple[float, float], n: int, draws: int, seed: int) -> Floats:
    """Draw shares as another sample of `n` would show them, shape (draws, 2); draws with an empty class are left out."""
    classes = np.array([1 - waiting[0], waiting[0] - waiting[1], waiting[1]])
    counts = np.random.default_rng(seed).multinomial(n, classes, size=draws) / n
    shares = np.column_stack([counts[:, 1] + counts[:, 2], counts[:, 2]])
    return shares[(counts > 0).all(axis=1)]


@dataclass(frozen=True)
class Mixture:
    """Units of which a share `never` never ends, and the rest after durations `ends` (Boag 1949: a cure model)."""

    never: float
    ends: LogDuration

    def __post_init__(self) -> None:
        if not 0 <= self.never < 1:
            raise ValueError(f"never is {self.never!r}; it is a share from 0 to below 1.")

    def waiting(self, days: ArrayLike) -> Floats:
        """Share of all units not yet ended."""
        return self.never + (1 - self.never) * self.ends.waiting(days)

    def quantile(self, share: float) -> float:
        """Days after which this share of all units has ended; infinite if it never does."""
        return self.ends.quantile(share / (1 - self.never)) if share < 1 - self.never else math.inf

    def ever(self, days: float) -> float:
        """Chance that a unit still waiting after `days` ends some day."""
        left = (1 - self.never) * float(self.ends.waiting(days))
        return left / (self.never + left)

    def restricted_mean(self, horizon: float, steps: int = 4000) -> float:
        """Mean days without an end among the first `horizon` days, over all units (trapezoids)."""
        grid = np.linspace(0, horizon, steps + 1)
        return float(np.trapezoid(self.waiting(grid), grid))


def restricted_mean_bounds(days: ArrayLike, waiting: ArrayLike, horizon: float) -> tuple[float, float]:
    """Least and most that the mean number of days waited, of the first `horizon`, can be.

    Parameters
    ----------
    days, waiting : array_like, shape (k,)
        Times, rising and positive, and the share waiting at each, not rising.
    horizon : float
        Days counted; those still waiting count with all of them.

    Notes
    -----
    A survival curve starts at 1 and does not rise. Between two known points it is at least the later and at most the
    earlier one; after the last it is at least 0 (no bound) and at most the last. The area below it is the restricted
    mean, so that both bounds are sums of rectangles, and both can be reached.

    Raises
    ------
    ValueError
        If times do not rise from above 0, shares rise or leave 0 to 1, or the horizon is not positive.
    """
    time, share = np.asarray(days, dtype=np.float64), np.asarray(waiting, dtype=np.float64)
    if time.shape != share.shape or time.size == 0 or time[0] <= 0 or (np.diff(time) <= 0).any():
        raise ValueError("days must be positive and rise, one share for each.")
    if (share < 0).any() or (share > 1).any() or (np.diff(share) > 0).any():
        raise ValueError(f"waiting is {share.tolist()!r}; shares lie between 0 and 1 and do not rise.")
    if not horizon > 0:
        raise ValueError(f"horizon is {horizon!r}; it must be positive.")
    cuts = np.minimum(np.concatenate([[0.0], time, [max(horizon, time[-1])]]), horizon)
    width = np.diff(cuts)
    above, below = np.concatenate([[1.0], share]), np.concatenate([share, [0.0]])
    return float((width * below).sum()), float((width * above).sum())
