"""Ranks: how many periods lie below one of them, and how much of that the sampling error leaves open.

A rank among estimates is itself an estimate. The set of ranks that the data do not refuse follows from all comparisons of
one estimate with the others, made at one joint level (Mogstad, Romano, Shaikh and Wilhelm 2024, Review of Economic
Studies 91: 476-518). The comparisons share the estimate under study, so that the joint level is that of many treatments
against one control (Dunnett 1955, Journal of the American Statistical Association 50: 1096-1121).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RankSet:
    """Share of the other estimates that lie below, percent: as observed, and the least and most not refused."""

    percent: float
    low: float
    high: float
    critical: float


def percent_below(value: float, others: ArrayLike) -> float:
    """Share of `others` strictly below `value`, percent; a tie is not below.

    Raises
    ------
    ValueError
        If there is nothing to compare with, or a value is missing.
    """
    values = np.asarray(others, dtype=np.float64)
    if not values.size or not (np.isfinite(values).all() and np.isfinite(value)):
        raise ValueError(f"a rank needs a value and others without a gap; value {value!r}, {values.size} others.")
    return 100 * float((values < value).mean())


def percent_tied(value: float, others: ArrayLike) -> float:
    """Share of `others` equal to `value`, percent: what the rounding of published figures leaves undecided."""
    return 100 * float(np.isclose(np.asarray(others, dtype=np.float64), value, rtol=0, atol=1e-9).mean())


def joint_level(critical: float, error: float, others: ArrayLike) -> float:
    """Chance that no comparison of one estimate with the others errs by more than `critical` standard errors.

    Given the error of the estimate that all comparisons share, those of the others are independent: one integral over a
    smooth function, here by the trapezoidal rule, which converges fast for it.

    Parameters
    ----------
    critical : float
        Bound on the absolute standardised differences.
    error, others : float and array_like, shape (k,)
        Standard errors of the estimate and of the others, all positive, independent of one another.
    """
    other = np.asarray(others, dtype=np.float64)
    if not (other > 0).all() or not error > 0:
        raise ValueError(f"standard errors must be positive, not {error!r} and {other.tolist()!r}.")
    nodes = np.linspace(-9, 9, 1801)
    weights = stats.norm.pdf(nodes)
    reach = critical * np.hypot(error, other)
    shared = error * nodes[:, None]
    inside = special.ndtr((shared + reach) / other) - special.ndtr((shared - reach) / other)
    return float(weights @ inside.prod(axis=1) / weights.sum())


def joint_critical(error: float, others: ArrayLike, level: float = 90) -> float:
    """Bound that all comparisons keep together with a chance of `level` percent (Dunnett's, known variances)."""
    if not 0 < level < 100:
        raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
    return float(optimize.brentq(lambda c: joint_level(c, error, others) - level / 100, 1e-6, 12))


def rank_set(value: float, error: float, others: ArrayLike, errors: ArrayLike, level: float = 90) -> RankSet:
    """Share of other estimates below this one, with its confidence set at `level` percent.

    Parameters
    ----------
    value, error : float
        The estimate and its standard error.
    others, errors : array_like, shape (k,)
        The other estimates and their standard errors.
    """
    rest, spread = np.asarray(others, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if rest.shape != spread.shape:
        raise ValueError(f"{rest.size} estimates have {spread.size} standard errors.")
    critical = joint_critical(error, spread, level)
    reach = critical * np.hypot(error, spread)
    below, above = rest < value - reach, rest > value + reach
    return RankSet(percent_below(value, rest), 100 * float(below.mean()), 100 * float((~above).mean()), critical)
