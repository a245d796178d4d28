"""Fixed effects with clustered errors, against linearmodels and statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from linearmodels.panel import PanelOLS

from amazon_labor.methods import within

RNG = np.random.default_rng(2)
UNITS = np.repeat([f"c{k}" for k in range(9)], [3, 5, 4, 6, 3, 7, 5, 4, 6])
X = RNG.normal(size=len(UNITS)).cumsum()
Y = 2 + 0.3 * X + RNG.normal(size=len(UNITS)) + np.unique(UNITS, return_inverse=True)[1]


def test_slope_equals_linearmodels():
    index = pd.MultiIndex.from_arrays([UNITS, np.arange(len(UNITS))])
    frame = pd.DataFrame({"y": Y, "x": X}, index=index)
    other = PanelOLS(frame["y"], frame[["x"]], entity_effects=True).fit(cov_type="clustered", cluster_entity=True)
    found = within.slope(Y, X, UNITS)
    assert found.slope == pytest.approx(other.params["x"], rel=1e-9)
    # linearmodels scales by n / (n - 1) and leaves the factor of the clusters out
    plain = found.error / np.sqrt(9 / 8 * (found.n - 1) / (found.n - 2))
    assert plain == pytest.approx(other.std_errors["x"] / np.sqrt(found.n / (found.n - 1)), rel=1e-6)


def test_error_equals_statsmodels_with_dummies():
    """statsmodels counts the dummies in its factor; nested in clusters they need not be (Cameron and Miller 2015)."""
    frame = pd.DataFrame({"y": Y, "x": X, "u": UNITS})
    codes = np.unique(UNITS, return_inverse=True)[1]
    other = smf.ols("y ~ x + C(u)", frame).fit(cov_type="cluster", cov_kwds={"groups": codes})
    found = within.slope(Y, X, UNITS)
    n, k = found.n, 10
    assert found.error == pytest.approx(other.bse["x"] * np.sqrt((n - k) / (n - 2)), rel=1e-9)


def test_interval_uses_clusters_less_one():
    found = within.Within(1.0, 0.5, 40, 9)
    assert found.interval(90) == pytest.approx((1 - 1.8595 * 0.5, 1 + 1.8595 * 0.5), abs=1e-4)
    with pytest.raises(ValueError, match=r"^level is 100; it is a percentage between 0 and 100\.$"):
        found.interval(100)


def test_bad_panels_are_refused():
    with pytest.raises(ValueError, match=r"^2 and 2 observations of 2 units; three units without a gap are needed\.$"):
        within.slope([1, 2], [1, 2], ["a", "b"])
    with pytest.raises(ValueError, match=r"^the regressor does not vary inside any unit\.$"):
        within.slope([1, 2, 3, 4, 5, 6], [1, 1, 2, 2, 3, 3], list("aabbcc"))
