"""Laws that come to different states in different years: group-time effects and their event study.

With adoption at several dates, each group of units that adopts in one year is compared, year by year, with units that
never adopt: ``ATT(g, t)`` is the mean change of the outcome from the last year before `g` to `t` in the group, less the
same change among the controls (Callaway and Sant'Anna 2021, their estimator without covariates). No unit that is already
treated serves as a control, so effects that differ between groups or grow with time do no harm, unlike in a regression on
unit and year effects (`two_way`). On a balanced panel with never-treated controls the estimates equal those of the
regression saturated in groups and event times (Sun and Abraham 2021).

References
----------
Callaway, B. and Sant'Anna, P. H. C. (2021), Journal of Econometrics 225(2), 200-230.
Sun, L. and Abraham, S. (2021), Journal of Econometrics 225(2), 175-199.
Rambachan, A. and Roth, J. (2023), Review of Economic Studies 90(5), 2555-2591.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEVER = math.inf
CONTROLS = ("never", "not yet")


@dataclass(frozen=True)
class Panel:
    """A balanced panel with one date of adoption for each unit.

    Attributes
    ----------
    outcome : numpy.ndarray, shape (n, periods)
        One row per unit, one column per year.
    years : numpy.ndarray of int, shape (periods,)
        Consecutive years.
    first : numpy.ndarray, shape (n,)
        First treated year; `NEVER` (infinity) without one. A year up to the first of the panel means always treated.
    weights : numpy.ndarray, shape (n,)
        Positive and constant over time; their scale does not matter.
    """

    outcome: Floats
    years: Ints
    first: Floats
    weights: Floats

    @property
    def never(self) -> NDArray[np.bool_]:
        """Units that are not treated within the panel."""
        return self.first > self.years[-1]

    @property
    def always(self) -> NDArray[np.bool_]:
        """Units treated from the first year on: they have no year before."""
        return self.first <= self.years[0]

    def column(self, year: int) -> int:
        """Column of a year, which need not lie inside the panel."""
        return int(year - self.years[0])

    def keep(self, units: ArrayLike) -> "Panel":
        """The same panel with some units only; `units` is a mask or positions."""
        rows = np.asarray(units)
        return Panel(self.outcome[rows], self.years, self.first[rows], self.weights[rows])


def panel(outcome: ArrayLike, years: ArrayLike, first: ArrayLike, weights: ArrayLike | None = None) -> Panel:
    """Check and build a `Panel`; equal weights unless given.

    Raises
    ------
    ValueError
        If shapes disagree, years are not consecutive, a value is missing, or a weight is not positive.
    """
    y, t = np.asarray(outcome, np.float64), np.asarray(years, np.int64)
    dates = np.asarray(first, np.float64)
    w = np.ones(len(dates)) if weights is None else np.asarray(weights, np.float64)
    if y.ndim != 2 or y.shape != (len(dates), len(t)) or w.shape != dates.shape:
        raise ValueError(f"outcome has shape {y.shape}, but there are {len(dates)} units and {len(t)} years.")
    if (np.diff(t) != 1).any():
        raise ValueError("years must be consecutive.")
    if not np.isfinite(y).all() or np.isnan(dates).any():
        raise ValueError("outcome or first holds a missing value; the estimators need a balanced panel.")
    if not (np.isfinite(w) & (w > 0)).all():
        raise ValueError("weights must be positive numbers.")
    return Panel(y, t, dates, w)


@dataclass(frozen=True)
class GroupTime:
    """Effects by group and year; one entry each.

    Attributes
    ----------
    group, year : numpy.ndarray of int
        First treated year of the group, and the year compared with the last one before it.
    effect : numpy.ndarray
        ATT in units of the outcome; an estimate of a pre-trend where `year` lies before `group`.
    influence : numpy.ndarray, shape (entries, n)
        Contribution of each unit to the error, so that the covariance of the effects is ``influence @ influence.T``.
        A group of one unit contributes nothing: its own error cannot be seen.
    size : numpy.ndarray
        Weight of the group, the sum of the weights of its units.
    """

    group: Ints
    year: Ints
    effect: Floats
    influence: Floats
    size: Floats

    @property
    def event_time(self) -> Ints:
        return self.year - self.group


def group_time(data: Panel, *, controls: str = "never", anticipation: int = 0, base_years: int = 1) -> GroupTime:
    """Estimate ATT(g, t) for every group and year, a single base year left out.

    Parameters
    ----------
    controls : str
        ``never``, or ``not yet``: units untreated in both years compared, the never-treated among them.
    anticipation : int
        Years before adoption in which units may respond already; the base year is ``g - 1 - anticipation``.
    base_years : int
        Years up to the base year whose mean is the base, as far back as the panel goes. One is the estimator of Callaway
        and Sant'Anna; more let the noise of the base average out, if trends are parallel over all of them.

    Raises
    ------
    ValueError
        If no unit ever adopts inside the panel or none can serve as a control.
    """
    if controls not in CONTROLS:
        raise ValueError(f"controls is {controls!r}; allowed: {', '.join(CONTROLS)}.")
    if anticipation < 0 or base_years < 1:
        raise ValueError(f"anticipation is {anticipation!r} and base_years {base_years!r}; at least 0 and 1.")
    groups = [int(g) for g in np.unique(data.first[~data.never & ~data.always])]
    rows = []
    for group in groups:
        base = group - 1 - anticipation
        if base < data.years[0]:
            continue
        start = data.outcome[:, max(0, data.column(base) - base_years + 1) : data.column(base) + 1].mean(axis=1)
        for year in (int(t) for t in data.years if t != base or base_years > 1):
            pool = _controls(data, controls, group, max(year, base) + anticipation)
            if pool.any():
                change = data.outcome[:, data.column(year)] - start
                rows.append((group, year, *_two_by_two(data.weights, data.first == group, pool, change)))
    if not rows:
        raise ValueError("no group has a year before adoption and a control: nothing can be compared.")
    group_, year_, effect, influence, size = (np.array(column) for column in zip(*rows, strict=True))
    return GroupTime(group_, year_, effect, influence, size)


def _controls(data: Panel, controls: str, group: int, until: int) -> NDArray[np.bool_]:
    if controls == "never":
        return data.never
    return (data.first > until) & (data.first != group)


def _two_by_two(
    weights: Floats, treated: NDArray[np.bool_], pool: NDArray[np.bool_], change: Floats
) -> tuple[float, Floats, float]:
    """Difference of weighted mean changes, its influence by unit, and the weight of the treated."""
    influence = np.zeros(len(change))
    means = []
    for sign, units in ((1, treated), (-1, pool)):
        share = weights * units / (weights * units).sum()
        mean = float(share @ change)
        influence += sign * share * (change - mean)
        means.append(mean)
    return means[0] - means[1], influence, float(weights[treated].sum())


@dataclass(frozen=True)
class EventStudy:
    """Mean effects by years since adoption.

    Attributes
    ----------
    time : numpy.ndarray of int
        Years since adoption; the base year is there with an effect of zero.
    effect, error : numpy.ndarray
        Size-weighted mean of the groups, and its standard error clustered by unit. The error leaves out the treated
        side of groups with one unit.
    groups : numpy.ndarray of int
        Groups behind each mean.
    after, after_error : float
        Mean effect from adoption to the end of the window, and its error.
    """

    time: Ints
    effect: Floats
    error: Floats
    groups: Ints
    after: float
    after_error: float


def event_study(found: GroupTime, before: int, after: int) -> EventStudy:
    """Average effects by years since adoption over the groups that are observed from adoption to `after` years later.

    Groups that reach less far are left out altogether, so the path after adoption never mixes a change of effect with a
    change of groups. Before adoption a mean uses the groups that are there.

    Raises
    ------
    ValueError
        If no group is observed over the whole window.
    """
    kept = [g for g in np.unique(found.group) if found.event_time[found.group == g].max() >= after]
    if not kept:
        raise ValueError(f"no group is observed for {after} years after adoption; choose a shorter window.")
    rows, influences = [], []
    for time in range(-before, after + 1):
        here = np.isin(found.group, kept) & (found.event_time == time)
        share = found.size * here
        # the base year has no row, and an early group none far back
        share = share / share.sum() if here.any() else share
        influence = share @ found.influence
        influences.append(influence)
        rows.append((time, float(share @ found.effect), math.sqrt(float(influence @ influence)), int(here.sum())))
    time_, effect, error, groups = (np.array(column) for column in zip(*rows, strict=True))
    later = np.flatnonzero(time_ >= 0)
    mean_influence = np.mean([influences[k] for k in later], axis=0)
    after_error = math.sqrt(float(mean_influence @ mean_influence))
    return EventStudy(time_, effect, error, groups, float(effect[later].mean()), after_error)


def overall(found: GroupTime) -> tuple[float, float]:
    """Mean effect over all years after adoption and its error clustered by unit, each group weighted by its size.

    The mean inside a group comes first, so a group that adopted early does not weigh more for being watched longer
    (Callaway and Sant'Anna's group aggregate).
    """
    share = np.zeros(len(found.group))
    for group in np.unique(found.group):
        here = (found.group == group) & (found.year >= group)
        share[here] = found.size[here] / here.sum()
    share = share / share.sum()
    influence = share @ found.influence
    return float(share @ found.effect), math.sqrt(float(influence @ influence))


def breakdown(study: EventStudy, base: int = -1) -> tuple[float, float]:
    """How large a breach of parallel trends would explain the mean effect away.

    Rambachan and Roth's bound by relative magnitudes: in each year after the base year the difference in trends may be at
    most `m` times the largest year-to-year one seen before. After ``k`` such years the bias is at most ``k m`` times that.

    Returns
    -------
    (float, float)
        The value of `m` at which zero enters the set of possible mean effects, estimates taken as exact, and the
        largest yearly change before, in units of the outcome. Infinite if there was no change before.

    Raises
    ------
    ValueError
        If fewer than two years up to the base year are there.
    """
    early = study.time <= base
    if early.sum() < 2:
        raise ValueError("a pre-trend needs two years up to the base year; choose a longer window before.")
    largest = float(np.abs(np.diff(study.effect[early])).max())
    years_of_bias = float((study.time[study.time >= 0] - base).mean())
    return (abs(study.after) / (largest * years_of_bias) if largest else math.inf), largest
