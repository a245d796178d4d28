"""Faults of the machine around a build: caches, clocks, long paths, kernels and processes that are killed."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from amazon_labor.runner import build, state
from amazon_labor.runner.execute import Job, run_job


def job(tree, *code: str, **changes) -> Job:
    path = tree.write("probe", 1, *code)
    return Job("probe", path.read_text(encoding="utf-8"), {}, str(tree.root), str(tree.root), **changes)


def printed(result) -> str:
    cells = json.loads(result.text)["cells"]
    return "".join(line for c in cells for o in c.get("outputs", ()) for line in o.get("text", ()))


# ---------------------------------------------------------------- kernels


def test_a_kernel_killed_from_outside_is_named_with_its_cell(tree):
    """What the system does to a process that takes too much memory."""
    result = run_job(job(tree, "x = 1\nprint(x)", "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)"))
    assert result.failure.cell == 3
    assert "the kernel died in cell 3" in result.failure.reason
    assert printed(result) == "1\n"  # what it said before is kept


def test_a_cache_that_cannot_be_written_leaves_no_trace_in_the_outputs(tree, monkeypatch):
    """matplotlib takes a cache of a random name then, and says so: without the guard its path was in the report."""
    code = "from amazon_labor import charts\n\nprint('drawn')"
    monkeypatch.setenv("HOME", "/proc/nowhere")
    result = run_job(job(tree, code))
    assert result.failure is None, result.failure
    assert printed(result) == "drawn\n"


def test_a_guard_over_matplotlib_lets_other_warnings_through(caplog):
    import logging

    import amazon_labor  # noqa: F401

    log = logging.getLogger("matplotlib")
    log.warning("Matplotlib created a temporary cache directory at %s because", "/tmp/matplotlib-x")
    log.warning("findfont: font family %r not found", "Inter")
    assert [r.getMessage() for r in caplog.records] == ["findfont: font family 'Inter' not found"]


def test_a_very_long_path_with_letters_of_all_kinds(tree, monkeypatch):
    """Sockets of the system hold about a hundred characters of a path, names of files 255."""
    long = tree.root.parent / ("ein sehr langer Pfad mit Leerzeichen, ü, 工会 " * 3).strip() / ("x" * 120)
    shutil.copytree(tree.root, long)
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(long))
    monkeypatch.chdir(long)
    tree.root, tree.out = long, long / "reports"
    assert len(str(long)) > 250
    result = run_job(job(tree, "import os\n\nprint(len(os.getcwd()) > 250)"))
    assert result.failure is None, result.failure
    assert printed(result) == "True\n"


def test_a_temporary_folder_too_deep_for_a_socket_means_ordinary_kernels(tmp_path, monkeypatch):
    import tempfile

    from amazon_labor.warm import serve

    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with serve.started() as (warm, reason):
        assert warm is None
        assert "broker" in reason
    assert not list(deep.iterdir())


# ---------------------------------------------------------------- clocks, caches, records


@pytest.fixture
def two(tree, runs, drawn):
    tree.write("first", 1, "x = 1")
    tree.write("second", 2, "x = 1")
    assert build.build([], tree.options()) == 0
    runs.clear()
    return tree


def set_times(folder: Path, when: float) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (when, when))


def test_a_clock_set_back_hides_no_change(two, runs):
    """The damage without the guard: by the time of files, as make goes, the changed notebook would be up to date."""
    source = two.write("second", 2, "x = 2")
    set_times(two.root / "notebooks", time.time() - 10 * 365 * 86400)
    assert source.stat().st_mtime < (two.out / "02_second.html").stat().st_mtime
    assert build.build([], two.options()) == 0
    assert runs == ["second"]


def test_a_clock_set_forward_and_a_fresh_checkout_run_nothing_again(two, runs):
    set_times(two.root / "notebooks", time.time() + 10 * 365 * 86400)
    set_times(two.root / "data", time.time() + 10 * 365 * 86400)
    assert build.build([], two.options()) == 0
    assert runs == []


def test_a_record_whose_bits_have_turned_is_never_believed(two, runs):
    """Each damage is found, and the build ends in the same bytes; a digest in the record is only a claim."""
    before = two.files()
    path = two.out / ".build" / "state.json"
    good = path.read_text()
    entry = json.loads(good)
    entry["entries"]["first"]["products"]["01_first.html"] = "0" * 12
    entry["entries"]["second"]["inputs"] = {}
    for damage in (
        json.dumps(entry),
        good[: len(good) // 2],
        good.replace(f'"version": {state.VERSION}', '"version": 1'),
    ):
        path.write_text(damage)
        assert build.build([], two.options()) == 0
        assert two.files() == before
    assert {"first", "second"} <= set(runs)


def test_a_product_with_one_turned_bit_is_made_again(two, runs):
    before = two.files()
    for name in ("executed/01_first.ipynb", "02_second.html", "index.html", "SHA256SUMS"):
        path = two.out / name
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)
        assert build.build([], two.options()) == 0
        assert two.files() == before, name
    assert runs == ["first"]


def test_a_stale_lock_of_a_number_that_lives_again_is_no_obstacle(two):
    """Process numbers come round: the one in the note may belong to anything by now, here to this test itself."""
    (two.out / ".build" / "owner.json").write_text(json.dumps({"pid": os.getpid()}))
    assert build.build([], two.options()) == 0
    assert "ended without tidying up" in two.said
