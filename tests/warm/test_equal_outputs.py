"""An engine is right only when its outputs equal those of stock papermill: every notebook, every output, every type."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amazon_labor.runner import execute, normalise
from amazon_labor.runner.execute import Job, run_job
from amazon_labor.warm import serve

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.skipif(serve.obstacle() is not None, reason=str(serve.obstacle()))


def outputs(notebook: dict[str, Any]) -> list[Any]:
    return [c["outputs"] for c in normalise.normalise(notebook)["cells"] if c["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[p.stem for p in NOTEBOOKS])
def test_outputs_equal_those_of_stock_papermill(warm, tmp_path, path):
    target = tmp_path / "out.ipynb"
    # the fixture leads every program to warm kernels: stock papermill must not find them
    ordinary = {k: v for k, v in execute.inherited(str(ROOT)).items() if k not in warm.environment}
    stock = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            str(path),
            str(target),
            "-k",
            "python3",
            "--no-progress-bar",
            "--cwd",
            path.parent,
        ],
        capture_output=True,
        text=True,
        env=ordinary,
    )
    assert stock.returncode == 0, stock.stderr[-2000:]
    ours = run_job(Job("t", path.read_text(encoding="utf-8"), {}, str(path.parent), str(ROOT), warm=True))
    assert ours.failure is None
    assert ours.notices == ()
    for one, other in zip(outputs(json.loads(ours.text)), outputs(json.loads(target.read_text())), strict=True):
        assert one == other
