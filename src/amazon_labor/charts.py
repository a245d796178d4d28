"""House style: a figure is drawn once and saved twice, for full width and for a phone.

    fig = charts.Figure("density", "Density fell by half", "Members, percent of employees, 1983 to 2021",
                        "US Bureau of Labor Statistics", "Line chart ...", frame, "unions/membership_national_bls")
    ax = fig.axes()
    charts.line(ax, frame.year, frame.density, "Density")
    charts.percent_axis(ax)
    fig.show()

Title, subtitle and source stand inside the wide image for notebook viewers; the report crops them and writes them as
HTML. The style is in force between `Figure.axes` and `Figure.show` and nowhere else. `pyplot` is never imported: its
inline backend would show a figure that is still being drawn.
"""

import contextlib
import re
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import pandas as pd
from cycler import cycler
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from amazon_labor import charts_save, mime, palette, tables
from amazon_labor.charts_forms import (
    TILES,
    bridge,
    dots,
    error_surface,
    ramp_key,
    slope,
    small_multiples,
    tile_map,
)
from amazon_labor.charts_marks import (
    C1,
    C2,
    C3,
    C4,
    DIVERGING,
    INK,
    LINE,
    MUTED,
    PAPER,
    RAMP,
    SHADE,
    ChartError,
    band,
    end_label,
    event,
    forecast,
    line,
    percent_axis,
    put,
    shade,
    spread,
    unit_axis,
)

__all__ = [
    "C1",
    "C2",
    "C3",
    "C4",
    "DIVERGING",
    "INK",
    "LINE",
    "MUTED",
    "PAPER",
    "RAMP",
    "SHADE",
    "TILES",
    "ChartError",
    "Figure",
    "band",
    "bridge",
    "dots",
    "end_label",
    "error_surface",
    "event",
    "forecast",
    "line",
    "percent_axis",
    "put",
    "ramp_key",
    "shade",
    "slope",
    "small_multiples",
    "spread",
    "tile_map",
    "unit_axis",
]

TITLE_LIMIT, ALT_LIMIT, TABLE_ROWS = 90, 600, 300
SMALLEST_TEXT = 8  # 10 px on a phone 360 px wide

STYLE: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=[C1, C2, C3, C4]),
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 9.5,
    "axes.unicode_minus": True,
    "figure.dpi": charts_save.UNITS_PER_INCH,
    "figure.edgecolor": "none",
    "figure.facecolor": PAPER,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "none",
    "patch.linewidth": 0,
    "svg.fonttype": "none",
    "svg.hashsalt": "amazon-labor",
    "text.color": INK,
    "text.parse_math": False,  # two dollar signs in a label are money, or somebody's data; never a formula
    "xtick.color": MUTED,
    "xtick.labelsize": 9,
    "xtick.major.size": 3,
    "ytick.color": MUTED,
    "ytick.labelsize": 9,
    "ytick.major.size": 0,
}

_style = contextlib.ExitStack()
_drawing: set[str] = set()


@dataclass
class Figure:
    """What a chart needs besides its marks.

    Parameters
    ----------
    id : str
        Lower-case words joined by hyphens, unique in the notebook; it becomes the anchor ``#fig-id``.
    title : str
        The finding as a sentence without full stop, up to 75 characters (90 are refused), true for the drawn data.
    subtitle : str
        Measure, unit, place, years; then what bands or bars mean.
    source : str
        Publishers, for example from ``catalog.source(name)``; no addresses.
    alt : str
        Form, axes, finding, then end points or extremes as numbers, built from the data; up to 400 characters.
    data : DataFrame
        The rows drawn. All of them are offered as CSV; up to 300 are shown as a table, more are summarised.
    table : str or tuple of str
        Catalogue name of the tables the rows come from.
    height, narrow_height : float
        Inches of the drawing at full width (7.2) and on a phone (3.65; the same height by default).
    notes : str
        A line after the source: definitions, what the axis leaves out.

    Raises
    ------
    ChartError
        If a text breaks a rule of the house style, at once; if the drawing does, when it is shown.
    """

    id: str
    title: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame
    table: str | tuple[str, ...]
    height: float = 3.9
    narrow_height: float | None = None
    notes: str = ""
    _canvas: Canvas | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        _check_words(self)

    def axes(self, rows: int = 1, cols: int = 1, **kw: Any) -> Any:
        """Begin drawing and return the axes, one or an array as `matplotlib.figure.Figure.subplots` does."""
        if not _drawing:
            _style.enter_context(matplotlib.rc_context(STYLE))
        _drawing.add(self.id)
        self._canvas = Canvas(figsize=(charts_save.WIDE_INCHES, self.height), layout="constrained")
        self._canvas.patch.set_gid("ground")
        return self._canvas.subplots(rows, cols, **kw)

    def show(self) -> None:
        """Save both widths, display the bundle and close the figure."""
        from IPython.display import display

        display(self.bundle(), raw=True)

    def bundle(self) -> dict[str, Any]:
        """Return the output: an image for any viewer, its words, and the record the report is made from."""
        if self._canvas is None:
            raise ChartError(f"{self.id}: nothing is drawn. Call axes() and draw before show().")
        try:
            _check_drawing(self.id, self._canvas)
            head, foot = charts_save.blocks(self.title, self.subtitle, self.source)
            with matplotlib.rc_context(STYLE):
                wide = charts_save.save(self._canvas, charts_save.WIDE_INCHES, self.height, head, foot)
                narrow = charts_save.save(
                    self._canvas, charts_save.NARROW_INCHES, self.narrow_height or self.height, [], []
                )
            _check_colors(self.id, wide)
        finally:
            self._close()
        record = _record(self) | {"narrow": narrow, "crop": [charts_save.tall(head), charts_save.tall(foot)]}
        return {"image/svg+xml": wide, "text/plain": f"{self.title}. {self.alt}", mime.FIGURE: record}

    def _close(self) -> None:
        self._canvas = None
        _drawing.discard(self.id)
        if not _drawing:
            _style.close()


