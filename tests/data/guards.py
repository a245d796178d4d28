"""Which identity tests and which claims stand behind each table: `python tests/data/guards.py` writes tests/data/guards.csv.

Read from the sources, so it says what looks at a table, not that every cell is looked at: the stronger statement, made by
changing values with the digest recomputed, is the sampled run of `python tests/data/guards.py --break N`.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "mutation"))

import faced
import test_mutations

ROOT = Path(__file__).resolve().parents[2]
NOTICED = ROOT / "tests" / "data" / "noticed.csv"


def names() -> list[str]:
    """All tables by catalogue name, sorted."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return sorted(re.sub(r"\.csv(\.gz)?$", "", resource["path"]) for resource in package["resources"])


def identity_files(name: str) -> list[str]:
    """Files of identity tests that name the table."""
    tests = sorted((ROOT / "tests" / "data").glob("test_identities*.py"))
    return [path.name for path in tests if f'"{name}"' in path.read_text(encoding="utf-8")]


def claims_behind(name: str) -> int:
    """Claims that a notebook which loads the table judges, so many rows of the ledger."""
    count = 0
    with (ROOT / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        judged = [row["notebook"] for row in csv.DictReader(file) if row["notebook"]]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        code = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
        if f'"{name}"' in code:
            count += sum(entry in (path.stem, notebook["metadata"]["amazon_labor"]["name"]) for entry in judged)
    return count


def listing() -> str:
    """guards.csv as text."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(["table", "identities", "ledger"])
    for name in names():
        write.writerow([name, len(identity_files(name)), claims_behind(name)])
    return out.getvalue()


def damaged(name: str, seed: str, folder: Path) -> None:
    """A copy of data/ in `folder` with one digit of the table changed, and the digest corrected so that loading lets it pass."""
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(ROOT / "data", data, copy_function=os.link)
    descriptor = data / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    resource = next(r for r in package["resources"] if re.sub(r"\.csv(\.gz)?$", "", r["path"]) == name)
    path = data / resource["path"]
    raw = test_mutations.with_one_digit_changed(test_mutations.text_of(path), resource, seed).encode("utf-8")
    raw = gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw
    resource["bytes"], resource["hash"] = len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}"
    for file, content in ((path, raw), (descriptor, json.dumps(package).encode("utf-8"))):
        file.unlink()  # else the original would be written through the link
        file.write_bytes(content)


def noticed(name: str, folder: Path) -> bool:
    """Whether an identity test of the table goes red on the data in `folder`; run in a fork with the libraries loaded."""

    def child() -> int:
        os.environ["AMAZON_LABOR_ROOT"] = str(folder)
        return int(pytest.main([*faced.ARGUMENTS, *(f"tests/data/{file}" for file in identity_files(name))]))

    status = faced.forked(child, 0)
    if status not in (0, 1):
        raise SystemExit(f"{name}: the identity tests did not run, status {status}.")
    return status == 1


def main() -> None:
    """Write the list; with --break N also change N tables, --each times, and write which changes an identity noticed."""
    parser = argparse.ArgumentParser(description="What stands behind each table besides its digest.")
    parser.add_argument("only", nargs="*", help="tables to change, by catalogue name (all when none is named)")
    parser.add_argument("--break", dest="number", type=int, default=0, help="tables to change, drawn by the seed")
    parser.add_argument("--each", type=int, default=1, help="changes of each table")
    parser.add_argument("--seed", type=int, default=2022)
    asked = parser.parse_args()
    (ROOT / "tests" / "data" / "guards.csv").write_text(listing(), encoding="utf-8")
    if not asked.number:
        return
    os.chdir(ROOT)
    faced.warm()
    known = [name for name in names() if identity_files(name) and (not asked.only or name in asked.only)]
    drawn = sorted(random.Random(asked.seed).sample(known, min(asked.number, len(known))))
    rows = []
    # beside the checkout, because files are linked and not copied
    with tempfile.TemporaryDirectory(prefix=".guards-", dir=ROOT) as folder:
        for name in drawn:
            seen = 0
            for k in range(asked.each):
                damaged(name, f"{asked.seed} {name} {k}", Path(folder))
                seen += noticed(name, Path(folder))
            rows.append([name, asked.each, seen])
            print(f"{name}: {seen} of {asked.each} noticed", flush=True)
    with NOTICED.open(encoding="utf-8", newline="") as file:
        merged = {row[0]: row for row in list(csv.reader(file))[1:]} | {str(row[0]): row for row in rows}
    with NOTICED.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [["table", "changes", "noticed"], *(merged[n] for n in sorted(merged))]
        )
    print(f"{sum(seen for _, _, seen in rows)} of {len(rows) * asked.each} changes noticed")


if __name__ == "__main__":
    main()
