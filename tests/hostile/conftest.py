"""The small collection of the runner's tests, and the browser of the pages' tests."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / folder) for folder in ("publish", "reports", "runner")]


def _borrowed(folder: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"borrowed_{folder}", TESTS / folder / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_runner, _reports = _borrowed("runner"), _borrowed("reports")
tree, runs, drawn = _runner.tree, _runner.runs, _runner.drawn
browser = _reports.browser
