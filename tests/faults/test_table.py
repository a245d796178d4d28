"""The table of faults names tests that exist, and every fault has one."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+)\. (.*)$", TABLE, re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_fault_has_a_test_that_exists():
    assert [int(number) for number, _ in ROWS] == list(range(1, 19))
    assert [number for number, row in ROWS if not NAMED.search(row)] == []
    named = NAMED.findall(TABLE)
    assert [f"{path}::{test}" for path, test in named if test not in functions(path)] == []


def test_every_test_of_faults_is_in_the_table():
    mine = {"test_killed.py", "test_disk.py", "test_machine.py"}
    listed = {(Path(path).name, test) for path, test in NAMED.findall(TABLE)}
    there = {(name, test) for name in mine for test in functions(f"tests/faults/{name}") if test.startswith("test_")}
    assert there - listed <= {("test_machine.py", "test_a_guard_over_matplotlib_lets_other_warnings_through")}
