"""Storing the outputs of a default run in the notebooks themselves, for review."""

import json
from collections.abc import Sequence

from amazon_labor.runner import atomic, collection, drive, normalise, session
from amazon_labor.runner.plan import Task
from amazon_labor.runner.session import Options, Session


def accept(names: Sequence[str], options: Options) -> int:
    """Bring notebooks up to date and write their outputs into the source files, cleaned of all that varies.

    The notebook of a run that failed is left as it is.

    Returns
    -------
    int
        Exit status: 0, or 1 if a notebook failed.
    """
    everything, wanted = collection.read(names)
    with session.opened(options, everything) as under_way:
        for name in (n for n in wanted if n in everything.broken):
            drive.broken(under_way, name, everything.broken[name])
        tasks = [everything.tasks[n] for n in wanted if n in everything.tasks]
        drive.carry_out(under_way, tasks)
        for task in tasks:
            entry = under_way.state.entries.get(task.key)
            if entry is not None and entry.failure is None:
                changed = _store(under_way, task)
                options.write(f"{task.key}: {'outputs stored' if changed else 'stored outputs are already these'}")
        if under_way.failed:
            options.write(f"Not accepted: {', '.join(under_way.failed)}.")
        return int(bool(under_way.failed))


def _store(under_way: Session, task: Task) -> bool:
    executed = json.loads(under_way.where.executed(task.notebook.stem).read_text(encoding="utf-8"))
    source = json.loads(task.notebook.text)
    return atomic.write_changed(task.notebook.path, normalise.dump(normalise.merged(executed, source)))
