"""From decisions to files: give jobs to an executor and settle each result, good or bad, as it comes."""

import contextlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from typing import Any

from amazon_labor import paths
from amazon_labor.runner import execute, index, machine, normalise, plan, pool, profile, render
from amazon_labor.runner.execute import Job, JobResult, run_job
from amazon_labor.runner.plan import Decision, Task
from amazon_labor.runner.session import Session
from amazon_labor.runner.state import Entry, Failure
from amazon_labor.warm import serve, wire

SHOWN_REASONS = 3


def carry_out(session: Session, tasks: Sequence[Task]) -> dict[str, Decision]:
    """Decide about each task, do what must be done, and return the decisions by key.

    Raises
    ------
    InterruptedBuildError
        After Ctrl-C; what was finished until then is kept.
    """
    decisions = {task.key: _decision(session, task) for task in tasks}
    todo = [task for task in tasks if decisions[task.key].action != plan.NOTHING]
    if todo and not session.stopped:
        session.open_bar(len(todo))
    for task in tasks:
        _announce(session, task, decisions[task.key])
    if session.stopped:  # by a notebook that cannot even be read
        _skip(session, todo)
        return decisions
    runs = any(decisions[task.key].action == plan.RUN for task in todo)
    try:
        if todo:
            jobs = min(_jobs(session), len(todo))
            start = (lambda: session.options.start(jobs)) if runs or len(todo) > 1 else pool.Here
            with _warm(session, wanted=runs), pool.running(start) as executor:
                _drain(session, executor, deque(todo), decisions, jobs)
    finally:
        session.progress.close()
    return decisions


def _announce(session: Session, task: Task, decision: Decision) -> None:
    verbs = {plan.RUN: ("run", "runs"), plan.RENDER: ("render", "is rendered"), plan.NOTHING: ("current", "")}
    kind, verb = verbs[decision.action]
    reasons = because(decision.reasons)
    session.happened(kind, task.key, reason=reasons)
    if verb:
        session.progress.line(f"{task.key} {verb}: {reasons}")


def _jobs(session: Session) -> int:
    """How many notebooks at once: as asked for, or as many as the machine bears."""
    if session.options.jobs:
        return session.options.jobs
    jobs, remark = machine.jobs(cluster=session.options.start is not pool.local)
    if remark:
        session.tell(remark)
    return jobs


@contextlib.contextmanager
def _warm(session: Session, *, wanted: bool) -> Iterator[None]:
    """Keep one process with everything imported for all workers of this machine, which find it by the environment."""
    there = wire.SOCKET in os.environ  # `watch` keeps them over many builds
    if there or not (wanted and session.options.warm and session.options.start is pool.local):
        yield
        return
    with serve.started() as (warm, reason):
        if warm is None:
            session.tell(f"Every kernel is started afresh: {reason}.")
            yield
            return
        warm.prepare(execute.inherited(str(paths.root())))
        os.environ.update(warm.environment)
        try:
            yield
        finally:
            for name in warm.environment:
                os.environ.pop(name, None)


def because(reasons: Sequence[str]) -> str:
    """The first few reasons in one line."""
    more = f"; and {len(reasons) - SHOWN_REASONS} more" if len(reasons) > SHOWN_REASONS else ""
    return "; ".join(reasons[:SHOWN_REASONS]) + more


def _decision(session: Session, task: Task) -> Decision:
    neighbours = session.everything.neighbours(task.notebook.name)
    entry = session.state.entries.get(task.key)
    return plan.decide(task, entry, session.where, neighbours, force=session.options.force)


def _drain(
    session: Session, executor: Executor, queue: "deque[Task]", decisions: Mapping[str, Decision], jobs: int
) -> None:
    """Give all jobs to the executor; a page is drawn as soon as its run is done.

    A build that is to end with the first failure holds back what could not start yet: an executor does not take back
    what it has.
    """
    pending: dict[Future[Any], tuple[Task, str]] = {}
    while queue or pending:
        while queue and (not session.options.fail_fast or len(pending) < jobs):
            _begin(session, executor, queue.popleft(), decisions, pending)
        index.prepare()
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            _finish(session, executor, future, pending)
        if session.stopped:
            _skip(session, queue)
            queue.clear()


def _begin(
    session: Session,
    executor: Executor,
    task: Task,
    decisions: Mapping[str, Decision],
    pending: dict["Future[Any]", tuple[Task, str]],
) -> None:
    session.progress.begun(task.key)
    if decisions[task.key].action == plan.RUN:
        pending[executor.submit(run_job, _job(session, task))] = task, plan.RUN
    else:
        pending[executor.submit(render.render_job, _drawn_again(session, task))] = task, plan.RENDER


def _finish(
    session: Session, executor: Executor, future: "Future[Any]", pending: dict["Future[Any]", tuple[Task, str]]
) -> None:
    task, kind = pending.pop(future)
    page = _settle(session, task, future, kind)
    if page is None:
        session.progress.ended(task.key)
        return
    try:
        pending[executor.submit(render.render_job, page)] = task, plan.RENDER
    except BrokenExecutor:
        _page_failed(session, task, "its process was killed (out of memory?)")


def _skip(session: Session, tasks: Iterable[Task]) -> None:
    """Leave out what was not started when a notebook failed."""
    for task in tasks:
        session.skipped.append(task.key)
        session.happened("skipped", task.key, reason="another notebook failed (--fail-fast)")
        session.progress.line(f"{task.key} was not started: another notebook failed (--fail-fast)")


