"""Synthetic cohorts by hand, and a decomposition of generations that adds up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import cohorts

RATES = pd.DataFrame({"16-24": [1.0, 2, 3], "25-34": [4.0, 5, 6], "35-44": [7.0, 8, 9]}, index=[2001, 2011, 2021])
people = st.lists(st.floats(0.1, 100), min_size=4, max_size=4)
rates = st.lists(st.floats(0, 100), min_size=4, max_size=4)


def test_the_diagonals_of_a_small_table():
    found = cohorts.synthetic_cohorts(RATES, 2001)
    young = found[found["cohort"] == "16-24 in 2001"]
    assert young["rate"].tolist() == [1, 5, 9]
    assert young["age"].tolist() == ["16-24", "25-34", "35-44"]
    assert found[found["cohort"] == "16-24 in 2011"]["rate"].tolist() == [2, 6]
    assert found[found["cohort"] == "16-24 in 2021"]["rate"].tolist() == [3]
    assert found[found["cohort"] == "35-44 in 2001"]["rate"].tolist() == [7]
    assert len(found) == RATES.size


def test_a_shift_of_all_rates_is_joining():
    n = np.array([10.0, 20, 20, 0.001])
    found = cohorts.turnover((n, [5, 5, 5, 5]), ([10, 10, 20, 20], [8, 8, 8, 8]))
    assert (found.entrants, found.weights) == pytest.approx((0, 0))
    assert found.joining == pytest.approx(3)


def test_entrants_by_hand():
    """Nobody joins or leaves; a quarter of workers are new and have no union: the rate falls by a quarter of 20."""
    found = cohorts.turnover(([1, 1, 0.5, 0.5], [20] * 4), ([1, 1, 1, 1], [0, 20, 20, 20]))
    assert found.entrants == pytest.approx(-5)
    assert found.change == pytest.approx(-5)


@given(people, rates, people, rates)
def test_generations_add_up(n0, r0, n1, r1):
    change = np.average(r1, weights=n1) - np.average(r0, weights=n0)
    assert cohorts.turnover((n0, r0), (n1, r1)).change == pytest.approx(change, abs=1e-8)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"^first_year is 1999; the table holds 2001 to 2021\.$"):
        cohorts.synthetic_cohorts(RATES, 1999)
    with pytest.raises(
        ValueError, match=r"^counts and rates must have one shape of two bands or more, not \(3,\) and \(2,\)\.$"
    ):
        cohorts.turnover(([1, 2, 3], [1, 2, 3]), ([1, 2], [1, 2]))


def test_cohorts_in_full():
    found = cohorts.synthetic_cohorts(RATES.iloc[:2, :2].astype(object), 2001)
    expected = pd.DataFrame(
        {
            "cohort": ["16-24 in 2011", "16-24 in 2001", "16-24 in 2001", "25-34 in 2001"],
            "year": [2011, 2001, 2011, 2001],
            "age": ["16-24", "16-24", "25-34", "25-34"],
            "rate": [2.0, 1.0, 5.0, 4.0],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    with pytest.raises(ValueError, match=r"^first_year is 2031; the table holds 2001 to 2021\.$"):
        cohorts.synthetic_cohorts(RATES, 2031)
