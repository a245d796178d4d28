"""Removing what the builds made, and nothing else."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from amazon_labor.runner import digests, locks, profile, state
from amazon_labor.runner.layout import Layout

KEPT = "ledger.csv"  # committed, so that a change of any number shows in review


def clean(out: Path, write: Callable[[str], None], *, dry_run: bool = False) -> int:
    """Remove the products recorded by builds; a file changed since is kept and named.

    Returns
    -------
    int
        Exit status 0.

    Raises
    ------
    BusyError
        If a build runs in the folder.
    """
    where = Layout(out)
    if not where.build.is_dir():
        write(f"Nothing to remove: no build was made in {out}.")
        return 0
    with locks.held(where.build):
        last = state.load(where.state)
        if last.note:
            write("The record of the builds cannot be read, so nothing is removed. Build once more, then clean.")
            return 0
        doomed, changed = _sorted(last, out)
        for path in doomed:
            write(f"{'would remove' if dry_run else 'removed'} {path.relative_to(out)}")
            if not dry_run:
                path.unlink()
        for path in changed:
            write(f"kept {path.relative_to(out)}: it was changed since it was built")
        if not dry_run:
            where.state.unlink(missing_ok=True)
            profile.path(where).unlink(missing_ok=True)
    if not dry_run:
        _remove_empty(where, doomed)
    return 0


def _sorted(last: state.State, out: Path) -> tuple[list[Path], list[Path]]:
    digests.forget()
    recorded = dict(last.index_products)
    for entry in last.entries.values():
        recorded |= entry.products
    for sweep in last.sweeps.values():
        recorded |= sweep.products
    recorded.pop(KEPT, None)
    there = {out / name: digest for name, digest in sorted(recorded.items()) if (out / name).is_file()}
    doomed = [path for path, digest in there.items() if digests.file(path) == digest]
    return doomed, [path for path in there if path not in doomed]


def _remove_empty(where: Layout, doomed: list[Path]) -> None:
    (where.build / "lock").unlink(missing_ok=True)
    folders = {parent for path in [*doomed, where.state] for parent in path.parents if where.out in parent.parents}
    for folder in sorted(folders, key=lambda f: len(f.parts), reverse=True):
        with contextlib.suppress(OSError):  # not empty: something of somebody else's is in it
            folder.rmdir()
