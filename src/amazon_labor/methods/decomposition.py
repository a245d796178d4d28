"""Decompositions of the change of a rate into the mix of groups and the rates inside them.

An overall rate is a mean of group rates, weighted by the groups' shares. Its change can come from shares that move to
groups with other rates (composition, or *between*) or from rates that change inside groups (*within*). Kitagawa (1955)
halves the joint part, which is the Shapley value of the two factors (Shorrocks 2013); with more factors the Shapley
value generalises it and equals the formulas of Das Gupta (1993).

Arrays have groups on the last axis and dates on the last but one; anything before is simulated samples. Shares are
fractions that add up to 1; rates are in any unit, and so are the parts.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """Change of an overall rate, group by group.

    Attributes
    ----------
    composition : array, shape (..., k)
        What the change of each group's share contributes: positive where a group above the overall rate grew or one
        below it shrank. The sum over groups does not depend on the reference rate, the single terms do.
    rate : array, shape (..., k)
        What the change of each group's own rate contributes.
    interaction : array, shape (..., k)
        Joint part, zero in the symmetric decomposition.
    """

    composition: Floats
    rate: Floats
    interaction: Floats

    @property
    def totals(self) -> tuple[Floats, Floats, Floats]:
        """Composition, rate and interaction summed over the groups."""
        return self.composition.sum(axis=-1), self.rate.sum(axis=-1), self.interaction.sum(axis=-1)

    @property
    def change(self) -> Floats:
        """Change of the overall rate: the sum of all parts."""
        return np.asarray(sum(self.totals), dtype=np.float64)


def overall(shares: ArrayLike, rates: ArrayLike) -> Floats:
    """Mean of the group rates weighted by their shares, over the last axis."""
    w, r = _pair(shares, rates)
    return np.asarray((w * r).sum(axis=-1))


def shares_of(counts: ArrayLike) -> Floats:
    """Shares of non-negative counts over the last axis."""
    n = np.asarray(counts, dtype=np.float64)
    if not (np.isfinite(n).all() and (n >= 0).all() and (n.sum(axis=-1) > 0).all()):
        raise ValueError("counts must be finite, not negative and not all zero.")
    return np.asarray(n / n.sum(axis=-1, keepdims=True))


def kitagawa(shares: ArrayLike, rates: ArrayLike) -> Parts:
    """Symmetric decomposition between two dates (Kitagawa 1955, two components).

    Parameters
    ----------
    shares, rates : array_like, shape (..., 2, k)
        First and last date of k groups.

    Returns
    -------
    Parts
        Arrays of shape (..., k); composition and rate add up to the change, the interaction is zero.
    """
    w, r = _two_dates(shares, rates)
    return _first_step(chained(w, r))


def chained(shares: ArrayLike, rates: ArrayLike) -> Parts:
    """Symmetric decomposition of every step between neighbouring dates.

    Summed over the steps it is the chained (Divisia) version, which lets the weights move with the data and depends on
    the path; over a single step it is `kitagawa`.

    Parameters
    ----------
    shares, rates : array_like, shape (..., t, k)
        t dates in order.

    Returns
    -------
    Parts
        Arrays of shape (..., t - 1, k).
    """
    w, r = _pair(shares, rates)
    level = (w * r).sum(axis=-1, keepdims=True)
    mean_rate, mean_share, mean_level = (_middle(a) for a in (r, w, level))
    composition = np.diff(w, axis=-2) * (mean_rate - mean_level)
    return Parts(composition, np.diff(r, axis=-2) * mean_share, np.zeros_like(composition))


def three_fold(shares: ArrayLike, rates: ArrayLike, base: int = 0) -> Parts:
    """Shift-share with an interaction: each factor moves alone from the weights of one date.

    With `base` 0 the parts are within, between and interaction at the first date's weights (the three-fold Oaxaca and
    Blinder decomposition); with 1 the weights are the last date's and the interaction changes its sign.

    Parameters
    ----------
    shares, rates : array_like, shape (..., 2, k)
    base : 0 or 1
        Date whose shares and rates are the weights.
    """
    if base not in (0, 1):
        raise ValueError(f"base is {base!r}; it is 0 for the first date or 1 for the last.")
    w, r = _two_dates(shares, rates)
    dw, dr = w[..., 1, :] - w[..., 0, :], r[..., 1, :] - r[..., 0, :]
    reference = (w * r).sum(axis=-1)[..., base, None]
    joint = dw * dr if base == 0 else -dw * dr
    return Parts(dw * (r[..., base, :] - reference), dr * w[..., base, :], joint)


def shapley(value: Callable[[tuple[bool, ...]], float], factors: int) -> Floats:
    """Shapley value of each factor in the change from none moved to all moved (Shorrocks 2013).

    Parameters
    ----------
    value : function of a tuple of `factors` booleans
        The quantity when exactly the factors marked True stand at the last date.
    factors : int
        Number of factors, at most 10 (each of the 2**factors worlds is computed once).

    Returns
    -------
    array, shape (factors,)
        Mean over all orders of what a factor changes when it moves; they add up to the whole change.
    """
    if not 1 <= factors <= 10:
        raise ValueError(f"factors is {factors!r}; it lies between 1 and 10.")
    worlds = {moved: float(value(moved)) for moved in itertools.product((False, True), repeat=factors)}
    result = np.zeros(factors)
    for moved, before in worlds.items():
        weight = math.factorial(sum(moved)) * math.factorial(factors - sum(moved) - 1) if not all(moved) else 0
        for k in range(factors):
            if not moved[k]:
                after = worlds[(*moved[:k], True, *moved[k + 1 :])]
                result[k] += weight * (after - before) / math.factorial(factors)
    return result


def shapley_product(first: Sequence[ArrayLike], last: Sequence[ArrayLike]) -> Floats:
    """Shapley values of the factors of a sum of products, such as place x mix within the place x rate.

    Parameters
    ----------
    first, last : sequences of arrays that broadcast together
        Factor by factor, at the first and at the last date.
    """
    if len(first) != len(last):
        raise ValueError(f"{len(first)} factors at the first date and {len(last)} at the last.")
    ends = [[np.asarray(a, dtype=np.float64) for a in date] for date in (first, last)]

    def value(moved: tuple[bool, ...]) -> float:
        product = np.array(1.0)
        for k, m in enumerate(moved):
            product = product * ends[int(m)][k]
        return float(product.sum())

    return shapley(value, len(first))


def standardised(rates: ArrayLike, standard: ArrayLike) -> Floats:
    """Direct standardisation: the overall rate if the groups had the shares of the standard."""
    r, w = np.broadcast_arrays(np.asarray(rates, dtype=np.float64), _shares(standard))
    return np.asarray((w * r).sum(axis=-1))


def indirectly_standardised(shares: ArrayLike, rates: ArrayLike, standard_rates: ArrayLike) -> tuple[Floats, Floats]:
    """Indirect standardisation: observed over expected, and the rate expected from the standard's group rates.

    Returns
    -------
    (ratio, expected)
        The standardised ratio (1 when the groups fare as in the standard) and the expected overall rate.
    """
    w, r = _pair(shares, rates)
    expected = (w * np.asarray(standard_rates, dtype=np.float64)).sum(axis=-1)
    if not (expected > 0).all():
        raise ValueError("the standard's rates give an expected rate of zero; a ratio does not exist.")
    return np.asarray((w * r).sum(axis=-1) / expected), np.asarray(expected)


def _middle(a: Floats) -> Floats:
    return np.asarray((a[..., 1:, :] + a[..., :-1, :]) / 2)


def _first_step(parts: Parts) -> Parts:
    return Parts(parts.composition[..., 0, :], parts.rate[..., 0, :], parts.interaction[..., 0, :])


def _shares(values: ArrayLike) -> Floats:
    w = np.asarray(values, dtype=np.float64)
    if not np.isfinite(w).all() or not np.allclose(w.sum(axis=-1), 1, atol=1e-6):
        raise ValueError("shares must be finite and add up to 1 at each date; make them with shares_of(counts).")
    return w


def _pair(shares: ArrayLike, rates: ArrayLike) -> tuple[Floats, Floats]:
    w, r = _shares(shares), np.asarray(rates, dtype=np.float64)
    if w.shape != r.shape:
        raise ValueError(f"shares have shape {w.shape} and rates {r.shape}; they must agree.")
    if not np.isfinite(r).all():
        raise ValueError("rates must be finite; give an empty group its neighbour's rate or join it to another.")
    return w, r


def _two_dates(shares: ArrayLike, rates: ArrayLike) -> tuple[Floats, Floats]:
    w, r = _pair(shares, rates)
    if w.ndim < 2 or w.shape[-2] != 2:
        raise ValueError(f"two dates are needed on the last axis but one; the shape is {w.shape}.")
    return w, r
