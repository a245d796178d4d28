"""A good notebook passes; each rule, broken once, gives its own fault and says what mends it."""

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_notebooks import PARAMETERS, cell

from amazon_labor import mime
from amazon_labor.runner import check_cells, check_code, check_form, check_prose, checks, notebook

OPENING = """# What did the pandemic do?

**Did the profit nearly triple?**

The article prints 33.4 billion dollars for 2021.

- read a filing
"""
SOURCES = cell("code", "results.sources()", "sources")


def good(tree):
    with (tree.root / "data/claims.csv").open(encoding="utf-8", newline="") as stream:
        own = [r["claim_id"] for r in csv.DictReader(stream) if r["notebook"] == "amazon_profits"]
    cells = [
        cell("markdown", OPENING),
        cell("code", PARAMETERS, "parameters"),
        cell("code", 'from amazon_labor import claims, results\n\nresults.start("amazon_profits")'),
        cell("markdown", "## Profit\n\nWhy."),
        cell("code", 'results.emit("profit", 1, "percent")'),
        cell("code", "\n".join(f'claims.check("{c}", {{}}, "percent")' for c in own)),
        cell("markdown", "## Robustness\n\n## What this does and does not show\n\n## Exercises"),
        cell("markdown", "Draw 1,000 times.", "exercise"),
        cell("markdown", "So.", "solution"),
        SOURCES,
    ]
    data = {"number": [{"name": "profit"}], "claim": [{"id": c} for c in own], "tables": [[{"name": "t"}]]}
    for count, (one, kind) in enumerate(
        zip((c for c in cells if c["cell_type"] == "code"), (None, None, "number", "claim", "tables"), strict=True), 1
    ):
        one["execution_count"] = count
        types = {"number": mime.NUMBER, "claim": mime.CLAIM, "tables": mime.TABLES}
        one["outputs"] = [output({types[kind]: d}) for d in data[kind]] if kind else []
    return cells


