"""Sums of what is published, and differences told by file, cell and size."""

import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from amazon_labor import mime
from amazon_labor.parameters import InputError
from amazon_labor.runner import build, differences, sums, surroundings, verify

SRC = Path(__file__).resolve().parents[2] / "src"


def outputs(value: float, printed: str, drawn: str = "M 1.00000001 2") -> str:
    """Outputs of a cell: a number, and a figure of one path."""
    number = {"name": "growth", "value": value, "unit": "percent", "low": None, "high": None, "digits": 1}
    bundles = [
        {mime.NUMBER: number | {"printed": printed}, "text/plain": f"growth = {printed}"},
        {mime.FIGURE: {"id": "growth"}, "image/svg+xml": f"<svg><path d='{drawn}'/></svg>", "text/plain": "figure"},
    ]
    return json.dumps([{"output_type": "display_data", "metadata": {}, "data": data} for data in bundles])


@pytest.fixture
def published(tree, runs, drawn, tmp_path):
    """A small collection, built, and a copy of what it would publish."""
    tree.write("first", 1, outputs(1.23, "1.2 percent"))
    tree.write("second", 2, "x = 1")
    assert build.build([], tree.options()) == 0
    copy = tmp_path / "published"
    shutil.copytree(tree.out, copy, ignore=shutil.ignore_patterns(".build"))
    return copy


def told(tree, published, *names: str) -> tuple[int, str]:
    lines: list[str] = []
    return verify.against(published, tree.out, names, lines.append), "\n".join(lines)


# ---------------------------------------------------------------- sums


def test_the_sums_are_those_that_other_programs_compute(tree, published):
    recorded = sums.read(published / sums.SUMS)
    there = {n: c for n, c in tree.files().items() if n not in (sums.SUMS, sums.ENVIRONMENT)}
    assert recorded == {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}
    checker = shutil.which("sha256sum")
    if checker:
        done = subprocess.run(
            [checker, "--check", "--strict", sums.SUMS], cwd=published, capture_output=True, check=False
        )
        assert done.returncode == 0


def test_sums_that_no_longer_fit_are_taken_away(tree, published):
    assert build.build(["second"], tree.options()) == 0
    assert (tree.out / sums.SUMS).is_file()  # a part of the collection, but everything is as it was
    tree.write("second", 2, "x = 2")
    assert build.build(["second"], tree.options()) == 0
    assert not (tree.out / sums.SUMS).exists()
    assert build.build([], tree.options()) == 0
    assert (tree.out / sums.SUMS).is_file()
    tree.write("second", 2, "fail")
    assert build.build([], tree.options()) == 1
    assert not (tree.out / sums.SUMS).exists()
    assert not (tree.out / sums.ENVIRONMENT).exists()


def test_a_build_writes_lost_sums_again(tree, published):
    before = (tree.out / sums.SUMS).read_bytes()
    (tree.out / sums.SUMS).unlink()
    assert build.build([], tree.options()) == 0
    assert (tree.out / sums.SUMS).read_bytes() == before


