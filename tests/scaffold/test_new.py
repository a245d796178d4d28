"""`amazon-labor new` leaves a notebook that runs and breaks no rule, or nothing at all."""

import ast
import json
import os
import subprocess
import sys

import pytest

from amazon_labor import catalog, mime, paths
from amazon_labor.runner import accept, collection, normalise, notebook
from amazon_labor.scaffold import begin, texts
from amazon_labor.scaffold.plan import LONGEST, ScaffoldError, plan

PART = "The decline of unions"
MADE = {"notebooks/13_gaps.ipynb", "src/amazon_labor/methods/gaps.py", "tests/methods/test_gaps.py"}


def gaps(**changes):
    given = {"name": "gaps", "title": "A title", "part": PART, "question": "", "table": "unions/work_stoppages"}
    return plan(**(given | {"column": None} | changes))


def command(checkout, *words):
    environment = os.environ | {"PYTHONPATH": str(checkout / "src")}
    run = subprocess.run(
        [sys.executable, *words], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_a_new_notebook_runs_passes_the_rules_and_brings_a_test_that_passes(checkout, state):
    before = state()
    words = ("new", "gaps", "--title", "A title", "--part", PART, "--table", "unions/work_stoppages")
    status, said = command(checkout, "-m", "amazon_labor", *words)
    assert status == 0, said
    after = state()
    assert set(after) - set(before) == MADE
    assert {name for name in before if before[name] != after[name]} == {"README.md", "data/scenarios.toml"}
    assert after["data/scenarios.toml"].startswith(before["data/scenarios.toml"].rstrip())
    assert b"[13_gaps](notebooks/13_gaps.ipynb)" in after["README.md"]
    for check in (
        ("-m", "amazon_labor", "check", "gaps"),
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/methods/test_gaps.py"),
    ):
        status, said = command(checkout, *check)
        assert status == 0, said
    one = notebook.read(checkout / "notebooks/13_gaps.ipynb")
    assert len(normalise.records(json.loads(one.text), mime.NUMBER)) == 2
    status, said = command(checkout, "-m", "amazon_labor", *words)
    assert (status, "There is a notebook 'gaps' already (13_gaps.ipynb)" in said) == (2, True)
    assert state() == after


REFUSED = [
    ({"name": "Gaps-2021"}, "'Gaps-2021' cannot be used.*For example: gaps_2021"),
    ({"name": "2_gaps"}, "cannot be used.*For example: gaps"),
    ({"name": "class"}, "cannot be used"),
    ({"name": "x" * (LONGEST + 1)}, f"at most {LONGEST}"),
    ({"name": "../gaps"}, "cannot be used.*For example: gaps"),
    ({"name": "young_workers"}, r"already \(12_young_workers\.ipynb\).*young_workers_2"),
    ({"name": "panel"}, r"src/amazon_labor/methods/panel\.py exists already"),
    ({"title": " "}, "--title is ' '; it must be one line"),
    ({"title": "a\nb"}, "one line"),
    ({"title": "x" * 111}, "1 to 110"),
    ({"title": "The $name"}, "mean something in Markdown"),
    ({"question": "Is `it`?"}, "--question .* mean something"),
    ({"part": "The decline of union"}, "Did you mean 'The decline of unions'"),
    ({"table": "unions/work_stoppage"}, "no table 'unions/work_stoppage'. Did you mean 'unions/work_stoppages'"),
    ({"column": "stoppages_begining"}, "Did you mean 'stoppages_beginning'"),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=[m[:40] for _, m in REFUSED])
def test_what_cannot_be_begun_is_refused_before_anything_is_written(checkout, state, changes, message):
    before = state()
    with pytest.raises(ScaffoldError, match=message):
        gaps(**changes)
    assert state() == before


def test_numbers_go_up_to_ninety_nine(checkout):
    (checkout / "notebooks/12_young_workers.ipynb").rename(checkout / "notebooks/99_young_workers.ipynb")
    with pytest.raises(ScaffoldError, match="number 99 is taken"):
        gaps()


def ends(error):
    def end(*_args, **_kwargs):
        raise error

    return end


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device"), RuntimeError("x")])
def test_an_end_half_way_leaves_nothing(checkout, state, monkeypatch, error):
    before = state()
    made = gaps()
    monkeypatch.setattr(accept, "accept", ends(error))
    with pytest.raises(type(error)):
        begin.begin(made, lambda _line: None)
    assert state() == before


def test_a_notebook_that_does_not_run_leaves_nothing_and_its_fault_is_told(checkout, state, monkeypatch):
    before = state()
    made = gaps()
    monkeypatch.setenv("PYTHONPATH", str(checkout / "src"))  # so that the kernel finds the new method
    monkeypatch.setattr(texts, "LOAD", "values = [1, 2, 3]\nfound = nothing_of_this_name")
    with pytest.raises(ScaffoldError, match=r"does not run, so nothing was kept:(.|\n)*NameError"):
        begin.begin(made, lambda _line: None)
    assert state() == before


def test_a_notebook_that_breaks_a_rule_leaves_nothing_and_the_rule_is_told(checkout, state, monkeypatch):
    before = state()
    made = gaps()
    monkeypatch.setattr(accept, "accept", lambda *_: 0)
    monkeypatch.setattr(texts, "WHY", "It rose by 12.5 percent.")
    with pytest.raises(
        ScaffoldError, match=r"breaks a rule, so nothing was kept:(.|\n)*the number 12\.5 is typed into prose"
    ):
        begin.begin(made, lambda _line: None)
    assert state() == before


def test_a_package_installed_elsewhere_is_refused(checkout, state, monkeypatch, tmp_path):
    from amazon_labor.runner import digests

    made = gaps()
    monkeypatch.setattr(digests, "package_folder", lambda: tmp_path / "site-packages/amazon_labor")
    with pytest.raises(ScaffoldError, match="in the checkout"):
        begin.begin(made, lambda _line: None)


def test_another_articles_notebook_says_whose_it_is(checkout, monkeypatch):
    monkeypatch.setenv(paths.ARTICLE, "union_members_2021")
    made = gaps(part="The release")
    assert made.notebook == checkout / "articles/union_members_2021/notebooks/02_gaps.ipynb"
    assert made.scenarios == checkout / "articles/union_members_2021/scenarios.toml"
    assert 'results.start(\\"gaps\\", article=\\"union_members_2021\\")' in texts.notebook(made)


def test_every_table_with_numbers_can_be_described(checkout):
    refused = []
    for table in catalog.names():
        try:
            made = gaps(table=table)
        except ScaffoldError as error:
            refused.append((table, str(error)))
            continue
        ast.parse(texts.method(made))
        ast.parse(texts.test(made))
        assert made.column in catalog.load(table).columns
    assert all("cannot serve as an example" in why for _, why in refused), refused
    assert len(refused) < 10
    assert collection.read()[0].order == ("young_workers",)
