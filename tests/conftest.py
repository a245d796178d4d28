"""Shared fixtures: a copy of the tree to break, and what a notebook displays."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Data bundles that results displayed during the test, in order."""
    from amazon_labor import results

    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(results, "_show", bundles.append)
    results.reset()
    yield bundles
    results.reset()


@pytest.fixture
def copied_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of data/ that a test may damage; the package reads it for the length of the test."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def package() -> dict[str, Any]:
    """The descriptor of the data package as stored."""
    return json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
