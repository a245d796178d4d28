"""Ranks and their confidence sets, against a multivariate normal integral, the printed example and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from amazon_labor.methods import ranks


def test_percent_below_counts_strictly():
    assert ranks.percent_below(3.6, [3.4, 3.5, 3.6, 4.0]) == 50
    assert ranks.percent_tied(3.6, [3.4, 3.5, 3.6, 4.0]) == 25


@pytest.mark.parametrize(("value", "others"), [(1.0, []), (1.0, [np.nan]), (np.nan, [1.0])])
def test_a_rank_needs_values(value, others):
    with pytest.raises(ValueError, match="rank needs"):
        ranks.percent_below(value, others)


def test_joint_level_is_the_multivariate_normal_integral():
    """Second implementation: scipy's integral of the normal with the covariance of the standardised differences."""
    error, others = 0.7, np.array([0.5, 1.0, 1.6])
    spread = np.hypot(error, others)
    covariance = (error**2 + np.diag(others**2)) / np.outer(spread, spread)
    box = stats.multivariate_normal(np.zeros(3), covariance, maxpts=2_000_000, abseps=1e-7, releps=1e-7)
    expected = box.cdf([2.1] * 3, lower_limit=[-2.1] * 3)
    assert ranks.joint_level(2.1, error, others) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize(("k", "critical"), [(1, 1.96), (2, 2.21), (3, 2.35), (5, 2.51), (9, 2.69)])
def test_equal_errors_give_dunnetts_table(k, critical):
    """Two-sided 5 percent points of Dunnett for known variance; quoted from memory, not read for this test."""
    assert ranks.joint_critical(1.0, np.ones(k), 95) == pytest.approx(critical, abs=0.006)


def test_one_comparison_is_a_plain_test():
    assert ranks.joint_critical(2.0, [0.3], 90) == pytest.approx(stats.norm.ppf(0.95), abs=1e-9)


def test_rank_set_of_well_separated_and_of_equal_estimates():
    apart = ranks.rank_set(3.0, 0.01, [1, 2, 4, 5], [0.01] * 4)
    assert (apart.low, apart.percent, apart.high) == (50, 50, 50)
    tied = ranks.rank_set(3.0, 1.0, [3.1, 2.9, 3.0, 3.2], [1.0] * 4)
    assert (tied.low, tied.high) == (0, 100)


def test_rank_set_covers_the_true_rank():
    """Simulation: estimates of seven true values; the set must hold the true rank at least as often as its level."""
    truth, errors = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0]), np.array([0.5, 0.4, 0.6, 0.5, 0.5, 0.7, 0.4])
    rng, hits, draws = np.random.default_rng(7), 0, 400
    expected = 100 * 3 / 6
    for sample in truth + errors * rng.standard_normal((draws, 7)):
        found = ranks.rank_set(sample[3], errors[3], np.delete(sample, 3), np.delete(errors, 3), 80)
        hits += found.low <= expected <= found.high
    assert hits / draws >= 0.8


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(-5, 5), min_size=3, max_size=9),
    error=st.floats(0.05, 2),
    level=st.sampled_from([50, 80, 90, 99]),
)
def test_set_holds_the_observed_rank_and_grows_with_the_level(values, error, level):
    others, errors = values[1:], [error] * (len(values) - 1)
    found = ranks.rank_set(values[0], error, others, errors, level)
    wider = ranks.rank_set(values[0], error, others, errors, 99.5)
    assert found.low <= found.percent <= found.high
    assert wider.low <= found.low
    assert found.high <= wider.high


def test_errors_name_what_is_wrong():
    with pytest.raises(ValueError, match=r"^standard errors must be positive, not 0\.0 and \[1\.0\]\.$"):
        ranks.joint_level(2, 0.0, [1.0])
    with pytest.raises(ValueError, match=r"^level is 100; it is a percentage between 0 and 100\.$"):
        ranks.joint_critical(1, [1.0], 100)
    with pytest.raises(ValueError, match=r"^2 estimates have 1 standard errors\.$"):
        ranks.rank_set(1, 1, [1, 2], [1])
