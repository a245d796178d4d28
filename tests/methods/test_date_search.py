"""The search finds a day that was hidden in the data, and reproduces the day-by-day check of Table 1."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from amazon_labor.methods import date_search

EXPECTED = Path(__file__).resolve().parents[1] / "data" / "expected" / "table_1_by_day.csv"


@pytest.fixture(scope="module")
def walk() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    days = pd.bdate_range("2019-01-02", "2020-12-31")
    return pd.DataFrame(np.exp(rng.normal(0, 0.02, (len(days), 5)).cumsum(axis=0)), index=days, columns=list("abcde"))


@pytest.mark.parametrize("norm", date_search.NORMS)
@given(position=st.integers(0, 520))
def test_a_hidden_day_is_found(walk, norm, position):
    printed = walk.iloc[position].rename(None)
    errors = date_search.relative_errors(walk, printed)
    assert date_search.best_day(date_search.joint_loss(errors, norm, printed)) == walk.index[position]


def test_losses_are_those_of_numpy(walk):
    printed = walk.mean()
    errors = date_search.relative_errors(walk, printed)
    raw = 100 * (walk.to_numpy() / printed.to_numpy() - 1)
    np.testing.assert_allclose(date_search.joint_loss(errors, "rms"), np.linalg.norm(raw, axis=1) / np.sqrt(5))
    np.testing.assert_allclose(date_search.joint_loss(errors, "largest"), np.abs(raw).max(axis=1))
    np.testing.assert_allclose(date_search.joint_loss(errors, "median"), np.median(np.abs(raw), axis=1))
    total = 100 * np.abs(walk.sum(axis=1) / printed.sum() - 1)
    np.testing.assert_allclose(date_search.joint_loss(errors, "sum", printed), total, atol=1e-9)


def test_errors_equal_an_independent_check_of_table_1():
    """Differences worked out day by day when the evidence was collected, printed to 0.01 percent."""
    table = pd.read_csv(EXPECTED, parse_dates=["date"]).query("article_column == 2019")
    values = table.pivot(index="date", columns="ticker", values="market_cap_tusd_computed")
    printed = table.drop_duplicates("ticker").set_index("ticker").article_value_tusd
    errors = date_search.relative_errors(values, printed)
    told = table.pivot(index="date", columns="ticker", values="difference_percent")[errors.columns].loc[errors.index]
    # the printed values of that check were rounded to 0.0001 trillion before the division
    np.testing.assert_allclose(errors, told, atol=0.02)
    assert date_search.best_day(date_search.joint_loss(errors)).strftime("%Y-%m") == "2019-12"


def test_allowed_days_are_those_that_some_error_of_the_counts_explains(walk):
    """Against a second way: a linear programme that looks for the factors, row by row, day by day."""
    printed = walk.iloc[100].rename(None)
    errors = date_search.relative_errors(walk, printed)

    def explained(day, tolerance):
        # computed + error of the computed value = printed, the error within the tolerance of the printed value
        fit = linprog(
            np.zeros(5),
            A_eq=np.eye(5),
            b_eq=printed - walk.loc[day],
            bounds=[(-tolerance / 100 * p, tolerance / 100 * p) for p in printed],
        )
        return fit.success

    near = date_search.allowed_days(errors, 7.0)
    assert walk.index[100] in near
    assert 1 < len(near) < 60
    assert [d for d in walk.index[60:140] if explained(d, 7.0)] == [d for d in walk.index[60:140] if d in near]
    assert len(date_search.allowed_days(errors, 0.0)) == 1


def test_one_faulty_row_empties_the_set_unless_one_less_is_needed(walk):
    printed = walk.iloc[100].rename(None) * [1, 1, 1, 1, 3]
    errors = date_search.relative_errors(walk, printed)
    assert date_search.allowed_days(errors, 1.0).empty
    assert walk.index[100] in date_search.allowed_days(errors, 1.0, needed=4)


def test_table_1_leaves_few_days_of_2019():
    table = pd.read_csv(EXPECTED, parse_dates=["date"]).query("article_column == 2019")
    told = table.pivot(index="date", columns="ticker", values="difference_percent")
    near = date_search.allowed_days(told, 2.0)
    assert set(near.strftime("%Y-%m")) == {"2019-12"}
    assert pd.Timestamp("2019-12-31") in near


def test_days_without_a_value_for_every_row_are_left_out(walk):
    holed = walk.copy()
    holed.iloc[3, 2] = np.nan
    assert walk.index[3] not in date_search.relative_errors(holed, walk.iloc[0]).index


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2019, 4, 1), 0),
        (date(2019, 4, 30), 29 / 30),
        (date(2019, 3, 1), -1),
        (date(2019, 12, 31), 8 + 30 / 31),
        (date(2020, 4, 1), 12),
    ],
)
def test_months_count_days_as_a_fraction(day, months):
    assert date_search.months_between(date(2019, 4, 1), day) == pytest.approx(months)


def test_the_best_chance_of_a_statement():
    values = pd.Series([0.9, 1.1, np.nan], index=pd.to_datetime(["2022-04-01", "2022-04-04", "2022-04-05"]))
    assert date_search.nearest_day(values, 1.06) == (pd.Timestamp("2022-04-04"), 1.1)


def test_drawdown_is_the_distance_below_the_peak():
    np.testing.assert_allclose(date_search.drawdown(pd.Series([1.0, 2.0, 1.5, 2.0, 1.0])), [0, 0, -25, 0, -50])


def test_bad_input_is_named(walk):
    with pytest.raises(ValueError, match=r"^values has no column for 'z'\.$"):
        date_search.relative_errors(walk, pd.Series({"z": 1.0}))
    with pytest.raises(ValueError, match=r"^printed values must be positive to measure a distance in percent\.$"):
        date_search.relative_errors(walk, pd.Series({"a": 0.0}))
    with pytest.raises(
        ValueError, match=r"^norm is 'mean'; allowed are rms, largest, median, sum, the last with the printed values\.$"
    ):
        date_search.joint_loss(walk, "mean")
    with pytest.raises(
        ValueError, match=r"^no day has a value for every row; allow older share counts or search other years\.$"
    ):
        date_search.best_day(pd.Series(dtype=float))
    with pytest.raises(ValueError, match=r"^no day has a value\.$"):
        date_search.nearest_day(pd.Series([np.nan]), 1.0)
    with pytest.raises(ValueError, match=r"^tolerance is -1; it must not be negative\.$"):
        date_search.allowed_days(walk, -1)
    with pytest.raises(ValueError, match=r"^needed is 6; allowed are 1 to 5, the rows of the column\.$"):
        date_search.allowed_days(walk, 1, needed=6)
