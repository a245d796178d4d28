"""Turnover as arithmetic: exit hazards, cohorts, and who of today's staff was there on a day in the past.

Three quantities are easily mixed up. *Turnover* is separations in a year over average headcount and has no upper limit.
The *share of a cohort that left* within a year cannot exceed 100 percent. The *share of today's staff hired since a day*
depends on how exits are spread over tenures: where most leave early, a few stay long and remember.

Hazards are weekly: the probability that someone employed at the start of a week leaves in it. Headcount is constant and
leavers are replaced at once unless growth is named.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

WEEKS = 52.0
Floats = NDArray[np.float64]


def annual_turnover(weekly: ArrayLike) -> Floats:
    """Separations in 52 weeks over average headcount, percent: ``5200 h`` at constant headcount."""
    return 100 * WEEKS * _hazard(weekly)


def weekly_hazard(turnover: ArrayLike) -> Floats:
    """Weekly hazard that gives an annual turnover in percent; the inverse of `annual_turnover`."""
    return _hazard(np.asarray(turnover, dtype=np.float64) / (100 * WEEKS))


def cohort_left(weekly: ArrayLike, weeks: ArrayLike = WEEKS) -> Floats:
    """Percent of a cohort gone after `weeks` at a constant hazard: ``100 (1 - (1 - h)^w)``."""
    return 100 * -np.expm1(np.asarray(weeks, dtype=np.float64) * np.log1p(-_hazard(weekly)))


def hired_since(weekly: ArrayLike, weeks: ArrayLike, growth: float = 1.0) -> Floats:
    """Percent of today's staff hired within the last `weeks` at a constant hazard.

    Parameters
    ----------
    weekly, weeks : array_like
        Hazard and time since the day in question.
    growth : float
        Headcount today over headcount on that day; jobs added since are held by people hired since.

    Raises
    ------
    ValueError
        If `growth` is so far below 1 that more people would have been let go than the hazard takes.
    """
    old = (100 - cohort_left(weekly, weeks)) / growth
    if growth <= 0 or (old > 100 + 1e-9).any():
        raise ValueError(f"growth is {growth!r}; with this hazard the old staff alone would exceed today's headcount.")
    return 100 - old


@dataclass(frozen=True)
class TwoTypes:
    """Mover-stayer mixture (Blumen, Kogan and McCarthy 1955) with stayers who leave slowly instead of never.

    A share `movers` of all hires leaves at the weekly hazard `fast`, the rest at `slow`.
    """

    movers: float
    fast: float
    slow: float

    def stay(self, weeks: ArrayLike) -> Floats:
        """Share of a cohort of hires still employed after `weeks`."""
        w = np.asarray(weeks, dtype=np.float64)
        return self.movers * (1 - self.fast) ** w + (1 - self.movers) * (1 - self.slow) ** w

    @property
    def turnover(self) -> float:
        """Annual separations over headcount in the steady state, percent: 52 weeks over the mean tenure of a hire."""
        return 100 * WEEKS / (self.movers / self.fast + (1 - self.movers) / self.slow)

    @property
    def movers_in_stock(self) -> float:
        """Share of movers among the staff; smaller than among hires, because they are gone sooner."""
        fast, slow = self.movers / self.fast, (1 - self.movers) / self.slow
        return fast / (fast + slow)

    def hired_since(self, weeks: ArrayLike) -> Floats:
        """Percent of the steady-state staff hired within the last `weeks`."""
        return 100 - self.remaining(weeks)

    def movers_after(self, weeks: ArrayLike, growth: float = 0.0) -> Floats:
        """Share of movers among the staff `weeks` after a site opened with new hires only.

        Leavers are replaced at once and headcount grows by the share `growth` each week, so the share of movers follows
        ``m' = (m (1 - fast) + p (m fast + (1 - m) slow + growth)) / (1 + growth)``, solved here in closed form. Without
        growth it falls towards `movers_in_stock`: an old site has gathered stayers, a young one has not.
        """
        keep = (1 - self.fast + self.movers * (self.fast - self.slow)) / (1 + growth)
        limit = self.movers * (self.slow + growth) / (1 + growth) / (1 - keep)
        return limit + (self.movers - limit) * keep ** np.asarray(weeks, dtype=np.float64)

    def remaining(self, weeks: ArrayLike, movers: float | None = None) -> Floats:
        """Percent of a staff still employed after `weeks`; `movers` is their share in it, by default the steady state's."""
        w, share = np.asarray(weeks, dtype=np.float64), self.movers_in_stock if movers is None else movers
        return 100 * (share * (1 - self.fast) ** w + (1 - share) * (1 - self.slow) ** w)

    def scaled(self, turnover: float) -> "TwoTypes":
        """The same mixture with both hazards scaled to another annual turnover in percent."""
        factor = turnover / self.turnover
        return TwoTypes(self.movers, float(_hazard(self.fast * factor)), float(_hazard(self.slow * factor)))


