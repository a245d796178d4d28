"""Sampling error of a median that was published without one.

A sample median errs by the error of the share below it, over the density there (Woodruff 1952, Journal of the American
Statistical Association 47: 635-646). Where only the median is known the density comes from a model: for spells that end
at a constant rate (exponential) it is ln 2 / (2 median). A published figure rounded to a step adds the variance of a
uniform error, step squared over twelve.
"""

import math

from amazon_labor.methods import sampling


def exponential_density(median: float) -> float:
    """Density at the median of an exponential distribution, per unit of the median."""
    if not median > 0:
        raise ValueError(f"median is {median!r}; it must be positive.")
    return math.log(2) / (2 * median)


def mean_density(lower: tuple[float, float], upper: tuple[float, float]) -> float:
    """Mean density between two points of a distribution given as (value, percent at or below it)."""
    (a, below_a), (b, below_b) = lower, upper
    if not (b > a and below_b >= below_a):
        raise ValueError(f"points {lower!r} and {upper!r} are not in rising order.")
    return (below_b - below_a) / 100 / (b - a)


def median_error(
    median: float, n: float, design_effect: float = 1.0, *, density: float | None = None, step: float = 0.0
) -> float:
    """Standard error of a published median, in its own unit.

    Parameters
    ----------
    median : float
        The published median.
    n : float
        Persons asked.
    design_effect : float
        Variance of the survey over that of a simple random sample.
    density : float, optional
        Density of the distribution at the median, per unit; by default that of an exponential distribution.
    step : float
        Step of rounding of the published figure; 0 for none.
    """
    at = exponential_density(median) if density is None else density
    if not at > 0:
        raise ValueError(f"density is {density!r}; it must be positive.")
    return math.hypot(sampling.share_error(50, n, design_effect) / 100 / at, step / math.sqrt(12))
