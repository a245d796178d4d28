"""Oaxaca-Blinder decomposition of a difference in means, in detail and with delta-method errors.

The gap between two groups is what their characteristics explain at reference coefficients, and the rest (Oaxaca 1973,
Blinder 1973; Jann 2008, Stata Journal 8). Errors come from influence functions: what each person adds to the means and to
the coefficients. Summed by person they allow for repeated observations and for persons who belong to both groups in turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
REFERENCES = ("pooled", "members", "nonmembers")


@dataclass(frozen=True)
class Decomposition:
    """Parts of a gap with their standard errors, indexed by part; `gap`, `explained`, `unexplained`, then characteristics."""

    parts: pd.Series
    errors: pd.Series

    def interval(self, part: str, level: float = 90) -> tuple[float, float]:
        reach = float(stats.norm.ppf(0.5 + level / 200)) * float(self.errors[part])
        return float(self.parts[part]) - reach, float(self.parts[part]) + reach


def decompose(
    y: ArrayLike,
    x: pd.DataFrame,
    member: ArrayLike,
    *,
    reference: str = "pooled",
    groups: ArrayLike | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
) -> Decomposition:
    """Decompose the difference of the means of `y` between members and others.

    Parameters
    ----------
    y : array_like, shape (n,)
    x : pandas.DataFrame, shape (n, k)
        Characteristics without a constant and without membership.
    member : array_like of bool, shape (n,)
    reference : str
        Whose coefficients price the characteristics: those of members, of nonmembers, or of a pooled regression that
        contains membership, whose coefficient then is the unexplained part (Fortin 2008, Journal of Human Resources 43).
    groups : array_like, shape (n,), optional
        Persons, for clustered errors; each observation its own by default.
    sets : mapping of name to columns, optional
        Characteristics shown together, for example all year dummies; a partition of the columns. Each its own by default.
    """
    y, m = np.asarray(y, dtype=np.float64), np.asarray(member, dtype=bool)
    if reference not in REFERENCES:
        raise ValueError(f"reference is {reference!r}; allowed are {', '.join(REFERENCES)}.")
    if not (len(y) == len(x) == len(m)) or m.all() or not m.any():
        raise ValueError("y, x and member must be as long as one another, with members and others among them.")
    sets = {str(c): [c] for c in x.columns} if sets is None else sets
    if sorted(c for columns in sets.values() for c in columns) != sorted(x.columns):
        raise ValueError("sets must name every column of x exactly once.")
    values = x.to_numpy(dtype=np.float64)
    member_of = np.array([[c in columns for columns in sets.values()] for c in x.columns], dtype=np.float64)
    beta, psi_beta = _prices(y, values, m, reference)
    gap_x, psi_x = _mean_gap(values, m)
    gap_y, psi_y = _mean_gap(y[:, None], m)
    detail = (gap_x * beta) @ member_of
    psi_detail = (psi_x * beta + psi_beta * gap_x) @ member_of
    psi_explained = psi_detail.sum(axis=1)
    parts = [float(gap_y[0]), float(detail.sum()), float(gap_y[0] - detail.sum()), *detail]
    psi = np.column_stack([psi_y[:, 0], psi_explained, psi_y[:, 0] - psi_explained, psi_detail])
    names = ["gap", "explained", "unexplained", *sets]
    return Decomposition(pd.Series(parts, index=names), pd.Series(_errors(psi, groups), index=names))


def _prices(y: Floats, x: Floats, m: NDArray[np.bool_], reference: str) -> tuple[Floats, Floats]:
    """Slopes of the reference regression and each observation's influence on them, shapes (k,) and (n, k)."""
    used = {"pooled": np.ones_like(m), "members": m, "nonmembers": ~m}[reference]
    extra = [m.astype(float)] if reference == "pooled" else []
    design = np.column_stack([np.ones(len(y)), *extra, x])
    inner = design[used]
    if np.linalg.matrix_rank(inner / np.sqrt((inner**2).mean(axis=0) + 1e-300)) < inner.shape[1]:
        raise ValueError(f"the regression of the reference {reference!r} has dependent columns.")
    coefficients = np.linalg.lstsq(inner, y[used], rcond=None)[0]
    residual = np.where(used, y - design @ coefficients, 0.0)
    influence = (design * residual[:, None]) @ np.linalg.inv(inner.T @ inner)
    first = 1 + len(extra)
    return coefficients[first:], influence[:, first:]


def _mean_gap(x: Floats, m: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Difference of column means between members and others, and influences on it."""
    ours, others = x[m].mean(axis=0), x[~m].mean(axis=0)
    influence = np.where(m[:, None], (x - ours) / m.sum(), -(x - others) / (~m).sum())
    return ours - others, influence


def _errors(psi: Floats, groups: ArrayLike | None) -> Floats:
    labels = np.arange(len(psi)) if groups is None else np.asarray(groups)
    _, codes = np.unique(labels, return_inverse=True)
    sums = np.zeros((int(codes.max()) + 1, psi.shape[1]))
    np.add.at(sums, codes, psi)
    count = len(sums)
    return np.sqrt((sums**2).sum(axis=0) * count / (count - 1))
