"""Numbers are written one way everywhere."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import wording


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (33.364, 1, "33.4"),
        (33.35, 1, "33.4"),  # half up on the decimal text, not on the binary fraction below it
        (2.675, 2, "2.68"),
        (1608000, 0, "1,608,000"),
        (-2722, 0, "−2,722"),
        (-0.04, 1, "0.0"),  # no minus before a zero
        (0, None, "0"),
        (187.919, None, "188"),
        (10.268, None, "10.3"),
        (0.0312, None, "0.0312"),
        (1e-9, None, "0.0000"),
    ],
)
def test_numbers_are_written_as_in_a_printed_table(value, digits, text):
    assert wording.number(value, digits) == text


def test_changes_carry_their_sign():
    assert wording.number(3.2, 1, sign=True) == "+3.2"
    assert wording.number(-3.2, 1, sign=True) == "−3.2"
    assert wording.number(0, 1, sign=True) == "0.0"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_missing_value_is_never_printed(value):
    with pytest.raises(ValueError, match="not a finite number"):
        wording.number(value)


def test_units_follow_in_words_or_not_at_all():
    assert wording.quantity(33.364, "billion USD", 1) == "33.4 billion dollars"
    assert wording.quantity(1, "rank", 0) == "1"
    assert wording.quantity(7, "strikes", 0) == "7 strikes"
    assert wording.quantity(2022, "year", 0) == "2022"
    assert wording.quantity(2022, "persons", 0) == "2,022 persons"


def test_ranges_days_and_listings():
    assert wording.interval(22.14, 23.6, 1) == "22.1 to 23.6"
    assert wording.day(date(2022, 4, 1)) == "1 April 2022"
    assert [wording.listing(w) for w in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@given(st.decimals(min_value=-1_000_000, max_value=1_000_000, places=6), st.integers(0, 5))
def test_the_printed_number_is_within_half_a_unit_of_the_last_place(value, digits):
    text = wording.number(float(value), digits).replace(",", "").replace(wording.MINUS, "-")
    assert abs(float(text) - float(value)) <= 0.5 * 10**-digits + 1e-9
