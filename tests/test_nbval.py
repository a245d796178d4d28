"""nbval goes red when anything stored is changed: the number, its badge, a verdict, a sentence, a drawing, a digest."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amazon_labor import mime
from amazon_labor.runner import normalise
from amazon_labor.runner.execute import Job, run_job

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    "end_year: int = 2021  # year of the profit; 2015 to 2024",
    'from amazon_labor import catalog, claims, results\nfrom IPython.display import SVG\n\nresults.start("amazon_profits")',
    'profit = catalog.load("amazon/annual_results").set_index("fiscal_year").net_income_musd / 1000\n'
    'results.emit("profit", profit[end_year], "billion USD", digits=2)',
    '_ = claims.check("profit-2021", {"net income": profit[2021]}, "billion USD")',
    'results.say("The profit was {profit:u}.")',
    """SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 0 0 L 10 20"/></svg>')""",
    "print(round(profit[2019], 1))",
    "results.sources()",
]
NUMBER, CLAIM, SENTENCE, DRAWING, PRINTED, TABLES = 3, 4, 5, 6, 7, 8  # cells that hold them


def text_of(cells: list[dict[str, Any]], cell: int, kind: str, old: str, new: str) -> None:
    data = cells[cell]["outputs"][0]["data"]
    joined = "".join(data[kind])
    assert old in joined
    data[kind] = joined.replace(old, new).splitlines(keepends=True)


def record_of(cells: list[dict[str, Any]], cell: int, kind: str) -> Any:
    return cells[cell]["outputs"][0]["data"][kind]


CHANGES: dict[str, tuple[int, Callable[[list[dict[str, Any]]], Any]]] = {
    "number": (NUMBER, lambda c: record_of(c, NUMBER, mime.NUMBER).update(value=33.363)),
    "unit": (NUMBER, lambda c: record_of(c, NUMBER, mime.NUMBER).update(unit="million USD")),
    "badge": (NUMBER, lambda c: text_of(c, NUMBER, "text/plain", "33.36", "33.37")),
    "badge_html": (NUMBER, lambda c: text_of(c, NUMBER, "text/html", "33.36", "33.37")),
    "verdict": (CLAIM, lambda c: record_of(c, CLAIM, mime.CLAIM).update(verdict="fails")),
    "reading": (CLAIM, lambda c: record_of(c, CLAIM, mime.CLAIM)["interpretations"][0].update(value=1)),
    "claim_badge": (CLAIM, lambda c: text_of(c, CLAIM, "text/plain", "Holds", "Does not hold")),
    "sentence": (SENTENCE, lambda c: text_of(c, SENTENCE, "text/markdown", "33.36", "33.46")),
    "drawing": (DRAWING, lambda c: text_of(c, DRAWING, "image/svg+xml", "L 10 20", "L 10 21")),
    "printed": (PRINTED, lambda c: c[PRINTED]["outputs"][0].update(text=["11.7\n"])),
    "digest": (TABLES, lambda c: record_of(c, TABLES, mime.TABLES)[0].update(sha256="0")),
    "record_gone": (CLAIM, lambda c: c[CLAIM]["outputs"][0]["data"].pop(mime.CLAIM)),
    "output_gone": (NUMBER, lambda c: c[NUMBER].update(outputs=[])),
    "output_twice": (SENTENCE, lambda c: c[SENTENCE]["outputs"].append(c[SENTENCE]["outputs"][0])),
}


def source() -> str:
    cells = [{"cell_type": "markdown", "id": "cell-00", "metadata": {}, "source": "# Profit"}]
    for i, code in enumerate(CODE, start=1):
        base = {"cell_type": "code", "id": f"cell-{i:02d}", "source": code, "outputs": [], "execution_count": None}
        cells.append(base | {"metadata": {"tags": ["parameters"]} if i == 1 else {}})
    metadata = {
        "kernelspec": normalise.KERNELSPEC,
        "amazon_labor": {"name": "amazon_profits", "number": 1, "part": "P"},
    }
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def red(tmp_path_factory) -> set[tuple[str, int]]:
    """Notebook and position of the cells that nbval fails, from one run over the true notebook and all changed ones."""
    folder = tmp_path_factory.mktemp("nbval")
    result = run_job(Job("true", source(), {}, str(folder), str(ROOT)))
    assert result.failure is None
    (folder / "true.ipynb").write_text(result.text, encoding="utf-8")
    for name, (_, change) in CHANGES.items():
        notebook = json.loads(result.text)
        change(notebook["cells"])
        (folder / f"{name}.ipynb").write_text(normalise.dump(notebook), encoding="utf-8")
    words = [
        "-m",
        "pytest",
        "--nbval",
        "--nbval-sanitize-with",
        str(ROOT / "tests" / "nbval_sanitize.cfg"),
        "-c",
        os.devnull,
    ]
    ran = subprocess.run(
        [
            sys.executable,
            *words,
            "--rootdir",
            str(folder),
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-rf",
            str(folder),
        ],
        cwd=folder,
        env=os.environ | {"AMAZON_LABOR_ROOT": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{len(CHANGES)} failed" in ran.stdout, ran.stdout[-3000:] + ran.stderr[-3000:]
    # nbval counts code cells from 0; the Markdown cell before them makes that the position less one
    return {(m[1], int(m[2]) + 1) for m in re.finditer(r"^FAILED (\w+)\.ipynb::Cell (\d+)", ran.stdout, re.MULTILINE)}


def test_the_true_outputs_are_green(red):
    assert not [name for name, _ in red if name == "true"]


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_output_is_red_in_its_cell(red, name):
    assert (name, CHANGES[name][0]) in red
