"""Processes that run notebooks, and how all of them end: when done, on Ctrl-C, or with the process that started them."""

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from types import FrameType
from typing import TYPE_CHECKING, Any

from amazon_labor.warm import serve

if TYPE_CHECKING:
    import psutil

GRACE = 3.0  # seconds between asking a process to end and ending it


class InterruptedBuildError(BaseException):
    """Ctrl-C or SIGTERM: every child has been ended."""


def local(jobs: int) -> Executor:
    """Processes on this machine, each with the imports of papermill done once."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin_worker)


class Here(Executor):
    """Does each job at once in this process: for a page alone, which is drawn before another process has started."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run a job; the future it returns is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def running(start: Callable[[], Executor]) -> Iterator[Executor]:
    """Give an executor for the length of a block; an interruption ends it and every process below it.

    Raises
    ------
    InterruptedBuildError
        After Ctrl-C or SIGTERM, when the children are gone. A second signal ends everything at once.
    """
    previous = _on_signals(_interrupt)
    executor = start()
    try:
        yield executor
        executor.shutdown(wait=True)
    except KeyboardInterrupt:
        _on_signals(_force)
        executor.shutdown(wait=False, cancel_futures=True)
        end_children(GRACE)
        raise InterruptedBuildError from None
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        end_children(GRACE)
        raise
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _on_signals(handler: Callable[[int, FrameType | None], Any]) -> dict[int, Any]:
    """Handle Ctrl-C and SIGTERM; only the main thread of a program may."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _force(_number: int, _frame: FrameType | None) -> None:
    end_children(0)
    os._exit(130)


_doomed: "list[psutil.Process]" = []


def end_children(grace: float) -> None:
    """End the worker processes and everything they started: first asked, then made to.

    Kernels are in sessions of their own, so that the terminal's Ctrl-C never reaches them; they are found as
    descendants before their parents go, and remembered: a second signal comes when some parents are gone already.
    """
    import psutil

    workers = [psutil.Process(p.pid) for p in multiprocessing.active_children() if p.pid and psutil.pid_exists(p.pid)]
    # what a notebook started in a session of its own is found below its kernel only as long as the kernel lives
    brokers = [psutil.Process(pid) for pid in serve.live if psutil.pid_exists(pid)]
    _doomed.extend([*workers, *brokers])
    for worker in [*workers, *brokers]:
        with contextlib.suppress(psutil.Error):
            _doomed.extend(worker.children(recursive=True))
    if grace:
        for worker in workers:
            with contextlib.suppress(psutil.Error):
                worker.terminate()
        psutil.wait_procs(_doomed, timeout=grace)
    for process in _doomed:
        # psutil compares the time of birth: a number that went to another process meanwhile is left alone
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(_doomed, timeout=grace or 1)
    _doomed.clear()


# ---------------------------------------------------------------- in the worker


def _begin_worker() -> None:
    """Leave Ctrl-C to the main process, tidy up on SIGTERM, and never outlive the main process."""
    signal.signal(signal.SIGINT, _leave_to_main)
    signal.signal(signal.SIGTERM, _end_worker)
    threading.Thread(target=_watch_parent, daemon=True).start()


def _leave_to_main(_number: int, _frame: FrameType | None) -> None:
    """Do nothing. A handler, not SIG_IGN: kernels inherit what is ignored and could not be interrupted then."""


def _end_worker(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


def _watch_parent() -> None:
    import psutil

    parent = multiprocessing.parent_process()
    if parent is None:
        return
    multiprocessing.connection.wait([parent.sentinel])
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
    os._exit(1)
