"""Beginning a notebook: all its files are written, run and checked, or none is left."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from amazon_labor import paths
from amazon_labor.parameters import InputError
from amazon_labor.runner import accept, atomic, checks, digests, drive, notebook, scenarios
from amazon_labor.runner.session import Options
from amazon_labor.scaffold import texts
from amazon_labor.scaffold.plan import Plan, ScaffoldError


def begin(plan: Plan, write: Callable[[str], None]) -> int:
    """Write method, test, scenario and notebook, run the notebook, store its outputs and check it.

    Whatever goes wrong, an interruption too, the files are taken away again and changed ones are put back.

    Returns
    -------
    int
        Exit status 0.

    Raises
    ------
    ScaffoldError
        If the package is not installed from this checkout, the notebook does not run, or the rules find a fault; the
        message holds what was said.
    """
    _check_place(plan)
    changed = [plan.scenarios, *([] if plan.article else [paths.root() / "README.md"])]
    before = {path: path.read_bytes() if path.is_file() else None for path in changed}
    files = {plan.method: texts.method(plan), plan.test: texts.test(plan), plan.notebook: texts.notebook(plan)}
    try:
        for path, text in files.items():
            atomic.write(path, text)
        old = before[plan.scenarios] or b""
        atomic.write(plan.scenarios, old.decode("utf-8").rstrip("\n") + "\n" + texts.scenario(plan))
        _run(plan)
        _check(plan)
        _list(plan)
    except BaseException:
        _take_back(files, before)
        raise
    for path in (*files, *changed):
        write(f"{'wrote' if path in files else 'added to'} {drive.shown(path)}")
    option = f" --article {plan.article}" if plan.article else ""
    write(
        f"Next: change the notebook, then amazon-labor accept {plan.name}{option} and amazon-labor check {plan.name}{option}"
    )
    return 0


def _check_place(plan: Plan) -> None:
    folder = digests.package_folder()
    if plan.method.parent.resolve() != (folder / "methods").resolve():
        raise ScaffoldError(
            f"A new method goes into src/ of this checkout, but the package is installed from {folder.name} elsewhere. "
            "Work in the checkout that make setup was run in."
        )


def _run(plan: Plan) -> None:
    """Execute the notebook in a folder of its own and store its outputs."""
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="amazon-labor-new-") as folder:
        options = Options(Path(folder), jobs=1, cell_seconds=600, write=said.append, warm=False)
        if accept.accept([plan.name], options):
            raise ScaffoldError("\n  ".join(["The new notebook does not run, so nothing was kept:", *said]))


def _check(plan: Plan) -> None:
    digests.forget()
    one = notebook.read(plan.notebook)
    found = checks.faults(one)
    found += [f for f in scenarios.faults({plan.name: one.parameters}) if f"[{plan.name}." in f]
    if found:
        raise ScaffoldError("\n  ".join(["The new notebook breaks a rule, so nothing was kept:", *found]))


def _list(plan: Plan) -> None:
    """Add the notebook to the list in README.md, which names those of the first article."""
    if plan.article:
        return
    from amazon_labor.publish import readme

    file = paths.root() / "README.md"
    try:
        atomic.write_changed(file, readme.text(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError) as error:
        raise InputError(f"README.md cannot list the new notebook: {error}") from None


def _take_back(files: dict[Path, str], before: dict[Path, bytes | None]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            atomic.write_changed(path, content)
