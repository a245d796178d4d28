"""The form of a notebook file: nothing of an editor or of a run in its metadata, and parameters that name their unit."""

import json
import re
from collections.abc import Iterator

from amazon_labor.runner.notebook import Notebook, NotebookError

OF_NOTEBOOK = {"amazon_labor", "kernelspec", "language_info"}
# words of which the meaning of a number holds at least one: without it nobody can tell 3 percent from 3 points
UNIT = re.compile(
    r"\b(?:years?|quarters?|months?|weeks?|days?|hours?|periods?|percent|points?|shares?|probability|chance|dollars?|"
    r"billion|million|thousand|persons?|adults|workers?|voters|elections?|draws|samples|resamples|resampled|simulated|"
    r"multiple|variance|correlation|ratio|lag(?:s|ged)?|powers?|breaks|pairs|random numbers|centres|constant|straight|"
    r"count(?:s|ed)?|number of|step|unit|size)\b",
    re.IGNORECASE,
)


def faults(one: Notebook) -> Iterator[str]:
    """Faults of form of one notebook; each says what mends it."""
    yield from _metadata(one)
    try:
        parameters = one.parameters
    except NotebookError:  # the rules of the cells, or the reading of the notebook, say so
        return
    for parameter in parameters:
        if parameter.kind in ("int", "float") and not UNIT.search(parameter.meaning):
            yield (
                f"cell 1: the meaning of {parameter.name} ({parameter.meaning!r}) names no unit. Say what is counted or "
                "measured before the semicolon, for example: # trend fitted from this year; 1983 to 2012"
            )


def _metadata(one: Notebook) -> Iterator[str]:
    mend = f"Remove it: amazon-labor accept {one.name}"
    raw = json.loads(one.text)
    for key in raw.get("metadata", {}).keys() - OF_NOTEBOOK:
        yield f"metadata.{key} belongs to an editor or a run. {mend}"
    if set(raw.get("metadata", {}).get("language_info", {})) - {"name"}:
        yield f"metadata.language_info holds the version of a machine's Python. {mend}"
    for position, cell in enumerate(raw["cells"]):
        for key in sorted(cell.get("metadata", {}).keys() - {"tags"}):
            yield f"cell {position}: its metadata holds {key!r}, which a run or an editor left there. {mend}"
