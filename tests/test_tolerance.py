"""Numbers within a tolerance are the same, and nothing else is: verdicts, units, digests and names stay exact."""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amazon_labor import mime, tolerance

ROOT = Path(__file__).resolve().parents[1]
NUMBER = {"name": "growth", "value": 33.364, "low": 30.0, "high": None, "unit": "percent", "printed": "33.36 percent"}
CLAIM = {
    "id": "a",
    "verdict": "holds",
    "value": 2.0,
    "computed": "2.0",
    "reason": "It is 2.0.",
    "interpretations": [{"interpretation": "own", "value": 2.0, "holds": True}],
}
TABLES = [{"name": "amazon/annual_results", "sha256": "1234567890123"}]


def output(kind: str, record: object, text: str = "growth = 33.36 percent") -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text, kind: record}}


def changed(record, **fields):
    return copy.deepcopy(record) | fields


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("a 1.0000000001 b", "a 1 b", True),
        ("a 1.0001 b", "a 1 b", False),
        ("47,879 cases", "47,879.00000001 cases", True),
        ("47,879 cases", "47,878 cases", False),
        ("\u22123.5", "-3.5000000001", True),
        ("-3.5", "3.5", False),
        ("holds 1", "fails 1", False),
        ("1 2", "1", False),
        ("0", "0.0", True),
        ("0", "1e-300", False),
        ("sha 12345678901230ab", "sha 12345678901231ab", False),  # digits of a word are no number
        ("members_1980", "members_1981", False),
        ("", "", True),
    ],
)
def test_texts(one, two, same):
    assert tolerance.texts(one, two, 1e-9) is same


@given(st.floats(1e-300, 1e300), st.floats(-1, 1))
@settings(deadline=None)
def test_a_number_is_the_same_within_its_share_and_not_beyond(value, step):
    assert tolerance.numbers(value, value * (1 + 0.9e-9 * step), 1e-9)
    assert not tolerance.numbers(value, value * (1 + 3e-9), 1e-9)


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({"value": 33.364 * (1 + 1e-11)}, True),
        ({"value": 33.3641}, False),
        ({"low": 30.1}, False),
        ({"low": None}, False),
        ({"high": 1.0}, False),
        ({"unit": "points"}, False),
        ({"name": "growths"}, False),
        ({"printed": "33.37 percent", "value": 33.364 * (1 - 1e-11)}, True),  # between two printed numbers
        ({"new": 1}, False),
    ],
)
def test_records_of_numbers(fields, same):
    assert tolerance.records(NUMBER, changed(NUMBER, **fields), 1e-9) is same


def test_records_of_claims_have_exact_verdicts():
    close = [{"interpretation": "own", "value": 2.0 + 1e-12, "holds": True}]
    assert tolerance.records(CLAIM, changed(CLAIM, interpretations=close, computed="2.00"), 1e-9)
    assert not tolerance.records(CLAIM, changed(CLAIM, verdict="fails"), 1e-9)
    turned = [{"interpretation": "own", "value": 2.0, "holds": False}]
    assert not tolerance.records(CLAIM, changed(CLAIM, interpretations=turned), 1e-9)
    assert not tolerance.records(CLAIM, changed(CLAIM, interpretations=[]), 1e-9)


def test_a_record_that_is_close_settles_its_badge_and_one_that_is_not_settles_nothing():
    stored = [output(mime.NUMBER, NUMBER)]
    close = [output(mime.NUMBER, changed(NUMBER, value=33.364 * (1 + 1e-11)), "growth = 33.37 percent")]
    assert tolerance.settled(close, stored, 1e-9) == stored
    far = [output(mime.NUMBER, changed(NUMBER, value=33.4), "growth = 33.36 percent")]
    assert tolerance.settled(far, stored, 1e-9) == far


def test_what_is_no_number_is_never_settled():
    stored = [output(mime.TABLES, TABLES, "a")]
    other = [output(mime.TABLES, [TABLES[0] | {"sha256": "1234567890124"}], "a")]
    assert tolerance.settled(other, stored, 1e-2) == other
    assert tolerance.settled([], stored, 1e-2) == []
    stream = [{"output_type": "stream", "name": "stdout", "text": "1.00000000001\n"}]
    assert tolerance.settled(stream, stored, 1e-2) == stream
    assert tolerance.settled(stream, [stream[0] | {"text": "1.0\n"}], 1e-9)[0]["text"] == "1.0\n"


def test_the_fresh_outputs_are_left_as_they_are():
    fresh = [output(mime.NUMBER, changed(NUMBER, value=33.364 * (1 + 1e-11)))]
    before = copy.deepcopy(fresh)
    tolerance.settled(fresh, [output(mime.NUMBER, NUMBER)], 1e-9)
    assert fresh == before


@pytest.mark.parametrize("word", ["0", "-1e-9", "1", "nan", "inf", "much", "", "1e400"])
def test_what_is_no_tolerance_is_refused(word):
    with pytest.raises(ValueError, match=r"not a number above 0 and at most 0\.1"):
        tolerance.parse(word)
    assert tolerance.parse("1e-9") == 1e-9


# ---------------------------------------------------------------- under nbval

