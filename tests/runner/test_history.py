"""When verdicts moved: along the commits of the ledger, in the reports, and in the vintages built here."""

import csv
import subprocess

import pytest

from amazon_labor import cli
from amazon_labor.parameters import InputError
from amazon_labor.runner import history

HEAD = "order,claim_id,statement,lower,upper,computed,verdict\n"


def row(claim: str, computed: str, verdict: str, lower: str = "1", upper: str = "2") -> str:
    return f'1,{claim},"A statement, with a comma",{lower},{upper},{computed},{verdict}\n'


def git(tree, *words: str) -> str:
    own = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(tree.root), *own, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def store(tree, text: str, subject: str) -> str:
    """Commit a ledger; returns the name of the commit as it is shown."""
    tree.out.mkdir(exist_ok=True)
    (tree.out / "ledger.csv").write_text(text)
    git(tree, "add", "reports/ledger.csv")
    git(tree, "commit", "-q", "-m", subject)
    return git(tree, "rev-parse", "HEAD")[:10]


@pytest.fixture
def past(tree):
    """Three commits: a and b computed, a moves, its bound moves; one commit in between holds no ledger at all."""
    git(tree, "init", "-q")
    first = store(tree, HEAD + row("a", "1.5", "holds") + row("b", "", "missing"), "First")
    second = store(tree, HEAD + row("a", "2.5", "fails") + row("b", "7", "qualified"), "Another, with a comma")
    store(tree, "no ledger\n", "By mistake")
    third = store(tree, HEAD + row("a", "2.5", "holds", upper="3") + row("b", "7", "qualified"), "Wider")
    return tree, first, second, third


def test_the_moves_of_all_claims_stand_under_their_commit(past):
    tree, first, second, third = past
    text = history.report(tree.out, None)
    assert "Looked at the ledgers of 3 commits, the reports and 0 vintages." in text
    assert "2 of 2 claims moved, 1 of them in their verdict." in text
    assert first not in text
    before, after = text.split(third)
    assert "a, verdict: holds -> fails" in before
    assert "a, value: 1.5 -> 2.5" in before
    assert "b, first verdict: - -> qualified (7)" in before
    assert "Another, with a comma" in before.split(second)[1]
    assert "a, verdict: fails -> holds" in after
    assert "a, upper bound: 2 -> 3" in after
    assert "b," not in after


def test_one_claim_is_told_from_its_first_ledger_on(past):
    tree, first, second, _third = past
    lines = history.report(tree.out, "a").splitlines()
    assert lines[0] == "a: A statement, with a comma"
    assert lines[2].strip().startswith(first)
    assert lines[2].endswith("holds (1.5), bounds 1 to 2")
    assert lines[3].strip().startswith(second)
    assert len(lines) == 7


def test_what_is_not_committed_yet_counts_as_the_last_step(past):
    tree, *_ = past
    (tree.out / "ledger.csv").write_text(HEAD + row("a", "2.6", "holds", upper="3") + row("c", "1", "holds"))
    text = history.report(tree.out, None).split("here (ledger.csv)")[1]
    assert "a, value: 2.5 -> 2.6" in text
    assert "b, claim: qualified (7) -> -" in text
    assert "c, claim: - -> holds (1)" in text


def test_vintages_are_compared_with_the_tables_in_use_and_not_with_each_other(past):
    tree, *_ = past
    for name, value in (("2026-01-02", "2.7"), ("2026-02-03", "2.8"), ("2026-03-04", "")):
        (tree.root / "data" / "vintages" / name).mkdir(parents=True)
        (tree.root / "data" / "vintages" / name / "datapackage.json").write_text('{"resources": []}')
        if value:  # the last one was never built
            built = tree.out / "vintages" / name
            built.mkdir(parents=True)
            (built / "ledger.csv").write_text(HEAD + row("a", value, "holds", upper="3") + row("b", "7", "qualified"))
    text = history.report(tree.out, "a")
    assert "and 2 vintages" in text
    assert "vintage 2026-01-02 (tables refreshed then), value: 2.5 -> 2.7" in text
    assert "vintage 2026-02-03 (tables refreshed then), value: 2.5 -> 2.8" in text
    assert "2026-03-04" not in text


def test_a_claim_that_never_moved_says_so(tree):
    git(tree, "init", "-q")
    store(tree, HEAD + row("a", "1.5", "holds"), "First")
    assert history.report(tree.out, "a").endswith("It has not moved since.")
    assert "0 of 1 claims moved" in history.report(tree.out, None)


def test_without_git_the_reports_are_looked_at(tree, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tree.root.parent))
    monkeypatch.setenv("PATH", "")
    tree.out.mkdir()
    (tree.out / "ledger.csv").write_text(HEAD + row("a", "1.5", "holds"))
    assert "Looked at the ledgers of 0 commits, the reports and 0 vintages." in history.report(tree.out, None)


def test_without_any_ledger_the_command_that_makes_one_is_named(tree, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tree.root.parent))
    with pytest.raises(InputError, match="Make one: amazon-labor build"):
        history.report(tree.out, None)


def test_the_moves_can_be_had_as_csv_and_twice_the_same(past, tmp_path):
    tree, _, second, _ = past
    file = tmp_path / "moves.csv"
    history.report(tree.out, None, file)
    text = file.read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert {"claim_id": "a", "when": second, "what": "value", "before": "1.5", "after": "2.5"}.items() <= rows[
        1
    ].items()
    history.report(tree.out, None, file)
    assert file.read_text() == text


def test_an_unknown_claim_ends_with_2_and_the_nearest_name(past, capsys):
    tree, *_ = past
    store(tree, HEAD + row("profit-2021", "1.5", "holds"), "Names")
    with pytest.raises(SystemExit) as caught:
        cli.main(["history", "profit-2012", "--file", "moves.csv"])
    assert caught.value.code == 2
    assert "Did you mean 'profit-2021'?" in capsys.readouterr().err
    assert not (tree.root / "moves.csv").exists()
