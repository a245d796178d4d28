"""Kappa against statsmodels, rates of a rule against arithmetic and simulation."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from amazon_labor.methods import agreement


def _coded(table: list[list[int]]) -> tuple[list[str], list[str]]:
    pairs = [("ABC"[i], "ABC"[j]) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [a for a, _ in pairs], [b for _, b in pairs]


@pytest.mark.parametrize(
    "table",
    [
        [[88, 14, 18], [10, 40, 10], [2, 6, 12]],
        [[53, 5, 2], [11, 14, 5], [1, 6, 3]],
        [[20, 5, 0], [10, 15, 1], [0, 2, 3]],
    ],
)
def test_kappa_and_its_error_are_those_of_statsmodels(table: list[list[int]]) -> None:
    found = agreement.kappa(*_coded(table), level=95)
    expected = cohens_kappa(np.array(table))
    assert (found.value, found.error) == pytest.approx((expected.kappa, expected.std_kappa), abs=1e-12)
    assert found.low == pytest.approx(expected.kappa_low, abs=1e-6)


def test_full_agreement_is_one_and_a_constant_coder_zero() -> None:
    assert agreement.kappa(["I", "A", "I"], ["I", "A", "I"]).value == pytest.approx(1)
    lazy = agreement.kappa(["A"] * 10, ["A"] * 9 + ["I"])
    assert lazy.agreed == pytest.approx(0.9)
    assert lazy.value == pytest.approx(0)


def test_order_of_coders_does_not_matter_and_one_code_has_no_kappa() -> None:
    first, second = _coded([[20, 5, 0], [10, 15, 1], [0, 2, 3]])
    forth, back = agreement.kappa(first, second), agreement.kappa(second, first)
    assert (forth.value, forth.error) == pytest.approx((back.value, back.error))
    with pytest.raises(
        ValueError, match=r"^kappa: every row has the same code from both; agreement beyond chance is not defined\.$"
    ):
        agreement.kappa(["A", "A"], ["A", "A"])
    with pytest.raises(ValueError, match=r"^kappa: the codings have 2 and 1 rows\.$"):
        agreement.kappa(["A", "A"], ["A"])


@pytest.fixture
def sample() -> pd.DataFrame:
    rows = (
        [("rare", "yes", 1.0)] * 8 + [("rare", "yes", 0.0)] * 2 + [("rare", "no", 1.0)] * 5 + [("rare", "no", 0.0)] * 45
    )
    return pd.DataFrame(rows + [("common", "no", 0.0)] * 40, columns=["stratum", "answer", "truth"])


@pytest.fixture
def sizes() -> "pd.Series[int]":
    index = pd.MultiIndex.from_tuples(
        [("rare", "yes"), ("rare", "no"), ("common", "no"), ("common", "yes")], names=["stratum", "answer"]
    )
    return pd.Series([100, 900, 9_000, 20], index=index)


def test_rates_weigh_cells_by_their_size(sample: pd.DataFrame, sizes: "pd.Series[int]") -> None:
    found = agreement.rule_shares(sample, sizes)
    assert found.precision == pytest.approx(0.8)  # the unchecked cell takes the share of its answer
    assert found.missed == pytest.approx(900 * 0.1 / 9_900)
    assert found.recall == pytest.approx(96 / (96 + 90))


def test_a_cell_without_a_miss_still_lowers_recall_in_the_draws(sample: pd.DataFrame, sizes: "pd.Series[int]") -> None:
    low, high = agreement.rule_shares(sample, sizes, seed=1).interval("recall")
    assert low < 96 / 186 < high
    alone = agreement.rule_shares(sample[sample["stratum"] == "rare"], sizes.drop(("common", "no"))).interval("recall")
    assert low < alone[0]


def test_an_answer_nobody_checked_has_no_share(sample: pd.DataFrame, sizes: "pd.Series[int]") -> None:
    with pytest.raises(ValueError, match=r"^rule_shares: no checked row with the answer 'yes'\.$"):
        agreement.rule_shares(sample[sample["answer"] == "no"], sizes)


def test_undiluting_brings_back_the_true_difference() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random(400_000) < 0.1
    won = rng.random(400_000) < np.where(truth, 0.75, 0.60)
    rule = np.where(rng.random(400_000) < 0.9, truth, rng.random(400_000) < 0.1)
    measured = won[rule].mean() - won[~rule].mean()
    found = agreement.undiluted(measured, truth[rule].mean(), truth[~rule].mean())
    assert measured < 0.14
    assert float(found) == pytest.approx(0.15, abs=0.012)
    with pytest.raises(ValueError, match=r"^undiluted: the rule's yes holds no more true cases than its no\.$"):
        agreement.undiluted(0.1, 0.2, 0.2)
