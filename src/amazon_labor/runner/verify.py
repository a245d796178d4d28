"""The same bytes twice: a build in two folders and two surroundings, or a build against a published set."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from amazon_labor import mime, paths
from amazon_labor.parameters import InputError
from amazon_labor.runner import collection, differences, normalise, sums, surroundings
from amazon_labor.runner.differences import Difference
from amazon_labor.runner.surroundings import Surroundings

OK, FAILED = 0, 1
SHOWN = 20  # lines of one kind; the rest is counted
Write = Callable[[str], None]


class VerifyError(Exception):
    """A build that `verify` needs did not come to its end."""


# ---------------------------------------------------------------- twice


def twice(names: Sequence[str], jobs: int, write: Write, keep: Path | None = None) -> int:
    """Build notebooks (all, if none is named) twice and compare everything that was made, by digest.

    Parameters
    ----------
    keep : path, optional
        An empty or new folder in which both builds are left for inspection.

    Returns
    -------
    int
        Exit status: 0 if all bytes are the same, 1 if not.

    Raises
    ------
    UnknownNotebookError, InputError
        Before anything is built.
    VerifyError
        If a build fails.
    """
    _everything, wanted = collection.read(names)
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise InputError(f"--keep: {keep} is not empty. Name a new folder.")
    with _workshop(keep) as base:
        both = surroundings.pair(base, jobs)
        folders = []
        for one in both:
            write(one.told)
            folders.append(_built(base, one, wanted, full=not names))
        first, second = folders
        found = differences.between(first, second, sums.of_folder(first), sums.of_folder(second))
        _report(first, found, write)
    if found:
        write(
            f"verify: {len(found)} files differ between the two builds. To look at them: amazon-labor verify --keep DIR"
        )
        return FAILED
    write("verify: the same bytes twice.")
    return OK


@contextlib.contextmanager
def _workshop(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="amazon-labor-verify-") as folder:
        yield Path(folder).resolve()


def _built(base: Path, one: Surroundings, wanted: Sequence[str], *, full: bool) -> Path:
    """Build in a copy of data and notebooks; return the folder of its reports."""
    root = base / one.folder / "checkout"
    for part in ("data", "notebooks"):
        shutil.copytree(paths.root() / part, root / part, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(paths.root() / "requirements.lock", root)
    Path(one.variables["HOME"]).mkdir(parents=True)
    order = list(reversed(wanted)) if one.backwards else list(wanted)
    cold = ["--cold"] if one.cold else []
    _command(one, root, "build", *order, "--jobs", str(one.jobs), *cold)
    if full:  # only a build of all writes ledger and sums; what has run is not run again
        _command(one, root, "build", "--jobs", str(one.jobs), *cold)
    return root / "reports"


def _command(one: Surroundings, root: Path, *words: str) -> None:
    environment = surroundings.environment(one) | {"AMAZON_LABOR_ROOT": str(root)}
    command = [sys.executable, "-m", "amazon_labor", *words]
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-SHOWN:])
        raise VerifyError(f"verify: the {one.name} build ended with status {done.returncode}.\n{last}")


def _report(folder: Path, found: Sequence[Difference], write: Write) -> None:
    """How many of each kind are the same, and what differs."""
    bad = {one.path for one in found}
    names = sorted(bad | set(sums.of_folder(folder)))
    for kind, belongs in KINDS.items():
        mine = [name for name in names if belongs(name)]
        if mine:
            write(f"{kind}: {len(mine) - len(bad & set(mine))} of {len(mine)} the same")
    drawn = sum(_figures(path) for path in (folder / "executed").glob("*.ipynb") if f"executed/{path.name}" not in bad)
    write(f"figures: {drawn} in the executed notebooks that are the same, each in two widths")
    _some([f"{one.path}: {one.what}" for one in found], write)


KINDS: dict[str, Callable[[str], bool]] = {
    "executed notebooks": lambda name: name.endswith(".ipynb"),
    "reports": lambda name: name.endswith(".html"),
    "ledger": lambda name: name.endswith(".csv"),
    "other files": lambda name: not name.endswith((".ipynb", ".html", ".csv")),
}


def _figures(path: Path) -> int:
    import json

    return len(normalise.records(json.loads(path.read_text(encoding="utf-8")), mime.FIGURE))


def _some(lines: Sequence[str], write: Write) -> None:
    for line in lines[:SHOWN]:
        write(f"  {line}")
    if len(lines) > SHOWN:
        write(f"  and {len(lines) - SHOWN} more")


# ---------------------------------------------------------------- against a published set


def against(published: Path, out: Path, names: Sequence[str], write: Write, tolerance: float | None = None) -> int:
    """Compare reports that are up to date with a published set: a folder, or its SHA256SUMS alone.

    Bytes decide. Where the published set was built in another environment, the numbers and verdicts decide as they
    are printed, and every file whose bytes differ is named with the reason.

    Parameters
    ----------
    tolerance : float, optional
        Share of its size by which a number may differ. With it the numbers decide by value wherever they were computed,
        and verdicts must be the same.

    Returns
    -------
    int
        Exit status: 0 if the bytes are the same, or the environments differ and everything printed is the same, or
        everything is within the tolerance; else 1.

    Raises
    ------
    InputError
        If the published set has no sums that can be read, or none of the files asked for.
    """
    folder, recorded = _published(published)
    stems = _stems(names)
    recorded = {n: d for n, d in recorded.items() if stems is None or Path(n).stem in stems}
    if not recorded:
        raise InputError(f"{published} lists no file of {', '.join(names)}.")
    there = folder is not None and any((folder / name).is_file() for name in recorded)
    damaged = sums.unfit(folder, recorded) if folder is not None and there else []
    if damaged:
        write(f"The published set is not what its sums say ({len(damaged)} files missing or changed since):")
        _some(damaged, write)
        return FAILED
    ours = {n: d for n, d in sums.of_folder(out).items() if n in recorded or (stems is None and "/" not in n)}
    found = differences.between(folder or published.parent, out, recorded, ours)
    if not found:
        write(f"verify: all {len(recorded)} files are the published ones.")
        return OK
    write(f"{len(found)} of {len(recorded | ours)} files are not the published ones (first: published; second: here):")
    _some([f"{one.path}: {one.what}" for one in found], write)
    if tolerance is not None and there and folder is not None:
        return _within(folder, out, stems, tolerance, write)
    return _printed(folder if there else None, out, stems, write)


def _published(published: Path) -> tuple[Path | None, dict[str, str]]:
    """Folder of a published set and its sums."""
    if published.is_dir():
        return published, sums.read(published / sums.SUMS)
    if published.is_file():
        return published.parent, sums.read(published)
    raise InputError(f"--against: {published} is neither a folder of reports nor a file {sums.SUMS}.")


def _stems(names: Sequence[str]) -> set[str] | None:
    if not names:
        return None
    everything, wanted = collection.read(names)
    return {everything.tasks[name].notebook.stem for name in wanted if name in everything.tasks}


def _printed(folder: Path | None, out: Path, stems: set[str] | None, write: Write) -> int:
    """Compare what a reader sees of the numbers, and let it decide if the environments differ."""
    if folder is None:
        write(
            "verify: only the sums are at hand. Against the folder of the published reports, the numbers are compared too."
        )
        return FAILED
    theirs, ours = (_of(differences.printed(one), stems) for one in (folder, out))
    moved = differences.moved(theirs, ours)
    write(
        f"numbers and verdicts as printed: {len(theirs.keys() | ours.keys()) - len(moved)} the same, {len(moved)} differ"
    )
    _some(moved, write)
    unlike = sums.unlike(folder)
    if unlike is None:
        write(f"verify: the published set has no {sums.ENVIRONMENT}, so the reason is not known.")
        return FAILED
    _some([f"another environment: {line}" for line in unlike], write)
    if unlike and not moved and theirs:
        write("verify: other bytes in another environment, and every printed number and verdict the same.")
        return OK
    write("verify: the reports differ from the published ones.")
    return FAILED


def _within(folder: Path, out: Path, stems: set[str] | None, tolerance: float, write: Write) -> int:
    """Compare numbers by value and verdicts as they are."""
    count = len(_of(differences.printed(folder), stems))
    moved = _of(differences.beyond(folder, out, tolerance), stems)
    write(f"numbers and verdicts: {count} published, {len(moved)} differ by more than {tolerance:g} of their size")
    _some(list(moved.values()), write)
    if moved or not count:
        write("verify: the reports differ from the published ones.")
        return FAILED
    write(
        f"verify: other bytes, and every number within {tolerance:g} of the published one and every verdict the same."
    )
    return OK


def _of(printed: dict[str, str], stems: set[str] | None) -> dict[str, str]:
    return {k: v for k, v in printed.items() if stems is None or k.split(": ")[0] in stems}
