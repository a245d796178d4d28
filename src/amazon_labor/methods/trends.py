"""Trends and forecasts of a short yearly series, and how well they did on years they had not seen.

A straight line answers "was this year off the trend"; a forecast needs a model of how errors build up. Three are offered,
from no structure to some: a random walk with drift, an ARIMA model, and a local linear trend whose level and slope wander
(Harvey 1989). A forecast is a mean and a standard deviation for each year ahead; it is scored by absolute error, by the
share of outcomes inside its interval, and by two proper scores (Gneiting and Raftery 2007).
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """A straight line through a series.

    Attributes
    ----------
    intercept, slope : float
        Value at `origin` and change per unit of x.
    covariance : numpy.ndarray, shape (2, 2)
        Newey and West covariance of the two (classical with `lags` of None).
    sigma : float
        Standard deviation of the residuals, corrected for two degrees of freedom.
    n : int
        Observations.
    origin : float
        Mean of x, from which the intercept is counted.
    """

    intercept: float
    slope: float
    covariance: Floats
    sigma: float
    n: int
    origin: float

    @property
    def slope_error(self) -> float:
        return float(np.sqrt(self.covariance[1, 1]))

    def at(self, x: ArrayLike) -> Floats:
        """Value of the line at `x`."""
        return self.intercept + self.slope * (np.asarray(x, dtype=np.float64) - self.origin)

    def slope_interval(self, level: float = 90) -> tuple[float, float]:
        """Confidence interval of the slope by Student's t."""
        reach = _student(level, self.n - 2) * self.slope_error
        return self.slope - reach, self.slope + reach

    def prediction_interval(self, x: ArrayLike, level: float = 90) -> tuple[Floats, Floats]:
        """Interval in which a new observation at `x` should fall, if errors go on as they were.

        The error of the line and the scatter around it are added. Errors that last from year to year shrink the scatter
        a short sample shows, so far from the sample the interval is too narrow rather than too wide.
        """
        design = np.column_stack(np.broadcast_arrays(1.0, np.atleast_1d(np.asarray(x, dtype=np.float64)) - self.origin))
        spread = np.sqrt(self.sigma**2 + np.einsum("ij,jk,ik->i", design, self.covariance, design))
        reach = _student(level, self.n - 2) * spread
        line = design @ np.array([self.intercept, self.slope])
        return line - reach, line + reach


def linear_trend(x: ArrayLike, y: ArrayLike, *, lags: int | None = None) -> Trend:
    """Fit a straight line by least squares.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        For example years and values, at least four of them, in order of x.
    lags : int, optional
        None for classical errors, else the Newey and West bandwidth in observations.
    """
    import statsmodels.api as sm

    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or len(x) < 4:
        raise ValueError(f"x and y have shapes {x.shape} and {y.shape}; a trend needs four or more pairs.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x or y holds a missing value; drop the pair, or say how the gap is to be filled.")
    model = sm.OLS(y, np.column_stack([np.ones(len(x)), x - x.mean()]))
    robust = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    fitted = model.fit() if lags is None else model.fit(**robust)
    intercept, slope = (float(b) for b in fitted.params)
    sigma = math.sqrt(float(fitted.resid @ fitted.resid) / (len(x) - 2))
    return Trend(intercept, slope, np.asarray(fitted.cov_params()), sigma, len(x), float(x.mean()))


# --- forecasts --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Forecast:
    """Mean and standard deviation for 1, 2, ... periods ahead, each of shape (horizon,)."""

    mean: Floats
    deviation: Floats

    def interval(self, level: float = 90) -> tuple[Floats, Floats]:
        """Central interval of a normal forecast distribution."""
        reach = _normal(level) * self.deviation
        return self.mean - reach, self.mean + reach


def random_walk_with_drift(y: ArrayLike, horizon: int) -> Forecast:
    """Go on by the mean change, with the error of that mean added to the errors that pile up."""
    y = _series(y, horizon)
    changes = np.diff(y)
    steps = np.arange(1, horizon + 1)
    variance = changes.var(ddof=1) * (steps + steps**2 / len(changes))
    return Forecast(y[-1] + steps * changes.mean(), np.sqrt(variance))


def arima(y: ArrayLike, horizon: int, lags: int = 1) -> Forecast:
    """Forecast by ARIMA(`lags`, 1, 0) with drift, fitted by conditional maximum likelihood, which is least squares.

    Its parameters are taken as known, so the deviation leaves their error out.
    """
    from statsmodels.tsa.ar_model import AutoReg
    from statsmodels.tsa.arima_process import arma2ma

    y = _series(y, horizon)
    fitted = AutoReg(np.diff(y), lags, trend="c").fit()
    steps = fitted.forecast(horizon)
    # a shock moves the level by the running sum of the moving-average weights of the change
    weights = np.cumsum(arma2ma(np.concatenate([[1.0], -fitted.params[1:]]), [1.0], horizon))
    variance = float(fitted.resid @ fitted.resid) / (len(fitted.resid) - lags - 1)
    return Forecast(y[-1] + np.cumsum(steps), np.sqrt(variance * np.cumsum(weights**2)))


