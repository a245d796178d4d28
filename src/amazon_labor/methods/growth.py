"""Change between two values or along a path, in the few ways the field writes it.

Percent, log points and percentage points are three different things: 20 to 10 percent is a fall of 50 percent, of 69 log
points and of 10 percentage points. Each function names its unit.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def percent_change(start: float, end: float) -> float:
    """Return the change from `start` to `end` in percent of `start`.

    Raises
    ------
    ValueError
        If `start` is not positive: from a loss or from nothing there is no percentage.
    """
    _positive("start", start)
    return 100 * (end / start - 1)


def log_change(start: float, end: float) -> float:
    """Return the change in log points, ``100 ln(end / start)``; unlike percentages they add up and are symmetric."""
    _positive("start", start)
    _positive("end", end)
    return 100 * math.log(end / start)


def points(start: float, end: float) -> float:
    """Return the change of a share in percentage points; both shares in percent."""
    return end - start


def annual_rate(start: float, end: float, years: float) -> float:
    """Return the compound annual growth rate, percent per year."""
    _positive("years", years)
    return 100 * math.expm1(log_change(start, end) / 100 / years)


def chain(rates: ArrayLike) -> float:
    """Return the total change in percent of successive changes in percent: 10 and 10 make 21."""
    rates = np.asarray(rates, dtype=np.float64)
    if (rates <= -100).any():
        raise ValueError(f"a change of {rates.min():g} percent leaves nothing to grow from.")
    return 100 * float(np.expm1(np.log1p(rates / 100).sum()))


def ratio_parts(numerator: tuple[float, float], denominator: tuple[float, float]) -> dict[str, float]:
    """Split the change of a ratio into numerator and denominator.

    A log change of a ratio is exactly the log change of the numerator less that of the denominator. The fall in the ratio
    itself is shared out with the logarithmic mean (Ang 2004), so that the two parts add up to it without a residual.

    Parameters
    ----------
    numerator, denominator : (float, float)
        Values at the start and at the end, positive.

    Returns
    -------
    dict
        `ratio`, `numerator`, `denominator`: contributions to the change of the ratio, in units of the ratio;
        `numerator_share`, `denominator_share`: percent of the change, NaN when the ratio did not change.
    """
    start, end = numerator[0] / denominator[0], numerator[1] / denominator[1]
    mean = start if math.isclose(start, end, rel_tol=1e-12) else (end - start) / math.log(end / start)
    upper = mean * log_change(*numerator) / 100
    lower = -mean * log_change(*denominator) / 100
    change = end - start
    shares = [100 * part / change if change else math.nan for part in (upper, lower)]
    return {
        "ratio": change,
        "numerator": upper,
        "denominator": lower,
        "numerator_share": shares[0],
        "denominator_share": shares[1],
    }


def contributions(start: Mapping[str, float], end: Mapping[str, float]) -> dict[str, float]:
    """Return what each part adds to the growth of the whole, in percentage points; they sum to its percent change."""
    if set(start) != set(end):
        raise ValueError(f"parts differ between the dates: {sorted(set(start) ^ set(end))}.")
    whole = math.fsum(start.values())
    _positive("the whole at the start", whole)
    return {name: 100 * (end[name] - start[name]) / whole for name in start}


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value!r}; it must be positive for a relative change.")
