"""Two ledgers compared: what counts as a move, from where a side is read, and what the Markdown may hold."""

import json
import subprocess

import pytest

from amazon_labor.parameters import InputError
from amazon_labor.runner import ledger_compare
from amazon_labor.runner.ledger_compare import Side

HEAD = "claim_id,statement,stated,unit,lower,upper,computed,low,high,verdict,holds_true,holds_of,reason\n"
OLD = (
    HEAD
    + 'a,"A | <b>",around 23,percent,22.5,23.5,23.0,22.1,23.6,holds,4,4,Because.\nb,B,2,rank,2,2,2,,,fails,0,1,No.\n'
)


def side(text: str, **numbers: str) -> Side:
    return Side("x", ledger_compare._rows(text.encode(), "x"), numbers)


def moved(new: str) -> ledger_compare.Moves:
    return ledger_compare.moves(side(OLD), side(new))


def test_the_same_ledger_has_no_move():
    found = moved(OLD.replace("23.0,", "23,"))
    assert not found.any
    assert "no verdicts moved" in ledger_compare.markdown(side(OLD), side(OLD), found)
    assert "; 2 the same." in ledger_compare.markdown(side(OLD), side(OLD), found)


@pytest.mark.parametrize(
    ("change", "kind", "claims"),
    [
        (("holds,4,4", "qualified,3,4"), "verdicts", ("a",)),
        (("23.0,22.1", "23.1,22.1"), "values", ("a",)),
        (("23.6,holds,4,4", "23.6,holds,3,4"), "values", ("a",)),
        (("22.5,23.5", "22,24"), "terms", ("a",)),
        (("b,B", "c,B"), "added", ("c",)),
        (("b,B", "c,B"), "gone", ("b",)),
    ],
)
def test_every_kind_of_move_is_one(change, kind, claims):
    found = moved(OLD.replace(*change))
    assert getattr(found, kind) == claims
    assert found.any


def test_another_reason_alone_is_told_but_is_no_move():
    found = moved(OLD.replace("Because.", "Since."))
    assert found.reworded == ("a",)
    assert not found.any


def test_markdown_has_a_table_for_what_moved_and_no_cell_breaks_it():
    new = side(OLD.replace("23.0,22.1,23.6,holds,4,4", "24,22.1,25,fails,0,4"))
    text = ledger_compare.markdown(side(OLD), new, ledger_compare.moves(side(OLD), new))
    row = next(line for line in text.splitlines() if line.startswith("| `a`"))
    assert row == (
        "| `a` | A \\| &lt;b&gt; | Holds | Does not hold | 23.0 (22.1 to 23.6), 4 of 4 readings → 24 (22.1 to 25), 0 of 4 readings |"
    )
    assert "1 verdict moved, no numbers of claims moved" in text


def test_numbers_of_notebooks_are_compared_where_both_sides_have_them():
    old, new = side(OLD, **{"11_x: fell": "1.2"}), side(OLD, **{"11_x: fell": "1.3", "11_x: claim a": "other"})
    assert ledger_compare.moves(old, new).numbers == (("11_x: fell", "1.2", "1.3"),)
    assert ledger_compare.moves(side(OLD), new).numbers == ()


def test_csv_json_folder_and_revision_are_read_alike(tmp_path, monkeypatch):
    from amazon_labor import paths

    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/ledger.csv").write_text(OLD, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    wanted = ledger_compare.read(str(tmp_path / "reports/ledger.csv")).claims
    for source in (str(tmp_path / "reports"), "HEAD:reports/ledger.csv", "HEAD", ""):
        assert ledger_compare.read(source).claims == wanted, source
    claim = {"id": "a", "statement": "A", "stated": {"text": "s"}, "unit": "u", "allowed": {"lower": 1, "upper": None},
             "computed": {"value": 1.5, "low": None, "high": 2}, "verdict": "holds", "holds": {"true": 1, "of": 1}, "reason": "r\ns"}  # fmt: skip
    (tmp_path / "l.json").write_text(json.dumps({"claims": [claim]}), encoding="utf-8")
    row = ledger_compare.read(str(tmp_path / "l.json")).claims["a"]
    assert (row["computed"], row["low"], row["high"], row["upper"], row["reason"]) == ("1.5", "", "2", "", "r s")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("--output=x:reports/ledger.csv", "is no ledger. Allowed"),
        (":ledger.csv", "is no ledger. Allowed"),
        ("no-such-revision:ledger.csv", "git says"),
        ("{tmp}/empty", "holds neither ledger.json nor ledger.csv"),
        ("{tmp}/other.csv", "it has no columns claim_id and verdict"),
        ("{tmp}/other.json", "cannot be read as a ledger"),
    ],
)
def test_what_is_no_ledger_is_refused(tmp_path, source, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "other.json").write_text('{"claims": [{}]}', encoding="utf-8")
    with pytest.raises(InputError, match=message):
        ledger_compare.read(source.format(tmp=tmp_path))


@pytest.mark.parametrize(("fail", "new", "status"), [(True, "fails", 1), (False, "fails", 0), (True, "holds", 0)])
def test_the_exit_status_is_1_only_on_a_move_and_on_demand(tmp_path, fail, new, status):
    (tmp_path / "old.csv").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.csv").write_text(OLD.replace("holds,4", f"{new},4"), encoding="utf-8")
    lines: list[str] = []
    old, after, file = str(tmp_path / "old.csv"), str(tmp_path / "new.csv"), tmp_path / "moves.md"
    assert ledger_compare.compare(old, after, lines.append, file, fail_on_change=fail) == status
    assert file.read_text(encoding="utf-8").startswith("## Ledger: ")
    assert lines == []
