"""Code read as a syntax tree, never run."""

import ast


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a cell or module.

    Raises
    ------
    SyntaxError
        If it is no Python, holds a character that no source can, or is nested deeper than the parser goes.
    """
    try:
        return ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "too deeply nested") from None
