"""Writing so that a reader sees the old file or the new one, never half of one."""

import contextlib
import os
import tempfile
from pathlib import Path

PREFIX = ".part-"


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole: a temporary file in the same folder, flushed to the disk, then renamed over the old one.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full; the old file is then untouched.
    """
    raw = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    # a short prefix of our own: a name near the limit of the file system still gets a temporary neighbour
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=PREFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


def write_changed(path: Path, content: str | bytes) -> bool:
    """Write unless the file holds the same bytes already; say whether it was written."""
    raw = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == raw:
        return False
    write(path, raw)
    return True


def tidy(folder: Path) -> None:
    """Remove what writers that were killed left unfinished. Only for a caller that holds the folder's lock."""
    for path in folder.rglob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            path.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
