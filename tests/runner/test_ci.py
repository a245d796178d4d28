"""What a build tells programs: events, JUnit XML, annotations, times; and that --fail-fast stops where it says."""

import dataclasses
import json
import re
from xml.etree import ElementTree

import pytest
from small_notebooks import cell

from amazon_labor.runner import build, ci, events, machine, profile
from amazon_labor.runner.events import Event

pytestmark = pytest.mark.usefixtures("runs", "drawn")


@pytest.fixture
def three(tree):
    """Three notebooks; the second fails."""
    tree.write("first", 1, "x = 1")
    tree.write("second", 2, "x = 1", "fail")
    tree.write("third", 3, "x = 3")
    return tree


# ---------------------------------------------------------------- fail-fast and keep-going


def test_a_build_goes_on_after_a_failure_and_ends_with_1(three, runs):
    assert build.build([], three.options(jobs=1)) == 1
    assert runs == ["first", "second", "third"]


def test_fail_fast_starts_nothing_more_keeps_what_was_done_and_ends_with_4(three, runs):
    assert build.build([], three.options(jobs=1, fail_fast=True)) == build.STOPPED == 4
    assert runs == ["first", "second"]
    assert "third was not started: another notebook failed (--fail-fast)" in three.said
    assert "1 were not started, and the ledger is left as it was." in three.said
    assert (three.out / "01_first.html").is_file()
    assert (three.out / "failed" / "02_second.html").is_file()
    assert not (three.out / "ledger.csv").exists()
    assert not (three.out / "SHA256SUMS").exists()


def test_the_build_after_one_that_stopped_runs_what_is_left(three, runs):
    build.build([], three.options(jobs=1, fail_fast=True))
    three.write("second", 2, "x = 1")
    runs.clear()
    assert build.build([], three.options(jobs=1, fail_fast=True)) == 0
    assert runs == ["second", "third"]
    assert (three.out / "ledger.csv").is_file()


def test_fail_fast_stops_at_once_at_a_notebook_that_cannot_be_read(three, runs):
    three.add_fault("invalid_json")
    assert build.build([], three.options(jobs=1, fail_fast=True)) == 4
    assert runs == []


def test_a_failure_of_the_last_notebook_leaves_nothing_out(three):
    assert build.build(["1", "2"], three.options(jobs=1, fail_fast=True)) == 1


# ---------------------------------------------------------------- events


def told(tree, **changes):
    seen: list[Event] = []
    status = build.build([], tree.options(jobs=1, emit=seen.append, **changes))
    return status, [(e.kind, e.key) for e in seen], seen


def test_events_tell_what_happened_in_order(three):
    status, order, seen = told(three)
    assert status == 1
    assert order[:3] == [("run", "first"), ("run", "second"), ("run", "third")]
    assert ("ran", "first") in order
    assert order.index(("ran", "first")) < order.index(("drawn", "first"))
    failed = next(e for e in seen if e.kind == "failed")
    assert (failed.key, failed.cell) == ("second", 3)
    assert failed.reason == "cell 3 raised ValueError: no"
    assert (seen[-1].kind, seen[-1].status) == ("end", 1)
    assert {e.kind for e in seen} <= set(events.KINDS)


def test_a_notebook_that_is_up_to_date_is_told_too(three):
    build.build([], three.options(jobs=1))
    assert ("current", "first") in told(three)[1]


def test_every_line_of_the_json_form_is_json(three):
    lines: list[str] = []
    build.build(
        [], three.options(jobs=1, emit=events.as_json(lines.append), write=events.as_message(lines.append), bar=False)
    )
    found = [json.loads(line) for line in lines]
    assert {one["event"] for one in found} >= {"run", "ran", "failed", "drawn", "end", "message"}
    assert {"event": "end", "status": 1} in found
    assert all("traceback" not in one and None not in one.values() for one in found)


# ---------------------------------------------------------------- JUnit


def test_junit_has_a_case_for_each_notebook(three, tmp_path):
    file = tmp_path / "out" / "junit.xml"
    build.build([], three.options(jobs=1, fail_fast=True), ci.Reports(junit=file).tell)
    suite = ElementTree.parse(file).getroot().find("testsuite")
    assert suite is not None
    assert {k: suite.get(k) for k in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }
    cases = {one.get("name"): one for one in suite}
    failure = cases["second"].find("failure")
    assert failure is not None
    assert failure.get("message") == "cell 3 raised ValueError: no"
    assert cases["third"].find("skipped") is not None
    assert list(cases["first"]) == []
    assert float(cases["first"].get("time", "nan")) == pytest.approx(0.1)


def test_junit_holds_whatever_a_traceback_holds_except_paths_of_the_machine():
    hostile = 'a\x00b\x1b[31m</failure>&"\ud800 File "/home/me/work/notebooks/01_first.ipynb"'
    text = ci.junit([Event("failed", "first", reason=hostile, traceback=hostile)])
    failure = ElementTree.fromstring(text.encode()).find(".//failure")
    assert failure is not None
    assert "</failure>&" in str(failure.text)
    assert "/home/me" not in text


# ---------------------------------------------------------------- annotations of GitHub


