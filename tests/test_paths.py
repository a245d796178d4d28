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


def test_a_chosen_vintage_is_read_and_reported_apart(copied_data, monkeypatch):
    monkeypatch.delenv(paths.VINTAGE, raising=False)
    (copied_data / "vintages" / "2026-12-01").mkdir(parents=True)
    (copied_data / "vintages" / "2026-12-01" / "datapackage.json").write_text('{"resources": []}')
    monkeypatch.setenv(paths.VINTAGE, "")
    assert paths.vintage_dir() is None
    with pytest.raises(FileNotFoundError, match=r"no vintage '2026-12-09'.*Vintages: 2026-12-01"):
        paths.choose_vintage("2026-12-09")
    assert paths.choose_vintage("2026-12-01") == paths.reports_dir() / "vintages" / "2026-12-01"
    assert paths.vintage_dir() == copied_data / "vintages" / "2026-12-01"
