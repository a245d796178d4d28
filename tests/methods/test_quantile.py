"""Quantile regression against R's quantreg, statsmodels and simulation.

Published: R's `rq` on Engel's food expenditure data, coefficients of its vignette at five quantiles and the errors of
`summary(rq, se = "ker")`, read as reference values in a test file of another public package.
"""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from amazon_labor.methods import quantile

ENGEL = {
    0.05: (124.88004, 0.34336),
    0.25: (95.48354, 0.47410),
    0.5: (81.48225, 0.56018),
    0.75: (62.39659, 0.64401),
    0.95: (64.10396, 0.70907),
}


@pytest.fixture(scope="module")
def engel():
    data = sm.datasets.engel.load_pandas().data
    return data["foodexp"].to_numpy(), np.column_stack([np.ones(len(data)), data["income"]])


@pytest.mark.parametrize("q", ENGEL)
def test_coefficients_against_r(engel, q):
    assert quantile.quantile_regression(*engel, q).params == pytest.approx(ENGEL[q], abs=6e-6)


def test_errors_against_r(engel):
    found = quantile.quantile_regression(*engel, 0.5)
    assert found.errors == pytest.approx((30.21532, 0.03732), rel=1e-3)
    low, high = found.interval(90)
    assert (high - low) / found.errors == pytest.approx(2 * 1.644854)


def test_no_worse_than_statsmodels(engel):
    y, x = engel
    other = sm.QuantReg(y, x).fit(q=0.3)
    own = quantile.quantile_regression(y, x, 0.3)
    assert own.params == pytest.approx(other.params, rel=1e-3)
    assert quantile.check_loss(y - x @ own.params, 0.3) <= quantile.check_loss(y - x @ other.params, 0.3) + 1e-9


def test_bandwidth_against_statsmodels():
    from statsmodels.regression.quantile_regression import hall_sheather

    assert quantile.hall_sheather(4360, 0.9) == pytest.approx(hall_sheather(4360, 0.9))


def test_clustered_errors_by_simulation():
    rng = np.random.default_rng(9)
    people, years = 250, 5
    who = np.repeat(np.arange(people), years)
    estimates, errors, naive = [], [], []
    for _ in range(60):
        treated = np.repeat(rng.random(people) < 0.4, years).astype(float)
        y = 1 + 0.3 * treated + np.repeat(rng.normal(size=people), years) + rng.normal(size=people * years)
        x = np.column_stack([np.ones(len(y)), treated])
        found = quantile.quantile_regression(y, x, 0.5, groups=who)
        estimates.append(found.params[1])
        errors.append(found.errors[1])
        naive.append(quantile.quantile_regression(y, x, 0.5).errors[1])
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.25)
    assert np.mean(naive) < 0.8 * np.mean(errors)


def test_difference_between_quantiles_by_simulation():
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(200), 4)
    gaps, errors = [], []
    for _ in range(60):
        treated = np.repeat(rng.random(200) < 0.5, 4).astype(float)
        y = (1 + 0.5 * treated) * (np.repeat(rng.normal(size=200), 4) + rng.normal(size=800))
        x = np.column_stack([np.ones(800), treated])
        low, high = (quantile.quantile_regression(y, x, q, groups=who) for q in (0.3, 0.7))
        gaps.append(high.params[1] - low.params[1])
        errors.append(quantile.difference_error(high, low, 1))
    assert np.mean(errors) == pytest.approx(np.std(gaps), rel=0.25)
    independent = np.hypot(low.errors[1], high.errors[1])
    assert errors[-1] < independent  # the two quantiles are positively correlated
    assert quantile.difference_error(low, low, 1) == 0
    with pytest.raises(ValueError, match=r"^the fits have 200 and 800 groups; fit the same data\.$"):
        quantile.difference_error(low, quantile.quantile_regression(y, x, 0.5), 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 0.9), st.floats(0.5, 20.0), st.floats(-5, 5))
def test_moves_with_scale_and_shift(seed, q, scale, shift):
    """Koenker and Bassett (1978), theorem 3.2: equivariance to scale and to a linear shift."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(41), rng.normal(size=41)])
    y = rng.normal(size=41)
    base = quantile.quantile_regression(y, x, q).params
    moved = quantile.quantile_regression(scale * y + shift * x[:, 1], x, q).params
    assert moved == pytest.approx(scale * base + np.array([0, shift]), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda y, x: quantile.quantile_regression(y, x, 1.0),
            r"^q is 1\.0; a quantile lies strictly between 0 and 1\.$",
        ),
        (
            lambda y, x: quantile.quantile_regression(y[1:], x, 0.5),
            r"^y and x have shapes \(234,\) and \(235, 2\); they must be \(n,\) and \(n, k\)\.$",
        ),
        (
            lambda y, x: quantile.quantile_regression(y, np.column_stack([x, x[:, 1]]), 0.5),
            r"^x has dependent columns; leave one of them out\.$",
        ),
    ],
)
def test_bad_input_is_named(engel, call, words):
    with pytest.raises(ValueError, match=words):
        call(*engel)
