"""Two-way fixed effects: the regression on unit and year effects, what it averages, and a bootstrap for few clusters.

With adoption at several dates the coefficient is a weighted mean of all two-group, two-period comparisons in the data,
among them those that take units treated earlier as controls for units treated later (Goodman-Bacon 2021). Where effects
differ, such comparisons can bias it, even in sign; `bacon` shows how much weight they have.

References
----------
Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008), Review of Economics and Statistics 90(3), 414-427.
Goodman-Bacon, A. (2021), Journal of Econometrics 225(2), 254-277.
MacKinnon, J. G. and Webb, M. D. (2018), Econometrics Journal 21(2), 114-135.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from amazon_labor.methods.staggered import Panel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoWay:
    """Coefficient of treatment with its error clustered by unit (small-sample factor ``G/(G-1) (N-1)/(N-K)``).

    `K` counts the coefficient, the year effects and the constant; unit effects are nested in the clusters.
    """

    effect: float
    error: float
    units: int

    def interval(self, level: float = 90) -> tuple[float, float]:
        """Interval by Student's t with one degree of freedom less than units."""
        reach = float(stats.t.ppf(0.5 + level / 200, self.units - 1)) * self.error
        return self.effect - reach, self.effect + reach


def treatment(data: Panel) -> Floats:
    """One where a unit is treated in a year, else zero; shape (n, periods)."""
    return (data.years[None, :] >= data.first[:, None]).astype(np.float64)


def demeaned(values: Floats, weights: Floats) -> Floats:
    """Take unit and year means out of a balanced panel; years are averaged with the weights of the units."""
    share = weights / weights.sum()
    inner = values - values.mean(axis=1, keepdims=True)
    return inner - (share @ inner)[None, :]


def two_way(data: Panel) -> TwoWay:
    """Regress the outcome on treatment, unit and year effects.

    Raises
    ------
    ValueError
        If treatment does not vary within units and years.
    """
    y, d = demeaned(data.outcome, data.weights), demeaned(treatment(data), data.weights)
    w = data.weights[:, None] / data.weights.mean()
    spread = float((w * d * d).sum())
    if spread < 1e-9:
        raise ValueError("treatment does not vary within units and years: there is nothing to estimate.")
    effect = float((w * d * y).sum()) / spread
    scores = (w * d * (y - effect * d)).sum(axis=1)
    return TwoWay(effect, math.sqrt(_factor(data) * float(scores @ scores)) / spread, len(y))


def _factor(data: Panel) -> float:
    units, periods = data.outcome.shape
    count = units * periods
    return units / (units - 1) * (count - 1) / (count - periods - 1)


@dataclass(frozen=True)
class Dynamic:
    """Coefficients by years since adoption of a two-way regression with leads and lags, shape (e,) each.

    The first and the last time stand for all years as far away or farther; the base year has zeros.
    """

    time: NDArray[np.int64]
    effect: Floats
    error: Floats


def dynamic(data: Panel, before: int, after: int) -> Dynamic:
    """Regress the outcome on leads and lags of adoption, unit and year effects; the year before adoption is the base.

    One coefficient serves all groups, so where their effects differ it is a mean with weights that may be negative and
    that mix event times (Sun and Abraham 2021).
    """
    if before < 2 or after < 1:
        raise ValueError(f"before is {before!r} and after {after!r}; at least 2 and 1 are needed.")
    since = np.clip(data.years[None, :] - data.first[:, None], -before, after)
    since[data.never] = -1
    time = np.arange(-before, after + 1)
    w = np.sqrt(data.weights / data.weights.mean())[:, None]
    columns = [w * demeaned((since == e).astype(np.float64), data.weights) for e in time if e != -1]
    X = np.stack(columns, axis=-1)
    y = w * demeaned(data.outcome, data.weights)
    flat = X.reshape(-1, X.shape[-1])
    coefficients = np.linalg.lstsq(flat, y.ravel(), rcond=None)[0]
    scores = np.einsum("nt,ntk->nk", y - X @ coefficients, X)
    bread = np.linalg.pinv(flat.T @ flat)
    units, periods = y.shape
    factor = units / (units - 1) * (y.size - 1) / (y.size - periods - len(columns))
    errors = np.sqrt(factor * np.diag(bread @ scores.T @ scores @ bread))
    base = int(np.flatnonzero(time == -1)[0])
    return Dynamic(time, np.insert(coefficients, base, 0.0), np.insert(errors, base, 0.0))


