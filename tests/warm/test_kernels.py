"""Warm kernels: real ones where they can be had, ordinary ones with a notice where not, and none left over."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from ipykernel.iostream import IOPubThread, OutStream

from amazon_labor.runner import execute
from amazon_labor.runner.execute import Job, JobResult, run_job
from amazon_labor.warm import broker, provisioner, serve, wire

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(serve.obstacle() is not None, reason=str(serve.obstacle()))


def notebook(*cells: str) -> str:
    made = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": c, "outputs": [], "execution_count": None}
        for i, c in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def printed(result: JobResult) -> list[str]:
    """What the cells printed, one text for each."""
    assert result.failure is None, result.failure
    cells = json.loads(result.text)["cells"]
    return ["".join("".join(o.get("text", "")) for o in c["outputs"]).strip() for c in cells]


@pytest.fixture
def run(warm, tmp_path):
    def run(*cells: str, cell_seconds: float = 120) -> JobResult:
        return run_job(Job("t", notebook(*cells), {}, str(tmp_path), str(ROOT), cell_seconds=cell_seconds, warm=True))

    return run


PARENT = "import psutil; print(' '.join(psutil.Process().parent().cmdline()))"


def test_a_kernel_is_forked_and_finds_everything_imported(run):
    result = run(PARENT, "import sys; print('pandas' in sys.modules and 'scipy.stats' in sys.modules)")
    parent, imported = printed(result)
    assert "amazon_labor.warm.template" in parent
    assert imported == "True"
    assert result.notices == ()


def test_models_are_there_for_the_second_kernel_and_the_first_does_not_wait_for_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MPL_OF_ITS_OWN", "1")  # no other test has a template for this
    with serve.started() as (warm, reason):
        assert warm is not None, reason
        for name, value in warm.environment.items():
            monkeypatch.setenv(name, value)
        look = "import sys; print('statsmodels.api' in sys.modules)"
        first, second = (
            printed(run_job(Job("t", notebook(look), {}, str(tmp_path), str(ROOT), warm=True))) for _ in range(2)
        )
    assert (first, second) == (["False"], ["True"])


ORDER = "import sys\nfor k in range(40):\n    print('out', k)\n    display(k)\n    print('err', k, file=sys.stderr)\n    display(-k)"


def test_printed_and_shown_keep_their_order(run):
    result = run("from IPython.display import display", ORDER)
    assert result.failure is None
    found = json.loads(result.text)["cells"][1]["outputs"]
    said = [
        "".join(o["text"]).split()[0] if o["output_type"] == "stream" else "".join(o["data"]["text/plain"])
        for o in found
    ]
    assert said == [word for k in range(40) for word in ("out", str(k), "err", str(-k))]


class _Thread(IOPubThread):
    """Stands for the thread that sends: counts what it is asked to do."""

    def __init__(self) -> None:
        self.asked = 0
        self.thread = self
        self.ident = self.io_loop = None

    def is_alive(self) -> bool:
        return True

    def schedule(self, call):
        self.asked += 1
        if call.__name__ == "set":  # the sign that a flush is done
            call()


def test_a_stream_with_nothing_to_say_waits_for_nobody():
    from jupyter_client.session import Session

    from amazon_labor.warm import streams

    asked = {}
    for kind in (OutStream, streams.PromptStream):
        thread = _Thread()
        stream = kind(Session(), thread, "stdout", watchfd=False)
        stream.flush()
        silent, _ = thread.asked, stream.write("a word")
        before = thread.asked
        stream.flush()
        asked[kind] = silent, thread.asked - before
    assert asked == {OutStream: (2, 2), streams.PromptStream: (0, 2)}


def test_a_forked_kernel_sees_what_an_ordinary_one_sees(run, tmp_path):
    looks = (
        "import os, sys; print(sys.argv[0], sys.argv[-1], sys.path, sys.flags, sys.stdin.closed)",
        "print(os.getcwd(), sorted(k for k in os.environ if k != '_'), __name__, sys.modules['__main__'].__dict__ is globals())",
        "import signal; print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGTERM), os.getsid(0) == os.getpid())",
        "import matplotlib; print(matplotlib.get_backend(), matplotlib.rcParams['figure.dpi'], matplotlib.rcParams['figure.figsize'])",
        "import warnings; print(len([f for f in warnings.filters if f[0] == 'error']), os.umask(0o22), os.nice(0))",
        "import pandas as pd; print({k: pd.get_option(k) for k in sorted(pd._config.config._registered_options)})",
        "import numpy, matplotlib.pyplot; print(numpy.get_printoptions())",
        # an ordinary kernel becomes interactive with its first figure
        "print({k: v for k, v in matplotlib.rcParams.items() if k != 'interactive'})",
        "import builtins; print(type(builtins.get_ipython()).__name__, type(get_ipython()).__name__)",
        "import threading; print(sorted(t.name.split('-')[0] for t in threading.enumerate() if t.name != 'IPythonHistorySavingThread'))",
    )
    cold = run_job(Job("t", notebook(*looks), {}, str(tmp_path), str(ROOT)))
    forked, ordinary = printed(run(*looks)), printed(cold)
    for one, other in zip(forked, ordinary, strict=True):
        assert _same(one) == _same(other)


def _same(text: str) -> str:
    """Without what differs between any two kernels, and the thread that only watches for the parent's end."""
    return text.replace("'Thread', ", "").replace("'ParentPollerUnix', ", "")


