"""Addresses of Binder come from the address of the repository alone, and nothing else gets into them."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from amazon_labor import cli, launch, paths
from amazon_labor.parameters import InputError

ROOT = Path(__file__).resolve().parents[1]
LAB = "HEAD?labpath=notebooks%2F08_turnover.ipynb"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}')
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    monkeypatch.delenv(launch.VARIABLE, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("https://github.com/someone/some-thing", "gh/someone/some-thing"),
        ("https://github.com/someone/thing.git", "gh/someone/thing"),
        ("https://github.com/someone/thing/", "gh/someone/thing"),
        ("https://gitlab.com/a/b/c", "gl/a%2Fb%2Fc"),
        ("https://git.example.org/a/b", "git/https%3A%2F%2Fgit.example.org%2Fa%2Fb"),
    ],
)
def test_the_address_follows_the_repository(checkout, monkeypatch, repository, words):
    monkeypatch.setenv(launch.VARIABLE, repository)
    assert launch.link("08_turnover") == f"https://mybinder.org/v2/{words}/{LAB}"


def test_the_citation_names_it_too_and_the_environment_wins(checkout, monkeypatch):
    (checkout / "CITATION.cff").write_text("repository-code: https://github.com/a/b\n")
    assert launch.link("08_turnover") == f"https://mybinder.org/v2/gh/a/b/{LAB}"
    monkeypatch.setenv(launch.VARIABLE, "https://github.com/c/d")
    assert launch.link("08_turnover") == f"https://mybinder.org/v2/gh/c/d/{LAB}"


@pytest.mark.parametrize("text", [None, "", "title: no address\n", "repository-code:\n"])
def test_without_a_repository_there_is_no_address(checkout, text):
    if text is not None:
        (checkout / "CITATION.cff").write_text(text)
    assert launch.link("08_turnover") is None
    with pytest.raises(InputError, match="AMAZON_LABOR_REPOSITORY=https://HOST/OWNER/NAME"):
        launch.told("08_turnover")


@pytest.mark.parametrize(
    "repository",
    [
        "http://github.com/a/b",
        "https://github.com/a",
        "javascript:alert(1)",
        "https://github.com/a/b?x=1",
        'https://github.com/a/b"onclick="x',
        "https://x@github.com/a/b",
        "https://github.com/../b",
        "https://github.com/a/b\n",
        "git@github.com:a/b.git",
    ],
)
def test_what_is_no_address_of_a_repository_is_refused(checkout, monkeypatch, repository):
    monkeypatch.setenv(launch.VARIABLE, repository)
    with pytest.raises(InputError, match="not the address of a repository"):
        launch.link("08_turnover")


def test_the_command_prints_the_address_or_says_what_is_missing(monkeypatch, capsys):
    for repository, status in (("https://github.com/a/b", 0), ("", 2)):
        monkeypatch.setenv(launch.VARIABLE, repository)
        monkeypatch.setattr(launch, "_cited", str)
        with pytest.raises(SystemExit) as caught:
            cli.main(["launch", "turnover"])
        assert int(caught.value.code or 0) == status
    captured = capsys.readouterr()
    assert captured.out == f"https://mybinder.org/v2/gh/a/b/{LAB}\n"
    assert "repository-code in CITATION.cff" in captured.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["launch", "release"], "articles%2Funion_members_2021%2Fnotebooks%2F01_release.ipynb"),
        (["history", "no-such-claim"], "There is no claim 'no-such-claim' in any ledger"),
        (["profile", "turnover"], "'turnover'"),  # a notebook of the first article
    ],
)
def test_commands_that_tell_of_notebooks_take_another_article(monkeypatch, capsys, words, expected):
    monkeypatch.setenv(launch.VARIABLE, "https://github.com/a/b")
    monkeypatch.setenv(paths.ARTICLE, "")
    with pytest.raises(SystemExit):
        cli.main([*words, "--article", "union_members_2021"])
    captured = capsys.readouterr()
    assert expected in captured.out + captured.err
    assert "No such option" not in captured.err


def test_a_build_stops_at_a_bad_address_before_it_writes_anything(checkout, monkeypatch, capsys):
    (checkout / "notebooks").mkdir()
    monkeypatch.setenv(launch.VARIABLE, "nowhere")
    with pytest.raises(SystemExit) as caught:
        cli.main(["build"])
    assert caught.value.code == 2
    assert "'nowhere', which is not the address" in capsys.readouterr().err
    assert not (checkout / "reports").exists()


def test_a_page_has_the_link_only_if_there_is_one():
    import sys

    sys.path.insert(0, str(ROOT / "tests" / "publish"))
    import samples

    from amazon_labor.publish.render import render_report

    book = samples.notebook(samples.new_markdown_cell("# Before"))
    address = f"https://mybinder.org/v2/gh/a/b/{LAB}"
    assert "mybinder" not in render_report(book, samples.context())
    assert f'<a href="{address}">Open this notebook on Binder</a>' in render_report(
        book, samples.context(launch=address)
    )


def test_binder_installs_the_lock():
    folder = ROOT / ".binder"
    (line,) = [one for one in (folder / "requirements.txt").read_text().splitlines() if not one.startswith("#")]
    assert (folder / line.removeprefix("-r ")).resolve() == ROOT / "requirements.lock"
    version = re.fullmatch(r"python-(3)\.(\d+)", (folder / "runtime.txt").read_text().strip())
    assert version is not None
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert int(version[2]) >= int(wanted.removeprefix(">=3."))
    script = folder / "postBuild"
    assert script.stat().st_mode & 0o111
    assert "--no-deps" in script.read_text()
    if shell := shutil.which("sh"):
        assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0
