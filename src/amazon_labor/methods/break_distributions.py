"""Limit distributions for tests and dates of structural breaks, computed exactly rather than read from a table.

The sup-F statistic of Andrews (1993) converges to the supremum of a squared, standardised tied-down Bessel process. In
the time ``s = log(x / (1 - x)) / 2`` that process is a stationary diffusion, so the chance that it stays below a level is
a sum over the eigenvalues of its generator (DeLong 1981; Estrella 2003). The error of a break date converges to the
argmax of a two-sided Brownian motion with drift, whose distribution Bai (1997, appendix B) gives in closed form.

References
----------
Andrews, D. W. K. (1993), Econometrica 61, 821-856, and the corrected critical values in Econometrica 71 (2003), 395-397.
Bai, J. (1997), Review of Economics and Statistics 79, 551-563.
DeLong, D. M. (1981), Communications in Statistics: Theory and Methods 10, 2197-2213.
Estrella, A. (2003), Econometric Theory 19, 1128-1143.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

NODES = 80
NEGLIGIBLE = 1e-12
# Below this p-value the expansion would subtract two numbers equal to rounding; the tail approximation takes over.
SMALL = 1e-9


def sup_f_p_value(statistic: float, tested: int, trimming: float = 0.15) -> float:
    """Chance that sup-F exceeds `statistic` when no coefficient breaks.

    Parameters
    ----------
    statistic : float
        Supremum of the Wald statistics in chi-square form (not divided by `tested`).
    tested : int
        Number of coefficients allowed to break.
    trimming : float
        Share of the sample left out at each end, between 0 and 0.5 (exclusive).

    Returns
    -------
    float
        Asymptotic p-value, exact for the limit process; for p-values below 1e-9 the leading term of its tail.
    """
    _check(tested, trimming)
    if not math.isfinite(statistic) or statistic < 0:
        raise ValueError(f"statistic is {statistic!r}; a sup-F statistic is finite and not negative.")
    if statistic < 1e-8:
        return 1.0
    if statistic > 4 * tested and (tail := _tail(statistic, tested, trimming)) < SMALL:
        return tail
    return float(min(1.0, max(0.0, 1 - _stays_below(statistic, tested, _duration(trimming)))))


@lru_cache(maxsize=256)
def sup_f_critical_value(level: float, tested: int, trimming: float = 0.15) -> float:
    """Value that sup-F exceeds with probability `level` (a share, for example 0.05) when there is no break."""
    _check(tested, trimming)
    if not SMALL < level < 1:
        raise ValueError(f"level is {level!r}; it must lie between 1e-9 and 1, for example 0.05.")
    return float(
        optimize.brentq(lambda c: sup_f_p_value(c, tested, trimming) - level, 1e-6, 60 + 8 * tested, xtol=1e-8)
    )


def argmax_cdf(x: float, drift: float = 1.0, scale: float = 1.0) -> float:
    """Distribution of the point at which a two-sided Brownian motion with drift is highest (Bai 1997).

    The process is ``W1(-s) - |s| / 2`` left of zero and ``scale * W2(s) - drift * s / 2`` right of it. With ``drift = 1``
    and ``scale = 1`` it is symmetric (Yao 1987).

    Parameters
    ----------
    x : float
        Where the distribution function is evaluated.
    drift, scale : float
        Drift and standard deviation of the right side relative to the left.
    """
    if drift <= 0 or scale <= 0:
        raise ValueError(f"drift is {drift!r} and scale {scale!r}; both must be positive.")
    if x < 0:
        # The left half is the right half of the mirrored process, in units that make its left side standard.
        return 1.0 - _argmax_right(-x * (drift / scale) ** 2, 1 / drift, 1 / scale)
    return _argmax_right(x, drift, scale)


def argmax_quantile(probability: float, drift: float = 1.0, scale: float = 1.0) -> float:
    """Inverse of `argmax_cdf`."""
    if not 0 < probability < 1:
        raise ValueError(f"probability is {probability!r}; it must lie between 0 and 1.")
    reach = 64.0 * max(1.0, 1 / drift, scale**2 / drift**2)
    while argmax_cdf(-reach, drift, scale) > probability or argmax_cdf(reach, drift, scale) < probability:
        reach *= 2
    return float(optimize.brentq(lambda x: argmax_cdf(x, drift, scale) - probability, -reach, reach, xtol=1e-9))


def _argmax_right(x: float, drift: float, scale: float) -> float:
    """Distribution function for ``x >= 0``, after Bai (1997, appendix B).

    The maximum of each side is exponential, with rate 1 on the left and ``drift / scale**2`` on the right.
    """
    rate = drift / scale**2
    half = math.sqrt(rate * drift * x) / 2
    weight = (2 + rate) / (1 + rate)
    density = 2 * half * math.exp(-(half**2) / 2) / math.sqrt(2 * math.pi)
    left_lower = _exp_times_tail(scale**2 * (1 + rate) * x / 2, scale * (1 + rate / 2) * math.sqrt(x))
    polynomial = (2 + rate) * weight - 2 + 2 * half**2
    return 1 + density + rate * weight * left_lower - polynomial * float(special.ndtr(-half))


def _exp_times_tail(exponent: float, z: float) -> float:
    return math.exp(exponent + float(special.log_ndtr(-z)))


def _check(tested: int, trimming: float) -> None:
    if tested < 1:
        raise ValueError(f"tested is {tested!r}; at least one coefficient must be allowed to break.")
    if not 0 < trimming < 0.5:
        raise ValueError(f"trimming is {trimming!r}; it must lie between 0 and 0.5, for example 0.15.")


def _duration(trimming: float) -> float:
    """Length of the trimmed sample in the time that makes the process stationary."""
    return math.log((1 - trimming) / trimming)


def _tail(c: float, tested: int, trimming: float) -> float:
    """Leading term for large values (James, James and Siegmund 1987)."""
    log_density = tested / 2 * math.log(c / 2) - c / 2 - math.lgamma(tested / 2)
    return math.exp(log_density) * ((1 - tested / c) * 2 * _duration(trimming) + 2 / c)


def _stays_below(c: float, tested: int, duration: float) -> float:
    """Chance that the stationary process stays below `c` for `duration`, by eigenvalues of its generator.

    With ``z = level / 2`` and ``b = tested / 2`` the generator is ``2 [z f'' + (b - z) f']`` under the stationary gamma
    law of shape b; eigenfunctions that vanish at ``c / 2`` are Kummer's ``M(-v, b, z)``, with decay ``exp(-2 v t)``.
    """
    edge, shape = c / 2, tested / 2
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    u = np.sqrt(edge) * (nodes + 1) / 2
    law = np.sqrt(edge) * weights * u ** (2 * shape - 1) * np.exp(-(u**2)) / math.gamma(shape)
    total = 0.0
    for v in _zeros(edge, shape, math.log(1 / NEGLIGIBLE) / (2 * duration)):
        f = special.hyp1f1(-v, shape, u**2)
        total += math.exp(-2 * v * duration) * float(law @ f) ** 2 / float(law @ f**2)
    return total


def _zeros(edge: float, shape: float, highest: float) -> list[float]:
    """Values v up to `highest` at which M(-v, shape, edge) vanishes; terms beyond would be negligible."""

    def value(v: float) -> float:
        return float(special.hyp1f1(-v, shape, edge))

    # Zeros are about one apart on a long interval and further apart, as 1 / edge, on a short one.
    step = 0.2 * max(1.0, 1 / edge)
    found: list[float] = []
    low, at_low = 0.0, 1.0
    while low < highest:
        high = low + step
        at_high = value(high)
        if (at_low > 0) != (at_high > 0):  # counts a zero that falls on the grid once
            found.append(float(optimize.brentq(value, low, high, xtol=1e-14)))
        low, at_low = high, at_high
    return found
