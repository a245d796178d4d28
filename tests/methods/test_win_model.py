"""The model of winning: its design and effects against statsmodels, its diagnostics against their definitions by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import special

from amazon_labor.methods import win_model


@pytest.fixture(scope="module")
def elections() -> pd.DataFrame:
    rng = np.random.default_rng(19)
    n = 4_000
    frame = pd.DataFrame(
        {
            "independent": (rng.random(n) < 0.1).astype(int),
            "size": np.exp(rng.normal(3.2, 1.2, n)).round().clip(1),
            "year": rng.integers(2001, 2006, n),
            "state": rng.choice(["NY", "CA", "TX", "OH", "WY"], n, p=[0.4, 0.3, 0.2, 0.095, 0.005]),
        }
    )
    log_size = np.log(frame["size"]) - np.log(25)
    index = 0.3 + 0.6 * frame["independent"] - 0.25 * log_size + 0.1 * (frame["year"] - 2003)
    return frame.assign(won=(rng.random(n) < special.expit(index)).astype(int))


def test_coefficients_and_effect_are_those_of_a_formula_in_statsmodels(elections: pd.DataFrame) -> None:
    found = win_model.fit(elections, rarest=1)
    formula = "won ~ independent + np.log(size) + I(np.log(size) ** 2) + C(year) + C(state)"
    expected = smf.logit(formula, elections).fit(disp=0)
    assert found.result.beta[1] == pytest.approx(expected.params["independent"], abs=1e-6)
    assert found.result.log_likelihood == pytest.approx(expected.llf, abs=1e-6)
    switched = [expected.predict(elections.assign(independent=k)).mean() for k in (0, 1)]
    assert found.effect("independent").value == pytest.approx(switched[1] - switched[0], abs=1e-8)


def test_rare_levels_join_the_rest_and_unknown_ones_are_read_as_rest_or_base(elections: pd.DataFrame) -> None:
    found = win_model.fit(elections, rarest=10)
    assert set(found.levels["state"]) >= {"NY", "CA", "TX", "OH"}
    assert found.levels["state"][0] == "NY"
    pooled = elections.assign(state=np.where(elections.index < 60, "XX", elections["state"]))
    pooled.loc[pooled.index < 30, "state"] = "YY"
    model = win_model.fit(pooled, rarest=40)
    assert "XX" not in model.levels["state"]
    assert win_model.REST in model.levels["state"]
    known, new = (model.chance(elections.head(1).assign(state=s))[0] for s in ("XX", "anywhere"))
    assert known == pytest.approx(new)


def test_the_true_effect_lies_in_its_interval(elections: pd.DataFrame) -> None:
    log_size = np.log(elections["size"]) - np.log(25)
    index = 0.3 - 0.25 * log_size + 0.1 * (elections["year"] - 2003)
    truth = float((special.expit(index + 0.6) - special.expit(index)).mean())
    found = win_model.fit(elections, clusters=[np.arange(len(elections))]).effect("independent", 99)
    assert found.low < truth < found.high
    assert found.error < 0.03


def test_a_prediction_is_the_chance_of_its_row(elections: pd.DataFrame) -> None:
    model, row = win_model.fit(elections), elections.head(1)
    assert model.prediction(row).value == pytest.approx(float(model.chance(row)[0]))
    assert model.prediction(row, 99).high > model.prediction(row, 90).high
    assert len(model.columns) == model.design.shape[1] == len(model.result.beta)


def test_what_cannot_be_fitted_is_refused(elections: pd.DataFrame) -> None:
    with pytest.raises(
        ValueError, match=r"^fit: a unit without eligible voters has no logarithm of its size; leave it out\.$"
    ):
        win_model.fit(elections.assign(size=0.0))
    with pytest.raises(
        ValueError, match=r"^fit: 'independent' is the same in all 4000 elections; its effect does not exist\.$"
    ):
        win_model.fit(elections.assign(independent=1))


def test_calibration_brier_and_area_by_hand() -> None:
    chance, won = np.array([0.1, 0.2, 0.3, 0.6, 0.8, 0.9]), np.array([0, 0, 1, 0, 1, 1])
    table = win_model.calibration(chance, won, groups=2)
    assert table["predicted"].tolist() == pytest.approx([0.2, 2.3 / 3])
    assert table["wins"].tolist() == [1, 2]
    assert win_model.brier(chance, won) == pytest.approx(np.mean((chance - won) ** 2))
    pairs = [(a > b) + 0.5 * (a == b) for a in chance[won == 1] for b in chance[won == 0]]
    assert win_model.area(chance, won) == pytest.approx(np.mean(pairs))
    assert win_model.area(np.full(6, 0.5), won) == pytest.approx(0.5)


def test_calibration_in_full() -> None:
    chance, won = np.array([0.9, 0.2, 0.4, 0.1, 0.3], dtype=object), np.array([1, 0, 1, 0, 1], dtype=object)
    found = win_model.calibration(chance, won, groups=2)
    expected = pd.DataFrame(
        {"predicted": [0.2, 0.65], "observed": [1 / 3, 1.0], "wins": [1.0, 2.0], "elections": [3, 2]}
    )
    pd.testing.assert_frame_equal(found, expected)
    assert len(win_model.calibration(np.linspace(0, 1, 40), np.arange(40) % 2)) == 10
    assert win_model.brier(chance, won) == pytest.approx((0.01 + 0.04 + 0.36 + 0.01 + 0.49) / 5)
    assert win_model.area(chance, won) == pytest.approx(1)
    assert win_model.area([0.1, 0.5, 0.5, 0.9], np.array([0, 1, 0, 1], dtype=object)) == pytest.approx(3.5 / 4)


def test_design_in_full() -> None:
    elections = pd.DataFrame({"size": [10.0, 20.0, 40.0], "own": [1, 0, 1], "state": ["A", "B", "Z"]})
    log_size = np.log([10, 20, 40]) - win_model.CENTRE
    for rest, last in ((("A", "B", win_model.REST), [0, 0, 1]), (("A", "B"), None)):
        found = win_model.design(elections, ("own",), 2, {"state": rest}).toarray()
        columns = [np.ones(3), [1, 0, 1], log_size, log_size**2, [0, 1, 0]]
        np.testing.assert_allclose(found, np.column_stack(columns if last is None else [*columns, last]))
