"""Two-way fixed effects against linearmodels, and the decomposition against the coefficient it must add up to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amazon_labor.methods import staggered, two_way
from amazon_labor.methods.staggered import NEVER

YEARS = np.arange(1990, 2004)


def random_panel(seed, units=14, weights=None):
    rng = np.random.default_rng(seed)
    first = rng.choice([1985.0, 1994.0, 1997.0, 2001.0, NEVER], units)
    first[:3] = [1994.0, 2001.0, NEVER]
    return staggered.panel(rng.normal(0, 1, (units, len(YEARS))).cumsum(axis=1), YEARS, first, weights)


def long_form(data):
    y = pd.DataFrame(data.outcome, columns=YEARS).stack().rename("y").rename_axis(["unit", "year"]).to_frame()
    y["d"] = two_way.treatment(data).ravel()
    y["w"] = np.repeat(data.weights, len(YEARS))
    return y


@pytest.mark.parametrize("weights", [None, np.linspace(1, 4, 14)])
def test_coefficient_and_clustered_error_equal_linearmodels(weights):
    from linearmodels.panel import PanelOLS

    data = random_panel(5, weights=weights)
    long = long_form(data)
    model = PanelOLS(long["y"], long[["d"]], weights=long["w"], entity_effects=True, time_effects=True)
    fitted = model.fit(cov_type="clustered", cluster_entity=True, group_debias=True)
    ours = two_way.two_way(data)
    assert ours.effect == pytest.approx(fitted.params["d"], rel=1e-9)
    # linearmodels counts the unit effects too; the factors differ by these degrees of freedom alone
    n, periods, units = data.outcome.size, len(YEARS), 14
    theirs = fitted.std_errors["d"] * np.sqrt((n - periods - units) / (n - periods - 1))
    assert ours.error == pytest.approx(theirs, rel=1e-9)


def test_clustered_error_equals_dummy_regression_in_statsmodels():
    """statsmodels, units taken out by hand, so that it counts coefficient, constant and year effects as we do."""
    import statsmodels.api as sm

    data = random_panel(6)
    long = long_form(data)
    years = pd.get_dummies(long.index.get_level_values("year"), drop_first=True).to_numpy(float)
    columns = np.column_stack([long["d"], years])
    unit = long.index.get_level_values("unit").to_numpy()
    inner = pd.DataFrame(np.column_stack([long["y"], columns])).groupby(unit).transform(lambda v: v - v.mean())
    design = sm.add_constant(inner.iloc[:, 1:].to_numpy(), has_constant="add")
    fitted = sm.OLS(inner[0].to_numpy(), design).fit(cov_type="cluster", cov_kwds={"groups": unit})
    ours = two_way.two_way(data)
    assert ours.effect == pytest.approx(fitted.params[1], rel=1e-9)
    assert ours.error == pytest.approx(fitted.bse[1], rel=1e-9)


def test_leads_and_lags_equal_linearmodels():
    from linearmodels.panel import PanelOLS

    data = random_panel(8)
    since = np.clip(data.years[None, :] - data.first[:, None], -4, 3)
    since[data.never] = -1
    long = long_form(data)[["y"]]
    times = [e for e in range(-4, 4) if e != -1]
    for e in times:
        long[f"e{e}"] = (since == e).astype(float).ravel()
    fitted = PanelOLS(long["y"], long.drop(columns="y"), entity_effects=True, time_effects=True).fit()
    ours = two_way.dynamic(data, 4, 3)
    kept = ours.time != -1
    np.testing.assert_allclose(ours.effect[kept], fitted.params.to_numpy(), atol=1e-8)
    assert ours.effect[~kept] == 0


def test_leads_and_lags_have_the_clustered_errors_of_statsmodels():
    import statsmodels.api as sm

    data = random_panel(9)
    since = np.clip(data.years[None, :] - data.first[:, None], -3, 2)
    since[data.never] = -1
    dummies = [two_way.demeaned((since == e).astype(float), data.weights).ravel() for e in (-3, -2, 0, 1, 2)]
    y = two_way.demeaned(data.outcome, data.weights).ravel()
    unit = np.repeat(np.arange(14), len(YEARS))
    fitted = sm.OLS(y, np.column_stack(dummies)).fit(cov_type="cluster", cov_kwds={"groups": unit})
    n, k, periods = y.size, 5, len(YEARS)
    ours = two_way.dynamic(data, 3, 2)
    # statsmodels counts the five columns; we count the year effects and the constant too
    factor = np.sqrt((n - k) / (n - periods - k))
    np.testing.assert_allclose(ours.error[ours.time != -1], fitted.bse * factor, rtol=1e-8)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_decomposition_adds_up_to_the_coefficient(seed):
    data = random_panel(seed)
    parts = two_way.bacon(data)
    assert sum(p.weight for p in parts) == pytest.approx(1)
    assert min(p.weight for p in parts) >= 0
    assert sum(p.weight * p.effect for p in parts) == pytest.approx(two_way.two_way(data).effect, abs=1e-9)


def test_two_groups_and_a_law_are_one_difference_in_differences():
    data = random_panel(1).keep([0, 2])
    (only,) = two_way.bacon(data)
    gap = data.outcome[0] - data.outcome[1]
    assert (only.kind, only.weight) == ("never", 1.0)
    assert only.effect == pytest.approx(gap[YEARS >= 1994].mean() - gap[YEARS < 1994].mean())


def growing(slope):
    """No noise, every effect falls by `slope` a year: the late adopters are compared with early ones still falling."""
    first = np.array([1992.0, 1992.0, 1998.0, 1998.0, NEVER])
    since = np.where(np.isfinite(first)[:, None], YEARS[None, :] - first[:, None] + 1, 0)
    return staggered.panel(-slope * np.maximum(since, 0.0), YEARS, first)


def test_growing_effects_bias_the_regression_and_not_the_group_time_mean():
    data = growing(1.0)
    truth = data.outcome[two_way.treatment(data) == 1].mean()
    found = staggered.group_time(data)
    assert two_way.two_way(data).effect > truth + 1  # far from -6.2, towards zero
    treated = found.year >= found.group
    years_treated = {g: (found.group[treated] == g).sum() for g in (1992, 1998)}
    weights = np.ones(treated.sum()) / sum(years_treated.values())
    assert weights @ found.effect[treated] == pytest.approx(truth)
    later = [p for p in two_way.bacon(data) if p.kind == "later"]
    assert later[0].effect > 0  # the wrong sign


def test_the_wild_bootstrap_has_its_size_and_finds_a_large_effect():
    rejected = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        first = np.array([1997.0] * 8 + [NEVER] * 12)
        y = rng.normal(0, 1, (20, len(YEARS))).cumsum(axis=1)
        rejected += two_way.wild_bootstrap(staggered.panel(y, YEARS, first), 199, seed) <= 0.1
    assert 0.05 <= rejected / 200 <= 0.15
    y[:8, 7:] += 20
    assert two_way.wild_bootstrap(staggered.panel(y, YEARS, first), 499, 1) < 0.02


def test_the_fast_bootstrap_equals_drawing_and_fitting_again():
    data = random_panel(11, weights=np.linspace(1, 2, 14))
    base = two_way.demeaned(data.outcome, data.weights)  # residuals under the null of no effect
    signs = np.random.default_rng(4).choice((-1.0, 1.0), (50, 14))
    first = two_way.two_way(data)
    t = [abs(first.effect / first.error)]
    for v in signs:
        again = two_way.two_way(staggered.panel(v[:, None] * base, YEARS, data.first, data.weights))
        t.append(abs(again.effect / again.error))
    expected = np.mean(np.array(t) >= t[0] * (1 - 1e-9))
    assert two_way.wild_bootstrap(data, 50, 4) == pytest.approx(expected)


def test_it_refuses_what_cannot_be_estimated():
    data = random_panel(2)
    with pytest.raises(
        ValueError, match=r"^treatment does not vary within units and years: there is nothing to estimate\.$"
    ):
        two_way.two_way(data.keep(data.never))
    with pytest.raises(ValueError, match=r"^the decomposition is for equal weights\.$"):
        two_way.bacon(random_panel(2, weights=np.linspace(1, 2, 14)))
