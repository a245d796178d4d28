"""The strip of a ledger row: what the wording allows, what was computed, and how far the readings spread."""

from html import escape

from amazon_labor import wording
from amazon_labor.claim_ledger import LedgerRow
from amazon_labor.claim_tables import YES_NO

WIDTH, EDGE = 300, 6
NEAR = 46  # units under which the words of two ends would touch


def strip(row: LedgerRow) -> str:
    """Return one axis as SVG, or nothing where there is no number to draw.

    The band of allowed values fills a third of the axis at most, so that a difference of 0.01 in 11.6 does not look
    like a gulf.
    """
    if row.value is None or row.unit in (YES_NO, "date"):
        return ""
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    start, end = _axis(row, low, high)

    def x(value: float) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (min(max(value, start), end) - start) / (end - start)

    allowed = x(start if row.lower is None else row.lower), x(end if row.upper is None else row.upper)
    left = min(max(0.0, allowed[0]), WIDTH - 3.0)
    marks = [
        f'<rect class="st-ok" x="{left:.1f}" y="2" width="{max(3.0, allowed[1] - left):.1f}" height="20"/>',
        f'<path class="st-axis" d="M{EDGE} 12H{WIDTH - EDGE}"/>',
        f'<path class="st-range" d="M{x(low):.1f} 12H{x(high):.1f}"/>' if high > low else "",
        f'<circle class="st-dot" cx="{x(row.value):.1f}" cy="12" r="4.5"/>',
        ""
        if row.stated_value is None
        else f'<path class="st-stated" d="M{x(row.stated_value):.1f} 4.5l7 7.5-7 7.5-7-7.5z"/>',
        _ends(x(low), x(high), low, high),
    ]
    label = escape(_words(row, low, high))
    return f'<svg class="strip" viewBox="0 0 {WIDTH} 36" role="img" aria-label="{label}">{"".join(marks)}</svg>'


def _axis(row: LedgerRow, low: float, high: float) -> tuple[float, float]:
    bounds = [b for b in (row.lower, row.upper) if b is not None]
    points = [low, high, row.value or 0.0, *bounds]
    points += [] if row.stated_value is None else [row.stated_value]
    wide = bounds[1] - bounds[0] if len(bounds) == 2 else 0.0
    points += [bounds[0] - wide, bounds[1] + wide] if wide else []
    start, end = min(points), max(points)
    if len(bounds) == 1:  # a band without an end reaches on beyond everything drawn
        start, end = (start, end + (end - start) * 0.2) if row.upper is None else (start - (end - start) * 0.2, end)
    room = (end - start) * 0.06 or abs(end) * 0.02 or 1.0
    return start - room, end + room


def _ends(left: float, right: float, low: float, high: float) -> str:
    if low == high:
        return ""
    whole = float(low).is_integer() and float(high).is_integer()
    digits = 0 if whole else wording.default_digits(max(abs(low), abs(high)))
    text = _end(left, wording.number(low, digits))
    return text + _end(right, wording.number(high, digits)) if right - left > NEAR else text


def _end(at: float, words: str) -> str:
    anchor = "start" if at < 30 else "end" if at > WIDTH - 30 else "middle"
    return f'<text x="{at:.1f}" y="33" text-anchor="{anchor}">{words}</text>'


def _words(row: LedgerRow, low: float, high: float) -> str:
    parts = [f"Stated {row.stated}", f"computed {row.computed}"]
    if high > low:
        parts.append(f"range {wording.interval(low, high)}")
    parts.append(f"the wording allows {row.band}")
    return "; ".join(parts)