def test_kernels_share_no_state(run, tmp_path):
    (tmp_path / "local_module.py").write_text("here = True\n")
    changes = (
        "import os, numpy as np, random; os.environ['LEFT'] = '1'; np.pi = 3; print(np.random.rand(), random.random())"
    )
    asks = "import os, numpy as np, random; print(os.environ.get('LEFT'), np.pi, np.random.rand(), random.random())"
    first, second = printed(run(changes))[0].split(), printed(run(asks, "import local_module"))[0].split()
    assert second[:2] == ["None", "3.141592653589793"]
    assert first[0] != second[2]  # numpy's legacy generator keeps its state over a fork unless it is seeded anew
    assert first[1] != second[3]


def test_figures_of_plain_matplotlib_arrive(run, tmp_path):
    cells = (
        "import matplotlib.pyplot as plt",
        "_ = plt.plot([1, 3, 2])",
        "fig, ax = plt.subplots(); ax.bar([1, 2], [3, 4]); fig",
    )
    outputs = []
    for result in (run(*cells), run_job(Job("t", notebook(*cells), {}, str(tmp_path), str(ROOT)))):
        assert result.failure is None
        outputs.append([c["outputs"] for c in json.loads(result.text)["cells"]])
    warm_outputs, cold_outputs = outputs
    assert [sorted(o.get("data", ())) for o in warm_outputs[1]] == [["image/png", "text/plain"]]
    assert warm_outputs == cold_outputs


def test_a_cell_that_takes_too_long_is_interrupted(run):
    result = run("import time; time.sleep(60)", cell_seconds=1)
    assert result.failure is not None
    assert "ran longer than 1 s" in result.failure.reason


def test_a_kernel_that_dies_is_reported(run):
    result = run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert result.failure is not None
    assert "the kernel died in cell 0" in result.failure.reason


