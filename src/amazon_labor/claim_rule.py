"""The rule that turns computed values into a verdict: pure, total, and the only place a verdict comes from.

A claim has bounds, set from its wording before anything was computed, and readings: the definitions, vintages, dates or
populations under which an economist would defend it, at most one of them the article's own. `docs/claims.md` prints the
rule as a table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

HOLDS, QUALIFIED, FAILS, UNTESTABLE, MISSING = "holds", "qualified", "fails", "untestable", "missing"
WORDS = {
    HOLDS: "Holds",
    QUALIFIED: "Holds with a qualification",
    FAILS: "Does not hold",
    UNTESTABLE: "Cannot be tested here",
    MISSING: "Not computed",
}
LEVEL = 90  # percent; the level at which an interval is compared with the bounds
SIGNIFICANT = 10  # digits compared: further ones differ between processors and carry no information
NOISE = 1e-9  # smaller than any difference a source prints, in every unit in use; what a subtraction leaves of zero


@dataclass(frozen=True)
class Reading:
    """What one interpretation says: true, false, or None where its value could not be had.

    `crosses` is true when the reading holds on its estimate and the interval of the estimate reaches over a bound.
    """

    own: bool
    holds: bool | None
    crosses: bool = False


def comparable(value: float) -> Decimal:
    """Decimal text of a number, to ten significant digits, so that 33.35 is 33.35 and 0.1 + 0.2 is 0.3.

    Raises
    ------
    ValueError
        If the number is not finite.
    """
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not a finite number and cannot be judged.")
    return Decimal(0) if abs(number) < NOISE else Decimal(f"{number:.{SIGNIFICANT}g}")


def within(value: float, lower: float | None, upper: float | None) -> bool:
    """Tell whether a value lies within bounds; both are inclusive, and None is no bound."""
    number = comparable(value)
    return (lower is None or number >= comparable(lower)) and (upper is None or number <= comparable(upper))


def read(
    value: float | None,
    lower: float | None,
    upper: float | None,
    *,
    own: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> Reading:
    """Hold a value, with the interval `low` to `high` if it is estimated, against the bounds of its claim.

    The value decides whether the reading holds; the interval only whether it does so with certainty.
    """
    if value is None:
        return Reading(own, None)
    holds = within(value, lower, upper)
    certain = all(within(end, lower, upper) for end in (low, high) if end is not None)
    return Reading(own, holds, crosses=holds and not certain)


def judge(readings: Sequence[Reading], *, documentary: bool = False, run: bool = True) -> str:
    """Return the verdict on a claim: one of `holds`, `qualified`, `fails`, `untestable`, `missing`.

    Parameters
    ----------
    readings : sequence of Reading
        One for every interpretation listed as judged, in any order; those that could not be had count as unknown.
    documentary : bool
        The claim is a matter of documents, for which there is no series.
    run : bool
        Whether the notebook that computes the claim was run to the end.

    Raises
    ------
    ValueError
        If two readings are marked as the article's own.
    """
    own = [r for r in readings if r.own]
    if len(own) > 1:
        raise ValueError(f"{len(own)} readings are marked as the article's own; one at most can be.")
    if documentary:
        return UNTESTABLE
    if not run:
        return MISSING
    known = [r for r in readings if r.holds is not None]
    if not known:
        return UNTESTABLE
    true = sum(r.holds is True for r in known)
    if true == 0 or any(r.holds is False for r in own):
        return FAILS
    lost = any(r.holds is None for r in own)
    if true < len(known) or lost or any(r.crosses for r in known):
        return QUALIFIED
    return HOLDS
