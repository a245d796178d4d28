"""Labour accounting against a simulated workforce, closed forms and figures of the evidence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import workforce

COUNTS = pd.DataFrame(
    [
        ("A", "2021-08-01", "United States", 950),
        ("A", "2021-12-31", "worldwide", 1608),
        ("A", "2022-12-31", "worldwide", 1541),
        ("W", "2022-01-31", "United States", 1700),
        ("W", "2022-01-31", "worldwide", 2300),
        ("H", "2021-11-01", "worldwide", 505),
        ("R", "2020-09-19", "United States", 700),
        ("R", "2020-09-19", "United States", 650),
    ],
    columns=["employer", "as_of_date", "scope", "persons"],
).assign(as_of_date=lambda t: pd.to_datetime(t.as_of_date))


def test_latest_counts_look_back_only_and_fall_back_to_the_other_scope():
    us = workforce.latest_headcounts(COUNTS, "2022-04-01", "United States")
    assert list(us.index) == ["W", "A", "R", "H"]
    assert us.persons.to_dict() == {"W": 1700, "A": 950, "R": 650, "H": 505}
    assert us.loc["H", "scope"] == "worldwide"
    assert us["rank"].to_dict() == {"W": 1, "A": 2, "R": 3, "H": 4}
    assert workforce.latest_headcounts(COUNTS, "2022-04-01", "worldwide").persons["A"] == 1608
    with pytest.raises(
        ValueError,
        match=r"^no headcount with scope 'United States' by 2019-01-01; scopes are \['United States', 'worldwide'\]\.$",
    ):
        workforce.latest_headcounts(COUNTS, "2019-01-01", "United States")


def test_hires_equal_those_of_a_simulated_workforce():
    """Headcount grows in a straight line, leavers go at random and are replaced at once."""
    rng, start, added, weeks, weekly = np.random.default_rng(20220401), 20_000, 4_000, 52, 0.02
    hired = 0
    for week in range(weeks):
        now = start + added * (week + 0.5) / weeks
        hired += rng.binomial(round(now), weekly) + added / weeks
    hires = workforce.hires_needed(start, start + added, 100 * weeks * weekly)
    assert float(hires.total) == pytest.approx(hired, rel=0.01)
    assert float(hires.growth) == added


@given(st.floats(1e3, 2e6), st.floats(1e3, 2e6), st.floats(0, 300), st.floats(0, 1))
def test_hires_less_separations_are_the_change_of_headcount(start, end, rate, share):
    hires = workforce.hires_needed(start, end, rate, share)
    assert float(hires.total - hires.replacement) == pytest.approx(end - start, abs=1e-6)
    assert float(hires.replacement) == pytest.approx(share * rate / 100 * (start + end) / 2)
    assert np.isnan(float(hires.per_added_job)) == (end <= start)


def test_impossible_workforces_are_refused():
    with pytest.raises(
        ValueError, match=r"^start or end is not positive; a headcount is needed at both ends of the year\.$"
    ):
        workforce.hires_needed(0, 10, 100)
    with pytest.raises(ValueError, match=r"^turnover is 100 percent of a share 1\.2; allowed are 0 on, and 0 to 1\.$"):
        workforce.hires_needed(10, 10, 100, 1.2)
    with pytest.raises(ValueError, match=r"^people is 90; it cannot be below the headcounts 50 and 100\.$"):
        workforce.turnover_from_people(90, 50, 100, 1)


@given(st.floats(1e3, 1e6), st.floats(1.0, 2.0), st.floats(1, 300))
def test_turnover_from_people_inverts_the_identity(start, ratio, rate):
    end = start * ratio
    people = start + float(workforce.hires_needed(start, end, rate).total)
    assert workforce.turnover_from_people(people, start, end, 1.0) == pytest.approx(rate, rel=1e-9)


def test_hours_of_jfk8_follow_from_its_injuries():
    """309 cases at 6.1 per 100 full-time equivalents (OSHA summary 2021) are about 10.1 million hours."""
    value, low, high = workforce.implied_hours(309, 6.1, 0.05)
    assert value == pytest.approx(309 / 6.1 * 100 * 2000)
    assert low < value < high
    assert value / 5050 == pytest.approx(2006, abs=1)
    with pytest.raises(ValueError, match=r"^half_step is 7; it must lie between 0 and the rate 6\.1\.$"):
        workforce.implied_hours(309, 6.1, 7)


def test_a_mix_of_working_weeks_gives_back_its_hours():
    share = workforce.part_time_share([20, 28, 40], 20, 40)
    assert share.tolist() == pytest.approx([1, 0.6, 0])
    with pytest.raises(ValueError, match=r"^hours of 45\.0 lie outside 20 to 40; no mix gives them\.$"):
        workforce.part_time_share(45, 20, 40)
    with pytest.raises(ValueError, match=r"^part is 40 and full 40; part-time hours must be fewer\.$"):
        workforce.part_time_share(30, 40, 40)


def test_fewest_people_behind_a_headcount():
    """Nobody hired: those counted are those of the start, and leavers are the fall."""
    assert workforce.turnover_from_people(100, 100, 60, 2) == pytest.approx(100 * 40 / 2 / 80)
    for people, start, end, years in (
        (100, 0, 100, 1),
        (100, 100, 0, 1),
        (100, 100, 100, 0),
        (99, 50, 100, 1),
        (99, 100, 50, 1),
    ):
        if end == 0:
            assert workforce.turnover_from_people(people, start, end, years) == pytest.approx(200)
            continue
        with pytest.raises(
            ValueError, match=rf"^people is {people}; it cannot be below the headcounts {start} and {end}\.$"
        ):
            workforce.turnover_from_people(people, start, end, years)


def test_counts_and_hires_in_full():
    found = workforce.latest_headcounts(COUNTS, "2022-04-01", "United States")
    expected = pd.DataFrame(
        {
            "persons": [1700, 950, 650, 505],
            "as_of_date": pd.to_datetime(["2022-01-31", "2021-08-01", "2020-09-19", "2021-11-01"]),
            "scope": ["United States", "United States", "United States", "worldwide"],
            "rank": [1, 2, 3, 4],
        },
        index=pd.Index(["W", "A", "R", "H"], name="employer"),
    )
    pd.testing.assert_frame_equal(found, expected)
    on_the_day = workforce.latest_headcounts(COUNTS, pd.Timestamp("2022-01-31"), "worldwide")
    assert on_the_day.persons.to_dict() == {"W": 2300, "A": 1608, "R": 650, "H": 505}
    hires = workforce.hires_needed([10, 20], [20, 20], [100, 50])
    assert hires.growth.tolist() == [10, 0]
    assert hires.replacement.tolist() == [15, 10]
    assert hires.per_added_job[0] == 2.5
    assert np.isnan(hires.per_added_job[1])
    value, low, high = workforce.implied_hours(10, 5, 0)
    assert value == low == high == 400_000
    for options in ({"turnover": -1}, {"turnover": 5, "share": -0.1}):
        with pytest.raises(ValueError, match="allowed are 0 on, and 0 to 1"):
            workforce.hires_needed(10, 10, **options)
    assert workforce.part_time_share([20, 40], 20, 40).tolist() == [1, 0]
    with pytest.raises(ValueError, match=r"^hours of 19\.0 lie outside 20 to 40; no mix gives them\.$"):
        workforce.part_time_share(19, 20, 40)
