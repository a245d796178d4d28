"""Which numbers and verdicts move between two builds, and what the commands say about a vintage."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import DATE
from local_sources import Sources
from typer.testing import CliRunner

from amazon_labor import mime, paths
from amazon_labor.cli import app
from amazon_labor.refresh import firsts, moved, report
from amazon_labor.refresh.errors import RefreshError

Refresh = Callable[..., tuple[int, str]]
RATES = "labor_market/unemployment_rate_monthly"


def number(name: str, value: float) -> dict[str, Any]:
    return {mime.NUMBER: {"name": name, "value": value, "unit": "percent"}}


def claim(name: str, verdict: str, computed: str) -> dict[str, Any]:
    return {mime.CLAIM: {"id": name, "verdict_words": verdict, "computed": computed}}


def built(folder: Path, *data: dict[str, Any], place: str = "executed", error: str = "") -> Path:
    outputs: list[dict[str, Any]] = [{"output_type": "display_data", "data": one} for one in data]
    if error:
        outputs.append({"output_type": "error", "ename": "KeyError", "evalue": error, "traceback": []})
    file = folder / place / "22_job_quality.ipynb"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": outputs}]}))
    return folder


def test_a_moved_number_and_verdict_are_named_and_the_last_bit_of_a_float_is_not(tmp_path: Path) -> None:
    same = number("quits", 2.4), claim("dissatisfaction", "Holds", "5")
    before = built(tmp_path / "a", number("rate", 3.7), number("old", 1), *same, claim("low", "Holds", "3.7 percent"))
    after = built(
        tmp_path / "b",
        number("rate", 3.9),
        number("quits", 2.4 + 1e-15),
        number("new", 1),
        same[1],
        claim("low", "Does not hold", "3.9 percent"),
    )
    moves = moved.compare(before, after)
    assert [(n.name, n.before, n.after, n.change, n.percent) for n in moves.numbers] == [
        ("rate", "3.7", "3.9", "+0.2", "+5.4")
    ]
    assert [(v.claim, v.before, v.after) for v in moves.verdicts] == [("low", "Holds", "Does not hold")]
    assert moves.one_sided == (("22_job_quality: old", "before"), ("22_job_quality: new", "after"))
    assert (moves.compared, moves.claims) == (2, 2)
    text = report.movement(DATE, moves)
    assert "| low | Holds | Does not hold | 3.7 percent | 3.9 percent |" in text
    assert "| 22_job_quality | rate | 3.7 | 3.9 | +0.2 | +5.4 | percent |" in text


def test_a_notebook_that_fails_with_the_vintage_is_a_finding(tmp_path: Path) -> None:
    before = built(tmp_path / "a", number("rate", 3.7))
    after = built(built(tmp_path / "b", number("rate", 3.9)), place="failed", error="'2025-10'")
    moves = moved.compare(before, after)
    assert moves.failed == (("22_job_quality", "KeyError: '2025-10'"),)
    assert moves.numbers == ()  # what an earlier run left is not compared


def test_without_a_build_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RefreshError, match="amazon-labor build --vintage"):
        moved.compare(built(tmp_path / "a"), tmp_path / "b")


def test_the_commands_from_refresh_to_report(
    sources: Sources, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.VINTAGE, raising=False)
    sources.fill(RATES)
    sources.fred["UNRATE"]["2022-03-01"] = "3.9"
    call = CliRunner().invoke
    assert "No vintage yet" in call(app, ["vintage"]).output
    bad = call(app, ["refresh", RATES, "--date", "1 December"])
    assert bad.exit_code == 2
    assert "a vintage is named by its day, YYYY-MM-DD" in bad.output
    assert call(app, ["refresh", RATES, "--gap", "October"]).exit_code == 2
    unknown = call(app, ["refresh", "labor_market/unemployment_rate_month"])
    assert unknown.exit_code == 1
    assert f"Did you mean '{RATES}'" in unknown.output
    assert call(app, ["refresh", RATES, "--date", DATE]).exit_code == 0
    assert call(app, ["vintage"]).output.strip() == DATE
    assert "2022-03-01 UNRATE: 3.7 -> 3.9" in call(app, ["vintage", DATE]).output
    built(tmp_path / "notebooks" / "..", number("rate", 3.7), place="notebooks")
    built(tmp_path / "reports" / "vintages" / DATE, number("rate", 3.9))
    told = call(app, ["vintage", DATE])
    assert told.exit_code == 0, told.output
    assert "| 22_job_quality | rate | 3.7 | 3.9 |" in told.output


def test_a_damaged_vintage_is_told(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RATES)
    assert refresh(RATES)[0] == 0
    file = tables / "vintages" / DATE / f"{RATES}.csv"
    file.write_text(file.read_text().replace("2022-03-01,UNRATE,3.7", "2022-03-01,UNRATE,x"))
    told = CliRunner().invoke(app, ["vintage", DATE])
    assert told.exit_code == 1
    assert "digest differs from the recorded one" in told.output
    assert "rate_percent is not a number" in told.output


def test_first_published_against_latest() -> None:
    found = {pair.title: pair for pair in firsts.pairs()}
    march = {row.period: row for row in found["Unemployment rate"].rows}["2022-03-01"]
    assert (march.first, march.latest) == (3.6, 3.7)  # 3.6 in the release of 1 April 2022
    fourth = {row.period: row for row in found["E-commerce sales, seasonally adjusted"].rows}["2020-10-01"]
    assert fourth.first == 206700  # Census Bureau, 19 February 2021: 206.7 billion
    assert "government" in found["Union membership rate"].sentence  # 37.5 percent first, 36.9 today
    assert "| 2022-03-01 | 3.6 | 3.7 | +0.1 | points |" in report.first_against_latest(list(found.values()))
