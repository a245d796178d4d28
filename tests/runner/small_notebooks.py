"""Notebooks of a few lines for the tests of runner and command."""

from pathlib import Path
from typing import Any

from amazon_labor.runner import normalise

FAULTS = Path(__file__).parent / "notebooks"
PARAMETERS = "start_year: int = 2019  # first year; 2000 to 2021\nend_year: int = 2021  # last year; 2001 to 2022\n"


def cell(kind: str, source: str, *tags: str) -> dict[str, Any]:
    base = {"cell_type": kind, "metadata": {"tags": list(tags)} if tags else {}, "source": source}
    return base | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook_text(name: str, number: int, cells: list[dict[str, Any]]) -> str:
    data = {
        "cells": [c | {"id": f"cell-{i:02d}"} for i, c in enumerate(cells)],
        "metadata": {
            "amazon_labor": {"name": name, "number": number, "part": "Part"},
            "kernelspec": normalise.KERNELSPEC,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return normalise.dump(data)
