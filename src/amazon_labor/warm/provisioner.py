"""The provisioner of jupyter_client that asks the broker for a kernel (entry point ``amazon-labor-warm``).

Set ``JUPYTER_DEFAULT_PROVISIONER_NAME=amazon-labor-warm`` and `wire.SOCKET`, as `serve.started` does, and papermill,
nbclient, nbconvert, nbval and ``jupyter execute`` get warm kernels without knowing of it.
"""

import asyncio
import os
import signal
import socket
import subprocess
import time
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from amazon_labor.warm import wire

ANSWER = 30.0  # seconds a template may take to import everything before an ordinary kernel is started instead
PAUSE = 0.002  # seconds between two looks at whether a kernel has ended

_notices: list[str] = []


def notices() -> list[str]:
    """Reasons, each once, for which ordinary kernels were started since the last call."""
    taken = list(dict.fromkeys(_notices))
    _notices.clear()
    return taken


class ForkedKernel:
    """The part of `subprocess.Popen` that `LocalProvisioner` uses, for a process that is another one's child."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        connection.setblocking(False)

    def poll(self) -> int | None:
        """Exit status, or None while the kernel runs. A template that is gone has taken its kernels with it."""
        if self.returncode is None:
            try:
                message = wire.received(self._connection)
            except BlockingIOError:
                return None
            except (OSError, ValueError):
                message = None
            self.returncode = -signal.SIGKILL if message is None else int(message["exit"])
            self._connection.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the kernel.

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs after `timeout` seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(wire.LAUNCHER, timeout or 0)
            time.sleep(PAUSE)
        return status

    def send_signal(self, number: int) -> None:
        """Signal the kernel, unless it has ended and its number may belong to another process."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):
    """Forked kernels where they can be had, ordinary ones, with a notice, where not."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel; the command is what an ordinary start would run."""
        try:
            forked = await asyncio.to_thread(asked, cmd, kwargs)
        except Refused as error:
            notice = f"an ordinary kernel was started: {error}"
            _notices.append(notice)
            self.log.warning(notice)
            return await super().launch_kernel(cmd, **kwargs)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end, looking often: the base class sleeps a tenth of a second in between."""
        if isinstance(self.process, ForkedKernel):
            while self.process.poll() is None:
                await asyncio.sleep(PAUSE)
        return await super().wait()


class Refused(Exception):  # noqa: N818 (an answer, not a fault)
    """A warm kernel cannot be had, for the reason that the message gives."""


def asked(command: list[str], settings: dict[str, Any]) -> ForkedKernel | None:
    """Ask the broker for the kernel that a command would start; None if there is no broker or it is no ipykernel.

    Raises
    ------
    Refused
        If the broker does not answer, or says why not.
    """
    address = os.environ.get(wire.SOCKET)
    parts = wire.split(command)
    if not address or parts is None:
        return None
    python, options, arguments = parts
    if not wire.same_python(python):
        raise Refused(f"{python} is another interpreter")
    request = {
        "python": python,
        "options": options,
        "arguments": arguments,
        "cwd": os.fspath(settings.get("cwd") or os.getcwd()),  # noqa: PTH109 (text wanted)
        "env": wire.kernel_environment(settings.get("env") or os.environ),
    }
    connection = wire.packets()
    try:
        connection.settimeout(ANSWER)
        connection.connect(address)
        connection.send(wire.packet(request))
        answer = wire.received(connection)
    except (OSError, ValueError) as error:
        connection.close()
        raise Refused(f"the broker does not answer ({error})") from None
    if answer is None or "pid" not in answer:
        connection.close()
        raise Refused(str((answer or {}).get("refused", "the template ended")))
    return ForkedKernel(connection, int(answer["pid"]))
