"""A changed value in any table is noticed: by the digest always, by an identity or the ledger where docs/mutation.md says so."""

import csv
import gzip
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from amazon_labor import catalog
from amazon_labor.catalog import DataError
from amazon_labor.runner import normalise

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
GUARDS = ROOT / "tests" / "data" / "guards.csv"
NUMERIC = ("number", "integer", "year")


def text_of(path: Path) -> str:
    """The table as text, unpacked where it is packed."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def with_one_digit_changed(text: str, resource: dict[str, Any], seed: str) -> str:
    """The same bytes but for one digit of one number outside the key, drawn by the seed; the length stays."""
    fields, key = resource["schema"]["fields"], resource["schema"]["primaryKey"]
    columns = [k for k, field in enumerate(fields) if field["type"] in NUMERIC and field["name"] not in key]
    columns = columns or [k for k, field in enumerate(fields) if field["type"] in (*NUMERIC, "date")]
    columns = columns or list(range(len(fields)))  # a table of words alone: a letter is changed instead
    rows = list(csv.reader(text.splitlines()))
    cells = [(r, c) for r, row in enumerate(rows[1:], 1) for c in columns if re.search(r"[0-9a-z]", row[c])]
    r, c = random.Random(seed).choice(cells)
    line = text.splitlines()[r]
    value = rows[r][c]
    place = re.search(r"[0-9a-z]", value)
    assert place is not None
    old = place.group()
    new = str((int(old) + 1) % 10) if old.isdigit() else ("b" if old == "a" else "a")
    changed = value[: place.start()] + new + value[place.end() :]
    assert value in line
    lines = text.split("\n")
    lines[r] = line[: line.index(value)] + changed + line[line.index(value) + len(value) :]
    return "\n".join(lines)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource["name"])
def test_one_changed_digit_is_refused_by_name(resource: dict[str, Any], tmp_path: Path, monkeypatch: Any) -> None:
    """Only the table in question is copied; the message names the file and the command that mends it."""
    path = Path(resource["path"])
    damaged = tmp_path / "data" / path
    damaged.parent.mkdir(parents=True)
    changed = with_one_digit_changed(text_of(ROOT / "data" / path), resource, resource["name"])
    assert changed != text_of(ROOT / "data" / path)
    raw = changed.encode("utf-8")
    damaged.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)
    (tmp_path / "data" / "datapackage.json").write_bytes((ROOT / "data" / "datapackage.json").read_bytes())
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    with pytest.raises(DataError, match="git checkout") as fault:
        catalog.load(catalog.catalogue_name(resource))
    assert path.name in str(fault.value)


def test_every_table_is_guarded_by_more_than_its_digest() -> None:
    """guards.csv is what `python tests/data/guards.py` finds: identity files and notebooks that read each table."""
    with GUARDS.open(encoding="utf-8", newline="") as file:
        rows = {row["table"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(catalog.catalogue_name(resource) for resource in RESOURCES)
    unguarded = {name for name, row in rows.items() if row["identities"] == "0" and row["ledger"] == "0"}
    assert not unguarded


def test_the_list_of_guards_is_current() -> None:
    import runpy

    found = runpy.run_path(str(ROOT / "tests" / "data" / "guards.py"))["listing"]()
    assert GUARDS.read_text(encoding="utf-8") == found, "run: python tests/data/guards.py"


def test_the_package_names_the_notebooks_that_read_each_table() -> None:
    read: dict[str, set[int]] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for name in normalise.tables_read(notebook):
            read.setdefault(name, set()).add(notebook["metadata"]["amazon_labor"]["number"])
    found = {catalog.catalogue_name(r): sorted(read.get(catalog.catalogue_name(r), ())) for r in RESOURCES}
    named = {catalog.catalogue_name(r): r["notebooks"] for r in RESOURCES}
    assert named == found, "correct `notebooks` in data/datapackage.json, then: amazon-labor data readme"
