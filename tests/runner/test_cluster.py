"""Builds on a Dask cluster: the same bytes, a lost worker's jobs run elsewhere, a worker of another state refused."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from amazon_labor.runner import build, cluster, execute, pool
from amazon_labor.runner.execute import Job

ROOT = Path(__file__).resolve().parents[2]
WORK = "import os, pathlib, time\nprint(sum(range(1000)))"
# the first to come marks its worker and stays; whoever comes after, on another worker, goes through
STAYS = """
import pathlib, time
mark = pathlib.Path("mark")
if not mark.exists():
    mark.write_text("here")
    time.sleep(300)
print("went through")
"""


class Cluster:
    """A scheduler and two workers, each a process of its own on the loopback address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        file = folder / "scheduler.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._start(
            "scheduler",
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(file),
        )
        self.address = json.loads(wait_for(lambda: whole(file)))["address"]
        for name in ("one", "two"):
            self._start(
                name,
                "worker",
                self.address,
                "--name",
                name,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--host",
                "127.0.0.1",
            )

    def _start(self, name: str, *words: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        command = [sys.executable, "-m", "dask", *words]
        self.processes[name] = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, env=dict(os.environ))

    def start(self):
        """Executor factory, once both workers are there."""
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        return cluster.executor(self.address)

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


def whole(file: Path) -> str:
    """Text of a JSON file; empty until it is written to its end, which is later than it is there."""
    text = file.read_text() if file.exists() else ""
    return text if text.endswith("}") else ""


def wait_for(condition, seconds: float = 90):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found


@pytest.fixture
def dask(tmp_path_factory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield found
    finally:
        found.end()


def test_a_build_on_a_cluster_gives_the_same_bytes(tree, dask):
    for number, name in enumerate(("first", "second", "third"), start=1):
        tree.write(name, number, WORK)
    assert build.build([], tree.options(start=pool.local, warm=False)) == 0
    here = tree.files()
    away = replace(tree.options(start=dask.start(), warm=True), out=tree.root / "away")
    assert build.build([], away) == 0, tree.said
    tree.out = away.out
    assert tree.files() == here


def test_the_jobs_of_a_lost_worker_run_on_another(tree, dask):
    tree.write("first", 1, STAYS)
    start = dask.start()
    statuses: list[int] = []
    builder = threading.Thread(target=lambda: statuses.append(build.build([], tree.options(start=start, warm=True))))
    builder.start()
    mark = tree.root / "notebooks" / "mark"
    wait_for(mark.exists)
    time.sleep(0.5)
    busy = _busy(dask)
    dask.processes[busy].send_signal(signal.SIGKILL)
    builder.join(120)
    assert statuses == [0], tree.said
    assert "went through" in (tree.out / "executed/01_first.ipynb").read_text()


def _busy(dask: Cluster) -> str:
    """Name of the worker that has a kernel below it."""
    import psutil

    def found() -> str | None:
        for name in ("one", "two"):
            with contextlib.suppress(psutil.Error):
                lines = [
                    " ".join(p.cmdline()) for p in psutil.Process(dask.processes[name].pid).children(recursive=True)
                ]
                if any("warm" in line or "ipykernel" in line for line in lines):
                    return name
        return None

    return str(wait_for(found))


# ---------------------------------------------------------------- what cannot be used


def test_no_scheduler_is_said_before_anything_is_written(tree):
    with pytest.raises(cluster.ClusterError, match=r"There is no Dask scheduler at 'tcp://127\.0\.0\.1:1'"):
        cluster.executor("tcp://127.0.0.1:1")


def test_an_address_that_is_none_is_said(tree):
    with pytest.raises(cluster.ClusterError, match="There is no Dask scheduler"):
        cluster.executor("nonsense://x")


def test_without_dask_the_mend_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(cluster.ClusterError, match=r"amazon-labor\[cluster\]"):
        cluster.executor("tcp://127.0.0.1:1")


def test_a_worker_of_another_state_is_refused(tree):
    job = Job("t", "{}", {}, str(tree.root / "notebooks"), str(tree.root))
    here = cluster.standing(tree.root)
    (tree.root / "data/datapackage.json").write_text("{}")
    with pytest.raises(cluster.OtherStateError, match="another state of: data"):
        cluster.on_worker(lambda _job: None, job, here)


def test_a_worker_without_the_folder_uses_its_own_checkout(tree, monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tree.root))
    seen: list[Job] = []
    job = Job("t", "{}", {}, "/elsewhere/notebooks", "/elsewhere")
    cluster.on_worker(seen.append, job, cluster.standing(tree.root))
    assert (seen[0].root, seen[0].folder) == (str(tree.root), str(tree.root / "notebooks"))


def test_a_lost_job_is_the_clusters_fault_not_the_notebooks(tree, drawn, monkeypatch):
    from concurrent.futures import Executor, Future

    class Lossy(Executor):
        def submit(self, *_args, **_kwargs):
            future: Future = Future()
            future.set_exception(cluster.OtherStateError("a worker has another state of: data."))
            return future

    tree.write("first", 1, "x = 1")
    assert build.build([], tree.options(start=lambda _jobs: Lossy())) == 1
    assert "first FAILED: OtherStateError: a worker has another state of: data." in tree.said


def test_the_environment_of_a_job_is_the_same_on_a_worker():
    names = set(execute.kernel_environment("/x", Path("/y")))
    assert {"PYTHONHASHSEED", "TZ", "OMP_NUM_THREADS"} <= names
