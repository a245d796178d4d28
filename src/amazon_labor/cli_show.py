"""Commands that only look: what there is, in which state, and by which rules."""

from pathlib import Path
from typing import Annotated

import typer

from amazon_labor.cli_base import Name, Names, Out, app, guarded, options


@app.command("list")
@guarded
def list_(
    name: Annotated[str | None, typer.Argument(help="One notebook, with its parameters and scenarios.")] = None,
    out: Out = None,
) -> None:
    """List the notebooks and their state, or the parameters of one."""
    from amazon_labor.runner import listing

    typer.echo(listing.one(name) if name else listing.every(options(out).out))


@app.command()
@guarded
def explain(name: Annotated[str, typer.Argument(help="A notebook, or the id of a claim.")], out: Out = None) -> None:
    """Say why a notebook would run again, or where a claim stands."""
    from amazon_labor.runner import listing

    typer.echo(listing.explain(name, options(out).out))


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

    where = Layout(options(out).out)
    target = (file or where.out / "graph.svg").resolve()
    atomic.write_changed(target, drawer.svg(drawer.read(where)))
    typer.echo(f"wrote {drive.shown(target)}")


@app.command()
@guarded
def check(names: Names = None) -> int:
    """Check the notebooks against the rules of the collection, without running them."""
    from amazon_labor.runner import checks

    return checks.check(names or [], typer.echo)


@app.command()
@guarded
def profile(
    names: Names = None,
    slowest: Annotated[int, typer.Option("--slowest", min=1, max=1000, help="How many cells to list.")] = 20,
    out: Out = None,
) -> None:
    """Say how long notebooks took when they last ran, and which cells took longest."""
    from amazon_labor.runner import profile as profiler

    typer.echo(profiler.report(options(out).out, names or [], slowest))


@app.command()
@guarded
def history(
    claim: Annotated[str | None, typer.Argument(help="The id of a claim; all that moved if none is named.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Write the moves there as CSV too.")] = None,
    out: Out = None,
) -> None:
    """Say when verdicts and values moved: over the commits of the ledger, and over the vintages built here."""
    from amazon_labor.runner import history as historian

    typer.echo(historian.report(options(out).out, claim, file))


@app.command()
@guarded
def launch(name: Name) -> None:
    """Print the address that opens a notebook on Binder, once the address of the repository is known."""
    from amazon_labor import launch as launcher
    from amazon_labor.runner import notebook

    typer.echo(launcher.told(notebook.files()[notebook.find(name)].stem))
