"""Limit distributions against published tables, a second numerical method, and simulation."""

import itertools

import numpy as np
import pytest
from scipy import integrate, linalg, stats
from scipy.special import ndtr

from amazon_labor.methods import break_distributions as dist

# Andrews (2003), Econometrica 71, table I, trimming 0.15; also Stock and Watson, "Critical values of the QLR statistic",
# times the number of coefficients. Simulated on a grid of 3,600 steps.
ANDREWS = {
    1: {0.10: 7.12, 0.05: 8.68, 0.01: 12.16},
    2: {0.10: 10.00, 0.05: 11.72, 0.01: 15.56},
    3: {0.10: 12.28, 0.05: 14.13, 0.01: 18.07},
    4: {0.10: 14.34, 0.05: 16.36, 0.01: 20.47},
    5: {0.10: 16.30, 0.05: 18.32, 0.01: 22.66},
}


@pytest.mark.parametrize("tested", ANDREWS)
@pytest.mark.parametrize("level", [0.10, 0.05, 0.01])
def test_critical_values_lie_just_above_the_simulated_table_of_andrews(tested, level):
    exact = dist.sup_f_critical_value(level, tested, 0.15)
    assert 0 < exact - ANDREWS[tested][level] < 0.35


def test_the_gap_to_andrews_is_that_of_his_grid():
    """A supremum over a grid misses 0.583 standard deviations of a step (Chernoff 1965), which accounts for the gap."""
    step = 1 / 3600 / (2 * 0.15 * 0.85)
    missed = 0.583 * np.sqrt(2 * step)
    on_grid = (np.sqrt(dist.sup_f_critical_value(0.05, 1, 0.15)) - missed) ** 2
    assert on_grid == pytest.approx(ANDREWS[1][0.05], abs=0.05)


def test_more_than_one_break_against_bai_and_perron():
    """Bai and Perron (2003, Econometrics Journal), sup F(l+1|l), one coefficient, trimming 0.15, 5 percent."""
    for ell, table in enumerate((8.58, 10.13, 11.14, 11.83)):
        exact = dist.sup_f_critical_value(1 - 0.95 ** (1 / (ell + 1)), 1, 0.15)
        assert 1 < exact / table < 1.05


@pytest.mark.parametrize("tested", [1, 2, 4])
@pytest.mark.parametrize("c", [2.0, 6.0, 12.0])
def test_p_value_against_a_finite_difference_solution(tested, c):
    """Second implementation: the radius as a diffusion on a grid, absorbed at the level, by matrix exponential."""
    cells = 300
    width = np.sqrt(c) / cells
    middle, faces = (np.arange(cells) + 0.5) * width, np.arange(cells + 1) * width
    law = stats.chi(tested).pdf
    up, down = law(faces[1:]) / law(middle) / width**2, law(faces[:-1]) / law(middle) / width**2
    up[-1] *= 2  # the absorbing boundary is half a cell away
    down[0] = 0  # nothing leaves through the centre
    generator = np.diag(-up - down) + np.diag(up[:-1], 1) + np.diag(down[1:], -1)
    start = law(middle) / law(middle).sum() * stats.chi2.cdf(c, tested)
    survival = float(start @ linalg.expm(generator * np.log(0.85 / 0.15)) @ np.ones(cells))
    assert dist.sup_f_p_value(c, tested, 0.15) == pytest.approx(1 - survival, abs=2e-3)


def test_p_value_and_critical_value_are_inverse_and_monotone():
    for level in (0.9, 0.5, 0.1, 0.001, 1e-6):
        c = dist.sup_f_critical_value(level, 2, 0.1)
        assert dist.sup_f_p_value(c, 2, 0.1) == pytest.approx(level, rel=1e-5)
    grid = [dist.sup_f_p_value(c, 1) for c in np.linspace(0.01, 80, 200)]
    assert all(a >= b for a, b in itertools.pairwise(grid))
    assert grid[0] == pytest.approx(1)


