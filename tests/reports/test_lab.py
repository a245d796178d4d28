"""JupyterLab as `make lab` opens it: Run All goes through a notebook in order and shows its figures and badges."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-this-test"
# all of them with LAB_NOTEBOOKS=all; three here, because each takes as long as its own computing
SOME = ("01_amazon_profits", "15_states", "23_first_contracts")
ALL = tuple(p.stem for p in sorted((ROOT / "notebooks").glob("*.ipynb")))
CHOSEN = ALL if os.environ.get("LAB_NOTEBOOKS") == "all" else SOME
RUN_ALL_MS = 180_000

# what the notebook's document holds, asked of the running application
OUTPUTS = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  return panel.content.widgets.filter(w => w.model.type === 'code').map(w => ({
    count: w.model.executionCount,
    mimes: [...Array(w.model.outputs.length).keys()].map(k => w.model.outputs.get(k)).map(o =>
      ({ type: o.type, data: Object.keys(o.data), text: o.type === 'error' ? String(o.toJSON().evalue) : '' })),
  }));
}"""
IDLE = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const cells = (panel?.content?.widgets ?? []).filter(w => w.model.type === 'code');
  return cells.length > 0 && panel.sessionContext.session?.kernel?.status === 'idle' && cells.every(c => c.model.executionCount);
}"""


@dataclass
class Lab:
    """A server on this machine, over a copy of the collection."""

    address: str
    folder: Path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("collection")
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for stem in CHOSEN:
        strip(folder / "notebooks" / f"{stem}.ipynb")
    port = free_port()
    own = {f"JUPYTER_{k}_DIR": str(folder / f".{k.lower()}") for k in ("CONFIG", "RUNTIME", "DATA")}
    command = [sys.executable, "-m", "jupyter", *options_of_make_lab(), "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    environment = os.environ | own | {"AMAZON_LABOR_ROOT": str(folder)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api?token={TOKEN}")
            yield Lab(address, folder)
        finally:
            server.terminate()
            server.wait(20)


def options_of_make_lab() -> list[str]:
    recipe = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "jupyter lab" in line)
    return recipe.split("jupyter ", 1)[1].split()


def strip(path: Path) -> None:
    """Take the stored outputs away, so that what is seen was computed here."""
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps(book), encoding="utf-8")


def wait_for(address: str, seconds: int = 90) -> None:
    for _ in range(seconds * 4):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail("JupyterLab did not start")


@pytest.mark.parametrize("stem", CHOSEN)
def test_run_all_goes_through_and_shows_figures_and_badges(browser: Any, lab: Lab, stem: str, tmp_path: Path) -> None:
    stored = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    try:
        page.goto(f"{lab.address}/lab/tree/notebooks/{stem}.ipynb?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(IDLE, timeout=RUN_ALL_MS)
        cells = page.evaluate(OUTPUTS)
        shot(page, stem)
    finally:
        context.close()
    assert [e for c in cells for e in c["mimes"] if e["type"] == "error"] == []
    assert [c["count"] for c in cells] == list(range(1, len(cells) + 1)), "run in order, each once"
    assert [[sorted(m["data"]) for m in c["mimes"]] for c in cells] == [
        [sorted(o.get("data", {})) for o in c["outputs"]] for c in stored["cells"] if c["cell_type"] == "code"
    ]


def shot(page: Any, stem: str) -> None:
    """Keep a picture where LAB_SHOTS names a folder, to be looked at."""
    if folder := os.environ.get("LAB_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for k in range(6):
            page.evaluate(f"""() => {{ const n = document.querySelector('.jp-WindowedPanel-outer') ?? document.querySelector('.jp-Notebook');
                n.scrollTop = n.scrollHeight * {k} / 6; }}""")
            page.wait_for_timeout(600)
            page.screenshot(path=str(Path(folder) / f"{stem}-{k}.png"))
