"""Count models against statsmodels' dummy-variable Poisson regression, closed forms, and simulated coverage."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from amazon_labor.methods import count_models


def panel(seed: int = 3, places: int = 30) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    size = random.gamma(1.5, 12, places)
    return random.poisson(size), random.poisson(size * random.lognormal(0.4, 0.3, places))


def test_panel_ratio_is_the_poisson_regression_with_dummies_and_clustered_errors():
    before, after = panel()
    n = len(before)
    y = np.concatenate([before, after])
    step = np.repeat([0.0, 1.0], n)
    place = np.tile(np.arange(n), 2)
    x = np.column_stack([step, *(place == k for k in range(n))]).astype(float)
    fit = sm.GLM(y, x, family=sm.families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": place, "use_correction": False}
    )
    found = count_models.panel_ratio(before, after)
    assert found.ratio == pytest.approx(np.exp(fit.params[0]), rel=1e-8)
    # ours scales by n / (n - 1) as statsmodels does for clusters before its correction for coefficients
    assert found.log_error == pytest.approx(fit.bse[0] * np.sqrt(n / (n - 1)), rel=1e-6)


def test_exposure_divides_the_ratio_and_keeps_the_error():
    before, after = panel()
    once, twice = count_models.panel_ratio(before, after), count_models.panel_ratio(before, after, exposure=2)
    assert twice.ratio == pytest.approx(once.ratio / 2)
    assert twice.log_error == once.log_error


def test_places_without_events_change_nothing():
    before, after = panel()
    more = count_models.panel_ratio([*before, 0, 0], [*after, 0, 0])
    assert more == count_models.panel_ratio(before, after)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=20), st.integers(2, 5))
def test_turning_time_round_inverts_the_ratio(rows, factor):
    before, after = np.array(rows).T
    if before.sum() == 0 or after.sum() == 0 or ((before + after) > 0).sum() < 2:
        return
    there, back = count_models.panel_ratio(before, after), count_models.panel_ratio(after, before)
    assert there.ratio * back.ratio == pytest.approx(1)
    assert there.low * back.high == pytest.approx(1)
    # one step for all: multiplying every later count multiplies the ratio
    assert count_models.panel_ratio(before, factor * after).ratio == pytest.approx(factor * there.ratio)


def test_panel_interval_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(11)
    size = random.gamma(2, 15, 51)
    held = 0
    for _ in range(600):
        before = random.poisson(size)
        after = random.poisson(1.5 * size * random.gamma(5, 1 / 5, 51))
        found = count_models.panel_ratio(before, after, level=90)
        held += found.low <= 1.5 <= found.high
    assert 0.85 < held / 600 < 0.94


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ([1, 2], [1], r"^before has shape \(2,\), after \(1,\); give one count of each for every place\.$"),
        ([-1, 2], [1, 1], r"^counts are finite numbers from 0\.$"),
        ([0, 0], [1, 2], r"^a ratio needs events before and after, in two places or more\.$"),
        ([1, 0], [2, 0], r"^a ratio needs events before and after, in two places or more\.$"),
    ],
)
def test_panel_ratio_refuses_what_has_no_ratio(before, after, message):
    with pytest.raises(ValueError, match=message):
        count_models.panel_ratio(before, after)


def quarters(
    n: int = 40, growth: float = 0.01, dispersion: float = 1.0, seed: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    t = np.arange(n)
    mean = np.exp(5.8 + growth * t + np.array([0.0, 0.1, -0.05, -0.2])[t % 4])
    return t, count_models.overdispersed(mean, dispersion, np.random.default_rng(seed))


def test_path_without_trend_is_the_mean_of_each_season():
    # a Poisson regression with a dummy for each season is saturated in the season: its fit is the arithmetic mean
    t, y = quarters()
    path = count_models.seasonal_path(t, y, np.arange(40, 44), degree=0)
    assert path.mean == pytest.approx([y[t % 4 == k].mean() for k in range(4)], rel=1e-9)
    assert path.dispersion == pytest.approx(
        sum(((y[t % 4 == k] - y[t % 4 == k].mean()) ** 2 / y[t % 4 == k].mean()).sum() for k in range(4)) / 36
    )


def test_path_finds_growth_and_season():
    t, y = quarters(growth=0.02)
    path = count_models.seasonal_path(t, y, np.array([40, 44]), degree=1)
    assert path.mean[1] / path.mean[0] == pytest.approx(np.exp(0.08), rel=0.03)


@pytest.mark.parametrize("dispersion", [1.0, 8.0])
def test_band_holds_new_counts_as_often_as_it_says(dispersion):
    inside = 0
    for seed in range(200):
        t, y = quarters(48, 0.005, dispersion, seed)
        path = count_models.seasonal_path(t[:44], y[:44], t[44:], draws=400, seed=seed)
        low, high = path.interval(90)
        inside += ((low <= y[44:]) & (y[44:] <= high)).sum()
    assert 0.83 < inside / 800 < 0.95


def test_draws_have_mean_and_variance_of_the_mixture():
    drawn = count_models.overdispersed(np.full(200_000, 50.0), 6.0, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(50, rel=0.01)
    assert drawn.var() / drawn.mean() == pytest.approx(6, rel=0.03)


def test_excess_is_observed_over_expected_with_turned_ends():
    t, y = quarters()
    path = count_models.seasonal_path(t, y, np.arange(40, 44), draws=500)
    value, low, high = path.excess(2 * path.mean)
    totals = np.quantile(path.draws.sum(axis=1), [0.05, 0.95])
    assert value == pytest.approx(2)
    assert (low, high) == pytest.approx((2 * path.mean.sum() / totals[1], 2 * path.mean.sum() / totals[0]))


def test_same_seed_same_futures():
    t, y = quarters()
    first, second = (count_models.seasonal_path(t, y, [40], draws=50, seed=9).draws for _ in range(2))
    assert (first == second).all()


def test_path_refuses_too_few_quarters():
    with pytest.raises(ValueError, match=r"^6 periods are too few for 5 coefficients; three more are needed\.$"):
        count_models.seasonal_path(np.arange(6), np.ones(6), [6])
    with pytest.raises(ValueError, match=r"^y holds counts: finite numbers from 0\.$"):
        count_models.seasonal_path(np.arange(12), -np.ones(12), [12])


def test_moving_ratio_by_hand():
    counts = pd.Series([1, 2, 3, 4, 5, 6], index=list("abcdef"))
    found = count_models.moving_ratios(counts, 2)
    assert found.to_dict() == pytest.approx({"c": 7 / 3, "d": 9 / 5, "e": 11 / 7})
    with pytest.raises(ValueError, match=r"^quarters is 4; with 6 periods it is 1 to 3\.$"):
        count_models.moving_ratios(counts, 4)


@settings(max_examples=50)
@given(st.integers(1, 6), st.floats(0.5, 1.5))
def test_geometric_counts_have_one_moving_ratio(span, growth):
    counts = pd.Series(100 * growth ** np.arange(16.0))
    assert count_models.moving_ratios(counts, span).to_numpy() == pytest.approx(growth**span)
