"""Tables that a notebook's code names, found without running it."""

from amazon_labor.runner import check_code, digests
from amazon_labor.runner.notebook import Notebook


def tables(one: Notebook) -> set[str]:
    """Catalogue names among the texts in the code cells; a cell that is no Python names none (the run will tell)."""
    texts = {text for cell in one.cells if cell.is_code for text in check_code.words(cell.source)}
    return texts & digests.table_names()
