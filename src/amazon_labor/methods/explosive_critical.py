"""Critical values of the recursive tests in `explosive`, simulated once and kept as a table.

Each row gives, for a shortest window and a number of observations from the first to the last, the 90, 95 and 99 percent
points of BSADF at that observation, of SADF and of GSADF up to it. They come from `explosive.simulate(LONGEST,
(36, 60, 100), DRAWS, SEED)`: random walks with standard normal steps, no lags. A fixed number of lags leaves the limit
distribution as it is (Phillips, Shi and Yu 2015). The simulation error of a 95 percent point is about 0.03, of a 99
percent point about 0.06. Between rows values are interpolated in the logarithm of observations over window and linearly
in the window; at windows of 48 and 80 that moves a 95 percent point by about 0.1 at most.

An episode is dated by comparing BSADF with a point of the same month. Three are in use: SADF, as the text of Phillips, Shi
and Yu (2015) has it; BSADF itself, as in programs that reproduce their tables, which is lower and holds the error rate of
one month looked at alone; and GSADF, which holds it for all months up to this one. `explosive.false_alarms` compares them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DRAWS = 4000
SEED = 20220401
LONGEST = 1900
SHORTEST_WINDOW, LONGEST_WINDOW = 36, 100
LEVELS = (90, 95, 99)
STATISTICS = ("bsadf", "sadf", "gsadf")

# window, observations; BSADF at 90, 95, 99 percent; SADF; GSADF
_ROWS = """
    36 36 -0.41 -0.03 0.59 -0.41 -0.03 0.59 -0.41 -0.03 0.59
    36 37 -0.34 -0.00 0.70 -0.28 0.10 0.78 -0.25 0.13 0.80
    36 40 -0.28 0.12 0.83 -0.04 0.28 1.09 0.06 0.39 1.14
    36 43 -0.25 0.09 0.88 0.08 0.43 1.17 0.22 0.53 1.26
    36 49 -0.17 0.17 0.81 0.23 0.59 1.36 0.44 0.78 1.52
    36 58 -0.10 0.27 0.89 0.41 0.73 1.44 0.71 1.03 1.67
    36 72 0.02 0.37 1.01 0.57 0.93 1.57 0.97 1.30 1.91
    36 108 0.09 0.44 1.12 0.78 1.13 1.71 1.30 1.60 2.14
    36 162 0.23 0.57 1.15 0.95 1.27 1.77 1.57 1.84 2.38
    36 252 0.28 0.63 1.22 1.08 1.38 1.93 1.80 2.05 2.58
    36 396 0.31 0.63 1.28 1.17 1.51 2.01 1.98 2.25 2.73
    36 612 0.38 0.71 1.35 1.26 1.56 2.09 2.18 2.40 2.89
    36 936 0.42 0.71 1.39 1.31 1.59 2.13 2.33 2.55 3.01
    36 1368 0.48 0.78 1.40 1.36 1.63 2.20 2.47 2.66 3.16
    36 1900 0.51 0.80 1.37 1.42 1.67 2.20 2.56 2.78 3.26
    60 60 -0.44 -0.06 0.63 -0.44 -0.06 0.63 -0.44 -0.06 0.63
    60 62 -0.36 -0.01 0.70 -0.27 0.10 0.81 -0.22 0.17 0.86
    60 66 -0.29 0.09 0.83 -0.09 0.32 1.01 0.01 0.42 1.15
    60 72 -0.21 0.17 0.78 0.10 0.47 1.23 0.26 0.64 1.36
    60 81 -0.13 0.21 0.83 0.28 0.68 1.34 0.51 0.87 1.51
    60 96 -0.07 0.27 0.93 0.46 0.82 1.50 0.76 1.10 1.68
    60 120 0.00 0.37 0.96 0.64 0.96 1.61 1.00 1.30 1.87
    60 180 0.10 0.42 1.07 0.83 1.18 1.72 1.33 1.60 2.15
    60 270 0.17 0.48 1.11 0.97 1.29 1.80 1.54 1.78 2.30
    60 420 0.25 0.59 1.15 1.09 1.44 1.93 1.77 2.03 2.52
    60 660 0.35 0.65 1.23 1.20 1.53 1.97 1.99 2.25 2.64
    60 1020 0.33 0.68 1.29 1.27 1.57 2.07 2.19 2.38 2.83
    60 1560 0.43 0.75 1.31 1.33 1.61 2.11 2.31 2.52 3.02
    60 1900 0.45 0.73 1.31 1.37 1.63 2.11 2.37 2.58 3.06
    100 100 -0.42 -0.07 0.65 -0.42 -0.07 0.65 -0.42 -0.07 0.65
    100 104 -0.34 0.00 0.67 -0.21 0.14 0.87 -0.16 0.19 0.89
    100 110 -0.28 0.06 0.71 -0.05 0.33 1.00 0.04 0.41 1.11
    100 120 -0.18 0.15 0.77 0.10 0.54 1.23 0.28 0.63 1.44
    100 135 -0.16 0.17 0.80 0.29 0.65 1.43 0.52 0.85 1.57
    100 160 -0.05 0.29 0.91 0.50 0.83 1.56 0.78 1.12 1.73
    100 200 0.02 0.34 0.99 0.66 0.99 1.64 1.01 1.35 1.85
    100 300 0.06 0.37 1.01 0.85 1.18 1.80 1.32 1.63 2.24
    100 450 0.19 0.48 1.08 0.98 1.32 1.90 1.62 1.85 2.36
    100 700 0.23 0.51 1.15 1.11 1.47 1.93 1.81 2.07 2.51
    100 1100 0.32 0.64 1.24 1.19 1.53 2.04 2.00 2.22 2.69
    100 1700 0.39 0.70 1.25 1.29 1.58 2.10 2.14 2.34 2.87
    100 1900 0.40 0.70 1.30 1.31 1.60 2.10 2.19 2.40 2.88
