"""Commands that only look: what there is, in which state, and by which rules."""

from pathlib import Path
from typing import Annotated

import typer

from amazon_labor.cli_base import Names, Out, app, guarded, options


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
