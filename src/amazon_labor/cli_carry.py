"""Commands for those who carry the collection on: `new`, `docs`, `guard`, and the option that names another article."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from amazon_labor.cli_base import app, guarded

Command = Callable[..., Any]
OF_ARTICLES = ("build", "run", "sweep", "list", "explain", "graph", "watch", "serve", "clean", "accept", "check")
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


# the commands that read claims or notebooks
for info in app.registered_commands:
    name = info.name or (info.callback.__name__ if info.callback else "")
    if info.callback is not None and name in OF_ARTICLES:
        info.callback = guarded(with_article(info.callback))
