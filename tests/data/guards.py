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
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def broken(name: str, seed: str, folder: Path) -> bool:
    """Change one digit, correct the digest, run the identity tests of the table: did one go red?"""
    sys.path.insert(0, str(ROOT / "tests" / "data"))
    from test_mutations import text_of, with_one_digit_changed

    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(ROOT / "data", data)
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(r for r in package["resources"] if re.sub(r"\.csv(\.gz)?$", "", r["path"]) == name)
    path = data / resource["path"]
    raw = with_one_digit_changed(text_of(path), resource, seed).encode("utf-8")
    raw = gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw
    path.write_bytes(raw)
    resource["bytes"], resource["hash"] = len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}"
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    tests = [str(ROOT / "tests" / "data" / file) for file in identity_files(name)]
    call = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "AMAZON_LABOR_ROOT": str(folder)}
    return subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 1


def main() -> None:
    """Write the list; with --break N also change N drawn tables and say which changes an identity noticed."""
    parser = argparse.ArgumentParser(description="What stands behind each table besides its digest.")
    parser.add_argument("--break", dest="number", type=int, default=0, help="tables to change, drawn by the seed")
    parser.add_argument("--seed", type=int, default=2022)
    asked = parser.parse_args()
    (ROOT / "tests" / "data" / "guards.csv").write_text(listing(), encoding="utf-8")
    import random

    drawn = random.Random(asked.seed).sample([name for name in names() if identity_files(name)], asked.number)
    with tempfile.TemporaryDirectory(prefix="guards-") as folder:
        for name in drawn:
            seen = broken(name, f"{asked.seed} {name}", Path(folder))
            print(f"{name}: {'noticed' if seen else 'missed'}", flush=True)


if __name__ == "__main__":
    main()
