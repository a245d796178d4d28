"""Decompositions against Das Gupta's published example, statsmodels and identities that hold exactly."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.oaxaca import OaxacaBlinder

from amazon_labor.methods import decomposition as d

# Das Gupta (1993), Standardization and Decomposition of Rates, example 5.3: US deaths per 1,000, two races, 11 ages.
# Data and results as printed in the vignette "Category Effects" of the R package DasGuptR 2.1.0 (read there).
SIZES_1985 = """3041 11577 27450 32711 35480 27411 19555 19795 15254 8022 2472
707 2692 6473 6841 6547 4352 3034 2540 1749 804 236"""
SIZES_1970 = """2968 11484 34614 30992 21983 20314 20928 16897 11339 5720 1315
535 2162 6120 4781 3096 2718 2363 1767 1149 448 117"""
RATES_1985 = """9.163 0.462 0.248 0.929 1.084 1.810 4.715 12.187 27.728 64.068 157.570
17.208 0.738 0.328 1.103 2.045 3.724 8.052 17.812 34.128 68.276 125.161"""
RATES_1970 = """18.469 0.751 0.391 1.146 1.287 2.672 6.636 15.691 34.723 79.763 176.837
36.993 1.352 0.541 2.040 3.523 6.746 12.967 24.471 45.091 74.902 123.205"""


def numbers(text):
    return np.array(text.split(), dtype=float)


SIZES, RATES = (np.array([numbers(a), numbers(b)]) for a, b in ((SIZES_1970, SIZES_1985), (RATES_1970, RATES_1985)))


@st.composite
def tables(draw, dates=2):
    k = draw(st.integers(1, 6))
    row = st.lists(st.floats(0.01, 100), min_size=k, max_size=k)
    counts = np.array([draw(row) for _ in range(dates)])
    rates = np.array([draw(st.lists(st.floats(0, 100), min_size=k, max_size=k)) for _ in range(dates)])
    return d.shares_of(counts), rates


def test_das_gupta_example_5_3():
    parts = d.kitagawa(d.shares_of(SIZES), RATES)
    composition, rate, interaction = parts.totals
    assert rate == pytest.approx(-2.2277254, abs=5e-7)
    assert composition == pytest.approx(1.5217347 + 0.0197749, abs=5e-7)
    assert interaction == 0
    assert parts.change == pytest.approx(-0.6862158, abs=5e-7)
    assert d.overall(d.shares_of(SIZES), RATES) == pytest.approx([9.421833, 8.735618], abs=5e-7)


def test_three_fold_against_oaxaca_blinder_of_statsmodels():
    """People with one dummy for each group: endowments, coefficients and interaction are the three parts."""
    members = np.array([[[30, 70], [10, 90], [2, 48]], [[12, 48], [9, 111], [6, 114]]])  # dates, groups, (in, out)
    rows = [
        (date, group, value)
        for date, group in itertools.product((0, 1), (0, 1, 2))
        for value, count in ((100.0, members[date, group, 0]), (0.0, members[date, group, 1]))
        for _ in range(count)
    ]
    people = pd.DataFrame(rows, columns=["date", "group", "rate"])
    dummies = pd.get_dummies(people["group"], drop_first=True, dtype=float).add_prefix("g")
    design = dummies.assign(date=people["date"])
    model = OaxacaBlinder(people["rate"], design, "date", hasconst=False)
    endowments, coefficients, interaction, gap = model.three_fold().params
    counts = members.sum(axis=2)
    parts = d.three_fold(d.shares_of(counts), 100 * members[..., 0] / counts, base=0)
    sign = 1 if abs(gap - parts.change) < 1e-6 else -1
    assert sign * gap == pytest.approx(parts.change)
    if sign == -1:  # statsmodels takes the group with the larger mean first: the base is then the last date
        parts = d.three_fold(d.shares_of(counts), 100 * members[..., 0] / counts, base=1)
    assert [sign * endowments, sign * coefficients, sign * interaction] == pytest.approx(np.array(parts.totals))


@given(tables())
def test_parts_add_up_exactly(table):
    w, r = table
    change = np.diff(d.overall(w, r))[0]
    for parts in (d.kitagawa(w, r), d.three_fold(w, r, 0), d.three_fold(w, r, 1)):
        assert sum(parts.totals) == pytest.approx(change, abs=1e-9)


@given(tables())
def test_kitagawa_is_the_mean_of_both_three_folds_and_of_both_standardisations(table):
    w, r = table
    symmetric = d.kitagawa(w, r).totals[:2]
    first, last = d.three_fold(w, r, 0), d.three_fold(w, r, 1)
    for k in (0, 1):
        assert symmetric[k] == pytest.approx((first.totals[k] + last.totals[k]) / 2, abs=1e-9)
    by_standard = [d.standardised(r[1], s) - d.standardised(r[0], s) for s in w]
    assert symmetric[1] == pytest.approx(np.mean(by_standard), abs=1e-9)


@given(tables())
def test_kitagawa_reversed_in_time_changes_its_sign(table):
    w, r = table
    forward, back = d.kitagawa(w, r), d.kitagawa(w[::-1], r[::-1])
    assert back.composition == pytest.approx(-forward.composition, abs=1e-9)
    assert back.rate == pytest.approx(-forward.rate, abs=1e-9)


@given(tables())
def test_kitagawa_is_the_shapley_value_of_two_factors(table):
    w, r = table
    found = d.shapley_product((w[0], r[0]), (w[1], r[1]))
    assert found == pytest.approx(np.array(d.kitagawa(w, r).totals[:2]), abs=1e-9)


@given(tables())
def test_shifting_all_rates_moves_nothing_into_composition(table):
    w, r = table
    shifted = d.kitagawa(w, r + np.array([[0.0], [7.0]]))
    assert shifted.totals[0] == pytest.approx(d.kitagawa(w, r).totals[0], abs=1e-9)
    assert shifted.totals[1] == pytest.approx(d.kitagawa(w, r).totals[1] + 7, abs=1e-9)


@given(tables(dates=5))
def test_chain_adds_up_step_by_step(table):
    w, r = table
    steps = d.chained(w, r)
    assert steps.change == pytest.approx(np.diff(d.overall(w, r)), abs=1e-9)
    alone = d.kitagawa(w[2:4], r[2:4])
    assert steps.composition[2] == pytest.approx(alone.composition)


@given(st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=6, max_size=6))
def test_shapley_against_all_orders(values):
    first, last = values[:3], values[3:]

    def world(order):
        moved, path = [False] * 3, []
        for k in order:
            moved[k] = True
            arrays = [np.array(last[j] if moved[j] else first[j]) for j in range(3)]
            path.append(float(np.prod(arrays, axis=0).sum()))
        start = float(np.prod(np.array(first), axis=0).sum())
        steps = np.diff([start, *path])
        return [steps[order.index(k)] for k in range(3)]

    expected = np.mean([world(order) for order in itertools.permutations(range(3))], axis=0)
    assert d.shapley_product(first, last) == pytest.approx(expected, abs=1e-8)


def test_a_factor_that_does_not_move_has_no_part():
    found = d.shapley_product(([1, 2], [3, 4], [5, 6]), ([2, 2], [3, 4], [1, 1]))
    assert found[1] == 0


def test_indirect_standardisation_finds_a_common_factor_and_direct_its_own_standard():
    """All rates 30 percent above the standard: the ratio is 1.3 whatever the mix."""
    standard = np.array([2.0, 10.0, 30.0])
    ratio, expected = d.indirectly_standardised([0.5, 0.25, 0.25], 1.3 * standard, standard)
    assert ratio == pytest.approx(1.3)
    assert expected == pytest.approx(1 + 2.5 + 7.5)
    assert d.standardised(standard, [1, 0, 0]) == 2


def test_simulated_samples_pass_through_on_the_leading_axis():
    w, r = d.shares_of(SIZES), RATES
    stacked = d.kitagawa(np.stack([w, w[::-1]]), np.stack([r, r[::-1]]))
    assert stacked.composition.shape == (2, 22)
    assert stacked.totals[0][0] == pytest.approx(-stacked.totals[0][1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: d.kitagawa([[0.5, 0.4], [0.5, 0.5]], [[1, 2], [3, 4]]),
            r"^shares must be finite and add up to 1 at each date; make them with shares_of\(counts\)\.$",
        ),
        (
            lambda: d.kitagawa([[0.5, 0.5]], [[1, 2]]),
            r"^two dates are needed on the last axis but one; the shape is \(1, 2\)\.$",
        ),
        (
            lambda: d.kitagawa([[0.5, 0.5]] * 2, [[1, 2, 3]] * 2),
            r"^shares have shape \(2, 2\) and rates \(2, 3\); they must agree\.$",
        ),
        (
            lambda: d.kitagawa([[0.5, 0.5]] * 2, [[1, np.nan]] * 2),
            r"^rates must be finite; give an empty group its neighbour's rate or join it to another\.$",
        ),
        (
            lambda: d.three_fold([[1.0]] * 2, [[1.0]] * 2, base=2),
            r"^base is 2; it is 0 for the first date or 1 for the last\.$",
        ),
        (lambda: d.shapley(len, 0), r"^factors is 0; it lies between 1 and 10\.$"),
        (lambda: d.shapley_product([1], [1, 2]), r"^1 factors at the first date and 2 at the last\.$"),
        (lambda: d.shares_of([0, 0]), r"^counts must be finite, not negative and not all zero\.$"),
        (
            lambda: d.indirectly_standardised([1.0], [2.0], [0.0]),
            r"^the standard's rates give an expected rate of zero; a ratio does not exist\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_standardised_rates_of_many_samples_at_once():
    rates = np.array([[10.0, 20.0], [12.0, 30.0]])
    np.testing.assert_allclose(d.standardised(rates, [0.25, 0.75]), [17.5, 25.5])
    ratio, expected = d.indirectly_standardised([[0.25, 0.75], [0.5, 0.5]], rates, [10, 20])
    np.testing.assert_allclose(expected, [17.5, 15])
    np.testing.assert_allclose(ratio, [1, 21 / 15])
    np.testing.assert_allclose(d.overall([[0.25, 0.75], [0.5, 0.5]], rates), [17.5, 21])
    with pytest.raises(
        ValueError, match=r"^the standard's rates give an expected rate of zero; a ratio does not exist\.$"
    ):
        d.indirectly_standardised([[0.0, 1.0], [1.0, 0.0]], rates, [0, 20])