def test_exit_handlers_run_as_in_an_ordinary_kernel(warm, tmp_path):
    mark = tmp_path / "mark"
    source = tmp_path / "in.ipynb"
    source.write_text(
        notebook(f"import atexit, pathlib; _ = atexit.register(pathlib.Path({str(mark)!r}).touch)", PARENT)
    )
    command = [sys.executable, "-m", "jupyter", "execute", str(source), "--output", "out.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=_tool_environment(warm))
    assert done.returncode == 0, done.stderr
    assert "amazon_labor.warm.template" in (tmp_path / "out.ipynb").read_text()
    assert mark.exists()


def _tool_environment(warm: serve.Warm) -> dict[str, str]:
    return execute.inherited(str(ROOT)) | warm.environment


@pytest.mark.parametrize(
    "command",
    [
        ["papermill", "in.ipynb", "out.ipynb", "--no-progress-bar", "-k", "python3"],
        ["jupyter", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "in.ipynb"],
    ],
    ids=["papermill", "nbconvert"],
)
def test_other_tools_use_it_unchanged(warm, tmp_path, command):
    (tmp_path / "in.ipynb").write_text(notebook(PARENT))
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, env=_tool_environment(warm)
    )
    assert done.returncode == 0, done.stderr
    assert "amazon_labor.warm.template" in (tmp_path / "out.ipynb").read_text()


# ---------------------------------------------------------------- refusals


