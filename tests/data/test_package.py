"""The data package as a whole: described in full, accepted by a second validator, its README current."""

import csv
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from amazon_labor import catalog, catalog_admin
from amazon_labor.catalog import DataError

LIMIT_MB = 8


def test_the_package_is_without_fault() -> None:
    assert catalog_admin.check() == []


def test_frictionless_accepts_the_whole_package(package: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Second implementation of the Data Package standard, which reads every cell."""
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(catalog.paths.data_dir())
    report = frictionless.Package("datapackage.json").validate()
    assert [error.message for task in report.tasks for error in task.errors] == []
    assert report.valid
    assert report.stats["tasks"] == len(package["resources"])


def test_the_tables_are_small_enough_for_a_repository(package: dict[str, Any]) -> None:
    assert sum(resource["bytes"] for resource in package["resources"]) < LIMIT_MB * 1e6


def test_digests_are_those_of_the_files(package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        raw = catalog.file_of(resource).read_bytes()
        assert resource["bytes"] == len(raw)
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
        assert b"\r" not in raw or resource["path"].endswith(".gz")


def test_rows_are_sorted_by_key(package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        key = resource["schema"]["primaryKey"]
        frame = catalog.load(catalog.catalogue_name(resource), **_everything(resource))[key]
        assert frame.equals(frame.sort_values(key, kind="stable")), resource["name"]


def _everything(resource: dict[str, Any]) -> dict[str, str]:
    return {"vintage": "all"} if any(field["name"] == "vintage" for field in resource["schema"]["fields"]) else {}


def test_a_gzipped_table_carries_no_clock(package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        if resource["path"].endswith(".gz"):
            assert catalog.file_of(resource).read_bytes()[4:8] == b"\0\0\0\0"


def test_sources_are_sorted_and_each_key_stands_once() -> None:
    keys = [row["key"] for row in catalog_admin.read_sources()]
    assert keys == sorted(set(keys))
    assert tuple(catalog_admin.read_sources()[0]) == catalog_admin.SOURCE_COLUMNS


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: dict[str, Any]) -> Path:
    """A package of two tables without fault, to break: checking all of them each time would take a minute."""
    stored = catalog.paths.data_dir()
    kept = [one for one in package["resources"] if one["name"] in ("amazon-income_tax", "amazon-segments")]
    data = tmp_path / "data"
    (data / "amazon").mkdir(parents=True)
    for path in ("sources.csv", *(one["path"] for one in kept)):
        shutil.copy(stored / path, data / path)
    (data / "datapackage.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    catalog_admin.write_package(package | {"resources": kept})
    catalog_admin.write_readme()
    assert catalog_admin.check() == []
    return data


def test_recompute_leaves_a_current_package_as_it_is(small_data: Path) -> None:
    before = (small_data / "datapackage.json").read_bytes()
    assert catalog_admin.recompute() == []
    assert (small_data / "datapackage.json").read_bytes() == before


def test_recompute_records_a_change_made_on_purpose(small_data: Path) -> None:
    file = small_data / "amazon" / "income_tax.csv"
    file.write_bytes(file.read_bytes().replace(b"amzn_10k_fy2024", b"amzn_10k_fy2023"))
    with pytest.raises(DataError):
        catalog.load("amazon/income_tax")
    assert catalog_admin.recompute() == ["amazon/income_tax"]
    assert len(catalog.load("amazon/income_tax")) == 12


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"\n2024,", b"\n2023,", "the key (fiscal_year) is not unique"),
        (b"\n2024,9039,", b"\n2024,-,", "us_federal_current_musd is not a number"),
    ],
)
def test_recompute_refuses_a_fault_and_writes_nothing(small_data: Path, old: bytes, new: bytes, words: str) -> None:
    before = (small_data / "datapackage.json").read_bytes()
    file = small_data / "amazon" / "income_tax.csv"
    file.write_bytes(file.read_bytes().replace(old, new))
    with pytest.raises(DataError) as error:
        catalog_admin.recompute()
    assert words in str(error.value)
    assert (small_data / "datapackage.json").read_bytes() == before
    assert catalog_admin.main() == 1
    assert (small_data / "datapackage.json").read_bytes() == before


def test_main_records_and_writes_the_readme(small_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_data / "README.md").unlink()
    assert catalog_admin.main() == 0
    assert capsys.readouterr().out == "0 digests changed\n"
    assert (small_data / "README.md").read_text(encoding="utf-8") == catalog_admin.readme()


def edit(data: Path, change: Any) -> None:
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    change(package)
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def first(package: dict[str, Any]) -> dict[str, Any]:
    (found,) = [resource for resource in package["resources"] if resource["name"] == "amazon-income_tax"]
    return found


CHANGES = [
    (lambda p: p.pop("title"), "package field 'title' is missing"),
    (lambda p: p["resources"].append(first(p)), "two resources are named 'amazon-income_tax'"),
    (lambda p: first(p).pop("known_doubts"), "amazon-income_tax: 'known_doubts' is missing"),
    (lambda p: first(p).update(name="tax"), "named otherwise than its path"),
    (lambda p: first(p)["schema"]["fields"][1].pop("unit"), "'us_federal_current_musd' is a quantity without a unit"),
    (lambda p: first(p)["schema"]["fields"][1].update(description=" "), "'us_federal_current_musd' has no description"),
    (lambda p: first(p)["schema"]["fields"][1].update(type="money"), "has type 'money'"),
    (lambda p: first(p)["schema"].update(primaryKey=["year"]), "key column 'year' is not in the schema"),
    (lambda p: first(p)["schema"].update(primaryKey=[]), "no primaryKey"),
    (lambda p: first(p)["schema"]["fields"][0].pop("constraints"), "key column 'fiscal_year' is not required"),
    (lambda p: first(p)["schema"].update(missingValues=["", "-"]), "missingValues is ['', '-']"),
    (lambda p: first(p)["sources"][0].pop("accessed"), "lacks 'accessed'"),
    (lambda p: first(p)["sources"][0].update(key="nowhere"), "source 'nowhere' is not in data/sources.csv"),
    (lambda p: first(p)["refresh"].update(kind="magic"), "refresh kind 'magic'"),
    (lambda p: first(p)["refresh"].pop("address"), "refresh lacks 'address'"),
    (lambda p: first(p).update(hash="sha256:0"), "data/amazon/income_tax.csv: digest differs"),
    (lambda p: p["resources"].remove(first(p)), "data/amazon/income_tax.csv: is described by no resource"),
    (lambda p: first(p).update(title="Another title"), "data/README.md: is not what the package gives"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=[words for _, words in CHANGES])
def test_check_names_each_fault_of_the_descriptor(small_data: Path, change: Any, words: str) -> None:
    edit(small_data, change)
    assert any(words in fault for fault in catalog_admin.check())


def test_check_names_faults_of_the_files(small_data: Path) -> None:
    (small_data / "amazon" / "income_tax.csv").unlink()
    table = small_data / "amazon" / "segments.csv"
    table.write_bytes(table.read_bytes().replace(b"amzn_10k_fy2015", b"amzn_10k_fy1815"))
    with (small_data / "sources.csv").open("a", encoding="utf-8", newline="") as file:
        # the second row repeats a key, names a path of a machine and states no terms
        csv.writer(file, lineterminator="\n").writerow(["zzz", "", "p", "t", "", "", "", "terms", "2026-11-25"])
        csv.writer(file, lineterminator="\n").writerow(["zzz", "", "p", "t", "", "", "/home/me/x", "", "2026-11-25"])
    with (small_data / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [["claim_id", "tables"], ["profit-2021", "amazon/segments; amazon/annual_results"]]
        )
    faults = "\n".join(catalog_admin.check())
    for words in (
        "data/amazon/income_tax.csv: the file is missing (git checkout -- data/amazon/income_tax.csv)",
        "data/amazon/segments.csv: digest differs",
        "amazon-segments: source 'amzn_10k_fy1815' is not in data/sources.csv",
        "data/sources.csv: key 'zzz' stands twice",
        "data/sources.csv: 'zzz' names a path of a machine",
        "data/sources.csv: 'zzz' has no licence_or_terms",
        "amazon/segments: claim 'aws-expanding' is not in data/claims.csv",
        "amazon/segments: claim 'profit-2021' uses the table in data/claims.csv but is not in its `claims`",
        "data/claims.csv: profit-2021: table 'amazon/annual_results' is not in the package",
    ):
        assert words in faults


# The README ----------------------------------------------------------------------------------------------------------


def test_the_readme_is_current_and_the_same_twice() -> None:
    stored = (catalog.paths.data_dir() / "README.md").read_text(encoding="utf-8")
    assert stored == catalog_admin.readme() == catalog_admin.readme()


def test_the_readme_describes_every_table_column_and_source(package: dict[str, Any]) -> None:
    text = catalog_admin.readme()
    for resource in package["resources"]:
        assert f"\n### {catalog.catalogue_name(resource)}\n" in text
        assert all(f"| `{field['name']}` | {field['type']} |" in text for field in resource["schema"]["fields"])
        assert all(doubt in text for doubt in resource["known_doubts"])
    assert all(f"| `{row['key']}` |" in text for row in catalog_admin.read_sources())
    for line in text.splitlines():
        if line.startswith("| "):
            assert line.replace("\\|", "").count("|") in (5, 6, 8), line


def test_writing_the_readme_leaves_no_file_behind(small_data: Path) -> None:
    before = sorted(path.name for path in small_data.iterdir())
    assert catalog_admin.write_readme() == small_data / "README.md"
    assert sorted(path.name for path in small_data.iterdir()) == before


def test_git_does_not_touch_line_ends_of_the_tables() -> None:
    root = catalog.paths.root()
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    asked = subprocess.run(
        ["git", "check-attr", "text", "data/amazon/segments.csv"], cwd=root, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip().endswith("text: unset"), (
        "data/** needs `-text` in .gitattributes, or a checkout with CRLF breaks every digest"
    )
