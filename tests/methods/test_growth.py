"""Growth measures against closed forms and the article's own figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import growth

positive = st.floats(0.01, 1e6)


def test_the_three_ways_of_writing_a_fall_by_half():
    assert growth.percent_change(20, 10) == -50
    assert growth.log_change(20, 10) == pytest.approx(-69.3147, abs=1e-4)
    assert growth.points(20, 10) == -10


def test_annual_rate_doubles_in_seventy_over_rate_years():
    assert growth.annual_rate(1, 2, 10) == pytest.approx(7.1773, abs=1e-4)
    assert growth.annual_rate(100, 121, 2) == pytest.approx(10)


def test_chain_of_rates():
    assert growth.chain([10, 10]) == pytest.approx(21)
    assert growth.chain([50, -50]) == pytest.approx(-25)
    assert growth.chain([]) == 0


@given(positive, positive, positive, positive)
def test_parts_of_a_ratio_add_up(a, b, c, d):
    parts = growth.ratio_parts((a, b), (c, d))
    change = b / d - a / c
    assert parts["ratio"] == pytest.approx(change)
    assert parts["numerator"] + parts["denominator"] == pytest.approx(change, rel=1e-6, abs=1e-6 * (a / c + b / d))


def test_parts_of_a_ratio_by_hand():
    """Ratio 1/2 to 1/4 by a doubled denominator alone: all of the change is the denominator's."""
    parts = growth.ratio_parts((10, 10), (20, 40))
    assert parts["numerator"] == 0
    assert parts["denominator"] == pytest.approx(-0.25)
    assert parts["denominator_share"] == pytest.approx(100)
    assert math.isnan(growth.ratio_parts((1, 2), (1, 2))["numerator_share"])


def test_contributions_sum_to_the_growth_of_the_whole():
    parts = growth.contributions({"a": 60, "b": 40}, {"a": 66, "b": 36})
    assert parts == {"a": pytest.approx(6), "b": pytest.approx(-4)}
    with pytest.raises(ValueError, match=r"^parts differ between the dates: \['b'\]\.$"):
        growth.contributions({"a": 1}, {"a": 1, "b": 1})


@pytest.mark.parametrize("call", [growth.percent_change, growth.log_change])
@pytest.mark.parametrize("start", [0, -3, math.nan])
def test_no_percentage_from_nothing_or_a_loss(call, start):
    with pytest.raises(ValueError, match="start"):
        call(start, 5)


def test_a_change_of_minus_hundred_ends_a_chain():
    with pytest.raises(ValueError, match=r"^a change of -100 percent leaves nothing to grow from\.$"):
        growth.chain([-100, 5])
