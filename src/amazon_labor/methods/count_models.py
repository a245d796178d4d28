"""Counts before and after an event: a ratio over a panel of places, a path carried on, and the same question asked of quiet times.

The mean of a count is modelled on the log scale, so that effects are ratios (McCullagh and Nelder 1989, chapter 6). Counts
of places vary more than one Poisson rate allows; the Poisson estimate stays consistent all the same, if its errors are
taken from the places themselves (Wooldridge 1999, Journal of Econometrics 90(1)).
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from amazon_labor.methods import interrupted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PanelRatio:
    """Mean count after an event over that before it, with places as fixed effects.

    Attributes
    ----------
    ratio, low, high : float
        Estimate and interval at `level` percent.
    log_error : float
        Standard error of the logarithm of the ratio, clustered by place.
    places : int
        Places with at least one event; the others say nothing about the ratio.
    level : float
        Percent.
    """

    ratio: float
    low: float
    high: float
    log_error: float
    places: int
    level: float


def panel_ratio(before: ArrayLike, after: ArrayLike, exposure: float = 1.0, level: float = 90) -> PanelRatio:
    """Poisson regression with a fixed effect for each place and one step for all of them.

    Parameters
    ----------
    before, after : array_like, shape (n,)
        Events of each place.
    exposure : float
        Length of the time after over that before.
    level : float
        Percent.

    Notes
    -----
    In a balanced panel with two periods the maximum likelihood estimate is the ratio of the totals. Given its total a
    place's later count is binomial (Hausman, Hall and Griliches 1984), and the sum of squared residuals of the places
    gives the variance that allows for any dependence inside a place. Shocks that hit all places at once are not in it.

    Raises
    ------
    ValueError
        If the arrays differ in length, a count is negative, one of the totals is 0, or fewer than two places have events.
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f"before has shape {first.shape}, after {second.shape}; give one count of each for every place."
        )
    if (first < 0).any() or (second < 0).any() or not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("counts are finite numbers from 0.")
    if not exposure > 0:
        raise ValueError(f"exposure is {exposure!r}; it must be positive.")
    total = first + second
    places = int((total > 0).sum())
    if places < 2 or first.sum() == 0 or second.sum() == 0:
        raise ValueError("a ratio needs events before and after, in two places or more.")
    share = float(second.sum() / total.sum())
    meat = float(((second - share * total) ** 2).sum()) * places / (places - 1)
    error = math.sqrt(meat) / (float(total.sum()) * share * (1 - share))
    ratio = share / (1 - share) / exposure
    reach = float(stats.t.ppf(0.5 + level / 200, places - 1)) * error
    return PanelRatio(ratio, ratio * math.exp(-reach), ratio * math.exp(reach), error, places, level)


@dataclass(frozen=True)
class CountPath:
    """Counts expected without the event.

    Attributes
    ----------
    fitted : numpy.ndarray, shape (n,)
        Path over the periods it was fitted to.
    mean : numpy.ndarray, shape (h,)
        Path over the periods asked for.
    draws : numpy.ndarray, shape (d, h)
        Counts that the model could produce there, with the error of its coefficients.
    dispersion : float
        Pearson's chi squared over its degrees of freedom; 1 for Poisson counts.
    autocorrelation : float
        First-order autocorrelation of the Pearson residuals.
    """

    fitted: Floats
    mean: Floats
    draws: NDArray[np.int64]
    dispersion: float
    autocorrelation: float

    def interval(self, level: float = 90) -> tuple[Floats, Floats]:
        """Prediction interval of each period."""
        low, high = np.quantile(self.draws, [0.5 - level / 200, 0.5 + level / 200], axis=0)
        return low, high

    def excess(self, observed: ArrayLike, level: float = 90) -> tuple[float, float, float]:
        """Observed total over the total expected: value, low, high. Periods vary independently about the path."""
        seen = float(np.asarray(observed, dtype=np.float64).sum())
        totals = self.draws.sum(axis=1)
        low, high = np.quantile(totals, [0.5 - level / 200, 0.5 + level / 200])
        return seen / float(self.mean.sum()), seen / float(high), seen / float(max(low, 1.0))


def seasonal_path(
    t: ArrayLike,
    y: ArrayLike,
    ahead: ArrayLike,
    *,
    degree: int = 1,
    season: int = 4,
    lags: int = 4,
    draws: int = 2000,
    seed: int = 0,
) -> CountPath:
    """Fit a log-linear path with seasons to counts before an event and carry it on.

    Parameters
    ----------
    t, y : array_like, shape (n,)
        Integer periods counted from the start of a year, rising, and counts.
    ahead : array_like, shape (h,)
        Periods at which counts are wanted.
    degree : int
        0 for a constant level, 1 for a constant rate of growth.
    season : int
        Periods in a year.
    lags : int
        Of the covariance of the coefficients (Newey and West 1987).
    draws, seed : int
        Simulated futures and the start of their random numbers.

    Notes
    -----
    Futures are gamma mixtures of Poisson counts whose variance is the mean times the dispersion (NB1 of Cameron and
    Trivedi 1986), about paths drawn from the normal distribution of the coefficients.

    Raises
    ------
    ValueError
        If a count is negative or there are fewer than three periods more than coefficients.
    """
    import statsmodels.api as sm

    t, y, ahead = np.asarray(t, np.int64), np.asarray(y, np.float64), np.asarray(ahead, np.int64)
    origin = float(t.mean())
    x = interrupted.design(t, degree=degree, season=season, origin=origin)
    new = interrupted.design(ahead, degree=degree, season=season, origin=origin)
    if (y < 0).any() or not np.isfinite(y).all():
        raise ValueError("y holds counts: finite numbers from 0.")
    if len(y) < x.shape[1] + 3:
        raise ValueError(f"{len(y)} periods are too few for {x.shape[1]} coefficients; three more are needed.")
    fit = sm.GLM(y, x, family=sm.families.Poisson()).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    residuals = np.asarray(fit.resid_pearson)
    dispersion = float((residuals**2).sum() / (len(y) - x.shape[1]))
    rho = float((residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum())
    random = np.random.default_rng(seed)
    coefficients = random.multivariate_normal(np.asarray(fit.params), np.asarray(fit.cov_params()), size=draws)
    futures = overdispersed(np.exp(coefficients @ new.T), dispersion, random)
    return CountPath(np.asarray(fit.fittedvalues), np.exp(new @ np.asarray(fit.params)), futures, dispersion, rho)


def overdispersed(mean: Floats, dispersion: float, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw counts with the given means and variances of `dispersion` times the mean; Poisson at 1 or below."""
    if dispersion <= 1 + 1e-9:
        return random.poisson(mean).astype(np.int64)
    scale = dispersion - 1
    return random.poisson(random.gamma(mean / scale, scale)).astype(np.int64)


def moving_ratios(counts: pd.Series, quarters: int) -> pd.Series:
    """Total of the `quarters` periods from each period on over the total of as many before it.

    Asked of all quiet times, this is the distribution of the ratio when nothing happened (a placebo in time).

    Returns
    -------
    pandas.Series
        Ratio by the first period counted as after; only where both sides are complete.

    Raises
    ------
    ValueError
        If `quarters` is below 1 or leaves no period.
    """
    if quarters < 1 or len(counts) < 2 * quarters:
        raise ValueError(f"quarters is {quarters!r}; with {len(counts)} periods it is 1 to {len(counts) // 2}.")
    totals = counts.astype(float).rolling(quarters).sum()
    ratio = totals.shift(-(quarters - 1)) / totals.shift(1)
    return ratio.dropna()
