"""jupyter-cache with its parallel executor: cached.py OUT NOTEBOOK..."""

import shutil
import sys
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

if __name__ == "__main__":
    out = Path(sys.argv[1])
    copies = [Path(shutil.copy(path, out / Path(path).name)) for path in sys.argv[2:]]
    cache = get_cache(out / ".jupyter_cache")
    for path in copies:
        cache.add_nb_to_project(str(path))
    result = load_executor("local-parallel", cache).run_and_cache(timeout=600)
    if result.excepted or result.errored:
        raise SystemExit(f"failed: {result.excepted + result.errored}")
    for path in copies:
        _, merged = cache.merge_match_into_file(str(path))
        import nbformat

        nbformat.write(merged, str(path))
    shutil.rmtree(out / ".jupyter_cache")
