"""Convergence: against scipy, the two forms of one test, simulation and closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from amazon_labor.methods import convergence

RNG = np.random.default_rng(11)
START = RNG.normal(40, 15, 30)
END = 8 + 0.55 * START + RNG.normal(0, 5, 30)


def test_beta_and_its_error_equal_a_second_route():
    """Second implementation: level on level by scipy, whose slope is one more, with the HC3 sandwich written out."""
    found = convergence.beta(START, END, 90)
    line = stats.linregress(START, END)
    assert found.slope == pytest.approx(line.slope - 1, abs=1e-12)
    design = np.column_stack([np.ones(30), START])
    bread = np.linalg.inv(design.T @ design)
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    residual = (END - line.intercept - line.slope * START) / (1 - leverage)
    meat = design.T @ (design * (residual**2)[:, None])
    assert found.error == pytest.approx(np.sqrt((bread @ meat @ bread)[1, 1]), rel=1e-9)
    reach = stats.t.ppf(0.95, 28) * found.error
    assert (found.low, found.high) == pytest.approx((found.slope - reach, found.slope + reach))


def test_half_life_of_a_known_rate():
    """Gaps that shrink by 2 percent a year halve in ln 2 / 0.02 = 34.7 years."""
    x = np.linspace(10, 80, 12)
    found = convergence.beta(x, 5 + np.exp(-0.02 * 25) * x + 1e-9 * np.sin(x))
    assert found.half_life(25) == pytest.approx(np.log(2) / 0.02, rel=1e-6)
    assert convergence.beta(x, 1.2 * x + np.sin(x) * 1e-6).half_life(25) is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(5, 40), spread=st.floats(0.3, 3))
def test_pitman_morgan_is_the_likelihood_ratio_of_carree_and_klomp(seed, n, spread):
    """Exact identity: n ln(1 + t^2 / (n - 2)) is the likelihood ratio."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 0.4 * x + spread * rng.normal(size=n)
    t = convergence.sigma(x, y).statistic
    assert n * np.log1p(t * t / (n - 2)) == pytest.approx(convergence.likelihood_ratio(x, y), rel=1e-8)


def test_sign_and_symmetry():
    there, back = convergence.sigma(START, END), convergence.sigma(END, START)
    assert there.statistic < 0 < back.statistic
    assert there.p_value == pytest.approx(back.p_value)
    assert (there.start, there.end) == pytest.approx((START.std(ddof=1), END.std(ddof=1)))


def test_test_keeps_its_level_for_correlated_dates():
    rng = np.random.default_rng(5)
    common = rng.normal(size=(2000, 25))
    x, y = (common + rng.normal(size=(2000, 25)) for _ in range(2))
    refused = np.mean([convergence.sigma(a, b).p_value < 0.1 for a, b in zip(x, y, strict=True)])
    assert refused == pytest.approx(0.1, abs=0.02)


def test_noise_alone_gives_beta_without_sigma():
    """Galton's fallacy: two noisy readings of unchanging levels."""
    rng = np.random.default_rng(6)
    truth = rng.normal(size=40_000)
    x, y = (truth + rng.normal(size=40_000) for _ in range(2))
    assert convergence.beta(x, y).slope == pytest.approx(-0.5, abs=0.02)
    assert convergence.sigma(x, y).end == pytest.approx(convergence.sigma(x, y).start, rel=0.05)


def test_bootstrap_spread_is_near_the_normal_theory():
    """For normal data the standard error of a standard deviation is about sigma / sqrt(2 (n - 1))."""
    data = np.random.default_rng(8).normal(0, 10, (200, 2))
    observed, low, high = convergence.spread_interval(data, draws=3000)
    assert observed == pytest.approx(data.std(axis=0, ddof=1))
    assert (high - low) / 2 == pytest.approx(1.645 * observed / np.sqrt(2 * 199), rel=0.15)


def test_bad_panels_are_refused():
    with pytest.raises(
        ValueError, match=r"^two dates of the same five or more countries are needed, not \(3,\) and \(3,\)\.$"
    ):
        convergence.sigma([1, 2, 3], [1, 2, 3])
    with pytest.raises(
        ValueError, match=r"^a balanced panel of five countries or more is needed, not an array of shape \(6, 2\)\.$"
    ):
        convergence.spread_interval(np.full((6, 2), np.nan))