def output(data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


def faults(tree, cells) -> list[str]:
    return checks.faults(notebook.read(tree.write_cells("amazon_profits", 1, cells)))


def test_a_good_notebook_has_no_faults(tree):
    assert faults(tree, good(tree)) == []
    lines = []
    assert checks.check([], lines.append) == 0
    assert lines == ["check: 1 notebooks, no faults."]


def changed(position: int, source: str):
    def change(cells):
        cells[position]["source"] = source

    return change


def tagged(position: int, *tags: str):
    def change(cells):
        cells[position]["metadata"] = {"tags": list(tags)} if tags else {}

    return change


def stored(position: int, **fields):
    def change(cells):
        cells[position].update(fields)

    return change


STREAM = {"output_type": "stream", "name": "stderr", "text": ["Warning"]}
BREAKS = [
    (changed(0, "Some text"), "cell 0: it must be Markdown that begins with '# '"),
    (changed(0, "# Title\n\n- goal"), "cell 0: it must ask the question in bold"),
    (changed(0, "# Title\n\n**Q?**"), "cell 0: it must list the learning goals"),
    (changed(3, "# Second title"), "2 titles"),
    (tagged(1), "cell 1: it must be the code cell tagged `parameters`"),
    (changed(2, "from amazon_labor import results"), 'results.start("amazon_profits")'),
    (changed(2, 'results.start("turnover")'), 'results.start("amazon_profits")'),
    (tagged(4, "skip-execution"), "cell 4: the tag 'skip-execution' is not known"),
    (tagged(9), "must be tagged `sources`"),
    (changed(6, "## Robustness\n## Exercises"), "no section '## What this does and does not show'"),
    (tagged(8), "cell 7: the exercise must be followed"),
    (tagged(7), "no cell tagged `exercise`"),
    (changed(4, "\n".join(f"x{i} = 1" for i in range(13))), "cell 4: it has 13 lines"),
    (changed(4, " \n"), "cell 4: the code cell is empty"),
    (changed(4, "!ls"), "magic or shell command"),
    (changed(4, "%matplotlib inline"), "magic or shell command"),
    (changed(4, "import requests"), "imports requests: notebooks use no network"),
    (changed(4, "from urllib.request import urlopen"), "notebooks use no network"),
    (changed(4, "pd.read_csv('https://example.org/x.csv')"), "names the address"),
    (changed(4, "open('/home/me/x.csv')"), "names the absolute path"),
    (changed(4, "open('~/x.csv')"), "names the absolute path"),
    (changed(4, "open('C:\\\\x.csv')"), "names the absolute path"),
    (changed(4, "from amazon_labor.runner import plan"), "without the runner"),
    (changed(4, "# NBVAL_IGNORE_OUTPUT\nx = 1"), "switches the comparison of outputs off"),
    (changed(4, "x = ("), "not Python"),
    (changed(4, "f(1);"), "ends in a semicolon"),
    (changed(3, "Profit rose by 187.6 percent."), "cell 3: the number 187.6 is typed into prose"),
    (
        changed(9, 'results.emit("profit", 2, "percent")\nresults.sources()'),
        "the number 'profit' is there in cell 4 already",
    ),
    (changed(4, 'claims.check("profit-2021", {}, "percent")'), "the claim 'profit-2021' is there in cell 4 already"),
    (changed(4, 'claims.check("profit-2012", {}, "percent")'), "'profit-2012' is not in data/claims.csv"),
    (changed(4, 'claims.check("turnover-over-100", {}, "percent")'), "assigned to 'turnover'"),
    (stored(4, execution_count=None), "nbval would pass over them"),
    (stored(4, execution_count=7), "nbval would pass over them"),
    (stored(4, outputs=[]), "cell 4: its stored outputs hold no number"),
    (stored(9, outputs=[]), "no list of tables"),
    (stored(2, outputs=[STREAM]), "holds a warning"),
    (stored(2, outputs=[{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]), "is an error"),
    (stored(2, outputs=[output({"text/plain": "<f at 0x7f00deadbeef>"})]), "address of an object"),
    (stored(2, outputs=[output({"text/plain": "File /home/me/x.py"})]), "path of one machine"),
    (stored(2, outputs=[output({"text/plain": "x" * 10_000_001})]), "more than 10,000,000"),
    (lambda cells: cells.__delitem__(slice(3, None)), "fewer than four cells. A skeleton with all of them"),
    (
        changed(2, 'import math\n\nresults.start("amazon_profits")'),
        "'math' is imported and not used; leave the import out",
    ),
    (changed(2, 'from a import b as c\nb\n\nresults.start("amazon_profits")'), "'c' is imported and not used"),
    (
        changed(0, f"# {'A long title of many words ' * 5}\n\n**Q?**\n\n- goal"),
        "characters, more than 110; move a thought",
    ),
    (
        stored(9, outputs=[output({mime.TABLES: [{"name": "amazon/timeline"}]})]),
        "'amazon/timeline' was read and no text",
    ),
    (
        stored(4, outputs=[output({mime.FIGURE: {"id": "f", "alt": "A chart of it."}})]),
        "alt text of fewer than 8 words",
    ),
    (stored(4, outputs=[output({mime.FIGURE: {"id": "f"}})]), "the figure 'f' has an alt text of fewer than 8"),
    (stored(2, outputs=[output({mime.NUMBER: {"name": "x"}})]), "stored outputs hold x, which its code does not make"),
    (stored(5, outputs=[]), "cell 5: its stored outputs hold no claim"),
    (changed(1, "steps: int = 3  # how far; 1 to 5"), "cell 1: the meaning of steps ('how far') names no unit"),
    (changed(1, "speed: float = 3.0  # how quick it is; 1 to 5"), "('how quick it is') names no unit"),
    (stored(3, metadata={"collapsed": True}), "cell 3: its metadata holds 'collapsed'"),
    (stored(4, metadata={"execution": {"iopub.status.busy": "2026"}}), "cell 4: its metadata holds 'execution'"),
]


@pytest.mark.parametrize(("change", "message"), BREAKS, ids=[m[:60] for _, m in BREAKS])
def test_a_broken_rule_is_named(tree, change, message):
    cells = good(tree)
    change(cells)
    assert any(message in fault for fault in faults(tree, cells))


def test_a_claim_that_nobody_checks(tree):
    cells = good(tree)
    lines = cells[5]["source"].splitlines()
    cells[5]["source"] = "\n".join(lines[1:])
    cells[5]["outputs"] = cells[5]["outputs"][1:]
    first = lines[0].split('"')[1]
    assert any(f"the claim '{first}' is assigned to it" in f for f in faults(tree, cells))


NO_FAULTS = [
    (changed(1, "steps: int = 3  # years that are followed; 1 to 5"), "names no unit"),
    (changed(1, 'word: str = "a"  # how it is done; one of a, b'), "names no unit"),
    (changed(2, 'import math\n\nresults.start("amazon_profits")\nmath.pi'), "is imported and not used"),
    (changed(0, f"# {'T' * 110}\n\n**Q?**\n\n- goal"), "more than 110"),
    (
        stored(4, outputs=[output({mime.FIGURE: {"id": "f", "alt": "one two three four five six seven eight"}})]),
        "alt text",
    ),
    (stored(9, outputs=[output({mime.TABLES: [{"name": "no/table"}]})]), "was read and no text"),
]


@pytest.mark.parametrize(("change", "message"), NO_FAULTS, ids=range(len(NO_FAULTS)))
def test_what_a_rule_lets_pass(tree, change, message):
    cells = good(tree)
    change(cells)
    assert not [fault for fault in faults(tree, cells) if message in fault]


def messages(module) -> Iterator[tuple[int, str]]:
    """Line and pattern of every message that a module of rules can give."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    functions = [f for f in tree.body if isinstance(f, ast.FunctionDef)]
    for function in functions:
        inner = {
            id(part)
            for n in ast.walk(function)
            if isinstance(n, ast.JoinedStr)
            for part in ast.walk(n)
            if part is not n
        }
        for node in ast.walk(function):
            if id(node) in inner or ast.get_docstring(function, clean=False) == getattr(node, "value", None):
                continue
            texts = node.values if isinstance(node, ast.JoinedStr) else [node] if isinstance(node, ast.Constant) else []
            parts = [
                re.escape(t.value) if isinstance(t, ast.Constant) else ".*"
                for t in texts
                if not isinstance(t, ast.Constant) or isinstance(t.value, str)
            ]
            pattern = "".join(parts)
            if pattern.count("\\ ") >= 2:  # three words at least: a sentence, no key or sign
                yield node.lineno, pattern


def test_every_message_of_a_rule_is_given_by_a_notebook_that_breaks_it(tree):
    found = []
    for change, _ in BREAKS:
        cells = good(tree)
        change(cells)
        found += faults(tree, cells)
    text = "\n".join([*found, *of_ids_and_metadata(tree)])
    for number in ("188", "12.5"):
        text += "\n".join(check_prose.faults(f"It rose by {number} percent.", ()))
    # the last line, and what a test of its own says of faults between notebooks
    elsewhere = ("have the same number", "a notebook is named NN_name", "no faults", "fault.* in ")
    for module in (check_cells, check_code, check_form, check_prose, checks):
        for line, pattern in messages(module):
            plain = pattern.replace("\\", "")
            assert re.search(pattern, text) or any(word in plain for word in elsewhere), (
                f"{module.__name__}:{line} {plain}"
            )


def of_ids_and_metadata(tree) -> list[str]:
    path = tree.write_cells("amazon_profits", 1, good(tree))
    data = json.loads(path.read_text())
    data["cells"][3]["id"] = "x"
    data["metadata"]["amazon_labor"]["number"] = 3
    data["metadata"]["kernelspec"]["name"] = "mine"
    data["metadata"]["widgets"] = {}
    data["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    path.write_text(json.dumps(data))
    return checks.faults(notebook.read(path))


def test_ids_and_metadata(tree):
    found = " ".join(of_ids_and_metadata(tree))
    for message in (
        "cell ids must be cell-00",
        "number 1 and the part",
        "must be python3",
        "metadata.widgets belongs to an editor or a run",
        "metadata.language_info holds the version",
    ):
        assert message in found


def test_faults_between_notebooks_and_of_scenarios(tree):
    tree.write_cells("amazon_profits", 1, good(tree))
    (tree.root / "notebooks/draft.ipynb").write_text("{}")
    tree.write("other", 1, "x = 1")
    tree.add_fault("invalid_json")
    (tree.root / "data/scenarios.toml").write_text(
        '[amazon_profits.a]\nabout = "x"\nstart_year = 2019\n[amazon_profits.b]\nabout = "x"\nstart_yeer = 1\n'
        '[nothing.c]\nabout = "x"\nx = 1\n[invalid_json.d]\nabout = "x"\nx = 1\n'
    )
    lines = []
    assert checks.check([], lines.append) == 1
    said = "\n".join(lines)
    for message in (
        "notebooks/draft.ipynb: a notebook is named NN_name.ipynb",
        "have the same number 1",
        "is not JSON",
        "[amazon_profits.a]: its values are the defaults",
        "Did you mean 'start_year'",
        "there is no notebook 'nothing'",
    ):
        assert message in said
    assert "invalid_json.d" not in said


ALLOWED = """## 2 Prices

1. In 2021 and 1 April 2022, in the 1980s, from 2019–2021 and 2019-21; March 15.
Table 1, Notebook 8, Section 8(a), S&P 500, JFK8, COVID-19, Form 10-K, CPI-U.
A 90 percent prediction interval, `x = 3`, $x = 17.2$, $$y = 12.5$$ and <!-- 99 -->.
[a link](http://example.org/12.5) http://example.org/12.5
The article prints $33.4 billion, 11.6, 23 percent, 240,000 and 1.6 million.
Bai (1997), *Review of Economics and Statistics* 79: 551-563.
"""


def test_what_prose_may_hold(tree):
    assert check_prose.faults(ALLOWED, ()) == []
    assert check_prose.faults("It rose by 12.5 percent.", ("exercise",)) == []
    assert check_prose.faults("## Sources\n\nVolume 12, 33-44.", ()) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It rose by 188 percent.", "188"),
        ("It rose by **12.5** percent.", "12.5"),
        ("a gain of $11.8 billion", "11.8"),
        ("fell by −3 points", "3"),
        ("47,879 tallies", "47,879"),
        ("a p-value of 0.03", "0.03"),
        ("4 of the five firms", "4"),
        ("12% of staff", "12"),
        ("between $5 and $6 an hour", "5"),
    ],
)
def test_what_prose_may_not_hold(tree, text, number):
    assert [f for f in check_prose.faults(text, ()) if f"the number {number} " in f]


def test_without_the_articles_numbers_none_is_excused(tree):
    (tree.root / "data/article_numbers.csv").unlink()
    assert check_prose.faults("33.4 billion", ())
