"""A checkout of its own, in which something may be begun: package, data, two notebooks and the files around them."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from amazon_labor import paths
from amazon_labor.runner import digests

ROOT = Path(__file__).resolve().parents[2]


def linked(source: str, target: str) -> None:
    """Link instead of copying where the disk allows it; files are replaced whole, never changed in place."""
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copy(source, target)


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    root = tmp_path / "checkout"
    for folder in ("src", "data", "articles"):
        ignored = shutil.ignore_patterns("__pycache__", "vintages")
        shutil.copytree(ROOT / folder, root / folder, copy_function=linked, ignore=ignored)
    (root / "notebooks").mkdir()
    (root / "tests/methods").mkdir(parents=True)
    for name in ("notebooks/12_young_workers.ipynb", "README.md", "requirements.lock", "reports/ledger.csv"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(root))
    monkeypatch.setenv(paths.ARTICLE, "")
    monkeypatch.setattr(digests, "package_folder", lambda: root / "src/amazon_labor")
    digests.forget()
    return root


@pytest.fixture
def state(checkout):
    """Contents of every file of the checkout that a new notebook could touch."""

    def read() -> dict[str, bytes]:
        folders = ("notebooks", "tests", "src/amazon_labor/methods", "articles", "reports")
        files = [p for f in folders for p in (checkout / f).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        files += [checkout / "README.md", checkout / "data/scenarios.toml"]
        return {p.relative_to(checkout).as_posix(): p.read_bytes() for p in files}

    return read
