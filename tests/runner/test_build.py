"""What runs, what is only drawn, what is kept when something fails, and what a build says."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from amazon_labor import claims, mime
from amazon_labor.parameters import ParameterError, Plain
from amazon_labor.runner import build, digests, index, pool, render, session, state
from amazon_labor.runner.notebook import NotebookError, UnknownNotebookError
from amazon_labor.runner.scenarios import ScenarioError

pytestmark = pytest.mark.usefixtures("runs", "drawn")
TABLES = json.dumps(
    [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {mime.TABLES: [{"name": "amazon/annual_results"}], "text/plain": ""},
        }
    ]
)


@pytest.fixture
def two(tree, runs, drawn):
    """Two notebooks, built once."""
    tree.write("first", 1, TABLES)
    tree.write("second", 2, "x = 1")
    assert build.build([], tree.options()) == 0
    runs.clear()
    drawn.clear()
    return tree


def ledger(tree) -> dict[str, dict[str, str]]:
    with (tree.out / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        return {row["claim_id"]: row for row in csv.DictReader(stream)}


def test_a_build_makes_pages_executed_notebooks_index_and_ledger(two):
    assert set(two.files()) == {
        "01_first.html",
        "02_second.html",
        "executed/01_first.ipynb",
        "executed/02_second.ipynb",
        "index.html",
        "ledger.csv",
        "ledger.json",
        "glossary.html",
        "scenarios.html",
        "data/index.html",
        "data/amazon-annual_results.html",
        "data/amazon-timeline.html",
        "SHA256SUMS",
        "environment.json",
    }


def test_a_second_build_does_nothing_and_writes_the_same_bytes(two, runs, drawn):
    before = two.files()
    assert build.build([], two.options()) == 0
    assert (runs, drawn) == ([], [])
    assert "Nothing to do" in two.said
    assert two.files() == before


def test_a_forced_build_writes_the_same_bytes(two, runs):
    before = two.files()
    assert build.build([], two.options(force=True)) == 0
    assert sorted(runs) == ["first", "second"]
    assert two.files() == before


def test_changed_code_runs_that_notebook_only(two, runs):
    two.write("second", 2, "x = 2")
    build.build([], two.options())
    assert runs == ["second"]
    assert "second runs: code cell 2 changed" in two.said


def test_changed_prose_is_drawn_without_running(two, runs, drawn):
    two.write("second", 2, "x = 1", prose="# A title\n\n**A better question?**")
    build.build([], two.options())
    assert (runs, drawn) == ([], ["second"])
    assert "second is rendered: Markdown cell 1 changed" in two.said
    executed = json.loads((two.out / "executed" / "02_second.ipynb").read_text())
    assert "better" in "".join(executed["cells"][0]["source"])


def test_one_page_alone_is_drawn_without_another_process(two, drawn):
    two.write("second", 2, "x = 1", prose="# A title\n\n**A better question?**")
    started = []
    options = replace(two.options(), start=lambda jobs: started.append(jobs) or pool.Here())
    build.build([], options)
    assert (drawn, started) == (["second"], [])
    two.write("first", 1, "x = 4")
    build.build([], options)  # it runs, and so needs a process of its own
    assert started == [1]


def test_a_template_that_cannot_be_read_stops_the_index_and_not_the_runs(two, runs, monkeypatch):
    from amazon_labor.publish import page

    def broken():
        raise OSError("no templates")

    monkeypatch.setattr(page, "environment", broken)
    index.prepare.cache_clear()
    two.write("second", 2, "x = 3")
    with pytest.raises(OSError, match="no templates"):
        build.build([], two.options())
    assert runs == ["second"]
    monkeypatch.undo()
    index.prepare.cache_clear()


def test_a_changed_title_draws_the_neighbour_too(two, drawn):
    two.write("second", 2, "x = 1", prose="# Another title\n\n**A question?**")
    build.build([], two.options())
    assert sorted(drawn) == ["first", "second"]


def test_a_changed_table_runs_the_notebook_that_read_it(two, runs):
    with (two.root / "data/amazon/annual_results.csv").open("a") as file:
        file.write("1\n")
    build.build([], two.options())
    assert runs == ["first"]
    assert "table amazon/annual_results changed" in two.said


def test_a_changed_descriptor_counts_as_a_changed_table(two, runs):
    path = two.root / "data/datapackage.json"
    package = json.loads(path.read_text())
    for resource in package["resources"]:
        resource["canonical_vintage"] = "another"
    path.write_text(json.dumps(package))
    build.build([], two.options())
    assert runs == ["first"]


def test_a_changed_module_runs_the_notebooks_that_can_reach_it(tree, runs, tmp_path, monkeypatch):
    package = tmp_path / "amazon_labor"
    shutil.copytree(digests.package_folder(), package)
    monkeypatch.setattr(digests, "package_folder", lambda: package)
    tree.write("first", 1, "import json\nfrom amazon_labor.methods import growth")
    tree.write("second", 2, "from amazon_labor import claims")
    build.build([], tree.options())
    runs.clear()
    for module, who in (("methods/growth.py", ["first"]), ("claim_rule.py", ["second"]), ("runner/plan.py", [])):
        with (package / module).open("a") as file:
            file.write("\n# a remark\n")
        build.build([], tree.options())
        assert runs == who
        runs.clear()
    assert "module claim_rule.py" not in tree.said


def test_another_lock_runs_everything(two, runs):
    (two.root / "requirements.lock").write_text("numpy==2.1\n")
    build.build([], two.options())
    assert sorted(runs) == ["first", "second"]


def test_a_touched_file_is_no_reason(two, runs):
    for path in two.root.rglob("*"):
        path.touch()
    build.build([], two.options())
    assert runs == []


def test_a_missing_or_changed_product_is_made_again(two, runs, drawn):
    (two.out / "01_first.html").unlink()
    (two.out / "executed" / "02_second.ipynb").write_text("{}")
    (two.out / "ledger.csv").write_text("mine")
    build.build([], two.options())
    assert runs == ["second"]
    assert sorted(drawn) == ["first", "second"]
    assert len(ledger(two)) == 81


@pytest.mark.parametrize("damage", ["{", "[]", '{"version": 0}', '{"version": 1, "entries": 3}', "\x00"])
def test_a_damaged_record_means_building_anew_with_a_note(two, runs, damage):
    (two.out / ".build" / "state.json").write_text(damage)
    assert build.build([], two.options()) == 0
    assert sorted(runs) == ["first", "second"]
    assert "built anew" in two.said


def test_a_renumbered_notebook_leaves_no_old_page(two):
    (two.root / "notebooks/02_second.ipynb").unlink()
    two.write("second", 3, "x = 1")
    build.build([], two.options())
    assert "03_second.html" in two.files()
    assert "02_second.html" not in two.files()


# ---------------------------------------------------------------- failures


def test_a_failure_keeps_the_good_report_files_the_run_and_ends_with_1(two):
    good = (two.out / "02_second.html").read_bytes()
    two.write("second", 2, "fail")
    assert build.build([], two.options()) == 1
    assert (two.out / "02_second.html").read_bytes() == good
    assert {"failed/02_second.ipynb", "failed/02_second.html"} <= set(two.files())
    assert "second FAILED: cell 2 raised ValueError: no" in two.said
    assert "1 of 2 failed: second" in two.said


def test_others_go_on_when_one_fails(tree, runs, drawn):
    tree.write("first", 1, "fail")
    tree.write("second", 2, "x = 1")
    assert build.build([], tree.options()) == 1
    assert sorted(runs) == ["first", "second"]
    assert "02_second.html" in tree.files()


def test_a_failed_notebook_runs_again_and_its_failed_files_go_when_it_is_mended(two, runs):
    two.write("second", 2, "fail")
    build.build([], two.options())
    assert build.build([], two.options()) == 1
    two.write("second", 2, "x = 3")
    runs.clear()
    assert build.build([], two.options()) == 0
    assert runs == ["second"]
    assert not any(name.startswith("failed/") for name in two.files())


def test_the_ledger_says_not_computed_where_a_notebook_failed(tree, runs, drawn):
    tree.write("amazon_profits", 1, "fail")
    assert build.build([], tree.options()) == 1
    row = ledger(tree)["profit-2021"]
    assert row["verdict"] == "missing"
    assert "ValueError: no" in row["reason"]
    assert "not written yet" in ledger(tree)["turnover-over-100"]["reason"]
    assert "wait for a notebook that is not written yet" in tree.said


def test_a_claim_left_unchecked_by_its_notebook_ends_with_1_every_time(tree, runs, drawn):
    tree.write("amazon_profits", 1, "x = 1")
    for _ in range(2):
        assert build.build([], tree.options()) == 1
        assert "profit-2021" in tree.said


@pytest.mark.parametrize(
    "name", ["no_parameters_cell", "two_parameters_cells", "invalid_json", "format_3", "merge_conflict"]
)
def test_a_notebook_that_cannot_be_read_fails_alone(tree, runs, drawn, name):
    tree.write("first", 1, "x = 1")
    tree.add_fault(name)
    assert build.build([], tree.options()) == 1
    assert runs == ["first"]
    assert f"{name} FAILED" in tree.said
    assert len(ledger(tree)) == 81


def test_a_page_that_cannot_be_drawn_fails_but_the_run_is_kept(tree, runs, monkeypatch):
    tree.write("first", 1, "x = 1")

    def broken(_job):
        raise KeyError("template")

    monkeypatch.setattr(render, "render_job", broken)
    assert build.build([], tree.options()) == 1
    assert "its page could not be made" in tree.said
    monkeypatch.setattr(render, "render_job", lambda _job: "<p>")
    runs.clear()
    assert build.build([], tree.options()) == 0
    assert runs == []
    assert "its page was not made yet" in tree.said


# ---------------------------------------------------------------- a part of the collection


def test_building_one_leaves_the_ledger_alone(two, runs):
    before = (two.out / "ledger.csv").read_bytes()
    two.write("first", 1, "x = 5")
    two.write("second", 2, "x = 5")
    assert build.build(["second"], two.options()) == 0
    assert runs == ["second"]
    assert (two.out / "ledger.csv").read_bytes() == before


def test_a_partial_build_never_reads_as_complete(tree, runs, drawn):
    tree.write("amazon_profits", 1, "x = 1")
    tree.write("second", 2, "x = 1")
    assert build.build(["second"], tree.options()) == 0
    assert "It was not part of this run." in (tree.out / "index.html").read_text(encoding="utf-8")
    assert not (tree.out / "ledger.csv").exists()


def test_names_are_found_by_number_and_file(two, runs):
    build.build(["2", "notebooks/02_second.ipynb"], two.options(force=True))
    assert runs == ["second"]


def test_an_unknown_name_gets_the_nearest_and_nothing_is_written(tree, runs):
    tree.write("turnover", 8, "x = 1")
    with pytest.raises(UnknownNotebookError, match="Did you mean 'turnover'"):
        build.build(["turnovr"], tree.options())
    assert not tree.out.exists()


# ---------------------------------------------------------------- other parameters


def test_a_run_goes_to_a_folder_of_its_own_with_its_ledger(two, runs):
    before = two.files()
    assert build.run("second", {"start_year": Plain("2010")}, None, two.options()) == 0
    made = set(two.files()) - set(before)
    folder = "runs/second--start_year-2010"
    assert made == {f"{folder}/02_second.html", f"{folder}/02_second.ipynb", f"{folder}/ledger.csv"}
    assert two.files() | before == two.files()
    assert "amazon-labor run second -p start_year 2010" in (two.out / folder / "02_second.html").read_text()
    with (two.out / folder / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 81
    assert {r["reason"] for r in rows if r["notebook"]} == {"Not part of this run."}
    assert build.run("second", {"start_year": Plain("2010")}, None, two.options()) == 0
    assert runs == ["second--start_year-2010"]


def test_a_run_with_the_defaults_is_the_default_report(two, runs):
    assert build.run("second", {"start_year": 2019}, None, two.options()) == 0
    assert runs == []
    assert "runs" not in {Path(f).parts[0] for f in two.files()}


def test_the_command_of_a_page_names_the_vintage_it_was_made_with(two, monkeypatch):
    folder = two.root / "data" / "vintages" / "2026-01-02"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text('{"resources": []}')
    monkeypatch.setenv("AMAZON_LABOR_VINTAGE", "2026-01-02")
    build.run("second", {"start_year": 2010}, None, two.options())
    page = two.files()["runs/second--start_year-2010/02_second.html"].decode()
    assert "amazon-labor run second -p start_year 2010 --vintage 2026-01-02" in page


def test_a_scenario_names_its_folder_and_p_overrides_it(two, runs):
    text = '[second.early]\nabout = "the early years"\nstart_year = 2001\nend_year = 2005\n'
    (two.root / "data/scenarios.toml").write_text(text)
    assert build.run("second", {}, "early", two.options()) == 0
    assert build.run("second", {"end_year": Plain("2009")}, "early", two.options()) == 0
    assert runs == ["second--early", "second--start_year-2001_end_year-2009"]
    page = two.files()["runs/second--early/02_second.html"].decode()
    assert "amazon-labor run second --scenario early" in page
    with pytest.raises(ScenarioError, match="Did you mean 'early'"):
        build.run("second", {}, "erly", two.options())


def test_a_bad_value_leaves_no_trace(tree, runs):
    tree.write("second", 2, "x = 1")
    for given in ({"start_yeer": Plain("1")}, {"start_year": Plain("1e400")}, {"start_year": Plain("2022")}):
        with pytest.raises(ParameterError):
            build.run("second", given, None, tree.options())
    assert runs == []
    assert not tree.out.exists()


def test_a_run_of_a_notebook_that_cannot_be_read(tree, runs):
    tree.add_fault("invalid_json")
    with pytest.raises(NotebookError, match="not JSON"):
        build.run("invalid_json", {}, None, tree.options())


def test_a_failed_run_with_other_parameters_is_filed_under_its_slug(two):
    two.write("second", 2, "fail")
    assert build.run("second", {"start_year": 2010}, None, two.options()) == 1
    assert "failed/02_second--start_year-2010.ipynb" in two.files()


# ---------------------------------------------------------------- records


def test_records_of_claims_reach_the_ledger(tree, runs, drawn, shown):
    """The record is made by `claims.check` itself, so that the ledger accepts it."""
    from amazon_labor import results

    results.start("amazon_profits")
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    outputs = [{"output_type": "display_data", "metadata": {}, "data": b} for b in shown]
    tree.write("amazon_profits", 1, json.dumps(outputs))
    build.build([], tree.options())
    row = ledger(tree)["profit-2021"]
    assert row["verdict"] == "holds"
    assert row["computed"] == "33.364"


def test_an_interrupted_write_of_the_record_keeps_the_old_one(two, monkeypatch):
    before = (two.out / ".build" / "state.json").read_bytes()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("amazon_labor.runner.atomic.os.fsync", full)
    two.write("second", 2, "x = 9")
    with pytest.raises(OSError, match="No space"):
        build.build([], two.options())
    assert (two.out / ".build" / "state.json").read_bytes() == before
    assert not list(two.out.rglob(".part-*"))


def test_the_state_of_every_entry_survives_the_way_through_the_file(two):
    path = two.out / ".build" / "state.json"
    before = state.load(path)
    state.save(path, before)
    assert state.load(path) == before
    assert before.entries["first"].tables == ["amazon/annual_results"]


def test_the_folder_can_be_moved(two, runs, monkeypatch):
    moved = two.root.parent / "elsewhere"
    shutil.move(two.root, moved)
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(moved))
    monkeypatch.chdir(moved)
    options = session.Options(moved / "reports", start=two.options().start, write=two.lines.append)
    assert build.build([], options) == 0
    assert runs == []