def fit_two_types(turnover: float, stay: float, weeks: float, slow: float) -> TwoTypes:
    """Mixture with a given annual turnover in which a given share of hires is still there after some weeks.

    Parameters
    ----------
    turnover : float
        Annual separations over headcount, percent.
    stay : float
        Share of hires still employed after `weeks`, 0 to 1.
    slow : float
        Weekly hazard of the stayers; two facts cannot fix three numbers, so this one is assumed.

    Raises
    ------
    ValueError
        If stayers leave as fast as the average, or no mixture meets both facts; the message gives the possible range.
    """
    rate, tenure = float(weekly_hazard(turnover)), 1 / float(weekly_hazard(turnover))
    if not 0 < slow < rate:
        raise ValueError(f"slow is {slow:.4g} a week; stayers must leave more slowly than the average of {rate:.4g}.")

    def mixture(fast: float) -> TwoTypes:
        return TwoTypes((tenure - 1 / slow) / (1 / fast - 1 / slow), fast, slow)

    low, high = rate * (1 + 1e-9), 1 - 1e-12
    least, most = sorted(float(mixture(end).stay(weeks)) for end in (low, high))
    if not least < stay < most:
        raise ValueError(f"stay is {stay:.3g}; at this turnover {least:.3g} to {most:.3g} are possible.")
    return mixture(optimize.brentq(lambda fast: float(mixture(fast).stay(weeks)) - stay, low, high, xtol=1e-14))


@dataclass(frozen=True)
class WeibullTenure:
    """Completed tenures of hires with ``P(T > t) = exp(-(t / scale)^shape)``, t in weeks; hazards fall if shape < 1."""

    shape: float
    scale: float

    def stay(self, weeks: ArrayLike) -> Floats:
        """Share of a cohort of hires still employed after `weeks`."""
        return np.exp(-((np.asarray(weeks, dtype=np.float64) / self.scale) ** self.shape))

    @property
    def turnover(self) -> float:
        """Annual separations over headcount in the steady state, percent."""
        return 100 * WEEKS / (self.scale * math.gamma(1 + 1 / self.shape))

    def hired_since(self, weeks: ArrayLike) -> Floats:
        """Percent of the steady-state staff hired within the last `weeks` (renewal theory: Cox 1962, chapter 5).

        The tenure of the staff has density ``P(T > t) / E(T)``, whose upper tail is a regularised gamma function.
        """
        w = np.asarray(weeks, dtype=np.float64)
        return 100 * special.gammainc(1 / self.shape, (w / self.scale) ** self.shape)


def fit_weibull(turnover: float, stay: float, weeks: float) -> WeibullTenure:
    """Weibull tenures with a given annual turnover (percent) and share `stay` still employed after `weeks`.

    Raises
    ------
    ValueError
        If no shape between 0.1 and 10 meets both facts; the message gives the possible range of `stay`.
    """
    mean = 1 / float(weekly_hazard(turnover))

    def tenure(log_shape: float) -> WeibullTenure:
        shape = math.exp(log_shape)
        return WeibullTenure(shape, mean / math.gamma(1 + 1 / shape))

    def excess(log_shape: float) -> float:
        return float(tenure(log_shape).stay(weeks)) - stay

    low, high = math.log(0.1), math.log(10)
    if excess(low) * excess(high) > 0:
        ends = sorted(float(tenure(k).stay(weeks)) for k in (low, high))
        raise ValueError(f"stay is {stay:.3g}; at this turnover {ends[0]:.3g} to {ends[1]:.3g} are possible.")
    return tenure(optimize.brentq(excess, low, high, xtol=1e-13))


def over_average_headcount(rate: ArrayLike, growth: ArrayLike) -> Floats:
    """Convert exits over the headcount at the start of a year into exits over average headcount, both in percent.

    Parameters
    ----------
    rate : array_like
        Exits in the year over headcount at its start, percent.
    growth : array_like
        Headcount at the end of the year over that at its start; the average is the mean of the two ends.
    """
    ratio = np.asarray(growth, dtype=np.float64)
    if not (ratio > 0).all():
        raise ValueError(f"growth is {growth!r}; a ratio of headcounts must be positive.")
    return 2 * np.asarray(rate, dtype=np.float64) / (1 + ratio)


def annual_rate_from_levels(levels: ArrayLike, employment: ArrayLike) -> float:
    """Annual rate as the BLS forms it since 2023: twelve monthly levels over the mean employment, percent.

    Parameters
    ----------
    levels, employment : array_like, shape (12,)
        Separations in each month and employment, in one unit.
    """
    levels, employment = np.asarray(levels, dtype=np.float64), np.asarray(employment, dtype=np.float64)
    if levels.shape != (12,) or employment.shape != (12,):
        raise ValueError(
            f"levels and employment have shapes {levels.shape} and {employment.shape}; twelve months are needed."
        )
    return 100 * float(levels.sum() / employment.mean())


def _hazard(value: ArrayLike) -> Floats:
    hazard = np.asarray(value, dtype=np.float64)
    if not ((hazard > 0) & (hazard < 1)).all():
        raise ValueError(f"a weekly hazard of {value!r} is not between 0 and 1.")
    return hazard