# --- rules ------------------------------------------------------------------------------------------------------------
def _check_words(fig: Figure) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fig.id):
        raise ChartError(f"Figure id {fig.id!r}: use lower-case words joined by hyphens, for example 'profit-bridge'.")
    for name in ("title", "subtitle", "source", "alt"):
        if not str(getattr(fig, name)).strip():
            raise ChartError(f"{fig.id}: {name} is empty. Every figure says its finding, measure, source and content.")
    if len(fig.title) > TITLE_LIMIT:
        raise ChartError(
            f"{fig.id}: the title has {len(fig.title)} characters; aim for 75, {TITLE_LIMIT} is the limit."
        )
    if fig.title.endswith(".") or "\n" in fig.title + fig.subtitle + fig.source + fig.alt:
        raise ChartError(
            f"{fig.id}: no full stop after the title, and no line breaks in title, subtitle, source or alt."
        )
    if len(fig.alt) > ALT_LIMIT:
        raise ChartError(
            f"{fig.id}: the alt text has {len(fig.alt)} characters; aim for 400, {ALT_LIMIT} is the limit."
        )
    if not fig.table or not all(isinstance(t, str) and t for t in _tables(fig)):
        raise ChartError(
            f"{fig.id}: table names the catalogue tables of the rows, for example 'amazon/annual_results'."
        )
    if not isinstance(fig.data, pd.DataFrame) or fig.data.empty:
        raise ChartError(
            f"{fig.id}: data must be a DataFrame with the rows drawn, not {type(fig.data).__name__}, and not empty."
        )


def _check_drawing(name: str, canvas: Canvas) -> None:
    """Refuse what the page could not carry: legends, line breaks, small words, pictures."""
    if canvas.legends or any(ax.get_legend() for ax in canvas.axes):
        raise ChartError(f"{name}: no legends. Name each line at its end with label= or charts.end_label().")
    if any(ax.images for ax in canvas.axes):
        raise ChartError(
            f"{name}: pictures (imshow) cannot change with the page's colours; use charts.error_surface()."
        )
    for text in canvas.findobj(Text):
        words = text.get_text()
        if not text.get_visible() or not words.strip():
            continue
        if "\n" in words:
            raise ChartError(f"{name}: {words!r} has a line break; charts.put() sets each line by itself.")
        if float(text.get_fontsize()) < SMALLEST_TEXT:
            raise ChartError(
                f"{name}: {words!r} is set in {text.get_fontsize():g} units; {SMALLEST_TEXT} is the least."
            )


def _check_colors(name: str, svg: str) -> None:
    known = palette.roles()
    found = re.findall(r"(?:fill|stroke): ?(#[0-9a-fA-F]{3,8}|rgba?\([^)]*\))", svg)
    if unknown := [c for c in dict.fromkeys(found) if c.lower() not in known]:
        names = ", ".join(sorted(set(known.values())))
        raise ChartError(
            f"{name}: the colour {unknown[0]} has no counterpart in dark mode. Use charts.C1 to C4, INK, MUTED, LINE, "
            f"SHADE, PAPER, RAMP[0..6] or DIVERGING[0..6] (tokens: {names})."
        )


# --- record -----------------------------------------------------------------------------------------------------------
def _tables(fig: Figure) -> list[str]:
    return [fig.table] if isinstance(fig.table, str) else list(fig.table)


def _record(fig: Figure) -> dict[str, Any]:
    text = tables.cells(fig.data) if len(fig.data) <= TABLE_ROWS else _summary(fig.data)
    words = {k: getattr(fig, k) for k in ("id", "title", "subtitle", "source", "alt", "notes")}
    return words | {
        "table": _tables(fig),
        "columns": text.columns,
        "rows": text.rows,
        "numeric": text.numeric,
        "row_count": len(fig.data),
        "csv": tables.csv_text(fig.data),
    }


def _summary(data: pd.DataFrame) -> tables.Cells:
    """First, last, lowest and highest value of each column, for data too long to read."""
    full = tables.cells(data)
    frame = tables.flat(data)
    lines = []
    for k, name in enumerate(full.columns):
        pairs: list[tuple[Any, str]] = list(zip(frame[name], (row[k] for row in full.rows), strict=True))
        seen = [pair for pair in pairs if pair[1]] or [(0, "")]
        ordered = sorted(seen, key=lambda pair: pair[0])
        lines.append([name, *(pair[1] for pair in (seen[0], seen[-1], ordered[0], ordered[-1]))])
    return tables.Cells(["Column", "First", "Last", "Lowest", "Highest"], lines, [False, True, True, True, True])
