"""Starting the broker, for the length of a block or of a program, and saying why there is none."""

import atexit
import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amazon_labor.warm import wire

START = 10.0  # seconds for a broker to listen
END = 2.0  # seconds for it to go when its owner closes the line


live: set[int] = set()  # process numbers of the brokers of this program


@dataclass
class Warm:
    """A running broker: its address, and the line by which it lives."""

    address: str
    process: "subprocess.Popen[bytes]"
    lifeline: socket.socket

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to get warm kernels."""
        return {wire.SOCKET: self.address, wire.PROVISIONER_VARIABLE: wire.PROVISIONER}

    def prepare(self, environment: Mapping[str, str]) -> None:
        """Let the broker import for kernels of this environment before the first is asked for."""
        request = {
            "python": sys.executable,
            "options": [],
            "env": wire.kernel_environment(environment),
            "prepare": True,
        }
        with contextlib.suppress(OSError, ValueError), wire.packets() as connection:
            connection.connect(self.address)
            connection.send(wire.packet(request))

    def close(self) -> None:
        """End the broker, its templates and their kernels."""
        live.discard(self.process.pid)
        self.lifeline.close()
        try:
            self.process.wait(END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(Path(self.address).parent, ignore_errors=True)


def obstacle() -> str | None:
    """Why this machine cannot have warm kernels, or None."""
    if sys.platform != "linux":
        return f"warm kernels need Linux, this is {sys.platform}"
    if not Path("/proc/self/task").is_dir():
        return "warm kernels need /proc to count threads"
    return None


def start(environment: Mapping[str, str] | None = None) -> Warm:
    """Start a broker that ends with this process.

    Raises
    ------
    OSError
        If it does not come to listen.
    """
    folder = tempfile.mkdtemp(prefix="warm-")
    address = str(Path(folder) / "s")
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "amazon_labor.warm.broker", address, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in a terminal goes to the owner alone
        )
    warm = Warm(address, process, ours)
    live.add(process.pid)
    end = time.monotonic() + START
    while not Path(address).exists():
        if process.poll() is not None or time.monotonic() > end:
            warm.close()
            raise OSError(f"the broker of warm kernels did not start (exit status {process.poll()})")
        time.sleep(0.002)
    return warm


@contextlib.contextmanager
def started() -> Iterator[tuple[Warm | None, str | None]]:
    """Give a broker for the length of a block, or None and the reason why ordinary kernels must do."""
    reason = obstacle()
    warm = None
    if reason is None:
        try:
            warm = start()
        except OSError as error:
            reason = str(error)
    try:
        yield warm, reason
    finally:
        if warm is not None:
            warm.close()


def own() -> tuple[dict[str, str], str | None]:
    """What leads this program to a broker, its owner's or else one that lives as long as this program does.

    Returns
    -------
    settings : dict
        Variables for the environment; empty if ordinary kernels must do.
    reason : str or None
        Why they must.
    """
    if wire.SOCKET in os.environ:
        return {k: os.environ[k] for k in (wire.SOCKET, wire.PROVISIONER_VARIABLE) if k in os.environ}, None
    warm, reason = _of_this_program()
    return (warm.environment if warm else {}), reason


def run(command: Sequence[str], tell: Callable[[str], None]) -> int:
    """Run a program with warm kernels within its reach, and return its exit status.

    Libraries that would start threads are told to use one: a process with several cannot be forked safely.
    """
    environment = dict(os.environ) | dict.fromkeys(wire.ONE_THREAD, "1")
    with started() as (warm, reason):
        if warm is None:
            tell(f"Every kernel is started afresh: {reason}.")
        else:
            warm.prepare(environment)
            environment |= warm.environment
        with subprocess.Popen(list(command), env=environment) as process:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue  # the terminal sent it to the program too, which decides what to do


@functools.cache
def _of_this_program() -> tuple[Warm | None, str | None]:
    block = started()
    found = block.__enter__()
    atexit.register(block.__exit__, None, None, None)
    return found
