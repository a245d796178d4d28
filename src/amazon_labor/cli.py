"""The command `amazon-labor`: parses, calls, prints. Nothing heavy is imported until a command needs it."""

import functools
import sys
from collections.abc import Callable, Sequence
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


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of `amazon-labor`."""
    words = list(sys.argv[1:] if argv is None else argv)
    app(args=joined_pairs(words), prog_name="amazon-labor")


def joined_pairs(words: list[str]) -> list[str]:
    """Turn papermill's ``-p name value`` into ``-p name=value``, so that both are understood."""
    result: list[str] = []
    rest = iter(words)
    for word in rest:
        result.append(word)
        if word == "--":  # another program's words
            return [*result, *rest]
        if word not in ("-p", "--parameter"):
            continue
        pair = next(rest, None)
        if pair is not None and "=" not in pair:
            value = next(rest, None)
            pair = pair if value is None else f"{pair}={value}"
        result += [] if pair is None else [pair]
    return result


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


def _options(
    out: Path | None,
    force: bool,
    jobs: int,
    timeout: float,
    whole: float,
    *,
    cold: bool = False,
    cluster: str | None = None,
) -> "Options":
    from amazon_labor import paths
    from amazon_labor.runner.session import Options

    folder = (out or paths.reports_dir()).resolve()
    options = Options(folder, force, jobs, timeout, max(timeout, whole), write=typer.echo, warm=not cold)
    if cluster is None:
        return options
    from dataclasses import replace

    from amazon_labor.runner import cluster as clusters

    return replace(options, start=clusters.executor(cluster))


