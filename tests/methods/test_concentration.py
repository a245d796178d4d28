"""Bounds of the Herfindahl-Hirschman index, against the usual example and a search over markets; Gini and
Ellison-Glaeser against pair differences, the formula of the paper and the exact expectation under chance."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import concentration


def test_index_of_the_usual_example():
    # the example of the US Department of Justice, read as quoted at connectbrevard.org/knowledgebase (linkID 604)
    assert concentration.hhi([30, 30, 20, 20]) == 2600


def test_a_market_with_all_firms_listed_has_one_index():
    bounds = concentration.hhi_bounds([30, 30, 20, 20])
    assert (bounds.low, bounds.named, bounds.high) == (2600, 2600, 2600)


def test_rest_is_one_firm_at_most_and_dust_at_least():
    bounds = concentration.hhi_bounds([50, 30])
    assert (bounds.low, bounds.high) == (3400, 3800)


def test_ranking_limits_the_firms_of_the_rest():
    assert concentration.hhi_bounds([50, 15], largest_rest=15).high == 2500 + 225 + 2 * 225 + 25
    assert concentration.hhi_bounds([50, 30], largest_rest=30).high == 3800


def test_no_market_lies_outside_the_bounds():
    rng = np.random.default_rng(5)
    bounds = concentration.hhi_bounds([40, 20, 8], largest_rest=8)
    seen = []
    while len(seen) < 2000:
        parts = rng.dirichlet(np.full(rng.integers(4, 12), rng.uniform(0.2, 5))) * 32
        if parts.max() <= 8:
            seen.append(concentration.hhi([40, 20, 8, *parts]))
    assert bounds.low < min(seen)
    assert max(seen) <= bounds.high + 1e-9


def test_rounding_widens_both_bounds():
    exact, rounded = concentration.hhi_bounds([40, 20]), concentration.hhi_bounds([40, 20], half_step=0.5)
    assert rounded.low == pytest.approx(39.5**2 + 19.5**2)
    assert rounded.low < exact.low
    assert rounded.high == pytest.approx(40.5**2 + 20.5**2 + 40**2)
    assert rounded.high > exact.high
    assert concentration.hhi_bounds([40, 0.2], half_step=0.5).low == pytest.approx(39.5**2)  # no share below zero


def test_equal_firms_are_counted():
    assert concentration.firms_of_equal_size(concentration.hhi([25] * 4)) == 4
    with pytest.raises(ValueError, match=r"^index is 0; it lies above 0 and is at most 10,000\.$"):
        concentration.firms_of_equal_size(0)


@pytest.mark.parametrize(
    ("shares", "options", "words"),
    [
        ([60, 50], {}, r"^the shares add to 110 percent; a market has 100\.$"),
        ([-1], {}, r"^shares are \[-1\.0\]; each is a percentage from 0\.$"),
        ([50], {"largest_rest": 0}, r"^largest_rest is 0; the largest firm of the rest has a positive share\.$"),
        ([50], {"half_step": -1}, r"^half_step is -1; rounding cannot be negative\.$"),
    ],
)
def test_impossible_markets_are_refused(shares, options, words):
    with pytest.raises(ValueError, match=words):
        concentration.hhi_bounds(shares, **options)


def test_gini_by_hand_and_by_mean_absolute_difference():
    # second implementation: mean absolute difference over twice the mean (Gini 1912)
    values = np.array([1.0, 3.0, 0.0, 10.0, 6.0])
    by_pairs = np.abs(np.subtract.outer(values, values)).mean() / (2 * values.mean())
    assert concentration.gini(values) == pytest.approx(by_pairs)
    assert concentration.gini([5, 5, 5]) == pytest.approx(0)
    assert concentration.gini([0, 0, 0, 1]) == pytest.approx(0.75)  # closed form 1 - 1/n


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=2, max_size=15))
def test_weighted_gini_is_that_of_the_places_split_up(rows):
    values, weights = np.array(rows, dtype=float).T
    if values.sum() == 0:
        return
    split = np.concatenate([np.full(int(w), v / w) for v, w in rows])
    assert concentration.gini(values, weights) == pytest.approx(concentration.gini(split), abs=1e-12)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=15), st.integers(1, 9))
def test_lorenz_curve_lies_below_the_diagonal_whatever_the_scale(values, scale):
    if sum(values) == 0:
        return
    x, y = concentration.lorenz(values)
    assert (y <= x + 1e-12).all()
    assert concentration.gini([scale * v for v in values]) == pytest.approx(concentration.gini(values), abs=1e-12)


def test_ellison_glaeser_is_zero_on_average_by_chance():
    # all 3**4 ways in which four events fall on three places: the expectation is exact
    shares = np.array([0.5, 0.3, 0.2])
    total = 0.0
    for where in itertools.product(range(3), repeat=4):
        total += shares[list(where)].prod() * concentration.ellison_glaeser(np.bincount(where, minlength=3), shares)
    assert total == pytest.approx(0, abs=1e-12)


def test_ellison_glaeser_by_the_formula_of_the_paper():
    # Ellison and Glaeser (1997): (G - (1 - sum x^2) H) / ((1 - sum x^2)(1 - H)) with equal plants, H = 1/N
    counts, x = np.array([8.0, 1.0, 1.0]), np.array([0.4, 0.4, 0.2])
    g, rest, h = ((counts / 10 - x) ** 2).sum(), 1 - (x**2).sum(), 0.1
    assert concentration.ellison_glaeser(counts, x) == pytest.approx((g - rest * h) / (rest * (1 - h)))


SHARES = "shares are numbers from 0 below 1 that add to 1, one for each count."


@pytest.mark.parametrize(
    ("counts", "shares", "words"),
    [
        ([1, 0], [0.5, 0.5], "counts add to 1; an index of events needs at least two."),
        ([-1, 4], [0.5, 0.5], "counts add to 3; an index of events needs at least two."),
        ([2, 2], [0.5, 0.4], SHARES),
        ([2, 2], [1.0, 0.0], SHARES),
        ([2, 2], [1.5, -0.5], SHARES),
        ([2, 2, 1], [0.5, 0.5], SHARES),
    ],
)
def test_ellison_glaeser_refuses(counts, shares, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        concentration.ellison_glaeser(counts, shares)


VALUES = "values are numbers from 0, not all 0, and weights are positive."


@pytest.mark.parametrize(
    ("values", "weights", "words"),
    [
        ([0, 0], [1, 1], VALUES),
        ([1, -1], [1, 1], VALUES),
        ([3, -1], [1, 1], VALUES),
        ([1, 1], [1, 0], VALUES),
        ([1, 1], [1], "values have shape (2,), weights (1,); give one of each for every place."),
        ([[1, 1]], [[1, 1]], "values have shape (1, 2), weights (1, 2); give one of each for every place."),
    ],
)
def test_lorenz_refuses(values, weights, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        concentration.lorenz(values, weights)


def test_two_events_are_enough_and_a_rest_may_be_of_one_size():
    assert concentration.ellison_glaeser([1, 1], [0.5, 0.5]) == pytest.approx(-1)  # as even as two can be
    assert concentration.ellison_glaeser([2, 0], [0.5, 0.5]) == pytest.approx(1)
    assert concentration.hhi_bounds([60, 40]) == concentration.IndexBounds(5200, 5200, 5200)
    assert concentration.hhi_bounds([50], half_step=0).low == 2500
    assert concentration.hhi_bounds([90], largest_rest=5).high == 8100 + 50
    assert concentration.firms_of_equal_size(10_000) == 1
    # rounding alone may carry a full market over 100 percent
    assert concentration.hhi_bounds([60.3, 40.0], half_step=0.5).named == pytest.approx(60.3**2 + 1600)


def test_curve_of_lorenz_by_hand():
    x, y = concentration.lorenz([3, 1, 4], [1, 1, 2])
    assert x.tolist() == [0, 0.25, 0.75, 1]
    assert y.tolist() == [0, 0.125, 0.625, 1]


def test_columns_of_objects_are_numbers():
    values, weights = np.array([3, 1, 4], dtype=object), np.array([1, 1, 2], dtype=object)
    assert concentration.gini(values, weights) == concentration.gini([3, 1, 4], [1, 1, 2])
    assert concentration.hhi(np.array([50, 50], dtype=object)) == 5000
    assert concentration.ellison_glaeser(np.array([2, 0], dtype=object), np.array([0.5, 0.5], dtype=object)) == 1
