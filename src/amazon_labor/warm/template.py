"""The process that has imported what notebooks import, and forks a kernel for each request.

``python -m amazon_labor.warm.template LINE``: LINE is the number of a socket on which the broker sends requests, each with
the client's connection. The answer goes to the client itself: ``{"pid": n}``, later ``{"exit": status}``, or
``{"refused": reason}``. A client that closes its connection ends its kernel; a broker that closes the line ends all.

It must have one thread: a fork copies only the calling thread, and a lock that another one held stays locked for ever in
the child.
"""

import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from amazon_labor.warm import wire

KERNEL = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "amazon_labor.warm.streams",
)
SHELL = ("IPython.core.completer", "IPython.core.magics", "matplotlib_inline.backend_inline")
SCIENCE = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "scipy.stats",
)
MODELS = ("statsmodels.api", "statsmodels.formula.api")  # a fifth of the time, and few notebooks want them
ROOMS = ("catalog", "charts", "claims", "results", "tables", "wording")
PR_SET_PDEATHSIG = 1
KERNEL_ENCODING = "UTF-8"  # of the streams of an ipykernel

_set_by_imports: dict[str, str] = {}  # variables that a kernel's imports leave in its environment


def warm_up() -> None:
    """Import what most notebooks of the collection ask for; what is not installed is left out."""
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # advice for who debugs, once per template
    before = set(os.environ)
    with _as_in_a_kernel():
        for name in (*KERNEL, *SHELL, *SCIENCE):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        for room in ROOMS:
            importlib.import_module(f"amazon_labor.{room}")
        methods = importlib.import_module("amazon_labor.methods")
        for module in pkgutil.iter_modules(methods.__path__):
            # a method that cannot be imported is the notebook's to report, in the cell that wants it
            with contextlib.suppress(Exception):
                importlib.import_module(f"amazon_labor.methods.{module.name}")
    _set_by_imports.update({k: v for k, v in os.environ.items() if k not in before})
    if "pandas" in sys.modules:  # it read the encoding of the template's streams
        sys.modules["pandas"].set_option("display.encoding", KERNEL_ENCODING)
    _settle()


def warm_up_models() -> None:
    """Import the rest, when the first kernel is on its way: a notebook that wants it so early imports it itself."""
    with _as_in_a_kernel():
        for name in MODELS:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    _settle()


def _settle() -> None:
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page of the parent


class _Shell:
    """What a library finds that asks, while it is imported, whether it runs in a notebook."""

    kernel = True


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let imports see a shell: pandas asks once and cuts wide tables for terminals, and so would in every kernel forked."""
    builtins.get_ipython = _Shell  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def threads() -> int:
    """Threads of this process, those of C libraries included."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 (a count, no paths wanted)


@dataclass
class Kernels:
    """Connections of the clients by process number; `retired` once the broker wants no more kernels from here."""

    line: socket.socket
    selector: selectors.BaseSelector
    wakeup: tuple[int, int]
    clients: dict[int, socket.socket] = field(default_factory=dict)
    retired: bool = False
    complete: bool = False

    def fork(self, request: dict[str, Any], client: socket.socket) -> None:
        """Start a kernel for a client, or tell it why not."""
        count = threads()
        if count != 1:
            reason = f"its process has {count} threads, and only one with a single thread can be forked safely"
            _tell(client, {"refused": reason})
            client.close()
            return
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._forget(client)
            _become_kernel(request, parent)
        self.clients[pid] = client
        self.selector.register(client, selectors.EVENT_READ, pid)
        _tell(client, {"pid": pid})

    def _forget(self, client: socket.socket) -> None:
        """Close, in a child, what belongs to the parent: a copy of a connection would keep it open."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.selector.close()
        for connection in (self.line, client, *self.clients.values()):
            connection.close()
        for end in self.wakeup:
            os.close(end)

    def reap(self) -> None:
        """Report every kernel that has ended to its client."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.wakeup[0], 4096)
        while self.clients:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            client = self.clients.pop(pid)
            self._unwatch(client)
            _tell(client, {"exit": os.waitstatus_to_exitcode(status)})
            client.close()

    def abandoned(self, pid: int) -> None:
        """End a kernel whose client is gone; it is reaped when it has ended."""
        self._unwatch(self.clients[pid])
        self.end(pid)

    def end(self, pid: int) -> None:
        """End a kernel and everything below it, in sessions of their own too."""
        import psutil

        below: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            below = psutil.Process(pid).children(recursive=True)
        for kill in (os.killpg, os.kill):  # it may not have come to lead a group of its own yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        for process in below:
            with contextlib.suppress(psutil.Error):
                process.kill()

    def end_all(self) -> None:
        """End every kernel."""
        for pid in self.clients:
            self.end(pid)

    def _unwatch(self, client: socket.socket) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(client)


