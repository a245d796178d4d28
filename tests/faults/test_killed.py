"""A build killed with SIGKILL at any moment: no half file is left, and the next plain build ends in the same bytes."""

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path

import pytest

from amazon_labor import mime
from amazon_labor.runner import atomic, build

MOMENTS, SEED = 20, 20220401
OWN = str(Path(build.__file__).parent)
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked copy of the test"),
    pytest.mark.usefixtures("runs", "drawn"),
]


def outputs(text: str) -> str:
    data = {mime.TABLES: [{"name": "amazon/annual_results"}], "text/plain": text * 4000}
    return json.dumps([{"output_type": "display_data", "metadata": {}, "data": data}])


def write_notebooks(tree, edition: str) -> None:
    for number, name in enumerate(("first", "second", "third"), 1):
        tree.write(name, number, outputs(edition), prose=f"# Title of {edition}\n\n**A question?**")


def die_at(moment: int) -> None:
    """Kill this process at the nth event of the runner: a call of a function, ours or the system's, or its return."""
    left = moment

    def count(frame, event, _arg):
        nonlocal left
        if frame.f_code.co_filename.startswith(OWN):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def built_in_a_child(tree, moment: int | None = None) -> int:
    """Build in a forked process that dies at a moment; return its exit status, negative for a signal."""
    child = os.fork()
    if child == 0:
        status = 70
        try:
            if moment is not None:
                die_at(moment)
            status = build.build([], tree.options())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def events_of_a_build(tree) -> int:
    """How many moments an undisturbed build has."""
    counted = 0

    def count(frame, _event, _arg):
        nonlocal counted
        counted += frame.f_code.co_filename.startswith(OWN)

    sys.setprofile(count)
    try:
        assert build.build([], tree.options()) == 0
    finally:
        sys.setprofile(None)
    return counted


@pytest.fixture
def editions(tree, tmp_path):
    """A collection built once, then changed in every notebook; what it held before and what it must hold after."""
    write_notebooks(tree, "edition one")
    assert build.build([], tree.options()) == 0
    before = tree.files()
    kept = tmp_path / "kept"
    shutil.copytree(tree.out, kept)
    write_notebooks(tree, "edition two")
    moments = events_of_a_build(tree)
    after = tree.files()

    def again() -> None:
        shutil.rmtree(tree.out)
        shutil.copytree(kept, tree.out)

    return before, after, moments, again


def half_files(tree, before, after) -> list[str]:
    """Products that are neither the old nor the new ones; unfinished temporary files are no products."""
    return [
        name
        for name, content in tree.files().items()
        if not Path(name).name.startswith(".part-") and content not in (before.get(name), after.get(name))
    ]


def test_twenty_moments_of_a_build(tree, editions):
    before, after, moments, again = editions
    assert before != after
    chosen = sorted(random.Random(SEED).sample(range(1, moments), MOMENTS))
    seen = set()
    for moment in chosen:
        again()
        assert built_in_a_child(tree, moment) == -signal.SIGKILL, moment
        left = tree.files()
        assert half_files(tree, before, after) == [], moment
        seen.add(sum(left.get(name) == content for name, content in after.items() if before.get(name) != content))
        assert build.build([], tree.options()) == 0, moment
        assert tree.files() == after, moment
    # the moments were spread over the build, not all before its first write or after its last
    assert len(seen) > 4


def test_killed_again_and_again_a_build_still_gets_there(tree, editions):
    """Each build goes on from what the one before it finished, with the lock it left behind."""
    _before, after, moments, again = editions
    again()
    for share in (0.2, 0.4, 0.6):
        assert built_in_a_child(tree, int(moments * share)) == -signal.SIGKILL
    assert build.build([], tree.options()) == 0
    assert "ended without tidying up" in tree.said
    assert tree.files() == after


def test_without_the_guard_half_a_page_is_left(tree, editions, monkeypatch):
    """The damage: written in place, a page that a reader has open is cut off where the build was killed."""
    before, after, _moments, again = editions
    again()

    def in_place(path, content):
        raw = content.encode() if isinstance(content, str) else content
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(raw[: len(raw) // 2])
            file.flush()
            if path.name == "02_second.ipynb":
                os.kill(os.getpid(), signal.SIGKILL)
            file.write(raw[len(raw) // 2 :])

    with monkeypatch.context() as patch:
        patch.setattr(atomic, "write", in_place)
        assert built_in_a_child(tree) == -signal.SIGKILL
    assert half_files(tree, before, after) == ["executed/02_second.ipynb"]
    # digests of the products find even that: the next build mends it
    assert build.build([], tree.options()) == 0
    assert tree.files() == after


def test_what_was_being_written_is_taken_away(tree, editions, monkeypatch):
    """Killed between writing a temporary file and its renaming: the next build leaves no trace of it."""
    _before, after, _moments, again = editions
    again()

    real = Path.replace

    def die(self, target):
        if Path(target).name == "02_second.ipynb":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        assert built_in_a_child(tree) == -signal.SIGKILL
    left = list(tree.out.rglob(".part-*"))
    assert len(left) == 1
    assert build.build([], tree.options()) == 0
    assert not list(tree.out.rglob(".part-*"))
    assert tree.files() == after
