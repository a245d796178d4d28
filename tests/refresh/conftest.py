"""A copy of the tables to refresh, the three sources on this machine, and a client that does not wait."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amazon_labor.refresh import run
from amazon_labor.refresh.fetch import Client

sys.path.insert(0, str(Path(__file__).parent))  # the tests import local_sources by name

import local_sources
from local_sources import Sources

ROOT = Path(__file__).resolve().parents[2]
DATE = "2026-12-01"


class Patience:
    """A clock that moves only when somebody waits; `slept` holds the pauses."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that would speak to another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of data/, large files linked, that refreshes write into."""
    shutil.copytree(ROOT / "data", tmp_path / "data", copy_function=_linked, ignore=shutil.ignore_patterns("vintages"))
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    monkeypatch.delenv("AMAZON_LABOR_VINTAGE", raising=False)
    return tmp_path / "data"


def _linked(source: str, target: str) -> None:
    if source.endswith((".gz", ".csv")):  # refreshes only add files: a test that wrote into a table would be at fault
        Path(target).symlink_to(source)
    else:
        shutil.copy2(source, target)


@pytest.fixture
def sources(tables: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sources]:
    """The three interfaces on this machine, empty; a key and a contact are set."""
    with local_sources.serving() as found:
        for name in ("FRED", "BLS", "SEC"):
            monkeypatch.setenv(f"AMAZON_LABOR_{name}", found.address)
        monkeypatch.setenv("AMAZON_LABOR_CONTACT", "Jane Doe jane@example.org")
        monkeypatch.setenv("BLS_API_KEY", local_sources.KEY)
        yield found


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture
def refresh(sources: Sources, patience: Patience) -> Callable[..., tuple[int, str]]:
    """Refresh tables and return the exit status and what was said."""

    def call(*names: str, **options: Any) -> tuple[int, str]:
        said: list[str] = []
        chosen = {"date": DATE, "client": lambda: Client(sleep=patience.sleep, clock=patience.clock)} | options
        return run.refresh(names, run.Options(write=said.append, **chosen)), "\n".join(said)

    return call