@pytest.mark.parametrize(
    "line",
    [
        "abc  a.html",
        f"{'0' * 64} a.html",
        f"{'0' * 64}  ../a.html",
        f"{'0' * 64}  /a.html",
        f"{'0' * 64}  a\n{'1' * 64}  a",
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line):
    (tmp_path / "SHA256SUMS").write_text(line + "\n")
    with pytest.raises(InputError, match=r"SHA256SUMS, line \d: .*\(amazon-labor build\)"):
        sums.read(tmp_path / "SHA256SUMS")


def test_sums_that_hold_nothing_or_are_not_there(tmp_path):
    (tmp_path / "SHA256SUMS").write_text("")
    with pytest.raises(InputError, match="holds no sums"):
        sums.read(tmp_path / "SHA256SUMS")
    with pytest.raises(InputError, match="cannot be read"):
        sums.read(tmp_path / "nothing")
    with pytest.raises(InputError, match="neither a folder of reports nor a file"):
        verify.against(tmp_path / "nothing", tmp_path, [], print)


# ---------------------------------------------------------------- against a published set


def test_the_published_set_is_recognised_by_folder_and_by_sums_alone(tree, published, tmp_path):
    # of two notebooks: report and executed notebook each; index, ledger twice; two tables and their list; glossary, scenarios
    assert told(tree, published) == (0, "verify: all 12 files are the published ones.")
    alone = Path(shutil.copy(published / sums.SUMS, tmp_path / "sums.txt"))
    assert told(tree, alone)[0] == 0
    assert told(tree, published, "second") == (0, "verify: all 2 files are the published ones.")


def test_a_published_file_changed_since_is_named(tree, published):
    (published / "01_first.html").write_text("another number")
    status, text = told(tree, published)
    assert status == 1
    assert "1 files missing or changed since" in text
    assert "01_first.html" in text


def test_on_the_same_platform_other_bytes_are_a_fault(tree, published):
    tree.write("first", 1, outputs(1.2300001, "1.2 percent"))
    build.build([], tree.options())
    status, text = told(tree, published)
    assert status == 1
    assert "executed/01_first.ipynb" in text
    assert "0 differ" in text
    assert "differ from the published ones" in text


def published_elsewhere(published: Path) -> None:
    """Say that the set was published by another platform."""
    path = published / sums.ENVIRONMENT
    path.write_text(json.dumps(json.loads(path.read_text()) | {"machine": "pdp11"}))


def test_on_another_platform_printed_numbers_decide_and_bytes_are_explained(tree, published):
    published_elsewhere(published)
    tree.write("first", 1, outputs(1.2300001, "1.2 percent", "M 1.00000002 2"))
    build.build([], tree.options())
    status, text = told(tree, published)
    assert status == 0
    assert "image/svg+xml of figure growth: only numbers differ, by 1.0e-08" in text
    assert "rounding of another processor or library" in text
    assert "machine: pdp11 there" in text


def test_on_another_platform_another_printed_number_is_a_fault(tree, published):
    published_elsewhere(published)
    tree.write("first", 1, outputs(1.31, "1.3 percent"))
    build.build([], tree.options())
    status, text = told(tree, published)
    assert status == 1
    assert "01_first: growth: 1.2 percent -> 1.3 percent" in text


@pytest.mark.parametrize(("tolerance", "status"), [(1e-6, 0), (1e-8, 1)])
def test_a_tolerance_lets_values_decide_on_every_platform(tree, published, tolerance, status):
    tree.write("first", 1, outputs(1.2300001, "1.2 percent"))
    build.build([], tree.options())
    lines: list[str] = []
    assert verify.against(published, tree.out, [], lines.append, tolerance) == status
    text = "\n".join(lines)
    assert f"{status} differ by more than {tolerance:g} of their size" in text
    assert ("01_first: growth: 1.23 -> 1.2300001" in text) is bool(status)


def test_with_sums_alone_the_numbers_cannot_be_compared(tree, published, tmp_path):
    alone = Path(shutil.copy(published / sums.SUMS, tmp_path / "sums.txt"))
    tree.write("first", 1, outputs(1.31, "1.3 percent"))
    build.build([], tree.options())
    status, text = told(tree, alone)
    assert status == 1
    assert "only the sums are at hand" in text
    assert "the bytes of the other set are not at hand" in text


# ---------------------------------------------------------------- differences in words


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        ("a 1.0 b\n", "a 1.00000001 b\n", "rounding of another processor"),
        ("a 1.0 b\n", "a 1.1 b\n", "more than rounding"),
        ("a\nb\n", "a\nc\n", "line 2: 'b"),
        ("a\n", "a\nb\n", "line 2: ''"),
        ("a\n", "a\r\n", r"line 1: 'a\n' and 'a\r\n'"),
    ],
)
def test_texts(one, two, words):
    assert words in differences.of_texts(one, two)


def test_files_on_one_side_only_are_named(tmp_path):
    found = differences.between(tmp_path, tmp_path, {"a": "1"}, {"b": "1"})
    assert [(one.path, one.what) for one in found] == [("a", "only in the first set"), ("b", "only in the second set")]


