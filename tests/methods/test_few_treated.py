"""Placebo laws: equal to the event study, and right as often as they promise when few units are treated."""

import numpy as np
import pytest

from amazon_labor.methods import few_treated, staggered
from amazon_labor.methods.staggered import NEVER

YEARS = np.arange(1983, 2013)
DATES = [1985.0, 1995.0, 2001.0]


def noise_panel(seed, untreated=22, sizes=None, effect=0.0):
    rng = np.random.default_rng(seed)
    first = np.array(DATES + [NEVER] * untreated)
    scale = np.ones(len(first)) if sizes is None else 30 / np.sqrt(sizes)
    y = scale[:, None] * rng.standard_normal((len(first), len(YEARS)))
    return staggered.panel(y + effect * (YEARS[None, :] >= first[:, None]), YEARS, first)


@pytest.mark.parametrize("base_years", [1, 4])
def test_the_mean_path_is_the_event_study_with_never_treated_controls(base_years):
    data = noise_panel(1)
    found = few_treated.paths(data, 6, 5, base_years=base_years)
    study = staggered.event_study(staggered.group_time(data, base_years=base_years), 6, 5)
    path = few_treated.mean_path(found)
    seen = np.isfinite(path)
    np.testing.assert_allclose(path[seen], study.effect[seen], atol=1e-12)
    assert study.groups[0] == np.isfinite(found.treated[:, 0]).sum() == 2  # 1985 has no sixth year before


def test_weights_reach_the_path():
    data = noise_panel(2)
    heavy = staggered.panel(data.outcome, YEARS, data.first, np.linspace(1, 5, 25))
    study = staggered.event_study(staggered.group_time(heavy), 2, 5)
    np.testing.assert_allclose(few_treated.mean_path(few_treated.paths(heavy, 2, 5)), study.effect, atol=1e-12)


def test_a_placebo_is_the_estimator_applied_to_untreated_units():
    """Second way: treat the drawn units in a new panel without the true adopters and run the event study."""
    data = noise_panel(3)
    found = few_treated.paths(data, 2, 5)
    placebos = few_treated.placebo_paths(found, 20, 7)
    drawn = np.argsort(np.random.default_rng(7).random((20, 22)), axis=1)[:, :3]
    for k in (0, 9, 19):
        first = np.full(22, NEVER)
        first[drawn[k]] = DATES
        fake = staggered.panel(data.outcome[3:], YEARS, first)
        study = staggered.event_study(staggered.group_time(fake), 2, 5)
        np.testing.assert_allclose(placebos[k], study.effect, atol=1e-12)


def test_the_interval_keeps_its_promise_where_the_clustered_one_does_not():
    placebo = clustered = 0
    for seed in range(200):
        data = noise_panel(seed, effect=-2.0)
        found = few_treated.mean_effect(few_treated.paths(data, 2, 5), 199, seed)
        placebo += found.low <= -2 <= found.high
        study = staggered.event_study(staggered.group_time(data), 2, 5)
        clustered += abs(study.after + 2) < 1.645 * study.after_error
    assert 0.84 <= placebo / 200 <= 0.96
    assert clustered / 200 < 0.6


def test_scaling_mends_the_interval_when_the_treated_are_small():
    sizes = np.array([300.0] * 3 + [3000.0] * 22)
    sizes[3:11] = 500
    plain = scaled = 0
    for seed in range(200):
        found = few_treated.paths(noise_panel(seed, sizes=sizes), 2, 5)
        a = few_treated.mean_effect(found, 199, seed)
        b = few_treated.mean_effect(found, 199, seed, sizes=(sizes[:3], sizes[3:]))
        plain += a.low <= 0 <= a.high
        scaled += b.low <= 0 <= b.high
    assert plain / 200 < 0.82 < scaled / 200 < 0.97


def test_equal_sizes_need_no_scaling():
    found = few_treated.paths(noise_panel(4), 2, 5)
    # with noise alone the fit may still see a slope; with one size there is none to see
    factor = few_treated.scale(found, np.full(3, 1000.0), np.linspace(999.999, 1000.001, 22))
    np.testing.assert_allclose(factor, 1, atol=0.01)


def test_the_p_value_and_the_interval_agree_about_zero():
    rng = np.random.default_rng(0)
    placebos = rng.standard_normal(1999)
    for value in np.linspace(-3, 3, 61):
        low, high = few_treated.interval(value, placebos)
        p = few_treated.p_value(value, placebos)
        assert (p < 0.098) <= (low > 0 or high < 0) <= (p < 0.102)


def test_p_values_by_hand():
    assert few_treated.p_value(3.0, [1, 2, -1, -4]) == pytest.approx(2 * 1 / 5)
    assert few_treated.p_value(0.0, [1, -1]) == 1
    assert few_treated.exceeding(2.0, [1, 2, 3, 0]) == pytest.approx(3 / 5)


def test_one_unit_stands_against_each_of_the_others():
    data = noise_panel(5)
    found = few_treated.paths(data, 1, 2)
    single = few_treated.single(found, 1)
    gaps = []
    for j in range(3, 25):
        others = [k for k in range(3, 25) if k != j]
        change = data.outcome[:, 12:15].mean(axis=1) - data.outcome[:, 11]
        gaps.append(change[j] - change[others].mean())
    low, high = np.quantile(gaps, [0.05, 0.95])
    assert (single.low, single.high) == pytest.approx((single.value - high, single.value - low))


def test_it_refuses_too_few_untreated_units_and_too_long_a_window():
    with pytest.raises(ValueError, match=r"^4 untreated units are too few to stand in for 3 treated ones\.$"):
        few_treated.placebo_paths(few_treated.paths(noise_panel(1, untreated=4), 1, 2), 9, 1)
    with pytest.raises(
        ValueError, match=r"^no treated unit is observed from its base year to 30 years after adoption\.$"
    ):
        few_treated.paths(noise_panel(1), 1, 30)
