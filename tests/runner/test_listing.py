"""What a person can ask: what is there, what may be given, why something would run, where a claim stands."""

import json

import pytest
from small_notebooks import FAULTS

from amazon_labor import claims
from amazon_labor.runner import accept, build, listing, notebook, progress, scenarios
from amazon_labor.runner.notebook import NotebookError, UnknownNotebookError

pytestmark = pytest.mark.usefixtures("runs", "drawn")


def test_a_list_with_states(tree):
    assert "no notebooks yet" in listing.every(tree.out)
    tree.write("first", 1, "x = 1")
    tree.write("second", 2, "fail")
    tree.add_fault("invalid_json")
    (tree.root / "data/scenarios.toml").write_text('[first.early]\nabout = "the early years"\nstart_year = 2001\n')
    assert "not built" in listing.every(tree.out)
    build.build([], tree.options())
    lines = {line.split()[1]: line for line in listing.every(tree.out).splitlines()[1:4]}
    assert "up to date" in lines["first"]
    assert "A question?" in lines["first"]
    assert "failed" in lines["second"]
    assert "cannot be read" in lines["invalid_json"]
    assert "the early years" in listing.every(tree.out)
    tree.write("first", 1, "x = 2")
    assert "out of date" in listing.every(tree.out)


def test_one_notebook_with_parameters_and_scenarios(tree):
    extra = 'real: bool = True  # whether real\nprices: str = "a"  # index; one of a, b\nwho: list[str] = ["a"]  # who; any of a, b\n'
    tree.write("first", 1, "x = 1", parameters=extra)
    (tree.root / "data/scenarios.toml").write_text('[first.b]\nabout = "the other"\nprices = "b"\nreal = false\n')
    text = listing.one("1")
    assert "one of a, b" in text
    assert "prices = b, real = false" in text
    assert "amazon-labor run first -p real false" in text
    tree.write("plain", 2, "x = 1", parameters="# none\n")
    assert "It has no parameters." in listing.one("plain")


def test_explain_a_notebook(tree):
    path = tree.write("first", 1, "x = 1")
    assert "it was never built" in listing.explain("first", tree.out)
    build.build([], tree.options())
    assert "first: is up to date." in listing.explain("first", tree.out)
    tree.write("first", 1, "x = 1", parameters="start_year: int = 2001  # first year; 2000 to 2021\n")
    text = listing.explain("first", tree.out)
    assert "parameter start_year changed: 2019 -> 2001" in text
    assert "parameter end_year is gone" in text
    path.write_text("{")
    with pytest.raises(NotebookError):
        listing.explain("first", tree.out)


def test_explain_a_claim(tree, shown):
    from amazon_labor import results

    assert "Not computed (no run yet)" in listing.explain("profit-2021", tree.out)
    results.start("amazon_profits")
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    outputs = [{"output_type": "display_data", "metadata": {}, "data": b} for b in shown]
    tree.write("amazon_profits", 1, json.dumps(outputs))
    build.build([], tree.options())
    text = listing.explain("profit-2021", tree.out)
    assert "Holds" in text
    assert "cell-02" in text
    assert "no run yet" in listing.explain("turnover-over-100", tree.out)
    tree.write("amazon_profits", 1, "fail")
    build.build([], tree.options())
    assert "the last run failed" in listing.explain("profit-2021", tree.out)


@pytest.mark.parametrize(("word", "near"), [("profit-2012", "profit-2021"), ("turnvoer", "turnover")])
def test_an_unknown_word_gets_the_nearest_of_notebooks_and_claims(tree, word, near):
    tree.write("turnover", 8, "x = 1")
    with pytest.raises(listing.UnknownNameError, match=f"Did you mean '{near}'"):
        listing.explain(word, tree.out)


def test_tables(tree):
    assert "amazon/annual_results" in listing.tables()
    assert "SHA-256: " in listing.table("amazon/annual_results")
    with pytest.raises(listing.UnknownNameError, match="Did you mean 'amazon/annual_results'"):
        listing.table("amazon/annual_result")


