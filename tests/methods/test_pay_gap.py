"""The parts of the gap add up, and each is what its name says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import pay_gap

POSITIVE = st.floats(0.01, 1e4)
YEARS = st.builds(pay_gap.Year, POSITIVE, POSITIVE, POSITIVE, POSITIVE, POSITIVE)


@given(start=YEARS, end=YEARS)
def test_parts_add_up(start, end):
    gap = pay_gap.decompose(start, end)
    assert sum(gap.parts.values()) == pytest.approx(gap.total, abs=1e-8)


@given(year=YEARS, middle=YEARS, end=YEARS)
def test_spans_add_up(year, middle, end):
    whole, first, second = (pay_gap.decompose(a, b) for a, b in ((year, end), (year, middle), (middle, end)))
    for name, value in whole.parts.items():
        assert first.parts[name] + second.parts[name] == pytest.approx(value, abs=1e-8)


def test_each_part_alone():
    start = pay_gap.Year(10, 6, 4, 1, 1)
    share = pay_gap.decompose(start, pay_gap.Year(20, 6, 4, 1, 1))
    assert share.parts == pytest.approx({"labour_share": 100 * math.log(2), "inequality": 0, "prices": 0})
    unequal = pay_gap.decompose(start, pay_gap.Year(10, 6, 2, 1, 1))
    assert unequal.parts == pytest.approx({"labour_share": 0, "inequality": 100 * math.log(2), "prices": 0})
    prices = pay_gap.decompose(start, pay_gap.Year(10, 6, 4, 1, 2))
    assert prices.parts == pytest.approx({"labour_share": 0, "inequality": 0, "prices": 100 * math.log(2)})
    assert prices.pay == pytest.approx(-100 * math.log(2))


def test_one_deflator_for_both_drops_out():
    a, b = pay_gap.Year(10, 6, 4, 1, 1), pay_gap.Year(30, 15, 8, 3, 3)
    plain = pay_gap.decompose(a, pay_gap.Year(30, 15, 8, 1, 1))
    assert pay_gap.decompose(a, b).total == pytest.approx(plain.total)


def test_a_missing_value_is_named():
    with pytest.raises(ValueError, match=r"^mean_pay is nan; a logarithm needs positive numbers\.$"):
        pay_gap.decompose(pay_gap.Year(1, math.nan, 1, 1, 1), pay_gap.Year(1, 1, 1, 1, 1))
