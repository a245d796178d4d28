"""Code of a notebook as HTML: four kinds of token instead of the sixty of a highlighter, in the shortest elements."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

# prefix of the token type -> element that the style sheet colours; the first that fits wins
ELEMENTS = (
    ("Token.Keyword", "b"),
    ("Token.Operator.Word", "b"),
    ("Token.Literal.String", "u"),
    ("Token.Comment", "i"),
    ("Token.Literal.Number", "var"),
)


@lru_cache(maxsize=512)  # the points of a sweep share their code
def highlight(source: str) -> str:
    """Return Python source as escaped HTML with an element around each run of one kind."""
    tokens = [(_element(str(kind)), text) for kind, text in _lexer().get_tokens(source)]
    runs = ((name, "".join(text for _, text in run)) for name, run in groupby(tokens, key=lambda pair: pair[0]))
    parts = (_marked(name, escape(text, quote=False)) for name, text in runs)
    return "".join(parts).rstrip("\n")


def _marked(element: str, text: str) -> str:
    return f"<{element}>{text}</{element}>" if element else text


@lru_cache(maxsize=512)
def _element(kind: str) -> str:
    return next((name for prefix, name in ELEMENTS if kind.startswith(prefix)), "")


@lru_cache(maxsize=1)
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False)
