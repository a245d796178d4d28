"""No CSV that the project writes holds a cell that a spreadsheet would run."""

import ast
import csv
import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import samples

from amazon_labor import charts, mime, tables
from amazon_labor.publish import compare, ledger
from amazon_labor.runner import history

ROOT = Path(__file__).resolve().parents[2]
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("https://example.org")',
]
RUN = tuple("=+-@\t\r\n＝＋－＠")


def runnable(text: str) -> list[str]:
    """Cells that begin as a formula does and are no number."""
    found = []
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            try:
                float(cell)
            except ValueError:
                found += [cell] if cell.startswith(RUN) else []
    return found


def test_the_check_sees_a_formula() -> None:
    assert runnable("a,-1.5,=1\n") == ["=1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_cells_heads_and_index_of_a_frame(formula: str) -> None:
    frame = pd.DataFrame(
        {formula: [formula, "kept"], "value": [-1.5, 2.0]}, index=pd.Index([formula, "x"], name=formula + " ")
    )
    text = tables.csv_text(frame)
    assert runnable(text) == []
    assert formula in next(csv.reader(io.StringIO(text, newline="")))[0]
    assert "-1.5" in text


@pytest.mark.parametrize("formula", FORMULAS)
def test_ledger(formula: str) -> None:
    row = replace(samples.rows()[0], statement=formula, reason=formula, stated=formula, claim_id=formula, value=-1.0)
    assert runnable(ledger.text([row])) == []


def test_numbers_of_a_sweep_and_data_of_a_figure() -> None:
    formula = FORMULAS[0]
    record = {"name": formula, "value": 1.0, "unit": formula, "low": None, "high": None, "level": None, "note": formula}
    points = [
        compare.Point({"state": w}, "", None, (record | {"value": v, "digits": 1, "printed": "1"},), ())
        for w, v in ((formula, 1.0), ("x", 2.0))
    ]
    assert runnable(compare.render(compare.Sweep("states", 15, formula, ("state",)), points)[1]) == []
    figure = charts.Figure("a", "T", "S", "source", "alt", pd.DataFrame({formula: [formula]}), "t")
    figure.axes().plot([0, 1], [0, 1])
    assert runnable(figure.bundle()[mime.FIGURE]["csv"]) == []


def test_committed_ledger() -> None:
    assert runnable((ROOT / "reports/ledger.csv").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_moves_of_a_history(formula: str) -> None:
    assert runnable(history._csv([history.Move(*[formula] * 6)])) == []
    assert ",-3.5,\n" in history._csv([history.Move("a", "b", "c", "d", "-3.5", "")])


def test_nothing_else_writes_csv() -> None:
    """A new writer must come here, and be guarded."""
    writers = set()
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if name in ("to_csv", "DictWriter") or (name == "writer" and ast.unparse(node).startswith("csv.")):
                writers.add(file.name)
    # tables of a vintage must hold the bytes of the data: their readers compare them by digest
    assert writers == {"history.py", "ledger.py", "rows.py", "store.py"}
