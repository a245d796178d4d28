"""Tables that a notebook's code names, found without running it."""

import ast

from amazon_labor.runner import digests, syntax
from amazon_labor.runner.notebook import Notebook


def tables(one: Notebook) -> set[str]:
    """Catalogue names among the texts in the code cells; a cell that is no Python names none (the run will tell)."""
    known = digests.table_names()
    return {text for cell in one.cells if cell.is_code for text in _texts(cell.source) if text in known}


def _texts(source: str) -> set[str]:
    try:
        tree = syntax.parse(source)
    except SyntaxError:
        return set()
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
