"""Panel estimators and tests against published output, `statsmodels`, closed forms and simulation.

Published: Stata's output for this panel (regress, xtreg, xttest0, hausman), read in the repository HenrySchall/Panel-Data
on GitHub, and the overall F statistics of R's plm, read at pastebin.com/ZvmnsG3i. Wooldridge's Table 14.2 itself, which these
reproduce, was not read.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from amazon_labor import catalog
from amazon_labor.methods import panel

YEARS = [f"year {y}" for y in range(1981, 1988)]
PERSONAL = ["schooling_years", "black", "hispanic"]
VARYING = ["experience_years", "experience_squared", "married", "union"]


@pytest.fixture(scope="module")
def data():
    table = catalog.load("unions/wage_panel").set_index(["person", "year"]).astype(float)
    years = table.index.get_level_values("year")
    dummies = pd.DataFrame({f"year {y}": (years == y).astype(float) for y in range(1981, 1988)}, index=table.index)
    return table["log_hourly_wage"], dummies.join(table[[*PERSONAL, *VARYING]])


def union(data, kind, columns=None, **options):
    y, x = data
    found = panel.estimate(kind, y, x if columns is None else x[columns], **options)
    return found.params["union"], found.std_errors["union"]


def test_clustered_estimates_against_stata(data):
    assert union(data, "pooled") == pytest.approx((0.1824613, 0.0274435), abs=5e-8)
    assert union(data, "random effects") == pytest.approx((0.1061344, 0.020844), abs=5e-8)
    value, error = union(data, "fixed effects")
    assert value == pytest.approx(0.0800019, abs=5e-8)
    # Stata scales by n / (n - k) where linearmodels takes (n - 1) / (n - k)
    assert error * np.sqrt(4360 / 4359) == pytest.approx(0.0227431, abs=5e-8)


def test_other_coefficients_against_stata(data):
    found = panel.estimate("random effects", *data)
    expected = {"black": -0.1393767, "hispanic": 0.0217317, "experience_years": 0.1057545, "married": 0.063986}
    assert {k: found.params[k] for k in expected} == pytest.approx(expected, abs=5e-8)
    assert found.theta.iloc[0, 0] == pytest.approx(0.64291089, abs=2e-8)
    fixed = panel.estimate("fixed effects", *data)
    assert fixed.params["married"] == pytest.approx(0.0466804, abs=5e-8)
    # experience is a line in time for each man; beside the years it is left out, and its square keeps its coefficient
    assert fixed.params["experience_squared"] == pytest.approx(-0.0051855, abs=5e-8)


def test_overall_f_against_plm(data):
    for kind, f in (("pooled", 72.458), ("random effects", 68.4124), ("fixed effects", 83.8515)):
        found = panel.estimate(kind, *data, clustered=False)
        assert found.f_statistic.stat == pytest.approx(f, abs=10 ** -(len(str(f).split(".")[1])) / 1.2)


def test_between_and_differences_by_statsmodels(data):
    y, x = data
    columns = [*PERSONAL, "experience_years", "married", "union"]
    means = x[columns].groupby(level=0).mean()
    ols = sm.OLS(y.groupby(level=0).mean(), sm.add_constant(means)).fit()
    assert union(data, "between", columns, clustered=False) == pytest.approx((ols.params["union"], ols.bse["union"]))
    robust = sm.OLS(y.groupby(level=0).mean(), sm.add_constant(means)).fit(cov_type="HC0")
    assert union(data, "between", columns)[1] == pytest.approx(robust.bse["union"], rel=0.01)
    dy, dx = (v.groupby(level=0).diff().dropna() for v in (y, x))
    kept = [*YEARS, "experience_squared", "married", "union"]
    people = dy.index.get_level_values(0)
    fitted = sm.OLS(dy, dx[kept]).fit(cov_type="cluster", cov_kwds={"groups": people})
    value, error = union(data, "first differences")
    assert value == pytest.approx(fitted.params["union"])
    assert error == pytest.approx(fitted.bse["union"], rel=1e-3)


def test_fixed_effects_are_dummy_variables(data):
    """Least squares with a dummy for each man, on the first eighty of them."""
    y, x = (v.loc[y_first(v, 80)] for v in data)
    found = panel.estimate("fixed effects", y, x, clustered=False)
    dummies = pd.get_dummies(y.index.get_level_values(0)).to_numpy(dtype=float)
    names = list(found.params.index)
    ols = sm.OLS(y.to_numpy(), np.column_stack([x[names], dummies])).fit()
    assert list(found.params) == pytest.approx(list(ols.params[: len(names)]))
    assert list(found.std_errors) == pytest.approx(list(ols.bse[: len(names)]))


def y_first(values, count):
    return values.index.get_level_values(0).unique()[:count]


def test_hausman_against_stata(data):
    y, x = data
    four = x[["experience_years", "experience_squared", "union", "married"]]
    fixed, random = (panel.estimate(k, y, four, clustered=False) for k in ("fixed effects", "random effects"))
    assert fixed.params["union"] == pytest.approx(0.0820871, abs=5e-8)
    assert fixed.std_errors["union"] == pytest.approx(0.0192907, abs=5e-8)
    assert random.params["union"] == pytest.approx(0.1000728, abs=5e-8)
    assert fixed.f_pooled.stat == pytest.approx(9.71, abs=0.005)
    test = panel.hausman(fixed, random)
    assert test.statistic == pytest.approx(250.26, abs=0.005)
    assert (test.freedom, test.p_value < 1e-10) == (4, True)
    one = panel.hausman(fixed, random, ["union"])
    assert one.statistic == pytest.approx((0.0820871 - 0.1000728) ** 2 / 0.0067273**2, rel=1e-4)
    with pytest.raises(
        ValueError, match=r"^the covariances do not differ by a positive definite matrix; use the test of `mundlak`\.$"
    ):
        panel.hausman(random, fixed)


def test_breusch_pagan_against_stata(data):
    y, x = data
    four = sm.add_constant(x[["experience_years", "experience_squared", "union", "married"]])
    test = panel.breusch_pagan(sm.OLS(y, four).fit().resid)
    assert test.statistic == pytest.approx(3807.33, abs=0.005)
    assert test.p_value < 1e-10


def test_mundlak_gives_fixed_effects_and_tests_the_means(data):
    y, x = data
    found, test = panel.mundlak(y, x)
    fixed = panel.estimate("fixed effects", y, x)
    for name in ("union", "married", "experience_squared"):
        assert found.params[name] == pytest.approx(fixed.params[name], abs=1e-9)
    means = [c for c in found.params.index if c.startswith("mean of")]
    assert test.freedom == len(means)
    wald = found.params[means] @ np.linalg.inv(found.cov.loc[means, means]) @ found.params[means]
    assert test.p_value == pytest.approx(stats.chi2.sf(wald, len(means)))


def test_hausman_size_by_simulation():
    """Where effects are unrelated to the regressor the test rejects about as often as it says."""
    rng = np.random.default_rng(8)
    index = pd.MultiIndex.from_product([range(150), range(4)])
    rejected = 0
    for _ in range(120):
        x = pd.DataFrame({"x": rng.normal(size=600)}, index=index)
        effect = np.repeat(rng.normal(size=150), 4)
        y = pd.Series(0.5 * x["x"].to_numpy() + effect + rng.normal(size=600), index=index)
        rejected += panel.mundlak(y, x)[1].p_value < 0.1
    assert rejected / 120 == pytest.approx(0.1, abs=0.07)


@pytest.mark.parametrize(("kind", "noise"), [("pooled", 1.0), ("fixed effects", 1 - 1 / 6), ("first differences", 2.0)])
def test_reliability_by_simulation(kind, noise):
    rng = np.random.default_rng(5)
    people, years, q = 30_000, 6, 0.04
    stay = rng.random((people, years)) < 0.8
    truth = np.empty((people, years))
    truth[:, 0] = rng.random(people) < 0.25
    for t in range(1, years):
        truth[:, t] = np.where(stay[:, t], truth[:, t - 1], rng.random(people) < 0.25)
    seen = np.where(rng.random(truth.shape) < q, 1 - truth, truth)
    index = pd.MultiIndex.from_product([range(people), range(years)])
    x = pd.DataFrame({"x": seen.ravel()}, index=index)
    moved = panel.transformed(kind, x)
    outcome = panel.transformed(kind, pd.DataFrame({"x": truth.ravel()}, index=index))["x"]
    slope = float(moved["x"] @ outcome / (moved["x"] @ moved["x"]))
    assert slope == pytest.approx(panel.reliability(panel.partial_variance(moved, "x"), q, noise), abs=0.01)


def test_partial_variance_by_regression(data):
    _, x = data
    moved = panel.transformed("pooled", x)
    fitted = sm.OLS(moved["union"], moved.drop(columns="union")).fit()
    assert panel.partial_variance(moved, "union") == pytest.approx(fitted.ssr / len(moved))


def test_dependent_columns_are_left_out():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 50))
    x = pd.DataFrame({"a": a, "flat": 0.0, "b": b, "sum": 1e6 * (a + b), "c": a * b})
    assert panel.independent(x, x.columns) == ["a", "b", "c"]


def test_premium_in_percent():
    assert float(panel.premium(np.log(1.45))) == pytest.approx(45)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda data: panel.estimate("within", *data),
            r"^kind is 'within'; allowed are pooled, between, random effects, fixed effects, first differences\.$",
        ),
        (
            lambda data: panel.estimate("pooled", data[0].iloc[1:], data[1]),
            r"^y and x must have the same index of person and year\.$",
        ),
        (lambda data: panel.estimate("pooled", data[0], data[1] * np.nan), r"^y or x holds a missing value\.$"),
        (
            lambda _: panel.reliability(0.01, 0.05),
            r"^answers wrong at rate 0\.05 vary more than the 0\.0100 observed\.$",
        ),
        (
            lambda _: panel.reliability(0.2, 0.6),
            r"^variance 0\.2, error_rate 0\.6, noise 1\.0: positive, below 0\.5, positive\.$",
        ),
        (
            lambda data: panel.breusch_pagan(data[0].iloc[1:]),
            r"^the panel is not balanced; this form of the test needs as many years for each person\.$",
        ),
    ],
)
def test_bad_input_is_named(data, call, words):
    with pytest.raises(ValueError, match=words):
        call(data)
