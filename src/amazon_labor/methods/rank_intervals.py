"""How sure a rank is, when what is ranked was estimated from samples.

A rank counts those above, and each of these comparisons is a test. With n - 1 of them at a joint level (Bonferroni), the
number clearly above and the number clearly below bound the rank from both sides: a confidence set in the manner of
Mogstad, Romano, Shaikh and Wilhelm (2024), somewhat wider than their bootstrap.

Reference
---------
Mogstad, M., Romano, J. P., Shaikh, A. M. and Wilhelm, D. (2024), Review of Economic Studies 91(1), 476-518.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


def rank(values: ArrayLike, position: int) -> int:
    """Rank of one value from the top, 1 for the largest; ties share the better rank."""
    x = np.asarray(values, np.float64)
    return 1 + int((x > x[position]).sum())


def rank_interval(values: ArrayLike, errors: ArrayLike, position: int, level: float = 90) -> tuple[int, int]:
    """Best and worst rank of one value that the errors leave open.

    Parameters
    ----------
    values, errors : array_like, shape (n,)
        Independent estimates with their standard errors.
    position : int
        Which one.
    level : float
        Joint level in percent.
    """
    x, e = np.asarray(values, np.float64), np.asarray(errors, np.float64)
    if x.shape != e.shape or x.ndim != 1 or len(x) < 2:
        raise ValueError(f"values and errors have shapes {x.shape} and {e.shape}; two or more pairs are needed.")
    if not 0 < level < 100 or (e < 0).any():
        raise ValueError(f"level is {level!r}, a percentage between 0 and 100, and errors are never negative.")
    others = np.arange(len(x)) != position
    critical = float(stats.norm.ppf(1 - (1 - level / 100) / 2 / (len(x) - 1)))
    gap = x[others] - x[position]
    reach = critical * np.hypot(e[others], e[position])
    return 1 + int((gap > reach).sum()), len(x) - int((gap < -reach).sum())