def wild_bootstrap(data: Panel, draws: int, seed: int, null: float = 0.0) -> float:
    """p-value of a two-sided test that the effect is `null`, by the wild cluster bootstrap with the null imposed.

    Rademacher signs by unit are put on the residuals of the model under the null, and the t statistic is computed anew.
    With few treated clusters the test errs on the side of not rejecting (MacKinnon and Webb 2018).
    """
    d = demeaned(treatment(data), data.weights)
    y = demeaned(data.outcome, data.weights) - null * d
    w = data.weights[:, None] / data.weights.mean()
    spread = float((w * d * d).sum())
    signs = np.vstack([np.ones(len(y)), np.random.default_rng(seed).choice((-1.0, 1.0), (draws, len(y)))])
    # d is free of year means, so only the score of each unit needs the year means of the drawn residuals
    own = (w * d * y).sum(axis=1)
    effects = signs @ own / spread
    year_means = signs * (data.weights / data.weights.sum()) @ y
    scores = signs * own - year_means @ (w * d).T - effects[:, None] * (w * d * d).sum(axis=1)
    t = np.abs(effects) / np.sqrt((scores**2).sum(axis=1))
    # the sample itself counts as one draw; equal up to rounding is as large
    return float((t >= t[0] * (1 - 1e-9)).mean())


@dataclass(frozen=True)
class Comparison:
    """One of the two-by-two comparisons inside a two-way coefficient.

    `kind` is ``never``, ``always`` (controls treated before the panel), ``earlier`` (an earlier group, its controls not
    yet treated) or ``later`` (a later group, its controls treated already). Weights add up to one.
    """

    kind: str
    treated: float
    control: float
    weight: float
    effect: float


def bacon(data: Panel) -> list[Comparison]:
    """Split the two-way coefficient into all two-by-two comparisons (Goodman-Bacon 2021, theorem 1).

    Raises
    ------
    ValueError
        If the units are weighted unequally: the theorem is for a mean over units.
    """
    if not np.allclose(data.weights, data.weights[0]):
        raise ValueError("the decomposition is for equal weights.")
    dates = np.where(data.never, math.inf, np.where(data.always, -math.inf, data.first))
    groups = np.unique(dates)
    share = {g: float((dates == g).mean()) for g in groups}
    length = len(data.years)
    treated_share = {
        g: 0.0 if g == math.inf else 1.0 if g == -math.inf else float(data.years[-1] - g + 1) / length for g in groups
    }
    mean = {g: data.outcome[dates == g].mean(axis=0) for g in groups}
    found = []
    for early, late in itertools.combinations(sorted(groups), 2):
        if late == math.inf and early == -math.inf:
            continue
        found.extend(_pair(data, early, late, share, treated_share, mean))
    total = sum(c.weight for c in found)
    return [Comparison(c.kind, c.treated, c.control, c.weight / total, c.effect) for c in found]


def _pair(
    data: Panel,
    early: float,
    late: float,
    share: dict[float, float],
    treated_share: dict[float, float],
    mean: dict[float, Floats],
) -> list[Comparison]:
    """The one or two comparisons between two groups; weights up to a common factor."""
    both = share[early] * share[late]
    a, b = treated_share[early], treated_share[late]
    if late == math.inf or early == -math.inf:
        group, control = (early, late) if late == math.inf else (late, early)
        d = treated_share[group]
        kind = "never" if late == math.inf else "always"
        return [Comparison(kind, group, control, both * d * (1 - d), _gap(data, mean, group, control))]
    first = _gap(data, mean, early, late, stop=late)
    second = _gap(data, mean, late, early, start=early)
    return [
        Comparison("earlier", early, late, both * (a - b) * (1 - a), first),
        Comparison("later", late, early, both * b * (a - b), second),
    ]


def _gap(
    data: Panel,
    mean: dict[float, Floats],
    group: float,
    control: float,
    start: float = -math.inf,
    stop: float = math.inf,
) -> float:
    """Difference in differences around the date of `group` in the years from `start` to before `stop`."""
    gap = mean[group] - mean[control]
    window = (data.years >= start) & (data.years < stop)
    after = data.years >= group
    return float(gap[window & after].mean() - gap[window & ~after].mean())
