"""Commands for what leaves the collection: scenarios, comparisons of ledgers, PDF, the replication package."""

from pathlib import Path
from typing import Annotated

import typer

from amazon_labor.cli_base import Cold, Force, Jobs, Name, Names, Out, Timeout, Whole, app, guarded, options

Side = Annotated[str, typer.Argument(help="A ledger.csv or .json, a folder of reports, or REVISION:FILE of git.")]


@app.command()
@guarded
def scenarios(
    names: Names = None,
    force: Force = False,
    jobs: Jobs = 0,
    out: Out = None,
    cold: Cold = False,
    timeout: Timeout = 120,
    notebook_timeout: Whole = 600,
) -> int:
    """Run the named scenarios that have no current result, and write the page that compares them."""
    from amazon_labor.runner import build as builder

    chosen = options(out, force, jobs, timeout, notebook_timeout, cold=cold)
    return builder.build(names or [], chosen, scenarios_too=True)


@app.command()
@guarded
def compare(
    old: Side,
    new: Annotated[str, typer.Argument(help="As OLD; the reports of this checkout if left out.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="Write the Markdown there.")] = None,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit with status 1 if anything moved.")
    ] = False,
) -> int:
    """Say in Markdown which verdicts and numbers moved between two ledgers, for a pull request."""
    from amazon_labor.runner import ledger_compare

    return ledger_compare.compare(old, new, typer.echo, file, fail_on_change=fail_on_change)


@app.command()
@guarded
def pdf(
    name: Name,
    file: Annotated[
        Path | None, typer.Option("--file", help="The PDF; NN_name.pdf in this folder if left out.")
    ] = None,
    out: Out = None,
) -> int:
    """Print a report as PDF with the Chromium of this system (CHROMIUM names another)."""
    from amazon_labor.runner import pdf as printer

    try:
        typer.echo(f"wrote {printer.pdf(name, options(out).out, file)}")
    except printer.PdfError as error:
        typer.echo(f"amazon-labor: {error}", err=True)
        return 1
    return 0


@app.command()
@guarded
def replication(
    file: Annotated[Path, typer.Argument(metavar="OUT.zip", help="The package to write.")],
    out: Out = None,
) -> int:
    """Pack sources, data, lock and reports with the README that data editors ask for."""
    from amazon_labor.runner import replication as packer

    typer.echo(packer.pack(file, options(out).out))
    return 0
