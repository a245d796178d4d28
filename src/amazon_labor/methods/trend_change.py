"""How far a change departs from what a straight trend implied, with the interval in which it should have fallen.

A level can lie off its trend because the years before already did; a claim that something made matters worse is about the
change. The departure is a linear form of the observations, so its error under the trend follows from its weights: those of
the fitted slope, of the first and of the last year. It is the prediction error of a new observation (Greene 2018,
Econometric Analysis, 4.8) with the residual of the first year taken off.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrendChange:
    """Change from `start` to `end` less that of the trend, in the unit of the series.

    Attributes
    ----------
    change, implied : float
        Observed change, and the slope times the years between.
    error : float
        Standard error of the departure if the trend had gone on.
    freedom : int
        Residual degrees of freedom of the trend.
    """

    change: float
    implied: float
    error: float
    freedom: int

    @property
    def departure(self) -> float:
        return self.change - self.implied

    @property
    def t(self) -> float:
        return self.departure / self.error

    def interval(self, level: float = 90) -> tuple[float, float]:
        """Departure with what chance alone could add or take, by Student's t; the trend holds when it encloses zero.

        Exact when both years lie after the trend. From a year inside it the interval is a little too wide (about 92
        instead of 90 percent with ten years), because that year's residual is part of the scatter as well.
        """
        if not 0 < level < 100:
            raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
        reach = float(stats.t.ppf(0.5 + level / 200, self.freedom)) * self.error
        return self.departure - reach, self.departure + reach


def change_from_trend(years: ArrayLike, values: ArrayLike, train: tuple[int, int], start: int, end: int) -> TrendChange:
    """Compare the change from `start` to `end` with the straight line through the years of `train`.

    Parameters
    ----------
    years, values : array_like, shape (n,)
        Series without gaps in the years used.
    train : (int, int)
        First and last year of the trend, at least four years.
    start, end : int
        Years compared; `end` lies after the trend, `start` may lie in it.
    """
    series = pd.Series(np.asarray(values, dtype=np.float64), index=np.asarray(years).astype(int))
    first, last = train
    span = np.arange(first, last + 1)
    needed = sorted({*span.tolist(), start, end})
    missing = [year for year in needed if year not in series.index or not math.isfinite(series[year])]
    if missing:
        raise ValueError(f"the series has no value for {', '.join(map(str, missing))}.")
    if len(span) < 4 or not start < end or end <= last:
        raise ValueError(
            f"train is {train}, start {start}, end {end}; four years or more, start before end, end after."
        )
    y, x = series.loc[span.tolist()].to_numpy(), span - span.mean()
    slope_weights = x / (x @ x)
    slope = float(slope_weights @ y)
    sigma = math.sqrt(float(((y - y.mean() - slope * x) ** 2).sum()) / (len(span) - 2))
    weights = dict(zip(span.tolist(), -(end - start) * slope_weights, strict=True))
    for year, sign in ((start, -1.0), (end, 1.0)):
        weights[year] = weights.get(year, 0.0) + sign
    error = sigma * math.sqrt(math.fsum(w * w for w in weights.values()))
    return TrendChange(float(series[end] - series[start]), slope * (end - start), error, len(span) - 2)


def placebo_changes(years: ArrayLike, values: ArrayLike, window: int, ahead: int) -> pd.DataFrame:
    """Repeat the comparison at every earlier date: a trend of `window` years, then a change of `ahead` years.

    Returns
    -------
    pandas.DataFrame
        `end`, `departure`, `t` for each last year that the series allows, in order.
    """
    index = np.asarray(years).astype(int)
    rows = []
    for last in range(int(index.min()) + window - 1, int(index.max()) - ahead + 1):
        found = change_from_trend(index, values, (last - window + 1, last), last, last + ahead)
        rows.append((last + ahead, found.departure, found.t))
    if not rows:
        raise ValueError(f"a window of {window} and {ahead} years ahead do not fit into {len(index)} years.")
    return pd.DataFrame(rows, columns=["end", "departure", "t"])
