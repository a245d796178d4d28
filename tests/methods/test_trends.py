"""Trends and forecasts against statsmodels, numpy and closed forms; scores against Monte Carlo and their definitions."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.statespace.structural import UnobservedComponents

from amazon_labor.methods import trends


@pytest.fixture(scope="module")
def series():
    rng = np.random.default_rng(1)
    return 20 - 0.25 * np.arange(40) + 0.3 * rng.normal(size=40).cumsum()


def test_line_against_statsmodels_prediction(series):
    x = np.arange(1983, 2023)
    trend = trends.linear_trend(x, series)
    fitted = sm.OLS(series, sm.add_constant(x - x.mean())).fit()
    ahead = np.array([2023, 2030])
    frame = fitted.get_prediction(sm.add_constant(ahead - x.mean())).summary_frame(alpha=0.1)
    low, high = trend.prediction_interval(ahead, 90)
    assert trend.slope == pytest.approx(fitted.params[1])
    assert trend.slope_error == pytest.approx(fitted.bse[1])
    assert trend.at(ahead) == pytest.approx(frame["mean"].to_numpy())
    assert low == pytest.approx(frame["obs_ci_lower"].to_numpy())
    assert high == pytest.approx(frame["obs_ci_upper"].to_numpy())
    assert trend.slope_interval(90) == pytest.approx(fitted.conf_int(0.1)[1])


def test_newey_west_errors_by_hand(series):
    x = np.arange(40.0)
    X = np.column_stack([np.ones(40), x - x.mean()])
    beta = np.linalg.lstsq(X, series, rcond=None)[0]
    scores = X * (series - X @ beta)[:, None]
    meat = scores.T @ scores
    for lag in (1, 2, 3):
        gamma = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / 4) * (gamma + gamma.T)
    bread = np.linalg.inv(X.T @ X)
    expected = np.sqrt((bread @ meat @ bread * 40 / 38)[1, 1])
    assert trends.linear_trend(x, series, lags=3).slope_error == pytest.approx(expected)


def test_random_walk_by_its_formula():
    y = np.array([1.0, 2, 2, 4, 3, 5, 7, 6, 8.0])
    forecast = trends.random_walk_with_drift(y, 3)
    changes = np.diff(y)
    assert forecast.mean == pytest.approx(8 + np.arange(1, 4) * 7 / 8)
    assert forecast.deviation[2] == pytest.approx(np.sqrt(changes.var(ddof=1) * (3 + 9 / 8)))
    low, high = forecast.interval(90)
    assert (high - low) / 2 == pytest.approx(1.6449 * forecast.deviation, rel=1e-4)


def test_random_walk_interval_covers_as_it_says():
    rng = np.random.default_rng(2)
    walks = 0.2 + rng.normal(size=(2000, 35)).cumsum(axis=1)
    inside = 0
    for walk in walks:
        low, high = trends.random_walk_with_drift(walk[:30], 5).interval(90)
        inside += low[-1] <= walk[34] <= high[-1]
    assert inside / 2000 == pytest.approx(0.9, abs=0.03)


def test_model_forecasts_against_statsmodels_used_directly(series):
    direct = ARIMA(series, order=(1, 1, 0), trend="t").fit().get_forecast(4)
    ours = trends.arima(series, 4)
    # exact against conditional likelihood, and division by 39 against 36 for the variance
    assert ours.mean == pytest.approx(direct.predicted_mean, abs=0.05)
    assert ours.deviation * np.sqrt(36 / 39) == pytest.approx(direct.se_mean, rel=0.03)
    known = ARIMA(series, order=(1, 1, 0), trend="t").filter(_conditional(series)).get_forecast(4)
    assert ours.mean == pytest.approx(known.predicted_mean)
    assert ours.deviation == pytest.approx(known.se_mean)
    structural = UnobservedComponents(series, "lltrend").fit(disp=False, method="powell").get_forecast(4)
    ours = trends.local_linear_trend(series, 4)
    assert ours.mean == pytest.approx(structural.predicted_mean, abs=0.02)
    assert ours.deviation == pytest.approx(structural.se_mean, rel=0.05)


def _conditional(y):
    """Least-squares parameters of the change in the order of statsmodels: drift, coefficient, variance."""
    change = np.diff(y)
    fitted = sm.OLS(change[1:], sm.add_constant(change[:-1])).fit()
    return [fitted.params[0] / (1 - fitted.params[1]), fitted.params[1], fitted.scale]


def test_local_linear_trend_continues_a_straight_line():
    y = 5 - 0.5 * np.arange(20) + 1e-3 * np.random.default_rng(4).normal(size=20)
    assert trends.local_linear_trend(y, 3).mean == pytest.approx(5 - 0.5 * np.arange(20, 23), abs=0.01)


def test_straight_line_extends_the_trend(series):
    forecast = trends.straight_line(series, 3)
    trend = trends.linear_trend(np.arange(40), series, lags=trends.newey_west(40))
    assert forecast.mean == pytest.approx(trend.at([40, 41, 42]))
    assert (forecast.deviation > trend.sigma).all()


def test_crps_against_its_definition():
    """The score is the expected distance to the outcome less half the expected distance of two draws."""
    rng = np.random.default_rng(5)
    a, b = rng.normal(2, 1.5, 200_000), rng.normal(2, 1.5, 200_000)
    expected = np.abs(a - 3).mean() - np.abs(a - b).mean() / 2
    assert float(trends.crps_normal(2, 1.5, 3)) == pytest.approx(expected, abs=0.01)
    assert float(trends.crps_normal(2, 1e-9, 3)) == pytest.approx(1)


def test_interval_score_by_hand():
    assert trends.interval_score([0, 0, 0], [2, 2, 2], [1, 3, -0.5], 90) == pytest.approx([2, 2 + 20, 2 + 10])


def test_rolling_origin_sees_only_the_past(series):
    years = list(range(1983, 2023))
    changed = np.concatenate([series[:35], series[35:] + 100])
    methods = ("random walk with drift", "straight line")
    a = trends.rolling_origin(years, series, 2017, 3, methods)
    b = trends.rolling_origin(years, changed, 2017, 3, methods)
    first = a["origin"] == 2017
    assert a.loc[first, "mean"].tolist() == b.loc[first, "mean"].tolist()
    assert a.loc[first & (a["method"] == methods[0]), "year"].tolist() == [2018, 2019, 2020]
    assert len(a) == 2 * (3 + 3 + 3 + 2 + 1)
    assert a["outcome"].tolist() == [series[years.index(y)] for y in a["year"]]


def test_scores_of_a_known_table():
    frame = pd.DataFrame({"method": ["m", "m"], "mean": [1.0, 1.0], "deviation": [1.0, 1.0], "outcome": [1.5, 4.0]})
    row = trends.scores(frame, 90).iloc[0]
    reach = stats.norm.ppf(0.95)
    assert row["mean_error"] == pytest.approx(1.75)
    assert row["mean_absolute_error"] == pytest.approx(1.75)
    assert row["coverage_percent"] == 50
    assert row["interval_score"] == pytest.approx(2 * reach + 0.5 * 20 * (3 - reach))
    assert row["forecasts"] == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: trends.linear_trend([1, 2, 3], [1, 2, 3]),
            r"^x and y have shapes \(3,\) and \(3,\); a trend needs four or more pairs\.$",
        ),
        (
            lambda: trends.linear_trend([1, 2, 3, 4], [1, 2, np.nan, 4]),
            r"^x or y holds a missing value; drop the pair, or say how the gap is to be filled\.$",
        ),
        (
            lambda: trends.random_walk_with_drift(np.ones(5), 2),
            r"^a forecast needs eight or more values without a gap, not an array of shape \(5,\)\.$",
        ),
        (
            lambda: trends.random_walk_with_drift(np.ones(10), 0),
            r"^horizon is 0; at least one period ahead is forecast\.$",
        ),
        (
            lambda: trends.linear_trend(np.arange(9), np.arange(9) ** 2).slope_interval(100),
            r"^level is 100; it is a percentage between 0 and 100, for example 90\.$",
        ),
        (
            lambda: trends.rolling_origin(range(2000, 2020), np.arange(20.0), 2019, 1),
            r"^first_origin is 2019; allowed are 2000 to 2018\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_scores_in_full_by_group():
    frame = pd.DataFrame(
        {"method": ["b", "a", "b"], "ahead": [1, 1, 2], "mean": [1.0, 1.0, 2.0], "deviation": [1.0, 2.0, 1.0],
         "outcome": [1.5, 4.0, -1.0]}
    )  # fmt: skip
    found = trends.scores(frame, 80)
    reach = stats.norm.ppf(0.9)
    crps = trends.crps_normal(frame["mean"], frame["deviation"], frame["outcome"])
    expected = pd.DataFrame(
        {
            "method": ["b", "a"],
            "mean_error": [-1.25, 3.0],
            "mean_absolute_error": [1.75, 3.0],
            "coverage_percent": [50.0, 0.0],
            "crps": [(crps[0] + crps[2]) / 2, crps[1]],
            "interval_score": [2 * reach + (3 - reach) * 10 / 2, 4 * reach + (3 - 2 * reach) * 10],
            "forecasts": [2, 1],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    assert list(trends.scores(frame, by=("method", "ahead"))["forecasts"]) == [1, 1, 1]


def test_eight_values_are_enough_for_a_forecast_and_seven_are_not():
    y = [1.0, 2, 2, 4, 3, 5, 7, 6]
    assert trends.random_walk_with_drift(y, 1).mean == pytest.approx([6 + 5 / 7])
    with pytest.raises(
        ValueError, match=r"^a forecast needs eight or more values without a gap, not an array of shape \(7,\)\.$"
    ):
        trends.random_walk_with_drift(y[:7], 1)
    with pytest.raises(ValueError, match=r"^horizon is 0; at least one period ahead is forecast\.$"):
        trends.straight_line(y, 0)


def test_deviation_of_a_straight_line_is_that_of_its_prediction(series):
    forecast = trends.straight_line(series, 3)
    trend = trends.linear_trend(np.arange(40), series, lags=trends.newey_west(40))
    for level in (50, 90):
        low, high = trend.prediction_interval([40, 41, 42], level)
        reach = stats.t.ppf(0.5 + level / 200, 38)
        assert forecast.deviation == pytest.approx((high - low) / 2 / reach)
        assert trend.at([40, 41, 42]) == pytest.approx((high + low) / 2)
