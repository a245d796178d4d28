"""Errors of decompositions: delta method against simulated persons and the two-sample formula of `sampling`."""

import numpy as np
import pytest

from amazon_labor.methods import decomposition as d
from amazon_labor.methods import decomposition_errors as e
from amazon_labor.methods import sampling

SHARES = np.array([[0.22, 0.18, 0.60], [0.11, 0.15, 0.74]])
RATES = np.array([[28.0, 37.0, 12.0], [8.0, 33.0, 7.0]])
SIZES = 4000 * SHARES


def people(rng, draws):
    """Persons one by one, without the shortcut of the module: a group first, then membership in it."""
    parts = np.empty((draws, 2))
    for k in range(draws):
        w, r = np.empty((2, 3)), np.empty((2, 3))
        for date in (0, 1):
            group = rng.choice(3, size=4000, p=SHARES[date])
            member = rng.random(4000) < RATES[date][group] / 100
            for g in range(3):
                w[date, g], r[date, g] = (group == g).mean(), 100 * member[group == g].mean()
        parts[k] = d.kitagawa(w, r).totals[:2]
    return np.cov(parts.T)


def test_delta_method_against_simulated_persons():
    covariance = people(np.random.default_rng(7), 1500)
    found = e.kitagawa_errors(SHARES, RATES, SIZES)
    assert found.composition == pytest.approx(covariance[0, 0] ** 0.5, rel=0.06)
    assert found.rate == pytest.approx(covariance[1, 1] ** 0.5, rel=0.06)
    assert found.change == pytest.approx(covariance.sum() ** 0.5, rel=0.06)


@pytest.mark.parametrize("design_effect", [1.0, 2.5])
def test_delta_method_against_the_simulation_of_the_module(design_effect):
    exact = e.kitagawa_errors(SHARES, RATES, SIZES, design_effect)
    drawn = e.kitagawa_simulated(SHARES, RATES, SIZES, design_effect=design_effect, draws=20_000)
    for part in ("composition", "rate", "change"):
        assert getattr(drawn, part) == pytest.approx(getattr(exact, part), rel=0.03)
    assert drawn.covariance == pytest.approx(exact.covariance, abs=0.04 * exact.change**2)


def test_change_has_the_error_of_two_shares():
    """Whatever the groups, the whole change is a difference of two proportions."""
    totals = d.overall(SHARES, RATES)
    simple = sampling.difference_error((totals[0], 4000), (totals[1], 4000))
    assert e.kitagawa_errors(SHARES, RATES, SIZES).change == pytest.approx(simple, rel=1e-9)


def test_one_group_is_a_difference_with_overlap():
    found = e.kitagawa_errors([[1.0], [1.0]], [[20.0], [10.0]], [[500], [800]], 2.0, 0.4)
    assert found.composition == 0
    assert found.rate == pytest.approx(sampling.difference_error((20, 500), (10, 800), 2.0, 0.4))


def test_error_of_the_share_by_simulation():
    w, r = e.draws_of(SHARES, RATES, SIZES, draws=20_000)
    parts = d.kitagawa(w, r)
    shares = 100 * parts.totals[0] / parts.change
    exact = d.kitagawa(SHARES, RATES)
    found = e.kitagawa_errors(SHARES, RATES, SIZES).of_share(float(exact.totals[0]), float(exact.change))
    assert found == pytest.approx(shares.std(), rel=0.03)


def test_group_less_all_by_simulation_and_from_the_gap_to_the_others():
    w, r = e.draws_of(SHARES[:1], RATES[:1], SIZES[:1], draws=20_000)
    drawn = r[:, 0, 0] - (w * r).sum(axis=-1)[:, 0]
    value, error = e.difference_from_all(SHARES[0], RATES[0], SIZES[0], 0)
    assert value == pytest.approx(28 - d.overall(SHARES[0], RATES[0]))
    assert error == pytest.approx(drawn.std(), rel=0.03)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: e.kitagawa_errors(SHARES, RATES, SIZES * 0),
            r"^sizes must be positive: a group nobody was asked in has no sampling error\.$",
        ),
        (lambda: e.kitagawa_errors(SHARES, RATES, SIZES, 0), r"^design_effect is 0; it must be positive\.$"),
        (
            lambda: e.kitagawa_errors(SHARES, RATES, SIZES, overlap=2),
            r"^overlap is 2; a correlation lies between -1 and 1\.$",
        ),
        (lambda: e.draws_of(SHARES, RATES, SIZES, draws=1), r"^draws is 1; at least 2 are needed\.$"),
        (
            lambda: e.kitagawa_errors(SHARES, RATES, SIZES).of_share(1.0, 0.0),
            r"^the overall rate did not change; no share of its change exists\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
