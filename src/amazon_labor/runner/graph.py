"""A picture of what depends on what: tables, notebooks, claims."""

import csv
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amazon_labor import palette
from amazon_labor.claim_rule import WORDS
from amazon_labor.runner import collection, digests, named, state
from amazon_labor.runner.layout import Layout

STEP, TOP, WIDTH, LETTER = 15, 46, 1020, 6.6  # user units
Places = Mapping[tuple[str, str], float]  # height of each name, by column and name
TABLES_AT, NOTEBOOKS_AT, CLAIMS_AT = 250, 480, 800  # where the columns' names end, stand and begin


@dataclass(frozen=True)
class Graph:
    """Names in the order they are drawn, links between them, and the verdict of each claim."""

    tables: tuple[str, ...]
    notebooks: tuple[str, ...]
    claims: tuple[str, ...]
    reads: tuple[tuple[str, str], ...]
    judges: tuple[tuple[str, str], ...]
    verdicts: Mapping[str, str]


def read(out: Layout) -> Graph:
    """The graph of the collection: tables as the last run of each notebook read them, or as its code names them."""
    everything, _ = collection.read()
    entries = state.load(out.state).entries
    found = {n: named.tables(task.notebook) for n, task in everything.tasks.items()}
    found |= {n: set(entries[n].tables) for n in found if n in entries and entries[n].tables}
    reads = tuple((t, n) for n in everything.order if n in found for t in sorted(found[n]))
    rows = digests.rows("claims.csv")
    judges = tuple((str(r["notebook"]), str(r["claim_id"])) for r in rows if r.get("notebook"))
    order = {n: k for k, n in enumerate(everything.order)}
    judge = {claim: notebook for notebook, claim in judges}
    claims = sorted(judge, key=lambda claim: order.get(judge[claim], len(order)))
    first = {t: min(order[n] for u, n in reads if u == t) for t, _ in reads}
    tables = sorted(first, key=lambda t: (first[t], t))
    return Graph(tuple(tables), everything.order, tuple(claims), reads, judges, _verdicts(out))


def _verdicts(out: Layout) -> dict[str, str]:
    """Verdicts of the last full build, by claim."""
    try:
        with out.ledger.open(encoding="utf-8", newline="") as stream:
            found = {row["claim_id"]: row["verdict"] for row in csv.DictReader(stream)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error):
        return {}
    # a verdict becomes a class of the drawing; a word that is not ours must not get into it
    return {claim: verdict for claim, verdict in found.items() if verdict in WORDS}


def svg(graph: Graph) -> str:
    """Draw three columns with links between them; every name carries its links in words for who cannot see them."""
    columns = {"t": graph.tables, "n": graph.notebooks, "c": graph.claims}
    longest = max(map(len, columns.values()))
    places = {key: y for kind, names in columns.items() for key, y in _column(names, kind, longest).items()}
    height = TOP + STEP * longest + 20
    count = f"{len(graph.tables)} tables, {len(graph.notebooks)} notebooks, {len(graph.claims)} claims"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{count}">\n'
        f'<style>{_style()}</style>\n<rect width="{WIDTH}" height="{height}" class="ground"/>\n'
        + "\n".join([*_lines(graph, places), *_heads(), *_words(graph, places)])
        + "\n</svg>\n"
    )


def _lines(graph: Graph, places: Places) -> list[str]:
    """Links: from tables to the notebooks that read them, and on to the claims that these judge."""
    known = set(graph.notebooks)
    read = [_link(TABLES_AT + 6, places["t", t], NOTEBOOKS_AT - 6, places["n", n], "") for t, n in graph.reads]
    judged = [
        _link(NOTEBOOKS_AT + 8 + LETTER * len(n), places["n", n], CLAIMS_AT - 14, places["c", c], _verdict(graph, c))
        for n, c in graph.judges
        if n in known
    ]
    return [*read, *judged]


def _words(graph: Graph, places: Places) -> list[str]:
    return [
        *(_text(TABLES_AT, places["t", t], t, "end", _of(graph.reads, t, 0, "read by")) for t in graph.tables),
        *(
            _text(NOTEBOOKS_AT, places["n", n], n, "start", _of(graph.reads, n, 1, "reads"), bold=True)
            for n in graph.notebooks
        ),
        *(_claim(CLAIMS_AT, places["c", c], c, _verdict(graph, c)) for c in graph.claims),
    ]


def _heads() -> list[str]:
    columns = ((TABLES_AT, "Tables", "end"), (NOTEBOOKS_AT, "Notebooks", "start"), (CLAIMS_AT, "Claims", "start"))
    return [_text(x, 24, head, anchor, "", bold=True) for x, head, anchor in columns]


def _verdict(graph: Graph, claim: str) -> str:
    return graph.verdicts.get(claim, "missing")


def _style() -> str:
    marks = "".join(f".{v}{{stroke:var(--{v});fill:var(--{v})}}path.{v}{{fill:none}}" for v in WORDS)
    words = "text{font:10.5px sans-serif;fill:var(--ink)}.b{font-weight:bold}"
    lines = "path{fill:none;stroke:var(--muted);stroke-width:.7;opacity:.55}"
    return f"{palette.css()}.ground{{fill:var(--page)}}{words}{lines}{marks}"


def _column(names: Sequence[str], kind: str, longest: int) -> dict[tuple[str, str], float]:
    """Heights of the names of a column, spread over that of the longest."""
    step = STEP * longest / max(1, len(names))
    return {(kind, name): TOP + step * (k + 0.5) for k, name in enumerate(names)}


def _link(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    middle = (x + to_x) / 2
    mark = f' class="{kind}"' if kind else ""
    return f'<path{mark} d="M{x:g} {y:.1f}C{middle:g} {y:.1f} {middle:g} {to_y:.1f} {to_x:g} {to_y:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str, title: str, *, bold: bool = False) -> str:
    weight = ' class="b"' if bold else ""
    tip = f"<title>{html.escape(title)}</title>" if title else ""
    return f'<text x="{x:g}" y="{y + 3.5:.1f}" text-anchor="{anchor}"{weight}>{html.escape(words)}{tip}</text>'


def _claim(x: float, y: float, words: str, verdict: str) -> str:
    dot = f'<circle class="{verdict}" cx="{x - 8:g}" cy="{y:.1f}" r="3.5"/>'
    return dot + _text(x, y, words, "start", f"{words}: {WORDS.get(verdict, verdict)}")


def _of(links: Sequence[tuple[str, str]], name: str, side: int, verb: str) -> str:
    others = [link[1 - side] for link in links if link[side] == name]
    return f"{name} {verb} {', '.join(others)}" if others else name
