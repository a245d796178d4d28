"""Comparisons of rates against statsmodels, the exact ratio, worked examples in print and identities."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import rate_comparison as rc
from amazon_labor.methods import rates

AMAZON, OTHERS = rc.Group(34_001, 1.000e9, 906), rc.Group(33_500, 2.03e9, 4_773)
RATIOS = st.floats(0.1, 20)
SHARES = st.floats(0.01, 0.99)


def test_rate_equals_the_worked_example_of_safex():
    # Safex, "DART rate" (instruction sheet): 22 cases in 645,089 hours make a rate of 6.8
    assert rc.Group(22, 645_089).rate == pytest.approx(6.8, abs=0.05)
    assert rc.from_rate(6.82, 645_089).cases == 22


@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.PerfectSeparationWarning")
def test_negative_binomial_ratio_is_that_of_the_linear_model_in_statsmodels():
    # equal sites, fixed alpha: GLM of 12 and 30 sites with the mean counts of each group
    alpha, counts = 0.16, np.repeat([40.0, 25.0], [12, 30])
    design = sm.add_constant(np.repeat([1.0, 0.0], [12, 30]))
    fit = sm.GLM(counts, design, family=sm.families.NegativeBinomial(alpha=alpha)).fit()
    low, high = np.exp(fit.conf_int(0.1)[1])
    found = rc.negative_binomial_ratio(rc.Group(480, 12.0, 12), rc.Group(750, 30.0, 30), math.sqrt(alpha))
    assert (found.ratio, found.low, found.high) == pytest.approx((math.exp(fit.params[1]), low, high), rel=1e-6)
    assert found.p_value == pytest.approx(fit.pvalues[1], rel=1e-4)


def test_negative_binomial_interval_covers_as_often_as_it_says():
    draws, variation = np.random.default_rng(9), 0.4
    held = 0
    for _ in range(600):
        sums = []
        for mean, sites in ((30, 40), (20, 60)):
            true = draws.gamma(1 / variation**2, variation**2, sites)
            sums.append(rc.Group(draws.poisson(mean * true).sum(), float(sites), sites))
        found = rc.negative_binomial_ratio(*sums, variation)
        held += found.low <= 1.5 <= found.high
    assert held / 600 == pytest.approx(0.9, abs=0.035)


def test_without_variation_the_interval_is_near_the_exact_one():
    exact, wald = rc.exact_ratio(AMAZON, OTHERS), rc.negative_binomial_ratio(AMAZON, OTHERS, 0)
    assert (wald.low, wald.high) == pytest.approx((exact.low, exact.high), rel=1e-4)
    assert rc.negative_binomial_ratio(AMAZON, OTHERS, 0.4).low < wald.low


def test_split_band_keeps_the_ratio_inside_and_is_narrowest_for_even_splits():
    low, high = rc.split_band(1.5, 14_000, [0.05, 0.5, 0.95])
    assert (low < 1.5).all()
    assert (high > 1.5).all()
    width = np.log(high / low)
    assert width[1] < min(width[0], width[2])
    same = rates.rate_ratio(7000, 7000 / 1.5, 7000, 7000)
    assert (low[1], high[1]) == pytest.approx((same.low, same.high))


@pytest.mark.parametrize(("cases", "base_cases"), [(1440, 44), (300, 40), (12, 3), (900, 1)])
@pytest.mark.parametrize("side", ["low", "high"])
def test_least_hours_are_those_at_which_the_exact_interval_ends_at_one(cases, base_cases, side):
    hours = 3.2e7
    end = getattr(rates.rate_ratio(cases, hours, base_cases, hours), side)
    base_hours = hours / end  # scaling the hours of the base scales the interval
    assert getattr(rates.rate_ratio(cases, hours, base_cases, base_hours), side) == pytest.approx(1)
    found = rc.least_hours(cases * 2e5 / hours, hours, base_cases * 2e5 / base_hours)
    assert found == pytest.approx(base_hours, rel=1e-6)


def test_least_hours_refuses_what_cannot_be_separated():
    with pytest.raises(
        ValueError, match=r"^no number of hours of the base group separates these rates: the first has too few cases\.$"
    ):
        rc.least_hours(7.0, 2e4, 6.9)
    with pytest.raises(ValueError, match=r"^rates are 7\.0 and 7\.0; they must differ and be positive\.$"):
        rc.least_hours(7.0, 2e4, 7.0)


@given(ratio=RATIOS, share=SHARES, base=st.floats(0.5, 30))
def test_taking_the_firm_out_undoes_putting_it_in(ratio, share, base):
    whole = share * ratio * base + (1 - share) * base
    assert float(rc.rest_of(whole, ratio * base, share)) == pytest.approx(base, rel=1e-9)
    assert float(rc.diluted(ratio, share)) == pytest.approx(ratio * base / whole, rel=1e-9)
    if abs(ratio - 1) > 1e-3:
        assert rc.share_between(whole, ratio * base, base) == pytest.approx(share, rel=1e-6)


@given(ratio=RATIOS, share=SHARES)
def test_shares_of_cases_and_of_work_give_back_the_ratio(ratio, share):
    cases = share * ratio / (share * ratio + 1 - share)
    assert rc.ratio_of_shares(cases, share) == pytest.approx(ratio, rel=1e-6)
    assert min(1, ratio) * (1 - 1e-12) <= float(rc.diluted(ratio, share)) <= max(1, ratio) * (1 + 1e-12)


def test_rates_of_minnesota_imply_the_share_of_amazon():
    # NELP: 11.1 Amazon, 5.2 others, 7.0 together; by hand (7.0 - 5.2) / (11.1 - 5.2)
    assert rc.share_between(7.0, 11.1, 5.2) == pytest.approx(1.8 / 5.9)


def test_rounding_range_bounds_every_pair_of_unrounded_rates():
    low, high = rc.rounding_range(6.8, 3.3)
    grid = np.linspace(-0.05, 0.05, 21)
    ratios = (6.8 + grid[:, None]) / (3.3 + grid[None, :])
    assert (ratios.min(), ratios.max()) == pytest.approx((low, high))


@given(st.floats(1.001, 50))
def test_e_value_is_the_joint_bound_of_ding_and_vanderweele(ratio):
    # Ding and VanderWeele (2016): a cause with ratios u and v biases by at most u v / (u + v - 1)
    e = rc.e_value(ratio)
    assert e * e / (2 * e - 1) == pytest.approx(ratio, rel=1e-9)
    assert rc.e_value(1 / ratio) == pytest.approx(e)


@pytest.mark.parametrize(("ratio", "value"), [(10.73, 20.94777), (8.02, 15.52336)])
def test_e_value_of_smoking_and_lung_cancer(ratio, value):
    """Output of evalues.RR in the vignette "unmeasured-confounding" of the R package EValue, read there."""
    assert rc.e_value(ratio) == pytest.approx(value, abs=5e-6)


def test_site_variation_recovers_a_lognormal_spread_and_its_interval_covers():
    draws, true = np.random.default_rng(4), 0.4
    sigma = math.sqrt(math.log1p(true**2))
    found = [rc.site_variation(draws.lognormal(2, sigma, 6)) for _ in range(800)]
    assert np.mean([low <= true <= high for _, low, high in found]) == pytest.approx(0.9, abs=0.03)
    assert rc.site_variation(draws.lognormal(2, sigma, 40_000))[0] == pytest.approx(true, rel=0.02)


def test_site_variation_of_two_sites_by_hand():
    # logs 0 and d have the variance d squared over 2
    assert rc.site_variation([1.0, math.e])[0] == pytest.approx(math.sqrt(math.exp(0.5) - 1))


def test_excess_is_cases_less_those_at_the_other_rate():
    assert rc.excess(34_001, 6.8 / 3.3) == pytest.approx(34_001 - 3.3 * 1.000029412e9 / 200_000, rel=1e-4)
    assert rc.excess(100, 0.5) == -100


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rc.Group(3, 0), r"^cases are 3 in 0 hours; hours must be positive\.$"),
        (lambda: rc.rest_of(5, 6, 1.0), r"^a share is 1\.0; it must lie inside 0 and 1\.$"),
        (lambda: rc.split_band(1.5, 100, [0.0]), r"^shares are \[0\.0\]; each must lie inside 0 and 1\.$"),
        (
            lambda: rc.negative_binomial_ratio(rc.Group(3, 1), OTHERS, 0.3),
            r"^negative_binomial_ratio needs cases and sites in both groups, and a variation from 0 on\.$",
        ),
        (lambda: rc.e_value(0), r"^ratio is 0; it must be positive\.$"),
        (lambda: rc.site_variation([3.0]), r"^site_variation needs at least two positive rates\.$"),
        (lambda: rc.share_between(5, 4, 4), r"^part and rest are both 4; any share fits\.$"),
        (lambda: rc.rounding_range(0.04, 1), r"^half_step is 0\.05; it must lie between 0 and the smaller rate\.$"),
    ],
)
def test_what_has_no_answer_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
