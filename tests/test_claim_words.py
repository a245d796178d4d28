"""Every sentence of a verdict in full, for claims made up so that each form occurs."""

import dataclasses

import pytest

from amazon_labor import claim_words as words
from amazon_labor.claim_tables import YES_NO, Claim, Interpretation
from amazon_labor.claim_words import Outcome
from amazon_labor.wording import MINUS

CLAIM = Claim(
    order=1, claim_id="x", section="s", topic="t", kind="number", statement="It is 23", stated_value="23",
    unit="percent", stated_text="23 percent", wording="is", statistic="rate", statistic_unit="percent", lower=22.5,
    upper=23.5, own_interpretation="survey", period="1980", notebook="n", tables=("a/b",), watch_for="",
    would_settle="a census.",
)  # fmt: skip


def reading(
    name: str = "survey",
    *,
    own: bool = False,
    lower: float | None = 22.5,
    upper: float | None = 23.5,
    unit: str = "percent",
) -> Interpretation:
    return Interpretation("x", name, "judged", own, lower, upper, unit, "why")


def given(
    name: str,
    value: float,
    low: float | None = None,
    high: float | None = None,
    *,
    own: bool = False,
    level: float = 90,
) -> Outcome:
    return Outcome(reading(name, own=own), value, low, high, level=level)


def lost(name: str, why: str | None = "no source.", *, own: bool = False) -> Outcome:
    return Outcome(reading(name, own=own), why=why)


OWN = given("survey", 23.04, own=True)
FALSE_OWN = given("survey", 24.0, own=True)


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ([], "A matter of documents, not of series. What would settle it: a census."),
        ([lost("a"), lost("b", None)], "No reading could be had: a (no source); b (no reason given). What would settle it: a census."),
        ([OWN], "Survey: 23.0 percent, within the accepted band (22.5 to 23.5)."),
        ([FALSE_OWN], "Survey: 24.0 percent, outside the accepted band (22.5 to 23.5)."),
        ([given("survey", 23.0, 22.6, 23.4, own=True)], "Survey: 23.0 percent (90 percent interval 22.6 to 23.4), within the accepted band (22.5 to 23.5)."),
        ([given("survey", 23.0, 22.0, 23.4, own=True, level=95)], "Survey: 23.0 percent, within the accepted band (22.5 to 23.5) but with a 95 percent interval, 22.0 to 23.4, that reaches beyond it."),
        ([given("survey", 24.0, 23.0, 25.0, own=True)], "Survey: 24.0 percent (90 percent interval 23.0 to 25.0), outside the accepted band (22.5 to 23.5)."),
        ([OWN, given("b", 23.1)], "Survey: 23.0 percent, within the accepted band (22.5 to 23.5). Also true of b (23.1)."),
        ([OWN, given("b", 23.1), given("c", 22.0), given("d", 25.0)], "Survey: 23.0 percent, within the accepted band (22.5 to 23.5). Also true of b (23.1); not true of c (22.0) or d (25.0)."),
        ([FALSE_OWN, given("b", 23.1), given("c", 22.0)], "Survey: 24.0 percent, outside the accepted band (22.5 to 23.5). It would hold for b (23.1); nor is it true of c (22.0)."),
        ([FALSE_OWN, lost("b")], "Survey: 24.0 percent, outside the accepted band (22.5 to 23.5). B (no source) could not be had."),
        ([OWN, given("b", 23.0, 22.0, 24.0)], "Survey: 23.0 percent, within the accepted band (22.5 to 23.5). Also true of b (23.0, interval across the bound)."),
        ([given("a", 23.0)], "True of a (23.0); accepted is 22.5 to 23.5."),
        ([given("a", 23.0), given("b", 23.2)], "True of every reading that could be computed: a (23.0) and b (23.2); accepted is 22.5 to 23.5."),
        ([given("a", 23.0), given("b", 25.0), lost("c")], "True of a (23.0), not of b (25.0); accepted is 22.5 to 23.5. C (no source) could not be had."),
        ([given("a", 21.0), given("b", 25.0)], "Not true of a (21.0) or b (25.0); accepted is 22.5 to 23.5."),
        ([given("a", 23.0), lost("survey", own=True), lost("c")], "True of a (23.0); accepted is 22.5 to 23.5. The article's own reading, survey, could not be had: no source."),
    ],
)  # fmt: skip
def test_reasons_in_full(outcomes: list[Outcome], sentence: str) -> None:
    assert words.reason(CLAIM, outcomes) == sentence


