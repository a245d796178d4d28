"""Pay over time and places, against figures of the EPI, the BEA and CLASP, pandas' as-of join, and identities."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import catalog
from amazon_labor.methods import pay

EVENTS = pd.DataFrame(
    {
        "employer": ["A", "B", "A", "B", "A"],
        "effective_date": pd.to_datetime(["2018-11-01", "2019-01-15", "2020-07-05", "2021-02-18", "2021-02-18"]),
        "usd_per_hour": [11.0, 9.0, 13.0, 15.0, 15.0],
    }
)
MONEY = st.floats(0.5, 500)


@pytest.fixture(scope="module")
def indexes():
    prices = catalog.load("prices/price_indexes_monthly")
    return {name: rows.set_index("date").index_value for name, rows in prices.groupby("index_name")}


@pytest.fixture(scope="module")
def federal():
    rows = catalog.load("labor_market/minimum_and_living_wages").query("measure == 'federal minimum wage'")
    return rows.assign(employer="federal")


def test_path_is_that_of_an_as_of_join():
    dates = pd.date_range("2018-06-01", "2021-06-01", freq="7D")
    path = pay.step_path(EVENTS, dates)
    for employer in ("A", "B"):
        own = EVENTS[EVENTS.employer.eq(employer)].sort_values("effective_date")
        joined = pd.merge_asof(pd.DataFrame({"date": dates}), own, left_on="date", right_on="effective_date")
        np.testing.assert_array_equal(path[employer], joined.usd_per_hour)


def test_a_rate_is_in_force_from_its_own_day():
    assert pay.in_force(EVENTS, "2020-07-04").to_dict() == {"A": 11.0, "B": 9.0}
    assert pay.in_force(EVENTS, "2020-07-05")["A"] == 13.0
    assert "B" not in pay.in_force(EVENTS, "2018-12-31")


def test_two_rates_of_one_day_are_refused():
    with pytest.raises(ValueError, match=r"^'A' has two rates of one date; keep one measure of pay\.$"):
        pay.in_force(pd.concat([EVENTS, EVENTS.tail(1)]), "2022-01-01")


def test_federal_minimum_wage_lost_what_the_epi_says(indexes, federal):
    # Economic Policy Institute, chart "After the longest period in history without an increase ...": in March 2024 the
    # federal minimum was worth 29 percent less than 15 years before and 39 percent less than in 1968, by the chained CPI
    # extended back
    chained = indexes["C-CPI-U extended by EPI, NSA"]
    now = pay.in_force(federal, "2024-03-01")["federal"]
    for start, loss in (("2009-07-24", 29), ("1968-02-01", 39)):
        then = float(pay.restate(pay.in_force(federal, start)["federal"], chained, start, "2024-03-01"))
        assert 100 * (1 - now / then) == pytest.approx(loss, abs=1.0)
    assert pay.erosion(chained, "2009-07-24", "2024-03-01") == pytest.approx(29, abs=1.0)


def test_a_year_at_the_minimum_wage_is_what_clasp_says(indexes):
    # CLASP, "Hourly minimum wage, 2013": 7.25 an hour full time are 15,080 dollars, the 1968 minimum 22,235 in 2013 prices
    assert float(pay.yearly(7.25)) == pytest.approx(15_080)
    real = pay.restate(1.60, indexes["CPI-U NSA"], "1968-06-01", "2013-06-01")
    assert float(pay.yearly(real)) == pytest.approx(22_235, rel=0.015)


def test_price_levels_of_new_york_and_new_jersey_differ_as_the_bea_says():
    # Aten, Figueroa and Martin (2012): New York is 2.4 percent dearer than New Jersey, 14.1 percent than the country
    parity = catalog.load("prices/regional_price_parities").query("vintage == '2012 experimental'").set_index("area")
    york, jersey = parity.rpp_all_items["New York"], parity.rpp_all_items["New Jersey"]
    assert 100 * float(pay.at_prices_of(1, jersey, york)) - 100 == pytest.approx(2.4, abs=0.1)
    assert float(pay.at_prices_of(114.1, york)) == pytest.approx(100)


def test_real_path_is_restated_month_by_month(indexes):
    path = pay.step_path(EVENTS, pd.date_range("2019-01-15", "2021-06-15", freq="MS"))
    real = pay.real_path(path, indexes["CPI-U NSA"], "2022-04-01")
    for month in ("2019-06-01", "2021-03-01"):
        expected = pay.restate(path.loc[month, "A"], indexes["CPI-U NSA"], month, "2022-04-01")
        assert real.loc[month, "A"] == pytest.approx(float(expected))


@given(MONEY)
def test_restating_there_and_back_changes_nothing(amount):
    index = pd.Series([90.0, 100.0, 117.0], index=pd.to_datetime(["2018-11-01", "2020-07-01", "2022-04-01"]))
    there = pay.restate(amount, index, "2018-11-20", "2022-04-01")
    direct = pay.restate(pay.restate(amount, index, "2018-11-01", "2020-07-05"), index, "2020-07-01", "2022-04-01")
    assert float(there) == pytest.approx(float(direct))
    assert float(pay.restate(there, index, "2022-04-01", "2018-11-01")) == pytest.approx(amount)
    lost = pay.erosion(index, "2018-11-01", "2022-04-01")
    assert amount * (1 - lost / 100) == pytest.approx(float(pay.restate(amount, index, "2022-04-01", "2018-11-01")))


@given(MONEY, MONEY, st.floats(10, 60))
def test_break_even_hours_earn_the_standard(standard, wage, week):
    hours = float(pay.break_even_hours(standard, wage, week))
    assert hours * wage == pytest.approx(standard * week)


@given(MONEY, st.floats(70, 140), st.floats(70, 140))
def test_parities_exchanged_undo_each_other(amount, here, there):
    moved = pay.at_prices_of(amount, here, there)
    assert float(pay.at_prices_of(moved, there, here)) == pytest.approx(amount)


def test_spells_cover_all_common_dates_and_alternate():
    dates = pd.date_range("2019-02-01", "2021-06-01", freq="MS")
    path = pay.step_path(EVENTS, dates)
    spells = pay.lead_spells(path["A"], path["B"])
    assert spells.lead.tolist() == ["above", "equal"]
    assert (spells.start.iloc[0], spells.end.iloc[-1]) == (dates[0], dates[-1])
    assert (spells.least.iloc[0], spells.most.iloc[0]) == (2.0, 4.0)
    assert pay.lead_spells(path["B"], path["A"]).lead.tolist() == ["below", "equal"]


def test_price_of_risk_by_hand():
    # one dollar an hour for 2 more injuries per 100 workers of 2,000 hours: 200,000 dollars for 2 injuries
    assert pay.price_of_risk(1.0, 5.0, 3.0) == pytest.approx(100_000)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pay.break_even_hours(20, 0), r"^wage is 0; it must be positive\.$"),
        (lambda: pay.at_prices_of(20, 0), r"^parities are 0\.0 and 100\.0; they must be positive\.$"),
        (lambda: pay.price_of_risk(1, 3, 3), r"^both rates are 3; there is no extra risk to pay for\.$"),
        (
            lambda: pay.restate(1, pd.Series([1.0], index=[pd.Timestamp("2020-01-01")]), "2020-01-01", "2020-02-01"),
            r"^the price index has no value for February 2020\.$",
        ),
        (lambda: pay.lead_spells(pd.Series([np.nan]), pd.Series([1.0])), r"^the two series have no date in common\.$"),
    ],
)
def test_what_has_no_answer_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_paths_and_spells_in_full():
    days = ["2018-10-31", "2019-01-15", "2021-02-18"]
    expected = pd.DataFrame({"A": [np.nan, 11.0, 15.0], "B": [np.nan, 9.0, 15.0]}, index=pd.DatetimeIndex(days))
    pd.testing.assert_frame_equal(pay.step_path(EVENTS, pd.to_datetime(days)), expected)
    backwards = EVENTS.iloc[::-1].astype({"usd_per_hour": object})
    pd.testing.assert_frame_equal(pay.step_path(backwards, pd.to_datetime(days))[["A", "B"]], expected)
    assert list(pay.step_path(EVENTS.iloc[[1, 0]], pd.to_datetime(days))) == ["B", "A"]  # in the order of the events
    # whole months by hand; a difference of less than half a billionth is none
    months = pd.date_range("2020-01-01", periods=6, freq="MS")
    first = pd.Series([3.0, 5.0, 4.0, 1.0, 2.0, np.nan], index=months)
    other = pd.Series([1.0, 1.0, 4.0 + 1e-10, 1.0, 5.0, 1.0], index=months)
    spells = pd.DataFrame(
        {
            "start": months[[0, 2, 4]],
            "end": months[[1, 3, 4]],
            "lead": ["above", "equal", "below"],
            "least": [2.0, -1e-10, -3.0],
            "most": [4.0, 0.0, -3.0],
        }
    )
    pd.testing.assert_frame_equal(pay.lead_spells(first, other), spells, atol=1e-12)


def test_months_without_prices_are_missing_in_the_path():
    index = pd.Series([100.0, 110.0], index=pd.to_datetime(["2020-01-01", "2020-02-01"]))
    path = pd.DataFrame({"A": [10.0, 10.0, 10.0]}, index=pd.to_datetime(["2020-01-31", "2020-02-15", "2020-03-01"]))
    real = pay.real_path(path, index.astype(object), "2020-02-20")
    pd.testing.assert_frame_equal(real, path.assign(A=[11.0, 10.0, np.nan]))
    for bad in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match=r"^the price index has no value for January 2020\.$"):
            pay.erosion(pd.Series([bad, 1.0], index=index.index), "2020-01-05", "2020-02-05")


def test_columns_of_objects_are_numbers():
    def column(*values: object) -> np.ndarray:
        return np.array(values, dtype=object)

    index = pd.Series([100.0, 110.0], index=pd.to_datetime(["2020-01-01", "2020-02-01"]))
    for found, expected in (
        (pay.restate(column(10, 20), index, "2020-01-01", "2020-02-01"), [11, 22]),
        (pay.at_prices_of(column(10, 20), column(50, 200)), [20, 10]),
        (pay.break_even_hours(column(10, 30), column(20, 20)), [20, 60]),
        (pay.yearly(column(1, 2)), [2080, 4160]),
    ):
        assert found.dtype == np.float64
        assert found == pytest.approx(expected)
    with pytest.raises(ValueError, match=r"^parities are \[1\.0, 2\.0\] and 0; they must be positive\.$"):
        pay.at_prices_of(1, column(1, 2), 0)
    assert float(pay.at_prices_of(1, 50, 0.5)) == 0.01
    assert pay.price_of_risk(0.5, 1.0, 2.0) == -100_000
