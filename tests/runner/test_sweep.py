"""Sweeps: points checked before anything runs, a report each, one page that compares them, resumed where it stopped."""

import csv
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import mime
from amazon_labor.parameters import ParameterError, Plain, read_cell
from amazon_labor.runner import clean, drive, execute, normalise, sweep, sweep_grid

CELL = """\
year: int = 2000  # a year; 1990 to 2010
rate: float = 0.02  # a rate; 0.0 to 0.5
place: str = "NY"  # a state; one of NY, CA, TX
real: bool = True  # whether real
who: list[str] = ["a"]  # who; any of a, b, c
"""
PARAMETERS = read_cell(CELL)


def points(*over: str):
    return sweep_grid.points("n", PARAMETERS, sweep_grid.axes(over))


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("year=1990,1995", [1990, 1995]),
        ("year=1990..1993", [1990, 1991, 1992, 1993]),
        ("year=1990..2010..10", [1990, 2000, 2010]),
        ("rate=0.1..0.3..0.1", [0.1, 0.2, 0.3]),
        ("place=all", ["NY", "CA", "TX"]),
        ("place=CA", ["CA"]),
        ("real=all", [False, True]),
        ("who=all", [["a"], ["b"], ["c"]]),
        ("who=a+b,c", [["a", "b"], ["c"]]),
    ],
)
def test_values_of_one_parameter(word, values):
    name = word.partition("=")[0]
    assert [p[name] for p in points(word)] == values


@given(
    st.lists(st.integers(1990, 2010), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from(["NY", "CA", "TX"]), min_size=1, max_size=3, unique=True),
)
def test_every_value_meets_every_other_once(years, places):
    found = points(f"year={','.join(map(str, years))}", f"place={','.join(places)}")
    assert [(p["year"], p["place"]) for p in found] == list(itertools.product(years, places))
    assert all(p["rate"] == 0.02 for p in found)


def test_equal_points_are_run_once_and_what_varies_is_known():
    found = points("year=1990,1990,2000")
    assert len(found) == 2
    assert sweep_grid.varied(PARAMETERS, found) == ["year"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["year"], "is not name=values"),
        (["year="], "is not name=values"),
        (["year=1", "year=2"], "given twice"),
        (["yaer=1990"], "Did you mean 'year'"),
        (["year=1980"], "Allowed: a whole number from 1990 to 2010"),
        (["year=all"], "no list of choices"),
        (["year=1990..x"], "is not a range"),
        (["year=2000..1990"], "low not above high"),
        (["year=1990..2000..0"], "the step must be above 0"),
        (["year=1990..1992..0.5"], "takes whole numbers"),
        (["rate=0.1..0.2"], "needs a step"),
        (["rate=0..0.5..0.00001"], "at most 1,000"),
        (["year=1990..2010", "rate=0..0.5..0.001"], "at most 1,000 points, this one 10,521 (year: 21 x rate: 501)"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_the_mend(words, message):
    with pytest.raises(ParameterError) as error:
        points(*words)
    assert message in str(error.value)


def test_a_file_of_values_to_combine(tmp_path):
    file = tmp_path / "grid.yaml"
    file.write_text("year: [1990, 1991]\nplace: all\nrate: [0.1]\n")
    axes, listed = sweep_grid.from_grid(file)
    assert listed == []
    found = sweep_grid.points("n", PARAMETERS, axes)
    assert [(p["year"], p["place"], p["rate"]) for p in found][:3] == [
        (1990, "NY", 0.1),
        (1990, "CA", 0.1),
        (1990, "TX", 0.1),
    ]
    assert len(found) == 6


def test_a_file_of_points(tmp_path):
    file = tmp_path / "grid.toml"
    file.write_text('[[points]]\nyear = 1990\nplace = "CA"\n[[points]]\nrate = 0.1\n')
    found = sweep_grid.points("n", PARAMETERS, *sweep_grid.from_grid(file))
    assert [(p["year"], p["place"], p["rate"]) for p in found] == [(1990, "CA", 0.02), (2000, "NY", 0.1)]


@pytest.mark.parametrize(
    "text", ["points: 3\n", "points: [1]\n", "points: [{year: 1990}]\nyear: 2000\n", "points: []\n"]
)
def test_a_file_that_is_neither_is_refused(tmp_path, text):
    file = tmp_path / "grid.yaml"
    file.write_text(text)
    with pytest.raises(ParameterError, match="must stand alone"):
        sweep_grid.from_grid(file)


def test_nothing_to_sweep_is_refused():
    with pytest.raises(ParameterError, match="this one 0"):
        sweep_grid.points("n", PARAMETERS, {}, [])


# ---------------------------------------------------------------- runs


@pytest.fixture
def measured(tree, drawn, monkeypatch):
    """A notebook that emits a number from its parameters; fails for the place CA. Returns the tree and the keys run."""
    tree.write("first", 1, "x = 1", parameters=CELL)
    keys: list[str] = []

    def run_job(job: execute.Job) -> execute.JobResult:
        keys.append(job.key)
        data = json.loads(job.text)
        year, place = job.parameters.get("year", 2000), job.parameters.get("place", "NY")
        number = {
            "name": "share",
            "value": year / 100,
            "unit": "percent",
            "low": year / 100 - 1,
            "high": year / 100 + 1,
        }
        still = {"name": "constant", "value": 1.0, "unit": "ratio", "low": None, "high": None}
        for one in data["cells"]:
            if one["cell_type"] == "code":
                one["execution_count"] = 1
        data["cells"][-1]["outputs"] = [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {mime.NUMBER: n | {"printed": str(n["value"]), "note": "=1+1"}},
            }
            for n in (number, still)
        ]
        failure = execute.Failure(2, "cell 2 raised ValueError: no") if place == "CA" else None
        return execute.JobResult(job.key, normalise.dump(normalise.normalise(data)), failure, 0.1)

    monkeypatch.setattr(drive, "run_job", run_job)
    return tree, keys


