"""Break the methods, the claims rule and the parameter reader on purpose, one small change at a time, and count what the tests miss.

    python tests/mutation/run.py --each 6 --seed 2022           a seeded sample, six changes from every module
    python tests/mutation/run.py                                every change (hours): `make mutation`

Each module is changed by mutmut in a copy of the tree and faces the test file of its own name only, so the score is a lower
bound: what another file would have noticed counts as missed. Results go to a JSON-lines file, one change a line, as they
come; a run that is stopped goes on from there. `tests/mutation/set_aside.csv` names changes that alter nothing a test could
see, each with the reason. The exit status is 1 when fewer than `--least` percent were noticed.
"""

import argparse
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "tests", "data", "notebooks", "docs")
NOTICED = ("killed", "timeout", "segfault")
SET_ASIDE = ROOT / "tests" / "mutation" / "set_aside.csv"
CONFIG = """[project]
name = "copy"
version = "0"
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-q"]
filterwarnings = ["error::RuntimeWarning:amazon_labor", "ignore::DeprecationWarning"]
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["{module}"]
also_copy = ["data", "notebooks", "docs"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "--hypothesis-profile=ci"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
timeout_constant = 20.0
"""


def modules() -> dict[str, list[str]]:
    """Path of each module to break, from the root, and the test files that must notice."""
    found = {
        f"src/amazon_labor/methods/{path.name}": [f"tests/methods/test_{path.stem}.py"]
        for path in sorted((ROOT / "src/amazon_labor/methods").glob("*.py"))
        if (ROOT / f"tests/methods/test_{path.stem}.py").exists()
    }
    found["src/amazon_labor/methods/affiliation_families.py"] = ["tests/methods/test_affiliation.py"]
    found["src/amazon_labor/methods/explosive_critical.py"] = ["tests/methods/test_explosive.py"]
    found["src/amazon_labor/claims.py"] = ["tests/test_claims.py"]
    found["src/amazon_labor/claim_rule.py"] = ["tests/test_claim_rule.py"]
    for path in sorted((ROOT / "src/amazon_labor").glob("parameter*.py")):
        found[f"src/amazon_labor/{path.name}"] = ["tests/test_parameters.py"]
    return found


def changes_of(module: str, each: int, seed: int) -> None:
    """In the copy: make the changes of one module, run a sample of them (all when `each` is 0), write them to out.json."""
    sys.argv = ["mutmut"]
    from mutmut import __main__ as mutmut
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code

    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.store_lines_covered_by_tests()
    mutmut.create_mutants(1)
    data = mutmut.SourceFileMutationData(path=Path(module))
    data.load()
    names = sorted(data.exit_code_by_key, key=lambda name: (name.rpartition("_")[0], int(name.rpartition("_")[2])))
    chosen = random.Random(f"{seed} {module}").sample(names, each) if 0 < each < len(names) else names
    if chosen:
        mutmut.run.callback(tuple(chosen), max_children=1)
        data.load()
    rows = [
        {
            "module": module,
            "change": name,
            "of": len(names),
            "result": status_by_exit_code[data.exit_code_by_key[name]],
            "diff": [line for line in get_diff_for_mutant(name).splitlines() if re.match(r"[-+](?![-+])", line)],
        }
        for name in chosen
    ]
    Path("out.json").write_text(json.dumps(rows), encoding="utf-8")


def prepared(work: Path) -> Path:
    """A copy of what the tests need, without what earlier runs left."""
    for name in COPIED:
        shutil.rmtree(work / name, ignore_errors=True)
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    return work


def run_module(work: Path, module: str, tests: list[str], each: int, seed: int, limit: float) -> list[dict[str, Any]]:
    """Rows of one module; a module whose own tests fail unchanged, or that is not through in time, gives one row saying so."""
    shutil.rmtree(work / "mutants", ignore_errors=True)
    (work / "out.json").unlink(missing_ok=True)
    (work / "pyproject.toml").write_text(CONFIG.format(module=module, tests=json.dumps(tests)), encoding="utf-8")
    call = [sys.executable, str(Path(__file__).resolve()), "--inside", module, "--each", str(each), "--seed", str(seed)]
    try:
        done = subprocess.run(call, cwd=work, capture_output=True, text=True, timeout=limit or None, check=False)
        said = done.stdout[-600:] + done.stderr[-600:]
    except subprocess.TimeoutExpired:
        said = f"not through in {limit:.0f} s"
    if (work / "out.json").exists():
        return json.loads((work / "out.json").read_text(encoding="utf-8"))
    return [{"module": module, "change": "", "of": 0, "result": "module not run", "diff": [said]}]


def set_aside() -> dict[tuple[str, str, str], str]:
    """(module, line taken out, line put in) to the reason why no test could see the change."""
    with SET_ASIDE.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def summary(rows: list[dict[str, Any]]) -> tuple[str, float]:
    """The counts in words, and the percentage noticed of the changes not set aside."""
    reasons = set_aside()
    counts: Counter[str] = Counter()
    for row in rows:
        lines = [line[1:].strip() for line in row["diff"]]
        aside = row["change"] and len(lines) == 2 and (row["module"].rpartition("/")[2], *lines) in reasons
        kind = "noticed" if row["result"] in NOTICED else "set aside" if aside else row["result"]
        counts[kind] += 1
    whole = sum(n for kind, n in counts.items() if kind != "module not run")
    judged = whole - counts["set aside"]
    score = 100 * counts["noticed"] / judged if judged else 0.0
    words = ", ".join(f"{n} {kind}" for kind, n in counts.most_common())
    return (
        f"{whole} changes: {words}; {score:.1f} percent noticed, {100 * counts['set aside'] / max(whole, 1):.1f} set aside",
        score,
    )


def main() -> int:
    """Run the modules asked for and print the score."""
    parser = argparse.ArgumentParser(description="Break the code on purpose and count what the tests miss.")
    parser.add_argument("only", nargs="*", help="modules by name, such as growth (all when none is named)")
    parser.add_argument("--each", type=int, default=0, help="changes drawn from a module; 0 is all")
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument(
        "--minutes", type=float, default=0, help="begin no further module after this long; 0 is no limit"
    )
    parser.add_argument("--limit", type=float, default=0, help="seconds for one module; 0 is no limit")
    parser.add_argument("--out", type=Path, default=Path("mutation.jsonl"))
    parser.add_argument("--least", type=float, default=90.0)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        changes_of(asked.inside, asked.each, asked.seed)
        return 0
    rows = [json.loads(line) for line in asked.out.read_text().splitlines()] if asked.out.exists() else []
    done = {row["module"] for row in rows}
    todo = [m for m in modules() if m not in done and (not asked.only or Path(m).stem in asked.only)]
    random.Random(asked.seed).shuffle(todo)  # stopped early, the modules run are a random draw
    stop = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        work = prepared(Path(folder))
        for module in todo:
            if time.monotonic() > stop:
                break
            new = run_module(work, module, modules()[module], asked.each, asked.seed, asked.limit)
            rows += new
            with asked.out.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in new)
            missed = [row for row in new if row["result"] not in NOTICED]
            print(f"{module}: {len(new) - len(missed)} of {len(new)}", flush=True)
            for row in missed:
                print("   ", row["result"], row["change"], *row["diff"], sep="\n    ", flush=True)
    words, score = summary(rows)
    print(words)
    return 0 if score >= asked.least else 1


if __name__ == "__main__":
    raise SystemExit(main())
