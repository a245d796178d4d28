"""Files that are whole or not there, one build at a time, and names of folders that are safe."""

import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.runner import atomic, clean, layout, locks, state
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.state import Entry, Failure, State


def test_a_write_replaces_the_whole_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a" / ("x" * 200 + "é.html")
    atomic.write(path, "old, and longer than the new text")
    atomic.write(path, "new é")
    assert path.read_bytes() == "new é".encode()
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) & 0o444 == 0o444 & ~os.umask(os.umask(0o22) or 0o22)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    atomic.write(path, "good")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic.write(path, "half")
    assert path.read_text() == "good"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_the_same_bytes_are_not_written_again(tmp_path):
    path = tmp_path / "page.html"
    assert atomic.write_changed(path, "a") is True
    before = path.stat().st_mtime_ns
    assert atomic.write_changed(path, "a") is False
    assert path.stat().st_mtime_ns == before
    assert atomic.write_changed(path, "b") is True


# ---------------------------------------------------------------- lock


def test_a_lock_is_held_once_and_released(tmp_path):
    with locks.held(tmp_path / ".build") as note:
        assert note is None
        with pytest.raises(locks.BusyError, match=f"process {os.getpid()}"), locks.held(tmp_path / ".build"):
            pass
    with locks.held(tmp_path / ".build") as note:
        assert note is None


def test_a_lock_is_released_by_an_error(tmp_path):
    with pytest.raises(KeyError), locks.held(tmp_path):
        raise KeyError
    with locks.held(tmp_path):
        pass


@pytest.mark.parametrize("left", ['{"pid": 999999}', "", "[]"])
def test_what_a_dead_build_left_is_noted_and_no_obstacle(tmp_path, left):
    (tmp_path / "owner.json").write_text(left)
    with locks.held(tmp_path) as note:
        assert "ended without tidying up" in note


# ---------------------------------------------------------------- state


def test_a_state_survives_the_way_through_the_file(tmp_path):
    entry = Entry("a", "b", {"code/1": "x"}, {"prose/1": "y"}, ["t"], {"p": "d"}, Failure(3, "why", "trace"))
    before = State({entry.key: entry}, "digest", {"index.html": "d"}, "summary", ("claim",))
    state.save(tmp_path / "state.json", before)
    assert state.load(tmp_path / "state.json") == before
    assert entry.key == "a--b"


def test_no_state_is_no_fault(tmp_path):
    assert state.load(tmp_path / "none.json") == State()


# ---------------------------------------------------------------- names of folders


def test_a_slug_says_what_was_changed():
    usual = {"start": 1983, "rate": 0.03, "who": ["a"], "real": True}
    assert layout.slug(usual | {"start": 1990}, usual) == "start-1990"
    assert layout.slug(usual | {"rate": 0.1, "real": False}, usual) == "rate-0.1_real-false"
    assert layout.slug(usual | {"who": ["a", "b"]}, usual) == "who-a+b"
    assert layout.slug(usual | {"start": 1990}, usual, "early") == "early"


@given(st.text(max_size=300), st.text(max_size=300))
def test_different_values_get_different_safe_folders(one, two):
    usual = {"label": "-default-"}
    first, second = (layout.slug({"label": text}, usual) for text in (one, two))
    assert (first == second) == (one == two)
    assert len(first) <= layout.LONGEST_SLUG
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_-")
    assert "/" not in first
    assert first.strip(".")


# ---------------------------------------------------------------- clean


@pytest.fixture
def built(tmp_path):
    """A folder with two products of builds, the ledger, and a file of somebody's own."""
    where = Layout(tmp_path / "reports")
    texts = {"01_a.html": "page", "runs/a--x/01_a.html": "run", "ledger.csv": "rows", "index.html": "index"}
    for name, text in texts.items():
        atomic.write(where.out / name, text)
    (where.out / "mine.txt").write_text("mine")
    from amazon_labor.runner import digests

    made = {name: digests.text(text) for name, text in texts.items()}
    entry = Entry("a", None, {}, {}, [], {n: d for n, d in made.items() if "01_a" in n})
    state.save(where.state, State({"a": entry}, "d", {n: made[n] for n in ("index.html", "ledger.csv")}))
    return where


def names(where):
    return sorted(p.relative_to(where.out).as_posix() for p in where.out.rglob("*") if p.is_file())


def test_clean_removes_what_was_built_and_keeps_the_rest(built):
    lines = []
    assert clean.clean(built.out, lines.append) == 0
    assert names(built) == ["ledger.csv", "mine.txt"]
    assert not built.build.exists()
    assert not (built.out / "runs").exists()
    assert "removed 01_a.html" in lines


def test_a_dry_run_only_says_what_it_would_do(built):
    before, lines = names(built), []
    clean.clean(built.out, lines.append, dry_run=True)
    assert "would remove index.html" in lines
    assert set(names(built)) - set(before) <= {".build/lock"}


def test_a_product_changed_since_is_kept_and_named(built):
    (built.out / "01_a.html").write_text("edited")
    lines = []
    clean.clean(built.out, lines.append)
    assert "01_a.html" in names(built)
    assert "kept 01_a.html: it was changed since it was built" in lines


def test_nothing_is_removed_without_a_record(built):
    built.state.write_text("{")
    lines = []
    clean.clean(built.out, lines.append)
    assert "index.html" in names(built)
    assert "nothing is removed" in lines[0]
    assert clean.clean(built.out / "nowhere", lines.append) == 0


def test_a_file_outside_the_folder_is_never_removed(built, tmp_path):
    (tmp_path / "outside").write_text("x")
    data = json.loads(built.state.read_text())
    from amazon_labor.runner import digests

    data["index_products"] = {"../outside": digests.text("x")}
    built.state.write_text(json.dumps(data))
    clean.clean(built.out, [].append)
    assert (tmp_path / "outside").exists()
