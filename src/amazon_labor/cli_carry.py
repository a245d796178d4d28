"""Commands for those who carry the collection on: `new`, `docs`, `guard`, and the option that names another article."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

Command = Callable[..., Any]
OF_ARTICLES = ("build", "run", "sweep", "list", "explain", "graph", "watch", "serve", "clean", "accept", "check")
ArticleName = Annotated[
    str | None,
    typer.Option(
        "--article", metavar="NAME", help="Another article's claims, notebooks and reports: a folder of articles/."
    ),
]


def register(app: typer.Typer, guarded: Callable[[Command], Command]) -> None:
    """Add the commands of this module, and `--article` to those that read claims or notebooks.

    Parameters
    ----------
    app : typer.Typer
        The application with its other commands.
    guarded : callable
        Decorator that ends a command with the exit status its outcome has.
    """
    for command in (new, docs, guard):
        app.command()(guarded(command))
    for info in app.registered_commands:
        name = info.name or (info.callback.__name__ if info.callback else "")
        if info.callback is not None and name in (*OF_ARTICLES, "new"):
            info.callback = guarded(with_article(info.callback))


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


def new() -> int:
    return 0


def docs() -> int:
    return 0


def guard() -> int:
    return 0
