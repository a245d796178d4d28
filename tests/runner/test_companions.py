"""Pages beside the reports: made when what they show changed, summed, removed, and the same in any order."""

import json
import shutil

import pytest

from amazon_labor.parameters import InputError
from amazon_labor.runner import build, clean, companions, sums
from tests.runner.test_verify import outputs

DATA = {"data/index.html", "data/amazon-annual_results.html", "data/amazon-timeline.html"}
PAGES = DATA | {"glossary.html", "scenarios.html"}
READS = json.dumps(
    [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {
                "application/vnd.amazon-labor.tables+json": [
                    {
                        "name": "amazon/timeline",
                        "publishers": ["A"],
                        "vintage": "all",
                        "rows": 1,
                        "sha256": "0" * 64,
                        "bytes": 1,
                    }
                ],
                "text/plain": "tables",
            },
        }
    ]
)


@pytest.fixture
def made(tree, runs, drawn):
    tree.write("first", 1, outputs(1.23, "1.2 percent"), READS)
    tree.write("second", 2, "x = 1")
    assert build.build([], tree.options()) == 0
    return tree


def times(tree) -> dict[str, int]:
    return {name: (tree.out / name).stat().st_mtime_ns for name in PAGES}


def test_a_build_writes_the_pages_and_their_sums(made):
    assert set(made.files()) >= PAGES
    assert set(sums.read(made.out / sums.SUMS)) >= PAGES | {"ledger.json"}
    table = made.files()["data/amazon-timeline.html"].decode()
    assert '<a href="../01_first.html">01 A title</a>' in table
    assert "01_first" not in made.files()["data/amazon-annual_results.html"].decode()


def test_a_build_with_nothing_to_do_writes_none_of_them_and_reads_no_table(made, monkeypatch):
    monkeypatch.setattr(companions, "write", lambda *_: pytest.fail("pages were made"))
    before = times(made)
    assert build.build([], made.options()) == 0
    assert times(made) == before
    assert "Nothing to do" in made.said


