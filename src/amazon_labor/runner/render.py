"""One page from one executed notebook, in whatever process an executor chooses."""

import json
import os
from dataclasses import dataclass
from typing import Any

from amazon_labor import launch
from amazon_labor.parameters import defaults
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.notebook import joined
from amazon_labor.runner.plan import Neighbours, Task
from amazon_labor.runner.state import Failure


@dataclass(frozen=True)
class RenderJob:
    """Text of an executed notebook and what its page says about the run, all of it plain data."""

    key: str
    text: str
    root: str
    context: dict[str, Any]


def context(task: Task, neighbours: Neighbours, layout: Layout, failure: Failure | None = None) -> dict[str, Any]:
    """Fields of `publish.render.ReportContext` as plain data."""
    stem = task.notebook.stem
    page = layout.failed(stem, task.slug) if failure else layout.page(stem, task.slug)
    up = len(page.relative_to(layout.out).parts) - 1
    usual = defaults(task.notebook.parameters)
    return {
        "name": task.notebook.name,
        "number": task.notebook.number,
        "part": task.notebook.part,
        "parameters": [
            {
                "name": p.name,
                "value": task.values[p.name],
                "kind": p.kind,
                "note": f"{p.meaning}; {p.allowed}",
                **({} if task.slug is None else {"default": usual[p.name]}),
            }
            for p in task.notebook.parameters
        ],
        "command": task.command,
        "launch": launch.link(stem),
        "previous": neighbours[0],
        "next": neighbours[1],
        "is_default": task.slug is None,
        "failed": (failure.cell, failure.reason) if failure else None,
        "base": "../" * up,
    }


def render_job(job: RenderJob) -> str:
    """Return the page as HTML."""
    os.environ["AMAZON_LABOR_ROOT"] = job.root
    from amazon_labor.publish import render

    fields = dict(job.context)
    for name in ("previous", "next"):
        fields[name] = render.Link(*fields[name]) if fields[name] else None
    fields["failed"] = render.Failure(*fields["failed"]) if fields["failed"] else None
    return render.render_report(whole(json.loads(job.text)), render.ReportContext(**fields))


def whole(notebook: dict[str, Any]) -> dict[str, Any]:
    """Join the texts that a notebook file stores as lists of lines, as every reader of the format does."""
    return notebook | {"cells": [_cell(c) for c in notebook["cells"]]}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    cell = cell | {"source": joined(cell["source"])}
    return cell | {"outputs": [_output(o) for o in cell["outputs"]]} if "outputs" in cell else cell


def _output(output: dict[str, Any]) -> dict[str, Any]:
    if "text" in output:
        return output | {"text": joined(output["text"])}
    if "data" not in output:
        return output
    data = {k: "".join(v) if isinstance(v, list) and not k.endswith("json") else v for k, v in output["data"].items()}
    return output | {"data": data}
