"""Profits: arithmetic against closed forms and against the figures the company printed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import catalog
from amazon_labor.methods import profits

SEGMENTS = ["North America", "International", "AWS"]


def year(
    net: float, pretax: float, tax: float, equity: float, segments: tuple[float, float, float]
) -> dict[str, float]:
    return {
        "net_income": net,
        "pretax_income": pretax,
        "tax": tax,
        "equity_method": equity,
        **dict(zip(SEGMENTS, segments, strict=True)),
    }


# Amazon.com, Form 10-K for fiscal 2021, consolidated statements of operations and segment note, million USD
Y2019 = year(11588, 13976, 2374, -14, (7033, -1693, 9201))
Y2021 = year(33364, 38151, 4791, 4, (7271, -924, 18532))


def test_rounding_allows_the_growth_the_article_implies():
    low, high = profits.growth_within_rounding(11.6, 33.4, 0.05)
    assert (round(low, 1), round(high, 1)) == (186.3, 189.6)
    assert low < 100 * (33364 / 11588 - 1) < high


@given(st.floats(1, 1e3), st.floats(1, 1e3), st.floats(-0.049, 0.049), st.floats(-0.049, 0.049))
def test_the_rounding_range_holds_every_growth_that_rounds_to_it(start, end, a, b):
    low, high = profits.growth_within_rounding(start, end, 0.05)
    assert low <= 100 * ((end + b) / (start + a) - 1) <= high


def test_the_bridge_meets_the_profit_of_the_report():
    steps = profits.income_bridge(Y2019, Y2021, 11800, SEGMENTS)
    amounts = {name: amount for name, amount, _ in steps}
    assert amounts["start"] + sum(a for _, a, kind in steps if kind == "step") == pytest.approx(
        amounts["end"], abs=1e-9
    )
    assert [kind for _, _, kind in steps] == ["total", *["step"] * (len(steps) - 2), "total"]
    assert amounts["AWS"] == 18532 - 9201
    assert amounts["taxes"] == -(4791 - 2374)
    # interest, other income without the gain and the equity-method result, from the same statements
    assert amounts["other non-operating"] == pytest.approx(
        (448 - 832) + (-1809 + 1600) + (14633 - 203 - 11800) + 18, abs=1
    )


def test_a_year_that_does_not_add_up_is_named():
    with pytest.raises(ValueError, match=r"^end: pre-tax income less tax gives 34155, but net income is 33364\.$"):
        profits.income_bridge(Y2019, Y2021 | {"tax": 4000}, 0, SEGMENTS)


def test_without_the_gain_no_tax_takes_it_all_out_and_full_tax_none():
    np.testing.assert_allclose(profits.without_gain(33.364, 11.8, np.array([0, 0.21, 1])), [21.564, 24.042, 33.364])
    with pytest.raises(ValueError, match=r"^tax_rate is 1\.2; it must lie between 0 and 1\.$"):
        profits.without_gain(1, 1, 1.2)


def test_ranks_of_the_five_equal_an_independent_computation():
    """Against the ranks worked out in a spreadsheet from the same filings: Amazon 1st in percent, 4th in dollars."""
    five = catalog.load("markets/companies_annual").query("group == 'big five' and fiscal_year in (2019, 2021)")
    wide = five.pivot(index="company", columns="fiscal_year", values="net_income_musd")
    levels = pd.DataFrame({("net income", "start"): wide[2019], ("net income", "end"): wide[2021]})
    measures = profits.benefit_measures(levels, {})
    ranks = profits.ranks(measures, list(wide.index)).set_index(measures.kind)
    assert ranks.loc["growth"].to_dict() == {"Amazon": 1, "Alphabet": 2, "Meta": 3, "Apple": 4, "Microsoft": 5}
    assert ranks.loc["change"].to_dict() == {"Alphabet": 1, "Apple": 2, "Microsoft": 3, "Amazon": 4, "Meta": 5}


def test_growth_from_a_loss_is_missing_and_others_are_still_ranked():
    levels = pd.DataFrame(
        {("p", "start"): {"a": -1.0, "b": 2.0, "c": 1.0}, ("p", "end"): {"a": 5.0, "b": 3.0, "c": 3.0}}
    )
    measures = profits.benefit_measures(levels, {})
    ranks = profits.ranks(measures, ["a", "b", "c"]).set_index(measures.kind)
    assert np.isnan(ranks.loc["growth", "a"])
    assert ranks.loc["growth", ["b", "c"]].tolist() == [2, 1]
    assert ranks.loc["change"].tolist() == [1, 3, 2]


def test_a_ratio_is_compared_in_points():
    levels = pd.DataFrame(
        {
            ("n", "start"): {"a": 10.0},
            ("n", "end"): {"a": 30.0},
            ("r", "start"): {"a": 100.0},
            ("r", "end"): {"a": 150.0},
        }
    )
    measures = profits.benefit_measures(levels, {"margin": ("n", "r")}).set_index(["measure", "kind"])
    assert measures.loc[("margin", "points"), "a"] == pytest.approx(10.0)


def test_measures_and_ranks_in_full():
    levels = pd.DataFrame(
        {("n", "start"): {"a": 10.0, "b": 0.0}, ("n", "end"): {"a": 30.0, "b": 5.0},
         ("r", "start"): {"a": 100.0, "b": 10.0}, ("r", "end"): {"a": 150.0, "b": 20.0}}
    )  # fmt: skip
    found = profits.benefit_measures(levels, {"margin": ("n", "r")})
    expected = pd.DataFrame(
        {
            "measure": ["n", "n", "r", "r", "margin"],
            "kind": ["change", "growth", "change", "growth", "points"],
            "a": [20.0, 200.0, 50.0, 50.0, 10.0],
            "b": [5.0, np.nan, 10.0, 100.0, 25.0],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    ranks = pd.DataFrame({"b": [2.0, np.nan, 2.0, 1.0, 1.0], "a": [1.0, 1.0, 1.0, 2.0, 2.0]})
    pd.testing.assert_frame_equal(profits.ranks(found, ["b", "a"]), ranks)
    ties = pd.DataFrame({"a": [3.0], "b": [3.0], "c": [1.0]})
    assert profits.ranks(ties, ["a", "b", "c"]).to_numpy().tolist() == [[1, 1, 3]]


def test_steps_of_the_bridge_in_full():
    start = {"net_income": 10.0, "pretax_income": 14.0, "tax": 5.0, "equity_method": 1.0, "s": 12.0}
    end = {"net_income": 20.0, "pretax_income": 26.0, "tax": 8.0, "equity_method": 3.0, "s": 15.0}
    with pytest.raises(ValueError, match=r"^end: pre-tax income less tax gives 21\.0, but net income is 19\.9\.$"):
        profits.income_bridge(start, end | {"net_income": 19.9}, 4.0, ["s"])
    end["net_income"] = 21.0
    assert profits.income_bridge(start, end, 4.0, ["s"]) == [
        ("start", 10.0, "total"),
        ("s", 3.0, "step"),
        ("gain", 4.0, "step"),
        ("other non-operating", 7.0, "step"),
        ("taxes", -3.0, "step"),
        ("end", 21.0, "total"),
    ]
    off = start | {"net_income": 9.0}
    assert profits.income_bridge(off, end, 4.0, ["s"])[0] == ("start", 9.0, "total")  # just within the tolerance
    with pytest.raises(ValueError, match=r"^start: pre-tax income less tax gives 10\.0, but net income is 9\.0\.$"):
        profits.income_bridge(off, end, 4.0, ["s"], tolerance=0.99)


def test_rounding_and_rates_at_their_ends():
    assert profits.growth_within_rounding(10, 20, 0) == pytest.approx((100, 100))
    assert profits.growth_within_rounding(10, 20, 1) == pytest.approx((100 * (19 / 11 - 1), 100 * (21 / 9 - 1)))
    with pytest.raises(ValueError, match=r"^half_step is -0\.1; it must not be negative\.$"):
        profits.growth_within_rounding(10, 20, -0.1)
    assert profits.without_gain(5.0, 2.0, np.array([0, 1], dtype=object)).dtype == np.float64
    with pytest.raises(ValueError, match=r"^tax_rate is -0\.1; it must lie between 0 and 1\.$"):
        profits.without_gain(1, 1, -0.1)
