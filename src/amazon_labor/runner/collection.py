"""The notebooks of a checkout as tasks of a build: what there is, in which order, and what cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from amazon_labor.parameters import defaults
from amazon_labor.runner import notebook
from amazon_labor.runner.notebook import Notebook, NotebookError
from amazon_labor.runner.plan import Neighbours, Task


@dataclass(frozen=True)
class Collection:
    """Default tasks by name, and for notebooks that cannot be read the reason. `order` holds all names."""

    order: tuple[str, ...]
    tasks: dict[str, Task]
    broken: dict[str, str]

    def neighbours(self, name: str) -> Neighbours:
        """Title and address of the pages before and after a notebook."""
        readable = [n for n in self.order if n in self.tasks]
        place = readable.index(name)
        before = readable[place - 1] if place else None
        after = readable[place + 1] if place + 1 < len(readable) else None
        return self._link(before), self._link(after)

    def _link(self, name: str | None) -> tuple[str, str] | None:
        if name is None:
            return None
        one = self.tasks[name].notebook
        return one.title, f"{one.stem}.html"


def read(names: Sequence[str] = ()) -> tuple[Collection, list[str]]:
    """Read all notebooks; return them and the names that were asked for (all, if none were).

    Raises
    ------
    UnknownNotebookError
        If a name is no notebook's.
    """
    wanted = list(dict.fromkeys(notebook.find(word) for word in names))
    tasks: dict[str, Task] = {}
    broken: dict[str, str] = {}
    files = notebook.files()
    for name, path in files.items():
        try:
            tasks[name] = _task(notebook.read(path))
        except NotebookError as error:
            broken[name] = str(error)
    return Collection(tuple(files), tasks, broken), wanted or list(files)


def _task(one: Notebook) -> Task:
    return Task(one, defaults(one.parameters))
