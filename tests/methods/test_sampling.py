"""Sampling errors against statsmodels, scipy and simulation."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from amazon_labor.methods import sampling


def test_interval_against_statsmodels():
    low, high = proportion_confint(2300, 10_000, alpha=0.1, method="normal")
    assert sampling.share_interval(23, 10_000) == pytest.approx((100 * low, 100 * high))


def test_difference_against_statsmodels():
    low, high = confint_proportions_2indep(1030, 10_000, 1080, 9_000, method="wald", alpha=0.1)
    error = sampling.difference_error((10.3, 10_000), (12.0, 9_000))
    assert 2 * 1.6448536 * error == pytest.approx(100 * (high - low), rel=1e-6)


def test_a_design_effect_of_four_doubles_the_error():
    assert sampling.share_error(20, 500, 4) == pytest.approx(2 * sampling.share_error(20, 500))


def test_without_a_correlation_variances_add_and_a_design_without_variance_is_refused():
    assert sampling.change_error(3, 4) == pytest.approx(5)
    with pytest.raises(ValueError, match=r"^n is 500 and design_effect 0; both must be positive\.$"):
        sampling.share_error(20, 500, 0)


def test_overlap_by_simulation():
    rng = np.random.default_rng(1)
    same = rng.random((20_000, 50)) < 0.3
    first = np.hstack([same, rng.random((20_000, 50)) < 0.3]).mean(axis=1)
    second = np.hstack([same, rng.random((20_000, 50)) < 0.3]).mean(axis=1)
    assert 100 * (second - first).std() == pytest.approx(
        sampling.difference_error((30, 100), (30, 100), overlap=0.5), rel=0.02
    )


def test_level_error_is_that_of_a_binomial_count():
    """A count of successes in n draws, each standing for w persons, has variance w^2 n p (1 - p)."""
    n, w, p = 134_000, 1.95, 0.0536
    level = w * n * p
    assert sampling.level_error(level, w, w * n) == pytest.approx(w * np.sqrt(n * p * (1 - p)))
    assert sampling.level_error(level, w, w * n, 4) == pytest.approx(2 * sampling.level_error(level, w, w * n))


def test_change_error_by_simulation():
    rng = np.random.default_rng(4)
    first, second = rng.multivariate_normal([0, 0], [[9, 0.3 * 3 * 4], [0.3 * 3 * 4, 16]], size=200_000).T
    assert (second - first).std() == pytest.approx(sampling.change_error(3, 4, 0.3), rel=0.01)


def test_intervals_stay_between_nought_and_a_hundred():
    assert sampling.share_interval(0.5, 20)[0] == 0
    assert sampling.share_interval(99.5, 20)[1] == 100


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sampling.share_error(101, 10), r"^percent is 101; a share lies between 0 and 100\.$"),
        (lambda: sampling.share_error(50, 0), r"^n is 0 and design_effect 1\.0; both must be positive\.$"),
        (lambda: sampling.share_interval(50, 10, level=100), r"^level is 100; it is a percentage between 0 and 100\.$"),
        (
            lambda: sampling.difference_error((5, 10), (5, 10), overlap=2),
            r"^overlap is 2; a correlation lies between -1 and 1\.$",
        ),
        (lambda: sampling.level_error(11, 1, 10), r"^level is 11; it lies between 0 and the population, 10\.$"),
        (lambda: sampling.level_error(5, 0, 10), r"^weight is 0 and design_effect 1\.0; both must be positive\.$"),
        (lambda: sampling.change_error(-1, 1), r"^the errors are -1 and 1; neither can be negative\.$"),
        (lambda: sampling.change_error(1, 1, 1.5), r"^correlation is 1\.5; it lies between -1 and 1\.$"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_intervals_by_their_formula():
    low, high = sampling.share_interval(40, 600, 2.5, level=80)
    reach = stats.norm.ppf(0.9) * np.sqrt(2.5 * 40 * 60 / 600)
    assert (low, high) == pytest.approx((40 - reach, 40 + reach))
    assert sampling.difference_error((40, 600), (10, 300), 2.5, -1) == pytest.approx(
        np.sqrt(2.5 * 40 * 60 / 600) + np.sqrt(2.5 * 10 * 90 / 300)
    )
    assert sampling.share_error(0, 1) == sampling.share_error(100, 1) == 0
    assert sampling.level_error(0, 1, 10) == sampling.level_error(10, 1, 10) == 0
    assert sampling.change_error(0, 2, 1) == 2
    assert sampling.change_error(3, 4, -1) == pytest.approx(7)
    for level in (0, -1):
        with pytest.raises(ValueError, match=rf"^level is {level}; it is a percentage between 0 and 100\.$"):
            sampling.share_interval(50, 10, level=level)
