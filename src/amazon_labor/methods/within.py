"""The slope inside units of a panel: fixed effects by demeaning, errors clustered by unit.

Arellano (1987, Oxford Bulletin of Economics and Statistics 49: 431-434). With few clusters the interval uses Student's t with
clusters less one degrees of freedom and the usual factor for small samples (Cameron and Miller 2015, Journal of Human
Resources 50: 317-372).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Within:
    """Slope of y on x inside units, its clustered error, observations and units."""

    slope: float
    error: float
    n: int
    units: int

    def interval(self, level: float = 90) -> tuple[float, float]:
        """Interval of the slope by Student's t with units less one degrees of freedom."""
        if not 0 < level < 100:
            raise ValueError(f"level is {level!r}; it is a percentage between 0 and 100.")
        reach = float(stats.t.ppf(0.5 + level / 200, self.units - 1)) * self.error
        return self.slope - reach, self.slope + reach


def slope(y: ArrayLike, x: ArrayLike, units: Sequence[str]) -> Within:
    """Regress `y` on `x` with an effect for each unit.

    Parameters
    ----------
    y, x : array_like, shape (n,)
        Observations without a gap.
    units : sequence of str, length n
        Unit of each observation; errors may be correlated inside a unit.

    Raises
    ------
    ValueError
        If there are fewer than three units, a gap, or no variation of `x` inside units.
    """
    a, b = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    names, code = np.unique(np.asarray(units), return_inverse=True)
    if not (len(a) == len(b) == len(code)) or len(names) < 3 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError(
            f"{len(a)} and {len(b)} observations of {len(names)} units; three units without a gap are needed."
        )
    count = np.bincount(code)
    a, b = (v - (np.bincount(code, v) / count)[code] for v in (a, b))
    inner = float(b @ b)
    if not inner > 0:
        raise ValueError("the regressor does not vary inside any unit.")
    estimate = float(a @ b) / inner
    scores = np.bincount(code, b * (a - estimate * b))
    groups, n = len(names), len(a)
    factor = groups / (groups - 1) * (n - 1) / (n - 1 - 1)
    return Within(estimate, float(np.sqrt(factor * (scores @ scores))) / inner, n, groups)
