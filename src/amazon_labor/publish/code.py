"""Code of a notebook as HTML: coloured by six classes instead of the sixty of a highlighter."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

# prefix of the token type -> class; the first that fits wins
CLASSES = (
    ("Token.Keyword", "k"),
    ("Token.Operator.Word", "k"),
    ("Token.Literal.String", "s"),
    ("Token.Comment", "c"),
    ("Token.Literal.Number", "m"),
    ("Token.Name.Function", "f"),
    ("Token.Name.Builtin", "f"),
)


def highlight(source: str) -> str:
    """Return Python source as escaped HTML with a span around each run of one class."""
    tokens = [(_class(str(kind)), text) for kind, text in _lexer().get_tokens(source)]
    runs = ((name, "".join(text for _, text in run)) for name, run in groupby(tokens, key=lambda pair: pair[0]))
    parts = (
        f'<span class="{name}">{escape(text, quote=False)}</span>' if name else escape(text, quote=False)
        for name, text in runs
    )
    return "".join(parts).rstrip("\n")


@lru_cache(maxsize=512)
def _class(kind: str) -> str:
    return next((name for prefix, name in CLASSES if kind.startswith(prefix)), "")


@lru_cache(maxsize=1)
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False)
