"""Citations come from CITATION.cff and hold whatever a title holds."""

from pathlib import Path

import pytest

from amazon_labor import paths
from amazon_labor.publish import cite

CFF = """cff-version: 1.2.0
title: A & B
version: 1.2.0
date-released: 2026-11-25
authors:
  - name: The contributors
  - given-names: Ada
    family-names: Lovelace
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / cite.FILE).write_text(CFF, encoding="utf-8")
    return tmp_path


def test_the_collection(folder: Path) -> None:
    found = cite.collection(folder)
    assert found
    assert found.whole().words == "The contributors, Ada Lovelace (2026). A & B. Version 1.2.0."
    assert found.whole().bibtex == (
        "@software{amazon_labor,\n  author = {{The contributors} and {Ada Lovelace}},\n  title = {A \\& B},\n"
        "  version = {1.2.0},\n  year = {2026}\n}"
    )


def test_a_report_names_its_notebook_and_changed_parameters(folder: Path) -> None:
    found = cite.collection(folder)
    assert found
    usual = found.report(8, "turnover", "100% in a year?", {})
    assert usual.words.endswith("100% in a year? Notebook 08 of A & B, version 1.2.0.")
    assert usual.bibtex.startswith("@misc{amazon_labor_turnover,\n")
    assert r"title = {100\% in a year?}" in usual.bibtex
    assert "note" not in usual.bibtex
    other = found.report(8, "turnover", "T", {"weekly_exit_rate": "0.025"})
    assert "run with weekly_exit_rate = 0.025." in other.words
    assert r"note = {Run with weekly\_exit\_rate = 0.025}" in other.bibtex


@pytest.mark.parametrize("title", ["{", "}", "\\", "#$%&_~^", '"'])
def test_no_title_breaks_the_entry(folder: Path, title: str) -> None:
    found = cite.collection(folder)
    assert found
    entry = found.report(1, "x", title, {}).bibtex.replace("\\{", "").replace("\\}", "")
    depth = 0
    for c in entry:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0


def test_the_committed_file_serves() -> None:
    found = cite.collection(paths.root())
    assert found
    assert found.title == "Amazon and labour, checked"
    assert found.year.isdigit()


def test_a_copy_without_the_file_has_no_citation(tmp_path: Path) -> None:
    assert cite.collection(tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\nversion: 1.2.0\n", "\n", "CITATION.cff has no version"),
        ("date-released: 2026-11-25", "date-released: soon", "date-released is 'soon', not a date"),
        (CFF, "", "has no title, version, date-released, authors"),
    ],
)
def test_a_file_that_lacks_something_is_named(folder: Path, old: str, new: str, message: str) -> None:
    (folder / cite.FILE).write_text(CFF.replace(old, new), encoding="utf-8")
    with pytest.raises(cite.CitationError, match=message):
        cite.collection(folder)