SOURCE = 'from amazon_labor import results\nresults.start("growth")\nresults.emit("share", 1 / 3, "ratio", digits=2)'


def nbval(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "amazon_labor.nbval_tolerance",
        *words,
        "-c",
        os.devnull,
    ]
    more = ["--rootdir", str(folder), "-p", "no:cacheprovider", "-p", "no:xdist", str(folder)]
    environment = os.environ | {"AMAZON_LABOR_ROOT": str(ROOT)}
    return subprocess.run([*command, *more], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory) -> Path:
    """The same cell stored with its value, with one that differs in the tenth digit, and with one in the fifth."""
    from amazon_labor.runner import normalise
    from amazon_labor.runner.execute import Job, run_job

    folder = tmp_path_factory.mktemp("notebooks")
    cell = {
        "cell_type": "code",
        "id": "cell-00",
        "metadata": {},
        "source": SOURCE,
        "outputs": [],
        "execution_count": None,
    }
    text = normalise.dump(
        {"cells": [cell], "metadata": {"kernelspec": normalise.KERNELSPEC}, "nbformat": 4, "nbformat_minor": 5}
    )
    ran = run_job(Job("growth", text, {}, str(folder), str(ROOT)))
    assert ran.failure is None
    for name, step in (("true", 0.0), ("tenth", 1e-10), ("fifth", 1e-5)):
        stored = json.loads(ran.text)
        record = stored["cells"][0]["outputs"][0]["data"][mime.NUMBER]
        record["value"] += step
        (folder / f"{name}.ipynb").write_text(normalise.dump(stored))
    return folder


def test_nbval_compares_within_the_tolerance_when_it_is_given(notebooks):
    exact = nbval(notebooks)
    assert "2 failed, 1 passed" in exact.stdout, exact.stdout[-3000:] + exact.stderr[-3000:]
    close = nbval(notebooks, "--nbval-tolerance", "1e-8", "-rf")
    assert "1 failed, 2 passed" in close.stdout, close.stdout[-3000:] + close.stderr[-3000:]
    assert "fifth.ipynb" in close.stdout.split("short test summary")[1]


def test_a_tolerance_that_is_none_stops_before_anything_runs(tmp_path):
    done = nbval(tmp_path, "--nbval-tolerance", "much")
    assert done.returncode == 4
    assert "--nbval-tolerance: the tolerance 'much' is not a number above 0" in done.stderr


DRAWING = (
    '<g id="p9d7db5879f"><path clip-path="url(#p9d7db5879f)" d="M 338.550666 149.927683 L 1 2"/></g>'
    '<text x="3.5">0.31 in 2021</text>'
)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (DRAWING.replace("p9d7db5879f", "p24d7eafceb"), True),  # an id made from bits of numbers
        (DRAWING.replace("url(#p9d7db5879f)", "url(#p24d7eafceb)"), False),  # another clip than the one defined
        (DRAWING.replace("338.550666", "338.550766"), True),
        (DRAWING.replace("338.550666", "339.1"), False),
        (DRAWING.replace("L 1 2", "L 1.04 2"), True),  # near the edge a place is no smaller thing
        (DRAWING.replace("L 1 2", "L 1 2 3"), False),
        (DRAWING.replace("path", "line"), False),
        (DRAWING.replace('x="3.5"', 'x="3.51"'), True),
        (DRAWING.replace("0.31", "0.32"), False),  # a value, however little its digits differ
        (DRAWING.replace("in 2021", "in 2022"), False),
    ],
)
def test_drawings(other, same):
    assert tolerance.drawings(DRAWING, other, 1e-6) is same


def test_rows_of_a_figure_follow_from_its_csv():
    figure = {"id": "a", "csv": "x\n0.15765\n", "rows": [["0.1576"]], "narrow": DRAWING}
    assert tolerance.records(figure, changed(figure, csv="x\n0.157651\n", rows=[["0.1577"]]), 1e-4)
    assert not tolerance.records(figure, changed(figure, csv="x\n0.1578\n"), 1e-4)
    assert not tolerance.records(figure, changed(figure, id="b"), 1e-4)


def test_a_cell_tagged_approximate_may_differ_by_a_hundredth(tmp_path):
    def cell(value: str, tags: list[str]) -> dict:
        out = [{"output_type": "stream", "name": "stdout", "text": f"{value}\n"}]
        return {"cell_type": "code", "id": f"c{value[-1]}", "metadata": {"tags": tags}, "source": "print(0.500)",
                "execution_count": 1, "outputs": out}  # fmt: skip

    cells = [cell("0.502", ["approximate"]), cell("0.503", []), cell("0.514", ["approximate"])]
    book = {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    }
    (tmp_path / "t.ipynb").write_text(json.dumps(book | {"nbformat": 4, "nbformat_minor": 5}))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rf", "--nbval", "--color=no"]
    command += ["-p", "amazon_labor.nbval_tolerance", "--nbval-tolerance", "1e-4", "t.ipynb"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=os.environ).stdout
    failed = re.findall(r"^FAILED t.ipynb::Cell (\d)", said, re.MULTILINE)
    assert failed == ["1", "2"], said
