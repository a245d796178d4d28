"""Bringing reports up to date: the default build of the collection, and a run with other parameters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from amazon_labor.parameters import defaults, resolve
from amazon_labor.runner import (
    collection,
    drive,
    index,
    layout,
    notebook,
    plan,
    scenario_results,
    scenarios,
    session,
    sums,
)
from amazon_labor.runner.plan import Decision, Task
from amazon_labor.runner.session import Options, Session

OK, FAILED, STOPPED = 0, 1, 4
Tell = Callable[[Session], None]
FEW = 3  # names that a line lists before it counts


def build(names: Sequence[str], options: Options, tell: Tell | None = None, *, scenarios_too: bool = False) -> int:
    """Bring notebooks (all, if none is named) up to date with their default parameters.

    Parameters
    ----------
    tell : callable, optional
        Is given the session when everything is done, to report elsewhere what happened.
    scenarios_too : bool
        Bring their named scenarios up to date as well.

    Returns
    -------
    int
        Exit status: 0; 1 if a notebook failed or left a claim of its own unchecked; 4 if one failed and others were
        therefore not started.

    Raises
    ------
    UnknownNotebookError
        Before anything is written.
    BusyError
        If another build holds the folder.
    InterruptedBuildError
        After Ctrl-C or SIGTERM.
    """
    everything, wanted = collection.read(names)
    more = scenario_results.tasks(everything, wanted) if scenarios_too else []
    with session.opened(options, everything) as under_way:
        for name in (n for n in wanted if n in everything.broken):
            drive.broken(under_way, name, everything.broken[name])
        tasks = [everything.tasks[n] for n in wanted if n in everything.tasks]
        decisions = drive.carry_out(under_way, tasks + more)
        done = frozenset(wanted) - under_way.failed.keys() - set(under_way.skipped)
        # a build that stopped early was none of all notebooks: the ledger stays what it was
        unchecked = _write_index(under_way, done, full=not names and not under_way.skipped)
        options.write(under_way.state.summary)
        status = _status(under_way, decisions, unchecked)
        if tell is not None:
            tell(under_way)
        return status


def run(name: str, given: Mapping[str, Any], scenario: str | None, options: Options) -> int:
    """Run one notebook with other parameters, into a folder of its own under ``runs/``.

    Raises
    ------
    InputError
        Before anything is written, if the notebook, the scenario or a parameter cannot be used.
    NotebookError
        If the notebook cannot be read.
    """
    name = notebook.find(name)
    one = notebook.read(notebook.files()[name])
    chosen = scenarios.find(name, scenario) if scenario else None
    values = resolve(name, one.parameters, {**(chosen.given if chosen else {}), **given})
    usual = defaults(one.parameters)
    if values == usual:
        options.write("These are the default parameters: the default report is brought up to date.")
        return build([name], options)
    pure = chosen.name if chosen and not given else None
    task = Task(one, values, layout.slug(values, usual, pure), pure)
    everything, _ = collection.read()
    with session.opened(options, everything) as under_way:
        decisions = drive.carry_out(under_way, [task])
        if not under_way.failed:
            options.write(f"Report: {drive.shown(under_way.where.page(one.stem, task.slug))}")
        return _status(under_way, decisions, [])


def _write_index(under_way: Session, ran: frozenset[str], *, full: bool) -> list[str]:
    """Write index and ledger if anything they depend on changed; return claims left unchecked."""
    everything, where = under_way.everything, under_way.where
    now = index.standing(everything, under_way.state.entries, where, ran)
    digest = index.inputs(everything, under_way.state.entries, where, now, full=full)
    if index.is_current(under_way.state, digest, where):
        return list(under_way.state.unchecked)
    new, unchecked = index.write(everything, under_way.state, where, now, digest, full=full)
    under_way.set(sums.settle(under_way, new, full=full))
    return unchecked


def _kind(decisions: Mapping[str, Decision]) -> str:
    return "notebooks and scenarios" if any("--" in key for key in decisions) else "notebooks"


def _status(under_way: Session, decisions: Mapping[str, Decision], unchecked: Sequence[str]) -> int:
    write, failed = under_way.options.write, under_way.failed
    if not failed and all(d.action == plan.NOTHING for d in decisions.values()):
        which = ", ".join(decisions) if len(decisions) <= FEW else f"all {len(decisions)} {_kind(decisions)}"
        write(f"Nothing to do: {which or 'no notebook'} up to date.")
    if unchecked:
        write(f"Claims that their notebook does not check: {', '.join(unchecked)} (data/claims.csv, column notebook).")
    if failed:
        write(f"{len(failed)} of {len(decisions.keys() | failed.keys())} failed: {', '.join(failed)}.")
    if under_way.skipped:
        write(f"{len(under_way.skipped)} were not started, and the ledger is left as it was.")
    for claim in unchecked:
        under_way.happened("unchecked", claim, reason="its notebook ran to the end without checking it")
    status = STOPPED if under_way.skipped else FAILED if failed or unchecked else OK
    under_way.happened("end", status=status)
    return status
