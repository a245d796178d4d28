"""Estimators of a linear panel and the tests that choose among them.

One equation, ``y = x b + a + e`` for person and year, five ways to treat what is peculiar to the person, `a`: ignore it
(pooled), keep only it (between), treat it as noise (random effects), remove it by means (fixed effects) or by differences
(Wooldridge 2010, Econometric Analysis of Cross Section and Panel Data, chapter 10). Estimates are those of `linearmodels`;
errors are clustered by person with the degrees of freedom of Stata unless classical ones are asked for.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
KINDS = ("pooled", "between", "random effects", "fixed effects", "first differences")


@dataclass(frozen=True)
class Test:
    """A test statistic with its degrees of freedom and p-value."""

    statistic: float
    freedom: int
    p_value: float


def estimate(kind: str, y: pd.Series, x: pd.DataFrame, *, clustered: bool = True) -> Any:
    """Fit one of `KINDS` with `linearmodels`.

    Parameters
    ----------
    y : pandas.Series
        Outcome, indexed by person and year (a balanced or unbalanced panel without gaps in the values).
    x : pandas.DataFrame
        Regressors without a constant, same index. Where the estimator leaves a column no variation of its own (years
        between persons, schooling within them), or it repeats earlier columns, it is left out: put controls first.
    clustered : bool
        Errors clustered by person (robust ones between persons), else classical.

    Returns
    -------
    linearmodels result with `params`, `std_errors`, `cov`, `conf_int`.
    """
    from linearmodels.panel import BetweenOLS, FirstDifferenceOLS, PanelOLS, PooledOLS, RandomEffects

    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; allowed are {', '.join(KINDS)}.")
    _check(y, x)
    by_person: dict[str, Any] = {"cov_type": "clustered", "cluster_entity": True, "group_debias": True}
    options = by_person if clustered else {"cov_type": "unadjusted"}
    const = pd.DataFrame({"const": 1.0}, index=x.index)
    kept = x[independent(transformed(kind, x), list(x.columns))]
    match kind:
        case "pooled":
            return PooledOLS(y, const.join(kept)).fit(**options)
        case "random effects":
            return RandomEffects(y, const.join(kept)).fit(**options)
        case "between":
            return BetweenOLS(y, const.join(kept)).fit(cov_type="robust" if clustered else "unadjusted")
        case "fixed effects":
            return PanelOLS(y, kept, entity_effects=True).fit(**options)
        case _:
            return FirstDifferenceOLS(y, kept).fit(**options)


def transformed(kind: str, x: pd.DataFrame) -> pd.DataFrame:
    """Return the variation that an estimator uses: all of it about the mean, of means, about means, or of changes."""
    people = x.groupby(level=0)
    match kind:
        case "between":
            means = people.mean()
            return means - means.mean()
        case "fixed effects":
            return x - people.transform("mean")
        case "first differences":
            return people.diff().dropna()
        case _:
            return x - x.mean()


def independent(x: pd.DataFrame, names: Sequence[str], tolerance: float = 1e-9) -> list[str]:
    """Names of the columns that are not linear combinations of the ones before them."""
    values = x.to_numpy(dtype=np.float64)
    size = np.sqrt((values**2).sum(axis=0))
    scaled = values / np.where(size > tolerance * math.sqrt(len(values)), size, np.inf)
    kept: list[int] = []
    basis: list[Floats] = []
    for k in range(scaled.shape[1]):
        left = scaled[:, k].copy()
        for _ in range(2):  # twice is enough for orthogonality to working precision
            for vector in basis:
                left -= (vector @ left) * vector
        length = float(np.sqrt(left @ left))
        if length > math.sqrt(tolerance):
            kept.append(k)
            basis.append(left / length)
    return [str(names[k]) for k in kept]


def hausman(consistent: Any, efficient: Any, names: Sequence[str] | None = None) -> Test:
    """Compare fixed with random effects by their classical covariances (Hausman 1978, Econometrica 46).

    Parameters
    ----------
    consistent, efficient : results of `estimate` with `clustered=False`
    names : sequence of str, optional
        Coefficients compared; all that both have by default. Leave out year dummies: they are the same for everybody, and
        what they mean depends on what else was left out.

    Raises
    ------
    ValueError
        If the difference of the covariances is not positive definite, where the statistic has no meaning.
    """
    both = [n for n in consistent.params.index if n in efficient.params.index and n != "const"]
    names = both if names is None else list(names)
    gap = (consistent.params[names] - efficient.params[names]).to_numpy()
    spread = (consistent.cov.loc[names, names] - efficient.cov.loc[names, names]).to_numpy()
    if not names or np.linalg.eigvalsh(spread).min() <= 0:
        raise ValueError("the covariances do not differ by a positive definite matrix; use the test of `mundlak`.")
    statistic = float(gap @ np.linalg.solve(spread, gap))
    return Test(statistic, len(names), float(stats.chi2.sf(statistic, len(names))))


def mundlak(y: pd.Series, x: pd.DataFrame) -> tuple[Any, Test]:
    """Random effects with the persons' means as regressors, and the Wald test that the means do not matter.

    The coefficients of what varies in time are those of fixed effects (Mundlak 1978, Econometrica 46); the test, with
    clustered errors, is the robust form of the Hausman test (Arellano 1993, Journal of Econometrics 59).
    """
    varying = independent(transformed("fixed effects", x), list(x.columns))
    means = x[varying].groupby(level=0).transform("mean").add_prefix("mean of ")
    kept = [c for c in independent(transformed("pooled", x.join(means)), [*x.columns, *means]) if c in means]
    result = estimate("random effects", y, x.join(means[kept]))
    b, v = result.params[kept].to_numpy(), result.cov.loc[kept, kept].to_numpy()
    statistic = float(b @ np.linalg.solve(v, b))
    return result, Test(statistic, len(kept), float(stats.chi2.sf(statistic, len(kept))))


def breusch_pagan(residuals: pd.Series) -> Test:
    """Lagrange multiplier test for random effects from pooled residuals of a balanced panel (Breusch and Pagan 1980).

    The variance cannot be negative, so the p-value is that of a half-half mixture of zero and chi-square with one degree.
    """
    sums = residuals.groupby(level=0).agg(["sum", "size"])
    n, t = len(sums), int(sums["size"].iloc[0])
    if not (sums["size"] == t).all() or t < 2:
        raise ValueError("the panel is not balanced; this form of the test needs as many years for each person.")
    ratio = float((sums["sum"] ** 2).sum() / (residuals**2).sum()) - 1
    statistic = n * t / (2 * (t - 1)) * ratio**2 if ratio > 0 else 0.0
    return Test(statistic, 1, float(stats.chi2.sf(statistic, 1)) / 2 if statistic else 1.0)


def reliability(variance: float, error_rate: float, noise: float = 1.0) -> float:
    """Share of the effect of a yes-or-no regressor that survives when answers are wrong at random.

    With answers wrong at rate `q` either way, independently from year to year, the observed answer has the variance
    ``(1 - 2q)^2 V + k q (1 - q)`` with `V` that of the truth, and a regression on it recovers the returned factor times the
    true effect (Aigner 1973, Journal of Econometrics 1; for changes Freeman 1984, Journal of Labor Economics 2).

    Parameters
    ----------
    variance : float
        Variance of the observed regressor as the estimator uses it, other regressors taken out.
    error_rate : float
        Rate `q`, below one half.
    noise : float
        `k`: 1 for levels, 2 for changes, ``1 - 1 / T`` about the mean of `T` years, ``1 / T`` for such means.
    """
    if not (variance > 0 and 0 <= error_rate < 0.5 and noise > 0):
        raise ValueError(
            f"variance {variance!r}, error_rate {error_rate!r}, noise {noise!r}: positive, below 0.5, positive."
        )
    left = 1 - noise * error_rate * (1 - error_rate) / variance
    if left <= 0:
        raise ValueError(f"answers wrong at rate {error_rate} vary more than the {variance:.4f} observed.")
    return left / (1 - 2 * error_rate)


def partial_variance(x: pd.DataFrame, name: str) -> float:
    """Mean square of a column of `transformed` regressors after the others are taken out by least squares."""
    target = x[name].to_numpy(dtype=np.float64)
    others = x.drop(columns=name).to_numpy(dtype=np.float64)
    fitted = others @ np.linalg.lstsq(others, target, rcond=None)[0] if others.shape[1] else 0.0
    return float(np.mean((target - fitted) ** 2))


def premium(log_points: ArrayLike) -> Floats:
    """Percent that a difference in logs amounts to, ``100 (exp(b) - 1)`` with `b` in logs."""
    return 100 * np.expm1(np.asarray(log_points, dtype=np.float64))


def _check(y: pd.Series, x: pd.DataFrame) -> None:
    if y.index.nlevels != 2 or not y.index.equals(x.index):
        raise ValueError("y and x must have the same index of person and year.")
    if not (np.isfinite(y.to_numpy(dtype=float)).all() and np.isfinite(x.to_numpy(dtype=float)).all()):
        raise ValueError("y or x holds a missing value.")
