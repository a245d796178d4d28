"""Words, marks and axes of the house style, drawn on matplotlib axes; import them through `charts`."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import matplotlib.ticker
import numpy as np
from matplotlib.axes import Axes

from amazon_labor import palette, wording

C1, C2, C3, C4 = (palette.LIGHT[k] for k in ("c1", "c2", "c3", "c4"))
INK, MUTED, SHADE, LINE, PAPER = (palette.LIGHT[k] for k in ("ink", "muted", "shade", "line", "surface"))
RAMP, DIVERGING = palette.RAMP_LIGHT, palette.DIVERGING_LIGHT
DASHES = (0, (4, 2))

# marks of a gid, read when the figure is saved and when the page rebuilds it
WIDE, NARROW, ON, ONCE, END = "wide", "narrow", "on", "once", "end"

UNIT_MARKS: dict[str, tuple[str, str]] = {
    "percent": ("", "%"),
    "percentage points": ("", " points"),
    "USD": ("$", ""),
    "USD per hour": ("$", ""),
    "million USD": ("$", "m"),
    "billion USD": ("$", "bn"),
    "trillion USD": ("$", "tn"),
    "thousand": ("", "k"),
    "million": ("", "m"),
}


class ChartError(ValueError):
    """A figure that breaks a rule of the house style; the message says which and what to do."""


# --- words ------------------------------------------------------------------------------------------------------------
def put(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    dx: float = 0,
    dy: float = 0,
    *,
    ha: str = "left",
    coords: Any = "data",
    size: float = 9,
    color: str = INK,
    weight: str = "normal",
    mark: str = "",
    clip: bool | None = None,
) -> None:
    """Write words at a point, `dx` and `dy` units (1/72 inch) away from it.

    Each line becomes a text of its own: the reader's font is not the one measured here, so only the anchor of a line
    can be trusted. Words anchored in data coordinates outside the axes are left out, so that a label cannot stray when
    a parameter moves the range. `mark` may hold ``wide`` (left out on a phone) and ``on`` (stands on a tile or shade).
    """
    lines = text.split("\n")
    for k, line in enumerate(lines):
        lift = dy + (len(lines) / 2 - k - 0.5) * size * 1.2
        ax.annotate(
            line,
            (x, y),
            xycoords=coords,
            xytext=(dx, lift),
            textcoords="offset points",
            ha=ha,
            va="center",
            size=size,
            color=color,
            weight=weight,
            annotation_clip=clip,
            gid=mark or None,
        )


def end_label(ax: Axes, x: float, y: float, text: str, color: str, dy: float = 0, dx: float = 5) -> None:
    """Name a line at its end, in its colour; labels of one axes that would touch are moved apart when it is saved."""
    put(ax, x, y, text, dx, dy, color=color, weight="bold", mark=END, clip=False)


def event(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    dx: float = 0,
    dy: float = 24,
    *,
    ha: str = "center",
    wide: bool = False,
) -> None:
    """Mark a dated point with dot, leader and words; it drops out when the point lies outside the axes.

    ``wide=True`` leaves the event out on a phone.
    """
    mark = WIDE if wide else None
    gap = (6 if dy > 0 else -6) * text.count("\n") + (5 if dy > 0 else -5)
    reach = dx if abs(dx) < 60 else dx * 0.4
    leader = {"arrowstyle": "-", "color": MUTED, "lw": 0.8, "shrinkA": 0, "shrinkB": 3, "gid": mark}
    ax.annotate(
        "",
        (x, y),
        xytext=(reach, dy - gap),
        textcoords="offset points",
        gid=mark,
        arrowprops=leader,
        annotation_clip=True,
    )
    without_scaling(ax, lambda: ax.plot([x], [y], "o", ms=4, color=INK, zorder=5, gid=mark))
    put(ax, x, y, text, dx, dy, ha=ha, size=8.5, mark=mark or "", clip=True)


# --- marks ------------------------------------------------------------------------------------------------------------
def line(
    ax: Axes,
    x: Sequence[Any],
    y: Sequence[float],
    label: str | None = None,
    color: str = C1,
    *,
    dashed: bool = False,
    width: float = 2,
    dy: float = 0,
) -> None:
    """Draw a line, broken where `y` is missing, and name it at its last value."""
    xs, ys = np.asarray(x), np.asarray(y, dtype=float)
    ax.plot(xs, ys, color=color, lw=width, ls=DASHES if dashed else "-")
    present = np.flatnonzero(np.isfinite(ys))
    if label and present.size:
        end_label(ax, xs[present[-1]], ys[present[-1]], label, color, dy)


def band(
    ax: Axes, x: Sequence[Any], low: Sequence[float], high: Sequence[float], color: str = C1, strength: float = 0.18
) -> None:
    """Fill between two lines; bands drawn over one another add up, so draw the widest first."""
    below, above = (np.asarray(v, dtype=float) for v in (low, high))
    ax.fill_between(np.asarray(x), below, above, color=color, alpha=strength, lw=0)


def shade(ax: Axes, spans: Iterable[tuple[Any, Any]], label: str | None = None) -> None:
    """Grey bands for recessions or wars; the word stands over the first one in view. The range of the axes stays."""
    for start, end in spans:
        without_scaling(ax, partial(ax.axvspan, start, end, color=SHADE, lw=0, zorder=0))
        if label:
            at = ("data", "axes fraction")
            put(ax, start, 1, label, 0, 7, coords=at, size=8, color=MUTED, mark=ONCE)


def forecast(
    ax: Axes,
    x: Sequence[Any],
    mean: Sequence[float],
    bands: Sequence[tuple[Sequence[float], Sequence[float]]],
    *,
    last_observed: Any = None,
    outcomes: tuple[Sequence[Any], Sequence[float]] | None = None,
    label: str | None = None,
    color: str = C1,
) -> None:
    """Draw a forecast dashed with its bands (widest first), the last observed date dotted, and outcomes as dots."""
    for low, high in bands:
        band(ax, x, low, high, color)
    line(ax, x, mean, label, color, dashed=True)
    if last_observed is not None:
        ax.axvline(last_observed, color=MUTED, lw=0.8, ls=(0, (1, 2)))
    if outcomes is not None:
        ax.plot(np.asarray(outcomes[0]), np.asarray(outcomes[1], dtype=float), "o", color=C2, ms=5)


def without_scaling(ax: Axes, draw: Callable[[], Any]) -> None:
    """Draw without letting the mark widen the range of the axes: context follows the data, never the reverse."""
    limits, automatic = ax.dataLim.frozen(), (ax.get_autoscalex_on(), ax.get_autoscaley_on())
    draw()
    ax.dataLim.set(limits)
    ax.set_autoscalex_on(automatic[0])
    ax.set_autoscaley_on(automatic[1])


# --- axes -------------------------------------------------------------------------------------------------------------
def percent_axis(ax: Axes, axis: str = "y") -> None:
    """Write numbers plainly and the percent sign once, at the last tick."""
    unit_axis(ax, "percent", axis)


def unit_axis(ax: Axes, unit: str, axis: str = "y") -> None:
    """Write the unit once, at the last tick: "35%", "$40bn"; other units follow as words."""
    before, after = UNIT_MARKS.get(unit, ("", f" {unit}" if unit else ""))
    which = ax.yaxis if axis == "y" else ax.xaxis

    def text(value: float, _position: int | None = None) -> str:
        low, high = sorted(which.get_view_interval())
        edge = (high - low) * 1e-9
        shown = [t for t in which.get_majorticklocs() if low - edge <= t <= high + edge]
        plain = f"{abs(value):,.10g}"
        sign = wording.MINUS if value < 0 else ""
        last = bool(shown) and abs(value - max(shown)) <= edge
        return f"{sign}{before}{plain}{after}" if last else f"{sign}{plain}"

    which.set_major_formatter(matplotlib.ticker.FuncFormatter(text))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Move values apart until neighbours are `gap` away, keeping order and centre of each cluster."""
    order = np.argsort(values, kind="stable")
    clusters: list[tuple[float, int]] = []  # mean position and size
    for value in np.asarray(values, dtype=float)[order]:
        clusters.append((float(value), 1))
        while len(clusters) > 1:
            (a, n), (b, m) = clusters[-2:]
            if b - a >= gap * (n + m) / 2 - 1e-12:
                break
            clusters[-2:] = [((a * n + b * m) / (n + m), n + m)]
    placed = [mean + gap * (k - (size - 1) / 2) for mean, size in clusters for k in range(size)]
    result = np.empty(len(placed))
    result[order] = placed
    return [float(v) for v in result]
