"""Durations against scipy's product-limit estimate, scipy's censored fit, remembered textbook values and simulation."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from amazon_labor.methods import durations

# weeks of remission of 21 leukaemia patients on 6-MP (Freireich and others 1963), + marks those still in remission
PRINTED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
REMISSION = PRINTED.split()
WEEKS = np.array([float(w.rstrip("+")) for w in REMISSION])
ENDED = np.array([not w.endswith("+") for w in REMISSION])


def test_product_limit_of_the_remission_data_as_remembered_from_textbooks():
    # quoted from memory of Cox and Oakes (1984) and not looked up again: shares and Greenwood errors
    found = durations.kaplan_meier(WEEKS, ENDED)
    assert found.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert found.error == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert found.median()[0] == 23


def test_product_limit_and_its_interval_are_those_of_scipy():
    data = stats.CensoredData(uncensored=WEEKS[ENDED], right=WEEKS[~ENDED])
    theirs = stats.ecdf(data).sf
    interval = theirs.confidence_interval(0.9, method="log-log")
    found = durations.kaplan_meier(WEEKS, ENDED, level=90)
    at = np.searchsorted(theirs.quantiles, found.time)
    assert found.share == pytest.approx(theirs.probabilities[at])
    assert found.low == pytest.approx(interval.low.probabilities[at], abs=1e-9)
    assert found.high == pytest.approx(interval.high.probabilities[at], abs=1e-9)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_without_censoring_it_is_the_empirical_share(days):
    found = durations.kaplan_meier(days, [True] * len(days))
    for t in range(42):
        assert found.at(t)[0] == pytest.approx(np.mean(np.array(days) > t), abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=30))
def test_intervals_hold_the_estimate_and_stay_in_range(rows):
    days, ended = zip(*rows, strict=True)
    if not any(ended):
        return
    found = durations.kaplan_meier(days, ended)
    assert (np.diff(found.share) <= 0).all()
    assert ((found.low <= found.share + 1e-12) & (found.share <= found.high + 1e-12)).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()
    middle, low, high = found.median()
    assert low <= middle <= high


def test_median_is_the_first_time_at_which_half_are_gone():
    # four cases: exactly half wait after the second; Brookmeyer and Crowley take that time
    assert durations.kaplan_meier([1, 2, 3, 4], [True] * 4).median()[0] == 2


def test_median_that_is_not_reached_is_infinite():
    found = durations.kaplan_meier([1, 2, 9, 9, 9, 9], [True, True, False, False, False, False])
    assert found.median()[0] == math.inf
    assert found.at(0.5) == (1, 1, 1)


CASES = "days are numbers from 0, one for each case, and ended says for each whether the end was seen."


@pytest.mark.parametrize(
    ("days", "ended", "words"),
    [
        ([-1, 2], [True, True], CASES),
        ([1, np.nan], [True, True], CASES),
        ([1, 2, 3], [True, True], CASES),
        ([1, 2], [False, False], "no case ended; nothing can be said about the time it takes."),
    ],
)
def test_kaplan_meier_refuses(days, ended, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        durations.kaplan_meier(days, ended)


THEIRS = {
    "lognormal": lambda m, s: stats.lognorm(s, scale=math.exp(m)),
    "Weibull": lambda m, s: stats.weibull_min(1 / s, scale=math.exp(m)),
    "log-logistic": lambda m, s: stats.fisk(1 / s, scale=math.exp(m)),
}


@pytest.mark.parametrize("family", durations.FAMILIES)
def test_families_are_those_of_scipy(family):
    ours, theirs = durations.LogDuration(family, 5.9, 0.4), THEIRS[family](5.9, 0.4)
    days = np.array([0.0, 1, 100, 365, 1095, 4000])
    assert ours.waiting(days) == pytest.approx(theirs.sf(days), abs=1e-12)
    assert ours.quantile(0.3) == pytest.approx(theirs.ppf(0.3))
    assert ours.mean() == pytest.approx(theirs.mean(), rel=1e-6)


@given(
    st.sampled_from(sorted(durations.FAMILIES)),
    st.floats(10, 1000),
    st.floats(1.1, 10),
    st.floats(0.02, 0.98),
    st.floats(0.02, 0.95),
)
def test_two_shares_are_met_exactly(family, first, times, early, part):
    late = early * part
    fit = durations.from_shares(family, (first, first * times), (early, late))
    assert fit.waiting([first, first * times]) == pytest.approx([early, late], rel=1e-8)


def test_grouped_likelihood_is_highest_there():
    # second implementation: maximum likelihood of interval-censored lognormal durations by scipy
    n, cuts = np.array([184, 184, 23]), (365.0, 1095.0)
    low, high = np.repeat([1e-9, *cuts], n), np.repeat([*cuts, np.inf], n)
    data = stats.CensoredData.interval_censored(low, high)
    shape, _, scale = stats.lognorm.fit(data, floc=0)
    total = n.sum()
    ours = durations.from_shares("lognormal", cuts, ((n[1] + n[2]) / total, n[2] / total))
    assert (ours.scale, math.exp(ours.location)) == pytest.approx((shape, scale), rel=2e-3)


def test_mean_and_median_are_met():
    fit = durations.from_mean_and_median(409, 356)
    assert (fit.mean(), fit.quantile(0.5)) == pytest.approx((409, 356))
    with pytest.raises(ValueError, match=r"^mean is 300, median 356; a lognormal has its mean above its median\.$"):
        durations.from_mean_and_median(300, 356)


def test_resampled_shares_vary_as_a_binomial():
    shares = durations.resampled_shares((0.53, 0.06), 391, 20_000, 1)
    assert shares.mean(axis=0) == pytest.approx([0.53, 0.06], abs=0.001)
    assert shares.std(axis=0) == pytest.approx([math.sqrt(0.53 * 0.47 / 391), math.sqrt(0.06 * 0.94 / 391)], rel=0.03)


def test_mixture_against_simulation():
    model = durations.Mixture(0.44, durations.LogDuration("Weibull", 6.0, 0.7))
    random = np.random.default_rng(4)
    days = THEIRS["Weibull"](6.0, 0.7).rvs(400_000, random_state=random)
    days[random.random(len(days)) < 0.44] = np.inf
    assert float(model.waiting(1000)) == pytest.approx((days > 1000).mean(), abs=0.004)
    assert model.quantile(0.5) == pytest.approx(np.quantile(days, 0.5), rel=0.02)
    assert model.quantile(0.6) == math.inf
    assert model.ever(300) == pytest.approx(np.isfinite(days[days > 300]).mean(), abs=0.005)
    assert model.restricted_mean(1095) == pytest.approx(np.minimum(days, 1095).mean(), rel=0.004)


def test_restricted_mean_by_quadrature():
    model = durations.Mixture(0.2, durations.LogDuration("lognormal", 5.9, 0.6))
    area, _ = integrate.quad(lambda t: float(model.waiting(t)), 0, 900)
    assert model.restricted_mean(900) == pytest.approx(area, rel=1e-5)


def test_bounds_by_hand():
    assert durations.restricted_mean_bounds([1, 2], [0.5, 0.3], 2) == pytest.approx((0.8, 1.5))
    assert durations.restricted_mean_bounds([1, 2], [0.5, 0.3], 3) == pytest.approx((0.8, 1.8))
    assert durations.restricted_mean_bounds([1, 2], [0.5, 0.3], 1.5) == pytest.approx((0.65, 1.25))


@settings(max_examples=60)
@given(st.floats(3, 7), st.floats(0.1, 2), st.floats(0, 0.9), st.floats(50, 3000))
def test_no_curve_through_the_points_leaves_the_bounds(location, scale, never, horizon):
    model = durations.Mixture(never, durations.LogDuration("lognormal", location, scale))
    days = [100.0, 365.0, 730.0]
    low, high = durations.restricted_mean_bounds(days, model.waiting(days), horizon)
    assert low - 1e-3 * horizon <= model.restricted_mean(horizon) <= high + 1e-3 * horizon


RISING = "days must be positive and rise, one share for each."


@pytest.mark.parametrize(
    ("days", "waiting", "horizon", "words"),
    [
        ([2, 1], [0.5, 0.4], 2, RISING),
        ([0], [0.5], 1, RISING),
        ([1, 1], [0.5, 0.4], 2, RISING),
        ([1, 2], [0.5], 2, RISING),
        ([], [], 2, RISING),
        ([1, 2], [0.4, 0.5], 2, "waiting is [0.4, 0.5]; shares lie between 0 and 1 and do not rise."),
        ([1], [1.2], 2, "waiting is [1.2]; shares lie between 0 and 1 and do not rise."),
        ([1], [-0.2], 2, "waiting is [-0.2]; shares lie between 0 and 1 and do not rise."),
        ([1], [0.5], 0, "horizon is 0; it must be positive."),
    ],
)
def test_bounds_refuse(days, waiting, horizon, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        durations.restricted_mean_bounds(days, waiting, horizon)


FAMILY = "family is 'gamma'; allowed are lognormal, Weibull, log-logistic."


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: durations.from_shares("gamma", (1, 2), (0.5, 0.4)), FAMILY),
        (lambda: durations.LogDuration("gamma", 5, 1), FAMILY),
        (
            lambda: durations.from_shares("Weibull", (2, 1), (0.5, 0.4)),
            "days are (2, 1); give two positive times, the earlier first.",
        ),
        (
            lambda: durations.from_shares("Weibull", (0, 1), (0.5, 0.4)),
            "days are (0, 1); give two positive times, the earlier first.",
        ),
        (
            lambda: durations.from_shares("Weibull", (1, 1), (0.5, 0.4)),
            "days are (1, 1); give two positive times, the earlier first.",
        ),
        (
            lambda: durations.from_shares("Weibull", (1, 2), (0.4, 0.5)),
            "waiting is (0.4, 0.5); shares fall and lie between 0 and 1.",
        ),
        (
            lambda: durations.from_shares("Weibull", (1, 2), (1, 0.5)),
            "waiting is (1, 0.5); shares fall and lie between 0 and 1.",
        ),
        (
            lambda: durations.from_shares("Weibull", (1, 2), (0.5, 0)),
            "waiting is (0.5, 0); shares fall and lie between 0 and 1.",
        ),
        (lambda: durations.LogDuration("lognormal", 5, 0), "scale is 0; it must be positive."),
        (lambda: durations.LogDuration("lognormal", math.nan, 1), "scale is 1; it must be positive."),
        (
            lambda: durations.from_mean_and_median(5, 5),
            "mean is 5, median 5; a lognormal has its mean above its median.",
        ),
        (
            lambda: durations.Mixture(1.0, durations.LogDuration("lognormal", 5, 1)),
            "never is 1.0; it is a share from 0 to below 1.",
        ),
        (
            lambda: durations.Mixture(-0.1, durations.LogDuration("lognormal", 5, 1)),
            "never is -0.1; it is a share from 0 to below 1.",
        ),
    ],
)
def test_wrong_shapes_are_named(make, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        make()


def test_a_survival_holds_its_counts_and_its_interval_ends_at_the_last_inner_point():
    found = durations.kaplan_meier([1, 2, 2, 4], [True, True, True, True], level=95)
    assert (found.n, found.events, found.level) == (4, 4, 95)
    assert found.time.tolist() == [1, 2, 4]
    assert found.share == pytest.approx([0.75, 0.25, 0])
    assert (found.low[-1], found.high[-1]) == (0, found.high[-2])
    assert found.at(2) == (found.share[1], found.low[1], found.high[1])
    assert found.at(1.99)[0] == pytest.approx(0.75)
    assert durations.kaplan_meier([0, 5], [True, False]).share.tolist() == [0.5]
    alone = durations.kaplan_meier([3], [True])
    assert (alone.share.tolist(), alone.low.tolist(), alone.high.tolist()) == ([0], [0], [1])
    cut = durations.kaplan_meier([1, 2, 3], [True, False, False])
    assert (cut.n, cut.events, cut.time.tolist()) == (3, 1, [1])
    assert cut.median() == (math.inf, 1, math.inf)


def test_resampled_shares_leave_out_empty_classes():
    few = durations.resampled_shares((0.5, 0.1), 10, 4000, 3)
    # the chance that all three classes occur, by inclusion and exclusion
    p = np.array([0.5, 0.4, 0.1])
    full = 1 - ((1 - p) ** 10).sum() + (p**10).sum()
    assert len(few) / 4000 == pytest.approx(full, abs=0.03)
    assert ((few[:, 0] < 1) & (few[:, 1] > 0) & (few[:, 0] > few[:, 1])).all()
    assert (
        durations.resampled_shares((0.5, 0.1), 10, 50, 3) == durations.resampled_shares((0.5, 0.1), 10, 50, 3)
    ).all()


def test_edges_of_a_mixture():
    model = durations.Mixture(0.0, durations.LogDuration("log-logistic", 2.0, 1.0))
    assert model.ends.mean() == math.inf
    assert durations.LogDuration("log-logistic", 2.0, 0.5).mean() == pytest.approx(math.exp(2) * math.pi / 2)
    assert model.quantile(0.5) == pytest.approx(math.exp(2))
    half = durations.Mixture(0.5, model.ends)
    assert half.quantile(0.25) == pytest.approx(math.exp(2))
    assert half.quantile(0.5) == math.inf
    assert half.ever(math.exp(2)) == pytest.approx(0.25 / 0.75)
    two = half.restricted_mean(2, steps=1)
    assert two == pytest.approx(1 + float(half.waiting(2)))


def test_columns_of_objects_are_numbers():
    days, ended = np.array([1, 2, 3], dtype=object), np.array([1, 0, 1], dtype=object)
    assert (
        durations.kaplan_meier(days, ended).share.tolist()
        == durations.kaplan_meier([1, 2, 3], [1, 0, 1]).share.tolist()
    )
    assert durations.restricted_mean_bounds(np.array([1, 2], dtype=object), np.array([0.5, 0.25], dtype=object), 2) == (
        0.75,
        1.5,
    )
    assert durations.LogDuration("Weibull", 1.0, 1.0).waiting(np.array([1, 2], dtype=object)).dtype == np.float64