def test_a_changed_table_changes_its_page_and_the_list_and_no_other(made):
    before = made.files()
    package = json.loads((made.root / "data/datapackage.json").read_text(encoding="utf-8"))
    one = next(r for r in package["resources"] if r["path"] == "amazon/annual_results.csv")
    one["known_doubts"] = ["A new doubt."]
    (made.root / "data/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert build.build([], made.options()) == 0
    after = made.files()
    changed = {name for name in PAGES if before[name] != after[name]}
    assert changed == {"data/amazon-annual_results.html"}
    assert b"A new doubt." in after["data/amazon-annual_results.html"]


def test_a_file_that_no_longer_fits_shows_no_rows(made):
    with (made.root / "data/amazon/annual_results.csv").open("a", encoding="utf-8") as file:
        file.write("9999\n")
    assert build.build([], made.options()) == 0
    assert b"not the one that the package describes" in made.files()["data/amazon-annual_results.html"]


def test_a_page_lost_or_changed_by_hand_is_made_again(made):
    before = made.files()
    (made.out / "glossary.html").unlink()
    (made.out / "data/index.html").write_text("mine", encoding="utf-8")
    assert build.build([], made.options()) == 0
    assert made.files() == before


def test_the_page_of_a_table_that_is_gone_goes_too(made):
    package = json.loads((made.root / "data/datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["path"] == "amazon/timeline.csv"]
    (made.root / "data/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert build.build([], made.options()) == 0
    assert set(made.files()) & PAGES == PAGES - {"data/amazon-annual_results.html"}


def test_parts_in_any_order_and_a_damaged_record_give_the_same_bytes(made, tmp_path):
    whole = made.files()
    shutil.rmtree(made.out)
    for name in ("second", "first"):
        assert build.build([name], made.options()) == 0
    assert build.build([], made.options()) == 0
    assert made.files() == whole
    (made.out / ".build" / companions.RECORD).write_text('{"../../x": ["a"]}', encoding="utf-8")
    (made.out / "scenarios.html").unlink()
    assert build.build([], made.options()) == 0
    assert made.files() == whole


def test_a_part_links_only_to_reports_that_are_there(tree, runs, drawn):
    tree.write("first", 1, READS)
    tree.write("second", 2, "x = 1")
    package = json.loads((tree.root / "data/datapackage.json").read_text(encoding="utf-8"))
    next(r for r in package["resources"] if r["path"] == "amazon/timeline.csv")["notebooks"] = [1]
    (tree.root / "data/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert build.build(["second"], tree.options()) == 0
    table = tree.files()["data/amazon-timeline.html"].decode()
    assert "../01_first.html" not in table
    assert "01 A title <small>no result in this build</small>" in table


def test_the_glossary_is_of_the_collection_and_makes_pages_stale(made):
    assert b"0 terms" in made.files()["glossary.html"]
    entry = '[[term]]\nterm = "density"\nforms = ["density"]\nshort = "Members over workers."\nsource = "x"\n'
    (made.root / "data/glossary.toml").write_text(entry, encoding="utf-8")
    assert build.build([], made.options()) == 0
    assert "page code data/glossary.toml changed" in made.said
    assert b'id="density"' in made.files()["glossary.html"]


def test_a_faulty_glossary_is_bad_input_that_names_the_entry(made):
    (made.root / "data/glossary.toml").write_text('[[term]]\nterm = "density"\n', encoding="utf-8")
    with pytest.raises(InputError, match="term 'density': `term`, `short` and `source` must be texts"):
        build.build([], made.options())


def test_clean_removes_them(made):
    assert clean.clean(made.out, made.lines.append) == 0
    assert {p.name for p in made.out.rglob("*") if p.is_file()} <= {"ledger.csv", companions.RECORD}


# ---------------------------------------------------------------- scenarios

SCENARIOS = """
[first.later]
about = "From another year"
start_year = 2020

[first.long]
about = "To another year"
end_year = 2022
"""


@pytest.fixture
def told(made):
    (made.root / "data/scenarios.toml").write_text(SCENARIOS, encoding="utf-8")
    return made


def test_a_plain_build_says_which_scenarios_were_not_run(told):
    assert build.build([], told.options()) == 0
    page = told.files()["scenarios.html"].decode()
    assert "No scenario has been run yet" in page
    assert "0 of 2 scenarios" in page
    assert ">amazon-labor scenarios first<" in page


def test_scenarios_run_once_and_the_page_has_them(told, runs):
    del runs[:]
    assert build.build([], told.options(), scenarios_too=True) == 0
    assert sorted(runs) == ["first--later", "first--long"]
    page = told.files()["scenarios.html"].decode()
    assert "2 of 2 scenarios" in page
    assert "No verdicts change under 2 other sets of assumptions" in page
    assert 'href="runs/first--later/01_first.html"' in page
    del runs[:]
    assert build.build([], told.options(), scenarios_too=True) == 0
    assert runs == []
    assert "all 4 notebooks and scenarios up to date" in told.said


def test_a_scenario_of_other_code_is_stale_and_shows_nothing(told, runs):
    assert build.build([], told.options(), scenarios_too=True) == 0
    told.write("first", 1, outputs(1.24, "1.2 percent"), READS)
    assert build.build([], told.options()) == 0
    page = told.files()["scenarios.html"].decode()
    assert "0 of 2 scenarios" in page
    assert page.count("run on other code or data; run it again") == 2
    assert "runs/first--later" not in page


def test_a_scenario_with_other_values_is_stale(told, runs):
    assert build.build([], told.options(), scenarios_too=True) == 0
    (told.root / "data/scenarios.toml").write_text(SCENARIOS.replace("2020", "2021"), encoding="utf-8")
    assert build.build([], told.options()) == 0
    assert "1 of 2 scenarios" in told.files()["scenarios.html"].decode()


def test_a_file_of_scenarios_that_cannot_be_read_does_not_stop_a_build(told):
    (told.root / "data/scenarios.toml").write_text("[first", encoding="utf-8")
    assert build.build([], told.options()) == 0
    assert b"0 of 0 scenarios" in told.files()["scenarios.html"]
