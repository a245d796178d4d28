"""Change over a span by trend and by drift: against statsmodels, and each right in the world it is made for."""

import numpy as np
import pytest

from amazon_labor.methods import long_change

YEARS = np.arange(1979, 2020)


def test_trend_equals_statsmodels_with_newey_west_errors():
    import statsmodels.api as sm

    y = 60 - 0.1 * (YEARS - 1979) + np.random.default_rng(2).normal(0, 1, 41).cumsum() / 3
    hac = {"maxlags": 3, "use_correction": True}
    fitted = sm.OLS(y, sm.add_constant(YEARS.astype(float))).fit(cov_type="HAC", cov_kwds=hac, use_t=True)
    low, high = fitted.conf_int(0.1)[1]
    found = long_change.by_trend(YEARS, y, lags=3)
    assert (found.value, found.low, found.high) == pytest.approx((40 * fitted.params[1], 40 * low, 40 * high))


def test_drift_equals_statsmodels_on_the_changes():
    import statsmodels.api as sm

    y = np.random.default_rng(3).normal(-0.1, 1, 41).cumsum()
    fitted = sm.OLS(np.diff(y), np.ones(40)).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True
    )
    low, high = fitted.conf_int(0.1)[0]
    found = long_change.by_drift(y, lags=3)
    assert (found.value, found.low, found.high) == pytest.approx((y[-1] - y[0], 40 * low, 40 * high))


@pytest.mark.parametrize("walk", [False, True])
def test_coverage_in_both_worlds(walk):
    rng = np.random.default_rng(7)
    line = drift = 0
    for _ in range(400):
        e = rng.standard_normal(41)
        y = -0.1 * np.arange(41) + (e.cumsum() if walk else e)
        a, b = long_change.by_trend(YEARS, y, lags=3), long_change.by_drift(y, lags=3)
        line += a.low <= -4 <= a.high
        drift += b.low <= -4 <= b.high
    if walk:
        assert line / 400 < 0.55  # the interval of a line around a random walk is no interval
        assert drift / 400 > 0.82
    else:
        assert line / 400 > 0.82
        assert drift / 400 > 0.9


def test_too_few_changes_are_refused():
    with pytest.raises(ValueError, match=r"^there are 2 yearly changes; four or more without gaps are needed\.$"):
        long_change.by_drift([1.0, 2.0, 3.0])
