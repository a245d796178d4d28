"""Change against trend: against statsmodels, closed form and simulation."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from amazon_labor.methods import trend_change

YEARS = np.arange(2010, 2022)
VALUES = np.array([14.7, 14.8, 14.4, 14.5, 14.6, 14.8, 14.5, 14.8, 14.7, 14.6, 14.3, 14.0])


def test_closed_form_for_a_start_in_the_trend():
    found = trend_change.change_from_trend(YEARS, VALUES, (2010, 2019), 2019, 2021)
    x, y = YEARS[:10], VALUES[:10]
    fitted = sm.OLS(y, sm.add_constant(x - x.mean())).fit()
    sxx = float(((x - x.mean()) ** 2).sum())
    variance = fitted.mse_resid * (2 + 4 / sxx + 4 * (2019 - x.mean()) / sxx)
    assert found.implied == pytest.approx(2 * fitted.params[1])
    assert found.departure == pytest.approx(14.0 - 14.6 - 2 * fitted.params[1])
    assert found.error == pytest.approx(np.sqrt(variance))
    low, high = found.interval(90)
    assert high - low == pytest.approx(2 * stats.t.ppf(0.95, 8) * np.sqrt(variance))
    assert found.t == pytest.approx(found.departure / np.sqrt(variance))


def test_a_change_between_two_later_years_by_statsmodels():
    """Two dummies for the later years and a contrast: the regression's own standard error of the departure."""
    found = trend_change.change_from_trend(YEARS, VALUES, (2010, 2019), 2020, 2021)
    dummies = [(year == YEARS).astype(float) for year in (2020, 2021)]
    fitted = sm.OLS(VALUES, np.column_stack([np.ones(12), YEARS - 2015.0, *dummies])).fit()
    contrast = fitted.t_test([0, 0, -1, 1])
    assert found.departure == pytest.approx(contrast.effect[0])
    assert found.error == pytest.approx(contrast.sd[0, 0])
    assert found.interval(90) == pytest.approx(tuple(contrast.conf_int(0.1)[0]))


@pytest.mark.parametrize(("start", "promised"), [(2020, (0.885, 0.915)), (2019, (0.90, 0.935))])
def test_coverage_by_simulation(start, promised):
    """Exact between two later years; a little wide from a year of the trend, whose residual also makes the scatter."""
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(3000):
        y = 20 - 0.2 * (YEARS - 2010) + 0.1 * rng.normal(size=12)
        low, high = trend_change.change_from_trend(YEARS, y, (2010, 2019), start, 2021).interval(90)
        inside += low <= 0 <= high
    assert promised[0] < inside / 3000 < promised[1]


def test_placebos_repeat_the_comparison():
    years = np.arange(1983, 2022)
    values = np.sin(years) - 0.1 * years
    table = trend_change.placebo_changes(years, values, 10, 2)
    assert list(table["end"]) == list(range(1994, 2022))
    last = trend_change.change_from_trend(years, values, (2010, 2019), 2019, 2021)
    assert table["t"].iloc[-1] == pytest.approx(last.t)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: trend_change.change_from_trend(YEARS, VALUES, (2009, 2019), 2019, 2021),
            r"^the series has no value for 2009\.$",
        ),
        (
            lambda: trend_change.change_from_trend(YEARS, VALUES, (2017, 2019), 2019, 2021),
            r"^train is \(2017, 2019\), start 2019, end 2021; four years or more, start before end, end after\.$",
        ),
        (
            lambda: trend_change.change_from_trend(YEARS, VALUES, (2010, 2021), 2019, 2021),
            r"^train is \(2010, 2021\), start 2019, end 2021; four years or more, start before end, end after\.$",
        ),
        (
            lambda: trend_change.placebo_changes(YEARS, VALUES, 12, 2),
            r"^a window of 12 and 2 years ahead do not fit into 12 years\.$",
        ),
        (
            lambda: trend_change.change_from_trend(YEARS, VALUES, (2010, 2019), 2019, 2021).interval(0),
            r"^level is 0; it is a percentage between 0 and 100\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_placebos_in_full():
    years, values = np.arange(2000, 2008), np.array([1, 2, 4, 3, 5, 9, 8, 7], dtype=object)
    found = trend_change.placebo_changes(years.astype(float), values, 5, 1)
    direct = [
        trend_change.change_from_trend(years, values.astype(float), (e - 5, e - 1), e - 1, e)
        for e in (2005, 2006, 2007)
    ]
    expected = pd.DataFrame(
        {"end": [2005, 2006, 2007], "departure": [d.departure for d in direct], "t": [d.t for d in direct]}
    )
    pd.testing.assert_frame_equal(found, expected)
