"""Sampling error of a share estimated from a survey, with a design effect for clustering and weighting (Kish 1965)."""

import math

from scipy import stats


def share_error(percent: float, n: float, design_effect: float = 1.0) -> float:
    """Standard error of a share, in percentage points.

    Parameters
    ----------
    percent : float
        The share in percent, between 0 and 100.
    n : float
        Persons asked.
    design_effect : float
        Variance of the survey over that of a simple random sample of `n`; 1 for a simple random sample.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"percent is {percent!r}; a share lies between 0 and 100.")
    if not (n > 0 and design_effect > 0):
        raise ValueError(f"n is {n!r} and design_effect {design_effect!r}; both must be positive.")
    return math.sqrt(design_effect * percent * (100 - percent) / n)


def share_interval(percent: float, n: float, design_effect: float = 1.0, level: float = 90) -> tuple[float, float]:
    """Normal interval of a share in percent, cut at 0 and 100; good when both groups count dozens of persons."""
    if not 0 < level < 100:
        raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
    reach = float(stats.norm.ppf(0.5 + level / 200)) * share_error(percent, n, design_effect)
    return max(0.0, percent - reach), min(100.0, percent + reach)


def difference_error(
    first: tuple[float, float], second: tuple[float, float], design_effect: float = 1.0, overlap: float = 0.0
) -> float:
    """Standard error of the difference of two shares, in percentage points.

    Parameters
    ----------
    first, second : (percent, n)
        The two estimates.
    overlap : float
        Correlation of the two estimates, for example from persons interviewed twice; 0 for independent samples.
    """
    if not -1 <= overlap <= 1:
        raise ValueError(f"overlap is {overlap!r}; a correlation lies between -1 and 1.")
    a, b = (share_error(percent, n, design_effect) for percent, n in (first, second))
    return math.sqrt(a * a + b * b - 2 * overlap * a * b)


def level_error(level: float, weight: float, population: float, design_effect: float = 1.0) -> float:
    """Standard error of an estimated number of persons, in the form of the Census Bureau's generalised variance function.

    The squared error is ``b x (1 - x / N)`` with ``b`` the design effect times the weight: what a sample of one person in
    `weight` would give, inflated for clustering (Wolter 2007, Introduction to Variance Estimation, chapter 7).

    Parameters
    ----------
    level : float
        Estimated number `x`, in the unit of `weight` and `population`, for example thousand.
    weight : float
        Persons whom one person of the sample stands for.
    population : float
        Size `N` of the population that the sample is weighted to.
    """
    if not 0 <= level <= population:
        raise ValueError(f"level is {level!r}; it lies between 0 and the population, {population!r}.")
    if not (weight > 0 and design_effect > 0):
        raise ValueError(f"weight is {weight!r} and design_effect {design_effect!r}; both must be positive.")
    return math.sqrt(design_effect * weight * level * (1 - level / population))


def change_error(first: float, second: float, correlation: float = 0.0) -> float:
    """Standard error of the difference of two estimates from their own errors and their correlation (Kish 1965, 12.4)."""
    if first < 0 or second < 0:
        raise ValueError(f"the errors are {first!r} and {second!r}; neither can be negative.")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation is {correlation!r}; it lies between -1 and 1.")
    return math.sqrt(first * first + second * second - 2 * correlation * first * second)
