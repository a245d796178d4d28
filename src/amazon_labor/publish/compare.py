"""The page that compares the points of a sweep, and the table of all their numbers."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from amazon_labor import charts, tables, wording
from amazon_labor.claim_rule import WORDS
from amazon_labor.publish import blocks, page, places, prose, records

PANELS, COLUMNS, NAMED = 12, 6, 60  # small multiples, columns of the table, points that a chart can name
PANEL_LINE, PANEL_LINES = 24, 2  # characters of a panel's name on a phone
MAP_CLASSES = 6


@dataclass(frozen=True)
class Sweep:
    """The notebook, the parameters that differ between points, and the number that the notebook wants compared first."""

    name: str
    number: int
    title: str
    varied: tuple[str, ...]
    first: str = ""


@dataclass(frozen=True)
class Point:
    """One run: values of the parameters that vary, address of its page, records it emitted; or why it failed."""

    values: Mapping[str, Any]
    href: str
    failed: str | None
    numbers: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]
    tables: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The values in words."""
        return ", ".join(_word(v) for v in self.values.values()) or "default"


@dataclass(frozen=True)
class Series:
    """One emitted number over the points that have it; `rows` are (point, value, low, high), `about` what all notes say."""

    name: str
    unit: str
    digits: int | None
    rows: tuple[tuple[Point, float, float | None, float | None], ...]
    about: str = ""

    @property
    def label(self) -> str:
        """Name in words."""
        return self.name.replace("_", " ")

    def text(self, value: float) -> str:
        """A value as precise as the notebook prints this number."""
        return wording.number(value, self.digits)

    @property
    def ends(self) -> tuple[tuple[Point, float], tuple[Point, float]]:
        """Lowest and highest, each with its point."""
        ordered = sorted(self.rows, key=lambda row: row[1])
        return (ordered[0][0], ordered[0][1]), (ordered[-1][0], ordered[-1][1])


def render(sweep: Sweep, points: Sequence[Point]) -> tuple[str, str]:
    """Return the page as HTML and the table of all numbers as CSV.

    Parameters
    ----------
    points : sequence of Point
        In the order of the sweep, failed ones among them.
    """
    found = series(points)
    moving = [s for s in found if len({value for _, value, *_ in s.rows}) > 1]
    moving.sort(key=lambda s: s.name != sweep.first)
    shared = prose.Page(base="../../", ids={"content", "theme"})
    drawn = [page.safe(blocks.figure(f.bundle(), shared)) for f in _figures(sweep, moving)]
    html = page.render(
        "compare.html.j2",
        sweep=sweep,
        base="../../",
        points=[_row(p, moving[:COLUMNS]) for p in points],
        failed=[p for p in points if p.failed],
        columns=[(s.label, ", ".join(filter(None, (s.unit, s.about)))) for s in moving[:COLUMNS]],
        still=len(found) - len(moving),
        moving=len(moving),
        figures=drawn,
        verdicts=_verdicts(points),
    )
    return html, tables.csv_text(_long(sweep, points))


def series(points: Sequence[Point]) -> list[Series]:
    """Emitted numbers in the order in which they are first met, those of failed points left out."""
    found: dict[str, list[tuple[Point, float, float | None, float | None]]] = {}
    about: dict[str, tuple[str, int | None]] = {}
    notes: dict[str, list[list[str]]] = {}
    for point in points:
        for record in point.numbers if point.failed is None else ():
            name = str(record["name"])
            found.setdefault(name, []).append((point, float(record["value"]), record.get("low"), record.get("high")))
            about.setdefault(name, (str(record["unit"]), record.get("digits")))
            notes.setdefault(name, []).append(str(record.get("note") or "").split(", "))
    return [Series(name, *about[name], tuple(rows), _shared(notes[name])) for name, rows in found.items()]


def _shared(notes: Sequence[Sequence[str]]) -> str:
    """The parts of a note that do not differ between points, such as the year."""
    return ", ".join(part for part in notes[0] if all(part in other for other in notes[1:]))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)


# ---------------------------------------------------------------- tables