@app.command()
@guarded
def build(
    names: Names = None,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and why.")] = False,
    jobs: Jobs = 0,
    out: Out = None,
    cold: Cold = False,
    cluster: Cluster = None,
    vintage: Vintage = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Bring the reports up to date; runs only what changed."""
    if vintage:
        from amazon_labor import paths

        own = paths.choose_vintage(vintage)
        out = out or own
    if dry_run:
        from amazon_labor.runner import foresee

        return foresee.foresee(names or [], _options(out, force, jobs, timeout, notebook_timeout))
    from amazon_labor.runner import build as builder

    return builder.build(names or [], _options(out, force, jobs, timeout, notebook_timeout, cold=cold, cluster=cluster))


@app.command()
@guarded
def run(
    name: Name,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="One value; also -p NAME VALUE.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Values from a .yaml, .json or .toml file.")] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", "-s", help="A named set of values; -p overrides.")
    ] = None,
    force: Force = False,
    out: Out = None,
    cold: Cold = False,
    cluster: Cluster = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Run one notebook with other parameters; its report goes to runs/."""
    from amazon_labor import parameters
    from amazon_labor.runner import build as builder

    given = {**(parameters.from_file(file) if file else {}), **parameters.from_assignments(parameter or [])}
    return builder.run(
        name, given, scenario, _options(out, force, 1, timeout, notebook_timeout, cold=cold, cluster=cluster)
    )


@app.command()
@guarded
def sweep(
    name: Name,
    over: Annotated[
        list[str] | None,
        typer.Option("--over", metavar="NAME=VALUES", help="Values of one parameter: a=1,2; a=1990..2000; a=all."),
    ] = None,
    grid: Annotated[Path | None, typer.Option("--grid", help="Values from a .yaml, .json or .toml file.")] = None,
    force: Force = False,
    jobs: Jobs = 0,
    out: Out = None,
    cold: Cold = False,
    cluster: Cluster = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Run a notebook at many points: a report each, and a page that compares them; stopped, it goes on where it was."""
    from amazon_labor.parameters import InputError
    from amazon_labor.runner import sweep as sweeper

    if not over and grid is None:
        raise InputError("Say what varies, for example: amazon-labor sweep states --over state=all")
    return sweeper.sweep(
        name, over or [], grid, _options(out, force, jobs, timeout, notebook_timeout, cold=cold, cluster=cluster)
    )


@app.command("list")
@guarded
def list_(
    name: Annotated[str | None, typer.Argument(help="One notebook, with its parameters and scenarios.")] = None,
    out: Out = None,
) -> None:
    """List the notebooks and their state, or the parameters of one."""
    from amazon_labor.runner import listing

    options = _options(out, False, 1, 120, 600)
    typer.echo(listing.one(name) if name else listing.every(options.out))


@app.command()
@guarded
def explain(name: Annotated[str, typer.Argument(help="A notebook, or the id of a claim.")], out: Out = None) -> None:
    """Say why a notebook would run again, or where a claim stands."""
    from amazon_labor.runner import listing

    typer.echo(listing.explain(name, _options(out, False, 1, 120, 600).out))


@app.command()
@guarded
def graph(
    file: Annotated[
        Path | None, typer.Option("--file", help="Where to write it instead of graph.svg in the reports.")
    ] = None,
    out: Out = None,
) -> None:
    """Draw what depends on what: tables, notebooks, claims (SVG)."""
    from amazon_labor.runner import atomic, drive
    from amazon_labor.runner import graph as drawer
    from amazon_labor.runner.layout import Layout

    where = Layout(_options(out, False, 1, 120, 600).out)
    target = (file or where.out / "graph.svg").resolve()
    atomic.write_changed(target, drawer.svg(drawer.read(where)))
    typer.echo(f"wrote {drive.shown(target)}")


@app.command()
@guarded
def watch(
    names: Names = None,
    port: Port = 8000,
    jobs: Jobs = 0,
    out: Out = None,
    cold: Cold = False,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Build again after every change, and show the reports in a browser that reloads itself."""
    from amazon_labor.runner import watch as watcher

    return watcher.watch(names or [], _options(out, False, jobs, timeout, notebook_timeout, cold=cold), port)


@app.command()
@guarded
def serve(port: Port = 8000, out: Out = None) -> int:
    """Show the reports in a browser on this machine."""
    from amazon_labor.runner import watch as watcher

    return watcher.serve(_options(out, False, 1, 120, 600), port)


@app.command()
@guarded
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    out: Out = None,
) -> int:
    """Remove what the builds made; notebooks, data and the committed ledger stay."""
    from amazon_labor.runner import clean as cleaner

    return cleaner.clean(_options(out, False, 1, 120, 600).out, typer.echo, dry_run=dry_run)


@app.command()
@guarded
def accept(
    names: Names = None, jobs: Jobs = 0, out: Out = None, timeout: Timeout = 120, notebook_timeout: Whole = 600
) -> int:
    """Store the outputs of a default run in the notebooks themselves."""
    from amazon_labor.runner import accept as accepter

    return accepter.accept(names or [], _options(out, False, jobs, timeout, notebook_timeout))


@app.command()
@guarded
def verify(
    names: Names = None,
    published: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="PATH", help="Compare with a published folder of reports, or its SHA256SUMS."
        ),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Leave both builds in this new folder.")
    ] = None,
    jobs: Jobs = 0,
    out: Out = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Build everything twice in different surroundings and compare every byte; or compare with a published set."""
    import os

    from amazon_labor.runner import build as builder
    from amazon_labor.runner import verify as verifier

    if published is None:
        return verifier.twice(names or [], jobs or os.cpu_count() or 1, typer.echo, keep)
    options = _options(out, False, jobs, timeout, notebook_timeout)
    return builder.build(names or [], options) or verifier.against(published, options.out, names or [], typer.echo)


@app.command()
@guarded
def refresh(
    tables: Annotated[
        list[str] | None, typer.Argument(metavar="[TABLE]...", help="Tables by name; all that can be if none is named.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Name of the new vintage; today if it is not given.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the requests; nothing is sent.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Store the tables that came, if others failed.")
    ] = False,
    gap: Annotated[
        list[str] | None, typer.Option("--gap", metavar="YYYY-MM", help="A period accepted as never published.")
    ] = None,
) -> int:
    """Fetch tables from their primary sources into a new vintage; the tables in use stay as they are."""
    from amazon_labor.refresh import command

    return command.refresh(tables or [], date, gap or [], typer.echo, dry_run=dry_run, keep_going=keep_going)


@app.command()
@guarded
def vintage(
    name: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help="A vintage; the list of them if none is named.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option("--before", help="Reports to compare with; the stored outputs if none are named.")
    ] = None,
    out: Out = None,
    firsts: Annotated[bool, typer.Option("--firsts", help="First-published values against the latest.")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="Write the Markdown there.")] = None,
) -> int:
    """Say what a vintage changed: values, and with its build the numbers and verdicts that move."""
    from amazon_labor.refresh import command

    return command.vintage(name, before, out, file, typer.echo, firsts=firsts)


@app.command()
@guarded
def check(names: Names = None) -> int:
    """Check the notebooks against the rules of the collection, without running them."""
    from amazon_labor.runner import checks

    return checks.check(names or [], typer.echo)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@guarded
def warm(context: typer.Context) -> int:
    """Run a program that runs notebooks (papermill, nbconvert, pytest --nbval) with warm kernels: warm -- COMMAND."""
    from amazon_labor.parameters import InputError
    from amazon_labor.warm import serve

    if not context.args:
        raise InputError("Name the program to run, for example: amazon-labor warm -- papermill IN.ipynb OUT.ipynb")
    try:
        return serve.run(context.args, lambda text: typer.echo(text, err=True))
    except FileNotFoundError:
        raise InputError(f"There is no program {context.args[0]!r} on the path.") from None


@data.command("check")
@guarded
def data_check() -> int:
    """Check every table against its digest, its schema and its sources; all faults at once."""
    from amazon_labor import catalog, catalog_admin

    faults = catalog_admin.check()
    for fault in faults:
        typer.echo(fault)
    typer.echo(f"data: {len(faults)} faults." if faults else f"data: {len(catalog.names())} tables, no faults.")
    return FAILED if faults else 0


@data.command("describe")
@guarded
def data_describe(
    name: Annotated[str | None, typer.Argument(help="A table, for example amazon/annual_results.")] = None,
) -> None:
    """Show what a table holds and where it comes from, or the names of all tables."""
    from amazon_labor.runner import listing

    typer.echo(listing.table(name) if name else listing.tables())


@data.command("readme")
@guarded
def data_readme() -> None:
    """Write data/README.md anew from the data package."""
    from amazon_labor import catalog_admin
    from amazon_labor.runner import drive

    typer.echo(f"wrote {drive.shown(catalog_admin.write_readme())}")


from amazon_labor import cli_carry  # noqa: E402

cli_carry.register(app, guarded)
