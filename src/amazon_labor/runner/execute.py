"""One notebook in one process: papermill runs it, and what comes back is plain data.

`run_job` is all that an executor needs to know: it takes a `Job`, returns a `JobResult`, and both are made of strings
and numbers, so that they travel to another process or machine.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.parameters import Value
from amazon_labor.runner import light, normalise
from amazon_labor.runner.state import Failure
from amazon_labor.warm import serve, wire

NOT_INHERITED = ("JUPYTER_PATH", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "LANGUAGE")
STARTS = 3  # times a kernel is started before giving up; a cell that ran is never run again
EPOCH = "1648771200"  # 1 April 2022, the day of the count at JFK8: the date of files that want one


@dataclass(frozen=True)
class Job:
    """What to run: the notebook's text, the values that differ from its defaults, where, and how long at most."""

    key: str
    text: str
    parameters: dict[str, Value]
    folder: str
    root: str
    cell_seconds: float = 120
    notebook_seconds: float = 600
    start_seconds: float = 60
    warm: bool = False
    vintage: str = ""


@dataclass(frozen=True)
class JobResult:
    """The executed notebook (whole or partial, normalised, as text), and why it failed if it did.

    `cells` are seconds by position over all cells of the source notebook, of those that ran to their end.
    """

    key: str
    text: str
    failure: Failure | None
    seconds: float
    notices: tuple[str, ...] = ()
    cells: tuple[tuple[int, float], ...] = ()


@dataclass
class Watch:
    """When cells start and how long they take; indices count over all cells of the notebook that papermill runs."""

    begun: list[int] = field(default_factory=list)
    took: dict[int, float] = field(default_factory=dict)
    _since: float = 0

    def start(self, *, cell_index: int, **_: Any) -> None:
        """Note a code cell that starts (papermill's own states are wrong after a crash)."""
        self.begun.append(cell_index)
        self._since = time.monotonic()

    def stop(self, *, cell_index: int, **_: Any) -> None:
        """Note a code cell whose last output has come."""
        self.took[cell_index] = time.monotonic() - self._since


def run_job(job: Job) -> JobResult:
    """Execute a notebook in a kernel of its own. Never raises for a fault of the notebook."""
    began = time.monotonic()
    light.without_grammars()
    if job.warm:  # the template of the first kernel is importing too, and this process will draw pages
        importlib.import_module("amazon_labor.publish.render")
    settings, reason = serve.own() if job.warm else ({}, None)
    with (
        tempfile.TemporaryDirectory(prefix="amazon-labor-") as scratch,
        environment(job.root, Path(scratch), settings, job.vintage),
    ):
        # braces: papermill takes them in a path for parameters
        target = Path(scratch) / "executed.ipynb"
        watch = Watch()
        error: Exception | None = None
        for _ in range(STARTS):
            error = _attempt(job, target, watch)
            if error is None or watch.begun:
                break
        executed = _read(target, job)
    failure = _failure(job, executed, error, watch.begun, time.monotonic() - began)
    text = normalise.dump(normalise.normalise(executed))
    cells = _by_position(executed, watch.took)
    return JobResult(job.key, text, failure, time.monotonic() - began, _notices(reason), cells)