def test_a_parent_with_threads_is_not_forked(warm, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, threading\nif any('warm.template' in a for a in sys.orig_argv):\n"
        "    threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = run_job(Job("t", notebook(PARENT), {}, str(tmp_path), str(ROOT), warm=True))
    assert "amazon_labor.warm.template" not in printed(result)[0]
    assert [n for n in result.notices if "2 threads" in n]


@pytest.mark.parametrize(
    ("address", "python", "words"),
    [("/nowhere/s", sys.executable, "does not answer"), ("/nowhere/s", "/usr/bin/python3", "another interpreter")],
)
def test_without_an_answer_an_ordinary_kernel_is_asked_for(monkeypatch, address, python, words):
    monkeypatch.setenv(wire.SOCKET, address)
    with pytest.raises(provisioner.Refused, match=words):
        provisioner.asked([python, "-m", wire.LAUNCHER, "-f", "x.json"], {})


def test_other_languages_and_programs_without_a_broker_are_left_alone(monkeypatch):
    monkeypatch.setenv(wire.SOCKET, "/nowhere/s")
    assert provisioner.asked(["R", "--slave", "-e", "IRkernel::main()"], {}) is None
    monkeypatch.delenv(wire.SOCKET)
    assert provisioner.asked([sys.executable, "-m", wire.LAUNCHER, "-f", "x.json"], {}) is None


def test_a_request_too_large_for_a_packet_is_refused(warm, monkeypatch):
    monkeypatch.setenv(wire.SOCKET, warm.address)
    with pytest.raises(provisioner.Refused, match="bytes"):
        provisioner.asked([sys.executable, "-m", wire.LAUNCHER, "-f", "x.json"], {"env": {"A": "x" * 200_000}})


def test_a_bad_request_is_answered_and_ends_nothing(warm, run):
    with wire.packets() as connection:
        connection.connect(warm.address)
        connection.send(b'{"env": 3}')
        answer = wire.received(connection)
    assert answer is not None
    assert "refused" in answer
    assert "amazon_labor.warm.template" in printed(run(PARENT))[0]


# ---------------------------------------------------------------- staleness


def test_a_template_is_replaced_when_environment_or_package_change(monkeypatch):
    class Fake:
        def __init__(self) -> None:
            self.sent: list[bytes] = []
            self.process = self
            self.line = self
            self.installed = broker.wire.installed()

        def poll(self):
            return None

        def send(self, raw: bytes) -> None:
            self.sent.append(raw)

    made: list[Fake] = []
    monkeypatch.setattr(broker, "started", lambda *_: made.append(Fake()) or made[-1])
    one = broker.Broker()
    request = {"python": "p", "options": [], "env": {"PYTHONHASHSEED": "0", "IPYTHONDIR": "a"}, "prepare": True}
    one.serve(request, None)
    one.serve(
        {**request, "env": {**request["env"], "IPYTHONDIR": "b"}}, None
    )  # read by the kernel itself: no difference
    assert len(made) == 1
    one.serve({**request, "env": {"PYTHONHASHSEED": "1"}}, None)
    assert len(made) == 2
    monkeypatch.setattr(wire, "installed", lambda: (("trends.py", 1, 1),))
    one.serve(request, None)
    assert len(made) == 3
    assert json.loads(made[0].sent[0]) == {"retire": True}
    for seed in "2345":
        one.serve({**request, "env": {"PYTHONHASHSEED": seed}}, None)
    assert len(one.templates) == broker.TEMPLATES


def test_installed_sees_a_changed_module(tmp_path, monkeypatch):
    before = wire.installed()
    assert before == wire.installed()
    assert any(name.endswith("methods/trends.py") for name, _, _ in before)
    monkeypatch.setattr(wire.sysconfig, "get_path", lambda _name: str(tmp_path))
    here = wire.installed()
    (tmp_path / "new_package").mkdir()
    os.utime(tmp_path, ns=(1, 1))
    assert wire.installed() != here


# ---------------------------------------------------------------- ends

SLEEPER = "import os, pathlib, time; pathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()}'); time.sleep(300)"
OWNER = """
import os, sys
from amazon_labor.runner.execute import Job, run_job
from amazon_labor.warm import serve
with serve.started() as (warm, reason):
    print(warm.process.pid, flush=True)
    os.environ.update(warm.environment)
    run_job(Job("t", open("in.ipynb").read(), {}, os.getcwd(), os.environ["ROOT"], warm=True))
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_its_owner(tmp_path, ending):
    (tmp_path / "in.ipynb").write_text(notebook(SLEEPER))
    environment = execute.inherited(str(ROOT)) | {"ROOT": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as owner:
        assert owner.stdout is not None
        pids = [int(owner.stdout.readline())]
        _until(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().count(" ") == 1)
        pids += map(int, (tmp_path / "pids").read_text().split())
        assert all(map(psutil.pid_exists, pids))
        owner.send_signal(ending)
        _until(lambda: not any(_alive(pid) for pid in pids))
        owner.kill()


def test_a_template_that_is_killed_takes_its_kernels_and_is_replaced(run):
    result = run("import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(30)")
    assert result.failure is not None
    assert "the kernel died" in result.failure.reason
    assert "amazon_labor.warm.template" in printed(run(PARENT))[0]


def test_a_client_that_leaves_takes_its_kernel(warm, monkeypatch, tmp_path):
    environment = execute.inherited(str(ROOT))
    command = [sys.executable, "-m", wire.LAUNCHER, "-f", str(tmp_path / "made-by-the-kernel.json")]
    monkeypatch.setenv(wire.SOCKET, warm.address)
    kernel = provisioner.asked(command, {"env": environment, "cwd": "/"})
    assert kernel is not None
    assert _alive(kernel.pid)
    kernel._connection.close()
    _until(lambda: not _alive(kernel.pid))


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _until(true, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def test_the_broker_removes_its_socket_when_the_owner_is_gone():
    found = serve.start()
    folder = Path(found.address).parent
    found.lifeline.close()
    found.process.wait(10)
    assert not folder.exists()


def test_a_broker_that_does_not_start_is_an_obstacle_not_a_failure(monkeypatch):
    monkeypatch.setattr(serve.sys, "executable", "/bin/false")
    with serve.started() as (found, reason):
        assert found is None
        assert "did not start" in str(reason)


@pytest.mark.parametrize(("platform", "words"), [("darwin", "need Linux"), ("win32", "need Linux")])
def test_other_systems_get_ordinary_kernels(monkeypatch, platform, words):
    monkeypatch.setattr(serve.sys, "platform", platform)
    with serve.started() as (found, reason):
        assert found is None
        assert words in str(reason)


def test_who_asks_for_an_ordinary_kernel_gets_one_though_warm_ones_are_in_reach(warm, tmp_path):
    assert os.environ[wire.SOCKET] == warm.address
    parent = printed(run_job(Job("t", notebook(PARENT), {}, str(tmp_path), str(ROOT))))[0]
    assert "amazon_labor.warm.template" not in parent
    assert os.environ[wire.SOCKET] == warm.address
