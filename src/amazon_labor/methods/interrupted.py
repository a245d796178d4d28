"""Interrupted time series: what the years before an event implied, how far the series left it, and how much lasted.

The path before the event is fitted by least squares and carried on; the gap to it is the effect if nothing else happened
at the time (Bernal, Cummins and Gasparrini 2017, International Journal of Epidemiology 46(1)). Errors may last from
period to period, so gaps of neighbouring periods are not independent: the whole covariance of the path is kept, and the
mean gap and the ratio of two gaps get their intervals from it.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
ERRORS = ("independent", "hac", "ar1")


@dataclass(frozen=True)
class Counterfactual:
    """Path expected without the event, with the error of a new observation around it.

    Attributes
    ----------
    mean : numpy.ndarray, shape (h,)
        Path at the periods asked for.
    covariance : numpy.ndarray, shape (h, h)
        Covariance of observation less path: error of the fit plus the disturbances to come.
    freedom : int
        Residual degrees of freedom, for Student's t.
    rho : float
        First-order autocorrelation of the residuals (0 for independent errors).
    """

    mean: Floats
    covariance: Floats
    freedom: int
    rho: float

    @property
    def deviation(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 90) -> tuple[Floats, Floats]:
        """Prediction interval of each period; not simultaneous for all of them."""
        reach = self.critical(level) * self.deviation
        return self.mean - reach, self.mean + reach

    def mean_gap(self, observed: ArrayLike, level: float = 90) -> tuple[float, float, float]:
        """Mean of observed less path over all periods: value, low, high."""
        gap = float(np.mean(np.asarray(observed, dtype=np.float64) - self.mean))
        reach = self.critical(level) * math.sqrt(float(self.covariance.mean()))
        return gap, gap - reach, gap + reach

    def lasted(self, observed: ArrayLike, late: int, early: int, level: float = 90) -> tuple[float, float, float]:
        """Ratio of the gap at position `late` to that at `early`, with Fieller's interval."""
        gap, cov = np.asarray(observed, dtype=np.float64) - self.mean, self.covariance
        spread = (float(cov[late, late]), float(cov[early, early]), float(cov[late, early]))
        return fieller(float(gap[late]), float(gap[early]), *spread, self.critical(level))

    def critical(self, level: float) -> float:
        """Two-sided quantile of Student's t."""
        if not 0 < level < 100:
            raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100, for example 90.")
        return float(stats.t.ppf(0.5 + level / 200, self.freedom))


def design(t: ArrayLike, *, degree: int = 1, season: int = 0, origin: float = 0.0) -> Floats:
    """Columns of a trend in `t` and, with a `season`, one dummy for each of its periods but the first.

    Parameters
    ----------
    t : array_like of int, shape (n,)
        Periods counted from the start of a year, so that ``t % season`` is the place in the year.
    degree : int
        1 for a straight line, 2 for a parabola.
    season : int
        Periods in a year, 0 for a series without or with removed season.
    origin : float
        Period at which the trend is counted from zero; near the data, for accuracy.
    """
    periods = np.asarray(t, dtype=np.int64)
    powers = [((periods - origin) / 12.0) ** k for k in range(degree + 1)]
    dummies = [(periods % season == k).astype(np.float64) for k in range(1, season)]
    return np.column_stack(powers + dummies)


def counterfactual(
    t: ArrayLike,
    y: ArrayLike,
    ahead: ArrayLike,
    *,
    degree: int = 1,
    season: int = 0,
    errors: str = "independent",
    lags: int = 4,
) -> Counterfactual:
    """Fit the periods before the event and carry the path on.

    Parameters
    ----------
    t, y : array_like, shape (n,)
        Integer periods, rising, gaps allowed, and values.
    ahead : array_like, shape (h,)
        Periods at which the path is wanted.
    degree, season : int
        See `design`.
    errors : str
        ``independent``: classical errors. ``hac``: the fit's covariance after Newey and West (1987) with `lags`.
        ``ar1``: covariance of least squares under a first-order autoregression of the residuals. The last two let the
        disturbances to come follow that autoregression as well. The path itself does not use the last residual.

    Raises
    ------
    ValueError
        On an unknown kind of errors, a missing value, or too few observations.
    """
    import statsmodels.api as sm

    t, y, ahead = np.asarray(t, np.int64), np.asarray(y, np.float64), np.asarray(ahead, np.int64)
    _check(t, y, errors, degree + 1 + max(season - 1, 0))
    origin = float(t.mean())
    x = design(t, degree=degree, season=season, origin=origin)
    new = design(ahead, degree=degree, season=season, origin=origin)
    model = sm.OLS(y, x)
    fitted = model.fit()
    variance = float(fitted.mse_resid)
    rho = 0.0 if errors == "independent" else _autocorrelation(t, np.asarray(fitted.resid))
    if errors == "hac":
        robust = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
        spread = np.asarray(robust.cov_params())
    else:
        bread = np.linalg.inv(x.T @ x) @ x.T
        spread = variance * bread @ _powers(t, rho) @ bread.T
    covariance = new @ spread @ new.T + variance * _powers(ahead, rho)
    return Counterfactual(new @ np.asarray(fitted.params), covariance, int(fitted.df_resid), rho)