def _by_position(executed: dict[str, Any], took: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    """Seconds of cells by their position in the source, which has no cell of injected parameters."""
    source = [i for i, c in enumerate(executed["cells"]) if normalise.INJECTED not in normalise.tags_of(c)]
    return tuple((position, took[index]) for position, index in enumerate(source) if index in took)


def _notices(reason: str | None) -> tuple[str, ...]:
    """Why ordinary kernels were started where warm ones were wanted."""
    from amazon_labor.warm import provisioner

    return tuple(filter(None, [reason, *provisioner.notices()]))


def _attempt(job: Job, target: Path, watch: Watch) -> Exception | None:
    """Run once; the watch is told of each code cell."""
    import logging

    import papermill

    from amazon_labor.runner import engine

    logging.getLogger("papermill").setLevel(logging.CRITICAL + 1)
    deadline = time.monotonic() + job.notebook_seconds
    target.unlink(missing_ok=True)
    engine.choose_provisioner()
    try:
        papermill.execute_notebook(
            _unrun(job.text),
            str(target).replace("{", "{{").replace("}", "}}"),
            parameters=dict(job.parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=job.folder,
            start_timeout=job.start_seconds,
            timeout_func=_limit(job.cell_seconds, deadline),
            on_cell_execute=watch.start,
            on_cell_executed=watch.stop,
            # papermill would write the whole notebook before and after each cell, as much work as running small cells
            request_save_on_cell_execute=False,
            engine_name=engine.NAME,
            # a warning per kernel that its sockets on this machine are not encrypted
            extra_arguments=["--IPKernelApp.log_level=40"],
            # every output has arrived when the last reply has; a polite goodbye only costs 0.8 s
            shutdown_kernel="immediate",
        )
    except Exception as error:  # whatever a notebook or its kernel does must end in a report, not in a crash
        engine.save_what_is_left(target)
        return error
    return None


def _limit(cell_seconds: float, deadline: float) -> Callable[[Any], float]:
    def seconds(_cell: Any) -> float:
        return max(0.1, min(cell_seconds, deadline - time.monotonic()))

    return seconds


def _read(target: Path, job: Job) -> dict[str, Any]:
    """The notebook as papermill saved it, or the source if it saved nothing readable."""
    try:
        return dict(json.loads(target.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return dict(_unrun(job.text))


def _unrun(text: str) -> Any:
    """The source without the outputs that it stores, which papermill would write, read and copy before it drops them."""
    import nbformat

    source = json.loads(text)
    for cell in source["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return nbformat.from_dict(source)


# ---------------------------------------------------------------- failures in words


def _failure(
    job: Job, executed: dict[str, Any], error: Exception | None, begun: list[int], seconds: float
) -> Failure | None:
    cells = [c for c in executed["cells"] if normalise.ERROR_MARKER not in normalise.tags_of(c)]
    source = [c for c in cells if normalise.INJECTED not in normalise.tags_of(c)]
    for position, cell in enumerate(source):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error" and "raises-exception" not in normalise.tags_of(cell):
                return _raised(position, output)
    if error is not None:
        reached = cells[begun[-1]] if begun else None
        position_reached = next((i for i, c in enumerate(source) if c is reached), None)
        return _broken(job, error, bool(begun), position_reached, seconds)
    left = [i for i, c in enumerate(source) if _is_unrun(c)]
    return Failure(left[0], f"cell {left[0]} and those after it never ran") if left else None


def _is_unrun(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool("".join(cell["source"]).strip()) and cell["execution_count"] is None


def _raised(position: int, output: dict[str, Any]) -> Failure:
    name, value = output["ename"], str(output["evalue"])
    if name == "SystemExit":
        return Failure(position, f"cell {position} ended the run (sys.exit)")
    line = value.strip().splitlines()[0] if value.strip() else ""
    return Failure(
        position, f"cell {position} raised {name}{': ' if line else ''}{line}", _plain("\n".join(output["traceback"]))
    )


def _broken(job: Job, error: Exception, started: bool, position: int | None, seconds: float) -> Failure:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    where = "the cell of parameters" if position is None else f"cell {position}"
    if not started:
        return Failure(None, f"the kernel did not start in {STARTS} attempts: {error}")
    if isinstance(error, CellTimeoutError):
        if seconds >= job.notebook_seconds:
            limit = f"the notebook ran longer than {job.notebook_seconds:g} s in all"
            return Failure(position, f"{limit}, the last of them in {where} (raise it: --notebook-timeout SECONDS)")
        return Failure(position, f"{where} ran longer than {job.cell_seconds:g} s (raise it: --timeout SECONDS)")
    if isinstance(error, DeadKernelError):
        return Failure(position, f"the kernel died in {where} (out of memory, or killed)")
    return Failure(position, f"{where} could not be run: {type(error).__name__}: {error}")


def _plain(text: str) -> str:
    """Traceback without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


# ---------------------------------------------------------------- environment


def kernel_environment(root: str, scratch: Path, vintage: str = "") -> dict[str, str]:
    """Environment of a kernel: the same on every machine, whatever the person's own settings are.

    Their start-up files, matplotlib settings and kernels of other environments would change numbers and figures
    without a trace, so the kernel sees none of them.
    """
    settings = importlib.util.find_spec("matplotlib")
    style = Path(settings.origin).parent / "mpl-data" / "matplotlibrc" if settings and settings.origin else None
    return {
        "AMAZON_LABOR_ROOT": root,
        paths.VINTAGE: vintage,
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "SOURCE_DATE_EPOCH": EPOCH,
        **dict.fromkeys(wire.ONE_THREAD, "1"),
        "COLUMNS": "80",
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        **({"MATPLOTLIBRC": str(style)} if style else {}),
    }


def inherited(root: str) -> dict[str, str]:
    """What an interpreter that runs a kernel reads at its start; the folders of a single run are not among it."""
    kept = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
    return kept | kernel_environment(root, Path(os.devnull), os.environ.get(paths.VINTAGE, ""))


@contextlib.contextmanager
def environment(root: str, scratch: Path, settings: Mapping[str, str], vintage: str = "") -> Iterator[None]:
    """Set the kernel's environment, and what leads to warm ones, for a while; kernels inherit it."""
    before = dict(os.environ)
    # who asks for ordinary kernels gets them, also below a program that was started with warm ones in reach
    for name in (*NOT_INHERITED, wire.SOCKET, wire.PROVISIONER_VARIABLE):
        os.environ.pop(name, None)
    os.environ.update(kernel_environment(root, scratch, vintage) | dict(settings))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
