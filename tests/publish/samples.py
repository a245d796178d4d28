"""Notebooks made in memory for the tests of the pages: one as a reader meets it, one that is hostile."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from amazon_labor import charts, claim_rule, claims, mime
from amazon_labor.claim_ledger import LedgerRow
from amazon_labor.publish.render import Link, ReportContext
from amazon_labor.publish.site import NotebookCard

RUNS = "window.hit=1"
HOSTILE = (
    f"<script>{RUNS}</script><img src=x onerror='{RUNS}'><a href='javascript:{RUNS}'>click</a>"
    f"<svg onload='{RUNS}'></svg><iframe src='https://example.org'></iframe><style>body{{display:none}}</style>"
    f"<p style='position:fixed' id='content' onclick='{RUNS}'>kept words</p>"
)
HOSTILE_SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90pt" height="50pt"
 viewBox="0 0 90 50" onload="{RUNS}"><script>{RUNS}</script><style>*{{fill:url(https://example.org/a)}}</style>
 <foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="{RUNS}"/></foreignObject>
 <use xlink:href="https://example.org/x.svg#a"/><a xlink:href="javascript:{RUNS}"><text x="1" y="9">link</text></a>
 <animate onbegin="{RUNS}"/><image xlink:href="https://example.org/x.png"/>
 <path d="M0 0L9 9" style="fill: url(https://example.org/a); stroke: #123456" onclick="{RUNS}" id="x&quot; onload=&quot;{RUNS}"/>
 <text x="2" y="20" style="font: 700 9px x; fill: #bb4f00">kept label</text></svg>"""


def shown(**bundle: Any) -> Any:
    """An output with a MIME bundle; keys are short names."""
    names = {"html": "text/html", "plain": "text/plain", "markdown": "text/markdown", "svg": "image/svg+xml"}
    names |= {"figure": mime.FIGURE, "claim": mime.CLAIM, "number": mime.NUMBER, "tables": mime.TABLES}
    return new_output("display_data", data={names[key]: value for key, value in bundle.items()})


def drawn(figure: charts.Figure) -> Any:
    return new_output("display_data", data=figure.bundle())


def number(name: str, value: float, unit: str, **more: Any) -> Any:
    record = {
        "name": name,
        "value": value,
        "unit": unit,
        "low": None,
        "high": None,
        "level": None,
        "digits": 1,
        "note": None,
    }
    record |= {"printed": f"{value:.1f}"} | more
    return shown(number=record, plain=f"{name} = {value}", html=f"<p><code>{name}</code></p>")


def claim_record(claim_id: str, verdict: str, **more: Any) -> dict[str, Any]:
    reading = {"unit": "percent", "low": None, "high": None, "crosses": False, "why_unavailable": None}
    return {
        "id": claim_id,
        "statement": f"The statement called {claim_id} says that membership was around 23 percent.",
        "stated": "around 23 percent",
        "unit": "percent",
        "verdict": verdict,
        "computed": "22.97 percent",
        "holds_under": {"true": 2, "of": 3},
        "interpretations": [
            reading
            | {
                "name": "household survey",
                "own": True,
                "value": 22.97,
                "text": "22.97 percent",
                "low": 22.1,
                "high": 23.8,
                "holds": True,
            },
            reading
            | {"name": "reports of unions", "own": False, "value": 23.6, "text": "23.6 percent", "holds": False},
            reading
            | {"name": "tax returns", "own": False, "value": None, "holds": None, "why_unavailable": "not kept"},
        ],
        "reason": "True of the household survey, not of the reports of the unions (23.6).",
        "figure": "density",
        "table": "unions/density",
    } | more


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


PROSE = r"""## What 23 percent depends on

Density is members over employment, $D_t = M_t / E_t$, and prices went from $5 to $6, `code with $x$`. See
[the ledger](index.html#ledger), [another notebook](08_turnover.ipynb) and [a source](https://www.bls.gov/cps/).

$$D \pm 1.96\sqrt{\delta\,\frac{D(1-D)}{n}}$$

| measure | value |
|---|--:|
| household survey | 23.0 |
| reports of unions, a rather long name for a measure that must wrap | 23.6 |

### A part of it

> A word of caution.
"""


