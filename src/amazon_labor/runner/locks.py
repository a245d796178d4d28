"""One build at a time per folder of reports."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from amazon_labor.runner import atomic


class BusyError(Exception):
    """Another build holds the folder."""


@contextlib.contextmanager
def held(folder: Path) -> Iterator[str | None]:
    """Hold the build lock of a folder; yield a note if an earlier build ended without releasing it.

    The operating system drops the lock when its holder dies, so that a killed build never blocks the next one; the
    process number beside it only serves the messages.

    Raises
    ------
    BusyError
        If a living process holds it.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    owner = folder / "owner.json"
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(_holder(owner)) from None
    try:
        note = _left_behind(owner)
        atomic.write(owner, json.dumps({"pid": os.getpid()}) + "\n")
        yield note
    finally:
        with contextlib.suppress(OSError):
            owner.unlink()
        lock.release()


def _pid(owner: Path) -> int | None:
    try:
        return int(json.loads(owner.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _holder(owner: Path) -> str:
    pid = _pid(owner)
    who = f"process {pid}" if pid else "another process"
    return (
        f"Another build runs in {owner.parent.parent} ({who}). Wait until it ends, or build elsewhere with --out DIR."
    )


def _left_behind(owner: Path) -> str | None:
    if not owner.exists():
        return None
    return f"An earlier build (process {_pid(owner) or 'unknown'}) ended without tidying up; its lock is taken over."