def fieller(a: float, b: float, var_a: float, var_b: float, cov: float, critical: float) -> tuple[float, float, float]:
    """Ratio ``a / b`` of two normal estimates with the confidence interval of Fieller (1954).

    Both ends are NaN when `b` does not differ from zero at this level: the set is then unbounded.
    """
    c2 = critical**2
    lead = b**2 - c2 * var_b
    middle = a * b - c2 * cov
    inside = middle**2 - lead * (a**2 - c2 * var_a)
    if lead <= 0 or inside < 0:
        return a / b, math.nan, math.nan
    root = math.sqrt(inside)
    return a / b, (middle - root) / lead, (middle + root) / lead


def segmented(t: ArrayLike, y: ArrayLike, event: int, *, lags: int = 4) -> pd.DataFrame:
    """Segmented regression: level and slope before, step at the event and change of slope after it.

    Returns
    -------
    pandas.DataFrame
        Rows `level`, `slope`, `step`, `slope change`; columns `estimate` and `error` (Newey and West with `lags`).
        Slopes are per period; the level is that of the event's period on the old line.
    """
    import statsmodels.api as sm

    since = np.asarray(t, dtype=np.float64) - event
    after = (since >= 0).astype(np.float64)
    x = np.column_stack([np.ones_like(since), since, after, after * since])
    options = {"maxlags": lags, "use_correction": True}
    fitted = sm.OLS(np.asarray(y, np.float64), x).fit(cov_type="HAC", cov_kwds=options)
    names = pd.Index(["level", "slope", "step", "slope change"], name="term")
    return pd.DataFrame({"estimate": np.asarray(fitted.params), "error": np.asarray(fitted.bse)}, index=names)


def placebo_gaps(t: ArrayLike, y: ArrayLike, window: int, ahead: int, *, degree: int = 1) -> pd.DataFrame:
    """Gaps where nothing happened: fit every window of `window` periods and look `ahead` periods past its end.

    Returns
    -------
    pandas.DataFrame
        Indexed by the period looked at: `gap` and `score`, the gap over its deviation with independent errors.
    """
    t, y = np.asarray(t, np.int64), np.asarray(y, np.float64)
    rows = {}
    for end in range(window, len(t) - ahead + 1):
        past, at = slice(end - window, end), end + ahead - 1
        path = counterfactual(t[past], y[past], t[[at]], degree=degree)
        gap = float(y[at] - path.mean[0])
        rows[int(t[at])] = (gap, gap / float(path.deviation[0]))
    if not rows:
        raise ValueError(f"window is {window!r}; with {ahead} ahead at most {len(t) - ahead} of {len(t)} periods fit.")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["gap", "score"]).rename_axis("period")


def _autocorrelation(t: NDArray[np.int64], residuals: Floats) -> float:
    """First-order autocorrelation over neighbouring periods only, kept inside (0, 0.98)."""
    neighbours = np.diff(t) == 1
    value = float((residuals[1:] * residuals[:-1])[neighbours].mean() / np.mean(residuals**2))
    return min(max(value, 0.0), 0.98)


def _powers(t: NDArray[np.int64], rho: float) -> Floats:
    """Correlation matrix of a first-order autoregression at the periods `t`."""
    distance = np.abs(np.subtract.outer(t, t)).astype(np.float64)
    return np.where(distance == 0, 1.0, rho**distance)


def _check(t: NDArray[np.int64], y: Floats, errors: str, columns: int) -> None:
    if errors not in ERRORS:
        raise ValueError(f"errors is {errors!r}; allowed are {', '.join(ERRORS)}.")
    if t.shape != y.shape or (np.diff(t) <= 0).any() or not np.isfinite(y).all():
        raise ValueError("t must rise, each period once, and y hold one finite value for each.")
    if len(t) < columns + 3:
        raise ValueError(f"{len(t)} periods are too few for {columns} coefficients; three more are needed.")
