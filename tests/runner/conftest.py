"""A small collection to build and to break, and an executor that works in this process."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from amazon_labor.runner import drive, execute, normalise, pool, render
from amazon_labor.runner.session import Options

sys.path.insert(0, str(Path(__file__).parent))  # the tests import small_notebooks by name

from small_notebooks import FAULTS, PARAMETERS, cell, notebook_text

# the fault notebooks are run by tests of the runner; nbval must not collect them
collect_ignore_glob = ["notebooks/*.ipynb"]

ROOT = Path(__file__).resolve().parents[2]


class Tree:
    """A checkout with data, and notebooks as the test writes them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "reports"
        self.lines: list[str] = []

    def write(
        self,
        name: str,
        number: int,
        *code: str,
        prose: str = "# A title\n\n**A question?**",
        parameters: str = PARAMETERS,
    ) -> Path:
        cells = [cell("markdown", prose), cell("code", parameters, "parameters"), *(cell("code", c) for c in code)]
        return self.write_cells(name, number, cells)

    def write_cells(self, name: str, number: int, cells: list[dict[str, Any]]) -> Path:
        path = self.root / "notebooks" / f"{number:02d}_{name}.ipynb"
        path.write_text(notebook_text(name, number, cells), encoding="utf-8")
        return path

    def add_fault(self, name: str) -> Path:
        source = next(FAULTS.glob(f"*_{name}.ipynb"))
        return Path(shutil.copy(source, self.root / "notebooks" / source.name))

    def options(self, **changes: Any) -> Options:
        self.lines = []
        fixed = {"start": lambda _jobs: pool.Here(), "write": self.lines.append}
        return Options(self.out, **(fixed | changes))

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def files(self) -> dict[str, bytes]:
        found = (p for p in sorted(self.out.rglob("*")) if p.is_file() and ".build" not in p.parts)
        return {p.relative_to(self.out).as_posix(): p.read_bytes() for p in found}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A checkout whose path holds a space and a letter with an accent; claims are the real ones, tables are two."""
    root = tmp_path / "une copie é"
    for folder in ("data/amazon", "notebooks"):
        (root / folder).mkdir(parents=True)
    for name in ("claims.csv", "claim_interpretations.csv", "article_numbers.csv"):
        shutil.copy(ROOT / "data" / name, root / "data" / name)
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    kept = [r for r in package["resources"] if r["path"] in ("amazon/annual_results.csv", "amazon/timeline.csv")]
    (root / "data" / "datapackage.json").write_text(json.dumps(package | {"resources": kept}), encoding="utf-8")
    for resource in kept:
        shutil.copy(ROOT / "data" / resource["path"], root / "data" / resource["path"])
    (root / "requirements.lock").write_text("numpy==2.0\n", encoding="utf-8")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(root))
    monkeypatch.chdir(root)
    return Tree(root)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run notebooks without a kernel: each code cell whose source is a list of outputs in JSON has these outputs.

    Returns the keys of the jobs that ran. A cell that holds ``fail`` fails.
    """
    keys: list[str] = []

    def run_job(job: execute.Job) -> execute.JobResult:
        keys.append(job.key)
        data = json.loads(job.text)
        failure = None
        for position, one in enumerate(c for c in data["cells"] if c["cell_type"] == "code"):
            source = "".join(one["source"])
            if "fail" in source:
                failure = execute.Failure(position + 1, f"cell {position + 1} raised ValueError: no")
                break
            one["execution_count"] = position + 1
            one["outputs"] = json.loads(source) if source.startswith("[") else []
        return execute.JobResult(job.key, normalise.dump(normalise.normalise(data)), failure, 0.1)

    monkeypatch.setattr(drive, "run_job", run_job)
    return keys


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw pages as one line each; returns the keys of those drawn."""
    keys: list[str] = []

    def render_job(job: render.RenderJob) -> str:
        keys.append(job.key)
        return f"<!doctype html><p>{job.context['command']}</p>\n"

    monkeypatch.setattr(render, "render_job", render_job)
    return keys
