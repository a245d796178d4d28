"""The command: exit statuses, messages, and that nothing is written or started for bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from amazon_labor import cli
from amazon_labor.runner import build as builder
from amazon_labor.runner import locks, pool

ROOT = Path(__file__).resolve().parents[1]
CELLS = """start_year: int = 2019  # first year; 2000 to 2021
end_year: int = 2021  # last year; 2001 to 2022
rate: float = 0.03  # weekly rate; 0.001 to 0.2
deflator: str = "cpi_u"  # price index; one of cpi_u, pce
"""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one notebook that would leave a mark if it ran."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}')
    (tmp_path / "data" / "claims.csv").write_text("claim_id,notebook,statement\nprofit-2021,amazon_profits,Profit\n")
    (tmp_path / "notebooks").mkdir()
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [
        {"cell_type": "markdown", "id": "cell-00", "metadata": {}, "source": "# T\n\n**Q?**"},
        code | {"id": "cell-01", "metadata": {"tags": ["parameters"]}, "source": CELLS},
        code | {"id": "cell-02", "metadata": {}, "source": "open('ran', 'w').close()"},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "08_turnover.ipynb").write_text(json.dumps(notebook))
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(words))
    return int(caught.value.code or 0)


BAD = [
    (["run", "turnover", "-p", "weekly_rate", "0.025"], "Did you mean 'rate'?"),
    (["run", "turnover", "-p", "start_yeer=1990"], "Did you mean 'start_year'?"),
    (["run", "turnover", "-p", "start_year", "abc"], "a whole number from 2000 to 2021"),
    (["run", "turnover", "-p", "rate", "1e400"], "too large for a number"),
    (["run", "turnover", "-p", "rate", "nan"], "not a number"),
    (["run", "turnover", "-p", "rate", "-1"], "too small"),
    (["run", "turnover", "-p", "start_year", "2021", "-p", "end_year", "2020"], "must come before"),
    (["run", "turnover", "-p", "x=1;import os;os.system('touch ran')#=1"], "there is no parameter"),
    (["run", "turnover", "-p", "x;y", "1"], "there is no parameter 'x;y'"),
    (["run", "turnover", "-p", "rate"], "not name=value"),
    (["run", "turnover", "-p", "rate=0.1", "-p", "rate=0.2"], "given twice"),
    (["run", "turnover", "--scenario", "high"], "no scenario 'high'"),
    (["run", "turnover", "-f", "none.yaml"], "cannot be read"),
    (["run", "turnvoer"], "Did you mean 'turnover'?"),
    (["build", "turnvoer"], "Did you mean 'turnover'?"),
    (["check", "turnvoer"], "Did you mean 'turnover'?"),
    (["accept", "turnvoer"], "Did you mean 'turnover'?"),
    (["list", "turnvoer"], "Did you mean 'turnover'?"),
    (["explain", "profit-2012"], "Did you mean 'profit-2021'?"),
    (["data", "describe", "amazon/annual"], "There is no table"),
    (["build", "--jobs", "-1"], "--jobs"),
    (["build", "--jobs", "many"], "neither auto nor a whole number from 0 (auto) to 256"),
    (["build", "--jobs", "257"], "neither auto nor a whole number"),
    (["build", "--progress", "xml"], "--progress"),
    (["run", "turnover", "--vintage", "2020-01-01"], "There is no vintage '2020-01-01'"),
    (["sweep", "turnover", "--over", "rate=0.1", "--vintage", "x"], "There is no vintage 'x'"),
    (["profile", "turnvoer"], "Did you mean 'turnover'?"),
    (["profile"], "There are no times"),
    (["verify", "--tolerance", "1e-9"], "--tolerance goes with --against"),
    (["verify", "--against", "x", "--tolerance", "2"], "not a number above 0 and at most 0.1"),
    (["build", "--timeout", "0"], "--timeout"),
    (["bild"], "bild"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(w)[:50] for w, _ in BAD])
def test_bad_input_ends_with_2_one_message_and_no_trace(checkout, capsys, words, message):
    before = {p: p.read_bytes() for p in checkout.rglob("*") if p.is_file()}
    assert command(*words) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert {p: p.read_bytes() for p in checkout.rglob("*") if p.is_file()} == before


def test_papermills_way_of_giving_parameters_is_understood():
    assert cli.joined_pairs(["run", "x", "-p", "a", "1", "-p", "b=2", "--force"]) == [
        "run",
        "x",
        "-p",
        "a=1",
        "-p",
        "b=2",
        "--force",
    ]
    assert cli.joined_pairs(["run", "x", "--parameter", "a", "-1"]) == ["run", "x", "--parameter", "a=-1"]
    assert cli.joined_pairs(["run", "x", "-p", "label", "a=b"]) == ["run", "x", "-p", "label=a=b"]
    assert cli.joined_pairs(["run", "x", "-p"]) == ["run", "x", "-p"]
    assert cli.joined_pairs(["build", "--jobs", "2"]) == ["build", "--jobs", "2"]


def test_the_command_line_overrides_the_file_and_reaches_the_runner(checkout, monkeypatch):
    seen = {}

    def run(name, given, scenario, options):
        seen.update(name=name, given=given, scenario=scenario, options=options)
        return 0

    monkeypatch.setattr(builder, "run", run)
    (checkout / "p.yaml").write_text("rate: 0.1\nstart_year: 2001\n")
    assert (
        command("run", "turnover", "-f", "p.yaml", "-p", "rate", "0.2", "-s", "x", "--timeout", "900", "--out", "o")
        == 0
    )
    assert seen["given"] == {"rate": "0.2", "start_year": "2001"}
    assert (seen["name"], seen["scenario"]) == ("turnover", "x")
    assert seen["options"].cell_seconds == 900
    assert seen["options"].notebook_seconds == 900  # a notebook may take as long as one of its cells
    assert seen["options"].out == checkout / "o"


@pytest.mark.parametrize("name", ["build", "run", "sweep"])
def test_a_vintage_is_read_and_its_reports_lie_apart(checkout, monkeypatch, name):
    from amazon_labor import paths
    from amazon_labor.runner import sweep

    folder = checkout / "data" / "vintages" / "2026-01-02"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text('{"resources": []}')
    monkeypatch.setenv(paths.VINTAGE, "")
    seen = []
    for module, function in ((builder, "build"), (builder, "run"), (sweep, "sweep")):
        monkeypatch.setattr(module, function, lambda *given: seen.extend(given) or 0)
    more = {"build": [], "run": ["turnover"], "sweep": ["turnover", "--over", "rate=0.1"]}[name]
    assert command(name, *more, "--vintage", "2026-01-02") == 0
    (how,) = [one for one in seen if hasattr(one, "cell_seconds")]
    assert how.out == checkout / "reports" / "vintages" / "2026-01-02"
    assert paths.vintage_dir() == folder


def test_options_of_a_build_reach_it(checkout, monkeypatch):
    seen = []
    monkeypatch.setattr(builder, "build", lambda *given: seen.append(given[1:]) or 0)
    words = "build --fail-fast --jobs auto --progress json --junit j.xml --no-annotations --profile"
    assert command(*words.split()) == 0
    ((how, tell),) = seen
    assert (how.fail_fast, how.jobs, how.bar, how.emit is not None) == (True, 0, False, True)
    wanted = tell.__self__
    assert (wanted.junit, wanted.annotations, wanted.profile) == (Path("j.xml"), False, True)
    assert command("build") == 0
    how, tell = seen[1]
    assert (how.fail_fast, how.jobs, how.bar, how.emit) == (False, 0, True, None)
    assert (tell.__self__.junit, tell.__self__.annotations, tell.__self__.profile) == (None, None, False)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (locks.BusyError("another build"), 3, "another build"),
        (pool.InterruptedBuildError(), 130, "interrupted"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device", "page.html"), 1, "page.html cannot be written or read (No space left"),
        (PermissionError(13, "Permission denied", "reports"), 1, "Permission denied"),
        (FileNotFoundError("No folder with data"), 2, "No folder with data"),
    ],
)
def test_each_ending_has_its_status(checkout, capsys, monkeypatch, error, status, message):
    def fail(*_args):
        raise error

    monkeypatch.setattr(builder, "build", fail)
    assert command("build") == status
    assert message in capsys.readouterr().err


def test_an_error_of_ours_is_not_hidden(checkout, monkeypatch):
    def fail(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(builder, "build", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main(["build"])


def test_a_broken_data_file_ends_with_1_and_names_it(checkout, capsys, monkeypatch):
    from amazon_labor import catalog_admin

    monkeypatch.setattr(catalog_admin, "check", lambda: ["data/a.csv: the content was changed"])
    assert command("data", "check") == 1
    assert "data/a.csv" in capsys.readouterr().out
    monkeypatch.setattr(catalog_admin, "check", list)
    assert command("data", "check") == 0
    (checkout / "data" / "datapackage.json").write_text("{")
    assert command("data", "describe") == 1
    assert "data/datapackage.json cannot be read" in capsys.readouterr().err


def test_the_commands_that_only_tell(checkout, capsys, monkeypatch):
    from amazon_labor import catalog_admin

    assert command("list") == 0
    assert command("list", "turnover") == 0
    assert command("explain", "turnover") == 0
    assert command("data", "describe") == 0
    assert command("clean", "--dry-run") == 0
    monkeypatch.setattr(catalog_admin, "write_readme", lambda: checkout / "data" / "README.md")
    assert command("data", "readme") == 0
    assert command("check") == 1
    out = capsys.readouterr().out
    for text in (
        "turnover  not built",
        "weekly rate",
        "it was never built",
        "Nothing to remove",
        "wrote data/README.md",
        "check: ",
    ):
        assert text in out
    assert not (checkout / "reports").exists()


def test_nothing_heavy_is_imported_before_something_must_run(checkout):
    """A build with nothing to do is Python, typer and hashing."""
    (checkout / "notebooks" / "08_turnover.ipynb").unlink()
    watch = (
        "import sys\nfrom amazon_labor.runner import build, session\nfrom amazon_labor import cli, paths\n"
        "everything, wanted = build.collection.read(())\nbuild.scenarios.load()\n"
        "heavy = {'pandas', 'numpy', 'papermill', 'nbconvert', 'nbformat', 'nbclient', 'jinja2', 'matplotlib', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    found = subprocess.run([sys.executable, "-c", watch], cwd=checkout, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_worker_that_imports_the_program_again_imports_no_command_line():
    look = "import sys, amazon_labor.__main__; print(sorted({'typer', 'amazon_labor.cli'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_names_the_exit_statuses(capsys):
    assert command("--help") == 0
    assert "3 another build" in " ".join(capsys.readouterr().out.split())
