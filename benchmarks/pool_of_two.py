"""papermill's API and nbconvert's exporter in two processes: pool_of_two.py OUT NOTEBOOK..."""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbconvert
import papermill


def one(job: tuple[str, str]) -> None:
    """Run and render one notebook."""
    source, out = Path(job[0]), Path(job[1])
    target = out / source.name
    papermill.execute_notebook(
        str(source), str(target), kernel_name="python3", progress_bar=False, cwd=str(source.parent)
    )
    html, _ = nbconvert.HTMLExporter().from_filename(str(target))
    target.with_suffix(".html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        list(executor.map(one, [(path, sys.argv[1]) for path in sys.argv[2:]]))
