"""The code of notebooks alone, in processes forked after all imports: floor.py PROCESSES NOTEBOOK...

Prints the wall time in seconds without the imports.
"""

import json
import os
import sys
import time
from pathlib import Path

from amazon_labor.warm import template


def run(path: Path) -> None:
    """Run the code cells of a notebook in a shell of its own, outputs captured."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from matplotlib_inline import backend_inline

    os.chdir(path.parent)
    shell = InteractiveShell.instance()
    backend_inline._enable_matplotlib_integration()
    with capture_output():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                result = shell.run_cell("".join(cell["source"]), store_history=True)
                result.raise_error()


def share(paths: list[Path]) -> None:
    """Run notebooks one after the other, each in a forked process."""
    for path in paths:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                run(path)
                status = 0
            finally:
                os._exit(status)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            raise SystemExit(f"{path} failed")


def main(processes: int, paths: list[Path]) -> None:
    """Divide the notebooks over processes and wait for all."""
    template.warm_up()
    template.warm_up_models()
    from IPython.core import interactiveshell  # noqa: F401 (before the clock starts)

    began = time.monotonic()
    pids = []
    for k in range(processes):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                share(paths[k::processes])
                status = 0
            finally:
                os._exit(status)
        pids.append(pid)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    if any(statuses):
        raise SystemExit("a notebook failed")
    print(f"{time.monotonic() - began:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(p).resolve() for p in sys.argv[2:]])
