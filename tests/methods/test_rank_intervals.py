"""Ranks with their confidence sets: exact ends, and the promise kept in a simulation."""

import numpy as np
import pytest

from amazon_labor.methods import rank_intervals


def test_without_error_the_set_is_the_rank():
    values = [3.0, 9.0, 5.0, 1.0]
    assert [rank_intervals.rank(values, k) for k in range(4)] == [3, 1, 2, 4]
    assert [rank_intervals.rank_interval(values, np.zeros(4), k) for k in range(4)] == [(3, 3), (1, 1), (2, 2), (4, 4)]


def test_with_huge_errors_every_rank_is_open():
    assert rank_intervals.rank_interval([3.0, 9.0, 5.0], [100.0] * 3, 0) == (1, 3)


def test_a_pair_is_an_ordinary_two_sided_test():
    # one comparison at 90 percent: the bound is 1.645 standard errors of the difference
    assert rank_intervals.rank_interval([2.33, 0.0], [1.0, 1.0], 0) == (1, 1)
    assert rank_intervals.rank_interval([2.32, 0.0], [1.0, 1.0], 0) == (1, 2)


def test_two_comparisons_share_the_error():
    # 90 percent jointly over two comparisons is 95 percent for each: 1.960 standard errors of the difference
    assert rank_intervals.rank_interval([2.78, 0.0, 9.0], [1.0, 1.0, 1.0], 0) == (2, 2)
    assert rank_intervals.rank_interval([2.76, 0.0, 9.0], [1.0, 1.0, 1.0], 0) == (2, 3)


def test_the_joint_level_is_kept():
    rng = np.random.default_rng(5)
    truth = np.sort(rng.normal(0, 3, 20))[::-1]
    inside = 0
    for _ in range(500):
        low, high = rank_intervals.rank_interval(truth + rng.standard_normal(20), np.ones(20), 9, 80)
        inside += low <= 10 <= high
    assert inside / 500 >= 0.8


def test_bad_input_is_refused():
    with pytest.raises(
        ValueError, match=r"^values and errors have shapes \(1,\) and \(1,\); two or more pairs are needed\.$"
    ):
        rank_intervals.rank_interval([1.0], [1.0], 0)
    with pytest.raises(
        ValueError, match=r"^level is 100, a percentage between 0 and 100, and errors are never negative\.$"
    ):
        rank_intervals.rank_interval([1.0, 2.0], [1.0, 1.0], 0, 100)
