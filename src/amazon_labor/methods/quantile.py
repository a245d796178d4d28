"""Quantile regression by linear programming, with errors clustered by person.

The coefficients at quantile `q` minimise ``sum(u (q - [u < 0]))`` over the residuals `u` (Koenker and Bassett 1978,
Econometrica 46). That is a linear programme, solved here exactly in its dual; iterated least squares stops near it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class QuantileFit:
    """Coefficients, shape (k,), their covariance, shape (k, k), and each group's influence on them, shape (groups, k)."""

    params: Floats
    covariance: Floats
    influence: Floats

    @property
    def errors(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float = 90) -> tuple[Floats, Floats]:
        reach = float(stats.norm.ppf(0.5 + level / 200)) * self.errors
        return self.params - reach, self.params + reach


def check_loss(residuals: ArrayLike, q: float) -> float:
    """Sum of the tilted absolute values that the fit minimises."""
    u = np.asarray(residuals, dtype=np.float64)
    return float(np.sum(u * (q - (u < 0))))


def quantile_regression(y: ArrayLike, x: ArrayLike, q: float, groups: ArrayLike | None = None) -> QuantileFit:
    """Fit a linear quantile.

    Parameters
    ----------
    y : array_like, shape (n,)
    x : array_like, shape (n, k)
        Regressors with the constant, of full rank.
    q : float
        Quantile, strictly between 0 and 1.
    groups : array_like, shape (n,), optional
        Persons whose observations may depend on one another; each observation its own by default.

    Notes
    -----
    The covariance is the sandwich of Powell (1991) with a normal kernel for the density at zero and the bandwidth of Hall
    and Sheather (1988), as R's ``summary.rq(se = "ker")``; with groups, scores are summed by group as in Parente and
    Santos Silva (2016, Journal of Econometric Methods 5).
    """
    from scipy.optimize import linprog

    y, x = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    if y.ndim != 1 or x.ndim != 2 or len(x) != len(y):
        raise ValueError(f"y and x have shapes {y.shape} and {x.shape}; they must be (n,) and (n, k).")
    if not 0 < q < 1:
        raise ValueError(f"q is {q!r}; a quantile lies strictly between 0 and 1.")
    scale = np.sqrt((x**2).mean(axis=0))
    if (scale == 0).any() or np.linalg.matrix_rank(x / scale) < x.shape[1]:
        raise ValueError("x has dependent columns; leave one of them out.")
    dual = linprog(-y, A_eq=(x / scale).T, b_eq=(1 - q) * (x / scale).sum(axis=0), bounds=(0, 1), method="highs")
    if dual.status != 0:
        raise ValueError(f"the linear programme found no solution: {dual.message}")
    params = -np.asarray(dual.eqlin.marginals) / scale
    return QuantileFit(params, *_sandwich(y - x @ params, x, q, groups))


def difference_error(first: QuantileFit, second: QuantileFit, k: int) -> float:
    """Standard error of the difference of coefficient `k` between two quantiles of the same data.

    Estimates at two quantiles use the same observations and are correlated; the influences of each group are subtracted
    before they are squared.
    """
    if first.influence.shape != second.influence.shape:
        raise ValueError(f"the fits have {len(first.influence)} and {len(second.influence)} groups; fit the same data.")
    gap = first.influence[:, k] - second.influence[:, k]
    return float(np.sqrt(gap @ gap * len(gap) / (len(gap) - 1)))


def hall_sheather(n: int, q: float, alpha: float = 0.05) -> float:
    """Bandwidth on the scale of probabilities (Hall and Sheather 1988, equation as in Koenker 2005, 4.10.1)."""
    z = float(stats.norm.ppf(q))
    density = float(stats.norm.pdf(z))
    reach = float(stats.norm.ppf(1 - alpha / 2)) ** (2 / 3)
    return n ** (-1 / 3) * reach * (1.5 * density**2 / (2 * z**2 + 1)) ** (1 / 3)


def _sandwich(u: Floats, x: Floats, q: float, groups: ArrayLike | None) -> tuple[Floats, Floats]:
    width = hall_sheather(len(u), q)
    while not 0 < q - width < q + width < 1:
        width /= 2
    low, high = np.quantile(u, [0.25, 0.75])
    spread = min(float(u.std(ddof=1)), float(high - low) / 1.34)
    bandwidth = spread * float(stats.norm.ppf(q + width) - stats.norm.ppf(q - width))
    weights = stats.norm.pdf(u / bandwidth) / bandwidth
    bread = np.linalg.inv((x * weights[:, None]).T @ x)
    labels = np.arange(len(u)) if groups is None else np.asarray(groups)
    _, codes = np.unique(labels, return_inverse=True)
    scores = np.zeros((int(codes.max()) + 1, x.shape[1]))
    np.add.at(scores, codes, x * (q - (u < 0))[:, None])
    influence = scores @ bread
    if groups is None:
        return bread @ (q * (1 - q) * x.T @ x) @ bread, influence
    return influence.T @ influence * len(scores) / (len(scores) - 1), influence
