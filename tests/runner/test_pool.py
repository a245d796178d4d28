"""However a build ends, no process of it is left."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
ENDLESS = """
import subprocess, time
subprocess.Popen(["sleep", "600"], start_new_session=True)
while True:
    time.sleep(0.05)
"""


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


SEEN: list[psutil.Process] = []  # ended by the fixture if a test could not


def family_of(process: psutil.Process) -> list[psutil.Process]:
    """Everything below a build, once each of its two notebooks has started a process of its own."""

    def grown() -> list[psutil.Process]:
        everyone = process.children(recursive=True)
        return everyone if sum(p.name() == "sleep" for p in everyone if p.is_running()) == 2 else []

    SEEN.extend(wait_for(grown))
    return list(SEEN)


def named(processes: list[psutil.Process], word: str) -> list[psutil.Process]:
    """Those whose command holds a word; a process that ends meanwhile is left out."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found


def kernels(process: psutil.Process) -> list[psutil.Process]:
    """Kernels below a build: started afresh, or forked from a template, whose command they keep."""
    below = process.children(recursive=True)
    templates = named(below, "amazon_labor.warm.template")
    forked = [kernel for kernel in templates if kernel.ppid() in {template.pid for template in templates}]
    return [*named(below, "ipykernel"), *forked]


def workers(process: psutil.Process) -> list[psutil.Process]:
    return named(process.children(), "spawn_main")


@pytest.fixture(params=["warm", "cold"])
def build(request, tree):
    """A real build of two endless notebooks in a process of its own, stopped at the latest when the test ends."""
    tree.write("one", 1, ENDLESS)
    tree.write("two", 2, ENDLESS)
    command = [
        sys.executable,
        "-m",
        "amazon_labor",
        "build",
        "--jobs",
        "2",
        *(["--cold"] if request.param == "cold" else []),
    ]
    environment = os.environ | {"PYTHONPATH": str(SRC)}
    started = subprocess.Popen(
        command, cwd=tree.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    family = psutil.Process(started.pid)
    yield started, family
    for process in [*SEEN, *(family.children(recursive=True) if family.is_running() else []), family]:
        with contextlib.suppress(psutil.Error):
            process.kill()
    SEEN.clear()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_every_kernel_and_keeps_the_status_130(build, number):
    started, family = build
    everyone = family_of(family)
    started.send_signal(number)
    _, error = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "interrupted" in error
    assert "Traceback" not in error
    _, alive = psutil.wait_procs(everyone, timeout=5)
    assert alive == []


def test_a_second_signal_ends_everything_at_once(build):
    started, family = build
    everyone = family_of(family)
    started.send_signal(signal.SIGINT)
    time.sleep(0.2)
    started.send_signal(signal.SIGINT)
    started.communicate(timeout=30)
    assert started.returncode == 130
    _, alive = psutil.wait_procs(everyone, timeout=5)
    assert alive == []


def test_a_killed_build_leaves_no_kernel_and_no_lock(build, tree):
    started, family = build
    everyone = family_of(family)
    started.kill()
    started.wait(timeout=30)
    _, alive = psutil.wait_procs(everyone, timeout=15)
    assert alive == []
    for path in (tree.root / "notebooks").glob("*.ipynb"):
        path.unlink()
    again = subprocess.run(
        [sys.executable, "-m", "amazon_labor", "build"],
        cwd=tree.root,
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ended without tidying up" in again.stdout
    assert again.returncode == 0


def test_a_second_build_in_the_same_folder_is_refused(build, tree):
    started, family = build
    wait_for(lambda: kernels(family))
    other = subprocess.run(
        [sys.executable, "-m", "amazon_labor", "build"],
        cwd=tree.root,
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == 3
    assert f"process {started.pid}" in other.stderr
    assert "--out DIR" in other.stderr


def test_a_killed_worker_fails_its_notebook_and_the_build_ends(build, tree):
    started, family = build
    wait_for(lambda: len(kernels(family)) == 2)
    for worker in workers(family):
        worker.kill()
    output, _ = started.communicate(timeout=60)
    assert started.returncode == 1
    assert "its process was killed" in output
    assert (tree.out / "ledger.csv").exists()
