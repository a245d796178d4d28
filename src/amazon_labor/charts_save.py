"""How a drawing becomes SVG at one of its two widths; used by `charts.Figure` only."""

import io
import textwrap
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation, Text
from matplotlib.textpath import text_to_path

from amazon_labor.charts_marks import END, INK, MUTED, NARROW, ONCE, WIDE, spread

UNITS_PER_INCH = 72
WIDE_INCHES, NARROW_INCHES = 7.2, 3.65
TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 12.5, 9.5, 8.0
LEADING = 1.35


def save(canvas: Canvas, width: float, height: float, head: list[Any], foot: list[Any]) -> str:
    """Save the drawing at one width; `head` and `foot` are lines of (text, size, weight, colour)."""
    above, below = tall(head), tall(foot)
    total = height * UNITS_PER_INCH + above + below
    canvas.set_size_inches(width, total / UNITS_PER_INCH)
    engine: Any = canvas.get_layout_engine()
    engine.set(rect=(0, below / total, 1, 1 - (above + below) / total), w_pad=0.03, h_pad=0.03)
    words = _write(canvas, head, total - 4, total) + _write(canvas, foot, below - 4, total)
    _adapt(canvas, width == WIDE_INCHES, height)
    out = io.StringIO()
    canvas.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    for text in words:
        text.remove()
    return out.getvalue()


def _adapt(canvas: Canvas, wide: bool, height: float) -> None:
    """Show what belongs to this width and keep end labels apart."""
    for artist in canvas.findobj(lambda a: bool({WIDE, NARROW} & set((a.get_gid() or "").split()))):
        artist.set_visible((WIDE in (artist.get_gid() or "").split()) == wide)
    places = [place for ax in canvas.axes if (place := ax.get_subplotspec()) is not None]
    rows = max((place.get_gridspec().nrows for place in places), default=1)
    for ax in canvas.axes:
        _first_in_view(ax)
        _part_labels(ax, height * UNITS_PER_INCH * 0.85 / rows)


def _first_in_view(ax: Axes) -> None:
    """Of a word repeated over several spans keep the first that lies in the axes."""
    low, high = sorted(ax.get_xlim())
    texts = [t for t in ax.texts if ONCE in (t.get_gid() or "").split()]
    for _, same in groupby(texts, key=Text.get_text):
        group = list(same)
        inside = [t for t in group if low <= float(ax.convert_xunits(t.xy[0])) <= high]  # type: ignore[attr-defined]
        for text in group:
            text.set_visible(bool(inside) and text is inside[0])


def _part_labels(ax: Axes, room: float) -> None:
    """Move end labels at one x apart; `room` estimates the height of the axes, so no layout pass is needed."""
    labels = [t for t in ax.texts if isinstance(t, Annotation) and END in (t.get_gid() or "").split()]
    if not labels:
        return
    low, high = ax.get_ylim()
    scale = ax.transData.transform
    span = abs(scale((0, high))[1] - scale((0, low))[1]) if ax.get_yscale() != "linear" else 0
    for _, same in groupby(sorted(labels, key=_column_of), key=_column_of):
        group = list(same)
        at = [_height_of(ax, t, (low, high), span) * room for t in group]
        for text, old, new in zip(
            group, at, spread(at, 1.25 * max(float(t.get_fontsize()) for t in group)), strict=True
        ):
            dx, dy = getattr(text, "_asked", text.get_position())
            text._asked = (dx, dy)  # type: ignore[attr-defined]
            text.set_position((dx, dy + (new - old) * np.sign(high - low)))


def _column_of(text: Any) -> tuple[str, str]:
    return text.get_ha(), str(text.xy[0])


def _height_of(ax: Axes, text: Any, limits: tuple[float, float], span: float) -> float:
    """Share of the axes' height at which a label is anchored."""
    y = text.xy[1]
    if not span:
        return (float(ax.convert_yunits(y)) - limits[0]) / (limits[1] - limits[0])
    scale = ax.transData.transform
    return float(scale((0, y))[1] - scale((0, limits[0]))[1]) / span


# --- words around the drawing -----------------------------------------------------------------------------------------
def blocks(title: str, subtitle: str, source: str) -> tuple[list[Any], list[Any]]:
    """Lines above and below the drawing of the notebook's image, wrapped to its width."""
    head = [(s, TITLE_SIZE, "bold", INK) for s in _wrap(title, TITLE_SIZE, "bold")]
    head += [(s, SUBTITLE_SIZE, "normal", MUTED) for s in _wrap(subtitle, SUBTITLE_SIZE)]
    foot = [(s, SOURCE_SIZE, "normal", MUTED) for s in _wrap(f"Source: {source}", SOURCE_SIZE)]
    return head, foot


def tall(lines: list[Any]) -> int:
    return round(sum(size * LEADING for _, size, *_ in lines) + 10) if lines else 0


def _write(canvas: Canvas, lines: list[Any], top: float, total: float) -> list[Text]:
    texts = []
    for words, size, weight, color in lines:
        at = (4 / (canvas.get_figwidth() * UNITS_PER_INCH), top / total)
        texts.append(canvas.text(*at, words, va="top", size=size, weight=weight, color=color, gid="head"))
        texts[-1].set_in_layout(False)
        top -= size * LEADING
    return texts


def _wrap(text: str, size: float, weight: str = "normal") -> list[str]:
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    parts = int(width // (WIDE_INCHES * UNITS_PER_INCH - 12)) + 1
    return textwrap.wrap(text, -(-len(text) // parts) + 6) if parts > 1 else [text]
