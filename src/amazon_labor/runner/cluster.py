"""Jobs on an existing Dask cluster, by way of `concurrent.futures`: the build does not know where they run.

A worker needs the collection at the same state: the same folder (a shared disk), or a checkout of its own, which is
compared by digest before it is used. One job at a time runs in a worker process, because a job sets the environment its
kernel inherits.
"""

import functools
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.parameter_rules import InputError
from amazon_labor.runner import digests
from amazon_labor.runner.execute import Job

CONNECT = 10.0  # seconds to find the scheduler

_one_job = threading.Lock()


class ClusterError(InputError):
    """A cluster that cannot be reached or used."""


class OtherStateError(Exception):
    """A worker whose code or data are not those of the machine that asks."""


@dataclass(frozen=True)
class Standing:
    """Digests of what a worker must have: the package's modules, the data package, the lock."""

    package: str
    data: str
    lock: str


def standing(root: Path) -> Standing:
    """Digests of a checkout as it is now."""
    folder = digests.package_folder()
    modules = "".join(f"{p.relative_to(folder).as_posix()} {digests.text(p.read_bytes())}\n" for p in _sources(folder))
    return Standing(
        digests.text(modules),
        digests.text((root / "data" / "datapackage.json").read_bytes()),
        digests.file(root / "requirements.lock"),
    )


def _sources(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts and p.suffix != ".pyc")


def executor(address: str) -> Callable[[int], Executor]:
    """Return what starts an executor on a cluster, for `session.Options.start`.

    Raises
    ------
    ClusterError
        If Dask is not installed, or no scheduler answers; before anything is written.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("Clusters need Dask: pip install 'amazon-labor[cluster]'.") from None
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ClusterError(
            f"There is no Dask scheduler at {address!r} ({reason}). Start one with `dask scheduler` and name its address, for example tcp://127.0.0.1:8786."
        ) from None
    if not client.scheduler_info()["workers"]:
        client.close()
        raise ClusterError(f"The scheduler at {address} has no workers. Start some with `dask worker {address}`.")
    return functools.partial(ClusterExecutor, client)


class ClusterExecutor(Executor):
    """An executor over a Dask client. Dask itself gives the jobs of a lost worker to another one."""

    def __init__(self, client: Any, _jobs: int) -> None:
        self._client = client
        self._inner = client.get_executor(retries=0, pure=False)
        self._expected = standing(paths.root())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Send a job, made of plain data, to the cluster."""
        (job,) = args
        return self._inner.submit(on_worker, fn, job, self._expected, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster, which stays; jobs that have not begun are taken back."""
        self._inner.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def on_worker(fn: Callable[[Any], Any], job: Any, expected: Standing) -> Any:
    """Run a job in a worker, in the folder it names or, where there is none, in the worker's own checkout.

    Raises
    ------
    OtherStateError
        If code or data here are not those of the machine that asks.
    """
    here = job.root if Path(job.root, "data", "datapackage.json").is_file() else str(paths.root())
    found = standing(Path(here))
    if found != expected:
        differ = [name for name in ("package", "data", "lock") if getattr(found, name) != getattr(expected, name)]
        raise OtherStateError(
            f"a worker has another state of: {', '.join(differ)}. Update its checkout, then build again."
        )
    moved = {"root": here} | ({"folder": str(Path(here, "notebooks"))} if isinstance(job, Job) else {})
    with _one_job:
        return fn(replace(job, **moved) if here != job.root else job)
