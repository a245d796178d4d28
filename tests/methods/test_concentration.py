"""Bounds of the Herfindahl-Hirschman index, against the usual example and a search over markets."""

import numpy as np
import pytest

from amazon_labor.methods import concentration


def test_index_of_the_usual_example():
    # the example of many texts, remembered as that of the US Department of Justice: 900 + 900 + 400 + 400
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


def test_equal_firms_are_counted():
    assert concentration.firms_of_equal_size(concentration.hhi([25] * 4)) == 4
    with pytest.raises(ValueError, match="at most 10,000"):
        concentration.firms_of_equal_size(0)


@pytest.mark.parametrize(
    ("shares", "options", "words"),
    [
        ([60, 50], {}, "a market has 100"),
        ([-1], {}, "from 0"),
        ([50], {"largest_rest": 0}, "positive share"),
        ([50], {"half_step": -1}, "cannot be negative"),
    ],
)
def test_impossible_markets_are_refused(shares, options, words):
    with pytest.raises(ValueError, match=words):
        concentration.hhi_bounds(shares, **options)
