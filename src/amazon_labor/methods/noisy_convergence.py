"""Do places become alike? Dispersion over time, and catching up, both cleared of sampling noise.

Sigma-convergence is a fall of the standard deviation between places; beta-convergence is that places which started high
fell faster (Barro and Sala-i-Martin 1992). The second does not imply the first (Quah 1993), and both are deceived by
noise: an estimate that is high by chance is likely to be lower next time (Galton's fallacy, Friedman 1992), and noise
adds to the dispersion. Where errors are known their variance is taken off; where a second, independent estimate of the
start exists it is the instrument.

References
----------
Barro, R. J. and Sala-i-Martin, X. (1992), Journal of Political Economy 100(2), 223-251.
Friedman, M. (1992), Journal of Economic Literature 30(4), 2129-2132.
Quah, D. (1993), Scandinavian Journal of Economics 95(4), 427-443.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """Standard deviation between places.

    Attributes
    ----------
    observed : float
        Of the estimates.
    sampling : float
        Root mean square of their standard errors.
    true : float
        What is left when the sampling variance is taken off; zero if nothing is.
    low, high : float
        Interval of `true`, for sampling error only: the places are all there are.
    """

    observed: float
    sampling: float
    true: float
    low: float
    high: float


def dispersion(values: ArrayLike, errors: ArrayLike, level: float = 90) -> Dispersion:
    """Dispersion of independent normal estimates with known errors.

    The variance of the sample variance follows from the fourth moments of the normal: with A the matrix that takes out
    the mean and S that of the squared errors, ``(2 tr(ASAS) + 4 m'ASAm) / (n-1)^2``, its unknown means estimated without
    bias.

    Parameters
    ----------
    values, errors : array_like, shape (n,)
        Estimates and their standard errors, at least three.
    """
    x, e = np.asarray(values, np.float64), np.asarray(errors, np.float64)
    n = len(x)
    if x.shape != e.shape or n < 3 or not (np.isfinite(x) & np.isfinite(e)).all():
        raise ValueError(f"values and errors have shapes {x.shape} and {e.shape}; three or more full pairs are needed.")
    centre = np.eye(n) - 1 / n
    spread = centre * e**2  # A times the diagonal matrix of squared errors
    d = centre @ x
    variance = float(d @ d) / (n - 1)
    noise = float((e**2).mean())  # the trace of AS over n - 1
    squares = float(np.trace(spread @ spread))
    moment = max(0.0, 4 * float((d**2 * e**2).sum()) - 2 * squares) / (n - 1) ** 2
    reach = float(stats.norm.ppf(0.5 + level / 200)) * math.sqrt(moment)
    low, true, high = (math.sqrt(max(0.0, variance - noise + k * reach)) for k in (-1, 0, 1))
    return Dispersion(math.sqrt(variance), math.sqrt(noise), true, low, high)


@dataclass(frozen=True)
class Slope:
    """Slope of change on start with its robust standard error."""

    value: float
    error: float
    n: int

    def interval(self, level: float = 90) -> tuple[float, float]:
        """Interval by Student's t with n - 2 degrees of freedom."""
        reach = float(stats.t.ppf(0.5 + level / 200, self.n - 2)) * self.error
        return self.value - reach, self.value + reach


def catching_up(start: ArrayLike, end: ArrayLike, instrument: ArrayLike | None = None) -> Slope:
    """Slope of ``end - start`` on `start`; below zero, places that started high fell behind.

    Parameters
    ----------
    start, end : array_like, shape (n,)
        Levels, or their logarithms.
    instrument : array_like, optional
        A second measure of the start with independent errors, which clears the slope of the noise in `start`; without it
        least squares. Errors are robust to heteroskedasticity (HC1).
    """
    x, y = np.asarray(start, np.float64), np.asarray(end, np.float64)
    z = x if instrument is None else np.asarray(instrument, np.float64)
    if not x.shape == y.shape == z.shape or len(x) < 4:
        raise ValueError(f"start, end and instrument have {len(x)}, {len(y)} and {len(z)} values; four or more needed.")
    dx, dz, change = x - x.mean(), z - z.mean(), (y - x) - (y - x).mean()
    spread = float(dz @ dx)
    if abs(spread) < 1e-12:
        raise ValueError("start does not vary with its instrument: no slope can be found.")
    value = float(dz @ change) / spread
    score = dz * (change - value * dx)
    n = len(x)
    return Slope(value, math.sqrt(n / (n - 2) * float(score @ score)) / abs(spread), n)
