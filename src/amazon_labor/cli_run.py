"""Commands that run notebooks."""

from pathlib import Path
from typing import Annotated

import typer

from amazon_labor.cli_base import (
    Annotations,
    Cluster,
    Cold,
    Events,
    FailFast,
    Force,
    Form,
    Jobs,
    Junit,
    Name,
    Names,
    Out,
    Port,
    Profile,
    Timeout,
    Vintage,
    Whole,
    app,
    guarded,
    options,
)


@app.command()
@guarded
def build(
    names: Names = None,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and why.")] = False,
    fail_fast: FailFast = False,
    jobs: Jobs = 0,
    out: Out = None,
    cold: Cold = False,
    cluster: Cluster = None,
    vintage: Vintage = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
    progress: Events = Form.auto,
    profile: Profile = False,
    junit: Junit = None,
    annotations: Annotations = None,
) -> int:
    """Bring the reports up to date; runs only what changed."""
    how = options(
        out,
        force,
        jobs,
        timeout,
        notebook_timeout,
        vintage=vintage,
        progress=progress,
        cold=cold,
        fail_fast=fail_fast,
        cluster=None if dry_run else cluster,
    )
    if dry_run:
        from amazon_labor.runner import foresee

        return foresee.foresee(names or [], how)
    from amazon_labor.runner import build as builder
    from amazon_labor.runner import ci

    return builder.build(names or [], how, ci.Reports(junit, annotations, profile).tell)


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
    vintage: Vintage = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
    progress: Events = Form.auto,
) -> int:
    """Run one notebook with other parameters; its report goes to runs/."""
    from amazon_labor import parameters
    from amazon_labor.runner import build as builder

    given = {**(parameters.from_file(file) if file else {}), **parameters.from_assignments(parameter or [])}
    how = options(
        out, force, 1, timeout, notebook_timeout, vintage=vintage, progress=progress, cold=cold, cluster=cluster
    )
    return builder.run(name, given, scenario, how)


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
    vintage: Vintage = None,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
    progress: Events = Form.auto,
) -> int:
    """Run a notebook at many points: a report each, and a page that compares them; stopped, it goes on where it was."""
    from amazon_labor.parameters import InputError
    from amazon_labor.runner import sweep as sweeper

    if not over and grid is None:
        raise InputError("Say what varies, for example: amazon-labor sweep states --over state=all")
    how = options(
        out, force, jobs, timeout, notebook_timeout, vintage=vintage, progress=progress, cold=cold, cluster=cluster
    )
    return sweeper.sweep(name, over or [], grid, how)


@app.command()
@guarded
def accept(
    names: Names = None, jobs: Jobs = 0, out: Out = None, timeout: Timeout = 120, notebook_timeout: Whole = 600
) -> int:
    """Store the outputs of a default run in the notebooks themselves."""
    from amazon_labor.runner import accept as accepter

    return accepter.accept(names or [], options(out, False, jobs, timeout, notebook_timeout))


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
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance", metavar="SHARE", help="With --against: numbers may differ by this share of their size."
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
    from amazon_labor.runner import build as builder
    from amazon_labor.runner import machine
    from amazon_labor.runner import verify as verifier

    share = None if tolerance is None else _share(tolerance, published)
    if published is None:
        return verifier.twice(names or [], jobs or machine.jobs()[0], typer.echo, keep)
    how = options(out, False, jobs, timeout, notebook_timeout)
    return builder.build(names or [], how) or verifier.against(published, how.out, names or [], typer.echo, share)


def _share(tolerance: float, published: Path | None) -> float:
    from amazon_labor import tolerance as within
    from amazon_labor.parameters import InputError

    if published is None:
        raise InputError("--tolerance goes with --against: two builds on one machine must give the same bytes.")
    try:
        return within.parse(tolerance)
    except ValueError as error:
        raise InputError(f"--tolerance: {error}") from None


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

    return watcher.watch(names or [], options(out, False, jobs, timeout, notebook_timeout, cold=cold), port)


@app.command()
@guarded
def serve(port: Port = 8000, out: Out = None) -> int:
    """Show the reports in a browser on this machine."""
    from amazon_labor.runner import watch as watcher

    return watcher.serve(options(out), port)


@app.command()
@guarded
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    out: Out = None,
) -> int:
    """Remove what the builds made; notebooks, data and the committed ledger stay."""
    from amazon_labor.runner import clean as cleaner

    return cleaner.clean(options(out).out, typer.echo, dry_run=dry_run)


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