def test_annotations_name_the_line_of_the_cell(three, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    build.build([], three.options(jobs=1), ci.Reports().tell)
    (line,) = [one for one in three.lines if one.startswith("::")]
    found = re.fullmatch(r"::error file=(.+),line=(\d+),title=second failed::cell 3 raised ValueError: no", line)
    assert found is not None
    lines = (three.root / found[1]).read_text().splitlines()
    assert [i for i, text in enumerate(lines, 1) if text.strip() == '"source": "fail"'] == [int(found[2])]


def test_annotations_are_printed_where_github_runs_the_build_or_when_asked_for(three, monkeypatch):
    for where, asked, printed in (("", None, 0), ("true", None, 1), ("true", False, 0), ("", True, 1)):
        monkeypatch.setenv("GITHUB_ACTIONS", where)
        build.build([], three.options(jobs=1), ci.Reports(annotations=asked).tell)
        assert sum(one.startswith("::error") for one in three.lines) == printed


def test_an_annotation_names_the_line_within_the_cell(tree):
    source = "a = 1\nb = 2\nc = 1 / 0\n"
    file = tree.write_cells("first", 1, [cell("markdown", "# T"), cell("code", source.splitlines(keepends=True))])
    event = Event("failed", "first", cell=1, traceback="ZeroDivisionError\nCell In[2], line 3\n      1 a = 1")
    assert "1 / 0" in file.read_text().splitlines()[ci.line_of(file, event) - 1]
    assert "a = 1" in file.read_text().splitlines()[ci.line_of(file, dataclasses.replace(event, traceback="")) - 1]
    assert ci.line_of(file, dataclasses.replace(event, cell=None)) == 1
    assert ci.line_of(file, dataclasses.replace(event, cell=99)) == 1


def test_an_annotation_cannot_be_broken_out_of(three):
    event = Event("failed", "second", reason="no\n::set-env name=x::y 100%", cell=None)
    (line,) = ci.annotations([event])
    assert "\n" not in line
    assert line.endswith("::no%0A::set-env name=x::y 100%25")


def test_a_claim_left_unchecked_is_annotated_at_its_row(three):
    (line,) = ci.annotations([Event("unchecked", "profit-2021", reason="not checked")])
    rows = (three.root / "data" / "claims.csv").read_text().splitlines()
    number = int(re.search(r"line=(\d+)", line)[1])
    assert ",profit-2021," in rows[number - 1]


# ---------------------------------------------------------------- times


def test_times_are_kept_beside_the_record_and_reported(tree, monkeypatch):
    from amazon_labor.runner import drive

    tree.write("first", 1, "# a remark\nx = 1", "y = 2")
    plain = drive.run_job

    def run_job(job):
        return dataclasses.replace(plain(job), cells=((2, 0.25), (3, 0.75)), seconds=1.5)

    monkeypatch.setattr(drive, "run_job", run_job)
    build.build([], tree.options(jobs=1), ci.Reports(profile=True).tell)
    assert "first     1.50     1.00" in tree.said
    assert re.search(r"0\.75 s  75\.0 %  first #cell-03  y = 2\n.*0\.25 s  25\.0 %  first #cell-02  x = 1", tree.said)
    assert not any("times" in name for name in tree.files())
    assert profile.report(tree.out, ["1"], 1).count("#cell-") == 1


def test_a_profile_of_what_never_ran_says_how_to_make_one(tree):
    tree.write("first", 1, "x = 1")
    with pytest.raises(ValueError, match="amazon-labor build first --force"):
        profile.report(tree.out, ["first"], 5)


@pytest.mark.parametrize("text", ["", "{", '{"runs": []}', '{"runs": {"first": {"seconds": "x", "cells": []}}}'])
def test_damaged_times_count_as_none(tree, text):
    tree.write("first", 1, "x = 1")
    file = profile.path(profile.Layout(tree.out))
    file.parent.mkdir(parents=True)
    file.write_text(text)
    assert profile.load(profile.Layout(tree.out)) == {}
    assert build.build([], tree.options(jobs=1)) == 0
    assert list(profile.load(profile.Layout(tree.out))) == ["first"]


# ---------------------------------------------------------------- how many at once


@pytest.mark.parametrize(
    ("processors", "free", "expected", "told"),
    [(2, 8, 2, False), (8, 2, 2, True), (8, 0, 1, True), (1, 0, 1, False)],
)
def test_memory_limits_what_runs_at_once(monkeypatch, processors, free, expected, told):
    monkeypatch.setattr(machine, "processors", lambda: processors)
    monkeypatch.setattr(machine, "memory", lambda: free * machine.NEEDED + 1)
    jobs, remark = machine.jobs()
    assert jobs == expected
    assert (remark is not None) is told
    assert machine.jobs(cluster=True) == (processors, None)


def test_the_limit_of_a_container_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "GROUP", tmp_path)
    free = machine.memory()
    assert free > 0
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("600000\n")
    assert machine.memory() == 400_000
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 50000\n")
    assert machine.memory() == 450_000
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.memory() > 450_000


def test_a_build_told_nothing_asks_the_machine_and_says_so(three, monkeypatch):
    monkeypatch.setattr("amazon_labor.runner.drive.pool.local", three.options().start)
    asked = []
    monkeypatch.setattr(machine, "jobs", lambda **about: asked.append(about) or (1, "One notebook at once."))
    build.build([], three.options())
    assert len(asked) == 1
    assert "One notebook at once." in three.said
