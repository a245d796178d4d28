"""What a person sees while notebooks run: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable
from typing import Any


class Progress:
    """Lines and, on a terminal, a bar. `total` notebooks are to run or to render."""

    def __init__(self, total: int, write: Callable[[str], None] = print, *, terminal: bool | None = None) -> None:
        self._write = write
        self._bar: Any = None
        self._row: Any = None
        self._open: list[str] = []
        if total and (sys.stdout.isatty() if terminal is None else terminal):
            self._start_bar(total)

    def _start_bar(self, total: int) -> None:
        from rich import progress

        columns = (
            progress.BarColumn(24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.description}", markup=False),
        )
        self._bar = progress.Progress(*columns, transient=True)
        self._bar.start()
        self._row = self._bar.add_task("", total=total)

    def line(self, text: str) -> None:
        """Print a line, above the bar if there is one."""
        if self._bar is None:
            self._write(text)
        else:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def begun(self, key: str) -> None:
        """Show that a notebook is queued or running."""
        self._open.append(key)
        self._show()

    def ended(self, key: str) -> None:
        """Count a notebook as done."""
        if key in self._open:
            self._open.remove(key)
        if self._bar is not None:
            self._bar.advance(self._row)
        self._show()

    def _show(self) -> None:
        if self._bar is not None:
            more = f" and {len(self._open) - 3} more" if len(self._open) > 3 else ""
            self._bar.update(self._row, description=", ".join(self._open[:3]) + more)

    def close(self) -> None:
        """Take the bar away; the lines stay."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
