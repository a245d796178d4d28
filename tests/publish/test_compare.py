"""The page that compares points: which numbers it shows, how, and that it is safe."""

import csv
import io

import pytest

from amazon_labor.publish import compare, places
from amazon_labor.publish.compare import Point, Sweep


def number(name: str, value: float, **more) -> dict:
    return {
        "name": name,
        "value": value,
        "unit": "percent",
        "printed": f"{value:g}",
        "low": None,
        "high": None,
        "digits": 0,
    } | more


def point(value, *numbers, failed=None, claims=(), varied="state") -> Point:
    return Point({varied: value}, "../../x.html", failed, tuple(numbers), tuple(claims), ("unions/x",))


SWEEP = Sweep("states", 15, "How strong are unions in one state?", ("state",))


def test_states_are_drawn_as_a_map_and_as_dots():
    points = [
        point(s, number("density", k, low=k - 1, high=k + 1)) for k, s in enumerate(("New York", "TX", "Ohio"), start=3)
    ]
    html, _ = compare.render(SWEEP, points)
    assert 'id="fig-map"' in html
    assert 'id="fig-points"' in html
    assert "Density: from 3 (New York) to 5 (Ohio)" in html


def test_the_number_the_notebook_names_comes_first_with_the_year_that_all_points_share():
    points = [
        point(s, number("start", k), number("end", k + 1, low=k, high=k + 2, note=f"{s}, total, 2022"))
        for k, s in enumerate(("TX", "OH"), start=3)
    ]
    html, _ = compare.render(Sweep("states", 15, "States", ("state",), "end"), points)
    assert "End: from 4 (TX) to 5 (OH)" in html
    assert "End, with intervals: from 4 (TX) to 5 (OH)" in html
    assert "End, percent, total, 2022, at 2 values of state" in html
    assert html.index("end, percent") < html.index("start, percent")


def test_numbers_of_other_places_are_not_put_on_a_map():
    html, _ = compare.render(SWEEP, [point("Spain", number("density", 1.0)), point("Ohio", number("density", 2.0))])
    assert 'id="fig-map"' not in html


def test_a_number_that_never_moves_is_counted_not_drawn():
    html, table = compare.render(SWEEP, [point(s, number("a", 1.0), number("b", k)) for k, s in enumerate("xyz")])
    assert "1 of its numbers moves between the points, 1 does not" in html
    assert {row["number_name"] for row in csv.DictReader(io.StringIO(table))} == {"a", "b"}


def test_nothing_that_moves_leaves_a_page_without_figures():
    html, _ = compare.render(SWEEP, [point("x", number("a", 1.0)), point("y", number("a", 1.0))])
    assert "<figure" not in html
    assert "0 of its numbers move" in html


def test_many_numbers_are_cut_and_the_title_says_so():
    many = [[number(f"number_{k}", k * j) for k in range(1, 16)] for j in (1, 2)]
    html, _ = compare.render(SWEEP, [point("x", *many[0]), point("y", *many[1])])
    assert "15 numbers move between the points; these are the first 12" in html


def test_ordered_values_are_drawn_along_their_parameter():
    points = [point(v, number("share", v / 2), varied="year") for v in (2000, 1990, 2010)]
    html, _ = compare.render(Sweep("x", 1, "T", ("year",)), points)
    assert "along year" in html
    assert "one for each state" not in html


def test_verdicts_that_move_are_marked():
    def claim(verdict):
        return {"id": "a-claim", "statement": "It grew", "verdict": verdict}

    html, _ = compare.render(SWEEP, [point("x", claims=[claim("holds")]), point("y", claims=[claim("fails")])])
    assert "It grew" in html
    assert "<small>moves</small>" in html


def test_a_number_that_a_failed_point_left_is_not_counted():
    points = [point("x", number("a", 1.0)), point("y", number("a", 9.0), failed="cell 3 raised <b>ValueError</b>")]
    html, table = compare.render(SWEEP, points)
    assert "&lt;b&gt;ValueError" in html
    assert len(list(csv.DictReader(io.StringIO(table)))) == 1


def test_text_of_a_point_cannot_be_read_as_a_formula_or_as_html():
    html, table = compare.render(SWEEP, [point("=1+1<script>", number("a", 1.0)), point("y", number("a", 2.0))])
    assert "<script>," not in html
    assert "=1+1&lt;script&gt;" in html
    assert not any(line.startswith("=") for line in table.splitlines())


@pytest.mark.parametrize(
    ("text", "code"), [("New York", "NY"), ("new_york", "NY"), ("ny", "NY"), ("Spain", None), ("", None)]
)
def test_states_by_name_and_code(text, code):
    assert places.code(text) == code


def test_every_state_has_a_tile():
    from amazon_labor import charts

    assert set(places.CODES.values()) == set(charts.TILES)
