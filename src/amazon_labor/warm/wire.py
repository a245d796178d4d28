"""What the processes of the warm kernels say to one another: JSON in single packets, sockets passed along."""

import json
import os
import socket
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SOCKET = "AMAZON_LABOR_WARM_SOCKET"  # address of the broker; without it every kernel is an ordinary one
PROVISIONER_VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
PROVISIONER = "amazon-labor-warm"
LAUNCHER = "ipykernel_launcher"
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LARGEST = 150_000  # bytes of a packet that every Linux takes without settings

# An interpreter reads these once, at its start or while it imports; all others can be set after the fork.
READ_AT_START = (
    "PYTHON",
    "MPL",
    "MATPLOTLIB",
    "OMP_",
    "OPENBLAS_",
    "MKL_",
    "BLIS_",
    "GOTO_",
    "KMP_",
    "NUMEXPR_",
    "TZ",
    "LC_",
    "LANG",
    "LD_",
    "HOME",
    "XDG_",
    "COVERAGE_",
)


def packet(message: Mapping[str, Any]) -> bytes:
    """Encode a message.

    Raises
    ------
    ValueError
        If it is larger than a packet may be.
    """
    raw = json.dumps(message).encode()
    if len(raw) > LARGEST:
        raise ValueError(f"the request has {len(raw)} bytes, a packet takes {LARGEST}")
    return raw


def received(connection: socket.socket) -> dict[str, Any] | None:
    """Take one message; None if the other end is closed."""
    raw = connection.recv(LARGEST)
    return dict(json.loads(raw)) if raw else None


def packets() -> socket.socket:
    """A socket on this machine that keeps messages apart."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment of a kernel: all but what leads to the broker, so that it does not know where it came from."""
    return {k: v for k, v in environment.items() if k not in (SOCKET, PROVISIONER_VARIABLE)}


def start_key(request: Mapping[str, Any]) -> str:
    """What must be equal for two kernels to come from one template: interpreter, its options, its environment at start."""
    environment = {k: v for k, v in request["env"].items() if k.startswith(READ_AT_START)}
    return json.dumps([request["python"], request["options"], environment], sort_keys=True)


def split(command: Sequence[str]) -> tuple[str, list[str], list[str]] | None:
    """Interpreter, its options and the kernel's arguments of a command; None if it does not start an ipykernel."""
    words = list(command)
    if LAUNCHER not in words or words[words.index(LAUNCHER) - 1] != "-m":
        return None
    place = words.index(LAUNCHER)
    return words[0], words[1 : place - 1], words[place + 1 :]


def same_python(python: str) -> bool:
    """Whether a command names this interpreter (a link to it in another environment is another one)."""
    return os.path.abspath(python) == os.path.abspath(sys.executable)  # noqa: PTH100 (resolving would follow the link)


def installed() -> tuple[tuple[str, int, int], ...]:
    """Signature of the code a template holds: this package's modules, and the folders packages are installed into."""
    folder = Path(__file__).resolve().parents[1]
    files = list(folder.rglob("*.py"))
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    found = []
    for path in [*sorted(files), *sorted(map(Path, places))]:
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)
