"""Oaxaca-Blinder against Stata's output as kept in the tests of statsmodels, statsmodels itself, Jann's formula, bootstrap."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.datasets.ccard.data import load_pandas
from statsmodels.stats.oaxaca import OaxacaBlinder

from amazon_labor.methods import oaxaca


@pytest.fixture(scope="module")
def cards():
    data = load_pandas()
    return data.endog.to_numpy(), data.exog.drop(columns="OWNRENT"), data.exog["OWNRENT"].to_numpy() == 1


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(6)
    n = 1500
    member = rng.random(n) < 0.3
    x = pd.DataFrame({"school": rng.normal(12 + member, 2), "age": rng.normal(40, 9, n)})
    y = 1 + 0.08 * x["school"] + 0.01 * x["age"] + member * (0.3 - 0.01 * x["school"]) + rng.normal(0, 0.4, n)
    return y.to_numpy(), x, member


def test_against_stata(cards):
    """The oaxaca command on the credit card data: test_oaxaca.py of statsmodels keeps its output."""
    found = oaxaca.decompose(*cards, reference="pooled").parts
    assert found["gap"] == pytest.approx(158.7504, abs=5e-4)
    assert found["explained"] == pytest.approx(130.8095, abs=5e-4)
    assert found["unexplained"] == pytest.approx(27.94091, abs=5e-4)
    # threefold: endowments at the coefficients of the others, coefficients, interaction
    others = oaxaca.decompose(*cards, reference="nonmembers").parts
    members = oaxaca.decompose(*cards, reference="members").parts
    assert others["explained"] == pytest.approx(321.7482, abs=5e-4)
    assert members["unexplained"] == pytest.approx(75.45371, abs=5e-4)
    assert members["explained"] - others["explained"] == pytest.approx(-238.4515, abs=5e-4)


@pytest.mark.parametrize("reference", oaxaca.REFERENCES)
def test_parts_add_up(sample, reference):
    found = oaxaca.decompose(*sample, reference=reference).parts
    y, x, member = sample
    assert found["gap"] == pytest.approx(y[member].mean() - y[~member].mean())
    assert found["explained"] + found["unexplained"] == pytest.approx(found["gap"])
    assert found[list(x.columns)].sum() == pytest.approx(found["explained"])


def test_against_statsmodels(sample):
    y, x, member = sample
    frame = x.assign(member=member.astype(float))
    model = OaxacaBlinder(y, sm.add_constant(frame).to_numpy(), 3, hasconst=True, swap=False)
    unexplained, explained, gap = model.two_fold().params
    found = oaxaca.decompose(*sample).parts
    assert abs(gap) == pytest.approx(found["gap"])
    assert abs(explained) == pytest.approx(abs(found["explained"]))
    assert abs(unexplained) == pytest.approx(found["unexplained"])


def test_pooled_remainder_is_the_coefficient_of_membership(sample):
    y, x, member = sample
    ols = sm.OLS(y, sm.add_constant(x.assign(member=member.astype(float)))).fit(cov_type="HC0")
    found = oaxaca.decompose(*sample, reference="pooled")
    assert found.parts["unexplained"] == pytest.approx(ols.params["member"])
    assert found.errors["unexplained"] == pytest.approx(ols.bse["member"], rel=0.02)


def test_error_of_the_explained_part_by_jann(sample):
    """Jann (2008, equation 13): variance of means at fixed coefficients plus that of coefficients at fixed means."""
    y, x, member = sample
    ols = sm.OLS(y[~member], sm.add_constant(x[~member])).fit(cov_type="HC0")
    b, v = ols.params.iloc[1:].to_numpy(), ols.cov_params().iloc[1:, 1:].to_numpy()
    gap = (x[member].mean() - x[~member].mean()).to_numpy()
    means = x[member].cov().to_numpy() / member.sum() + x[~member].cov().to_numpy() / (~member).sum()
    found = oaxaca.decompose(*sample, reference="nonmembers")
    assert found.errors["explained"] == pytest.approx(np.sqrt(b @ means @ b + gap @ v @ gap), rel=0.02)


@pytest.mark.parametrize("reference", ["pooled", "members"])
def test_errors_by_bootstrap(sample, reference):
    y, x, member = sample
    rng = np.random.default_rng(2)
    draws = []
    for _ in range(300):
        rows = rng.integers(0, len(y), len(y))
        again = oaxaca.decompose(y[rows], x.iloc[rows].reset_index(drop=True), member[rows], reference=reference)
        draws.append(again.parts)
    found = oaxaca.decompose(*sample, reference=reference)
    spread = pd.DataFrame(draws).std()
    assert dict(found.errors) == pytest.approx(dict(spread), rel=0.15)


def test_repeating_everybody_does_not_make_clustered_errors_smaller(sample):
    y, x, member = sample
    once = oaxaca.decompose(*sample)
    twice = oaxaca.decompose(np.tile(y, 2), pd.concat([x, x]), np.tile(member, 2), groups=np.tile(np.arange(len(y)), 2))
    assert dict(twice.errors) == pytest.approx(dict(once.errors))


def test_characteristics_in_sets(sample):
    y, x, member = sample
    found = oaxaca.decompose(y, x, member, sets={"both": ["age", "school"]})
    assert found.parts["both"] == pytest.approx(found.parts["explained"])
    assert found.errors["both"] == pytest.approx(found.errors["explained"])
    low, high = found.interval("both", 90)
    assert (high - low) / 2 == pytest.approx(1.644854 * found.errors["both"])
    with pytest.raises(ValueError, match=r"^sets must name every column of x exactly once\.$"):
        oaxaca.decompose(y, x, member, sets={"age": ["age"]})


def test_bad_input_is_named(sample):
    y, x, member = sample
    with pytest.raises(ValueError, match=r"^reference is 'union'; allowed are pooled, members, nonmembers\.$"):
        oaxaca.decompose(y, x, member, reference="union")
    with pytest.raises(
        ValueError, match=r"^y, x and member must be as long as one another, with members and others among them\.$"
    ):
        oaxaca.decompose(y, x, np.zeros(len(y), dtype=bool))


def test_dependent_characteristics_are_named(sample):
    y, x, member = sample
    with pytest.raises(ValueError, match=r"^the regression of the reference 'pooled' has dependent columns\.$"):
        oaxaca.decompose(y, x.assign(double=2 * x["age"]), member)