def _tell(client: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the client may be gone
        client.send(wire.packet(message))


# ---------------------------------------------------------------- in the child


def _become_kernel(request: dict[str, Any], parent: int) -> NoReturn:
    """Run an ipykernel in this freshly forked process, as ``python -m ipykernel_launcher`` would, and end."""
    status = 1
    try:
        _isolate(request, parent)
        from ipykernel.kernelapp import IPKernelApp

        from amazon_labor.warm import streams

        app = IPKernelApp.instance()
        # without a parent to watch it would print advice for terminals
        options = [f"--IPKernelApp.parent_handle={parent}", f"--IPKernelApp.outstream_class={streams.NAME}"]
        app.initialize([*request["arguments"], *options])
        _hook_figures()
        app.start()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            atexit._run_exitfuncs()
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)  # an ordinary exit would go back up into the template's loop


def _isolate(request: dict[str, Any], parent: int) -> None:
    """Give the child a life of its own: session, environment, folder, random numbers; it dies with its parent."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before the line above
        os._exit(1)
    os.environ.clear()
    os.environ.update(_set_by_imports | request["env"] | {"JPY_PARENT_PID": str(parent)})
    os.chdir(request["cwd"])
    sys.argv = [importlib.util.find_spec(wire.LAUNCHER).origin or wire.LAUNCHER, *request["arguments"]]  # type: ignore[union-attr]
    # the legacy generator of numpy is the one source of randomness that keeps its state over a fork
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _hook_figures() -> None:
    """Let the shell show figures: pyplot, imported when there was no shell, never asked for it."""
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib_inline import backend_inline

        backend_inline._enable_matplotlib_integration()


# ---------------------------------------------------------------- in the parent


def main(number: int) -> None:
    """Fork kernels until the broker is gone, or until it wants no more and the last kernel has ended."""
    del sys.path[0]  # the working directory, which `-m` puts there
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    wakeup = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wakeup[1])
    signal.signal(signal.SIGCHLD, lambda *_: None)
    line = socket.socket(fileno=number)
    with selectors.DefaultSelector() as selector:
        kernels = Kernels(line, selector, wakeup)
        selector.register(line, selectors.EVENT_READ, "line")
        selector.register(wakeup[0], selectors.EVENT_READ, "ended")
        while not kernels.retired or kernels.clients:
            for key, _ in selector.select():
                if key.data == "ended":
                    kernels.reap()
                elif key.data != "line":
                    # a client says nothing after its request: what can be read is the end of its connection
                    kernels.abandoned(key.data)
                elif not _take(kernels):
                    kernels.end_all()
                    return


def _take(kernels: Kernels) -> bool:
    """Take a request from the line; False if the broker is gone."""
    raw, descriptors, _, _ = socket.recv_fds(kernels.line, wire.LARGEST, 1)
    if not raw:
        return False
    request = json.loads(raw)
    if "retire" in request:
        kernels.retired = True
    else:
        kernels.fork(request, socket.socket(fileno=descriptors[0]))
        if not kernels.complete:
            kernels.complete = True
            warm_up_models()
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]))
