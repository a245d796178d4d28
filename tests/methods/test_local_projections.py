"""Local projections against statsmodels, a known impulse response, and simulated coverage."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from amazon_labor.methods import local_projections as lp
from amazon_labor.methods.trends import newey_west


def system(n, seed):
    """Impulse with memory 0.4; response moves by 0.5 of it at once and by half of that in the next period."""
    rng = np.random.default_rng(seed)
    x = np.zeros(n)
    for t in range(1, n):
        x[t] = 0.4 * x[t - 1] + rng.normal()
    lagged = np.concatenate([[0.0], x[:-1]])
    return 0.5 * x + 0.25 * lagged + rng.normal(size=n), x


@pytest.mark.parametrize("errors", lp.ERRORS)
def test_each_horizon_as_in_statsmodels(errors):
    y, x = system(160, 3)
    table = lp.local_projection(y, x, 4, controls=2, errors=errors)
    frame = pd.DataFrame({"y": y, "x": x})
    for h in range(5):
        target = sum(frame.y.shift(-j) for j in range(h + 1))
        lags = [frame[c].shift(j).rename(f"{c}{j}") for c in "yx" for j in (1, 2)]
        data = pd.concat([target.rename("target"), frame.x, *lags], axis=1).dropna()
        kind = (
            {"cov_type": "HAC", "cov_kwds": {"maxlags": h + newey_west(len(data)), "use_correction": True}}
            if errors == "HAC"
            else {"cov_type": "HC1"}
        )
        fit = sm.OLS(data.target, sm.add_constant(data.drop(columns="target"))).fit(use_t=True, **kind)
        low, high = fit.conf_int(0.1).loc["x"]
        found = table.loc[h]
        assert (found.estimate, found.error) == pytest.approx((fit.params["x"], fit.bse["x"]), rel=1e-9)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)
        assert found.n == len(data)


def test_known_response_in_a_long_sample():
    """Cumulative response: 0.5, then plus 0.5 * 0.4 + 0.25, then 0.4 times the last step, and so on."""
    y, x = system(60_000, 5)
    steps = np.array([0.5, 0.45, 0.18, 0.072])
    found = lp.local_projection(y, x, 3, controls=2)
    assert found.estimate.to_numpy() == pytest.approx(np.cumsum(steps), abs=0.03)


@pytest.mark.parametrize("errors", lp.ERRORS)
def test_intervals_hold_what_they_promise(errors):
    """90 percent intervals of a true cumulative response of 1.13 at horizon 2, 300 samples of 240 periods."""
    inside = 0
    for seed in range(300):
        row = lp.local_projection(*system(240, seed), 2, errors=errors).loc[2]
        inside += row.low <= 1.13 <= row.high
    assert 0.84 <= inside / 300 <= 0.95


def test_omitted_periods_are_no_impulses():
    y, x = system(200, 8)
    omit = np.zeros(200, bool)
    omit[[50, 90]] = True
    whole, part = lp.local_projection(y, x, 2), lp.local_projection(y, x, 2, omit=omit)
    assert (whole.n - part.n == 2).all()
    x_wild = x.copy()
    x_wild[50] += 1e3  # an omitted impulse still counts as a lag of its neighbours, and only so
    assert lp.local_projection(y, x_wild, 0, omit=omit).n[0] == part.n[0]
    assert not np.allclose(whole.estimate, part.estimate)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"errors": "none"}, r"^errors is 'none'; allowed are HAC, lag-augmented\.$"),
        ({"controls": 0}, r"^200 periods are too few for horizon 0 with 0 lags, or these are below one\.$"),
        ({"horizon": 190}, r"^200 periods are too few for horizon 182 with 3 lags, or these are below one\.$"),
    ],
)
def test_refusals(change, words):
    y, x = system(200, 1)
    with pytest.raises(ValueError, match=words):
        lp.local_projection(y, x, **({"horizon": 3} | change))
    with pytest.raises(ValueError, match=r"^response and impulse must be of one length and hold no missing values\.$"):
        lp.local_projection([*y[:-1], np.nan], x, 3)
