"""The changes are those of mutmut and draws are seeded; the score is counted with its interval."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

sys.path.insert(0, str(Path(__file__).resolve().parent))

import changes
import run

GROWTH = "src/amazon_labor/methods/growth.py"


@pytest.fixture(scope="module")
def growth() -> list[changes.Change]:
    return changes.changes_of(GROWTH)


def test_a_change_alters_one_place_inside_a_function(growth: list[changes.Change]) -> None:
    text = (changes.ROOT / GROWTH).read_text(encoding="utf-8")
    assert len({change.name for change in growth}) == len(growth) > 100
    for change in growth:
        compile(change.source, GROWTH, "exec")
        before, after = run.sides(list(change.diff))
        assert before != after
        assert before in " ".join(text.split()) or len(change.diff) > 2
        lines = text.splitlines()
        assert any(line.startswith("def ") for line in lines[change.first - 1 : change.last])
        taken = [line[1:] for line in change.diff if line[0] == "-"]
        assert all(line in lines[change.first - 1 : change.last] for line in taken)


def test_every_module_faces_test_files_that_exist() -> None:
    for module, tests in changes.modules().items():
        assert (changes.ROOT / module).exists()
        assert tests
        assert all((changes.ROOT / test.partition("::")[0]).exists() for test in tests), module


def test_draws_are_in_proportion_and_repeat(growth: list[changes.Change]) -> None:
    three = {"a": growth[:60], "b": growth[60:90], "c": growth[90:100]}
    found = changes.drawn(three, 10, 1)
    assert {module: len(those) for module, those in found.items()} == {"a": 6, "b": 3, "c": 1}
    assert changes.drawn(three, 10, 1) == found != changes.drawn(three, 10, 2)
    assert changes.drawn(three, 1000, 1) == three
    assert {module: len(those) for module, those in changes.each(three, 20, 1).items()} == {"a": 20, "b": 20, "c": 10}
    assert sum(map(len, changes.drawn(three, 33, 5).values())) == 33


def test_score_leaves_out_what_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"module": "x/m.py", "change": "c", "result": result, "diff": ["-  a", "+  b"]}
        for result in ("killed", "timeout")
    ]
    rows += [{"module": "x/m.py", "change": "d", "result": "survived", "diff": ["-  a", "+  c"]}] * 2
    rows += [{"module": "x/n.py", "change": "", "result": "module not run", "diff": [" why"]}]
    monkeypatch.setattr(run, "set_aside", lambda: {})
    assert run.summary(rows)[1] == 50
    monkeypatch.setattr(run, "set_aside", lambda: {("m.py", "a", "c"): "because"})
    words, score = run.summary(rows)
    assert score == 100
    assert words.startswith("4 changes: 2 noticed, 2 set aside, 1 module not run; 100.0 percent noticed")
    assert words.endswith("50.0 set aside")


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (70, 96), (10, 10)])
def test_interval_is_that_of_wilson(hits: int, of: int) -> None:
    theirs = proportion_confint(hits, of, alpha=0.1, method="wilson")
    assert run.wilson(hits, of) == pytest.approx([100 * end for end in theirs], abs=0.01)


def test_what_is_set_aside_has_a_reason_and_still_exists() -> None:
    reasons = run.set_aside()
    assert all(reasons.values())
    known = Counter(Path(module).name for module in changes.modules())
    for module, before, _ in reasons:
        assert known[module] == 1
        path = next(m for m in changes.modules() if Path(m).name == module)
        assert before in " ".join((changes.ROOT / path).read_text(encoding="utf-8").split())