"""
_TABLE = np.array([[float(cell) for cell in row.split()] for row in _ROWS.strip().splitlines()])


def critical_values(observations: ArrayLike, window: int, level: int = 95, statistic: str = "sadf") -> Floats:
    """Value exceeded with probability ``100 - level`` percent by a random walk.

    Parameters
    ----------
    observations : array_like
        Position of the observation looked at, counted from one, at most 1900: the last one for a test of the series.
    window : int
        Shortest window, 36 to 100 observations.
    level : int
        90, 95 or 99.
    statistic : str
        `bsadf`, `sadf` or `gsadf`.

    Returns
    -------
    numpy.ndarray
        One value for each entry; missing where there are fewer observations than `window`.
    """
    if level not in LEVELS or statistic not in STATISTICS:
        raise ValueError(f"level {level!r} and statistic {statistic!r}: tabulated are {LEVELS} and {STATISTICS}.")
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise ValueError(f"window is {window!r}; tabulated are {SHORTEST_WINDOW} to {LONGEST_WINDOW} observations.")
    n = np.asarray(observations, dtype=np.float64)
    if (n > LONGEST).any():
        raise ValueError(f"{int(n.max())} observations; tabulated are at most {LONGEST}.")
    column = 2 + 3 * STATISTICS.index(statistic) + LEVELS.index(level)
    ratio = np.log(np.maximum(n, 1) / window)
    windows = np.unique(_TABLE[:, 0])
    curves = []
    for w in windows:
        rows = _TABLE[_TABLE[:, 0] == w]
        curves.append(np.interp(ratio, np.log(rows[:, 1] / w), rows[:, column]))
    above = int(np.clip(np.searchsorted(windows, window), 1, len(windows) - 1))
    share = (window - windows[above - 1]) / (windows[above] - windows[above - 1])
    values = (1 - share) * curves[above - 1] + share * curves[above]
    return np.where(n < window, np.nan, values)
