"""The bootstrap of break tests against `breaks`, statsmodels and its own level."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tsa.ar_model import AutoReg

from amazon_labor.methods import break_bootstrap as boot
from amazon_labor.methods import breaks


def test_statistics_equal_those_of_the_single_series_programme():
    y = sm.datasets.nile.load_pandas().data["volume"].to_numpy()
    batch = boot.f_statistics(np.vstack([y, y[::-1]]), 4, 15)
    found = breaks.partitions(y, max_breaks=4)
    for m in range(1, 5):
        expected = (found[0].rss - found[m].rss) / m / (found[m].rss / (100 - m - 1))
        assert batch[0, m - 1] == pytest.approx(expected)
        assert batch[1, m - 1] == pytest.approx(expected)
    assert batch[0, 0] == pytest.approx(75.93, abs=0.005)


def test_autoregression_against_statsmodels():
    y = np.random.default_rng(1).normal(size=80).cumsum() * 0.1 + np.random.default_rng(2).normal(size=80)
    coefficients, residuals = boot.autoregression(y, 2)
    fitted = AutoReg(y, 2).fit()
    assert coefficients == pytest.approx(fitted.params[1:])
    assert residuals.mean() == pytest.approx(0, abs=1e-12)
    assert (residuals**2).sum() == pytest.approx((fitted.resid**2).sum() * 78 / 75)


def test_explosive_fits_are_shrunk():
    coefficients, _ = boot.autoregression(1.1 ** np.arange(30), 1)
    assert coefficients[0] == pytest.approx(0.99)


def test_one_large_break_is_found_and_the_p_value_is_the_least_possible():
    y = np.random.default_rng(4).normal(size=100) + 5 * (np.arange(100) >= 40)
    result = boot.mean_break_test(y, order=0, draws=199, seed=1)
    assert result.p_value == pytest.approx(1 / 200)
    assert result.largest == result.statistics.max()


def test_level_under_persistence_where_the_asymptotic_test_fails():
    """With errors correlated at 0.6 the limit theory rejects far too often, the bootstrap about as often as it says."""
    rng = np.random.default_rng(6)
    asymptotic = simulated = 0
    for seed in range(40):
        y = np.zeros(130)
        for t, shock in enumerate(rng.normal(size=130)):
            y[t] = 0.6 * y[t - 1] + shock
        asymptotic += breaks.sup_f(y[30:]).p_value < 0.1
        simulated += boot.mean_break_test(y[30:], max_breaks=1, draws=99, seed=seed).p_value <= 0.1
    assert asymptotic > 20
    assert simulated <= 10


def test_same_seed_same_numbers():
    y = np.random.default_rng(7).normal(size=60)
    assert boot.mean_break_test(y, seed=3).p_value == boot.mean_break_test(y, seed=3).p_value


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"^y must be one series without missing values\.$"):
        boot.mean_break_test([1.0, np.nan, 2.0])
    with pytest.raises(ValueError, match=r"^order is 9; with 12 observations it must lie between 0 and 2\.$"):
        boot.mean_break_test(np.arange(12.0), order=9)
