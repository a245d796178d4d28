"""Regressions of trending series against statsmodels and the published share of false findings."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.stattools import durbin_watson

from amazon_labor.methods import spurious


def test_line_as_in_statsmodels():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(3, 90)).cumsum(axis=1)
    y = 0.3 * x + rng.normal(size=(3, 90)).cumsum(axis=1)
    found = spurious.line(y, x, 4)
    for k in range(3):
        plain = sm.OLS(y[k], sm.add_constant(x[k])).fit()
        robust = plain.get_robustcov_results("HAC", maxlags=4, use_correction=True)
        expected = (plain.params[1], plain.bse[1], robust.bse[1], plain.rsquared, durbin_watson(plain.resid))
        got = (found.slope, found.error, found.robust_error, found.r_squared, found.durbin_watson)
        assert [v[k] for v in got] == pytest.approx(expected, rel=1e-9)
    assert found.critical(95) == pytest.approx(1.9873, abs=1e-4)


@pytest.mark.parametrize(("n", "share"), [(50, 0.662), (250, 0.847)])
def test_share_of_false_findings_as_published(n, share):
    """Davidson and MacKinnon (1993), Estimation and Inference in Econometrics, table 19.1, as quoted by Wooldridge,
    Introductory Econometrics, section 18.3: of 10,000 regressions of a random walk on another, 66.2 percent are called
    significant at 5 percent with 50 periods and 84.7 percent with 250."""
    found = spurious.false_findings(n, 3, 4000, 1974)
    assert found["levels"]["classical"] == pytest.approx(share, abs=0.022)  # three standard errors of 4,000 draws
    assert found["levels"]["robust"] > 0.4
    assert found["differences"]["classical"] == pytest.approx(0.05, abs=0.012)
    assert found["differences"]["robust"] < 0.1


def test_more_data_make_it_worse():
    """Phillips (1986): the t statistic in levels diverges with the length of the sample."""
    shares = [spurious.false_findings(n, 4, 1500, 9)["levels"]["classical"] for n in (40, 160, 640)]
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > 0.85


def test_refusals():
    with pytest.raises(
        ValueError,
        match=r"^y and x must have one shape with at least 5 periods, and lags \(2\) be below their number\.$",
    ):
        spurious.line(np.arange(9.0), np.arange(8.0), 2)
    with pytest.raises(
        ValueError,
        match=r"^y and x must have one shape with at least 5 periods, and lags \(9\) be below their number\.$",
    ):
        spurious.line(np.arange(9.0), np.arange(9.0) ** 2, 9)