def test_more_than_five_readings_are_counted_after_the_fourth() -> None:
    five = [given(name, 23.0) for name in "abcde"]
    all_named = "a (23.0), b (23.0), c (23.0), d (23.0) and e (23.0)"
    assert words.would_hold(CLAIM, five) == f"It would hold for {all_named}."
    six = [*five, given("f", 23.0)]
    assert words.would_hold(CLAIM, six) == "It would hold for a (23.0), b (23.0), c (23.0), d (23.0) and 2 more."
    assert words.would_hold(CLAIM, [FALSE_OWN]) == ""
    none = [lost(name) for name in "abcdef"]
    named = "; ".join(f"{name} (no source)" for name in "abcd")
    assert words.reason(CLAIM, none) == f"No reading could be had: {named}. What would settle it: a census."


def test_nothing_to_settle_leaves_no_space() -> None:
    plain = dataclasses.replace(CLAIM, would_settle="")
    assert words.settled(plain) == ""
    assert words.reason(plain, [lost("a", " late. ")]) == "No reading could be had: a (late)."


def test_a_reading_with_bounds_or_unit_of_its_own_says_what_is_accepted_there() -> None:
    bound = Outcome(reading("b", lower=20.0001, upper=None), 21.0)
    unit = Outcome(reading("c", lower=3.0, upper=None, unit="percentage points"), 3.5)
    upper = Outcome(reading("d", upper=23.4), 23.1)
    assert words.would_hold(CLAIM, [bound, unit, upper]) == (
        "It would hold for b (21.0; accepted there is above 20), c (3.50 percentage points; accepted there is at least 3) "
        "and d (23.1; accepted there is 22.5 to 23.4)."
    )


def test_yes_and_no_stand_for_one_and_zero() -> None:
    claim = dataclasses.replace(CLAIM, statistic_unit=YES_NO, lower=1.0, upper=1.0)
    yes = reading("test", own=True, lower=1.0, upper=1.0, unit=YES_NO)
    assert words.reason(claim, [Outcome(yes, 1.0)]) == "Test: yes, as the statement needs yes."
    assert words.reason(claim, [Outcome(yes, 0.0)]) == "Test: no, where the statement needs yes."
    assert words.value_text(claim, yes, 0.5) == "0.500"
    assert words.band_text(yes) == "yes"
    assert words.band_text(reading(lower=0.0, upper=0.0, unit=YES_NO)) == "no"
    assert words.claim_band(claim) == "yes"
    two = [Outcome(reading(n, lower=1.0, upper=1.0, unit=YES_NO), v) for n, v in (("a", 1.0), ("b", 0.0))]
    assert words.computed_text(claim, two) == "yes"


def test_what_was_computed_is_the_own_reading_or_a_range() -> None:
    assert words.computed_text(CLAIM, []) == ""
    assert words.computed_text(CLAIM, [given("a", 22.0), OWN]) == "23.0 percent"
    assert words.computed_text(CLAIM, [given("a", 25.0), given("b", 22.0), lost("c")]) == "22.0 to 25.0 percent"
    assert words.computed_text(CLAIM, [given("a", 23.01), given("b", 23.02)]) == "23.0 percent"
    other = Outcome(reading("o", unit="million", lower=1.0, upper=2.0), 99.0)
    assert words.computed_text(CLAIM, [given("a", 25.0), other]) == "25.0 percent"
    rank = dataclasses.replace(CLAIM, statistic_unit="rank", unit="rank", lower=1.0, upper=3.0)
    ranks = [Outcome(reading(n, lower=1.0, upper=3.0, unit="rank"), v) for n, v in (("a", 1.0), ("b", 3.0))]
    assert words.computed_text(rank, ranks) == "1 to 3"
    assert words.computed_text(rank, ranks[:1]) == "rank 1"