def _row(point: Point, shown: Sequence[Series]) -> dict[str, Any]:
    by_name = {str(r["name"]): records.number(r) for r in point.numbers}
    cells = [by_name.get(s.name, {}).get("printed", "") for s in shown]
    return {"label": point.label, "href": point.href, "failed": point.failed, "cells": cells}


def _long(sweep: Sweep, points: Sequence[Point]) -> pd.DataFrame:
    """One row for each number of each point."""
    kept = ("name", "value", "unit", "low", "high", "level", "note")
    rows = [
        {
            **{n: _word(p.values[n]) for n in sweep.varied},
            **{f"number_{k}" if k == "name" else k: r.get(k) for k in kept},
        }
        for p in points
        if p.failed is None
        for r in p.numbers
    ]
    columns = [*sweep.varied, *(f"number_{k}" if k == "name" else k for k in kept)]
    return pd.DataFrame(rows, columns=columns).astype({"value": float, "low": float, "high": float, "level": float})


def _verdicts(points: Sequence[Point]) -> list[dict[str, Any]]:
    """For each claim, how many points give each verdict."""
    counts: dict[str, dict[str, int]] = {}
    statements: dict[str, str] = {}
    for record in (records.claim(r) for p in points if p.failed is None for r in p.claims):
        statements[record["id"]] = record["statement"]
        counts.setdefault(record["id"], dict.fromkeys(WORDS, 0))[record["verdict"]] += 1
    return [
        {"id": i, "statement": statements[i], "counts": c, "moves": sum(map(bool, c.values())) > 1}
        for i, c in counts.items()
    ]


# ---------------------------------------------------------------- figures


def _figures(sweep: Sweep, moving: Sequence[Series]) -> list[charts.Figure]:
    """A map where the points are states, the first number with its intervals, and all numbers side by side."""
    if not moving:
        return []
    first = moving[0]
    made = [_map(sweep, first)] if len(sweep.varied) == 1 and _states(first) else []
    if 1 < len(first.rows) <= NAMED:
        made.append(_dots(sweep, first))
    return [*made, _panels(sweep, moving[:PANELS], len(moving))]


def _states(one: Series) -> dict[str, float]:
    """Values by postal code, if every point is a state."""
    codes = [places.code(p.label) for p, *_ in one.rows]
    return {} if None in codes else {str(c): row[1] for c, row in zip(codes, one.rows, strict=True)}


def _frame(sweep: Sweep, shown: Sequence[Series]) -> pd.DataFrame:
    rows = [
        {**{n: _word(p.values[n]) for n in sweep.varied}, "number": s.name, "value": value, "low": low, "high": high}
        for s in shown
        for p, value, low, high in s.rows
    ]
    return pd.DataFrame(rows).astype({"value": float, "low": float, "high": float}).dropna(axis=1, how="all")


def _words(sweep: Sweep, one: Series, form: str, ident: str) -> dict[str, Any]:
    """Identity and words of a figure on one number."""
    (lowest, low), (highest, high) = one.ends
    span = f"from {one.text(low)} ({lowest.label}) to {one.text(high)} ({highest.label})"
    title = f"{one.label.capitalize()}{', with intervals' if _bounded(one) and ident == 'points' else ''}: {span}"
    about = f", {one.about}" if one.about else ""
    return {
        "id": ident,
        "title": title
        if len(title) <= charts.TITLE_LIMIT
        else textwrap.shorten(title, charts.TITLE_LIMIT, placeholder=" …"),
        "subtitle": f"{one.label.capitalize()}, {one.unit}{about}, at {len(one.rows)} values of {' and '.join(sweep.varied)}",
        "source": f"notebook {sweep.number:02d}, computed from the tables named on each report",
        "alt": f"{form} of {one.label}, {one.unit}{about}, {span}."[: charts.ALT_LIMIT],
        "data": _frame(sweep, [one]),
        "table": tuple(dict.fromkeys(t for p, *_ in one.rows for t in p.tables)) or (sweep.name,),
    }


def _bounded(one: Series) -> bool:
    return all(low is not None and high is not None for *_, low, high in one.rows)


