"""One build under way: its options, what the last one left, and what this one has done so far."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from amazon_labor import launch
from amazon_labor.runner import atomic, digests, locks, pool, state
from amazon_labor.runner.collection import Collection
from amazon_labor.runner.events import Event
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.progress import Progress
from amazon_labor.runner.state import Entry, State, Sweep


@dataclass(frozen=True)
class Options:
    """How to build. `start` gives the executor for a number of jobs; nothing else knows where a job runs.

    `warm` lets kernels be forked from a process that has imported everything, where the machine can do that. With
    `fail_fast` nothing more is started once a notebook has failed. `emit` is told what happens, for programs. Without
    `bar` a terminal gets plain lines.
    """

    out: Path
    force: bool = False
    jobs: int = 0
    cell_seconds: float = 120
    notebook_seconds: float = 600
    start: Callable[[int], Executor] = pool.local
    warm: bool = True
    write: Callable[[str], None] = print
    fail_fast: bool = False
    emit: Callable[[Event], None] | None = None
    bar: bool = True


@dataclass
class Session:
    """`failed` maps the key of a run to the reason it failed in this build; `skipped` are those never started."""

    options: Options
    where: Layout
    everything: Collection
    state: State
    progress: Progress
    failed: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be started."""
        return self.options.fail_fast and bool(self.failed)

    def happened(self, kind: str, key: str = "", **about: Any) -> None:
        """Note an event, and tell a program that watches."""
        event = Event(kind, key, **about)
        self.events.append(event)
        if self.options.emit is not None:
            self.options.emit(event)

    def open_bar(self, total: int) -> None:
        """Show from now on how many notebooks are done; no bar between the lines that a program reads."""
        self.progress = Progress(total, self.options.write, terminal=None if self.options.bar else False)

    def tell(self, notice: str) -> None:
        """Say something once in a build, however many notebooks it concerns."""
        if notice not in self.told:
            self.told.add(notice)
            self.progress.line(notice)

    def keep(self, entry: Entry) -> None:
        """Record an entry on the disk at once, so that an interrupted build loses nothing."""
        self.set(replace(self.state, entries=self.state.entries | {entry.key: entry}))

    def keep_sweep(self, name: str, sweep: Sweep) -> None:
        """Record a comparison page."""
        self.set(replace(self.state, sweeps=self.state.sweeps | {name: sweep}))

    def set(self, new: State) -> None:
        """Replace the state, on the disk too."""
        self.state = new
        state.save(self.where.state, new)

    def write(self, path: Path, text: str) -> dict[str, str]:
        """Write a product and return its line for the state."""
        atomic.write_changed(path, text)
        return {path.relative_to(self.where.out).as_posix(): digests.text(text)}


@contextlib.contextmanager
def opened(options: Options, everything: Collection) -> Iterator[Session]:
    """Hold the lock, read the state, and take the progress bar away whatever happens.

    Raises
    ------
    BusyError
        If another build holds the folder.
    InputError
        If the address of the repository that pages are to link to cannot be used; before anything is written.
    """
    launch.repository()
    where = Layout(options.out)
    with locks.held(where.build) as note:
        digests.forget()
        if note:  # an earlier build ended without tidying up
            atomic.tidy(where.out)
        last = state.load(where.state)
        for remark in filter(None, (note, last.note)):
            options.write(remark)
        session = Session(options, where, everything, last, Progress(0, options.write))
        try:
            yield session
        finally:
            session.progress.close()
