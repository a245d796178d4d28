"""The rule of the ledger is total, and does what its description says for every combination.

`described` is a second implementation, written from the text of `docs/claims.md` case by case; the enumeration compares
the two. The properties are those a referee would demand of any such rule.
"""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amazon_labor import claim_rule
from amazon_labor.claim_rule import FAILS, HOLDS, MISSING, QUALIFIED, UNTESTABLE, Reading, judge, read, within

OWN = ("none", "true", "true, interval crosses", "false", "unavailable")
OTHERS = ("none listed", "all true", "all true, one crosses", "some true", "none true", "none available")
LOST = (False, True)  # whether one more of the others could not be had
DOCUMENTARY = (False, True)
RUN = (True, False)

OWN_READINGS = {
    "none": [],
    "true": [Reading(True, True)],
    "true, interval crosses": [Reading(True, True, crosses=True)],
    "false": [Reading(True, False)],
    "unavailable": [Reading(True, None)],
}
OTHER_READINGS = {
    "none listed": [],
    "all true": [Reading(False, True), Reading(False, True)],
    "all true, one crosses": [Reading(False, True), Reading(False, True, crosses=True)],
    "some true": [Reading(False, True), Reading(False, False)],
    "none true": [Reading(False, False), Reading(False, False)],
    "none available": [Reading(False, None)],
}
SEVERITY = {HOLDS: 0, QUALIFIED: 1, FAILS: 2}
COMBINATIONS = list(itertools.product(OWN, OTHERS, LOST, DOCUMENTARY, RUN))


def described(own: str, others: str, documentary: bool, run: bool) -> set[str]:
    """Every verdict whose description fits: exactly one must."""
    computed = others not in ("none listed", "none available")
    sure = own != "true, interval crosses" and others != "all true, one crosses"
    all_true = others.startswith("all true") or not computed
    own_true = own.startswith("true")
    asked = run and not documentary
    fits = set()
    if documentary or (run and own in ("none", "unavailable") and not computed):
        fits.add(UNTESTABLE)
    if not run and not documentary:
        fits.add(MISSING)
    if asked and own_true and all_true:
        fits.add(HOLDS if sure else QUALIFIED)
    if asked and own_true and not all_true:
        fits.add(QUALIFIED)
    if asked and own == "false":
        fits.add(FAILS)
    if asked and own in ("none", "unavailable") and computed:
        if others == "some true":
            fits.add(QUALIFIED)
        elif others == "none true":
            fits.add(FAILS)
        else:
            fits.add(HOLDS if own == "none" and sure else QUALIFIED)
    return fits


@pytest.mark.parametrize(("own", "others", "lost", "documentary", "run"), COMBINATIONS)
def test_every_combination_has_exactly_the_verdict_described(own, others, lost, documentary, run):
    expected = described(own, others, documentary, run)
    assert len(expected) == 1
    readings = OWN_READINGS[own] + OTHER_READINGS[others] + ([Reading(False, None)] if lost else [])
    assert {judge(readings, documentary=documentary, run=run)} == expected


def test_the_enumeration_reaches_every_verdict():
    reached = {judge(OWN_READINGS[o] + OTHER_READINGS[t], documentary=d, run=r) for o, t, _, d, r in COMBINATIONS}
    assert reached == set(claim_rule.WORDS)


def test_two_readings_cannot_both_be_the_articles_own():
    with pytest.raises(ValueError, match=r"^2 readings are marked as the article's own; one at most can be\.$"):
        judge([Reading(True, True), Reading(True, False)])


# --- bounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "inside"),
    [(33.35, True), (33.45, True), (33.349, False), (33.451, False), (33.3499999, False), (33.45 + 1e-12, True)],
)
def test_bounds_of_a_printed_number_are_inclusive(value, inside):
    assert within(value, 33.35, 33.45) is inside


@pytest.mark.parametrize("value", [0.1 + 0.2, 1.1 * 3 - 3.0, 0.3, 3 * 0.1])
def test_a_sum_in_binary_floating_point_is_judged_as_its_decimal(value):
    assert within(value, 0.3, 0.3)


def test_a_difference_that_is_zero_but_for_the_last_bits_is_zero():
    assert within(0.3 - (0.1 + 0.2), 0, None)
    assert within((0.1 + 0.2) - 0.3, None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="not a finite number"):
        within(value, 0, 1)


cents = st.integers(-10_000_000, 10_000_000)


@given(cents, st.integers(0, 4), st.integers(-60, 60))
def test_a_value_is_in_the_band_of_a_printed_number_when_it_rounds_to_it_or_ties(printed, places, offset):
    """Bounds are half a unit of the last printed digit either side; a tie at either end is in."""
    unit = Decimal(1).scaleb(-places)
    lower, upper = printed * unit - unit / 2, printed * unit + unit / 2
    value = printed * unit + unit * offset / 100
    assert within(float(value), float(lower), float(upper)) is (abs(offset) <= 50)


@given(cents, cents, cents)
def test_within_is_exact_arithmetic_on_decimals(value, one, other):
    lower, upper = sorted((one, other))
    exact = Fraction(lower, 100) <= Fraction(value, 100) <= Fraction(upper, 100)
    assert within(value / 100, lower / 100, upper / 100) is exact


