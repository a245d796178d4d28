"""The chart forms of the house style, each for one kind of question; import them through `charts`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from amazon_labor import palette, wording
from amazon_labor.charts_marks import (
    C1,
    C2,
    END,
    INK,
    LINE,
    MUTED,
    NARROW,
    ON,
    PAPER,
    RAMP,
    SHADE,
    UNIT_MARKS,
    WIDE,
    ChartError,
    end_label,
    line,
    put,
)

_GRID = (
    "AK . . . . . . . . . ME",
    ". . . . . . . . . VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT .",
    "CA UT CO NE MO KY WV VA MD DE .",
    ". AZ NM KS AR TN NC SC DC . .",
    ". . . OK LA MS AL GA . . .",
    "HI . . TX . . . . FL . .",
)
TILES = {s: (c, r) for r, row in enumerate(_GRID) for c, s in enumerate(row.split()) if s != "."}


def slope(ax: Axes, rows: Sequence[tuple[str, float, float, str]], years: tuple[str, str], digits: int = 0) -> None:
    """Compare two dates for five to nine things; `rows` are (name, start, end, colour)."""
    ax.grid(visible=False)
    ax.set_yticks([])
    ax.set_xlim(-0.04, 1.04)
    for side in (0, 1):
        ax.axvline(side, color=LINE, lw=1)
    for name, start, end, color in rows:
        ax.plot([0, 1], [start, end], "-o", color=color, ms=5)
        put(ax, 0, start, wording.number(start, digits), -8, ha="right", color=color, mark=END, clip=False)
        end_label(ax, 1, end, f"{wording.number(end, digits)} {name}", color, dx=8)
    ax.set_xticks([0, 1], list(years))
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)


def dots(
    ax: Axes,
    rows: Sequence[tuple[Any, ...]],
    reference: float | tuple[float, float] | None = None,
    reference_label: str = "",
    *,
    digits: int | None = None,
    unit: str = "",
) -> None:
    """Estimates side by side; `rows` are (name, value, low, high, colour) from top to bottom.

    `low`, `high` and the colour may be left out; a value of None is written as "no data". The name stands left of its
    row, on a phone above it, and the value right of the interval. `reference` is a number or a range.
    """
    ax.grid(visible=False)
    ax.xaxis.grid(visible=True)
    before, after = UNIT_MARKS.get(unit, ("", f" {unit}" if unit else ""))
    for k, row in enumerate(rows):
        name, value, low, high, color = (*row, *(None, None, None, C1)[len(row) - 1 :])[:5]
        put(ax, 0, k, name, -8, ha="right", coords=("axes fraction", "data"), mark=WIDE, clip=False)
        put(ax, 0, k, name, 2, 12, coords=("axes fraction", "data"), mark=NARROW)
        if value is None:
            put(ax, 0, k, "no data", 2, 0, coords=("axes fraction", "data"), color=MUTED)
            continue
        if low is not None and high is not None:
            ax.plot([low, high], [k, k], color=color, lw=6, alpha=0.35, solid_capstyle="butt")
        ax.plot(value, k, "o", color=color, ms=7)
        text = wording.number(value, digits)
        text = text[:1] + before + text[1:] if text.startswith(wording.MINUS) else before + text
        put(ax, value if high is None else high, k, text + after, 8, size=9.5, color=color, weight="bold", clip=False)
    if reference is not None:
        _reference(ax, reference, reference_label)
    ax.set_yticks([])
    ax.set_ylim(len(rows) - 0.55, -0.75)


def _reference(ax: Axes, reference: float | tuple[float, float], label: str) -> None:
    low, high = reference if isinstance(reference, tuple) else (reference, reference)
    if high > low:
        ax.axvspan(low, high, color=SHADE, lw=0, zorder=0)
    else:
        ax.axvline(low, color=INK, lw=1, ls=(0, (3, 2)))
    at = ("data", "axes fraction")
    put(ax, (low + high) / 2, 1, label, 0, 7, ha="center", coords=at, size=8.5, color=MUTED)


def bridge(ax: Axes, steps: Sequence[tuple[str, float, str]], digits: int = 1, tolerance: float | None = None) -> None:
    """Show how one total becomes another; `steps` are (name, amount, kind) with kind ``total`` or ``step``.

    A name has at most two short lines, split by a line break.

    Raises
    ------
    ChartError
        If a later total is not the sum of what came before, within `tolerance` (half of the last printed digit for
        each step by default).
    """
    room = 0.5 * 10.0**-digits * len(steps) if tolerance is None else tolerance
    run = 0.0
    for k, (name, amount, kind) in enumerate(steps):
        total = kind == "total"
        if total and k and abs(amount - run) > room:
            raise ChartError(f"bridge: the steps before {name!r} add up to {run:.10g}, but the total is {amount:.10g}.")
        base = 0.0 if total else run
        color = INK if total else C1 if amount >= 0 else C2
        ax.bar(k, amount, bottom=base, color=color, width=0.62)
        text = wording.number(amount, digits, sign=not total)
        put(ax, k, max(base, base + amount), text, 0, 7, ha="center", color=color, weight="bold", clip=False)
        run = base + amount
        if k < len(steps) - 1:
            ax.plot([k + 0.31, k + 0.69], [run, run], color=MUTED, lw=0.8)
        below = -6 - 5.5 * (1 + name.count("\n"))
        put(ax, k, 0, name, 0, below, ha="center", coords=("data", "axes fraction"), size=8)
    ax.set_xlim(-0.5, len(steps) - 0.5)
    ax.set_xticks(range(len(steps)), [" "] * len(steps))
    ax.tick_params(axis="x", length=0, pad=14)


def small_multiples(
    axes: Any,
    panels: Sequence[tuple[str, Sequence[Any], Sequence[float], str]],
    context: tuple[Sequence[Any], Sequence[float]] | None = None,
    *,
    digits: int = 0,
) -> None:
    """One shape for each group on one scale; `panels` are (name of at most 14 characters, x, y, colour).

    First and last value are written; every panel repeats `context` (x, y) in grey. Axes left over are hidden.
    """
    grid = np.ravel(np.asarray(axes, dtype=object))
    if len(panels) > len(grid):
        raise ChartError(f"small_multiples: {len(panels)} panels do not fit into {len(grid)} axes.")
    for ax, (name, x, y, color) in zip(grid, panels, strict=False):
        if len(name) > 14:
            raise ChartError(f"small_multiples: the name {name!r} has {len(name)} characters; 14 fit on a phone.")
        if context is not None:
            ax.plot(*(np.asarray(v) for v in context), color=MUTED, lw=1, alpha=0.7)
        xs, ys = np.asarray(x), np.asarray(y, dtype=float)
        line(ax, list(xs), list(ys), color=color)
        ax.set_title(name, loc="left", size=9.5, weight="bold", color=INK)
        seen = np.flatnonzero(np.isfinite(ys))
        if not seen.size:
            raise ChartError(f"small_multiples: the panel {name!r} has no value.")
        first, last = seen[0], seen[-1]
        put(ax, xs[last], ys[last], wording.number(ys[last], digits), 4, color=color, weight="bold", clip=False)
        put(ax, xs[first], ys[first], wording.number(ys[first], digits), 0, 8, color=color, weight="bold", clip=False)
    for ax in grid[len(panels) :]:
        ax.set_visible(False)


def ramp_key(ax: Axes, x: float, y: float, step: float, height: float, low: str, high: str) -> None:
    """Seven steps with words at both ends, never a shade: dark mode turns the ramp round."""
    for k, color in enumerate(RAMP):
        ax.add_patch(Rectangle((x + k * step, y), step * 0.97, height, facecolor=color, lw=0))
    for at, words, ha in ((x, low, "left"), (x + 7 * step, high, "right")):
        put(ax, at, y + height, words, 0, -7, ha=ha, size=8, color=MUTED)


def tile_map(
    ax: Axes, values: Mapping[str, float], breaks: Sequence[float], digits: int = 0, mark: str | None = None
) -> None:
    """One tile for each state and the District of Columbia; `breaks` are the one to six inner limits of the classes.

    States without a value are grey and say "–"; `mark` outlines one state.
    """
    if not 1 <= len(breaks) <= len(RAMP) - 1 or list(breaks) != sorted(breaks):
        raise ChartError(f"tile_map: breaks are one to {len(RAMP) - 1} rising numbers, not {list(breaks)!r}.")
    if unknown := sorted(set(values) - set(TILES)):
        raise ChartError(f"tile_map: {unknown[0]!r} is no state; use postal abbreviations such as 'NY'.")
    top = len(RAMP) - 1
    known = {s: float(v) for s, v in values.items() if v is not None and np.isfinite(v)}
    step = {s: round(int(np.searchsorted(breaks, v, side="right")) * top / len(breaks)) for s, v in known.items()}
    # one class after the other, so that the page can join neighbouring paths of one colour
    for state in sorted(TILES, key=lambda s: step.get(s, -1)):
        c, r = TILES[state]
        edge = {"edgecolor": C2, "lw": 2.5, "zorder": 3} if state == mark else {"lw": 0}
        face = RAMP[step[state]] if state in step else SHADE
        ax.add_patch(Rectangle((c - 0.47, r - 0.47), 0.94, 0.94, facecolor=face, **edge))
    for state, (c, r) in TILES.items():
        color = PAPER if step.get(state, 0) >= palette.INK_STEPS else INK
        value = wording.number(known[state], digits) if state in known else "–"
        for dy, text in ((-0.16, state), (0.2, value)):
            ax.text(c, r + dy, text, ha="center", va="center", size=8, color=color, gid=ON, zorder=4)
    ax.set(xlim=(-0.55, 10.55), ylim=(7.55, -0.55), aspect="equal")
    ax.axis("off")


def error_surface(
    ax: Axes,
    matrix: Any,
    xlabels: Mapping[int, str],
    ylabels: Sequence[str],
    breaks: Sequence[float],
    mark: int | None = None,
) -> None:
    """Heat map of a loss, rows by columns; the strongest colour is the best fit and `mark` outlines one column.

    `xlabels` maps the columns that are named to their words; `breaks` are up to six rising limits of the loss.
    """
    m = np.asarray(matrix, dtype=float)
    step = 6 - np.minimum(6, np.searchsorted(breaks, m, side="right"))
    for k, color in enumerate(RAMP):
        for r, c in np.argwhere((step == k) & np.isfinite(m)):
            tile = Rectangle((c - 0.5, r - 0.5), 1, 1, facecolor=color, lw=0.4, edgecolor=PAPER)
            ax.add_patch(tile)
    if mark is not None:
        ax.add_patch(Rectangle((mark - 0.5, -0.5), 1, m.shape[0], fill=False, edgecolor=C2, lw=2))
    ax.grid(visible=False)
    ax.set(xlim=(-0.5, m.shape[1] - 0.5), ylim=(m.shape[0] - 0.5, -0.5))
    ax.set_yticks(range(len(ylabels)), list(ylabels), color=INK)
    ax.set_xticks(list(xlabels), list(xlabels.values()))
    ax.spines["bottom"].set_visible(False)
