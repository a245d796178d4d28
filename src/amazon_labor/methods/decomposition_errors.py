"""Sampling error of a decomposition: by the delta method and by simulated samples.

Both treat the survey as a multinomial sample of persons over groups in which members are binomial, with all variances
multiplied by one design effect (Kish 1965). Estimated shares and group rates are then uncorrelated (conditional on how
many fall into a group, its rate is unbiased), and two dates are independent unless the same persons were asked.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amazon_labor.methods.decomposition import kitagawa

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Standard errors of the parts of a Kitagawa decomposition, in the unit of the rates (percentage points)."""

    composition: float
    rate: float
    change: float
    covariance: float

    def of_share(self, composition: float, change: float) -> float:
        """Standard error of composition as a percent of the change, by the delta method for a ratio."""
        if change == 0:
            raise ValueError("the overall rate did not change; no share of its change exists.")
        share = composition / change
        with_change = self.composition**2 + self.covariance  # the change is composition plus rate
        variance = self.composition**2 - 2 * share * with_change + share**2 * self.change**2
        return 100 * float(np.sqrt(max(variance, 0.0))) / abs(change)


def kitagawa_errors(
    shares: ArrayLike, rates: ArrayLike, sizes: ArrayLike, design_effect: float = 1.0, overlap: float = 0.0
) -> Errors:
    """Delta-method standard errors of composition, rate and change.

    Parameters
    ----------
    shares : array_like, shape (2, k)
        Fractions at the two dates.
    rates : array_like, shape (2, k)
        Percent.
    sizes : array_like, shape (2, k)
        Persons asked in each group.
    design_effect : float
        Variance of the survey over that of a simple random sample.
    overlap : float
        Correlation of the two dates' estimates, for example from persons asked twice.
    """
    w, r, n = (np.asarray(a, dtype=np.float64) for a in (shares, rates, sizes))
    _check(n, design_effect)
    if not -1 <= overlap <= 1:
        raise ValueError(f"overlap is {overlap!r}; a correlation lies between -1 and 1.")
    sign = np.array([[-1.0], [1.0]])
    by_share = np.stack([sign * r.mean(axis=0), np.broadcast_to((r[1] - r[0]) / 2, r.shape)])
    by_rate = np.stack([np.broadcast_to((w[1] - w[0]) / 2, w.shape), sign * w.mean(axis=0)])
    covariance = np.zeros((2, 2))
    spread_w, spread_r = _spreads(r, n, design_effect)
    for a in (0, 1):
        for b in (0, 1):
            link = 1.0 if a == b else overlap
            shares_part = _share_covariance(by_share[:, a], by_share[:, b], w[a], w[b], spread_w[a] * spread_w[b])
            rates_part = (by_rate[:, None, a] * by_rate[None, :, b] * spread_r[a] * spread_r[b]).sum(axis=-1)
            covariance += link * (shares_part + rates_part)
    total = covariance.sum()
    return Errors(float(covariance[0, 0] ** 0.5), float(covariance[1, 1] ** 0.5), float(total**0.5), covariance[0, 1])


def draws_of(
    shares: ArrayLike,
    rates: ArrayLike,
    sizes: ArrayLike,
    *,
    design_effect: float = 1.0,
    draws: int = 1000,
    seed: int = 1955,
) -> tuple[Floats, Floats]:
    """Simulated samples: shares drawn multinomially, members of each group binomially.

    Returns
    -------
    (shares, rates) : arrays, shape (draws, t, k)
        Ready for the functions of `decomposition`; dates are independent.
    """
    w, r, n = (np.asarray(a, dtype=np.float64) for a in (shares, rates, sizes))
    _check(n, design_effect)
    if draws < 2:
        raise ValueError(f"draws is {draws!r}; at least 2 are needed.")
    rng = np.random.default_rng(seed)
    effective = np.maximum(np.rint(n / design_effect), 1).astype(np.int64)
    counts = np.stack([rng.multinomial(m.sum(), p, size=draws) for m, p in zip(effective, w, strict=True)], axis=1)
    drawn = counts / counts.sum(axis=-1, keepdims=True)
    members = rng.binomial(effective, r / 100, size=(draws, *r.shape))
    return drawn, 100 * members / effective


def kitagawa_simulated(
    shares: ArrayLike,
    rates: ArrayLike,
    sizes: ArrayLike,
    *,
    design_effect: float = 1.0,
    draws: int = 1000,
    seed: int = 1955,
) -> Errors:
    """The same standard errors as `kitagawa_errors` without overlap, from simulated samples."""
    w, r = draws_of(shares, rates, sizes, design_effect=design_effect, draws=draws, seed=seed)
    composition, rate, _ = kitagawa(w, r).totals
    covariance = np.cov(composition, rate)
    return Errors(
        float(covariance[0, 0] ** 0.5),
        float(covariance[1, 1] ** 0.5),
        float(covariance.sum() ** 0.5),
        float(covariance[0, 1]),
    )


def difference_from_all(
    shares: ArrayLike, rates: ArrayLike, sizes: ArrayLike, group: int, design_effect: float = 1.0
) -> tuple[float, float]:
    """Rate of one group less the overall rate, with its standard error.

    The group is part of the whole, so the two are correlated: the difference is the share of the others times the gap
    to the others, and its variance is taken from there.

    Parameters
    ----------
    shares, rates, sizes : array_like, shape (k,)
        One date; fractions, percent, persons asked.
    group : int
        Position of the group.
    """
    w, r, n = (np.asarray(a, dtype=np.float64) for a in (shares, rates, sizes))
    _check(n, design_effect)
    slope_rate = -w.copy()
    slope_rate[group] += 1
    spread = design_effect * r * (100 - r) / n
    by_rate = (slope_rate**2 * spread).sum()
    by_share = design_effect * ((w * r**2).sum() - (w * r).sum() ** 2) / n.sum()
    return float(r[group] - (w * r).sum()), float(np.sqrt(by_rate + by_share))


def _check(sizes: Floats, design_effect: float) -> None:
    if not (sizes > 0).all():
        raise ValueError("sizes must be positive: a group nobody was asked in has no sampling error.")
    if not design_effect > 0:
        raise ValueError(f"design_effect is {design_effect!r}; it must be positive.")


def _spreads(r: Floats, n: Floats, design_effect: float) -> tuple[Floats, Floats]:
    """Standard deviations: of a date's shares as a multinomial with one size, and of each group's rate."""
    return np.sqrt(design_effect / n.sum(axis=-1)), np.sqrt(design_effect * r * (100 - r) / n)


def _share_covariance(left: Floats, right: Floats, w_left: Floats, w_right: Floats, scale: float) -> Floats:
    """Covariance of two pairs of linear forms in multinomial shares, through the square roots of both dates' cells."""
    root = np.sqrt(w_left * w_right)
    means = [(side * w).sum(axis=-1, keepdims=True) for side, w in ((left, w_left), (right, w_right))]
    a, b = left - means[0], right - means[1]
    return np.asarray(scale * (a[:, None, :] * b[None, :, :] * root).sum(axis=-1))