def _map(sweep: Sweep, one: Series) -> charts.Figure:
    values = _states(one)
    ordered = sorted(values.values())
    cuts = [ordered[len(ordered) * k // MAP_CLASSES] for k in range(1, MAP_CLASSES)]
    breaks = sorted({c for c in cuts if c > ordered[0]}) or [ordered[-1]]
    figure = charts.Figure(**_words(sweep, one, "Map with a tile for each state", "map"), height=4.6, narrow_height=3.2)
    digits = wording.default_digits(max(abs(v) for v in ordered))
    charts.tile_map(figure.axes(), values, breaks, digits=min(digits, 1))
    return figure


def _dots(sweep: Sweep, one: Series) -> charts.Figure:
    rows = sorted(one.rows, key=lambda row: -row[1])
    height = 0.9 + 0.3 * len(rows)
    words = _words(sweep, one, "Dots, one a run, with intervals where there are any", "points")
    figure = charts.Figure(**words, height=height, narrow_height=0.9 + 0.42 * len(rows))
    charts.dots(
        figure.axes(), [(textwrap.shorten(p.label, 34, placeholder="…"), v, low, high) for p, v, low, high in rows]
    )
    return figure


def _panels(sweep: Sweep, shown: Sequence[Series], moving: int) -> charts.Figure:
    rows = math.ceil(len(shown) / 2)
    across = sweep.varied[0] if len(sweep.varied) == 1 and _is_ordered(shown[0]) else None
    order = f"along {across}" if across else "from the lowest to the highest point"
    figure = charts.Figure(
        id="numbers",
        title=_title(len(shown), moving),
        subtitle=f"Each on a scale of its own, {order}; bands are intervals where the notebook gives them",
        source=f"notebook {sweep.number:02d}, computed from the tables named on each report",
        alt=f"{len(shown)} small panels: {'; '.join(_ends(s) for s in shown)}."[: charts.ALT_LIMIT],
        data=_frame(sweep, shown),
        table=tuple(dict.fromkeys(t for s in shown for p, *_ in s.rows for t in p.tables)) or (sweep.name,),
        height=0.4 + 1.55 * rows,
    )
    axes = figure.axes(rows, 2, squeeze=False)
    for ax, one in zip(axes.flat, shown, strict=False):
        _panel(ax, one, across)
    for ax in list(axes.flat)[len(shown) :]:
        ax.set_visible(False)
    return figure


def _title(shown: int, moving: int) -> str:
    if moving == 1:
        return "One number moves between the points"
    return f"{moving} numbers move between the points" + (f"; these are the first {shown}" if shown < moving else "")


def _ends(one: Series) -> str:
    (_, low), (_, high) = one.ends
    return f"{one.label} {one.text(low)} to {one.text(high)}"


def _is_ordered(one: Series) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for p, *_ in one.rows for v in p.values.values())


def _panel(ax: Any, one: Series, across: str | None) -> None:
    rows = sorted(one.rows, key=lambda row: float(row[0].values[across]) if across else row[1])
    x = [float(p.values[across]) for p, *_ in rows] if across else list(range(len(rows)))
    y = [value for _, value, *_ in rows]
    if _bounded(one):
        lows, highs = (
            [v for v in end if v is not None] for end in zip(*((low, high) for *_, low, high in rows), strict=True)
        )
        charts.band(ax, x, lows, highs)
    ax.plot(x, y, color=charts.C1, lw=1.2, marker="o", ms=3 if len(x) > 20 else 4)
    lines = textwrap.wrap(f"{one.label}, {one.unit}", PANEL_LINE, max_lines=PANEL_LINES, placeholder=" …")
    for k, text in enumerate(reversed(lines)):
        charts.put(ax, 0, 1, text, 0, 5 + 11 * k, coords=("axes fraction", "axes fraction"), size=8, clip=False)
    ax.set_title(" ", size=8, pad=12)
    ax.margins(x=0.06, y=0.15)
    ax.tick_params(labelsize=8)
    ax.locator_params(nbins=4)
    if not across:
        ax.set_xticks([])
