"""Run the tests of a module against its changes: one process imports the libraries once and forks for every change.

The forked child compiles the changed text in place of the module's file, so nothing is written and nothing copied. A first run on
the unchanged module times each test and notes which tests enter which lines; a change then faces only the tests that enter its
function, the quick ones first, and the first failure ends it. Time is counted in seconds of the processor, so that a busy
machine ends no child early.
"""

import importlib.machinery
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "-q",
    "-x",
    "-p",
    "_hypothesis_pytestplugin",
    "-p",
    "no:cacheprovider",
    "--hypothesis-profile=ci",
    "--tb=no",
)
CONTRACTS = "test_contracts.py"  # looks at functions without entering them
LEAST_SECONDS, TIMES_UNCHANGED = 20, 10  # of the processor, before a child counts as not coming to an end
MEMORY = 6 * 2**30  # bytes of addresses, so that a change which asks for everything ends alone


@dataclass(frozen=True)
class Unchanged:
    """Seconds of each test on the unchanged module, by node id, and the first lines of the functions it entered, if traced."""

    seconds: dict[str, float]
    entered: dict[str, list[int]]


class Watch:
    """Plugin of the unchanged run: seconds of each test, and the functions of the watched file that it enters."""

    def __init__(self, file: Path, traced: bool) -> None:
        self.file, self.traced = str(file), traced
        self.now: set[int] = set()
        self.seconds: dict[str, float] = {}
        self.entered: dict[str, list[int]] = {}

    def trace(self, frame: Any, *_: Any) -> None:
        if frame.f_code.co_filename == self.file:
            self.now.add(frame.f_code.co_firstlineno)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        begun, self.now = time.process_time(), set()
        sys.settrace(self.trace if self.traced else None)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.seconds[item.nodeid] = time.process_time() - begun
            self.entered[item.nodeid] = sorted(self.now)


class Order:
    """Plugin of a changed run: only the tests named, in the order named."""

    def __init__(self, names: list[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.places), key=lambda i: self.places[i.nodeid])


def warm() -> None:
    """Import what the tests import, but nothing of the package."""
    import hypothesis.extra.numpy
    import linearmodels
    import pandera
    import pydantic
    import scipy.stats
    import statsmodels.api
    import statsmodels.formula.api

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # nbmake's alone takes some seconds to import
    assert all((hypothesis, linearmodels, pandera, pydantic, scipy, statsmodels))


def unchanged(module: str, tests: list[str], *, traced: bool) -> Unchanged | str:
    """Run the tests on the unchanged module; a text says why it cannot be used.

    Tracing takes longer than it saves when few changes follow; without it every test faces every change.
    """
    if any(name.startswith("amazon_labor") for name in sys.modules):
        raise RuntimeError("the package is imported already: a changed module would not be read")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"

        def child() -> int:
            watch = Watch(ROOT / module, traced)
            status = int(pytest.main([*ARGUMENTS, *tests], plugins=[watch]))
            out.write_text(json.dumps([watch.seconds, watch.entered if traced else {}]), encoding="utf-8")
            return status

        status = forked(child, 0)
        if status != 0:
            return f"the tests fail on the unchanged module: status {status}"
        return Unchanged(*json.loads(out.read_text(encoding="utf-8")))


def result(module: str, source: str, first: int, last: int, tests: list[str], base: Unchanged) -> str:
    """What the tests say to one change of the function in lines `first` to `last`: killed, survived, timeout, or error N.

    A test that fails or cannot be collected kills. A signal means that the child came to no end. Any other status is a fault of
    this program and notices nothing.
    """
    names = list(base.seconds)
    if base.entered:
        names = [n for n in names if CONTRACTS in n or any(first <= line <= last for line in base.entered[n])]
    if not names:
        return "survived"
    names.sort(key=lambda name: (base.seconds[name], name))

    def child() -> int:
        _replace(ROOT / module, source)
        return int(pytest.main([*ARGUMENTS, *tests], plugins=[Order(names)]))

    status = forked(child, int(LEAST_SECONDS + TIMES_UNCHANGED * sum(base.seconds[n] for n in names)))
    if status < 0:
        return "timeout"
    return {0: "survived", pytest.ExitCode.TESTS_FAILED: "killed", pytest.ExitCode.INTERRUPTED: "killed"}.get(
        status, f"error {status}"
    )


def _replace(file: Path, source: str) -> None:
    """Let the import of a file compile another text; line numbers and name stay those of the file."""
    loader = importlib.machinery.SourceFileLoader
    original = loader.get_code

    def get_code(self: Any, name: str) -> Any:
        if Path(self.get_filename(name)) == file:
            return compile(source, str(file), "exec", dont_inherit=True)
        return original(self, name)

    loader.get_code = get_code  # type: ignore[method-assign]


def forked(work: Any, seconds: int) -> int:
    """Exit status of a function in a forked child without output; negative when a signal ended it."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status)
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os._exit(work())
    except BaseException:
        os._exit(99)
