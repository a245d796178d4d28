"""PDF and replication package: clear refusals, the same bytes twice, and nothing of the clock or the machine."""

import hashlib
import io
import json
import re
import shutil
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from amazon_labor.parameters import InputError
from amazon_labor.runner import build, pdf, replication, sums
from tests.runner.test_verify import outputs


@pytest.fixture
def made(tree, runs, drawn):
    tree.write("first", 1, outputs(1.23, "1.2 percent"))
    assert build.build([], tree.options()) == 0
    return tree


def fake(folder: Path, body: str) -> str:
    """A program that stands in for the browser."""
    path = folder / "chromium"
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


PRINTS = """
target = next(w for w in sys.argv if w.startswith("--print-to-pdf="))[15:]
open(target, "wb").write(b"%PDF-1.4 /CreationDate (D:20261130150000+00'00') /ModDate (D:20261130150000Z) end")
"""


# ---------------------------------------------------------------- PDF


def test_without_a_browser_the_message_says_how_to_name_one(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(InputError, match="CHROMIUM=/path/to/chrome amazon-labor pdf NAME"):
        pdf.browser()
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(InputError, match="CHROMIUM is '/nowhere/chrome', which is no program here"):
        pdf.browser()


def test_a_report_is_printed_without_the_clock(made, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", fake(tmp_path, PRINTS))
    target = pdf.pdf("first", made.out, tmp_path / "x.pdf")
    raw = target.read_bytes()
    assert raw == b"%PDF-1.4 /CreationDate (D:20000101000000+00'00') /ModDate (D:20000101000000Z) end"


@pytest.mark.parametrize("body", ["sys.exit(3)", "print('no', file=sys.stderr)"])
def test_a_browser_that_prints_nothing_is_an_error_and_nothing_is_written(made, monkeypatch, tmp_path, body):
    monkeypatch.setenv("CHROMIUM", fake(tmp_path, body))
    with pytest.raises(pdf.PdfError, match="printed nothing"):
        pdf.pdf("first", made.out, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_only_a_current_report_is_printed(made, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", fake(tmp_path, PRINTS))
    made.write("first", 1, "x = 2")
    with pytest.raises(InputError, match=r"not up to date .*First: amazon-labor build first"):
        pdf.pdf("first", made.out, tmp_path / "x.pdf")
    assert build.build([], made.options()) == 0
    with pytest.raises(InputError, match=r"does not end in \.pdf"):
        pdf.pdf("first", made.out, tmp_path / "x.txt")


# ---------------------------------------------------------------- replication


@pytest.fixture
def whole(made):
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        (made.root / name).write_text(name, encoding="utf-8")
    citation = (
        "title: A <collection>\nversion: 1.2\nabstract: About it.\nauthors:\n- name: The authors\nlicense: [MIT]\n"
    )
    (made.root / "CITATION.cff").write_text(citation, encoding="utf-8")
    (made.root / "src/p/__pycache__").mkdir(parents=True)
    (made.root / "src/p/__pycache__/m.pyc").write_text("x")
    (made.root / "src/p/m.py").write_text("x = 1\n")
    (made.root / ".secret").write_text("x")
    return made


def test_the_package_has_sources_data_lock_and_reports_and_the_same_bytes_twice(whole, tmp_path):
    said = replication.pack(tmp_path / "a.zip", whole.out)
    replication.pack(tmp_path / "b.zip", whole.out)
    raw = (tmp_path / "a.zip").read_bytes()
    assert raw == (tmp_path / "b.zip").read_bytes()
    assert hashlib.sha256(raw).hexdigest() in said
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name.removeprefix("amazon-labor/") for name in archive.namelist()]
        assert {i.date_time for i in archive.infolist()} == {replication.MOMENT}
        readme = archive.read("amazon-labor/README-REPLICATION.md").decode()
        assert archive.read("amazon-labor/reports/ledger.csv") == (whole.out / "ledger.csv").read_bytes()
    assert names == sorted(names)
    assert {
        "notebooks/01_first.ipynb",
        "data/datapackage.json",
        "requirements.lock",
        "reports/index.html",
        "src/p/m.py",
    } <= {*names}
    assert not [n for n in names if "__pycache__" in n or ".secret" in n or ".build" in n]
    assert str(whole.root) not in readme


def test_the_readme_has_every_part_of_the_template_filled_in(whole, tmp_path):
    replication.pack(tmp_path / "a.zip", whole.out)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        readme = archive.read("amazon-labor/README-REPLICATION.md").decode()
    heads = re.findall(r"^##+ (.*)$", readme, re.MULTILINE)
    for wanted in (
        "Overview", "Data availability and provenance statements", "Statement about rights", "Licence for data", "Summary of availability",
        "Details on each data source", "Dataset list", "Computational requirements", "Software requirements", "Controlled randomness",
        "Memory, runtime and storage requirements", "Description of programs/code", "Licence for code", "Instructions to replicators",
        "Details", "List of tables, figures and programs", "References",
    ):  # fmt: skip
        assert wanted in heads, wanted
    assert "# Replication package: A &lt;collection&gt;" in readme
    assert "numpy 2.0" in readme
    assert "`data/amazon/annual_results.csv`" in readme
    assert "| Figure 01.1 |" in readme
    assert "`notebooks/01_first.ipynb`" in readme


@pytest.mark.parametrize(("name", "damage", "message"), [("a.tar", "", "does not end in .zip"), ("a.zip", "sums", "no reports of a full build"), ("a.zip", "page", "not what their sums say, 01_first.html first")])  # fmt: skip
def test_what_is_no_full_build_is_not_packed(whole, tmp_path, name, damage, message):
    if damage == "sums":
        (whole.out / sums.SUMS).unlink()
    if damage == "page":
        (whole.out / "01_first.html").write_text("x")
    with pytest.raises(InputError, match=message):
        replication.pack(tmp_path / name, whole.out)
    assert not (tmp_path / name).exists()
    assert json.loads((whole.root / "data/datapackage.json").read_text())["name"]