@given(cents, cents, cents)
def test_turning_all_signs_leaves_the_reading(value, one, other):
    lower, upper = sorted((one / 100, other / 100))
    assert within(value / 100, lower, upper) is within(-value / 100, -upper, -lower)


@given(cents)
def test_a_sign_decides_against_zero(value):
    assume(value != 0)
    assert within(value / 100, 0.0001, None) is (value > 0)
    assert within(value / 100, None, -0.0001) is (value < 0)
    assert within(value / 100, None, None)


@given(cents, cents, cents, st.sampled_from([1e-3, 1e-2, 0.1, 10, 100, 1e3, 1e6, 1e9]))
def test_a_change_of_unit_leaves_the_reading(value, one, other, factor):
    """Million against billion dollars: value and bounds scaled together."""
    lower, upper = sorted((one / 100, other / 100))
    assert within(value / 100 * factor, lower * factor, upper * factor) is within(value / 100, lower, upper)


# --- estimates --------------------------------------------------------------------------------------------------------


@given(cents, cents, cents, st.integers(0, 10_000), st.integers(0, 10_000))
def test_an_interval_never_changes_whether_the_estimate_holds(value, one, other, below, above):
    lower, upper = sorted((one, other))
    point = read(value / 100, lower / 100, upper / 100)
    interval = read(value / 100, lower / 100, upper / 100, low=(value - below) / 100, high=(value + above) / 100)
    assert interval.holds is point.holds
    assert not point.crosses
    assert interval.crosses is (point.holds and not (lower <= value - below and value + above <= upper))


def test_an_interval_that_ends_on_the_bound_does_not_cross_it():
    assert not read(241, 235, 245, low=235, high=245).crosses
    assert read(241, 235, 245, low=234.9, high=245).crosses


def test_an_interval_across_the_bound_qualifies_and_never_rescues():
    assert judge([read(241, 235, 245, own=True, low=16, high=466)]) == QUALIFIED
    assert judge([read(246, 235, 245, own=True, low=16, high=466)]) == FAILS


# --- the verdict as a function of the readings --------------------------------------------------------------------------


readings_of_others = st.lists(
    st.builds(
        lambda holds, crosses: Reading(False, holds, crosses and holds is True),
        st.sampled_from([True, False, None]),
        st.booleans(),
    ),
    max_size=7,
)
own_reading = st.sampled_from([r for rs in OWN_READINGS.values() for r in (rs or [None])])


@st.composite
def claims(draw):
    own = draw(own_reading)
    return ([own] if own else []) + draw(readings_of_others)


@given(claims(), st.booleans(), st.booleans())
def test_the_rule_is_total(readings, documentary, run):
    assert judge(readings, documentary=documentary, run=run) in claim_rule.WORDS


@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_readings_is_irrelevant(readings, random):
    shuffled = random.sample(readings, len(readings))
    assert judge(shuffled) == judge(readings)


@given(claims())
def test_one_more_false_reading_never_improves_a_verdict(readings):
    before, after = judge(readings), judge([*readings, Reading(False, False)])
    if before == UNTESTABLE:
        assert after == FAILS
    else:
        assert SEVERITY[after] >= SEVERITY[before]


@given(claims())
def test_one_more_true_reading_never_worsens_a_verdict(readings):
    before, after = judge(readings), judge([*readings, Reading(False, True)])
    if before != UNTESTABLE:
        assert SEVERITY[after] <= SEVERITY[before]


@given(claims())
def test_a_reading_that_could_not_be_had_and_is_not_the_articles_own_changes_nothing(readings):
    assert judge([*readings, Reading(False, None)]) == judge(readings)


@given(claims())
def test_repeating_a_reading_of_others_changes_nothing(readings):
    others = [r for r in readings if not r.own]
    assert judge([*readings, *others]) == judge(readings)


@given(claims())
def test_losing_the_intervals_never_worsens_a_verdict(readings):
    plain = [Reading(r.own, r.holds) for r in readings]
    if judge(readings) != UNTESTABLE:
        assert SEVERITY[judge(plain)] <= SEVERITY[judge(readings)]


@given(claims())
def test_the_articles_own_reading_false_is_decisive(readings):
    assert judge([*(r for r in readings if not r.own), Reading(True, False)]) == FAILS


@given(claims())
def test_no_verdict_holds_without_a_true_reading(readings):
    if not any(r.holds for r in readings):
        assert judge(readings) in (FAILS, UNTESTABLE)


def test_a_reading_keeps_whether_it_is_the_articles_own():
    assert read(1, 0, 2) == Reading(False, True, False)
    assert read(1, 0, 2, own=True) == Reading(True, True, False)
    assert read(3, 0, 2, own=True, low=1, high=4) == Reading(True, False, False)
    assert read(1, 0, 2, low=-1, high=1.5) == Reading(False, True, True)
    assert read(None, 0, 2, own=True, low=1, high=4) == Reading(True, None, False)
    assert read(None, 0, 2) == Reading(False, None, False)
