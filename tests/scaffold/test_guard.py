"""The hook before a commit refuses a large file, what looks like a secret, and a notebook with traces of a run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from amazon_labor.parameters import InputError
from amazon_labor.scaffold import guard

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "notebooks/12_young_workers.ipynb"
# put together here, so that no line of this file looks like a secret itself
KEYS = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a key of Amazon Web Services": "id = AKIA" + "ABCDEFGHIJKLMNOP",
    "a token of GitHub": "ghp_" + "a1" * 18,
    "a token of Slack": "xoxb-" + "1234567890-abc",
    "a key of Google": "AIza" + "b" * 35,
    "a key of a service": "sk-" + "c3" * 20,
    "a password": "pass" + 'word = "correct7horse9battery"',
}
INNOCENT = [
    "password = os.environ['PASSWORD']",
    'api_key = ""',
    "the secret ballot of 2022",
    'token: "short1"',
    "sk-learn",
    "a" * 200,
]


def found(name: str, raw: bytes) -> list[str]:
    return list(guard.faults(name, raw))


@pytest.mark.parametrize("kind", KEYS)
def test_what_looks_like_a_secret_is_refused_and_not_repeated(kind):
    faults = found("x.py", f"first\n{KEYS[kind]}\n".encode())
    assert [kind in fault and "line 2" in fault for fault in faults] == [True]
    assert KEYS[kind].split()[-1].strip('"') not in faults[0]


@pytest.mark.parametrize("line", INNOCENT)
def test_what_is_no_secret_passes(line):
    assert found("x.py", line.encode()) == []


def test_a_large_file_is_refused_and_one_at_the_limit_is_not():
    assert "it is 3.1 MB, more than 3 MB" in found("data/x.csv", b"1\n" * 1_550_000)[0]
    assert found("data/x.csv", b"1\n" * (guard.LARGEST // 2)) == []


def test_a_clean_notebook_passes_and_one_with_traces_of_a_run_does_not():
    raw = (ROOT / NOTEBOOK).read_bytes()
    assert found(NOTEBOOK, raw) == []
    book = json.loads(raw)
    book["cells"][2]["metadata"] = {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}}
    book["cells"][4]["execution_count"] = 77
    faults = " ".join(found(NOTEBOOK, json.dumps(book).encode()))
    assert "cell 2: its metadata holds 'execution'" in faults
    assert "not all code cells hold the outputs of one run" in faults
    assert found("tests/runner/notebooks/91_raising_cell.ipynb", json.dumps(book).encode()) == []
    assert "is not JSON" in found(NOTEBOOK, b"{")[0]


def test_nothing_tracked_here_would_be_refused():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: tracked files cannot be listed")
    names = [n for n in listed.stdout.decode().split("\0") if n and (ROOT / n).is_file()]
    assert [f"{n}: {f}" for n in names for f in found(n, (ROOT / n).read_bytes())] == []


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    root = tmp_path / "a copy"
    (root / "data").mkdir(parents=True)
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "data/datapackage.json", root / "data")
    environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.org"}
    environment |= {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.org", "AMAZON_LABOR_ROOT": str(root)}
    environment["AMAZON_LABOR_BIN"] = str(Path(sys.executable).parent)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run(["git", "init", "--quiet", "."], cwd=root, check=True)
    guard.install()
    return root


def commit(root: Path, name: str, content: str | bytes) -> tuple[int, str]:
    path = root / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    subprocess.run(["git", "add", name], cwd=root, check=True)
    done = subprocess.run(["git", "commit", "-m", "x"], cwd=root, capture_output=True, text=True, check=False)
    subprocess.run(["git", "rm", "--cached", "--quiet", "-f", name], cwd=root, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_hook_refuses_and_lets_pass(repository):
    book = json.loads((ROOT / NOTEBOOK).read_bytes())
    book["metadata"]["papermill"] = {"start_time": "2026-01-01"}
    for name, content, message in (
        ("data/large.csv", b"1\n" * 2_000_000, "more than 3 MB"),
        ("settings.py", KEYS["a password"] + "\n", "looks like a password"),
        (NOTEBOOK, json.dumps(book), "metadata.papermill belongs to an editor or a run"),
        ("untidy.py", "import os\n", "F401"),
        ("untidy.py", "x = {'a':1}\n", "would be reformatted"),
    ):
        status, said = commit(repository, name, content)
        assert (status != 0, message in said) == (True, True), said
    status, said = commit(repository, "plain name.py", "x = 1\n")
    assert status == 0, said


def test_the_hook_looks_at_what_is_staged_and_not_at_the_folder(repository, capsys):
    (repository / "a.py").write_text(KEYS["a password"])
    subprocess.run(["git", "add", "a.py"], cwd=repository, check=True)
    (repository / "a.py").write_text("x = 1\n")
    assert guard.guard([], print) == 1
    assert guard.guard([str(repository / "a.py")], print) == 0
    with pytest.raises(InputError, match=r"no file 'b\.py'"):
        guard.guard(["b.py"], print)


def test_another_hook_is_left_alone_and_our_own_is_renewed(repository):
    hook = repository / ".git/hooks/pre-commit"
    guard.install()
    hook.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(InputError, match="another hook already"):
        guard.install()
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"


def test_the_configuration_of_pre_commit_fetches_nothing():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [r["repo"] for r in repos] == ["local"]
    assert {h["language"] for h in repos[0]["hooks"]} == {"system"}
    assert all(h["entry"].startswith(".venv/bin/") for h in repos[0]["hooks"])
