"""An executed notebook without anything that differs between two runs of the same code."""

import json
import re
from typing import Any

from amazon_labor import mime
from amazon_labor.runner.notebook import joined

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
INJECTED, ERROR_MARKER = "injected-parameters", "papermill-error-cell-tag"
# a warning names the cell by a file that never exists, in a folder with the number of the process
CELL_FILE = re.compile(r"[^\s\"'(]*[/\\]ipykernel_\d+[/\\](?=\d+\.py\b)")
JSON_TYPE = re.compile(r"application/(?:.*\+)?json\Z")


def normalise(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook (format 4, as JSON data) with stable ids, counts and metadata, and nothing else changed.

    Dropped: times, paths and states that papermill, nbclient and editors leave in metadata; papermill's error markers;
    versions of the language. Cell ids follow the position in the source notebook, so that the injected cell moves none.
    Chunks of one stream are joined: where they break depends on timing. Files of cells lose the folder of their process.
    """
    cells = [c for c in notebook["cells"] if ERROR_MARKER not in tags_of(c)]
    own_metadata = notebook.get("metadata", {}).get("amazon_labor")
    metadata: dict[str, Any] = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    if own_metadata:
        metadata["amazon_labor"] = own_metadata
    result, position, count = [], 0, 0
    for cell in cells:
        if INJECTED in tags_of(cell):
            identifier = INJECTED
        else:
            identifier, position = f"cell-{position:02d}", position + 1
        ran = cell["cell_type"] == "code" and cell.get("execution_count") is not None
        count += ran
        result.append(_cell(cell, identifier, count if ran else None))
    return {"cells": result, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def tags_of(cell: dict[str, Any]) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", ()))


def _cell(cell: dict[str, Any], identifier: str, count: int | None) -> dict[str, Any]:
    tags = tags_of(cell)
    kept = {
        "cell_type": cell["cell_type"],
        "id": identifier,
        "metadata": {"tags": tags} if tags else {},
        "source": _lines(joined(cell["source"])),
    }
    if cell["cell_type"] == "code":
        kept |= {"execution_count": count, "outputs": _outputs(cell.get("outputs", []), count)}
    return kept


def _outputs(outputs: list[dict[str, Any]], count: int | None) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for output in outputs:
        kept = {k: v for k, v in output.items() if k != "transient"}
        if kept["output_type"] == "stream":
            before = result[-1] if result else {}
            if before.get("output_type") == "stream" and before.get("name") == kept.get("name"):
                before["text"] = _lines(joined(before["text"]) + _without_process(joined(kept["text"])))
                continue
            kept["text"] = _lines(_without_process(joined(kept["text"])))
        if "traceback" in kept:
            kept["traceback"] = [_without_process(line) for line in kept["traceback"]]
        if "data" in kept:
            kept["data"] = {k: v if JSON_TYPE.match(k) else _lines(joined(v)) for k, v in kept["data"].items()}
        if "execution_count" in kept:
            kept["execution_count"] = count
        result.append(kept)
    return result


def _without_process(text: str) -> str:
    return CELL_FILE.sub("ipykernel/", text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def dump(notebook: dict[str, Any]) -> str:
    """Text of a notebook file: sorted keys, one space, real letters, so that differences read well in review."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def merged(executed: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """Put the prose of a source notebook around the outputs of an executed one whose code is the same."""
    ran = [c for c in executed["cells"] if c["cell_type"] == "code" and INJECTED not in tags_of(c)]
    injected = [c for c in executed["cells"] if INJECTED in tags_of(c)]
    fresh = iter(ran)
    cells: list[dict[str, Any]] = []
    for cell in source["cells"]:
        if cell["cell_type"] == "code":
            old = next(fresh)
            cell = cell | {"outputs": old["outputs"], "execution_count": old["execution_count"]}
        cells.append(cell)
        if "parameters" in tags_of(cell) and cell["cell_type"] == "code":
            cells += injected
    return normalise(source | {"cells": cells})


def records(notebook: dict[str, Any], mime_type: str) -> list[tuple[str, Any]]:
    """Data of one MIME type in the outputs, each with the id of its cell."""
    return [
        (cell["id"], output["data"][mime_type])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if mime_type in output.get("data", {})
    ]


def claim_records(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Claim records of an executed notebook, by claim id."""
    return {record["id"]: record for _, record in records(notebook, mime.CLAIM)}


def tables_read(notebook: dict[str, Any]) -> list[str]:
    """Names of the tables an executed notebook says it read."""
    return sorted({entry["name"] for _, listed in records(notebook, mime.TABLES) for entry in listed})
