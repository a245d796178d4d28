"""Sampling noise read off a survey: by simulation with known answers, and by a second implementation in pandas."""

import numpy as np
import pandas as pd
import pytest

from amazon_labor.methods import survey_noise


def simulated(design_effect, overlap, drift, years=25, areas=400, seed=3):
    """Shares that drift, seen through samples of which a part is asked twice, one year apart."""
    rng = np.random.default_rng(seed)
    n = np.full((years, areas), 2000.0)
    truth = 0.12 + np.sqrt(drift * 2 * 0.12 * 0.88 / 2000) * rng.normal(size=(years, areas)).cumsum(axis=0)
    truth += 0.01 * rng.normal(size=(years, 1)).cumsum(axis=0) * 0.1
    truth = np.clip(truth, 0.03, 0.5)
    # moving average of order one: correlation `overlap` between neighbours, none further apart
    shocks = rng.normal(size=(years + 1, areas))
    theta = (1 - np.sqrt(1 - 4 * overlap**2)) / (2 * overlap) if overlap else 0.0
    errors = (shocks[1:] + theta * shocks[:-1]) / np.sqrt(1 + theta**2)
    return 100 * (truth + errors * np.sqrt(design_effect * truth * (1 - truth) / n)), n


@pytest.mark.parametrize(("design_effect", "overlap", "drift"), [(1.0, 0.0, 0.0), (1.6, 0.3, 0.1), (2.5, 0.45, 0.2)])
def test_design_effect_and_overlap_are_recovered(design_effect, overlap, drift):
    noise = survey_noise.sampling_noise(*simulated(design_effect, overlap, drift))
    assert noise.design_effect == pytest.approx(design_effect, rel=0.06)
    assert noise.correlation == pytest.approx(overlap, abs=0.03)
    assert noise.drift == pytest.approx(drift, abs=0.03)


def test_a_national_movement_is_not_noise():
    shares, n = simulated(1.6, 0.3, 0.1)
    moved = shares + 3 * np.sin(np.arange(len(shares)))[:, None]
    quiet, loud = (survey_noise.sampling_noise(s, n) for s in (shares, moved))
    assert loud.design_effect == pytest.approx(quiet.design_effect, rel=0.15)


def test_against_a_second_implementation():
    shares, n = simulated(1.3, 0.3, 0.2, years=12, areas=9)
    p = pd.DataFrame(shares / 100)
    v = p * (1 - p) / n
    d, w = p.diff(3).dropna(), (v + v.shift(3)).dropna()
    own = d.sub((d / w).sum(axis=1) / (1 / w).sum(axis=1), axis=0)
    kept = 1 - (1 / w).div((1 / w).sum(axis=1), axis=0)
    noise = survey_noise.sampling_noise(shares, n, 4)
    assert noise.by_area[2] == pytest.approx((own**2 / w / kept).mean().to_numpy())
    assert noise.ratio[2] == pytest.approx(noise.by_area[2].mean())


def test_line_through_lags_two_and_more_by_statsmodels():
    import statsmodels.api as sm

    noise = survey_noise.sampling_noise(*simulated(1.6, 0.3, 0.1), 6)
    fitted = sm.OLS(noise.ratio[1:], sm.add_constant(np.arange(2.0, 7.0))).fit()
    assert (noise.design_effect, noise.drift) == pytest.approx(tuple(fitted.params))
    assert noise.ratio[0] == pytest.approx(noise.design_effect * (1 - noise.correlation) + noise.drift)


def test_bootstrap_is_seeded_and_about_right():
    noise = survey_noise.sampling_noise(*simulated(1.6, 0.3, 0.1, areas=51))
    once, again = survey_noise.bootstrap_noise(noise, 999, 5), survey_noise.bootstrap_noise(noise, 999, 5)
    assert np.array_equal(once[0], again[0])
    many = [
        survey_noise.sampling_noise(*simulated(1.6, 0.3, 0.1, areas=51, seed=s)).design_effect for s in range(10, 50)
    ]
    assert once[0].std() == pytest.approx(np.std(many), rel=0.4)


def test_thresholds_by_hand():
    ranges, wrong = survey_noise.wording_thresholds([0.3, -1.1, 1.47, 1.6, -2.0], [False, False, False, True, True])
    assert wrong == 0
    assert ranges == [(1.47, 1.6)]
    ranges, wrong = survey_noise.wording_thresholds([1.0, 2.0, 3.0, 4.0], [False, True, False, True])
    assert wrong == 1
    assert ranges == [(1.0, 2.0), (3.0, 4.0)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: survey_noise.sampling_noise(np.ones((3, 2)), np.ones((2, 2))),
            r"^shares and sizes have shapes \(3, 2\) and \(2, 2\); both must be \(years, areas\)\.$",
        ),
        (
            lambda: survey_noise.sampling_noise(np.full((9, 2), 5.0), np.ones((9, 2)), 9),
            r"^max_lag is 9; with 9 years it lies between 3 and 8\.$",
        ),
        (
            lambda: survey_noise.sampling_noise(np.zeros((9, 2)), np.ones((9, 2))),
            r"^shares must lie strictly between 0 and 100 percent and sizes above 0, without gaps\.$",
        ),
        (
            lambda: survey_noise.wording_thresholds([1.0], [True, False]),
            r"^size and called_real have shapes \(1,\) and \(2,\); give as many of each, no gaps\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