def test_the_tail_takes_over_smoothly():
    """The tail approximation and the exact sum agree within a few percent where one hands over to the other."""
    c = dist.sup_f_critical_value(2e-9, 1)
    assert dist._tail(c, 1, 0.15) == pytest.approx(2e-9, rel=0.1)


def test_an_eigenvalue_on_the_search_grid_counts_once():
    """With two coefficients and c = 2 the first eigenvalue is exactly 1, a multiple of the search step."""
    around = [dist.sup_f_p_value(c, 2) for c in (1.999, 2.0, 2.001)]
    assert around[0] > around[1] > around[2]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, abs=1e-5)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ((-1, 1, 0.15), r"^statistic is -1; a sup-F statistic is finite and not negative\.$"),
        ((1, 0, 0.15), r"^tested is 0; at least one coefficient must be allowed to break\.$"),
        ((1, 1, 0.5), r"^trimming is 0\.5; it must lie between 0 and 0\.5, for example 0\.15\.$"),
    ],
)
def test_bad_values_are_named(value, named):
    with pytest.raises(ValueError, match=named):
        dist.sup_f_p_value(*value)


def test_argmax_symmetric_case_against_yao():
    """Yao (1987): closed form for equal variances; Bai (1997) prints 7.7 and 11.0 for 90 and 95 percent."""

    def yao(x):
        root = np.sqrt(x)
        first = 1 + root * np.exp(-x / 8) / np.sqrt(2 * np.pi)
        return first - (x + 5) / 2 * ndtr(-root / 2) + 1.5 * np.exp(x) * ndtr(-1.5 * root)

    for x in (0.01, 0.5, 2, 7, 15):
        assert dist.argmax_cdf(x) == pytest.approx(yao(x), abs=1e-12)
        assert dist.argmax_cdf(-x) == pytest.approx(1 - yao(x), abs=1e-12)
    assert dist.argmax_quantile(0.95) == pytest.approx(7.7, abs=0.05)
    assert dist.argmax_quantile(0.975) == pytest.approx(11.0, abs=0.05)


@pytest.mark.parametrize(("drift", "scale"), [(1, 1), (2, 0.7), (0.4, 1.5)])
def test_argmax_against_the_integral_of_its_density(drift, scale):
    """The density at x is the integral over m of: first passage to m at x, no higher maximum later or on the other side."""
    mu, rate = drift / 2, drift / scale**2

    def density(x):
        def joint(m):
            passage = m / (scale * np.sqrt(2 * np.pi) * x**1.5) * np.exp(-((m + mu * x) ** 2) / (2 * scale**2 * x))
            return passage * rate * -np.expm1(-m)

        return integrate.quad(joint, 0, np.inf)[0]

    slope = (dist.argmax_cdf(3.001, drift, scale) - dist.argmax_cdf(2.999, drift, scale)) / 0.002
    assert slope == pytest.approx(density(3.0), rel=1e-4)
    assert dist.argmax_cdf(0, drift, scale) == pytest.approx(drift / scale**2 / (1 + drift / scale**2))
    assert dist.argmax_cdf(-1e-9, drift, scale) == pytest.approx(dist.argmax_cdf(1e-9, drift, scale), abs=1e-4)


def test_argmax_left_side_by_simulation():
    rng = np.random.default_rng(3)
    drift, scale, step, n = 2.0, 0.7, 0.02, 3000
    s = np.arange(1, n + 1) * step
    left = np.cumsum(rng.normal(size=(1500, n)), axis=1) * np.sqrt(step) - s / 2
    right = scale * np.cumsum(rng.normal(size=(1500, n)), axis=1) * np.sqrt(step) - drift * s / 2
    at = np.where(
        left.max(axis=1) > np.maximum(right.max(axis=1), 0),
        -s[left.argmax(axis=1)],
        np.where(right.max(axis=1) > 0, s[right.argmax(axis=1)], 0),
    )
    for x in (-4.0, -1.0, 0.5):
        assert np.mean(at <= x) == pytest.approx(dist.argmax_cdf(x, drift, scale), abs=0.04)