def local_linear_trend(y: ArrayLike, horizon: int) -> Forecast:
    """Forecast by a level and a slope that each follow a random walk, fitted by maximum likelihood (Harvey 1989)."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    y = _series(y, horizon)
    scale = float(np.diff(y).std()) or 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = UnobservedComponents(y / scale, "lltrend")
        ahead = model.fit(disp=False, cov_type="none").get_forecast(horizon)
    return Forecast(np.asarray(ahead.predicted_mean) * scale, np.asarray(ahead.se_mean) * scale)


def straight_line(y: ArrayLike, horizon: int) -> Forecast:
    """Extend the least-squares line; its deviation is that of `Trend.prediction_interval` with a normal quantile."""
    y = _series(y, horizon)
    trend = linear_trend(np.arange(len(y)), y, lags=newey_west(len(y)))
    ahead = np.arange(len(y), len(y) + horizon)
    low, high = trend.prediction_interval(ahead, 90)
    return Forecast(trend.at(ahead), (high - low) / 2 / _student(90, trend.n - 2))


FORECASTS: Mapping[str, Callable[[ArrayLike, int], Forecast]] = {
    "random walk with drift": random_walk_with_drift,
    "ARIMA with drift": arima,
    "local linear trend": local_linear_trend,
    "straight line": straight_line,
}


def newey_west(n: int) -> int:
    """Rule-of-thumb bandwidth ``floor(4 (n / 100)^(2/9))`` (Newey and West 1994)."""
    return math.floor(4 * (n / 100) ** (2 / 9))


# --- scores -----------------------------------------------------------------------------------------------------------
def crps_normal(mean: ArrayLike, deviation: ArrayLike, outcome: ArrayLike) -> Floats:
    """Continuous ranked probability score of a normal forecast, in the unit of the outcome; small is good.

    For a forecast without spread it is the absolute error (Gneiting and Raftery 2007, equation 21).
    """
    mean, deviation, outcome = (np.asarray(v, dtype=np.float64) for v in (mean, deviation, outcome))
    z = (outcome - mean) / deviation
    return deviation * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi))


def interval_score(low: ArrayLike, high: ArrayLike, outcome: ArrayLike, level: float = 90) -> Floats:
    """Width of an interval plus a penalty for every outcome it misses (Gneiting and Raftery 2007, equation 43)."""
    low, high, outcome = (np.asarray(v, dtype=np.float64) for v in (low, high, outcome))
    penalty = 2 / (1 - level / 100)
    return high - low + penalty * (np.maximum(low - outcome, 0) + np.maximum(outcome - high, 0))


def rolling_origin(
    years: Sequence[int], y: ArrayLike, first_origin: int, horizon: int, methods: Sequence[str] = tuple(FORECASTS)
) -> pd.DataFrame:
    """Forecast from every year since `first_origin`, each time with the data up to that year only.

    Returns
    -------
    pandas.DataFrame
        One row per method, origin and year ahead for which there is an outcome: `method`, `origin`, `year`, `ahead`,
        `mean`, `deviation`, `outcome`.
    """
    y, index = np.asarray(y, dtype=np.float64), {int(year): k for k, year in enumerate(years)}
    if first_origin not in index or index[first_origin] == len(y) - 1:
        raise ValueError(f"first_origin is {first_origin}; allowed are {min(index)} to {max(index) - 1}.")
    rows = []
    for method in methods:
        for start in range(index[first_origin], len(y) - 1):
            ahead = min(horizon, len(y) - 1 - start)
            forecast = FORECASTS[method](y[: start + 1], ahead)
            for step in range(ahead):
                place = (method, int(years[start]), int(years[start + step + 1]), step + 1)
                rows.append((*place, forecast.mean[step], forecast.deviation[step], y[start + step + 1]))
    return pd.DataFrame(rows, columns=["method", "origin", "year", "ahead", "mean", "deviation", "outcome"])


def scores(forecasts: pd.DataFrame, level: float = 90, by: Sequence[str] = ("method",)) -> pd.DataFrame:
    """Score the rows of `rolling_origin` by group, in the order of first appearance.

    Returns
    -------
    pandas.DataFrame
        `mean_error` (outcome less forecast), `mean_absolute_error`, `coverage_percent` (of the interval at `level`),
        `crps`, `interval_score`, `forecasts` (their number).
    """
    reach = _normal(level) * forecasts["deviation"]
    low, high = forecasts["mean"] - reach, forecasts["mean"] + reach
    error = forecasts["outcome"] - forecasts["mean"]
    each = forecasts[list(by)].assign(
        mean_error=error,
        mean_absolute_error=error.abs(),
        coverage_percent=100.0 * forecasts["outcome"].between(low, high),
        crps=crps_normal(forecasts["mean"], forecasts["deviation"], forecasts["outcome"]),
        interval_score=interval_score(low, high, forecasts["outcome"], level),
    )
    groups = each.groupby(list(by), sort=False)
    return groups.mean().assign(forecasts=groups.size()).reset_index()


def _series(y: ArrayLike, horizon: int) -> Floats:
    y = np.asarray(y, dtype=np.float64)
    if y.ndim != 1 or len(y) < 8 or not np.isfinite(y).all():
        raise ValueError(f"a forecast needs eight or more values without a gap, not an array of shape {y.shape}.")
    if horizon < 1:
        raise ValueError(f"horizon is {horizon!r}; at least one period ahead is forecast.")
    return y


def _normal(level: float) -> float:
    return float(stats.norm.ppf(0.5 + _share(level) / 2))


def _student(level: float, freedom: int) -> float:
    return float(stats.t.ppf(0.5 + _share(level) / 2, freedom))


def _share(level: float) -> float:
    if not 0 < level < 100:
        raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100, for example 90.")
    return level / 100
