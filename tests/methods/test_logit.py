"""The logit against statsmodels: coefficients, one-way clustered errors, marginal effects; two-way errors by their definition."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special

from amazon_labor.methods import logit


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    n = 3_000
    state, union = rng.integers(0, 25, n), rng.integers(0, 40, n)
    x = np.column_stack([np.ones(n), rng.random(n) < 0.2, rng.normal(size=n)]).astype(float)
    shock = rng.normal(0, 0.4, 25)[state] + rng.normal(0, 0.3, 40)[union]
    won = (rng.random(n) < special.expit(x @ [0.4, 0.6, -0.3] + shock)).astype(float)
    return {"x": x, "won": won, "state": state, "union": union}


def _reference(data: dict[str, np.ndarray], groups: str):  # type: ignore[no-untyped-def]
    options = {"groups": data[groups], "df_correction": False}
    return sm.Logit(data["won"], data["x"]).fit(disp=0, cov_type="cluster", cov_kwds=options)


def test_coefficients_likelihood_and_plain_errors_are_those_of_statsmodels(data: dict[str, np.ndarray]) -> None:
    found = logit.fit(data["x"], data["won"])
    expected = sm.Logit(data["won"], data["x"]).fit(disp=0)
    assert found.beta == pytest.approx(expected.params, abs=1e-7)
    assert found.log_likelihood == pytest.approx(expected.llf)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(expected.bse, rel=1e-6)


def test_clustered_errors_are_those_of_statsmodels_with_g_over_g_less_one(data: dict[str, np.ndarray]) -> None:
    found = logit.fit(data["x"], data["won"], [data["state"]])
    n, k = data["x"].shape
    expected = _reference(data, "state").bse / np.sqrt((n - 1) / (n - k))  # its further factor, near 1
    assert found.clusters == 25
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(expected, rel=1e-6)


def test_two_way_errors_add_both_and_take_off_their_intersection(data: dict[str, np.ndarray]) -> None:
    both = data["state"] * 100 + data["union"]
    one = [logit.fit(data["x"], data["won"], [g]).covariance for g in (data["state"], data["union"], both)]
    found = logit.fit(data["x"], data["won"], [data["state"], data["union"]])
    assert found.covariance == pytest.approx(one[0] + one[1] - one[2], abs=1e-10)
    assert found.clusters == 25


def test_marginal_effect_of_a_dummy_and_its_error_are_those_of_statsmodels(data: dict[str, np.ndarray]) -> None:
    reference = sm.Logit(data["won"], data["x"]).fit(disp=0)
    margins = reference.get_margeff(at="overall", method="dydx", dummy=True)
    found = logit.fit(data["x"], data["won"]).switch(data["x"], 1)
    assert (found.value, found.error) == pytest.approx((margins.margeff[0], margins.margeff_se[0]), rel=1e-5)


def test_prediction_stays_between_zero_and_one_and_brackets_the_chance(data: dict[str, np.ndarray]) -> None:
    found = logit.fit(data["x"], data["won"], [data["state"]]).prediction([1.0, 1.0, -40.0], 99)
    assert 0 < found.low < found.value < found.high < 1


def test_a_better_start_leads_to_the_same_place(data: dict[str, np.ndarray]) -> None:
    cold = logit.fit(data["x"], data["won"])
    assert logit.fit(data["x"], data["won"], start=cold.beta + 0.1).beta == pytest.approx(cold.beta, abs=1e-9)


def test_perfect_prediction_and_wrong_input_are_refused(data: dict[str, np.ndarray]) -> None:
    with pytest.raises((RuntimeError, np.linalg.LinAlgError)):
        logit.fit(np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]]), [0, 0, 0, 1, 1, 1], steps=30)
    with pytest.raises(ValueError, match=r"^fit: y must hold 0 and 1, and both of them\.$"):
        logit.fit(data["x"], np.ones(3_000))
    with pytest.raises(ValueError, match=r"^fit: 3 ways of clustering; two at most\.$"):
        logit.fit(data["x"], data["won"], [data["state"]] * 3)
    with pytest.raises(
        ValueError, match=r"^fit: X has shape \(3000, 3\) and y \(2999,\); clusters need one entry for each row\.$"
    ):
        logit.fit(data["x"], data["won"][:-1])
