"""Comparing published injury rates: exact and over-dispersed intervals, benchmarks that contain the firm, what is unknown.

Reports print rates per 100 full-time equivalents, rounded, and seldom the cases and hours behind them. The functions
say what follows from a rate all the same: how wide its interval is for given hours, how few hours would undo a
comparison, and what is left of a benchmark once the firm that is measured against it is taken out.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from amazon_labor.methods import rates
from amazon_labor.methods.workforce import OSHA_HOURS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Cases and hours worked of a group of sites; `sites` is how many there are, where that is known."""

    cases: float
    hours: float
    sites: float = math.nan

    def __post_init__(self) -> None:
        if not (self.cases >= 0 and self.hours > 0):
            raise ValueError(f"cases are {self.cases!r} in {self.hours!r} hours; hours must be positive.")

    @property
    def rate(self) -> float:
        """Cases per 100 full-time equivalents of 2,000 hours."""
        return self.cases * OSHA_HOURS / self.hours


def from_rate(rate: float, hours: float, sites: float = math.nan) -> Group:
    """Group behind a published rate per 100 full-time equivalents, with cases rounded to whole ones."""
    return Group(float(round(rate * hours / OSHA_HOURS)), hours, sites)


def exact_ratio(first: Group, base: Group, level: float = 90) -> rates.RateRatio:
    """First rate over base rate with the exact interval for Poisson counts (`rates.rate_ratio`)."""
    return rates.rate_ratio(first.cases, first.hours, base.cases, base.hours, level)


def negative_binomial_ratio(first: Group, base: Group, variation: float, level: float = 90) -> rates.RateRatio:
    """First rate over base rate when the sites of a group differ in their true rates.

    Parameters
    ----------
    first, base : Group
        With `sites`, taken to be of equal size; with unequal sizes put in ``(sum n)**2 / sum(n**2)`` (Kish 1965).
    variation : float
        Coefficient of variation of the true rates of sites; 0 leaves the Poisson case.
    level : float
        Percent, of a Wald interval on the log scale.

    Notes
    -----
    With gamma distributed rates counts are negative binomial, with variance ``m + variation**2 * m**2`` at a site whose
    mean is ``m``. The log rate of a group then has the variance ``1/cases + variation**2 / sites``, as in the
    generalised linear model of that family (McCullagh and Nelder 1989; Hilbe 2011).
    """
    if min(first.cases, base.cases) <= 0 or not min(first.sites, base.sites) > 0 or variation < 0:
        raise ValueError("negative_binomial_ratio needs cases and sites in both groups, and a variation from 0 on.")
    variance = sum(1 / g.cases + variation**2 / g.sites for g in (first, base))
    ratio, error = first.rate / base.rate, math.sqrt(variance)
    reach = math.exp(float(stats.norm.isf(rates.tail_of(level))) * error)
    p_value = 2 * float(stats.norm.sf(abs(math.log(ratio)) / error))
    return rates.RateRatio(ratio, ratio / reach, ratio * reach, p_value, level)


def split_band(ratio: float, cases: int, shares: ArrayLike, level: float = 90) -> tuple[Floats, Floats]:
    """Exact interval of a published ratio of two rates for each way of splitting the cases between the groups.

    Parameters
    ----------
    ratio : float
        Published ratio; the hours of the two groups follow from it and the split.
    cases : int
        Cases of both groups together.
    shares : array_like
        Shares of the first group in the cases, inside 0 and 1.
    """
    parts = np.asarray(shares, dtype=np.float64)
    if not ((parts > 0).all() and (parts < 1).all()):
        raise ValueError(f"shares are {parts.tolist()}; each must lie inside 0 and 1.")
    ends = []
    for part in parts.ravel():
        first = min(max(1, round(part * cases)), cases - 1)
        found = rates.rate_ratio(first, first / ratio, cases - first, cases - first, level)
        ends.append((found.low, found.high))
    low, high = np.array(ends).T
    return low.reshape(parts.shape), high.reshape(parts.shape)


