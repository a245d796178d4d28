"""Ways to run and render the same notebooks, measured in turn; see README.md beside this file."""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from amazon_labor.runner import execute, normalise

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = sys.executable
CORES = 2
TWICE = "twice the notebooks, times the seconds"
KERNEL_MEMORY = "memory of a forked kernel at its peak, MB (median)"
TOOLS = ("papermill", "nbconvert", "nbclient", "ipykernel", "jupyter_client", "nbmake", "jupyter-cache", "matplotlib")


@dataclass
class Tree:
    """A checkout to build in: the data, the lock and some notebooks; `environment` is that of every way."""

    root: Path
    environment: dict[str, str]

    @property
    def notebooks(self) -> list[Path]:
        return sorted((self.root / "notebooks").glob("*.ipynb"))

    def run(self, *command: str | Path, cwd: Path | None = None) -> None:
        """Run a program to its end; its words are shown only if it fails."""
        done = subprocess.run(
            [str(c) for c in command], cwd=cwd or self.root, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


@dataclass
class Memory:
    """Largest memory seen: of everything together (proportional share), and of each forked kernel alone (private)."""

    together: float = 0
    kernels: dict[int, float] = field(default_factory=dict)


@contextmanager
def tree(source: Path, times: int = 1) -> Iterator[Tree]:
    """A temporary checkout with the notebooks of a folder, each `times` times."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root = Path(name)
        shutil.copytree(ROOT / "data", root / "data")
        shutil.copy(ROOT / "requirements.lock", root)
        (root / "notebooks").mkdir()
        number = 0
        for copy in range(times):
            for path in sorted(source.glob("*.ipynb")):
                number += 1
                _place(path, root / "notebooks", number, copy)
        environment = execute.inherited(str(root)) | {"PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"}
        # for every way: modules are compiled once, as they are for users
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield Tree(root, environment)


def _place(path: Path, folder: Path, number: int, copy: int) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    about = data["metadata"]["amazon_labor"]
    name = about["name"] if copy == 0 else f"{about['name']}_{copy + 1}"
    if copy:
        about |= {"name": name, "number": number}
    stem = f"{about['number']:02d}_{name}"
    (folder / f"{stem}.ipynb").write_text(normalise.dump(data), encoding="utf-8")


# ---------------------------------------------------------------- ways


def stock(work: Tree, out: Path) -> None:
    """papermill, then nbconvert, one notebook after the other."""
    for path in work.notebooks:
        work.run("papermill", path, out / path.name, "--no-progress-bar", "-k", "python3", cwd=path.parent)
        work.run("jupyter", "nbconvert", "--to", "html", "--output-dir", out, out / path.name)


def pool(work: Tree, out: Path) -> None:
    """Two processes over papermill's API and nbconvert's exporter."""
    work.run(PYTHON, HERE / "pool_of_two.py", out, *work.notebooks)


def nbmake(work: Tree, out: Path) -> None:
    """nbmake over two processes, then nbconvert once."""
    for path in work.notebooks:
        shutil.copy(path, out / path.name)
    work.run(
        PYTHON,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "--nbmake",
        "-n",
        str(CORES),
        "--overwrite",
        out,
        cwd=out,
    )
    _all_pages(work, out)


def jupyter_cache(work: Tree, out: Path) -> None:
    """jupyter-cache's parallel executor, then nbconvert once."""
    work.run(PYTHON, HERE / "cached.py", out, *work.notebooks)
    _all_pages(work, out)


def _all_pages(work: Tree, out: Path) -> None:
    work.run("jupyter", "nbconvert", "--to", "html", "--output-dir", out, *sorted(out.glob("*.ipynb")))


def ours(work: Tree, out: Path, *words: str) -> None:
    """This collection's runner."""
    work.run(PYTHON, "-m", "amazon_labor", "build", "--force", "--jobs", str(CORES), "--out", out, *words)
    for path in (out / "executed").glob("*.ipynb"):
        shutil.copy(path, out / path.name)


def cold(work: Tree, out: Path) -> None:
    """Ours, every kernel started afresh."""
    ours(work, out, "--cold")


def floor(work: Tree, _out: Path) -> None:
    """The code alone."""
    work.run(PYTHON, HERE / "floor.py", str(CORES), *work.notebooks)


WAYS: dict[str, Callable[[Tree, Path], None]] = {
    "stock loop": stock,
    "pool": pool,
    "nbmake": nbmake,
    "jupyter-cache": jupyter_cache,
    "ours, cold": cold,
    "ours, warm": ours,
    "floor": floor,
}


# ---------------------------------------------------------------- measuring


def seconds(work: Tree, way: Callable[[Tree, Path], None], out: Path) -> float:
    """Wall time of one run into an empty folder."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    began = time.monotonic()
    way(work, out)
    return time.monotonic() - began


def timed(call: Callable[[], Any]) -> float:
    """Wall time of a call."""
    began = time.monotonic()
    call()
    return time.monotonic() - began


def differing(found: dict[str, dict[str, list[Any]]]) -> list[str]:
    """Compare the outputs of every way with the stock loop's; return differences in words."""
    truth = found.get("stock loop", {})
    return [
        f"{name}: {stem} differs"
        for name, outputs in found.items()
        for stem in truth
        if outputs.get(stem) != truth[stem]
    ]


def _outputs(path: Path) -> list[Any]:
    cells = normalise.normalise(json.loads(path.read_text(encoding="utf-8")))["cells"]
    return [c["outputs"] for c in cells if c["cell_type"] == "code"]


def own_computing(work: Tree, paths: Sequence[Path]) -> float:
    """Seconds that the notebooks' own code takes on one processor."""
    done = subprocess.run(
        [PYTHON, str(HERE / "floor.py"), "1", *map(str, paths)],
        cwd=work.root,
        env=work.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


@contextmanager
def watched(look: Callable[[], None], pause: float) -> Iterator[None]:
    """Look again and again, `pause` seconds apart, until the block ends."""
    done = threading.Event()

    def again() -> None:
        while not done.wait(pause):
            look()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def memory() -> Iterator[Memory]:
    """Watch the memory of everything below this process."""
    found = Memory()

    def look() -> None:
        total = 0.0
        for process in psutil.Process().children(recursive=True):
            try:
                about = process.memory_full_info()
                if "amazon_labor.warm.template" in " ".join(process.parent().cmdline()):
                    before = found.kernels.get(process.pid, 0)
                    found.kernels[process.pid] = max(before, about.uss / 1e6)
            except (psutil.Error, AttributeError):
                continue
            total += about.pss / 1e6
        found.together = max(found.together, total)

    with watched(look, 0.1):
        yield found


ROLES = {
    "kernel": "kernels: the notebooks' code, and what ipykernel does around each cell",
    "worker": "workers: papermill and nbclient, and the pages",
    "template": "template: the imports that kernels share",
    "program": "program: plan, record, index, pages beside the reports",
    "other": "broker and helpers",
}


def role(process: psutil.Process) -> str:
    """What a process below this one does in a warm build."""
    words, above = " ".join(process.cmdline()), process.parent()
    if "amazon_labor.warm.template" in words:  # a forked kernel has the command of its template
        return "kernel" if above and "amazon_labor.warm.template" in " ".join(above.cmdline()) else "template"
    if "spawn_main" in words:
        return "worker"
    return "program" if above == psutil.Process() else "other"


@contextmanager
def processors() -> Iterator[dict[str, float]]:
    """Watch who takes the processor: seconds by role, filled at the end; what dies between two looks loses a little."""
    found: dict[str, float] = dict.fromkeys(ROLES, 0.0)
    seen: dict[psutil.Process, tuple[str, float]] = {}

    def look() -> None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                times = process.cpu_times()
                known = seen[process][0] if process in seen else role(process)
                seen[process] = known, times.user + times.system

    with watched(look, 0.05):
        yield found
    for kind, taken in seen.values():
        found[kind] += taken


# ---------------------------------------------------------------- one set


@dataclass
class SetResult:
    """Median seconds by way, the notebooks' own computing, and what differed from the stock loop."""

    count: int
    medians: dict[str, float]
    own: float
    differences: list[str]
    extra: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)


def measure(name: str, source: Path, rounds: int, ways: Sequence[str]) -> SetResult:
    """Measure all ways in turn, `rounds` times, and check the outputs of the first round."""
    with tree(source) as work, tempfile.TemporaryDirectory(prefix="bench-out-") as scratch:
        out = Path(scratch)
        taken: dict[str, list[float]] = {way: [] for way in ways}
        outputs: dict[str, dict[str, list[Any]]] = {}
        for turn in range(rounds):
            for way in ways:
                taken[way].append(seconds(work, WAYS[way], out / "run"))
                said(f"{name}, round {turn + 1}: {way} {taken[way][-1]:.1f} s")
                if turn == 0 and way != "floor":
                    outputs[way] = {p.stem: _outputs(p) for p in sorted((out / "run").glob("*.ipynb"))}
        differences = differing(outputs)
        said(f"{name}: {'; '.join(differences) or 'the same outputs every way'}")
        medians = {way: statistics.median(t) for way, t in taken.items()}
        result = SetResult(len(work.notebooks), medians, own_computing(work, work.notebooks), differences)
        with processors() as shares:
            taken_once = seconds(work, ours, out / "run")
        result.shares |= shares | {"idle": max(0.0, taken_once * CORES - sum(shares.values()))}
        result.extra |= changes(work, out / "kept")
        with memory() as warm:
            seconds(work, ours, out / "run")
        with memory() as cold_:
            seconds(work, cold, out / "run")
        result.extra |= {"peak memory warm, MB": warm.together, "peak memory cold, MB": cold_.together}
        if warm.kernels:
            result.extra[KERNEL_MEMORY] = statistics.median(warm.kernels.values())
            result.extra["memory of a forked kernel at its peak, MB (largest)"] = max(warm.kernels.values())
    result.extra[TWICE] = twice(source)
    return result


def twice(source: Path) -> float:
    """How many times the seconds twice the notebooks take: between two builds of them once, as machines have moods."""
    with tree(source) as once, tree(source, 2) as doubled, tempfile.TemporaryDirectory(prefix="bench-out-") as scratch:
        out = Path(scratch) / "run"
        before, taken, after = (seconds(work, ours, out) for work in (once, doubled, once))
    return 2 * taken / (before + after)


def changes(work: Tree, out: Path) -> dict[str, float]:
    """Seconds of builds after one change of each kind."""
    build = [PYTHON, "-m", "amazon_labor", "build", "--jobs", str(CORES), "--out", out]
    work.run(*build)
    found = {"no-op": min(timed(lambda: work.run(*build)) for _ in range(3))}
    first = work.notebooks[0]
    data = json.loads(first.read_text(encoding="utf-8"))
    prose = next(c for c in data["cells"][1:] if c["cell_type"] == "markdown")
    prose["source"] = "".join(prose["source"]) + "\n\nA sentence more."
    first.write_text(normalise.dump(data), encoding="utf-8")
    found["prose changed"] = timed(lambda: work.run(*build))
    code = [c for c in data["cells"] if c["cell_type"] == "code"][-1]
    code["source"] = "".join(code["source"]) + "  # a remark"
    first.write_text(normalise.dump(data), encoding="utf-8")
    found["one notebook changed"] = timed(lambda: work.run(*build))
    package = work.root / "data" / "datapackage.json"
    described = json.loads(package.read_text(encoding="utf-8"))
    table = next(r for r in described["resources"] if r["path"] == "markets/iaas_market_share_annual.csv")
    table["title"] += " (changed)"
    package.write_text(json.dumps(described), encoding="utf-8")
    found["one table changed"] = timed(lambda: work.run(*build))
    with tempfile.TemporaryDirectory(prefix="bench-floor-") as scratch:
        single = Path(scratch) / first.name
        shutil.copy(first, single)
        found["own computing of the changed notebook"] = own_computing(work, [single])
    return found


def sweep() -> dict[str, float]:
    """A sweep over all states: seconds in all, per point, and the own computing of a point."""
    source = ROOT / "notebooks" / "15_states.ipynb"
    if not source.exists():
        return {}
    with tree(ROOT / "notebooks") as work, tempfile.TemporaryDirectory(prefix="bench-out-") as scratch:
        out = Path(scratch) / "out"
        command = [
            PYTHON,
            "-m",
            "amazon_labor",
            "sweep",
            "states",
            "--over",
            "state=all",
            "--jobs",
            str(CORES),
            "--out",
            out,
        ]
        all_points = timed(lambda: work.run(*command))
        points = len(list((out / "runs").glob("*"))) + 1
        again = timed(lambda: work.run(*command))
        own = own_computing(work, [work.root / "notebooks" / source.name])
    return {
        "points": points,
        "seconds": all_points,
        "processor seconds per point": all_points * CORES / points,
        "own computing of a point": own,
        "nothing changed": again,
    }


# ---------------------------------------------------------------- words


def said(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def report(results: dict[str, SetResult], swept: dict[str, float], rounds: int) -> str:
    """The page RESULTS.md."""
    versions = ", ".join(f"{tool} {metadata.version(tool)}" for tool in TOOLS)
    machine = f"{CORES} processes on {os.cpu_count()} processors ({platform.machine()}), {platform.system()}, Python {platform.python_version()}"
    parts = [
        "# Results",
        f"Made by `make bench`; {machine}; medians of {rounds} rounds taken in turn. {versions}.",
        "Ratios compare ways within one run on one machine. Seconds of a busy machine are not those of an idle one.",
    ]
    for name, found in results.items():
        parts += _set(name, found)
    if swept:
        rows = "\n".join(f"| {k} | {v:.2f} |" for k, v in swept.items())
        parts += ["## A sweep of `states` over all states", f"| what | value |\n|---|---|\n{rows}"]
    return "\n\n".join(parts) + "\n"


def reached(found: SetResult) -> list[tuple[str, float, str]]:
    """What was aimed at for two processors: what, the value found, and the aim in words."""
    ours_, lowest, extra = found.medians["ours, warm"], found.medians["floor"], found.extra
    own_two = lowest * CORES  # the code alone, with all processors busy
    changed = extra["one notebook changed"] - extra["own computing of the changed notebook"]
    return [
        ("times as fast as the stock loop", found.medians["stock loop"] / ours_, "at least 9 (light)"),
        ("times the floor", ours_ / lowest, "at most 3 (light)"),
        ("overhead per notebook, processor s", (ours_ * CORES - found.own) / found.count, "at most 0.8 (collection)"),
        ("of it: the code itself, slower with all processors busy", (own_two - found.own) / found.count, ""),
        ("of it: the tools", (ours_ * CORES - own_two) / found.count, ""),
        ("nothing changed, s", extra["no-op"], "at most 0.3"),
        ("prose changed, s", extra["prose changed"], "at most 1"),
        ("one notebook changed, s above its own computing", changed, "at most 2"),
        ("memory of a further kernel, MB (median)", extra[KERNEL_MEMORY], "under 80"),
        ("twice the notebooks, times the seconds", extra[TWICE], "at most 2.1"),
    ]


def _set(name: str, found: SetResult) -> list[str]:
    lowest, stock_seconds = found.medians.get("floor"), found.medians.get("stock loop")
    rows = []
    for way, taken in found.medians.items():
        against = f"{stock_seconds / taken:.1f}" if stock_seconds else ""
        above = f"{taken / lowest:.1f}" if lowest else ""
        over = "" if way == "floor" else f"{(taken * CORES - found.own) / found.count:.2f}"
        rows.append(f"| {way} | {taken:.1f} | {against} | {above} | {over} |")
    head = "| way | seconds | times as fast as the stock loop | times the floor | overhead per notebook, processor seconds |"
    checked = (
        "Outputs were not compared: the stock loop was left out."
        if not stock_seconds
        else "Every way gave the outputs of the stock loop, figures included."
        if not found.differences
        else f"Not the same outputs: {'; '.join(found.differences)}."
    )
    extra = "\n".join(f"| {k} | {v:.2f} |" for k, v in found.extra.items())
    idle = {"idle": "idle: start, the template's imports, waiting for replies, the last run and the index"}
    shares = "\n".join(f"| {(ROLES | idle)[k]} | {v:.1f} |" for k, v in found.shares.items())
    return [
        f"## {name}: {found.count} notebooks",
        f"{checked} Own computing of all notebooks: {found.own:.1f} s on one processor.",
        f"{head}\n|---|---|---|---|---|\n" + "\n".join(rows),
        *_reach(found),
        f"| where the time of one warm build goes | processor seconds |\n|---|---|\n{shares}",
        f"| ours warm | value |\n|---|---|\n{extra}",
    ]


def _reach(found: SetResult) -> list[str]:
    if not {"stock loop", "ours, warm", "floor"} <= found.medians.keys() or KERNEL_MEMORY not in found.extra:
        return []
    rows = "\n".join(f"| {what} | {value:.2f} | {aim} |" for what, value, aim in reached(found))
    return [f"| two processors | found | aim |\n|---|---|---|\n{rows}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds for each way (3)")
    parser.add_argument("--sets", nargs="+", choices=("light", "collection"), default=["light", "collection"])
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="ways to measure (all)")
    parser.add_argument("--no-sweep", action="store_true", help="leave out the sweep over states")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md", help="file to write")
    given = parser.parse_args()
    folders = {"light": HERE / "light", "collection": ROOT / "notebooks"}
    results: dict[str, SetResult] = {}
    swept: dict[str, float] = {}
    for name in given.sets:
        results[name] = measure(name, folders[name], given.rounds, given.ways)
        # what was measured is kept, should the rest be stopped
        given.out.write_text(report(results, swept, given.rounds), encoding="utf-8")
        if not given.no_sweep and not swept:
            said("sweep")
            swept = sweep()
            given.out.write_text(report(results, swept, given.rounds), encoding="utf-8")
    print(given.out.read_text(encoding="utf-8"))
    if any(found.differences for found in results.values()):
        raise SystemExit("The ways do not give the same outputs.")


if __name__ == "__main__":
    main()
