"""Group-time effects against differences taken by hand, a saturated regression, and a truth that is known."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amazon_labor.methods import staggered
from amazon_labor.methods.staggered import NEVER

YEARS = np.arange(2000, 2012)


def mixed(seed=3, noise=1.0, units=18):
    """Three adoption dates, several units each, effects that differ and grow."""
    rng = np.random.default_rng(seed)
    first = np.array([2004.0] * 3 + [2006.0] * 4 + [2009.0] * 2 + [NEVER] * (units - 9))
    since = np.where(np.isfinite(first)[:, None], YEARS[None, :] - first[:, None], -1)
    slope = np.where(first == 2004, -1.0, np.where(first == 2006, -0.2, 2.0))
    effect = np.where(since >= 0, slope[:, None] * (since + 1), 0.0)
    base = rng.normal(20, 5, (units, 1)) + rng.normal(0, 1, (1, 12)).cumsum(axis=1)
    return staggered.panel(base + effect + noise * rng.standard_normal((units, 12)), YEARS, first), effect, first


def test_a_group_time_effect_is_the_difference_of_two_mean_changes():
    data, _, first = mixed()
    found = staggered.group_time(data)
    k = int(np.flatnonzero((found.group == 2006) & (found.year == 2008))[0])
    change = data.outcome[:, 8] - data.outcome[:, 5]
    assert found.effect[k] == pytest.approx(change[first == 2006].mean() - change[first == NEVER].mean())


def test_its_error_is_that_of_two_independent_means():
    data, _, first = mixed()
    found = staggered.group_time(data)
    k = int(np.flatnonzero((found.group == 2006) & (found.year == 2008))[0])
    change = data.outcome[:, 8] - data.outcome[:, 5]
    treated, never = change[first == 2006], change[first == NEVER]
    # population variances, as the influence function has them
    expected = math.sqrt(treated.var() / len(treated) + never.var() / len(never))
    assert np.linalg.norm(found.influence[k]) == pytest.approx(expected)


def test_not_yet_treated_controls_leave_out_only_those_treated_by_then():
    data, _, first = mixed()
    found = staggered.group_time(data, controls="not yet")
    for year in (2005, 2006, 2007):  # the adopters of 2006 serve until 2005 and no longer
        k = int(np.flatnonzero((found.group == 2004) & (found.year == year))[0])
        change = data.outcome[:, year - 2000] - data.outcome[:, 3]
        assert found.effect[k] == pytest.approx(change[first == 2004].mean() - change[first > year].mean())


def test_it_equals_the_saturated_regression_of_sun_and_abraham():
    """Second implementation: linearmodels, cohort by event-time dummies, unit and year effects, never-treated controls."""
    from linearmodels.panel import PanelOLS

    data, _, first = mixed()
    long = pd.DataFrame(data.outcome, columns=YEARS).stack().rename("y").rename_axis(["unit", "year"]).to_frame()
    cohort = first[long.index.get_level_values("unit")]
    since = np.where(np.isfinite(cohort), long.index.get_level_values("year") - cohort, -1)
    for g in (2004, 2006, 2009):
        for e in np.unique(since[cohort == g]):
            if e != -1:
                long[f"g{g}_{int(e)}"] = ((cohort == g) & (since == e)).astype(float)
    fitted = PanelOLS(long["y"], long.drop(columns="y"), entity_effects=True, time_effects=True).fit()
    found = staggered.group_time(data)
    for group, time, effect in zip(found.group, found.event_time, found.effect, strict=True):
        assert fitted.params[f"g{group}_{time}"] == pytest.approx(effect, abs=1e-9)


def test_a_mean_base_equals_imputation_from_the_years_before():
    """Borusyak, Jaravel and Spiess: unit effects from the years before, year effects from the never-treated."""
    data, _, first = mixed()
    found = staggered.group_time(data, base_years=12)
    never = data.outcome[first == NEVER]
    gap = data.outcome - never.mean(axis=0)
    expected = (gap[:, 9] - gap[:, :6].mean(axis=1))[first == 2006].mean()
    k = int(np.flatnonzero((found.group == 2006) & (found.year == 2009))[0])
    assert found.effect[k] == pytest.approx(expected)


def test_without_noise_the_truth_is_recovered_although_effects_differ():
    data, effect, first = mixed(noise=0.0)
    found = staggered.group_time(data)
    truth = [effect[first == g][0, y - 2000] for g, y in zip(found.group, found.year, strict=True)]
    np.testing.assert_allclose(found.effect, truth, atol=1e-9)
    treated = effect[np.isfinite(first)]
    by_unit = [row[row != 0].mean() for row in treated]
    assert staggered.overall(found)[0] == pytest.approx(np.mean(by_unit))


def test_the_event_study_keeps_only_groups_that_fill_the_window():
    data, effect, first = mixed(noise=0.0)
    study = staggered.event_study(staggered.group_time(data), 2, 5)
    adopted = (first[first <= 2006] - 2000).astype(int)
    truth = np.mean([effect[i, at + 5] for i, at in zip(np.flatnonzero(first <= 2006), adopted, strict=True)])
    assert study.effect[-1] == pytest.approx(truth)
    assert list(study.time) == list(range(-2, 6))
    assert study.groups[-1] == 2
    with pytest.raises(
        ValueError, match=r"^no group is observed for 9 years after adoption; choose a shorter window\.$"
    ):
        staggered.event_study(staggered.group_time(data), 2, 9)


def test_a_lone_adopter_shows_no_error_of_its_own():
    data, _, _ = mixed()
    lone = data.keep([0, *range(9, 18)])
    found = staggered.group_time(lone)
    assert np.abs(found.influence[:, 0]).max() == 0


def test_coverage_of_the_clustered_interval_when_groups_are_large():
    hits = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        first = np.array([2005.0] * 30 + [NEVER] * 30)
        y = rng.normal(0, 1, (60, 12)).cumsum(axis=1)
        study = staggered.event_study(staggered.group_time(staggered.panel(y, YEARS, first)), 2, 4)
        hits += abs(study.after) < 1.645 * study.after_error
    assert 0.85 < hits / 300 < 0.94


def test_weights_are_those_of_the_units():
    data, _, first = mixed()
    w = np.linspace(1, 3, len(first))
    heavy = staggered.panel(data.outcome, YEARS, first, w)
    found = staggered.group_time(heavy)
    change = data.outcome[:, 8] - data.outcome[:, 5]
    k = int(np.flatnonzero((found.group == 2006) & (found.year == 2008))[0])
    a, b = first == 2006, first == NEVER
    assert found.effect[k] == pytest.approx(np.average(change[a], weights=w[a]) - np.average(change[b], weights=w[b]))


def test_breakdown_by_hand():
    study = staggered.EventStudy(
        np.array([-3, -2, -1, 0, 1]),
        np.array([0.0, 0.2, 0.0, -0.6, -1.2]),
        np.zeros(5),
        np.ones(5, dtype=int),
        -0.9,
        0.0,
    )
    # years 0 and 1 lie one and two years from the base; the largest early change is 0.2
    assert staggered.breakdown(study) == pytest.approx((0.9 / (0.2 * 1.5), 0.2))


@settings(max_examples=30, deadline=None)
@given(shift=st.floats(-50, 50), scale=st.floats(0.1, 10), trend=st.floats(-2, 2))
def test_common_trends_and_levels_do_not_matter_and_units_scale(shift, scale, trend):
    data, _, first = mixed()
    other = staggered.panel(scale * (data.outcome + shift) + trend * (YEARS - 2000), YEARS, first)
    ours, theirs = staggered.group_time(data), staggered.group_time(other)
    np.testing.assert_allclose(theirs.effect, scale * ours.effect, atol=1e-7)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"years": [2000, 2002]}, r"^years must be consecutive\.$"),
        (
            {"first": [2001.0, np.nan]},
            r"^outcome or first holds a missing value; the estimators need a balanced panel\.$",
        ),
        ({"weights": [1, 0]}, r"^weights must be positive numbers\.$"),
        ({"first": [2001.0]}, r"^outcome has shape \(2, 2\), but there are 1 units and 2 years\.$"),
    ],
)
def test_a_bad_panel_is_refused(change, words):
    good = {"outcome": [[1.0, 2.0], [1.0, 3.0]], "years": [2000, 2001], "first": [2001.0, NEVER]}
    with pytest.raises(ValueError, match=words):
        staggered.panel(**(good | change))


def test_without_controls_or_dates_it_says_so():
    y = [[1.0, 2.0], [1.0, 3.0]]
    with pytest.raises(
        ValueError, match=r"^no group has a year before adoption and a control: nothing can be compared\.$"
    ):
        staggered.group_time(staggered.panel(y, [2000, 2001], [2001.0, 2001.0]))
    with pytest.raises(ValueError, match=r"^controls is 'all'; allowed: never, not yet\.$"):
        staggered.group_time(staggered.panel(y, [2000, 2001], [2001.0, NEVER]), controls="all")


def test_anticipation_moves_the_base_back_by_hand():
    """One unit treated in 2003, one never: the base is 2001 with a year of anticipation, and 2002 is an estimate."""
    outcome = np.array([[1.0, 2.0, 4.0, 8.0, 16.0], [0.0, 1.0, 1.0, 3.0, 5.0]])
    data = staggered.panel(outcome, np.arange(2000, 2005), [2003.0, staggered.NEVER])
    found = staggered.group_time(data, anticipation=1)
    assert found.group.tolist() == [2003] * 4
    assert found.year.tolist() == [2000, 2002, 2003, 2004]
    assert found.effect == pytest.approx([0.0, 2.0, 4.0, 10.0])
    plain = staggered.group_time(data)
    assert plain.year.tolist() == [2000, 2001, 2003, 2004]
    assert plain.effect == pytest.approx([-2.0, -2.0, 2.0, 8.0])
    both = staggered.group_time(data, base_years=2)
    assert both.year.tolist() == [2000, 2001, 2002, 2003, 2004]
    assert both.effect[-1] == pytest.approx((16 - 3) - (5 - 1))
    assert staggered.group_time(data, base_years=9).effect[-1] == pytest.approx((16 - 7 / 3) - (5 - 2 / 3))
    # the first year of the panel may be the base, a year before it may not
    assert staggered.group_time(data, anticipation=2).year.tolist() == [2001, 2002, 2003, 2004]
    with pytest.raises(
        ValueError, match=r"^no group has a year before adoption and a control: nothing can be compared\.$"
    ):
        staggered.group_time(data, anticipation=3)
    for options in ({"anticipation": -1}, {"base_years": 0}):
        words = f"anticipation is {options.get('anticipation', 0)} and base_years {options.get('base_years', 1)}"
        with pytest.raises(ValueError, match=f"^{words}; at least 0 and 1\\.$"):
            staggered.group_time(data, **options)


def test_not_yet_treated_controls_stop_when_they_adopt_or_anticipate():
    outcome = np.array([[0.0, 0.0, 5.0, 5.0], [0.0, 1.0, 2.0, 9.0]])
    data = staggered.panel(outcome, np.arange(2000, 2004), [2002.0, 2003.0])
    found = staggered.group_time(data, controls="not yet")
    entries = set(zip(found.group.tolist(), found.year.tolist(), strict=True))
    assert entries == {(2002, 2000), (2002, 2002)}
    assert found.effect[found.year == 2002] == pytest.approx([4.0])