# ---------------------------------------------------------------- surroundings and clock


def test_both_surroundings_differ_in_everything(tmp_path):
    first, second = surroundings.pair(tmp_path, 2)
    for name in ("USER", "HOME", "LANG", "TZ", "PYTHONHASHSEED"):
        assert first.variables[name] != second.variables[name], name
    assert (first.cold, first.backwards, first.jobs, first.folder) != (second.cold, second.backwards, second.jobs, "")
    assert first.cold is not second.cold
    assert first.backwards is not second.backwards
    assert first.folder != second.folder


def test_what_a_person_has_set_reaches_neither_build(tmp_path, monkeypatch):
    for name in ("LC_NUMERIC", "MPLBACKEND", "JUPYTER_PATH", "AMAZON_LABOR_ROOT"):
        monkeypatch.setenv(name, "mine")
    for one in surroundings.pair(tmp_path, 1):
        given = surroundings.environment(one)
        assert given["LOGNAME"] == given["USER"] == one.variables["USER"]
        assert "mine" not in given.values()


CLOCK = "import datetime, time; print(time.time(), datetime.datetime.now().timestamp(), time.strftime('%Y'), time.localtime().tm_year, time.monotonic())"


def test_a_shifted_clock_is_seen_by_every_way_of_asking(tmp_path, monkeypatch):
    monkeypatch.setattr(surroundings, "LIBRARIES", ())
    _, second = surroundings.pair(tmp_path, 1)
    before, waited = time.time(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CLOCK], env=surroundings.environment(second), capture_output=True, text=True, check=True
    )
    seconds, now, year, local, monotonic = done.stdout.split()
    later = before + surroundings.AHEAD
    assert abs(float(seconds) - later) < 60
    assert abs(float(now) - later) < 60
    assert int(year) == int(local) == datetime.datetime.fromtimestamp(later, datetime.UTC).year
    assert abs(float(monotonic) - waited) < 60


def test_libfaketime_is_taken_where_it_is_installed(tmp_path, monkeypatch):
    library = tmp_path / "x86_64-linux-gnu" / "faketime" / "libfaketime.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    monkeypatch.setattr(surroundings, "LIBRARIES", (tmp_path,))
    _, second = surroundings.pair(tmp_path / "base", 1)
    assert second.variables["LD_PRELOAD"] == str(library)
    assert "libfaketime)" in second.told


# ---------------------------------------------------------------- twice, with real kernels


def verify_in(tree, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "amazon_labor", "verify", "--jobs", "2", *words]
    return subprocess.run(
        command, cwd=tree.root, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


LEAKS = "import time\n\nprint(time.time())", "import os\n\nprint(os.environ['HOME'])", "import os\n\nprint(os.getcwd())"


def test_what_leaks_the_surroundings_is_found_and_placed(tree):
    """A verifier that finds nothing would pass every other test: here each leak must be found, and nothing else."""
    for number, code in enumerate(LEAKS, 1):
        tree.write(f"leak{number}", number, code)
    tree.write("sound", 4, "print(sorted({'a', 'b', 'c'}), list({'a', 'b', 'c'}))")
    done = verify_in(tree)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "executed notebooks: 1 of 4 the same" in done.stdout
    for number in range(1, len(LEAKS) + 1):
        assert f"executed/0{number}_leak{number}.ipynb: cell-02, text output" in done.stdout
    assert "04_sound" not in done.stdout


def test_a_build_that_fails_is_no_verification(tree):
    tree.write("first", 1, "1 / 0")
    done = verify_in(tree)
    assert done.returncode == 1
    assert "the first build ended with status 1" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_a_folder_to_keep_must_be_empty(tree):
    tree.write("first", 1, "x = 1")
    (tree.root / "kept").mkdir()
    (tree.root / "kept" / "mine").touch()
    done = verify_in(tree, "--keep", "kept")
    assert done.returncode == 2
    assert "is not empty" in done.stderr
