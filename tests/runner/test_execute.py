"""Real kernels: what a notebook may do to them, and that two runs give the same bytes."""

import json
import os
from pathlib import Path

from amazon_labor.runner import execute
from amazon_labor.runner.execute import Job, run_job

FAULTS = Path(__file__).parent / "notebooks"


def job(tree, path: Path, **changes) -> Job:
    fixed = {"cell_seconds": 60, "notebook_seconds": 120, "parameters": {}}
    return Job(
        path.stem, path.read_text(encoding="utf-8"), folder=str(tree.root), root=str(tree.root), **(fixed | changes)
    )


def fault(tree, name: str, **changes):
    return run_job(job(tree, next(FAULTS.glob(f"*_{name}.ipynb")), **changes))


def printed(result) -> str:
    cells = json.loads(result.text)["cells"]
    return "".join(line for c in cells for o in c.get("outputs", ()) for line in o.get("text", ()))


PROBE = """
import locale, os, sys, time
keys = ("PYTHONHASHSEED", "TZ", "LC_ALL", "MPLBACKEND", "SOURCE_DATE_EPOCH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
print({k: os.environ.get(k) for k in keys}, time.tzname[0], os.environ["AMAZON_LABOR_ROOT"] == os.getcwd())
print(list({"a", "b", "c", "d", "e"}), end_year, "PYTHONSTARTUP" in os.environ, "HOSTILE" in globals())
"""


def test_the_same_bytes_twice_whatever_the_person_has_set(tree, tmp_path, monkeypatch):
    path = tree.write("probe", 1, PROBE)
    first = run_job(job(tree, path, parameters={"end_year": 2022}))
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("HOSTILE = 1\n")
    for name, value in {
        "PYTHONSTARTUP": "x.py",
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "IPYTHONDIR": str(startup.parents[1]),
        "JUPYTER_PATH": str(tmp_path),
        "OMP_NUM_THREADS": "4",
    }.items():
        monkeypatch.setenv(name, value)
    before, folder = dict(os.environ), Path.cwd()
    second = run_job(job(tree, path, parameters={"end_year": 2022}))
    assert first.failure is None
    assert first.text == second.text
    assert "'PYTHONHASHSEED': '0', 'TZ': 'UTC', 'LC_ALL': 'C.UTF-8'" in printed(first)
    assert "2022 False False" in printed(first)
    assert "UTC True" in printed(first)
    assert dict(os.environ) == before
    assert Path.cwd() == folder


def test_parameters_are_injected_after_their_cell_with_a_fixed_id(tree):
    path = tree.write("plain", 1, "print(start_year, end_year)")
    result = run_job(job(tree, path, parameters={"start_year": 2001}))
    cells = json.loads(result.text)["cells"]
    assert [c["id"] for c in cells] == ["cell-00", "cell-01", "injected-parameters", "cell-02"]
    assert printed(result) == "2001 2021\n"
    assert "papermill" not in result.text


def test_a_value_that_is_code_stays_a_value(tree):
    path = tree.write("plain", 1, "print(label)", parameters='label: str = "a"  # free text')
    label = "\"; import os; os._exit(3) #'''"
    result = run_job(job(tree, path, parameters={"label": label}))
    assert printed(result) == f"{label}\n"


def test_a_raising_cell(tree):
    result = fault(tree, "raising_cell")
    assert result.failure.cell == 3
    assert result.failure.reason == "cell 3 raised ValueError: no revenue after 2021"
    assert "raise ValueError" in result.failure.traceback
    assert "\x1b" not in result.failure.traceback
    assert printed(result) == "3\n"
    assert [c["id"] for c in json.loads(result.text)["cells"]] == [f"cell-{i:02d}" for i in range(5)]


def test_a_dying_kernel_is_named_with_its_cell(tree):
    result = fault(tree, "dying_kernel")
    assert result.failure.cell == 2
    assert "the kernel died in cell 2" in result.failure.reason


def test_a_cell_that_ran_is_not_run_again(tree):
    mark = "import os\n\nwith open('runs', 'a') as file:\n    file.write('x')\nos._exit(9)"
    assert run_job(job(tree, tree.write("once", 1, mark))).failure.cell == 2
    assert (tree.root / "runs").read_text() == "x"


def test_an_endless_cell_ends_at_its_limit(tree):
    result = fault(tree, "endless_cell", cell_seconds=2)
    assert result.failure.cell == 3
    assert "cell 3 ran longer than 2 s (raise it: --timeout SECONDS)" in result.failure.reason
    assert printed(result) == "2019\n"
    assert result.seconds < 30


def test_a_notebook_has_a_limit_too(tree):
    result = fault(tree, "endless_cell", cell_seconds=60, notebook_seconds=4)
    assert "the notebook ran longer than 4 s in all" in result.failure.reason


def test_leaving_early_is_no_success(tree):
    """papermill counts sys.exit(0) as the end of a good run."""
    result = fault(tree, "exits_early")
    assert result.failure.cell == 2
    assert "sys.exit" in result.failure.reason


def test_a_kernel_that_never_starts_is_tried_again_a_few_times(tree, monkeypatch):
    import papermill

    tries = []

    def never(*_args, **_kwargs):
        tries.append(1)
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(papermill, "execute_notebook", never)
    result = run_job(job(tree, tree.write("plain", 1, "x = 1")))
    assert len(tries) == execute.STARTS
    assert result.failure.cell is None
    assert "did not start in 3 attempts" in result.failure.reason


def test_a_kernel_that_fails_once_gets_its_second_try(tree, monkeypatch):
    import papermill

    real, tries = papermill.execute_notebook, []

    def once(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*args, **kwargs)

    monkeypatch.setattr(papermill, "execute_notebook", once)
    assert run_job(job(tree, tree.write("plain", 1, "x = 1"))).failure is None
    assert len(tries) == 2


def test_the_time_of_a_cell_is_that_of_its_work_and_stands_at_its_place(tree):
    path = tree.write("timed", 1, "import time\ntime.sleep(0.4)", "x = 1")
    result = run_job(job(tree, path, parameters={"end_year": 2022}))
    took = dict(result.cells)
    assert list(took) == [1, 2, 3]  # the cell of injected parameters moves none
    assert max(took, key=lambda position: took[position]) == 2
    assert took[2] >= 0.4
    assert sum(took.values()) <= result.seconds


def test_papermill_gets_the_source_without_the_outputs_it_stores(tree, monkeypatch):
    import papermill

    given = []
    monkeypatch.setattr(papermill, "execute_notebook", lambda source, *_, **__: given.append(source))
    old = {"output_type": "stream", "name": "stdout", "text": "old"}
    ran = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "execution_count": 7, "outputs": [old]}
    text = json.dumps({"cells": [ran], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    run_job(Job("t", text, {}, str(tree.root), str(tree.root)))
    (cell,) = given[0].cells
    assert (cell.outputs, cell.execution_count, cell.source) == ([], None, "1")


def test_the_client_asks_soon_again_where_nothing_listens_yet():
    import zmq

    from amazon_labor.runner import engine

    client = engine.PromptClient()
    assert client.context.getsockopt(zmq.RECONNECT_IVL) == engine.RECONNECT < 100  # what zmq waits by itself
