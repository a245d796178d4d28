"""Commands for what leaves the collection: exit statuses and messages, and that bad input writes nothing."""

import pytest

from amazon_labor import cli

HEAD = "claim_id,statement,computed,verdict\n"


def ended(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(words))
    return int(stopped.value.code or 0)


@pytest.fixture
def ledgers(tmp_path):
    (tmp_path / "old.csv").write_text(HEAD + "a,A,1,holds\n", encoding="utf-8")
    (tmp_path / "new.csv").write_text(HEAD + "a,A,1,fails\n", encoding="utf-8")
    return str(tmp_path / "old.csv"), str(tmp_path / "new.csv")


def test_compare_tells_and_fails_only_on_demand(ledgers, capsys):
    assert ended("compare", *ledgers) == 0
    assert "| `a` | A | Holds | Does not hold | 1 |" in capsys.readouterr().out
    assert ended("compare", *ledgers, "--fail-on-change") == 1
    assert ended("compare", ledgers[0], ledgers[0], "--fail-on-change") == 0


def test_what_cannot_be_compared_is_bad_input(ledgers, capsys):
    assert ended("compare", ledgers[0], "no-such-thing") == 2
    assert "'no-such-thing' is no ledger. Allowed:" in capsys.readouterr().err


def test_a_package_that_is_no_zip_is_bad_input(tmp_path, capsys):
    assert ended("replication", str(tmp_path / "a.tar")) == 2
    assert "does not end in .zip" in capsys.readouterr().err
    assert not (tmp_path / "a.tar").exists()


def test_a_browser_that_is_not_there_is_bad_input(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    assert ended("pdf", "turnover") == 2
    assert "CHROMIUM is '/nowhere/chrome', which is no program here" in capsys.readouterr().err


def test_scenarios_of_a_notebook_that_is_not_there_are_bad_input(tmp_path, capsys):
    assert ended("scenarios", "turnovr", "--out", str(tmp_path / "out")) == 2
    assert "turnover" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
