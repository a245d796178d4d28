"""What all commands share: the app they join, their common options, and how each of them ends."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from amazon_labor.runner.session import Options

FAILED, BAD_INPUT, BUSY, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Recompute every number of the article, judge its claims, and write the reports.",
    epilog="Exit status: 0 done; 1 a notebook failed or a check found faults; 2 bad input, nothing written; "
    "3 another build runs in this folder; 130 interrupted.",
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
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, max=256, help="Notebooks at once; 0 takes one per processor.")
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
    cold: bool = False,
    cluster: str | None = None,
) -> "Options":
    from amazon_labor import paths
    from amazon_labor.runner.session import Options

    folder = (out or paths.reports_dir()).resolve()
    chosen = Options(folder, force, jobs, timeout, max(timeout, whole), write=typer.echo, warm=not cold)
    if cluster is None:
        return chosen
    from dataclasses import replace

    from amazon_labor.runner import cluster as clusters

    return replace(chosen, start=clusters.executor(cluster))
