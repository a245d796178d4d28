"""Opinion between and behind polls: a random walk seen through sampling error of known size.

The local level model (Harvey 1989, Forecasting, structural time series models and the Kalman filter, chapter 2), with the
sampling variance of each poll given and the variance of the walk estimated by maximum likelihood; for pooling of polls
see Jackman (2005, Australian Journal of Political Science 40: 499-517). Few polls: plain linear algebra instead of a
filter, which also gives the covariance of any two dates and hence the interval of a change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Opinion:
    """Smoothed opinion at `times`, all shape (n,), with its `covariance`, shape (n, n).

    `walk_variance` is that of the random walk over one unit of time, in squared units of the values.
    """

    times: Floats
    mean: Floats
    covariance: Floats
    walk_variance: float
    log_likelihood: float

    def interval(self, level: float = 90) -> tuple[Floats, Floats]:
        """Pointwise interval at `level` percent; it takes the variance of the walk as known."""
        reach = _normal(level) * np.sqrt(np.diag(self.covariance))
        return self.mean - reach, self.mean + reach

    def change(self, start: float, end: float, level: float = 90) -> tuple[float, float, float]:
        """Change of opinion between two of the `times`, and its interval."""
        a, b = (self._position(t) for t in (start, end))
        value = float(self.mean[b] - self.mean[a])
        variance = self.covariance[a, a] + self.covariance[b, b] - 2 * self.covariance[a, b]
        reach = _normal(level) * float(np.sqrt(max(variance, 0.0)))
        return value, value - reach, value + reach

    def _position(self, time: float) -> int:
        at = np.flatnonzero(np.isclose(self.times, time))
        if at.size != 1:
            raise ValueError(f"{time!r} is not among the times of the smoothed opinion.")
        return int(at[0])


def local_level(times: ArrayLike, values: ArrayLike, errors: ArrayLike, walk_variance: float | None = None) -> Opinion:
    """Smooth polls taken at irregular times.

    Parameters
    ----------
    times : array_like, shape (n,)
        Strictly rising times, for example years.
    values : array_like, shape (n,)
        Poll readings; NaN where only the smoothed opinion is wanted. At least three readings.
    errors : array_like, shape (n,)
        Standard errors of the readings; ignored where there is none.
    walk_variance : float, optional
        Variance of the walk per unit of time; by default it maximises the (diffuse) likelihood.

    Raises
    ------
    ValueError
        If times do not rise, fewer than three readings are given, or an error is not positive.
    """
    t, y, s = (np.asarray(v, dtype=np.float64) for v in (times, values, errors))
    seen = np.isfinite(y)
    if t.ndim != 1 or not (t.shape == y.shape == s.shape) or not (np.diff(t) > 0).all():
        raise ValueError("times must rise strictly and have one value and one error each.")
    if seen.sum() < 3 or not (s[seen] > 0).all():
        raise ValueError(f"{int(seen.sum())} readings; three or more with positive errors are needed.")
    if walk_variance is None:
        span = float(np.nanvar(y)) or 1.0
        bounds = (np.log(span * 1e-6), np.log(span * 10))
        best = optimize.minimize_scalar(lambda v: -_smooth(t, y, s, np.exp(v))[2], bounds=bounds, method="bounded")
        walk_variance = float(np.exp(best.x))
    mean, covariance, likelihood = _smooth(t, y, s, walk_variance)
    return Opinion(t, mean, covariance, walk_variance, likelihood)


def _smooth(t: Floats, y: Floats, s: Floats, q: float) -> tuple[Floats, Floats, float]:
    steps = q * np.diff(t)
    difference = np.diff(np.eye(len(t)), axis=0)
    seen = np.isfinite(y)
    weight = np.where(seen, 1 / np.where(seen, s, 1.0) ** 2, 0.0)
    information = np.where(seen, weight * np.where(seen, y, 0.0), 0.0)
    precision = difference.T @ (difference / steps[:, None]) + np.diag(weight)
    covariance = np.linalg.inv(precision)
    mean = covariance @ information
    fit = float(weight @ np.where(seen, y, 0.0) ** 2 - information @ mean)
    spread = float(np.log(steps).sum() + np.linalg.slogdet(precision)[1] - np.log(weight[seen]).sum())
    return mean, covariance, -0.5 * (fit + spread + (seen.sum() - 1) * np.log(2 * np.pi))


def _normal(level: float) -> float:
    if not 0 < level < 100:
        raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
    return float(stats.norm.ppf(0.5 + level / 200))
