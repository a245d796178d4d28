"""What a build would do, without doing it."""

from collections.abc import Sequence

from amazon_labor.runner import collection, digests, drive, plan, state
from amazon_labor.runner.layout import Layout
from amazon_labor.runner.session import Options

VERBS = {plan.RUN: "would run", plan.RENDER: "would be rendered", plan.NOTHING: "is up to date"}


def foresee(names: Sequence[str], options: Options) -> int:
    """Say for each notebook what a build would do and why; nothing is run, written or locked.

    Returns
    -------
    int
        Exit status: 0, or 1 if a notebook cannot be read.
    """
    everything, wanted = collection.read(names)
    digests.forget()
    where = Layout(options.out)
    entries = state.load(where.state).entries
    counts = dict.fromkeys(VERBS, 0)
    for name in wanted:
        if name in everything.broken:
            options.write(f"{name} cannot be read: {everything.broken[name]}")
            continue
        task = everything.tasks[name]
        decision = plan.decide(task, entries.get(task.key), where, everything.neighbours(name), force=options.force)
        counts[decision.action] += 1
        reasons = f": {drive.because(decision.reasons)}" if decision.reasons else "."
        options.write(f"{name} {VERBS[decision.action]}{reasons}")
    run, drawn, nothing = counts.values()
    options.write(f"{run} would run, {drawn} would only be rendered, {nothing} are up to date; nothing was done.")
    return int(any(name in everything.broken for name in wanted))
