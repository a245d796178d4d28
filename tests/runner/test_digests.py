"""What a notebook can reach, against a second implementation by syntax tree, and which data concern it."""

import ast
from pathlib import Path

import pytest

from amazon_labor.runner import digests

PACKAGE = digests.package_folder()


def by_tree(source: str, within: str = "") -> set[str]:
    """All imports of a source by walking the whole tree."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = f"amazon_labor.{within}".split(".")[: -node.level]
                base = ".".join([*parents, base] if base else parents)
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {
        n.removeprefix("amazon_labor").lstrip(".")
        for n in names
        if n == "amazon_labor" or n.startswith("amazon_labor.")
    }


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_import_of_the_package_is_missed(path: Path):
    source = path.read_text(encoding="utf-8")
    assert by_tree(source) <= digests.imported(source)


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("from amazon_labor import catalog, charts", {"", "catalog", "charts"}),
        ("from amazon_labor import (\n    catalog,  # tables\n    charts,\n)", {"", "catalog", "charts"}),
        ("from amazon_labor import catalog, \\\n    charts", {"", "catalog", "charts"}),
        ("from amazon_labor.methods.trends import fit as f", {"methods.trends", "methods.trends.fit"}),
        ("import amazon_labor.claims as c", {"claims"}),
        ("import numpy as np, amazon_labor.claims", {"claims"}),
        ("def f():\n    from amazon_labor import results\n", {"", "results"}),
        ("import numpy\nfrom pandas import amazon_labor", set()),
        ("from amazon_labour import x", set()),
        ("from amazon_labor import (", set()),
    ],
)
def test_forms_of_import(source, modules):
    assert digests.imported(source) == modules


def test_relative_imports():
    assert digests.imported("from . import growth", "methods.trends") == {"methods", "methods.growth"}
    assert digests.imported("from ..claims import check", "methods.trends") == {"claims", "claims.check"}


def test_reach_goes_through_modules_but_not_into_runner_or_pages():
    reached = digests.reachable(["from amazon_labor import claims, results"])
    assert {"__init__.py", "claims.py", "results.py", "catalog.py", "wording.py", "mime.py", "paths.py"} <= set(reached)
    assert not any(name.startswith(("runner/", "publish/")) for name in reached)
    assert "cli.py" not in reached
    assert digests.reachable(["import numpy"]) == {}


def test_a_method_is_reached_only_by_those_that_import_it():
    assert "methods/__init__.py" in digests.reachable(["from amazon_labor.methods import growth"])
    assert {"__init__.py", "methods/__init__.py"} <= set(digests.reachable(["import amazon_labor.methods.growth"]))
    assert "methods/growth.py" not in digests.reachable(["from amazon_labor import wording"])


def test_tables_by_file_and_descriptor(tree):
    digests.forget()
    before = digests.tables(["amazon/annual_results", "amazon/nothing"])
    assert before["amazon/nothing"] == "not in the data package"
    (tree.root / "data/amazon/annual_results.csv").unlink()
    digests.forget()
    assert digests.tables(["amazon/annual_results"])["amazon/annual_results"].startswith("missing/")
    (tree.root / "data/datapackage.json").write_text("{")
    assert digests.tables(["amazon/annual_results"])["amazon/annual_results"] == "not in the data package"


def test_only_the_own_claims_concern_a_notebook(tree):
    path = tree.root / "data/claims.csv"
    profits, turnover = digests.claims("amazon_profits"), digests.claims("turnover")
    assert profits != turnover
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Amazon's profit for 2021", "Amazon's net income for 2021"), encoding="utf-8")
    assert digests.claims("amazon_profits") != profits
    assert digests.claims("turnover") == turnover
    path.unlink()
    assert digests.claims("amazon_profits") == digests.claims("nothing")


def test_the_room_of_pages_holds_templates_and_what_pages_import():
    room = digests.room("publish")
    assert any(name.startswith("publish/templates/") for name in room)
    assert "mime.py" in room
