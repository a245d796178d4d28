"""Notebooks made in memory for the tests of the pages: one as a reader meets it, one that is hostile."""

from dataclasses import replace
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample_figures import form_figures, line_figure

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
