"""The process that hands requests for kernels to templates, and replaces a template that has become stale.

``python -m amazon_labor.warm.broker SOCKET LIFELINE``: SOCKET is the path to listen on, LIFELINE the number of an open
socket whose other end belongs to the owner. It imports nothing but the standard library and never runs a notebook's code.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amazon_labor.warm import wire

TEMPLATES = 3  # environments kept warm at once


@dataclass
class Template:
    """A process with everything imported; `line` carries requests, and its closing ends the process."""

    process: "subprocess.Popen[bytes]"
    line: socket.socket
    installed: tuple[tuple[str, int, int], ...]


@dataclass
class Broker:
    """Templates by what an interpreter reads at its start, the latest used last; `retired` wait for their kernels."""

    templates: dict[str, Template] = field(default_factory=dict)
    retired: list[Template] = field(default_factory=list)

    def serve(self, request: dict[str, Any], client: socket.socket) -> None:
        """Pass a request and its connection to a template, starting one if none fits.

        A request to prepare only starts the template, so that it imports while its first client does so too.
        """
        key = wire.start_key(request)
        template = self.templates.pop(key, None)
        now = wire.installed()
        if template is not None and (template.process.poll() is not None or template.installed != now):
            self._retire(template)
            template = None
        if template is None:
            template = started(request, now)
        self.templates[key] = template
        while len(self.templates) > TEMPLATES:
            self._retire(self.templates.pop(next(iter(self.templates))))
        if not request.get("prepare"):
            socket.send_fds(template.line, [wire.packet(request)], [client.fileno()])

    def _retire(self, template: Template) -> None:
        with contextlib.suppress(OSError):
            template.line.send(wire.packet({"retire": True}))
        self.retired = [t for t in [*self.retired, template] if t.process.poll() is None]


def started(request: dict[str, Any], installed: tuple[tuple[str, int, int], ...]) -> Template:
    """Start a template in the environment of the first kernel it is wanted for."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [request["python"], *request["options"], "-m", "amazon_labor.warm.template", str(theirs.fileno())]
    with theirs:
        process = subprocess.Popen(
            command, env=request["env"], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
    return Template(process, ours, installed)


def main(path: str, lifeline: int) -> None:
    """Serve until the owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's: it closes the line when it is done
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    broker = Broker()
    owner = socket.socket(fileno=lifeline)
    server = wire.packets()
    server.bind(f"{path}.new")
    server.listen(64)
    Path(f"{path}.new").rename(path)  # who sees the path can connect to it
    with selectors.DefaultSelector() as selector:
        selector.register(owner, selectors.EVENT_READ, owner)
        selector.register(server, selectors.EVENT_READ, server)
        try:
            while all(key.data is not owner for key, _ in selector.select()):
                client, _ = server.accept()
                with client:
                    _answer(broker, client)
        finally:
            _tidy(path)


def _answer(broker: Broker, client: socket.socket) -> None:
    """One bad request, or a client that went away, must not end the kernels of the others."""
    try:
        client.settimeout(5)
        request = wire.received(client)
        if request is not None:
            client.settimeout(None)
            broker.serve(request, client)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        with contextlib.suppress(OSError):
            client.send(wire.packet({"refused": f"{type(error).__name__}: {error}"}))


def _tidy(path: str) -> None:
    """Remove the socket and the folder made for it: the owner may not be there to do it."""
    with contextlib.suppress(OSError):
        Path(path).unlink()
        Path(path).parent.rmdir()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
