"""What all commands share: the app they join, their common options, and how each of them ends."""

import functools
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from amazon_labor.runner.session import Options

FAILED, BAD_INPUT, BUSY, INTERRUPTED = 1, 2, 3, 130
MOST_JOBS = 256


class Form(StrEnum):
    """How a command tells what happens."""

    auto = "auto"
    plain = "plain"
    json = "json"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Recompute every number of the article, judge its claims, and write the reports.",
    epilog="Exit status: 0 done; 1 a notebook failed or a check found faults; 2 bad input, nothing written; "
    "3 another build runs in this folder; 4 a notebook failed and --fail-fast stopped there; 130 interrupted.",
)
data = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The tables: check, describe, list.")
app.add_typer(data, name="data")

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Notebooks by name or number; all if none is named.")
]
Name = Annotated[str, typer.Argument(help="Notebook by name, number or file.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the reports instead of reports/.", show_default=False)
]


def number_of_jobs(word: str) -> int:
    """Read `--jobs`: a number, or `auto` (0) for what processors and memory bear."""
    text = str(word).strip()
    if text == "auto":
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_JOBS:
        raise typer.BadParameter(f"{word!r} is neither auto nor a whole number from 0 (auto) to {MOST_JOBS}.")
    return int(text)


Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        parser=number_of_jobs,
        metavar="N|auto",
        show_default="auto",
        help="Notebooks at once; auto takes what processors and memory bear.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run even what is up to date.")]
Cold = Annotated[bool, typer.Option("--cold", help="Start every kernel afresh; slower, for comparison.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, max=86400, help="Seconds a cell may take.")]
Whole = Annotated[float, typer.Option("--notebook-timeout", min=0.1, max=86400, help="Seconds a notebook may take.")]

Cluster = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")
]
Vintage = Annotated[
    str | None, typer.Option("--vintage", metavar="DATE", help="Read the refreshed tables of this vintage.")
]
Events = Annotated[
    Form,
    typer.Option("--progress", help="auto: a bar on a terminal; plain: lines; json: one JSON object a line."),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast/--keep-going", help="Start nothing more once a notebook failed, or go on.")
]
Profile = Annotated[bool, typer.Option("--profile", help="End with the slowest notebooks and cells.")]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write the outcome as JUnit XML.")]
Annotations = Annotated[
    bool | None,
    typer.Option(help="Print failures as annotations of GitHub; by itself where GITHUB_ACTIONS is set."),
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")]


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """End a command with the exit status that its outcome has, and with a message instead of a traceback."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        try:
            status = command(*args, **kwargs) or 0
        except (Exception, KeyboardInterrupt) as error:
            status, message = _ending(error)
            typer.echo(f"amazon-labor: {message}", err=True)
        except BaseException as error:
            if type(error).__name__ != "InterruptedBuildError":
                raise
            typer.echo("amazon-labor: interrupted; what was finished is kept, every kernel has ended.", err=True)
            status = INTERRUPTED
        raise typer.Exit(status)

    return wrapper


def _ending(error: BaseException) -> tuple[int, str]:
    """Exit status and message of an error; one that is nobody's expectation is raised on."""
    from amazon_labor.parameters import InputError

    kind = type(error).__name__
    if isinstance(error, InputError):
        return BAD_INPUT, str(error)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    if kind == "BusyError":
        return BUSY, str(error)
    if kind in ("NotebookError", "DataError", "ClaimError", "VerifyError"):
        return FAILED, str(error)
    if "RefreshError" in (one.__name__ for one in type(error).__mro__):
        return BAD_INPUT, str(error)
    if isinstance(error, FileNotFoundError) and error.errno is None:
        return BAD_INPUT, str(error)
    if isinstance(error, OSError):
        return (
            FAILED,
            f"{error.filename or 'a file'} cannot be written or read ({error.strerror or error}). Nothing is half written.",
        )
    raise error


def options(
    out: Path | None,
    force: bool = False,
    jobs: int = 1,
    timeout: float = 120,
    whole: float = 600,
    *,
    vintage: str | None = None,
    progress: Form = Form.auto,
    cold: bool = False,
    fail_fast: bool = False,
    cluster: str | None = None,
) -> "Options":
    """What a command was asked for; a vintage is chosen for everything that reads tables from now on.

    Raises
    ------
    FileNotFoundError
        If there is no such vintage.
    """
    from amazon_labor import paths
    from amazon_labor.runner import events, pool
    from amazon_labor.runner.session import Options

    own = paths.choose_vintage(vintage) if vintage else paths.reports_dir()
    told = progress is Form.json
    start: Callable[[int], Executor] = pool.local
    if cluster is not None:
        from amazon_labor.runner import cluster as clusters

        start = clusters.executor(cluster)
    return Options(
        (out or own).resolve(),
        force,
        jobs,
        timeout,
        max(timeout, whole),
        start,
        warm=not cold,
        write=events.as_message(typer.echo) if told else typer.echo,
        fail_fast=fail_fast,
        emit=events.as_json(typer.echo) if told else None,
        bar=progress is Form.auto,
    )
