"""Forecast errors by vintage and scope, on a small market with a known change of definition."""

import math

import pandas as pd
import pytest

from amazon_labor.methods import vintages

PAST, AHEAD = "estimate of a past year", "forecast"
SCOPES = {"2018-04": "narrow", "2019-04": "narrow", "2020-04": "wide", "2021-04": "wide", "2021-10": "wide"}
MARKET = pd.DataFrame(
    [
        (2018, "2018-04", 100.0, "current year, forecast"),
        (2019, "2018-04", 120.0, AHEAD),
        (2020, "2018-04", 150.0, AHEAD),
        (2018, "2019-04", 110.0, PAST),
        (2019, "2019-04", 121.0, "current year, forecast"),
        (2020, "2020-04", 200.0, "current year, forecast"),
        (2020, "2021-04", 210.0, PAST),
        (2020, "2021-10", 220.0, PAST),
        (2021, "2021-10", 300.0, AHEAD),
        (2020, "2020", 1.0, AHEAD),
    ],
    columns=["year", "vintage", "value", "status"],
)


def test_outcome_is_the_last_estimate_in_the_same_scope():
    found = vintages.scored(MARKET, SCOPES).set_index(["year", "vintage"])
    assert found.loc[(2018, "2018-04"), ["outcome", "outcome_vintage", "same_scope"]].tolist() == [
        110.0,
        "2019-04",
        True,
    ]
    assert found.loc[(2020, "2020-04"), ["outcome", "outcome_vintage"]].tolist() == [220.0, "2021-10"]
    assert found.loc[(2020, "2020-04"), "error_percent"] == pytest.approx(100 * (200 / 220 - 1))


def test_forecast_of_another_scope_is_marked_and_meets_the_first_outcome_after_it():
    row = vintages.scored(MARKET, SCOPES).set_index(["year", "vintage"]).loc[(2020, "2018-04")]
    assert not row["same_scope"]
    assert row["outcome_vintage"] == "2021-04"
    assert row["years_ahead"] == 2


def test_forecasts_without_outcome_and_vintages_without_scope_are_left_out():
    found = vintages.scored(MARKET, SCOPES)
    assert len(found) == 3
    assert set(found["year"]) == {2018, 2020}
    assert "2020" not in set(found["vintage"])


def test_two_series_at_once_are_refused():
    with pytest.raises(
        ValueError, match=r"^2018 has two values in the vintage '2018-04'; score one series at a time\.$"
    ):
        vintages.scored(pd.concat([MARKET, MARKET]), SCOPES)


def test_error_parts_add_up_and_are_named_rightly():
    parts = vintages.error_parts(100, 120, 110, 121)
    assert parts["base"] + parts["growth"] == pytest.approx(parts["error"]) == pytest.approx(100 * math.log(120 / 121))
    assert parts["base"] == pytest.approx(100 * math.log(100 / 110))
    assert parts["growth"] > 0
    assert vintages.error_parts(50, 60, 100, 120)["growth"] == pytest.approx(0)


def test_growth_stays_inside_a_vintage_and_between_neighbours():
    found = vintages.growth_within(MARKET[MARKET["vintage"] != "2020"])
    assert found.loc["2018-04", 2019] == pytest.approx(20)
    assert found.loc["2018-04", 2020] == pytest.approx(25)
    assert found.loc["2019-04", 2019] == pytest.approx(10)
    assert "2021-04" not in found.index


def test_share_growth_reaches_the_share():
    rate = vintages.share_growth(17, 45, 5, 4)
    assert 17 * (1 + rate / 100) ** 5 / 1.04**5 == pytest.approx(45)
    assert vintages.share_growth(20, 20, 3, 4) == pytest.approx(4)


def test_mean_absolute_error():
    assert vintages.mean_absolute(pd.Series([-2.0, 4.0])) == 3
    assert math.isnan(vintages.mean_absolute(pd.Series([], dtype=float)))