# ---------------------------------------------------------------- notebooks as files


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("no_parameters_cell", "no cell tagged `parameters`"),
        ("two_parameters_cells", "2 cells tagged `parameters` \\(cells 1, 2\\)"),
        ("invalid_json", "git checkout -- notebooks/96_invalid_json.ipynb"),
        ("format_3", "notebook format 3, not 4. Convert it: jupyter nbconvert"),
        ("merge_conflict", "merge conflict markers"),
    ],
)
def test_a_faulty_file_is_named_with_what_mends_it(fault, message):
    with pytest.raises(NotebookError, match=message):
        _ = notebook.read(next(FAULTS.glob(f"*_{fault}.ipynb"))).parameters


@pytest.mark.parametrize(
    "text", ['{"nbformat": 4}', '{"nbformat": 4, "cells": [1]}', '{"nbformat": 4, "cells": [{"source": 1}]}', "[]", "3"]
)
def test_json_that_is_no_notebook(tree, text):
    path = tree.root / "notebooks/05_odd.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError):
        notebook.read(path)


def test_a_parameters_cell_outside_the_grammar_names_file_and_cell(tree):
    path = tree.write("odd", 5, "x = 1", parameters="x = 1")
    with pytest.raises(NotebookError, match=r"05_odd.ipynb, cell 1: line 1: only typed"):
        _ = notebook.read(path).parameters


@pytest.mark.parametrize(
    "word", ["8", "08", "turnover", "08_turnover", "08_turnover.ipynb", "notebooks/08_turnover.ipynb"]
)
def test_ways_to_name_a_notebook(tree, word):
    tree.write("turnover", 8, "x = 1")
    assert notebook.find(word) == "turnover"


@pytest.mark.parametrize("word", ["", "9", "²", "../08_turnover", "x" * 5000])
def test_words_that_name_none(tree, word):
    tree.write("turnover", 8, "x = 1")
    if word == "../08_turnover":
        assert notebook.find(word) == "turnover"
        return
    with pytest.raises(UnknownNotebookError) as caught:
        notebook.find(word)
    assert len(str(caught.value)) < 400


# ---------------------------------------------------------------- scenarios


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", "is not TOML"),
        ("[turnover]\nx = 1\n", "must hold tables"),
        ("[turnover.a]\nx = 1\n", "it needs a line: about"),
        ('[turnover."a b"]\nabout = "x"\n', "snake_case"),
        ('[turnover."../a"]\nabout = "x"\n', "snake_case"),
    ],
)
def test_a_file_of_scenarios_that_cannot_be_used(tree, text, message):
    (tree.root / "data/scenarios.toml").write_text(text)
    with pytest.raises(scenarios.ScenarioError, match=message):
        scenarios.load()
    assert scenarios.faults({})


def test_no_file_of_scenarios_is_no_fault(tree):
    assert scenarios.load() == {}


# ---------------------------------------------------------------- accept, progress


def test_accept_stores_outputs_and_nothing_of_a_failed_run(tree):
    good = tree.write("first", 1, '[{"output_type": "stream", "name": "stdout", "text": "hello"}]')
    bad = tree.write("second", 2, "fail")
    untouched = bad.read_bytes()
    tree.add_fault("invalid_json")
    assert accept.accept([], tree.options()) == 1
    stored = json.loads(good.read_text())
    assert stored["cells"][2]["outputs"][0]["text"] == ["hello"]
    assert [c.get("execution_count") for c in stored["cells"]] == [None, 1, 2]
    assert bad.read_bytes() == untouched
    assert "Not accepted: invalid_json, second" in tree.said
    before = good.read_bytes()
    assert accept.accept(["first"], tree.options()) == 0
    assert "already these" in tree.said
    assert good.read_bytes() == before
    build.build(["first"], tree.options())
    assert "Nothing to do" in tree.said


def test_plain_lines_elsewhere_and_a_bar_on_a_terminal(capsys):
    lines = []
    plain = progress.Progress(2, lines.append, terminal=False)
    plain.begun("a")
    plain.line("one [not markup]")
    plain.ended("a")
    plain.close()
    assert lines == ["one [not markup]"]
    bar = progress.Progress(5, lines.append, terminal=True)
    for key in "abcde":
        bar.begun(key)
    bar.line("two [not markup]")
    bar.ended("a")
    bar.close()
    bar.close()
    assert "two [not markup]" in capsys.readouterr().out