def test_the_reading_shown_is_the_own_one_else_the_first_with_a_value() -> None:
    assert words.lead([]) is None
    assert words.lead([lost("survey", own=True)]) is None
    first = given("a", 1.0)
    assert words.lead([lost("z"), first, given("b", 2.0)]) is first
    assert words.lead([first, OWN]) is OWN


@pytest.mark.parametrize(
    ("value", "unit", "lower", "upper", "places"),
    [
        (23.04, "percent", 22.5, 23.5, 1),  # one more than the article prints
        (23.4999, "percent", 22.5, 23.5, 1),
        (23.54, "percent", 22.5, 23.5, 2),  # 23.5 would hold
        (2.0, "rank", 1.0, 3.0, 0),
        (2.5, "rank", 1.0, 3.0, 2),
        (0.0456, "million", None, 1.0, 4),
        (0.1, "million", None, 1.0, 2),
        (1234.5, "million", None, None, 0),
        (0.0999996, "million", 0.0999996, 0.0999996, 6),
        (0.09999964, "million", 0.09999964, 1.0, 4),
    ],
)
def test_digits(value: float, unit: str, lower: float | None, upper: float | None, places: int) -> None:
    assert words.digits(CLAIM, reading(lower=lower, upper=upper, unit=unit), value) == places


def test_decimals_of_the_article_count_only_in_its_unit() -> None:
    printed = dataclasses.replace(CLAIM, stated_value="23.45")
    assert words.digits(printed, reading(lower=0.0, upper=99.0), 23.4) == 3
    assert words.digits(printed, reading(lower=0.0, upper=99.0, unit="million"), 23.4) == 1
    words_only = dataclasses.replace(CLAIM, stated_value="some")
    assert words_only.stated_number is None
    assert words.digits(words_only, reading(lower=0.0, upper=99.0), 23.4) == 1


def test_a_value_without_its_unit_and_an_outcome_without_a_value() -> None:
    assert words.value_text(CLAIM, reading(), 23.04) == "23.0 percent"
    assert words.value_text(CLAIM, reading(), 23.04, unit=False) == "23.0"
    assert words.outcome_text(CLAIM, OWN) == "23.0 percent"
    assert words.outcome_text(CLAIM, OWN, unit=False) == "23.0"
    with pytest.raises(ValueError, match=r"^'a' has no value\.$"):
        words.outcome_text(CLAIM, lost("a"))


def test_months_of_a_unit_that_counts_none() -> None:
    with pytest.raises(ValueError, match=r"^'months' does not count months from a month\.$"):
        words.month_date("months", 1.0)
    dated = reading(lower=-0.5, upper=29 / 30, unit="months from April 2019")
    assert words.band_text(dated) == "16 March 2019 to 30 April 2019"
    assert words.band_text(dataclasses.replace(dated, lower=None)) == "at most 0.9666666666666667"
    assert words.band_text(dataclasses.replace(dated, upper=None)) == f"at least {MINUS}0.5"
    assert words.value_text(CLAIM, dated, 8.0) == "1 December 2019"


def test_bands_beside_round_numbers() -> None:
    assert words.band(None, 19.9999) == "below 20"
    assert words.band(20.001, None) == "at least 20.001"
    assert words.band(1.2301, 2.0) == "above 1.23, at most 2"
    assert words.band(1.2346, 2.0) == "1.2346 to 2"
    assert words.band(1000.0, None) == "at least 1,000"
    documents = dataclasses.replace(CLAIM, notebook="")
    assert (words.claim_band(CLAIM), words.claim_band(documents)) == ("22.5 to 23.5", "")


@pytest.mark.parametrize(
    ("true", "of", "lost", "text"),
    [
        (0, 0, 0, ""),
        (0, 0, 2, "no reading could be had"),
        (1, 1, 0, "1 of 1 reading"),
        (1, 2, 0, "1 of 2 readings"),
        (3, 8, 1, "3 of 8 readings; 1 more could not be had"),
    ],
)
def test_under_how_many_readings(true: int, of: int, lost: int, text: str) -> None:
    assert words.holds_text(true, of, lost) == text
