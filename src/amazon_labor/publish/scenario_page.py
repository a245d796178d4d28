"""How verdicts and numbers move under the named scenarios: only what moves is shown, and what was not run is said."""

from collections.abc import Mapping, Sequence
from typing import Any

from amazon_labor.publish import page, records

NUMBERS = 12  # numbers of a notebook that are listed; the reports of the scenarios have all


def render_scenarios(notebooks: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of the scenarios.

    Parameters
    ----------
    notebooks : sequence of mapping
        As `runner.scenario_results.read` gives them.
    """
    sections = [_section(one) for one in notebooks]
    runs = [scenario for one in notebooks for scenario in one["scenarios"]]
    done = [one for one in runs if one["href"]]
    moved = {row["id"] for one in sections for row in one["rows"] if row["verdict_moves"]}
    return page.render(
        "scenarios.html.j2",
        shell=page.shell(ledger=False),
        sections=sections,
        headline=_headline(len(moved), len(done), len(runs)),
        done=len(done),
        total=len(runs),
        failed=[one["name"] for one in runs if one["state"] == "failed"],
        waiting=[one["name"] for one in notebooks if any(not s["href"] for s in one["scenarios"])],
    )


def _headline(moved: int, done: int, total: int) -> str:
    """What moves, in one sentence; while scenarios wait, it does not read as if they had run."""
    if not done:
        return "No scenario has been run yet"
    verdicts = f"{moved or 'no'} {'verdict changes' if moved == 1 else 'verdicts change'}"
    found = f"{verdicts} under {done} other {'set' if done == 1 else 'sets'} of assumptions"
    return f"So far {found}" if done < total else found[:1].upper() + found[1:]


def _section(one: Mapping[str, Any]) -> dict[str, Any]:
    run = [scenario for scenario in one["scenarios"] if scenario["href"]]
    rows = [row for claim_id in one["claims"] if (row := _claim(one, run, claim_id))]
    numbers = [row for name in one["numbers"] if (row := _number(one, run, name))]
    return {
        "one": one,
        "run": run,
        "scenarios": [
            dict(s) | {"given": [f"{k} = {_word(v)}" for k, v in s["given"].items()]} for s in one["scenarios"]
        ],
        "rows": rows,
        "still": len(one["claims"]) - len(rows),
        "numbers": numbers[:NUMBERS],
        "moving": len(numbers),
        "of": len(one["numbers"]),
    }


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _claim(one: Mapping[str, Any], run: Sequence[Mapping[str, Any]], claim_id: str) -> dict[str, Any] | None:
    """A claim with its verdict and number in each scenario; None if neither moves."""
    usual = records.claim(one["claims"][claim_id])
    cells = [records.claim(s["claims"][claim_id]) if claim_id in s["claims"] else None for s in run]
    verdict_moves = any(c is None or c["verdict"] != usual["verdict"] for c in cells)
    number_moves = any(c is not None and c["computed"] != usual["computed"] for c in cells)
    if not (verdict_moves or number_moves):
        return None
    shown = [
        {"verdict": c["verdict"], "computed": c["computed"] or "no value", "same": _same(c, usual)} if c else None
        for c in cells
    ]
    return {"id": usual["id"], "usual": usual, "cells": shown, "verdict_moves": verdict_moves}


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("verdict", "computed"))


def _number(one: Mapping[str, Any], run: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any] | None:
    """An emitted number in each scenario; None if it does not move. One that a scenario does not emit is a move."""
    usual = records.number(one["numbers"][name])
    cells = [records.number(s["numbers"][name])["printed"] if name in s["numbers"] else "not computed" for s in run]
    if all(cell == usual["printed"] for cell in cells):
        return None
    return {"name": usual["name"].replace("_", " "), "unit": usual["unit"], "usual": usual["printed"], "cells": cells}
