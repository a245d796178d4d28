"""Spurious regression: what a line through two trending series reports when nothing joins them.

Two independent random walks regressed on each other give a large t statistic most of the time, the more often the longer
the sample (Granger and Newbold 1974; Phillips 1986); errors robust to autocorrelation mend a part of it only, since the
residuals have no finite long-run variance. In differences the test has its size.

References
----------
Granger, C. W. J. and Newbold, P. (1974), Journal of Econometrics 2(2), 111-120.
Phillips, P. C. B. (1986), Journal of Econometrics 33(3), 311-340.
Newey, W. K. and West, K. D. (1987), Econometrica 55(3), 703-708.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Least-squares line ``y = a + b x``; each field has one entry for each pair of series.

    Attributes
    ----------
    slope, error, robust_error : numpy.ndarray
        Slope, its classical error, and that of Newey and West (both with n - 2 degrees of freedom).
    r_squared, durbin_watson : numpy.ndarray
        Share of variance explained; Durbin and Watson's statistic, near 2 for residuals without autocorrelation.
    n, lags : int
        Observations, and bandwidth of the robust error.
    """

    slope: Floats
    error: Floats
    robust_error: Floats
    r_squared: Floats
    durbin_watson: Floats
    n: int
    lags: int

    def critical(self, level: float = 90) -> float:
        """Two-sided critical value of Student's t."""
        return float(stats.t.ppf(0.5 + level / 200, self.n - 2))


def line(y: ArrayLike, x: ArrayLike, lags: int) -> Line:
    """Regress each row of `y` on the same row of `x`.

    Parameters
    ----------
    y, x : array_like, shape (..., n)
        Series along the last axis.
    lags : int
        Bandwidth of the Bartlett weights.
    """
    responses: Floats = np.asarray(y, np.float64)
    regressors: Floats = np.asarray(x, np.float64)
    n = responses.shape[-1]
    if responses.shape != regressors.shape or n < 5 or not 0 <= lags < n:
        raise ValueError(
            f"y and x must have one shape with at least 5 periods, and lags ({lags!r}) be below their number."
        )
    dx: Floats = regressors - regressors.mean(axis=-1, keepdims=True)
    dy: Floats = responses - responses.mean(axis=-1, keepdims=True)
    spread = (dx**2).sum(axis=-1)
    slope = (dx * dy).sum(axis=-1) / spread
    residual = dy - slope[..., None] * dx
    squares = (residual**2).sum(axis=-1)
    score = dx * residual
    long_run = (score**2).sum(axis=-1)
    for lag in range(1, lags + 1):
        long_run = long_run + 2 * (1 - lag / (lags + 1)) * (score[..., lag:] * score[..., :-lag]).sum(axis=-1)
    return Line(
        slope=slope,
        error=np.sqrt(squares / (n - 2) / spread),
        robust_error=np.sqrt(long_run * n / (n - 2)) / spread,
        r_squared=1 - squares / (dy**2).sum(axis=-1),
        durbin_watson=(np.diff(residual) ** 2).sum(axis=-1) / squares,
        n=n,
        lags=lags,
    )


def false_findings(n: int, lags: int, draws: int, seed: int, *, level: float = 95) -> dict[str, dict[str, float]]:
    """Regress pairs of independent random walks of length `n` on each other, in levels and in differences.

    Returns
    -------
    dict
        For `levels` and `differences`: shares of pairs (0 to 1) called significant at 100 - `level` percent by the
        `classical` and the `robust` error, and the median `r_squared`.
    """
    walks = np.cumsum(np.random.default_rng(seed).standard_normal((2, draws, n)), axis=2)
    found = {}
    for name, (y, x) in {"levels": walks, "differences": np.diff(walks, axis=2)}.items():
        fit = line(y, x, lags)
        found[name] = {
            "classical": float((np.abs(fit.slope / fit.error) > fit.critical(level)).mean()),
            "robust": float((np.abs(fit.slope / fit.robust_error) > fit.critical(level)).mean()),
            "r_squared": float(np.median(fit.r_squared)),
        }
    return found
