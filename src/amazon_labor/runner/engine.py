"""papermill's own engine, which also keeps what was executed until a kernel died or a cell took too long, and waits less.

papermill saves a notebook itself when a cell raises. When the kernel dies it saves nothing unless it saves after every
cell, and that takes as long as running small cells. jupyter_client waits for a fifth of a second of silence before it calls a
kernel ready; its own status message says it at once. Imported only where papermill is, which is heavy.
"""

import os
import time
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from papermill.engines import NBClientEngine, papermill_engines
from papermill.iorw import write_ipynb

from amazon_labor.warm import wire

NAME = "amazon-labor"
PATIENCE = 0.01  # seconds for the channel of outputs to be connected, before the question is asked again
LONGEST = 0.2  # seconds that this grows to, doubling, on a machine that has much else to do
RECONNECT = 5  # milliseconds between two attempts to reach a kernel that does not listen yet

_left: list[Any] = []


class PromptClient(AsyncKernelClient):
    """A client that takes a kernel for ready when it has answered and said that it is idle again."""

    def _context_default(self) -> Any:
        context = super()._context_default()
        # the client is there before the kernel listens, and would try again only after a tenth of a second
        context.setsockopt(zmq.RECONNECT_IVL, RECONNECT)
        return context

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        patience = PATIENCE
        while True:
            asked = self.kernel_info()
            reply = await self._first(self.get_shell_msg, asked, "kernel_info_reply", 1)
            if reply is not None and await self._is_idle(asked, patience):
                self._handle_kernel_info_reply(reply)
                return
            patience = min(2 * patience, LONGEST)
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _is_idle(self, asked: str, patience: float) -> bool:
        """Whether the status after a request arrives: the channel of outputs is connected, and empty up to here."""
        while (message := await self._first(self.get_iopub_msg, asked, "status", patience)) is not None:
            if message["content"]["execution_state"] == "idle":
                return True
        return False

    @staticmethod
    async def _first(take: Any, asked: str, kind: str, seconds: float) -> dict[str, Any] | None:
        """Next message of a kind that answers a request; None if none comes."""
        while True:
            try:
                message = await take(timeout=seconds)
            except Empty:
                return None
            if message["msg_type"] == kind and message["parent_header"].get("msg_id") == asked:
                return dict(message)


class PromptManager(AsyncKernelManager):
    """A manager whose client does not wait for silence."""

    def _client_factory_default(self) -> Any:
        return PromptClient


class KeepingEngine(NBClientEngine):
    """Runs a notebook as papermill does; if that ends in an exception, the notebook so far is kept in memory."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook; see papermill."""
        _left.clear()
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=PromptManager, **kwargs)
        except BaseException:
            _left.append(nb_man.nb)
            raise


def choose_provisioner() -> None:
    """Let the environment decide anew where kernels come from: jupyter_client asks it once in a process."""
    name = os.environ.get(wire.PROVISIONER_VARIABLE, "local-provisioner")
    KernelProvisionerFactory.instance().default_provisioner_name = name


def save_what_is_left(target: Path) -> None:
    """Write what an interrupted run left, if papermill has not written it."""
    if _left and not target.exists():
        write_ipynb(_left.pop(), str(target))


papermill_engines.register(NAME, KeepingEngine)
