"""The page of scenarios: only what moves, every verdict known, what was not run said."""

from typing import Any

import pytest

from amazon_labor.publish import scenario_page


def claim(verdict: str, computed: str) -> dict[str, Any]:
    return {"id": "density-1980", "verdict": verdict, "computed": computed, "statement": "Around <23> percent"}


def number(value: float, printed: str) -> dict[str, Any]:
    return {"name": "fell_by", "value": value, "printed": printed, "unit": "points"}


def scenario(name: str, state: str = "fresh", **records: Any) -> dict[str, Any]:
    href = f"runs/x--{name}/11_x.html" if state == "fresh" else ""
    base = {
        "name": name,
        "about": "What if",
        "given": {"start_year": 1960, "log": True, "of": ["a", "b"]},
        "state": state,
    }
    return base | {"href": href, "claims": {}, "numbers": {}} | records


def page(*scenarios: dict[str, Any], usual: dict[str, Any] | None = None, numbers: dict[str, Any] | None = None) -> str:
    one = {"name": "density", "number": 11, "title": "Union density", "href": "11_x.html", "scenarios": list(scenarios)}
    claims = {"density-1980": usual or claim("holds", "23.1 percent")}
    return scenario_page.render_scenarios([one | {"claims": claims, "numbers": numbers or {}}])


def test_a_verdict_that_moves_stands_with_both_chips_and_numbers() -> None:
    html = page(scenario("early", claims={"density-1980": claim("fails", "21.0 percent")}))
    assert "1 verdict changes under 1 other set of assumptions" in html
    assert "Around &lt;23&gt; percent" in html
    assert html.index("Holds</span> <small>23.1 percent") < html.index("Does not hold</span> <small>21.0 percent")
    assert "start_year = 1960; log = true; of = a, b" in html


def test_a_number_that_moves_alone_is_no_verdict_that_changes() -> None:
    html = page(scenario("early", claims={"density-1980": claim("holds", "23.2 percent")}))
    assert "No verdicts change" in html
    assert "<small>23.2 percent</small>" in html


def test_what_does_not_move_is_counted_and_not_shown() -> None:
    html = page(scenario("early", claims={"density-1980": claim("holds", "23.1 percent")}))
    assert "Statements whose verdict or number moves" not in html
    assert "1 statement moves in no way" in html


def test_in_a_row_that_moves_the_scenarios_that_do_not_say_the_same() -> None:
    still, moves = claim("holds", "23.1 percent"), claim("fails", "20 percent")
    html = page(scenario("a", claims={"density-1980": still}), scenario("b", claims={"density-1980": moves}))
    assert html.count("<small>the same</small>") == 1


def test_numbers_that_move_are_listed_with_those_not_emitted() -> None:
    kept, moved = number(1, "1.0 points"), number(2, "2.0 points")
    html = page(
        scenario("a", numbers={"fell_by": moved}),
        scenario("b"),
        numbers={"fell_by": kept, "other": kept | {"name": "other"}},
    )
    assert "2 of 2 numbers move" in html
    assert '<th scope="row">fell by <small>points</small></th>' in html
    assert '<td class="n">2.0 points</td><td class="n">not computed</td>' in html


@pytest.mark.parametrize(("state", "words"), [("missing", "not run"), ("stale", "run it again"), ("failed", "failed")])
def test_a_scenario_without_a_result_says_why_and_has_no_column(state: str, words: str) -> None:
    html = page(scenario("early", state, claims={"density-1980": claim("fails", "21 percent")}))
    assert words in html
    assert "No scenario has been run yet" in html
    assert "amazon-labor scenarios density" in html
    assert "21 percent" not in html
    assert "runs/" not in html


def test_while_scenarios_wait_the_headline_says_so_far() -> None:
    moved = scenario("early", claims={"density-1980": claim("fails", "21 percent")})
    assert "So far 1 verdict changes under 1 other set of assumptions" in page(moved, scenario("late", "missing"))
    assert "So far" not in page(moved)
