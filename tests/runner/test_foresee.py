"""What a build would do and what hangs together, said without doing anything."""

import xml.etree.ElementTree as ET

import pytest

from amazon_labor.runner import build, foresee, graph, named, notebook
from amazon_labor.runner.layout import Layout

pytestmark = pytest.mark.usefixtures("runs", "drawn")


def test_a_dry_run_says_what_and_why_and_does_nothing(tree, runs):
    tree.write("first", 1, "x = 1")
    tree.write("second", 2, "x = 1")
    assert foresee.foresee([], tree.options()) == 0
    assert "first would run: it was never built" in tree.said
    assert "2 would run, 0 would only be rendered, 0 are up to date; nothing was done." in tree.said
    assert runs == []
    assert not tree.out.exists()
    build.build([], tree.options())
    before = tree.files()
    tree.write("first", 1, "x = 2")
    tree.write("second", 2, "x = 1", prose="# Another title\n\n**A question?**")
    foresee.foresee([], tree.options())
    assert "first would run: code cell 2 changed:" in tree.said
    assert "second would be rendered: Markdown cell 1 changed:" in tree.said
    assert tree.files() == before


def test_a_dry_run_of_all_or_of_what_cannot_be_read(tree):
    tree.write("first", 1, "x = 1")
    build.build([], tree.options())
    foresee.foresee(["first"], tree.options())
    assert "first is up to date." in tree.said
    foresee.foresee([], tree.options(force=True))
    assert "first would run: asked for by --force" in tree.said
    tree.add_fault("invalid_json")
    assert foresee.foresee([], tree.options()) == 1
    assert "invalid_json cannot be read" in tree.said


def test_tables_are_found_in_the_code(tree):
    path = tree.write("first", 1, 'for t in ("amazon/timeline", "no/such"):\n    catalog.load(t)', "not python (")
    assert named.tables(notebook.read(path)) == {"amazon/timeline"}


def test_the_graph_links_tables_notebooks_and_claims(tree):
    tree.write("amazon_profits", 1, 'catalog.load("amazon/annual_results")')
    found = graph.read(Layout(tree.out))
    assert found.reads == (("amazon/annual_results", "amazon_profits"),)
    assert ("amazon_profits", "profit-2021") in found.judges
    assert found.claims[0] in {c for n, c in found.judges if n == "amazon_profits"}
    assert found.verdicts == {}
    build.build([], tree.options())
    drawing = graph.svg(graph.read(Layout(tree.out)))
    root = ET.fromstring(drawing)
    space = "{http://www.w3.org/2000/svg}"
    words = [t.text for t in root.iter(f"{space}text")]
    assert {"amazon/annual_results", "amazon_profits", "profit-2021"} <= set(words)
    titles = {t.text for t in root.iter(f"{space}title")}
    assert "amazon/annual_results read by amazon_profits" in titles
    assert "profit-2021: Not computed" in titles
    assert len(list(root.iter(f"{space}path"))) == 1 + sum(n == "amazon_profits" for n, _ in found.judges)
    assert drawing == graph.svg(graph.read(Layout(tree.out)))


def test_an_empty_collection_has_a_graph(tree):
    ET.fromstring(graph.svg(graph.read(Layout(tree.out))))
