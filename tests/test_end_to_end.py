"""A copy of the project, one small notebook in it, and the command as a person types it."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "reports", "__pycache__", ".*_cache", "*.ipynb")
CODE = [
    "end_year: int = 2021  # year of the profit; 2015 to 2024\nscale: float = 1.0  # factor; 0.5 to 2",
    'from amazon_labor import catalog, claims, results\n\nresults.start("amazon_profits")',
    'profit = catalog.load("amazon/annual_results").set_index("fiscal_year").net_income_musd / 1000\n'
    'results.emit("profit", scale * profit[end_year], "billion USD", digits=2)',
    '_ = claims.check("profit-2021", {"net income": profit[2021]}, "billion USD")',
    'results.say("The profit was {profit:u}.")',
    "results.sources()",
]
TAGS = [["parameters"], [], [], [], [], ["sources"]]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The tree as a newcomer has it, with one notebook of six cells in place of all."""
    copy = tmp_path_factory.mktemp("copied") / "amazon labor"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    (copy / "notebooks").mkdir(exist_ok=True)
    write(copy, CODE)
    (copy / "data" / "scenarios.toml").write_text('[amazon_profits.later]\nabout = "a later year"\nend_year = 2023\n')
    return copy


def write(copy: Path, code: list[str]) -> None:
    cells = [{"cell_type": "markdown", "id": "cell-00", "metadata": {}, "source": "# Profit\n\n**How large was it?**"}]
    for i, (source, tags) in enumerate(zip(code, TAGS, strict=True), start=1):
        base = {"cell_type": "code", "id": f"cell-{i:02d}", "source": source, "outputs": [], "execution_count": None}
        cells.append(base | {"metadata": {"tags": tags} if tags else {}})
    metadata = {
        "amazon_labor": {"name": "amazon_profits", "number": 1, "part": "Amazon and the pandemic"},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    }
    text = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    (copy / "notebooks" / "01_amazon_profits.ipynb").write_text(text)


def amazon_labor(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the copy, with the copy's own package."""
    # coverage of the copy's files would count every module a second time
    own = ("AMAZON_LABOR_ROOT", "COV")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(own)} | {"PYTHONPATH": str(copy / "src")}
    command = [sys.executable, "-m", "amazon_labor", *words]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=300)


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["claim_id"]: row for row in csv.DictReader(stream)}


def produced(copy: Path) -> dict[str, bytes]:
    paths = (p for p in sorted((copy / "reports").rglob("*")) if p.is_file() and ".build" not in p.parts)
    return {p.relative_to(copy / "reports").as_posix(): p.read_bytes() for p in paths}


def but_runs(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without other runs, the page that compares the scenarios among them, and the sums, which hold that page."""
    return {k: v for k, v in files.items() if not k.startswith("runs/") and k not in ("scenarios.html", "SHA256SUMS")}


def test_the_whole_way(project):
    """One story in one test: its steps follow on each other."""
    # the other claims of the notebook are left unchecked, and every build says so
    for words in (["build", "amazon_profits"], ["build"]):
        assert not (project / "reports" / "ledger.csv").exists()
        built = amazon_labor(project, *words)
        assert built.returncode == 1, built.stdout + built.stderr
        assert "FAILED" not in built.stdout
        assert "profit-2019" in built.stdout
    ledger = rows(project / "reports" / "ledger.csv")
    assert len(ledger) == 81
    assert ledger["profit-2021"]["verdict"] == "holds"
    assert ledger["profit-2021"]["computed"].startswith("33.3")
    assert ledger["turnover-over-100"]["verdict"] == "missing"
    first = produced(project)
    page = first["01_amazon_profits.html"].decode()
    assert "33.36 billion dollars" in page
    assert str(project) not in "".join(v.decode() for v in first.values())

    # the same bytes in another folder
    amazon_labor(project, "build", "--out", "elsewhere")
    for name, content in first.items():
        assert (project / "elsewhere" / name).read_bytes() == content, name

    # another parameter, a scenario
    other = amazon_labor(project, "run", "amazon_profits", "-p", "scale", "2")
    assert other.returncode == 0, other.stdout + other.stderr
    assert (
        "66.73 billion dollars" in produced(project)["runs/amazon_profits--scale-2.0/01_amazon_profits.html"].decode()
    )
    assert amazon_labor(project, "run", "amazon_profits", "--scenario", "later").returncode == 0
    assert but_runs(produced(project)) == but_runs(first)

    # stored outputs are those of the build, and building after accepting runs nothing
    assert amazon_labor(project, "accept").returncode == 0
    stored = json.loads((project / "notebooks" / "01_amazon_profits.ipynb").read_text())
    assert "33.36" in json.dumps(stored)
    assert "runs:" not in amazon_labor(project, "build").stdout

    # a damaged table: the run fails, the good page stays, the ledger says so
    table = project / "data" / "amazon" / "annual_results.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace(b"\n", b"\r\n"))
    broken = amazon_labor(project, "build")
    assert broken.returncode == 1
    assert "CRLF" in (project / "reports" / "failed" / "01_amazon_profits.ipynb").read_text(encoding="utf-8")
    assert produced(project)["01_amazon_profits.html"] == first["01_amazon_profits.html"]
    assert rows(project / "reports" / "ledger.csv")["profit-2021"]["verdict"] == "missing"
    table.write_bytes(good)
    amazon_labor(project, "build")
    assert but_runs(produced(project)) == but_runs(first)

    # and nothing is left but the committed ledger
    assert amazon_labor(project, "clean").returncode == 0
    assert set(produced(project)) == {"ledger.csv"}
