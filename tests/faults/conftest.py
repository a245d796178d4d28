"""The small collection of the runner's tests, to be broken in other ways."""

import importlib.util
import sys
from pathlib import Path

RUNNER = Path(__file__).resolve().parents[1] / "runner"
sys.path.insert(0, str(RUNNER))


def _runner_fixtures():
    spec = importlib.util.spec_from_file_location("runner_fixtures", RUNNER / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_fixtures = _runner_fixtures()
tree, runs, drawn = _fixtures.tree, _fixtures.runs, _fixtures.drawn
