"""Turnover models against closed forms, a simulation, and the figures of the reports."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from amazon_labor.methods import turnover

STAY, DAYS90 = 1 / 3, 90 / 7


def test_three_percent_a_week_is_the_156_behind_the_reported_150():
    """The New York Times (15 June 2021) reports about 3 percent a week and about 150 percent a year."""
    assert float(turnover.annual_turnover(0.03)) == pytest.approx(156)
    assert float(turnover.cohort_left(0.03)) == pytest.approx(100 * (1 - 0.97**52))
    assert float(turnover.weekly_hazard(156)) == pytest.approx(0.03)


@given(st.floats(1e-4, 0.3))
def test_a_cohort_never_loses_more_than_itself_and_less_than_turnover(weekly):
    left = float(turnover.cohort_left(weekly))
    assert 0 < left < 100
    assert left < float(turnover.annual_turnover(weekly))


@given(st.floats(1e-3, 0.2), st.floats(1, 300))
def test_without_memory_cohort_and_stock_lose_the_same_share(weekly, weeks):
    assert float(turnover.hired_since(weekly, weeks)) == pytest.approx(float(turnover.cohort_left(weekly, weeks)))


def test_added_jobs_are_held_by_new_people():
    half = float(turnover.hired_since(0.01, 52, growth=2))
    assert half == pytest.approx(100 - (100 - float(turnover.cohort_left(0.01, 52))) / 2)
    with pytest.raises(
        ValueError, match=r"^growth is 0\.5; with this hazard the old staff alone would exceed today's headcount\.$"
    ):
        turnover.hired_since(0.001, 4, growth=0.5)


@given(st.floats(130, 180), st.floats(0.33, 0.55))
def test_the_mixture_meets_both_facts(rate, stay):
    fit = turnover.fit_two_types(rate, stay, DAYS90, float(turnover.weekly_hazard(46)))
    assert fit.turnover == pytest.approx(rate, rel=1e-6)
    assert float(fit.stay(DAYS90)) == pytest.approx(stay, abs=1e-9)
    assert 0 < fit.movers < 1


def test_the_steady_state_of_the_mixture_equals_a_simulated_workforce():
    """2,000 posts, each leaver replaced at once, 8 years; shares within four standard errors of the last day's draw."""
    fit = turnover.fit_two_types(150, STAY, DAYS90, float(turnover.weekly_hazard(46)))
    rng = np.random.default_rng(20220401)
    posts, weeks = 2000, 416
    mover, tenure, left = rng.random(posts) < fit.movers, np.zeros(posts), np.zeros(weeks)
    for week in range(weeks):
        leaves = rng.random(posts) < np.where(mover, fit.fast, fit.slow)
        left[week] = leaves.sum()
        mover[leaves] = rng.random(int(leaves.sum())) < fit.movers
        tenure = np.where(leaves, 0, tenure + 1)
    assert 100 * 52 * left[-104:].mean() / posts == pytest.approx(fit.turnover, rel=0.04)
    share = float(fit.hired_since(100)) / 100
    assert (tenure < 100).mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / posts))
    assert mover.mean() == pytest.approx(fit.movers_in_stock, abs=4 * np.sqrt(0.25 / posts))


@given(st.integers(0, 300), st.floats(0, 0.02))
def test_the_young_site_follows_its_recursion_week_by_week(weeks, growth):
    fit = turnover.fit_two_types(150, STAY, DAYS90, float(turnover.weekly_hazard(46)))
    movers, stayers = fit.movers, 1 - fit.movers
    for _ in range(weeks):
        hires = movers * fit.fast + stayers * fit.slow + growth * (movers + stayers)
        movers = movers * (1 - fit.fast) + fit.movers * hires
        stayers = stayers * (1 - fit.slow) + (1 - fit.movers) * hires
    assert float(fit.movers_after(weeks, growth)) == pytest.approx(movers / (movers + stayers), abs=1e-9)


def test_an_old_site_is_in_the_steady_state_and_a_new_one_consists_of_hires():
    fit = turnover.fit_two_types(150, STAY, DAYS90, float(turnover.weekly_hazard(46)))
    assert float(fit.movers_after(0)) == pytest.approx(fit.movers)
    assert float(fit.movers_after(5000)) == pytest.approx(fit.movers_in_stock)
    assert float(fit.remaining(30, fit.movers)) == pytest.approx(100 * float(fit.stay(30)))
    assert float(fit.remaining(30)) == pytest.approx(100 - float(fit.hired_since(30)))


def test_exits_over_the_opening_headcount_shrink_when_staff_grows():
    assert float(turnover.over_average_headcount(123, 1.0)) == pytest.approx(123)
    assert float(turnover.over_average_headcount(120, 2.0)) == pytest.approx(80)  # 120 exits over a mean of 150
    with pytest.raises(ValueError, match=r"^growth is 0; a ratio of headcounts must be positive\.$"):
        turnover.over_average_headcount(100, 0)


def test_impossible_facts_are_refused_with_the_possible_range():
    with pytest.raises(ValueError, match=r"^stay is 0\.9; at this turnover 0\.268 to 0\.686 are possible\.$"):
        turnover.fit_two_types(150, 0.9, DAYS90, float(turnover.weekly_hazard(46)))
    with pytest.raises(
        ValueError, match=r"^slow is 0\.008846 a week; stayers must leave more slowly than the average of 0\.007692\.$"
    ):
        turnover.fit_two_types(40, STAY, DAYS90, float(turnover.weekly_hazard(46)))
    with pytest.raises(ValueError, match=r"^stay is 0\.001; at this turnover 0\.0166 to 1 are possible\.$"):
        turnover.fit_weibull(150, 0.001, DAYS90)


def test_scaling_keeps_the_mixture_and_changes_the_turnover():
    fit = turnover.fit_two_types(150, STAY, DAYS90, float(turnover.weekly_hazard(46))).scaled(100)
    assert fit.turnover == pytest.approx(100)


def test_the_weibull_tail_equals_numerical_integration():
    fit = turnover.fit_weibull(150, STAY, DAYS90)
    assert fit.turnover == pytest.approx(150)
    assert float(fit.stay(DAYS90)) == pytest.approx(STAY)
    assert fit.shape < 1
    below, _ = integrate.quad(lambda t: float(fit.stay(t)), 0, 100, limit=400)
    assert float(fit.hired_since(100)) == pytest.approx(100 * below * 1.5 / 52, rel=1e-6)


def test_with_shape_one_the_weibull_is_the_constant_hazard():
    plain = turnover.WeibullTenure(1.0, 40.0)
    assert float(plain.hired_since(60)) == pytest.approx(100 * (1 - np.exp(-60 / 40)))


def test_annual_rate_of_the_agency():
    assert turnover.annual_rate_from_levels(np.full(12, 5.0), np.full(12, 150.0)) == pytest.approx(40.0)
    with pytest.raises(
        ValueError, match=r"^levels and employment have shapes \(11,\) and \(11,\); twelve months are needed\.$"
    ):
        turnover.annual_rate_from_levels(np.ones(11), np.ones(11))


@pytest.mark.parametrize("value", [0, 1, -0.1, float("nan")])
def test_a_hazard_lies_between_nothing_and_everybody(value):
    with pytest.raises(ValueError, match="not between 0 and 1"):
        turnover.cohort_left(value)
