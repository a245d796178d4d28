"""Local projections: the path of one series after a movement of another, one regression for each horizon.

For every horizon h the sum of the response over t, ..., t + h is regressed on the impulse at t, given both series' own
past. Sums of neighbouring months overlap, so errors are serially correlated up to h: either the covariance allows for that
(Newey and West), or, with lags of both series among the regressors, heteroskedasticity-robust errors are enough, since what
is left of the impulse cannot be predicted (lag augmentation).

References
----------
Jorda, O. (2005), American Economic Review 95(1), 161-182.
Newey, W. K. and West, K. D. (1987), Econometrica 55(3), 703-708.
Montiel Olea, J. L. and Plagborg-Moller, M. (2021), Econometrica 89(4), 1789-1823.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from amazon_labor.methods.breaks import long_run
from amazon_labor.methods.trends import newey_west

Floats = NDArray[np.float64]
ERRORS = ("HAC", "lag-augmented")


def local_projection(
    response: ArrayLike,
    impulse: ArrayLike,
    horizon: int,
    *,
    controls: int = 3,
    errors: str = "HAC",
    level: float = 90,
    omit: ArrayLike | None = None,
) -> pd.DataFrame:
    """Cumulative response to one unit of the impulse, with pointwise intervals.

    Parameters
    ----------
    response, impulse : array_like, shape (n,)
        Changes or rates, in order of time, without gaps.
    horizon : int
        Last horizon; 0 is the period of the impulse itself.
    controls : int
        Lags of both series among the regressors.
    errors : str
        `HAC`, Newey and West with a bandwidth of the horizon plus their rule of thumb; or `lag-augmented`, robust to
        heteroskedasticity only.
    level : float
        Probability inside the intervals, percent, by Student's t.
    omit : array_like of bool, shape (n,), optional
        Periods whose impulse is left out of every regression; they still count as response and as lags.

    Returns
    -------
    pandas.DataFrame
        Indexed by `horizon`: `estimate`, `error`, `low`, `high`, `n`.

    Raises
    ------
    ValueError
        For unequal lengths, missing values, unknown errors, or too few periods.
    """
    y, x = _series(response, impulse)
    if errors not in ERRORS:
        raise ValueError(f"errors is {errors!r}; allowed are {', '.join(ERRORS)}.")
    dropped = np.zeros(len(y), bool) if omit is None else np.asarray(omit, bool)
    columns = 2 + 2 * controls
    rows = {}
    for h in range(horizon + 1):
        at = np.arange(controls, len(y) - h)
        at = at[~dropped[at]]
        if controls < 1 or horizon < 0 or len(at) < 2 * columns:
            raise ValueError(
                f"{len(y)} periods are too few for horizon {h} with {controls} lags, or these are below one."
            )
        sums = np.concatenate([[0.0], np.cumsum(y)])
        target = sums[at + h + 1] - sums[at]
        lagged = [s[at - j] for s in (y, x) for j in range(1, controls + 1)]
        design = np.column_stack([x[at], np.ones(len(at)), *lagged])
        bandwidth = h + newey_west(len(at)) if errors == "HAC" else 0
        rows[h] = (*_first_coefficient(target, design, bandwidth), len(at))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "error", "n"]).rename_axis("horizon")
    reach = stats.t.ppf(0.5 + level / 200, table["n"] - columns) * table["error"]
    return table.assign(low=table["estimate"] - reach, high=table["estimate"] + reach)


def _first_coefficient(target: Floats, design: Floats, bandwidth: int) -> tuple[float, float]:
    """First least-squares coefficient and its standard error, with the correction n / (n - k)."""
    n, k = design.shape
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ target
    scores = design * (target - design @ beta)[:, None]
    covariance = inverse @ (n * long_run(scores, bandwidth)) @ inverse * n / (n - k)
    return float(beta[0]), float(np.sqrt(covariance[0, 0]))


def _series(response: ArrayLike, impulse: ArrayLike) -> tuple[Floats, Floats]:
    y, x = np.asarray(response, np.float64), np.asarray(impulse, np.float64)
    if y.ndim != 1 or y.shape != x.shape or not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError("response and impulse must be of one length and hold no missing values.")
    return y, x
