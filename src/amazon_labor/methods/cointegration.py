"""Do two wandering series wander together? Residual and rank tests, and which of the two gives way.

A regression between two series with unit roots means something only if a combination of them has none (Engle and Granger
1987). Their test looks at the residual of a regression and depends on which series stands left; Johansen's (1991) looks at
the rank of a vector autoregression and does not, but rejects too often in short samples, so its statistic is also shown
with the correction of Reinsel and Ahn (1992). The two can disagree, and then the data do not say.

References
----------
Engle, R. F. and Granger, C. W. J. (1987), Econometrica 55(2), 251-276.
Johansen, S. (1991), Econometrica 59(6), 1551-1580.
MacKinnon, J. G. (2010), Critical values for cointegration tests, Queen's Economics Department Working Paper 1227.
Reinsel, G. C. and Ahn, S. K. (1992), Journal of Time Series Analysis 13(4), 353-375.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Residual:
    """Engle and Granger: `statistic` of the residual's unit-root test and MacKinnon's p-value; small p, cointegrated."""

    statistic: float
    p: float


@dataclass(frozen=True)
class Rank:
    """Johansen's trace test of no cointegration.

    Attributes
    ----------
    trace, corrected : float
        The statistic, and scaled by ``(T - k p) / T`` for `p` series and `k` lags in levels.
    critical_90, critical_95 : float
        Asymptotic critical values, constant in the equations.
    """

    trace: float
    corrected: float
    critical_90: float
    critical_95: float


@dataclass(frozen=True)
class Adjustment:
    """Speed at which each series closes a gap to the common relation, per year, with standard errors."""

    first: float
    first_error: float
    second: float
    second_error: float

    def t(self) -> tuple[float, float]:
        """Both speeds over their errors."""
        return self.first / self.first_error, self.second / self.second_error


def engle_granger(y: ArrayLike, x: ArrayLike) -> Residual:
    """Test the residual of `y` on `x` and a constant for a unit root, lags by Akaike's criterion."""
    from statsmodels.tsa.stattools import coint

    a, b = _pair(y, x)
    statistic, p, _ = coint(a, b, trend="c", autolag="aic")
    return Residual(float(statistic), float(p))


def johansen(y: ArrayLike, x: ArrayLike, lags: int) -> Rank:
    """Trace test that no combination of `y` and `x` is stationary, with `lags` lagged differences and a constant.

    Raises
    ------
    ValueError
        If `lags` is below 1: statsmodels would then take the level of the same year for that of the year before.
    """
    from statsmodels.tsa.vector_ar.vecm import coint_johansen

    if lags < 1:
        raise ValueError(f"lags is {lags!r}; at least one lagged difference is needed.")
    pair = np.column_stack(_pair(y, x))
    found = coint_johansen(pair, 0, lags)
    used = len(pair) - lags - 1
    trace = float(found.trace_stat[0])
    corrected = trace * (used - 2 * (lags + 1)) / used
    critical_90, critical_95, _ = (float(c) for c in found.trace_stat_crit_vals[0])
    return Rank(trace, corrected, critical_90, critical_95)


def adjustment(y: ArrayLike, x: ArrayLike, lags: int) -> Adjustment:
    """Speeds of a vector error-correction model of rank one; a series whose speed is zero leads and does not follow.

    A negative speed of `y` and one of `x` with the sign of the relation bring the pair back. Errors are those of maximum
    likelihood, given that the pair is cointegrated.
    """
    from statsmodels.tsa.vector_ar.vecm import VECM

    pair = np.column_stack(_pair(y, x))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = VECM(pair, k_ar_diff=lags, coint_rank=1, deterministic="co").fit()
    speeds, errors = fitted.alpha[:, 0], fitted.stderr_alpha[:, 0]
    return Adjustment(float(speeds[0]), float(errors[0]), float(speeds[1]), float(errors[1]))


def unit_root(values: ArrayLike, *, trend: bool = True) -> float:
    """p-value of the augmented Dickey-Fuller test with constant and, by default, trend; large p, a unit root is possible."""
    from statsmodels.tsa.stattools import adfuller

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return float(adfuller(np.asarray(values, np.float64), regression="ct" if trend else "c", autolag="AIC")[1])


def leave_one_out(y: ArrayLike, x: ArrayLike) -> Floats:
    """Slope of `y` on `x` and a constant without each observation in turn, shape (n,); closed form, no refitting.

    A slope that moves far when one year is left out is that year's, not the sample's (Belsley, Kuh and Welsch 1980).
    """
    a, b = _pair(y, x)
    dx, dy = b - b.mean(), a - a.mean()
    spread = float(dx @ dx)
    slope = float(dx @ dy) / spread
    leverage = 1 / len(b) + dx**2 / spread
    return np.asarray(slope - dx * (dy - slope * dx) / (spread * (1 - leverage)))


def slope_interval(slope: float, error: float, n: int, level: float) -> tuple[float, float]:
    """Interval of a slope by Student's t with n - 2 degrees of freedom."""
    reach = float(stats.t.ppf(0.5 + level / 200, n - 2)) * error
    return slope - reach, slope + reach


def _pair(y: ArrayLike, x: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(y, np.float64), np.asarray(x, np.float64)
    if a.shape != b.shape or a.ndim != 1 or len(a) < 12 or not (np.isfinite(a) & np.isfinite(b)).all():
        raise ValueError(f"y and x have shapes {a.shape} and {b.shape}; twelve or more pairs without gaps are needed.")
    return a, b
