"""Contributions of groups to the change of members and of their share of jobs; they add up exactly.

With members ``M``, jobs ``E`` and the share ``d = M / E``, the product rule at midpoints is exact for finite changes:
``dM = mean(d) dE + mean(E) dd``. So the change of the share is a sum over groups: each adds its members and takes away the
jobs it gained, valued at the mean share. This is Bennet's (1920) indicator for a ratio.
"""

import math
from collections.abc import Mapping

Cell = tuple[float, float]


def share_contributions(start: Mapping[str, Cell], end: Mapping[str, Cell]) -> dict[str, Cell]:
    """Split the change of a share of jobs over groups.

    Parameters
    ----------
    start, end : mapping of group to (members, jobs)
        A partition of all workers at two dates.

    Returns
    -------
    dict
        For each group the percentage points from its members and from its jobs; all of them sum to the change of the share.
    """
    if set(start) != set(end) or not start:
        raise ValueError(f"groups differ between the dates: {sorted(set(start) ^ set(end))}.")
    sums = [[math.fsum(cell[k] for cell in side.values()) for k in (0, 1)] for side in (start, end)]
    if not all(jobs > 0 for _, jobs in sums):
        raise ValueError("there must be jobs at both dates.")
    share = (sums[0][0] / sums[0][1] + sums[1][0] / sums[1][1]) / 2
    jobs = (sums[0][1] + sums[1][1]) / 2
    return {
        name: (
            100 * (end[name][0] - start[name][0]) / jobs,
            -100 * share * (end[name][1] - start[name][1]) / jobs,
        )
        for name in start
    }


def partition(parts: Mapping[str, Cell], whole: Cell, rest: str) -> dict[str, Cell]:
    """Complete groups to the whole: what they leave over, or what rounding adds or takes, stands under `rest`.

    Raises
    ------
    ValueError
        If `rest` is already the name of a group.
    """
    if rest in parts:
        raise ValueError(f"{rest!r} is the name of a group; the remainder needs another.")
    left = tuple(whole[k] - math.fsum(cell[k] for cell in parts.values()) for k in (0, 1))
    return dict(parts) | {rest: (left[0], left[1])}