def test_revisions_go_from_release_to_release_of_one_year():
    found = vintages.revisions(MARKET, SCOPES).set_index(["year", "vintage"])
    assert found.index.to_list() == [
        (2018, "2019-04"),
        (2019, "2019-04"),
        (2020, "2020-04"),
        (2020, "2021-04"),
        (2020, "2021-10"),
    ]
    assert found.before.to_list() == ["2018-04", "2018-04", "2018-04", "2020-04", "2021-04"]
    assert found.revision_percent.to_list() == pytest.approx([10, 100 / 120, 100 / 3, 5, 1000 / 210])
    assert found.same_scope.to_list() == [True, True, False, True, True]


def test_revisions_of_a_year_multiply_to_the_whole_change():
    factors = 1 + vintages.revisions(MARKET, SCOPES).query("year == 2020").revision_percent / 100
    assert factors.prod() == pytest.approx(220 / 150)


def test_frames_in_full():
    expected = pd.DataFrame(
        {
            "year": [2018, 2020, 2020],
            "vintage": ["2018-04", "2018-04", "2020-04"],
            "years_ahead": [0, 2, 0],
            "forecast": [100.0, 150.0, 200.0],
            "outcome": [110.0, 210.0, 220.0],
            "outcome_vintage": ["2019-04", "2021-04", "2021-10"],
            "error_percent": [100 * (100 / 110 - 1), 100 * (150 / 210 - 1), 100 * (200 / 220 - 1)],
            "same_scope": [True, False, True],
        }
    )
    for order in (MARKET, MARKET.iloc[::-1], MARKET.sample(frac=1, random_state=1)):
        pd.testing.assert_frame_equal(vintages.scored(order, SCOPES), expected)
    changes = pd.DataFrame(
        {
            "year": [2018, 2019, 2020, 2020, 2020],
            "vintage": ["2019-04", "2019-04", "2020-04", "2021-04", "2021-10"],
            "before": ["2018-04", "2018-04", "2018-04", "2020-04", "2021-04"],
            "revision_percent": [10.0, 100 / 120, 100 / 3, 5.0, 1000 / 210],
            "same_scope": [True, True, False, True, True],
        }
    )
    for order in (MARKET, MARKET.iloc[::-1].astype({"value": object})):
        pd.testing.assert_frame_equal(vintages.revisions(order, SCOPES), changes)


def test_an_estimate_of_the_forecasts_own_vintage_is_no_outcome():
    rows = [(2019, "2019-04", 1.0, AHEAD), (2019, "2018-04", 5.0, PAST)]
    early = pd.DataFrame(rows, columns=["year", "vintage", "value", "status"])
    assert vintages.scored(early, SCOPES).empty
    later = pd.DataFrame([*rows, (2019, "2020-04", 2.0, PAST)], columns=early.columns)
    assert vintages.scored(later, SCOPES)["error_percent"].tolist() == [-50.0]


def test_growth_table_in_full():
    rows = [(2018, "a", 1), (2019, "a", 2), (2021, "a", 3), (2022, "b", 2), (2021, "b", 1), (2030, "c", 1)]
    totals = pd.DataFrame(rows, columns=["year", "vintage", "value"]).astype({"value": object})
    found = vintages.growth_within(totals)
    expected = pd.DataFrame(
        {2019: [100.0, math.nan], 2022: [math.nan, 100.0]}, index=pd.Index(["a", "b"], name="vintage")
    ).rename_axis("year", axis=1)
    pd.testing.assert_frame_equal(found, expected)


def test_parts_of_an_error_by_hand():
    assert vintages.error_parts(100, 100, 50, 100) == pytest.approx(
        {"error": 0, "base": 100 * math.log(2), "growth": -100 * math.log(2)}
    )


def test_two_different_values_of_a_year_in_one_vintage_are_refused_too():
    twice = pd.concat([MARKET, MARKET.head(1).assign(value=1.0, status=PAST)])
    with pytest.raises(
        ValueError, match=r"^2018 has two values in the vintage '2018-04'; score one series at a time\.$"
    ):
        vintages.scored(twice, SCOPES)
