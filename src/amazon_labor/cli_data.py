"""Commands for the tables: checking, describing, fetching new vintages and saying what they changed."""

from pathlib import Path
from typing import Annotated

import typer

from amazon_labor.cli_base import FAILED, Out, app, data, guarded


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
