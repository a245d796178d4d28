"""How many notebooks this machine can run at once: by its processors, and by the memory that is free."""

import os
from pathlib import Path

GROUP = Path("/sys/fs/cgroup")  # limits of a container, where the system has them
NEEDED = (
    400 * 2**20
)  # bytes of a worker with its kernel: about half of it when the kernel is forked, all when it is not


def jobs(cluster: bool = False) -> tuple[int, str | None]:
    """Return how many notebooks to run at once, and a sentence if memory and not processors decides.

    Parameters
    ----------
    cluster : bool
        Whether they run elsewhere, so that the memory of this machine does not matter.
    """
    by_processors = processors()
    if cluster:
        return by_processors, None
    free = memory()
    by_memory = max(1, free // NEEDED)
    if by_memory >= by_processors:
        return by_processors, None
    how = "One notebook" if by_memory == 1 else f"{by_memory} notebooks"
    return by_memory, (
        f"{how} at once although there are {by_processors} processors: {free / 2**30:.1f} GB of memory are free, and one "
        f"takes up to {NEEDED / 2**30:.1f} GB (--jobs N overrides)."
    )


def processors() -> int:
    """Processors that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes that can be had without swapping: of the machine, or what a container has left."""
    import psutil

    free = int(psutil.virtual_memory().available)
    limit, used = _number(GROUP / "memory.max"), _number(GROUP / "memory.current")
    if limit is None or used is None:
        return free
    # files kept in memory count as used, and are given back at once
    return max(0, min(free, limit - used + _cached()))


def _number(path: Path) -> int | None:
    """A limit of the container; None if there is none ("max") or the system has no such file."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _cached() -> int:
    try:
        lines = (GROUP / "memory.stat").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
    except (OSError, ValueError, StopIteration):
        return 0