def comparison(tree):
    (page,) = (tree.out / "sweeps").glob("*/index.html")
    return page, page.read_text(encoding="utf-8"), (page.parent / "numbers.csv").read_text(encoding="utf-8")


def test_a_sweep_makes_a_report_each_and_a_comparison(measured):
    tree, keys = measured
    assert sweep.sweep("first", ["year=1990,2000,2010"], None, tree.options()) == 0
    assert keys == ["first--year-1990", "first", "first--year-2010"]  # the default point is the default report
    page, html, table = comparison(tree)
    rows = list(csv.DictReader(table.splitlines()))
    assert [(r["year"], r["number_name"], r["value"]) for r in rows if r["number_name"] == "share"] == [
        ("1990", "share", "19.9"),
        ("2000", "share", "20"),
        ("2010", "share", "20.1"),
    ]
    assert "1 of its numbers moves between the points, 1 does not" in html
    for target in ("../../runs/first--year-1990/01_first.html", "../../01_first.html"):
        assert f'href="{target}"' in html
        assert (page.parent / target).resolve().is_file()
    assert "Share, with intervals: from 19.9 (1990) to 20.1 (2010)" in html


def test_a_sweep_that_was_stopped_goes_on_where_it_was(measured, drawn):
    tree, keys = measured
    sweep.sweep("first", ["year=1990,1991"], None, tree.options())
    keys.clear()
    drawn.clear()
    assert sweep.sweep("first", ["year=1990,1991,1992"], None, tree.options()) == 0
    assert keys == ["first--year-1992"]
    assert "3 points: 1 made now, 2 were up to date." in tree.said
    keys.clear()
    before = tree.files()
    assert sweep.sweep("first", ["year=1990,1991,1992"], None, tree.options()) == 0
    assert keys == []
    assert tree.files() == before


def test_a_failing_point_is_listed_and_the_rest_goes_on(measured):
    tree, keys = measured
    assert sweep.sweep("first", ["place=all"], None, tree.options()) == 1
    assert len(keys) == 3
    assert "1 of 3 failed: first--place-CA." in tree.said
    _, html, table = comparison(tree)
    assert "1 of 3 points failed" in html
    assert "cell 2 raised ValueError: no" in html
    assert "CA" not in {row["place"] for row in csv.DictReader(table.splitlines()) if "place" in row}


def test_points_of_two_parameters_are_no_states(measured):
    tree, _ = measured
    sweep.sweep("first", ["place=NY,TX", "year=1990,2000"], None, tree.options())
    assert "fig-map" not in comparison(tree)[1]


def test_clean_removes_what_a_sweep_made(measured):
    tree, _ = measured
    sweep.sweep("first", ["year=1990,1991"], None, tree.options())
    assert clean.clean(tree.out, tree.lines.append) == 0
    assert tree.files() == {}


def test_nothing_is_written_when_a_value_is_refused(measured):
    tree, keys = measured
    with pytest.raises(ParameterError):
        sweep.sweep("first", ["year=1990,1980"], None, tree.options())
    assert keys == []
    assert not tree.out.exists()


def test_a_word_without_type_is_plain():
    assert isinstance(sweep_grid.axes(["year=1990"])["year"][0], Plain)
