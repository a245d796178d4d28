"""What may not be committed: large files, what looks like a secret, notebooks with traces of a run or an editor.

The contents looked at are those that would be committed (git's index), not those in the folder, which may differ.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from amazon_labor import paths
from amazon_labor.parameters import InputError
from amazon_labor.runner import atomic, check_cells, check_form, notebook

LARGEST = 3_000_000  # bytes; the largest table is a little below
MARK = "# installed by: amazon-labor guard --install"
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "a key of Amazon Web Services": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a key of Google": re.compile(r"\bAIza[\w-]{35}\b"),
    "a key of a service": re.compile(r"\bsk-[A-Za-z0-9_-]{32,}\b"),
    "a password": re.compile(
        r"(?:password|passwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token)[\"']?\s*[:=]\s*[\"'](?=[^\"']*\d)(?=[^\"']*[A-Za-z])[^\"'\s]{12,}[\"']",
        re.IGNORECASE,
    ),
}
NOTEBOOK = re.compile(r"(?:notebooks|articles/[^/]+/notebooks)/[^/]+\.ipynb\Z")
HOOK = f"""#!/bin/sh
{MARK}
set -e
bin="${{AMAZON_LABOR_BIN:-$(git rev-parse --show-toplevel)/.venv/bin}}"
"$bin/amazon-labor" guard
git diff --cached --name-only --diff-filter=ACMR -z -- '*.py' '*.ipynb' | xargs -0 -r "$bin/ruff" check --quiet --force-exclude
git diff --cached --name-only --diff-filter=ACMR -z -- '*.py' '*.ipynb' | xargs -0 -r "$bin/ruff" format --quiet --check --force-exclude
"""


def guard(names: Sequence[str], write: Callable[[str], None]) -> int:
    """Look at what is staged, or at the files named as they lie in the folder.

    Returns
    -------
    int
        Exit status: 0, or 1 if something may not be committed; each fault is one line.

    Raises
    ------
    InputError
        If a file named is not there, or nothing is named and this is no git checkout.
    """
    contents = _named(names) if names else _staged()
    count, found = 0, []
    for name, raw in contents:
        count += 1
        found += [f"{name}: {fault}" for fault in faults(name, raw)]
    for line in found:
        write(line)
    write(f"guard: {len(found)} faults in {count} files." if found else f"guard: {count} files, no faults.")
    return int(bool(found))


def faults(name: str, raw: bytes) -> Iterator[str]:
    """Say why a file may not be committed.

    Parameters
    ----------
    name : str
        Its path below the root, with slashes.
    raw : bytes
        The contents that would be committed.
    """
    if len(raw) > LARGEST:
        yield (
            f"it is {len(raw) / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f} MB. Keep a table to the columns and years that are "
            "used, or compress it (.csv.gz)"
        )
        return
    text = raw.decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in SECRETS.items():
            if pattern.search(line):
                yield f"line {number} looks like {what}. Take it out, and replace it at its service if it was ever pushed"
    if NOTEBOOK.match(name):
        yield from _of_notebook(name, text)


def _of_notebook(name: str, text: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="amazon-labor-guard-") as folder:
        path = Path(folder) / Path(name).name
        path.write_text(text, encoding="utf-8")
        try:
            one = notebook.read(path)
        except notebook.NotebookError as error:
            yield str(error)
            return
        yield from check_form.faults(one)
        yield from check_cells.stored(one)


def _named(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        path = Path(name).resolve()
        if not path.is_file():
            raise InputError(f"There is no file {name[:200]!r}.")
        below = path.relative_to(paths.root()).as_posix() if path.is_relative_to(paths.root()) else path.name
        yield below, path.read_bytes()


def _staged() -> Iterator[tuple[str, bytes]]:
    listed = _git("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    for name in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        yield name, _git("show", f":{name}")


def _git(*words: str) -> bytes:
    try:
        done = subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, check=False)
    except FileNotFoundError:
        raise InputError("git is not on the path, so what is staged cannot be seen. Name the files.") from None
    if done.returncode:
        raise InputError(f"git {words[0]}: {done.stderr.decode('utf-8', 'replace').strip()[:300]}")
    return done.stdout


def install() -> Path:
    """Write the hook that runs before each commit; return its file.

    Raises
    ------
    InputError
        If another hook is there already; it is left alone.
    """
    folder = Path(_git("rev-parse", "--git-path", "hooks").decode().strip())
    hook = (paths.root() / folder / "pre-commit").resolve()
    if hook.exists() and MARK not in hook.read_text(encoding="utf-8", errors="replace"):
        raise InputError(
            f"There is another hook already: {folder.as_posix()}/pre-commit. Add the line `amazon-labor guard` to it, or move it away."
        )
    atomic.write(hook, HOOK)
    hook.chmod(0o755)
    return hook
