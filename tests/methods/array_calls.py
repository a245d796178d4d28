"""Calls of methods that take arrays, by module: `a` makes the array, so that a test can hand over floats, or objects.

A column of objects is what pandas makes of numbers beside a missing value, of decimals, and of whole numbers too large for a
machine word; "array_like" in a docstring promises that such a column is read as numbers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from amazon_labor.methods import (
    agreement,
    ballots,
    break_bootstrap,
    breaks,
    cohorts,
    cointegration,
    convergence,
    count_models,
    decomposition,
    decomposition_errors,
    explosive,
    explosive_critical,
    few_treated,
    growth,
    interrupted,
    local_projections,
    logit,
    long_change,
    noisy_convergence,
    panel,
    polls,
    quantile,
    rank_intervals,
    ranks,
    rates,
    sampling,
    spells,
    spurious,
    staggered,
    survey_noise,
    trend_change,
    trends,
    turnover,
    win_rates,
    within,
    workforce,
)

X = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4]
Y = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5, 2, 3, 5, 3, 6, 0, 2, 8]
T = list(range(24))
SHARES = [[0.25, 0.75], [0.5, 0.5]]
RATES = [[10, 20], [12, 30]]
SIZES = [[400, 900], [500, 500]]
MIX = turnover.TwoTypes(0.5, 0.1, 0.01)

Call = Callable[[Callable[[Any], Any]], Any]

CALLS: dict[str, list[Call]] = {
    "agreement": [lambda a: agreement.undiluted(a([1, 2]), a([0.9, 0.8]), a([0.1, 0.2]))],
    "ballots": [lambda a: ballots.Count(5, 4, 3).chance(a([0, 1])), lambda a: ballots.wins(a([0, 1, 1]))],
    "break_bootstrap": [lambda a: break_bootstrap.mean_break_test(a(Y), draws=9)],
    "breaks": [
        lambda a: breaks.sup_f(a(Y), a([[1, x] for x in X])),
        lambda a: breaks.partitions(a(Y), a([[1, x] for x in X]), max_breaks=2),
    ],
    "cohorts": [lambda a: cohorts.turnover((a([1, 2, 3]), a([9, 8, 7])), (a([2, 2, 2]), a([5, 6, 7])))],
    "cointegration": [
        lambda a: cointegration.engle_granger(a(Y), a(X)),
        lambda a: cointegration.unit_root(a(Y)),
        lambda a: cointegration.leave_one_out(a(Y), a(X)),
    ],
    "convergence": [
        lambda a: convergence.beta(a(X), a(Y)),
        lambda a: convergence.sigma(a(X), a(Y)),
        lambda a: convergence.spread_interval(a([X, Y]).T, draws=9),
        lambda a: convergence.resampled(a([X, Y]), 3, 1),
    ],
    "count_models": [
        lambda a: count_models.panel_ratio(a(X), a(Y)),
        lambda a: count_models.seasonal_path(a(T), a(X), a([24, 25]), draws=9),
        lambda a: count_models.seasonal_path(T, X, [24, 25], draws=9).excess(a([4, 5])),
    ],
    "decomposition": [
        lambda a: decomposition.overall(a(SHARES), a(RATES)),
        lambda a: decomposition.shares_of(a(SIZES)),
        lambda a: decomposition.kitagawa(a(SHARES), a(RATES)),
        lambda a: decomposition.three_fold(a(SHARES), a(RATES)),
        lambda a: decomposition.shapley_product(a([2, 3]), a([4, 5])),
        lambda a: decomposition.standardised(a(RATES), a([0.5, 0.5])),
        lambda a: decomposition.indirectly_standardised(a(SHARES), a(RATES), a([10, 20])),
    ],
    "decomposition_errors": [
        lambda a: decomposition_errors.kitagawa_errors(a(SHARES), a(RATES), a(SIZES)),
        lambda a: decomposition_errors.draws_of(a(SHARES), a(RATES), a(SIZES), draws=3),
        lambda a: decomposition_errors.difference_from_all(a([0.25, 0.75]), a([10, 20]), a([400, 900]), 0),
    ],
    "explosive": [
        lambda a: explosive.recursion(a(Y), 10),
        lambda a: explosive.episodes(a([1, 3, 3]), a([2, 2, 2])),
    ],
    "explosive_critical": [lambda a: explosive_critical.critical_values(a([40, 100]), 40)],
    "few_treated": [
        lambda a: few_treated.p_value(2.0, a(X)),
        lambda a: few_treated.exceeding(5.0, a(X)),
        lambda a: few_treated.interval(2.0, a(X)),
    ],
    "growth": [lambda a: growth.chain(a([10, 20]))],
    "interrupted": [
        lambda a: interrupted.counterfactual(a(T), a(Y), a([24, 25])),
        lambda a: interrupted.counterfactual(T, Y, [24, 25]).mean_gap(a([3, 4])),
        lambda a: interrupted.segmented(a(T), a(Y), 12).to_numpy(),
    ],
    "local_projections": [lambda a: local_projections.local_projection(a(X), a(Y), 2).to_numpy()],
    "logit": [lambda a: logit.fit(a([[1, x] for x in X]), a([y % 2 for y in Y])).beta],
    "long_change": [lambda a: long_change.by_trend(a(T), a(Y)), lambda a: long_change.by_drift(a(Y))],
    "noisy_convergence": [
        lambda a: noisy_convergence.dispersion(a(X), a([1] * 24)),
        lambda a: noisy_convergence.catching_up(a(X), a(Y), a(T)),
    ],
    "panel": [lambda a: panel.premium(a([0, 1]))],
    "polls": [lambda a: polls.local_level(a(T), a(X), a([1] * 24), 0.5)],
    "quantile": [
        lambda a: quantile.check_loss(a([-1, 2]), 0.25),
        lambda a: quantile.quantile_regression(a(Y), a([[1, x] for x in X]), 0.5).params,
    ],
    "rank_intervals": [
        lambda a: rank_intervals.rank(a(X), 2),
        lambda a: rank_intervals.rank_interval(a(X), a([1] * 24), 2),
    ],
    "ranks": [lambda a: ranks.percent_below(4.0, a(X)), lambda a: ranks.rank_set(4.0, 1.0, a(X), a([1] * 24))],
    "rates": [lambda a: rates.dispersion(a(X), a([2] * 24))],
    "spells": [lambda a: spells.changes(a(T), a(Y)), lambda a: spells.broken_line(a(T), a(Y))],
    "spurious": [lambda a: spurious.line(a(Y), a(X), 2)],
    "staggered": [lambda a: staggered.panel(a([X[:5], Y[:5]]), a(T[:5]), a([2, np.inf]), a([1, 2]))],
    "survey_noise": [lambda a: survey_noise.sampling_noise(a([X, X[::-1]]).T, a([[900] * 24] * 2).T, 4)],
    "trend_change": [lambda a: trend_change.change_from_trend(a(T), a(Y), (0, 9), 9, 11)],
    "trends": [
        lambda a: trends.linear_trend(a(X), a(Y)),
        lambda a: trends.linear_trend(X, Y).at(a([2, 3])),
        lambda a: trends.random_walk_with_drift(a(Y), 2),
        lambda a: trends.straight_line(a(Y), 2),
        lambda a: trends.crps_normal(a([1, 2]), a([1, 1]), a([3, 4])),
        lambda a: trends.interval_score(a([1, 2]), a([3, 4]), a([5, 3])),
        lambda a: trends.rolling_origin(T, a(Y), 20, 2, ("straight line",)).drop(columns="method").to_numpy(),
    ],
    "turnover": [
        lambda a: turnover.annual_turnover(a([0.5, 0.25])),
        lambda a: turnover.weekly_hazard(a([52, 26])),
        lambda a: turnover.cohort_left(a([0.5, 0.25]), a([1, 2])),
        lambda a: turnover.hired_since(a([0.5, 0.25]), a([1, 2])),
        lambda a: MIX.stay(a([1, 2])),
        lambda a: MIX.movers_after(a([1, 2])),
        lambda a: MIX.remaining(a([1, 2])),
        lambda a: turnover.WeibullTenure(0.5, 10).stay(a([1, 2])),
        lambda a: turnover.WeibullTenure(0.5, 10).hired_since(a([1, 2])),
        lambda a: turnover.over_average_headcount(a([100, 50]), a([1, 2])),
        lambda a: turnover.annual_rate_from_levels(a(X[:12]), a(T[:12])),
    ],
    "win_rates": [lambda a: win_rates.wilson(a([3, 5]), a([10, 9]))],
    "within": [lambda a: within.slope(a(Y), a(X), [k % 6 for k in T])],
    "workforce": [
        lambda a: workforce.hires_needed(a([10, 20]), a([20, 20]), a([100, 50]), a([1, 0])),
        lambda a: workforce.part_time_share(a([20, 30]), 20, 40),
    ],
}

Level = Callable[[float], Any]

# calls that take a confidence level: every one refuses 0 and 100 and takes what lies between
LEVELS: dict[str, Level] = {
    "interrupted": lambda level: interrupted.counterfactual(T, Y, [24]).interval(level),
    "polls": lambda level: polls.local_level(T, X, [1] * 24, 0.5).interval(level),
    "rank_intervals": lambda level: rank_intervals.rank_interval(X, [1] * 24, 2, level),
    "ranks": lambda level: ranks.rank_set(4.0, 1.0, X[:4], [1] * 4, level),
    "rates": lambda level: rates.rate_interval(5, 2.0, level),
    "sampling": lambda level: sampling.share_interval(40, 100, 1.0, level),
    "trend_change": lambda level: trend_change.change_from_trend(T, Y, (0, 9), 9, 11).interval(level),
    "trends": lambda level: trends.linear_trend(X, Y).slope_interval(level),
    "win_rates": lambda level: win_rates.wilson(3, 10, level),
    "within": lambda level: within.slope(Y, X, [str(k % 6) for k in T]).interval(level),
}