def _job(session: Session, task: Task) -> Job:
    one, options = task.notebook, session.options
    folder, root = str(one.path.parent), str(paths.root())
    limits = {"cell_seconds": options.cell_seconds, "notebook_seconds": options.notebook_seconds}
    return Job(
        task.key,
        one.text,
        task.changed,
        folder,
        root,
        **limits,
        warm=options.warm,
        vintage=os.environ.get(paths.VINTAGE, ""),
    )


def _settle(session: Session, task: Task, future: "Future[Any]", kind: str) -> render.RenderJob | None:
    """Take a finished job; return the page to draw next, if there is one."""
    try:
        result = future.result()
    except BrokenExecutor:
        return _run_failed(session, task, Failure(None, "its process was killed (out of memory?)"), None)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        if kind == plan.RUN:  # not the notebook's fault: a worker that is lost, or not what it should be
            return _run_failed(session, task, Failure(None, reason), None)
        _page_failed(session, task, reason)  # a fault of the page code: the run itself is good and is kept
        return None
    if not isinstance(result, JobResult):
        _page_done(session, task, result)
        return None
    for notice in result.notices:
        session.tell(notice)
    if result.failure is not None:
        return _run_failed(session, task, result.failure, result.text)
    return _run_done(session, task, result)


# ---------------------------------------------------------------- runs


def _run_done(session: Session, task: Task, result: JobResult) -> render.RenderJob:
    where, stem = session.where, task.notebook.stem
    products = session.write(where.executed(stem, task.slug), result.text)
    for stale in (where.failed(stem, task.slug), where.failed(stem, task.slug).with_suffix(".html")):
        stale.unlink(missing_ok=True)
    tables = normalise.tables_read(json.loads(result.text))
    before = session.state.entries.get(task.key)
    kept = {} if before is None else {p: d for p, d in before.products.items() if not p.startswith("failed/")}
    # without page inputs until the page is drawn: an interruption in between leads to drawing, not to running
    entry = Entry(task.notebook.name, task.slug, plan.run_inputs(task, tables), {}, tables, kept | products)
    session.keep(entry)
    profile.keep(where, task.key, result.seconds, result.cells)
    session.happened("ran", task.key, seconds=result.seconds)
    session.progress.line(f"{task.key} ran in {result.seconds:.1f} s")
    return _page(session, task, result.text, None)


def _run_failed(session: Session, task: Task, failure: Failure, text: str | None) -> render.RenderJob | None:
    """File the partial run; the previous good report stays where it is."""
    before = session.state.entries.get(task.key)
    products = dict(before.products) if before else {}
    path = session.where.failed(task.notebook.stem, task.slug)
    if text is not None:
        products |= session.write(path, text)
    session.keep(Entry(task.notebook.name, task.slug, {}, {}, [], products, failure))
    _failed(session, task.key, failure)
    return _page(session, task, text, failure) if text is not None else None


def broken(session: Session, name: str, reason: str) -> None:
    """Record a notebook that cannot even be read."""
    before = session.state.entries.get(name)
    products = dict(before.products) if before else {}
    session.keep(Entry(name, None, {}, {}, [], products, Failure(None, reason)))
    _failed(session, name, Failure(None, reason))


def _failed(session: Session, key: str, failure: Failure) -> None:
    session.failed[key] = failure.reason
    session.happened("failed", key, reason=failure.reason, cell=failure.cell, traceback=failure.traceback)
    session.progress.line(f"{key} FAILED: {failure.reason}")


# ---------------------------------------------------------------- pages


def _page(session: Session, task: Task, text: str, failure: Failure | None) -> render.RenderJob:
    neighbours = session.everything.neighbours(task.notebook.name)
    context = render.context(task, neighbours, session.where, failure)
    return render.RenderJob(task.key, text, str(paths.root()), context)


def _drawn_again(session: Session, task: Task) -> render.RenderJob:
    """The present prose around the outputs of the last run, whose code is the same."""
    path = session.where.executed(task.notebook.stem, task.slug)
    executed, source = json.loads(path.read_text(encoding="utf-8")), json.loads(task.notebook.text)
    text = normalise.dump(normalise.merged(executed, source))
    entry = session.state.entries[task.key]
    session.keep(replace(entry, products=entry.products | session.write(path, text)))
    return _page(session, task, text, None)


def _page_done(session: Session, task: Task, html: str) -> None:
    entry = session.state.entries[task.key]
    stem, where = task.notebook.stem, session.where
    if entry.failure is not None:
        path = where.failed(stem, task.slug).with_suffix(".html")
        session.keep(replace(entry, products=entry.products | session.write(path, html)))
        session.progress.line(f"{task.key}: the partial run is in {shown(path)}; an earlier good report stays in place")
        return
    executed = where.executed(stem, task.slug)
    products = {n: d for n, d in entry.products.items() if where.out / n == executed}
    products |= session.write(where.page(stem, task.slug), html)
    if task.slug is not None:
        text = index.run_ledger(json.loads(executed.read_text(encoding="utf-8")), task.notebook.name)
        products |= session.write(where.run_ledger(stem, task.slug), text)
    for name in entry.products.keys() - products.keys():  # of a notebook that had another number then
        (where.out / name).unlink(missing_ok=True)
    inputs = plan.page_inputs(task, session.everything.neighbours(task.notebook.name))
    session.keep(replace(entry, page_inputs=inputs, products=products))
    session.happened("drawn", task.key)


def _page_failed(session: Session, task: Task, reason: str) -> None:
    _failed(session, task.key, Failure(None, f"its page could not be made: {reason}"))
    session.progress.ended(task.key)


def shown(path: Any) -> str:
    """A path as a person at the root of the checkout would type it."""
    try:
        return str(path.relative_to(paths.root()))
    except ValueError:
        return str(path)
