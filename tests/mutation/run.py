"""Break the methods, the claims and the parameter reader on purpose, one small change at a time, and count what the tests miss.

    python tests/mutation/run.py --sample 150 --seed 2022       a sample, from each module in proportion to its changes
    python tests/mutation/run.py growth --each 40               forty changes of one module
    python tests/mutation/run.py                                every change (hours): `make mutation`

The changes are those of mutmut inside functions; constants of a module are not changed. Each module faces the tests of
its own name and its part of `tests/methods/test_contracts.py`, so the score is a lower bound: what another file would have noticed
counts as missed. Results go to a JSON-lines file, one change a line, as they come; a run that is stopped goes on from there.
`tests/mutation/set_aside.csv` names changes that alter nothing a test could see, each with the reason. The exit status is 1
when fewer than `--least` percent were noticed.
"""

import argparse
import csv
import gc
import json
import math
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import changes
import faced

ROOT = Path(__file__).resolve().parents[2]
NOTICED = ("killed", "timeout")
ENOUGH = 8  # changes of one module from which on it pays to know which tests enter which function
SET_ASIDE = ROOT / "tests" / "mutation" / "set_aside.csv"


def set_aside() -> dict[tuple[str, str, str], str]:
    """(module, lines taken out, lines put in) to the reason why no test could see the change."""
    with SET_ASIDE.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def sides(diff: list[str]) -> tuple[str, str]:
    """Lines taken out and lines put in, each joined by a space, without indentation."""
    before, after = (" ".join(line[1:].strip() for line in diff if line[0] == sign) for sign in "-+")
    return before, after


def wilson(hits: int, of: int, z: float = 1.645) -> tuple[float, float]:
    """Wilson interval of a share in percent; z of 1.645 is 90 percent."""
    if not of:
        return 0.0, 100.0
    p, n = hits / of, float(of)
    middle, reach = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return 100 * (middle - reach) / (1 + z**2 / n), 100 * (middle + reach) / (1 + z**2 / n)


def summary(rows: list[dict[str, Any]]) -> tuple[str, float]:
    """The counts in words, and the percentage noticed of the changes not set aside."""
    reasons = set_aside()
    counts: Counter[str] = Counter()
    for row in rows:
        aside = (row["module"].rpartition("/")[2], *sides(row["diff"])) in reasons
        kind = "noticed" if row["result"] in NOTICED else "set aside" if aside else row["result"]
        counts[kind] += 1
    whole = sum(n for kind, n in counts.items() if kind != "module not run")
    judged = whole - counts["set aside"]
    score = 100 * counts["noticed"] / judged if judged else 0.0
    low, high = wilson(counts["noticed"], judged)
    words = ", ".join(f"{n} {kind}" for kind, n in counts.most_common())
    return (
        f"{whole} changes: {words}; {score:.1f} percent noticed (90 percent Wilson interval {low:.1f} to {high:.1f}), "
        f"{100 * counts['set aside'] / max(whole, 1):.1f} set aside",
        score,
    )


def run_module(module: str, drawn: list[changes.Change], keep: Any) -> None:
    """Judge the changes drawn from one module, handing each row to `keep`; one row says so if its own tests fail."""
    tests = changes.modules()[module]
    base = faced.unchanged(module, tests, traced=len(drawn) >= ENOUGH)
    if isinstance(base, str):
        keep({"module": module, "change": "", "result": "module not run", "diff": [f" {base}"]})
        return
    for change in drawn:
        found = faced.result(module, change.source, change.first, change.last, tests, base)
        keep({"module": module, "change": change.name, "result": found, "diff": list(change.diff)})


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Break the code on purpose and count what the tests miss.")
    parser.add_argument("only", nargs="*", help="modules by name, such as growth (all when none is named)")
    parser.add_argument("--each", type=int, default=0, help="changes drawn from each module; 0 is all")
    parser.add_argument("--sample", type=int, default=0, help="changes drawn over all modules in proportion; 0 is all")
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--minutes", type=float, default=0, help="begin no further module after this long; 0: no limit")
    parser.add_argument("--out", type=Path, default=Path("mutation.jsonl"))
    parser.add_argument("--least", type=float, default=90.0)
    return parser.parse_args()


def main() -> int:
    """Run the changes asked for and print the score."""
    asked = arguments()
    os.chdir(ROOT)
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.dont_write_bytecode = True
    rows = [json.loads(line) for line in asked.out.read_text().splitlines()] if asked.out.exists() else []
    done = {row["change"] for row in rows}
    wanted = [m for m in changes.modules() if not asked.only or Path(m).stem in asked.only]
    gc.disable()  # syntax trees are large and stay
    every = {module: changes.changes_of(module) for module in wanted}
    total = sum(map(len, every.values()))
    if asked.sample:
        every = changes.drawn(every, asked.sample, asked.seed)
    elif asked.each:
        every = changes.each(every, asked.each, asked.seed)
    print(f"{sum(map(len, every.values()))} of {total} changes of {len(wanted)} modules", flush=True)

    def keep(row: dict[str, Any]) -> None:
        rows.append(row)
        with asked.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        if row["result"] not in NOTICED:
            print(row["result"], row["change"] or row["module"], *row["diff"], sep="\n    ", flush=True)

    order = sorted(every)
    random.Random(asked.seed).shuffle(order)  # stopped early, the modules run are a random draw
    stop = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    gc.enable()
    faced.warm()
    gc.freeze()
    for module in order:
        drawn = [change for change in every[module] if change.name not in done]
        if drawn and time.monotonic() < stop:
            run_module(module, drawn, keep)
    words, score = summary(rows)
    print(words)
    return 0 if score >= asked.least else 1


if __name__ == "__main__":
    raise SystemExit(main())
