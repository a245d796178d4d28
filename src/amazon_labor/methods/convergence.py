"""Do countries grow alike? Two senses of convergence, and the test that fits two dates of the same countries.

**Beta**: those that start high fall more (Baumol 1986; Barro and Sala-i-Martin 1992, Journal of Political Economy 100:
223-251). **Sigma**: the spread shrinks. The first is necessary for the second and not sufficient: noise at the start alone
gives a negative slope (Friedman 1992, Journal of Economic Literature 30: 2129-2132; Quah 1993), so both are reported. The
two variances belong to the same countries and are correlated; the test of their equality is that of Pitman (1939) and
Morgan (1939), Biometrika 31, which Carree and Klomp (1997, Review of Economics and Statistics 79: 683-686) write as a
likelihood ratio.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beta:
    """Slope of the change on the starting level, with errors robust to heteroskedasticity (HC3)."""

    slope: float
    error: float
    intercept: float
    low: float
    high: float
    n: int
    r_squared: float

    def half_life(self, years: float) -> float | None:
        """Years in which half of a gap closes, if gaps close at a constant rate; None when they do not close."""
        kept = 1 + self.slope
        return float(years * np.log(0.5) / np.log(kept)) if 0 < kept < 1 else None


@dataclass(frozen=True)
class Sigma:
    """Standard deviations across countries at two dates and the p-value of their equality (two-sided)."""

    start: float
    end: float
    statistic: float
    p_value: float


def beta(start: ArrayLike, end: ArrayLike, level: float = 90) -> Beta:
    """Regress the change of each country on its level at the start.

    Parameters
    ----------
    start, end : array_like, shape (n,)
        Levels of the same countries at two dates, at least five.
    level : float
        Confidence level of the interval of the slope, percent, by Student's t.
    """
    import statsmodels.api as sm

    x, y = _pair(start, end)
    fitted = sm.OLS(y - x, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    low, high = fitted.conf_int(1 - level / 100)[1]
    slope, error = float(fitted.params[1]), float(fitted.bse[1])
    return Beta(slope, error, float(fitted.params[0]), float(low), float(high), len(x), float(fitted.rsquared))


def sigma(start: ArrayLike, end: ArrayLike) -> Sigma:
    """Compare the spread at two dates: the correlation of sum and difference is zero when the variances are equal.

    `statistic` is Student's t of that correlation with n - 2 degrees of freedom; negative when the spread shrank.
    """
    x, y = _pair(start, end)
    r = float(np.corrcoef(x + y, y - x)[0, 1])
    statistic = r * np.sqrt((len(x) - 2) / (1 - r * r))
    p_value = 2 * float(stats.t.sf(abs(statistic), len(x) - 2))
    return Sigma(float(x.std(ddof=1)), float(y.std(ddof=1)), float(statistic), p_value)


def likelihood_ratio(start: ArrayLike, end: ArrayLike) -> float:
    """Likelihood ratio statistic for equal variances without small-sample factor, chi-square with one degree of freedom."""
    x, y = _pair(start, end)
    (a, c), (_, b) = np.cov(x, y)
    return len(x) * float(np.log1p((a - b) ** 2 / (4 * (a * b - c * c))))


def resampled(values: ArrayLike, draws: int, seed: int) -> Floats:
    """Draw whole countries with replacement; shape (draws, n, dates) for `values` of shape (n, dates)."""
    data = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    return data[rng.integers(0, len(data), (draws, len(data)))]


def spread_interval(
    values: ArrayLike, *, draws: int = 999, seed: int = 1980, level: float = 90
) -> tuple[Floats, Floats, Floats]:
    """Standard deviation across countries at each date with a basic bootstrap interval over countries.

    Parameters
    ----------
    values : array_like, shape (n, dates)
        A balanced panel: each country at each date.

    Returns
    -------
    tuple of arrays, shape (dates,)
        Standard deviation, low, high. The interval mirrors the quantiles of the draws, because the spread of a resample
        is biased downwards.
    """
    data = np.asarray(values, dtype=np.float64)
    if data.ndim != 2 or len(data) < 5 or not np.isfinite(data).all():
        raise ValueError(f"a balanced panel of five countries or more is needed, not an array of shape {data.shape}.")
    drawn = resampled(data, draws, seed).std(axis=1, ddof=1)
    observed = data.std(axis=0, ddof=1)
    tail = (1 - level / 100) / 2
    upper, lower = np.quantile(drawn, [1 - tail, tail], axis=0)
    return observed, 2 * observed - upper, 2 * observed - lower


def _pair(start: ArrayLike, end: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or len(x) < 5 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError(f"two dates of the same five or more countries are needed, not {x.shape} and {y.shape}.")
    return x, y
