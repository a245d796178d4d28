"""Figures of the sample notebooks: one of each form."""

import numpy as np
import pandas as pd

from amazon_labor import charts


def line_figure(figure_id: str = "density") -> charts.Figure:
    years = np.arange(1960, 2022)
    data = pd.DataFrame({"year": years, "survey": 30 - 0.31 * (years - 1960), "reports": 31 - 0.33 * (years - 1960)})
    fig = charts.Figure(
        figure_id,
        "Union density fell in every decade from 1960 to 2021",
        "Members, percent of wage and salary workers, United States, 1960 to 2021; band: 90 percent interval",
        "US Bureau of Labor Statistics; Historical Statistics",
        "Line chart of union density. It falls from 30 percent in 1960 to 11.1 in 2021.",
        data,
        ("unions/density", "unions/members"),
        notes="The axis starts at zero.",
    )
    ax = fig.axes()
    charts.shade(ax, [(1953, 1954), (1973, 1975), (1981, 1982)], "Recession")
    charts.band(ax, data.year, data.survey - 1, data.survey + 1)
    charts.line(ax, data.year, data.reports, "Reports", charts.MUTED)
    charts.line(ax, data.year, data.survey, "Survey")
    charts.event(ax, 1980, 23.8, "1980: 23.8", 40, 30)
    charts.percent_axis(ax)
    ax.set_ylim(0, 35)
    return fig


def small(figure_id: str, title: str, height: float = 3.9, narrow: float | None = None) -> charts.Figure:
    data = pd.DataFrame({"thing": ["first", "second"], "value": [1.5, 2.25]})
    alt = f"{title}, from 1.5 to 2.25."
    return charts.Figure(figure_id, title, "Measure, percent, 2021", "Publisher", alt, data, "a/b", height, narrow)


def form_figures() -> list[charts.Figure]:
    return [_slope(), _dots(), _bridge(), _multiples(), _tiles(), _surface()]


def _slope() -> charts.Figure:
    fig = small("slope", "Public administration now leads", 4.6)
    rows = [
        ("Public administration", 30, 28, charts.C1),
        ("Transport", 46, 18, charts.C2),
        ("Trade", 9, 4, charts.MUTED),
    ]
    rows += [
        ("Manufacturing", 28, 8, charts.C2),
        ("Finance", 3, 2, charts.MUTED),
        ("Construction", 28, 13, charts.MUTED),
    ]
    charts.slope(fig.axes(), rows, ("1983", "2022"))
    return fig


def _dots() -> charts.Figure:
    fig = small("dots", "One vote was won on any count of the challenged ballots")
    ax = fig.axes()
    rows = [
        ("JFK8, 2022", 54.4, 53, 56, charts.C1),
        ("BHM1, 2021", 29, 20, 40, charts.C2),
        ("LDJ5", 38),
        ("RDU1", None),
    ]
    charts.dots(ax, rows, 50, "majority", digits=0, unit="percent")
    ax.set_xlim(10, 70)
    charts.percent_axis(ax, "x")
    return fig


def _bridge() -> charts.Figure:
    fig = small("bridge", "Half of the rise was the revaluation of one holding")
    ax = fig.axes()
    steps = [("Profit\n2019", 11.6, "total"), ("North\nAmerica", 0.2, "step"), ("Rest of\nworld", 0.8, "step")]
    steps += [("AWS", 9.3, "step"), ("Rivian\ngain", 11.8, "step"), ("Other\nincome", 2.1, "step")]
    charts.bridge(ax, [*steps, ("Taxes", -2.4, "step"), ("Profit\n2021", 33.4, "total")])
    ax.set_ylim(0, 38)
    charts.unit_axis(ax, "billion USD")
    return fig


def _multiples() -> charts.Figure:
    fig = small("multiples", "Five of five industries fell", 4.2, 5.6)
    years = np.arange(1983, 2023)
    names = ("Transport", "Public admin", "Construction", "Manufacturing", "Services")
    panels = [(n, years, 20 + 6 * k - 0.3 * (years - 1983), charts.C1) for k, n in enumerate(names)]
    axes = fig.axes(2, 3, sharex=True, sharey=True)
    charts.small_multiples(axes, panels, (years, 20 - 0.2 * (years - 1983)))
    axes[0, 0].set(ylim=(0, 52), xlim=(1982, 2030), xticks=[1983, 2022], yticks=[0, 25, 50])
    return fig


def _tiles() -> charts.Figure:
    fig = small("tiles", "The map is coastal and northern", 4.5, 2.9)
    ax = fig.axes()
    values = {state: float(k % 23) for k, state in enumerate(charts.TILES) if state != "TX"}
    charts.tile_map(ax, values, [3, 6, 9, 12, 15, 18], mark="NY")
    charts.ramp_key(ax, 2.6, -0.4, 0.8, 0.24, "under 3%", "18% or more")
    return fig


def _surface() -> charts.Figure:
    fig = small("surface", "The column headed April shows the end of December", 3.0)
    ax = fig.axes()
    matrix = np.abs(np.add.outer(np.arange(6), np.linspace(-10, 10, 36)))
    companies = ["Apple", "Microsoft", "Alphabet", "Amazon", "Meta", "All five"]
    charts.error_surface(
        ax, matrix, {0: "29 Mar", 11: "15 Apr", 30: "30 Dec"}, companies, [0.5, 1, 2, 5, 10, 20], mark=30
    )
    return fig
