"""Building again whenever something changes, with the pages in a browser that load themselves again."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from amazon_labor import paths
from amazon_labor.runner import digests, serving
from amazon_labor.runner.session import Options
from amazon_labor.warm import serve as kernels

PAUSE = 0.3  # seconds between two looks at the files
Signature = tuple[tuple[str, int, int], ...]


def signature(folders: Iterable[Path]) -> Signature:
    """Names, times and sizes of all files below some folders: enough to know that something is worth a closer look."""
    found = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if "__pycache__" not in p.parts and p.suffix != ".pyc"):
            try:
                about = path.stat()
            except OSError:
                continue  # gone between the two calls
            if not path.is_dir():
                found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


def watched() -> list[Path]:
    """Folders whose files make a difference to a build."""
    return [paths.notebooks_dir(), paths.data_dir(), digests.package_folder()]


def watch(names: list[str], options: Options, port: int, stop: Callable[[], bool] = lambda: False) -> int:
    """Build, serve, and build again after every change until interrupted.

    Returns
    -------
    int
        Exit status 0: a notebook that fails is named and watched on, since its author is about to mend it.
    """
    version = serving.Version()
    server = serving.server(options.out, port, version)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options.write(f"Reports: http://{serving.HOST}:{server.server_address[1]}/ (Ctrl-C ends)")
    seen: Signature | None = None
    try:
        with kernels.started() if options.warm else contextlib.nullcontext((None, None)) as (warm, reason):
            if reason:
                options.write(f"Every kernel is started afresh: {reason}.")
            while not stop():
                now = signature(watched())
                if now == seen:
                    time.sleep(PAUSE)
                    continue
                seen = now
                _build(names, options, warm.environment if warm else {})
                version.next()
    except KeyboardInterrupt:
        options.write("Ended.")
    finally:
        server.shutdown()
        server.server_close()
    return 0


def serve(options: Options, port: int) -> int:
    """Serve the reports as they are until interrupted."""
    server = serving.server(options.out, port)
    options.write(f"Reports: http://{serving.HOST}:{server.server_address[1]}/ (Ctrl-C ends)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        options.write("Ended.")
    finally:
        server.server_close()
    return 0


def _build(names: list[str], options: Options, kernels_of: dict[str, str]) -> None:
    """Build in a process of its own, which sees the package as it is now; kernels stay warm in between."""
    command = [sys.executable, "-m", "amazon_labor", "build", *names, "--out", str(options.out)]
    limits = ["--timeout", str(options.cell_seconds), "--notebook-timeout", str(options.notebook_seconds)]
    cold = [] if options.warm else ["--cold"]
    subprocess.run(
        [*command, *limits, *cold, "--jobs", str(options.jobs)], env={**os.environ, **kernels_of}, check=False
    )