def report() -> Any:
    """A notebook with everything that a report can hold."""
    tables = [{"name": "unions/density", "publishers": ["US Bureau of Labor Statistics"], "vintage": "2024-01-31"}]
    tables[0] |= {"rows": 1234, "bytes": 10, "sha256": "0123456789abcdef" * 4}
    frame = (
        '<style scoped>.x{color:red}</style><table border="1" class="dataframe"><thead><tr style="text-align: right;">'
    )
    frame += "<th></th><th>value</th></tr></thead><tbody><tr><th>0</th><td>1.5</td></tr></tbody></table>"
    return notebook(
        new_markdown_cell(
            "# A century of union density\n\n**Was it 23 percent?** The article says so.\n\nYou can\n\n- read it;\n- test it."
        ),
        new_code_cell("start_year: int = 1960  # first year shown; 1917 to 1983", metadata={"tags": ["parameters"]}),
        new_code_cell("import numpy as np\nfrom amazon_labor import catalog  # the data"),
        new_code_cell('density = catalog.load("unions/density").query("year >= @start_year")'),
        new_markdown_cell("## The long view\n\nWe draw both and do not splice them."),
        new_code_cell("fig.show()", outputs=[drawn(line_figure())]),
        new_code_cell(
            "emit()",
            outputs=[
                number("density_1980", 23.0, "percent", low=22.1, high=23.8, level=90),
                number("fell", 12.3, "percentage points", note="1980 to 2021"),
            ],
        ),
        new_code_cell("say()", outputs=[shown(markdown="**Reading it.** Density fell by 12.3 percentage points.")]),
        new_markdown_cell(PROSE),
        new_code_cell(
            "check()",
            outputs=[
                shown(claim=claim_record("density-1980", "qualified"), plain="x"),
                shown(claim=claim_record("members-1980", "holds")),
            ],
        ),
        new_code_cell(
            "check()",
            outputs=[
                shown(claim=claim_record("historic-low-2021", "fails")),
                shown(
                    claim=claim_record(
                        "hard-road", "untestable", computed="", interpretations=[], holds_under={"true": 0, "of": 0}
                    )
                ),
            ],
        ),
        new_markdown_cell("## Forms"),
        *(new_code_cell("fig.show()", outputs=[drawn(f)]) for f in form_figures()),
        new_code_cell(
            "density",
            outputs=[
                shown(html=frame),
                new_output("stream", text="printed " * 40),
                new_output(
                    "stream", name="stderr", text="/home/x/lib/python3.11/site-packages/pandas/core.py:1: Warning"
                ),
            ],
        ),
        new_markdown_cell("## Exercises", metadata={"tags": ["exercise"]}),
        new_markdown_cell("**1.** What is the density of your state?", metadata={"tags": ["exercise"]}),
        new_markdown_cell("It is in the table.", metadata={"tags": ["solution"]}),
        new_code_cell("1 + 1", metadata={"tags": ["solution"]}, outputs=[shown(plain="2")]),
        new_markdown_cell("**2.** And its change?", metadata={"tags": ["exercise"]}),
        new_markdown_cell("Subtract.", metadata={"tags": ["solution"]}),
        new_markdown_cell("## Tables of this notebook"),
        new_code_cell(
            "results.sources()",
            metadata={"tags": ["sources"]},
            outputs=[shown(tables=tables, plain="tables", html="<table></table>")],
        ),
    )


