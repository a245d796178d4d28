"""Commands for those who carry the collection on: `new`, `docs`, `guard`, and the option that names another article."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from amazon_labor.cli_base import Out, app, guarded

Command = Callable[..., Any]
OF_ARTICLES = (
    *("build", "run", "sweep", "list", "explain", "graph", "watch", "serve", "clean", "accept", "check", "new"),
    *("history", "profile", "launch"),
)
ArticleName = Annotated[
    str | None,
    typer.Option(
        "--article", metavar="NAME", help="Another article's claims, notebooks and reports: a folder of articles/."
    ),
]


def with_article(command: Command) -> Command:
    """Give a command the option `--article`, which is obeyed before anything else is read."""

    @functools.wraps(command)
    def wrapper(*args: Any, article: str | None = None, **kwargs: Any) -> Any:
        if article:
            from amazon_labor import paths

            paths.choose_article(article)
        return command(*args, **kwargs)

    signature = inspect.signature(command)
    option = inspect.Parameter("article", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=ArticleName)
    wrapper.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
    return wrapper


@app.command()
@guarded
def new(
    name: Annotated[str, typer.Argument(help="Name of the notebook: small letters, digits and underscores.")],
    title: Annotated[str, typer.Option("--title", help="Title of the notebook, one line.")],
    part: Annotated[str, typer.Option("--part", help="Part of the collection it belongs to.")],
    question: Annotated[str, typer.Option("--question", help="The one question it answers.", show_default=False)] = "",
    table: Annotated[
        str, typer.Option("--table", help="Table of the catalogue that its example describes.")
    ] = "unions/membership_national_bls",
    column: Annotated[
        str | None, typer.Option("--column", help="Column of numbers; by default the first with a unit.")
    ] = None,
) -> int:
    """Begin a notebook: its cells, a method with a test, a scenario; run, stored and checked, or nothing is left."""
    from amazon_labor.scaffold import begin
    from amazon_labor.scaffold import plan as planner

    return begin.begin(planner.plan(name, title, part, question, table, column), typer.echo)


@app.command()
@guarded
def docs(
    write: Annotated[
        bool, typer.Option("--write", help="Also write the documents that are made: statistics.md, architecture.svg.")
    ] = False,
    second: Annotated[
        Path | None,
        typer.Option(
            "--second",
            metavar="DIR",
            help="Count what the build in --out and this second one gave; fail unless docs/reproducibility.md says so.",
        ),
    ] = None,
    out: Out = None,
) -> int:
    """Render docs/ as pages of the site, into docs/ below the reports."""
    from amazon_labor import paths
    from amazon_labor.runner import drive, site_docs
    from amazon_labor.scaffold import made

    folder = (out or paths.reports_dir()).resolve()
    builds = (folder, second.resolve()) if second else None
    for path in made.write(builds) if write else ():
        typer.echo(f"wrote {drive.shown(path)}")
    status = made.check(builds, typer.echo) if builds and not write else 0
    pages = site_docs.write(folder)
    typer.echo(f"docs: {len(pages)} pages in {drive.shown(folder / site_docs.FOLDER)}")
    return status


@app.command()
@guarded
def guard(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Files to look at; what is staged if none is named.")
    ] = None,
    install: Annotated[bool, typer.Option("--install", help="Install it as git's hook before each commit.")] = False,
) -> int:
    """Refuse what may not be committed: large files, what looks like a secret, notebooks with traces of a run."""
    from amazon_labor.runner import drive
    from amazon_labor.scaffold import guard as guards

    if install:
        typer.echo(f"wrote {drive.shown(guards.install())}")
        return 0
    return guards.guard(files or [], typer.echo)


# the commands that read claims or notebooks
for info in app.registered_commands:
    name = info.name or (info.callback.__name__ if info.callback else "")
    if info.callback is not None and name in OF_ARTICLES:
        info.callback = guarded(with_article(info.callback))
