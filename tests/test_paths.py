"""The root is found from the environment, from the working directory, or from the checkout of the package."""

from pathlib import Path

import pytest

from amazon_labor import paths

ROOT = Path(__file__).resolve().parents[1]


def test_the_working_directory_decides(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text("{}")
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.delenv("AMAZON_LABOR_ROOT", raising=False)
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    assert paths.root() == tmp_path
    assert paths.data_dir() == tmp_path / "data"


def test_elsewhere_the_checkout_of_the_package_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("AMAZON_LABOR_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert paths.root() == ROOT


def test_a_wrong_environment_variable_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="AMAZON_LABOR_ROOT"):
        paths.root()
