"""Counts of ballots: identities that hold for every count, and the distribution of wins against enumeration."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods.ballots import Count, wins

counts = st.builds(
    Count, st.integers(0, 300), st.integers(1, 300), st.integers(0, 200), st.integers(0, 20), st.integers(0, 900)
)


@given(counts)
def test_switching_the_fewest_turns_the_result_and_one_fewer_does_not(count: Count) -> None:
    def after(moved: int) -> bool:
        side = -moved if count.won else moved
        return count.votes_for + side > count.votes_against - side

    assert after(count.to_switch) != count.won
    assert after(count.to_switch - 1) == count.won


@given(counts)
def test_joining_votes_turn_the_result_and_one_fewer_do_not(count: Count) -> None:
    def after(joined: int) -> bool:
        return count.votes_for + (0 if count.won else joined) > count.votes_against + (joined if count.won else 0)

    assert after(count.to_join) != count.won
    assert after(count.to_join - 1) == count.won


@given(counts)
def test_bounds_hold_the_share_and_decide_what_no_challenge_can_turn(count: Count) -> None:
    low, high = count.bounds
    assert low <= count.share + 1e-9
    assert count.share - 1e-9 <= high
    outcomes = {2 * (count.votes_for + k) > count.valid + count.challenged for k in range(count.challenged + 1)}
    assert count.decided == (outcomes == {count.won})


@given(counts)
def test_needed_ballots_make_a_winner_and_one_fewer_does_not(count: Count) -> None:
    def won(opened: int) -> bool:
        return 2 * (count.votes_for + opened) > count.valid + count.challenged

    if count.needed <= count.challenged:
        assert won(count.needed)
    if count.needed > 0:
        assert not won(min(count.needed - 1, count.challenged))


def test_chance_rises_with_the_leaning_from_nothing_to_certainty() -> None:
    rerun = Count(875, 993, 416)
    chance = rerun.chance(np.linspace(0, 1, 101))
    assert (np.diff(chance) >= 0).all()
    assert (chance[0], chance[-1]) == (0, 1)
    assert float(Count(3, 1, 1).chance(0.0)) == 1  # the one challenge could not turn it
    draws = np.random.default_rng(1).binomial(416, 0.65, 200_000)
    assert float(rerun.chance(0.65)) == pytest.approx((875 + draws > 993 + 416 - draws).mean(), abs=0.005)


def test_a_tie_loses() -> None:
    tie = Count(10, 10)
    assert not tie.won
    assert (tie.to_switch, tie.to_join) == (1, 1)


def test_shares_of_eligible_and_wrong_counts() -> None:
    assert Count(20, 10, eligible=100).of_eligible(20) == 20
    assert np.isnan(Count(20, 10).of_eligible(20))
    with pytest.raises(
        ValueError,
        match=r"^Count: no number of ballots is negative, yet one is in Count\(votes_for=-1, votes_against=3, challenged=0, void=0, eligible=0\)\.$",
    ):
        Count(-1, 3)
    with pytest.raises(ValueError, match=r"^Count: without a valid vote there is no result\.$"):
        Count(0, 0, 5)
    with pytest.raises(ValueError, match=r"^chance: a leaning lies between 0 and 1\.$"):
        Count(1, 2, 3).chance(1.2)


def test_number_of_wins_equals_the_sum_over_all_outcomes() -> None:
    chances = [0.8, 0.35, 0.6, 0.1]
    expected = np.zeros(5)
    for outcome in itertools.product((0, 1), repeat=4):
        expected[sum(outcome)] += np.prod([p if o else 1 - p for p, o in zip(chances, outcome, strict=True)])
    assert wins(chances) == pytest.approx(expected)
    assert wins([]) == pytest.approx([1.0])
    with pytest.raises(ValueError, match=r"^wins: a chance lies between 0 and 1\.$"):
        wins([1.1])