def hostile() -> Any:
    """A notebook whose every field tries to run something or to leave the page."""
    record = dict.fromkeys(("title", "subtitle", "source", "alt", "notes", "csv"), HOSTILE)
    record |= {"id": f'x"><script>{RUNS}</script>', "table": [HOSTILE], "columns": [HOSTILE], "rows": [[HOSTILE]]}
    record |= {"narrow": HOSTILE_SVG, "crop": [0, 0]}
    claim = claim_record('a" onclick="x', HOSTILE, statement=HOSTILE, stated=HOSTILE, computed=HOSTILE, reason=HOSTILE)
    bad_number = number(f'n"><script>{RUNS}</script>', 1.0, HOSTILE, note=HOSTILE, printed=HOSTILE)
    cells = [
        new_markdown_cell(f"# Title {HOSTILE}\n\n{HOSTILE}"),
        new_markdown_cell(
            f"## Head {HOSTILE}\n\n[x](javascript:{RUNS}) [y](data:text/html,x) [z](//example.org) $x<script>{RUNS}</script>$"
        ),
        new_markdown_cell(
            f'## Formula $x"><img src=x onerror={RUNS}>$\n\n$$\\text{{<script>{RUNS}</script>}} \\href{{javascript:{RUNS}}}{{x}}$$'
        ),
        new_code_cell(
            f"'''</pre><script>{RUNS}</script>'''",
            outputs=[
                shown(html=HOSTILE),
                shown(markdown=HOSTILE),
                shown(figure=record, svg=HOSTILE_SVG),
                shown(claim=claim),
                bad_number,
                shown(figure=record | {"id": "entities"}, svg='<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
                new_output("stream", text=HOSTILE),
                new_output("error", ename="E", evalue=HOSTILE, traceback=[HOSTILE]),
                shown(
                    tables=[
                        {"name": HOSTILE, "publishers": [HOSTILE], "vintage": HOSTILE, "rows": 1, "sha256": HOSTILE}
                    ]
                ),
            ],
        ),
    ]
    return notebook(*cells)


def notebook(*cells: Any) -> Any:
    for k, cell in enumerate(cells):
        cell["id"] = f"cell-{k:02d}"
    return new_notebook(cells=list(cells))


def context(**more: Any) -> ReportContext:
    parameters = [
        {"name": "start_year", "value": 1960, "kind": "int", "note": "first year shown; 1917 to 1983"},
        {"name": "companies", "value": ["amazon", "apple"], "kind": "list[str]", "note": "any of amazon, apple, meta"},
        {"name": "deflated", "value": True, "kind": "bool", "note": "whether amounts are in constant dollars"},
    ]
    given: dict[str, Any] = {
        "name": "union_density_history",
        "number": 11,
        "part": "The decline of unions",
        "parameters": parameters,
        "command": "amazon-labor run union_density_history -p start_year 1960",
        "previous": Link("Wages", "10_wages.html"),
        "next": Link("Young workers", "12_young_workers.html"),
    }
    return ReportContext(**(given | more))


def rows() -> list[LedgerRow]:
    """The article's claims with made-up results for some, so that every verdict occurs."""
    results: list[dict[str, Any]] = [
        {
            "verdict": "holds",
            "value": 23.0,
            "low": 22.1,
            "high": 23.6,
            "lower": 22.5,
            "upper": 23.5,
            "stated_value": 23.0,
        },
        {
            "verdict": "qualified",
            "value": 11.6,
            "low": 11.6,
            "high": 11.6,
            "lower": 11.55,
            "upper": 11.65,
            "stated_value": 11.6,
        },
        {"verdict": "fails", "value": -0.31, "low": -0.37, "high": -0.25, "lower": 20.0, "upper": None},
        {"verdict": "untestable"},
    ]
    made: list[LedgerRow] = []
    given = 0
    for k, row in enumerate(claims.ledger({}, {})):
        if row.notebook != "union_density_history" or k % 5 == 4:
            made.append(row)
            continue
        more = dict(results[given % 4])
        given += 1
        more |= {"holds_true": 2, "holds_of": 3, "holds_text": "Holds under 2 of 3 readings"} if "value" in more else {}
        more |= {
            "computed": f"{more['value']} percent" if "value" in more else "",
            "figure": "density",
            "reason": "True of one reading.",
        }
        made.append(replace(row, verdict_words=claim_rule.WORDS[more["verdict"]], **more))
    return made


def cards(notebook_made: Any | None = None) -> list[NotebookCard]:
    """Two notebooks: one with a result, one that failed."""
    book = report() if notebook_made is None else notebook_made
    part = "The decline of unions"
    question = "Was membership really 23 percent in 1980?"
    return [
        NotebookCard(
            "turnover", 8, "The labour model", "Turnover", "Is it over 100?", "08_turnover.html", "Failed in cell 7."
        ),
        NotebookCard(
            "union_density_history",
            11,
            part,
            "A century of union density",
            question,
            "11_union_density_history.html",
            None,
            book,
        ),
    ]