def least_hours(rate: float, hours: float, base_rate: float, level: float = 90) -> float:
    """Fewest hours of the base group for which the exact interval of the ratio still excludes 1.

    A base rate without hours gives no interval; but a comparison that would survive a handful of workers behind the
    base does not need one. Cases may be fractional here: the ends of Clopper and Pearson (1934) are beta quantiles.

    Raises
    ------
    ValueError
        If the rates are equal, or if no number of hours would do.
    """
    if rate == base_rate or min(rate, base_rate, hours) <= 0:
        raise ValueError(f"rates are {rate!r} and {base_rate!r}; they must differ and be positive.")
    tail, cases = rates.tail_of(level), rate * hours / OSHA_HOURS

    def gap(log_hours: float) -> float:
        time = math.exp(log_hours)
        base, equal = base_rate * time / OSHA_HOURS, hours / (hours + time)
        if rate > base_rate:
            return float(stats.beta.ppf(tail, cases, base + 1)) - equal
        return equal - float(stats.beta.isf(tail, cases + 1, base))

    few, many = math.log(OSHA_HOURS / base_rate * 1e-3), math.log(hours * 1e6)
    if gap(many) < 0:
        raise ValueError("no number of hours of the base group separates these rates: the first has too few cases.")
    return math.exp(optimize.brentq(gap, few, many, xtol=1e-10)) if gap(few) < 0 else math.exp(few)


def rest_of(total: ArrayLike, part: ArrayLike, share: ArrayLike) -> Floats:
    """Rate of a group without one of its members, from the rates of both and the member's share of the hours."""
    whole, own, weight = (np.asarray(v, dtype=np.float64) for v in (total, part, share))
    _inside(weight)
    return np.asarray((whole - weight * own) / (1 - weight))


def share_between(total: float, part: float, rest: float) -> float:
    """Share of the hours that a member must have for the three rates to belong together; outside 0 to 1 if none does."""
    if part == rest:
        raise ValueError(f"part and rest are both {part!r}; any share fits.")
    return (total - rest) / (part - rest)


def diluted(ratio: ArrayLike, share: ArrayLike) -> Floats:
    """Rate of a member over that of the whole group, from its ratio to the others and its share of the hours.

    It lies between the true ratio and 1 and tends to 1 as the share grows: a firm measured against itself.
    """
    true, weight = np.asarray(ratio, dtype=np.float64), np.asarray(share, dtype=np.float64)
    _inside(weight)
    return np.asarray(true / (1 + weight * (true - 1)))


def ratio_of_shares(cases_share: float, work_share: float) -> float:
    """Rate of a member over that of the others, from its shares of the cases and of the work (inside 0 and 1)."""
    _inside(np.array([cases_share, work_share]))
    return cases_share / (1 - cases_share) / (work_share / (1 - work_share))


def rounding_range(rate: float, base_rate: float, half_step: float = 0.05) -> tuple[float, float]:
    """Least and greatest ratio of two rates that are printed to one decimal place."""
    if not 0 <= half_step < min(rate, base_rate):
        raise ValueError(f"half_step is {half_step!r}; it must lie between 0 and the smaller rate.")
    return (rate - half_step) / (base_rate + half_step), (rate + half_step) / (base_rate - half_step)


def site_variation(site_rates: ArrayLike, level: float = 90) -> tuple[float, float, float]:
    """Coefficient of variation of the rates of sites: value, low and high, if their logs are normal.

    The interval is that of a normal variance; with a handful of sites it is wide. Chance within sites is not taken out,
    so that the value is an upper one for the true rates.
    """
    logs = np.log(np.asarray(site_rates, dtype=np.float64))
    if logs.size < 2 or not np.isfinite(logs).all():
        raise ValueError("site_variation needs at least two positive rates.")
    tail, free, variance = rates.tail_of(level), logs.size - 1, float(logs.var(ddof=1))
    ends = (variance, free * variance / stats.chi2.isf(tail, free), free * variance / stats.chi2.ppf(tail, free))
    value, low, high = (math.sqrt(math.expm1(v)) for v in ends)
    return value, low, high


def e_value(ratio: float) -> float:
    """Strength that a common cause must have to explain a ratio of rates away (VanderWeele and Ding 2017).

    The least ratio, with the exposure and with the outcome alike, of an unmeasured cause that makes an effect of none
    look like `ratio` (Annals of Internal Medicine 167: 268-274). Ratios below 1 are turned round.
    """
    if not ratio > 0:
        raise ValueError(f"ratio is {ratio!r}; it must be positive.")
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def excess(cases: float, ratio: float) -> float:
    """Cases beyond those at the other group's rate: ``cases * (1 - 1/ratio)``, negative when `ratio` is below 1."""
    return cases * (1 - 1 / ratio)


def _inside(share: Floats) -> None:
    if not ((share > 0).all() and (share < 1).all()):
        raise ValueError(f"a share is {share.tolist()}; it must lie inside 0 and 1.")
