"""Logit of a yes-or-no outcome with errors clustered in one or two ways, average marginal effects and predictions.

Maximum likelihood by Newton steps; the sandwich of Liang and Zeger (1986) over clusters with the small-sample factor
G/(G-1) and Student's t with G-1 degrees of freedom; two-way clusters after Cameron, Gelbach and Miller (2011). Average
marginal effects of a dummy are the mean change of the predicted chance when it is switched for every row, with
errors by the delta method (Wooldridge 2010, section 15.6).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error and interval, in its own unit."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Logit:
    """A fitted logit.

    Attributes
    ----------
    beta : array of float
        Coefficients, log odds.
    covariance : array of float
        Of the coefficients; clustered when clusters were given.
    clusters : int
        Number of clusters, the smaller of two ways; rows when none were given.
    log_likelihood : float
        At the estimate.
    """

    beta: Floats
    covariance: Floats
    clusters: int
    log_likelihood: float

    def critical(self, level: float = 90) -> float:
        """Two-sided critical value: Student's t with one degree of freedom less than there are clusters."""
        return float(stats.t.ppf(0.5 + level / 200, self.clusters - 1))

    def coefficient(self, position: int, level: float = 90) -> Estimate:
        """One coefficient with its interval."""
        error = float(np.sqrt(self.covariance[position, position]))
        return self._around(float(self.beta[position]), error, level)

    def chance(self, X: ArrayLike) -> Floats:
        """Predicted chance of each row."""
        return np.asarray(special.expit(_sparse(X) @ self.beta))

    def prediction(self, x: ArrayLike, level: float = 90) -> Estimate:
        """Chance for one row; the interval is made on the scale of log odds, so that it stays between 0 and 1."""
        row = np.asarray(x, dtype=float)
        index, error = float(row @ self.beta), float(np.sqrt(row @ self.covariance @ row))
        ends = self._around(index, error, level)
        chance = float(special.expit(index))
        return Estimate(
            chance, error * chance * (1 - chance), float(special.expit(ends.low)), float(special.expit(ends.high))
        )

    def switch(self, X: ArrayLike, position: int, level: float = 90) -> Estimate:
        """Average marginal effect of a dummy: mean change of the chance when it goes from 0 to 1 in every row."""
        rows = _sparse(X)
        others = rows @ self.beta - rows[:, [position]].toarray().ravel() * self.beta[position]
        gradient, value = np.zeros(rows.shape[1]), 0.0
        for state, sign in ((1, 1), (0, -1)):
            p = special.expit(others + state * self.beta[position])
            weight = p * (1 - p)
            part = rows.T @ weight / len(weight)
            part[position] = state * weight.mean()
            value += sign * float(p.mean())
            gradient += sign * part
        return self._around(value, float(np.sqrt(gradient @ self.covariance @ gradient)), level)

    def _around(self, value: float, error: float, level: float) -> Estimate:
        reach = self.critical(level) * error
        return Estimate(value, error, value - reach, value + reach)


def fit(
    X: ArrayLike, y: ArrayLike, clusters: Sequence[ArrayLike] = (), *, start: ArrayLike | None = None, steps: int = 50
) -> Logit:
    """Fit a logit.

    Parameters
    ----------
    X : array or sparse array of shape (n, k)
        Regressors with a column of ones.
    y : array of length n
        0 or 1.
    clusters : sequence of arrays of length n
        None, one or two ways to group the rows.
    start : array of length k, optional
        First guess, for example from a fit to more rows.
    steps : int
        Most Newton steps.

    Raises
    ------
    ValueError
        If shapes do not match, `y` holds anything but 0 and 1 or only one of them, or more than two ways are given.
    RuntimeError
        If it does not converge, which with dummies means that one of them predicts the outcome perfectly.
    """
    rows, outcome = _checked(X, y, clusters)
    beta = np.zeros(rows.shape[1]) if start is None else np.array(start, dtype=float)
    for _ in range(steps):
        p = special.expit(rows @ beta)
        information = (rows.T @ _scaled(rows, p * (1 - p))).toarray()
        step = np.linalg.solve(information, rows.T @ (outcome - p))
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    else:
        raise RuntimeError(f"fit: no convergence in {steps} steps; does a dummy predict the outcome perfectly?")
    index = rows @ beta
    bread = np.linalg.inv(information)
    likelihood = float((outcome * index - np.logaddexp(0, index)).sum())
    if not clusters:
        return Logit(beta, bread, len(outcome), likelihood)
    covariance, smallest = _sandwich(_scaled(rows, outcome - special.expit(index)), bread, clusters)
    return Logit(beta, covariance, smallest, likelihood)


def _sparse(X: ArrayLike) -> sparse.csr_array:
    """Rows of dummies are mostly zeros: sparse products take a thirtieth of the time of dense ones."""
    return sparse.csr_array(np.asarray(X, dtype=float)) if not sparse.issparse(X) else X


def _scaled(rows: sparse.csr_array, weight: Floats) -> sparse.csr_array:
    return sparse.diags_array(weight) @ rows


def _sandwich(scores: sparse.csr_array, bread: Floats, clusters: Sequence[ArrayLike]) -> tuple[Floats, int]:
    """Clustered covariance and the number of clusters; two ways are added and their intersection is taken off."""
    codes = [np.unique(np.asarray(c), return_inverse=True)[1] for c in clusters]
    counts = [int(c.max()) + 1 for c in codes]
    total = sum(_meat(scores, c, n) for c, n in zip(codes, counts, strict=True))
    if len(codes) == 2:
        both = np.unique(codes[0] * counts[1] + codes[1], return_inverse=True)[1]
        total = total - _meat(scores, both, int(both.max()) + 1)
    covariance = bread @ np.asarray(total) @ bread
    if len(codes) == 2:  # the difference need not be positive definite
        values, vectors = np.linalg.eigh(covariance)
        covariance = (vectors * np.maximum(values, 0)) @ vectors.T
    return covariance, min(counts)


def _meat(scores: sparse.csr_array, codes: NDArray[np.int64], count: int) -> Floats:
    member = sparse.csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(count, len(codes)))
    sums = (member @ scores).toarray()
    return np.asarray(sums.T @ sums * count / (count - 1))


def _checked(X: ArrayLike, y: ArrayLike, clusters: Sequence[ArrayLike]) -> tuple[sparse.csr_array, Floats]:
    rows, outcome = _sparse(X), np.asarray(y, dtype=float)
    n = len(outcome)
    if rows.ndim != 2 or rows.shape[0] != n or any(len(np.asarray(c)) != n for c in clusters):
        raise ValueError(f"fit: X has shape {rows.shape} and y {outcome.shape}; clusters need one entry for each row.")
    if not np.isin(outcome, (0, 1)).all() or outcome.min() == outcome.max():
        raise ValueError("fit: y must hold 0 and 1, and both of them.")
    if len(clusters) > 2:
        raise ValueError(f"fit: {len(clusters)} ways of clustering; two at most.")
    return rows, outcome
