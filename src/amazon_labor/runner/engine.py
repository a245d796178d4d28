"""papermill's own engine, which also keeps what was executed until a kernel died or a cell took too long.

papermill saves a notebook itself when a cell raises. When the kernel dies it saves nothing unless it saves after every
cell, and that takes as long as running small cells. Imported only where papermill is, which is heavy.
"""

from pathlib import Path
from typing import Any

from papermill.engines import NBClientEngine, papermill_engines
from papermill.iorw import write_ipynb

NAME = "amazon-labor"

_left: list[Any] = []


class KeepingEngine(NBClientEngine):
    """Runs a notebook as papermill does; if that ends in an exception, the notebook so far is kept in memory."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook; see papermill."""
        _left.clear()
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        except BaseException:
            _left.append(nb_man.nb)
            raise


def save_what_is_left(target: Path) -> None:
    """Write what an interrupted run left, if papermill has not written it."""
    if _left and not target.exists():
        write_ipynb(_left.pop(), str(target))


papermill_engines.register(NAME, KeepingEngine)
