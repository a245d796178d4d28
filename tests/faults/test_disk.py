"""A disk that is full in the middle of a write, and folders that cannot be written: nothing is lost, nothing is half."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
REQUIRED = os.environ.get("REQUIRE_TMPFS") == "1"

# runs in a mount namespace of its own: the small disk is gone with the process, however that ends
SCRIPT = """
import json, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from amazon_labor.runner import atomic
disk, naive = Path(sys.argv[2]), sys.argv[3] == "naive"
page, big = disk / "page.html", "new " * 400_000
atomic.write(page, "the good report")
try:
    page.write_text(big) if naive else atomic.write(page, big)
    ended = "written"
except OSError as error:
    ended = os.strerror(error.errno)
kept = page.read_text()
if not naive:
    atomic.write(page, "smaller, and it fits again")
print(json.dumps({"ended": ended, "kept": kept[:20], "size": len(kept), "files": sorted(os.listdir(disk)),
                  "then": page.read_text()}))
"""


def namespaced(*words: str) -> list[str]:
    """A command in a mount namespace: as root, or as root of a user namespace where the system lets anybody."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [
        "unshare",
        *own,
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"',
        *words,
    ]


@pytest.fixture
def disk(tmp_path):
    """A folder on which a disk of one megabyte can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    able = (
        shutil.which("unshare")
        and not subprocess.run(namespaced("sh", str(folder), "true"), capture_output=True, check=False).returncode
    )
    if not able:
        assert not REQUIRED, "REQUIRE_TMPFS=1, but no small disk can be mounted (root or user namespaces are needed)"
        pytest.skip("no small disk can be mounted: neither root nor user namespaces")
    return folder


def write_until_full(disk: Path, how: str) -> dict:
    command = namespaced("sh", str(disk), sys.executable, "-c", SCRIPT, str(SRC), str(disk), how)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_the_guard_the_good_report_is_lost(disk):
    told = write_until_full(disk, "naive")
    assert told["ended"] == "No space left on device"
    assert told["kept"] != "the good report"


def test_a_full_disk_leaves_the_good_report_and_no_remains(disk):
    told = write_until_full(disk, "atomic")
    assert told["ended"] == "No space left on device"
    assert told["kept"] == "the good report"
    assert told["files"] == ["page.html"]
    assert told["then"] == "smaller, and it fits again"


BUILD = """
import json, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
from amazon_labor import cli, cli_run, mime
from amazon_labor.runner import drive, execute, normalise, pool, render

def run_job(job):
    notebook = normalise.normalise(json.loads(job.text))
    return execute.JobResult(job.key, normalise.dump(notebook), None, 0.1)

pool.local = lambda jobs: pool.Here()
drive.run_job, render.render_job = run_job, lambda job: "<p>" + "page " * 200_000
drive._warm = lambda session, wanted: __import__("contextlib").nullcontext()
import dataclasses
from amazon_labor.runner import session
real = cli_run.options
cli_run.options = lambda *a, **k: dataclasses.replace(real(*a, **k), start=lambda jobs: pool.Here())
cli.main(["build", "--out", sys.argv[3]])
"""


def test_a_build_on_a_full_disk_says_so_in_one_sentence(tree, disk):
    tree.write("first", 1, "x = 1")
    tree.write("second", 2, "x = 1")
    command = namespaced("sh", str(disk), sys.executable, "-c", BUILD, str(SRC), str(SRC), str(disk))
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tree.root)
    assert done.returncode == 1, done.stderr
    assert "No space left on device" in done.stderr
    assert "Nothing is half written" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- folders that cannot be written


def unwritable(command: list[str], folder: Path) -> list[str]:
    """The command with a folder mounted read-only: even root cannot write into it."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    return ["unshare", *own, "--mount", "sh", "-c", script, "sh", str(folder), *command]


def test_a_read_only_folder_of_reports_is_said_and_nothing_is_changed(tree, disk, runs, drawn):
    from amazon_labor.runner import build

    tree.write("first", 1, "x = 1")
    assert build.build([], tree.options()) == 0
    before = tree.files()
    tree.write("first", 1, "x = 2")
    command = [sys.executable, "-m", "amazon_labor", "build"]
    done = subprocess.run(
        unwritable(command, tree.out),
        capture_output=True,
        text=True,
        check=False,
        cwd=tree.root,
        env=os.environ | {"PYTHONPATH": str(SRC)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree.files() == before
    # what only reads still works, and so does another folder
    for words in (["list"], ["explain", "first"]):
        told = subprocess.run(
            unwritable([sys.executable, "-m", "amazon_labor", *words], tree.out),
            capture_output=True,
            text=True,
            check=False,
            cwd=tree.root,
            env=os.environ | {"PYTHONPATH": str(SRC)},
        )
        assert told.returncode == 0, told.stderr
