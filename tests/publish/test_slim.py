"""Drawings get shorter without looking different: what is said once, and what has to stay apart."""

import re

import pytest

from amazon_labor.publish import outlines, svg

C1, C2, MUTED, PAPER = "#2d5bd7", "#bb4f00", "#5f646c", "#fefefd"
CIRCLE = (
    "M 0 3 C 0.795609 3 1.55874 2.683901 2.12132 2.12132 C 2.683901 1.55874 3 0.795609 3 0 "
    "C 3 -0.795609 2.683901 -1.55874 2.12132 -2.12132 C 1.55874 -2.683901 0.795609 -3 0 -3 "
    "C -0.795609 -3 -1.55874 -2.683901 -2.12132 -2.12132 C -2.683901 -1.55874 -3 -0.795609 -3 0 "
    "C -3 0.795609 -2.683901 1.55874 -2.12132 2.12132 C -1.55874 2.683901 -0.795609 3 0 3 z"
)


def rebuilt(inner: str) -> str:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return svg.rebuild(f'<svg {space} viewBox="0 0 100 100">{inner}</svg>', "p")


def marked(outline: str, style: str, *uses: str) -> str:
    """A marker defined once and used at some places, as matplotlib writes it."""
    return f'<defs><path id="m" d="{outline}" style="{style}"/></defs>' + "".join(
        f'<use xlink:href="#m" x="{x}" y="{y}" style="{how}"/>' for x, y, how in (u.split("|") for u in uses)
    )


def test_ticks_become_one_outline() -> None:
    tick = f"fill: {MUTED}; stroke: {MUTED}; stroke-width: 0.8"
    found = rebuilt(marked("M 0 0 L 0 3", f"stroke: {MUTED}; stroke-width: 0.8", f"10|50|{tick}", f"20.04|-5|{tick}"))
    assert '<path d="M10 50v3M20-5v3" stroke-width=".8" class="s-muted"/>' in found
    assert "<use" not in found
    assert "<defs" not in found


def test_lines_of_an_axis_come_before_its_words_and_are_joined() -> None:
    line = f'<path d="M 0 {{0}} L 9 {{0}}" style="fill: none; stroke: {MUTED}"/><text x="1" y="{{0}}">{{0}}</text>'
    body = line.format(1) + line.format(2)
    assert '<path d="M0 1h9M0 2h9" class="s-muted"/><g' not in rebuilt(body)
    assert 'd="M0 1h9M0 2h9"' in rebuilt(f'<g id="matplotlib.axis_1">{body}</g>')
    assert rebuilt(body).count("<path") == 2  # elsewhere words keep their place


def test_dots_without_an_edge_become_lines_of_no_length() -> None:
    how = f"fill: {C1}; stroke: {C1}"
    found = rebuilt(marked(CIRCLE, f"stroke: {C1}", f"10|50|{how}", f"11|50|{how}"))
    assert '<path d="M10 50h0M11 50h0" stroke-width="7" stroke-linecap="round" class="s-c1"/>' in found


def test_a_dot_without_a_stroke_is_as_wide_as_its_disc() -> None:
    assert 'd="M10 50h0" stroke-width="6"' in rebuilt(marked(CIRCLE, "", f"10|50|fill: {C1}"))


@pytest.mark.parametrize("how", [f"fill: {C1}; stroke: {PAPER}", f"fill: none; stroke: {C1}"])
def test_dots_with_an_edge_stay_discs_that_share_a_group(how: str) -> None:
    found = rebuilt(marked(CIRCLE, "", f"10|50|{how}", f"11|50|{how}"))
    assert re.search(r'<g class="[^"]+"><circle cx="10" cy="50" r="3"/><circle cx="11" cy="50" r="3"/></g>', found)


def test_dots_that_shine_through_stay_apart() -> None:
    how = f"fill: {C1}; stroke: {C1}; opacity: 0.5"
    assert rebuilt(marked(CIRCLE, "", f"10|50|{how}", f"11|50|{how}")).count("<circle") == 2


def test_other_closed_outlines_are_no_discs() -> None:
    square = "M -3 3 L 3 3 L 3 -3 L -3 -3 z"
    assert 'd="M7 53h6v-6h-6z"' in rebuilt(marked(square, "", f"10|50|fill: {C1}"))
    assert outlines.radius(outlines.compact(square)) == 0
    assert outlines.radius(outlines.compact(CIRCLE)) == 3
    assert outlines.radius(outlines.compact(CIRCLE.replace("C 3 -0.795609", "C 9 -0.795609"))) == 0


CLIP = '<defs><clipPath id="c"><rect x="10" y="10" width="80" height="80"/></clipPath></defs>'


@pytest.mark.parametrize(
    ("outline", "kept"),
    [
        ("M 10 10 L 90 90", False),
        ("M 5 20 L 50 50", True),
        ("M 20 20 C 20 95 30 30 40 40", True),
        ("M 20 20 L 20 91", True),
    ],
)
def test_the_clip_stays_where_something_sticks_out(outline: str, kept: bool) -> None:
    found = rebuilt(f'{CLIP}<path d="{outline}" clip-path="url(#c)" style="stroke: {C1}"/>')
    assert ("clip-path=" in found) is kept
    assert ("<clipPath" in found) is kept


def test_a_dot_at_the_edge_is_still_cut() -> None:
    inner = marked(CIRCLE, "", f"12|50|fill: {C1}")
    assert "clip-path=" in rebuilt(f'{CLIP}<g clip-path="url(#c)">{inner}</g>')
    assert "clip-path=" not in rebuilt(
        f'{CLIP}<g clip-path="url(#c)">{inner.replace("12|", "")}</g>'.replace('x="12"', 'x="14"')
    )


def test_neighbours_that_differ_only_in_outline_are_joined() -> None:
    run = f'<path d="M0 0" style="fill: {C1}"/><path d="M1 1" style="fill: {C1}"/><path d="M2 2" style="fill: {C2}"/>'
    assert rebuilt(run).count("<path") == 2
    assert 'd="M0 0M1 1"' in rebuilt(run)


@pytest.mark.parametrize("empty", ['<path style="fill: #2d5bd7"/>', '<path d="" style="fill: #2d5bd7"/>'])
def test_an_outline_without_a_point_in_view_joins_no_neighbour(empty: str) -> None:
    drawn = f'<path d="M0 0" style="fill: {C1}"/>'
    for run in (drawn + empty, empty + drawn, empty + empty + drawn):
        assert 'd="M0 0"' in rebuilt(run)


def test_tiles_with_an_edge_are_joined_and_overlapping_ones_are_not() -> None:
    def tile(x: int) -> str:
        return f'<path d="M {x} 0 L {x + 9} 0 L {x + 9} 9 L {x} 9 z" style="fill: {C1}; stroke: {PAPER}"/>'

    assert rebuilt(tile(0) + tile(9)).count("<path") == 1
    assert rebuilt(tile(0) + tile(5)).count("<path") == 2
    assert rebuilt(tile(0) + tile(9) + tile(5)).count("<path") == 2


def test_overlap_that_shines_through_is_seen() -> None:
    def bands(style: str) -> str:
        path = '<path d="M 0 0 L {1} 0 L {1} 9 L 0 9 z" style="{0}; opacity: 0.2"/>'
        return "".join(path.format(style, right) for right in (9, 7))

    found = rebuilt(bands(f"fill: {C1}"))
    assert '<g class="f-c1" fill-opacity=".2"><path d="M0 0h9v9h-9z"/><path d="M0 0h7v9h-7z"/></g>' in found
    assert '<g class="s-c1" stroke-opacity=".2">' in rebuilt(bands(f"fill: none; stroke: {C1}"))
    assert rebuilt(bands(f"fill: {C1}; stroke: {C2}")).count(' opacity=".2"') == 2  # a group cannot hand that down


def test_the_root_says_what_most_marks_share_and_the_others_say_what_differs() -> None:
    texts = "".join(f'<text x="{k}" y="1" style="font: 9px x; text-anchor: middle">{k}</text>' for k in range(9))
    lines = "".join(
        f'<path d="M0 {k}L1 0" style="stroke: {c}; stroke-width: 0.7"/>' for k, c in enumerate([C1, C2] * 4)
    )
    found = rebuilt(
        f'{texts}<text x="1" y="2" style="font: 8px x">left</text>{lines}<path d="M5 5L6 6" style="stroke: {C2}"/>'
    )
    root = found.partition(">")[0]
    assert 'font-size="9"' in root
    assert 'text-anchor="middle"' in root
    assert 'stroke-width=".7"' in root
    assert found.count('text-anchor="middle"') == found.count('stroke-width=".7"') == 1
    assert re.search(r'<text (?=[^>]*text-anchor="start")(?=[^>]*font-size="8")[^>]*>left</text>', found)
    assert re.search(r'<path d="M5 5l1 1" class="s-c2" stroke-width="1"/>', found)


def test_a_text_without_a_size_keeps_the_root_from_having_one() -> None:
    sized = '<text style="font: 9px x">a</text>' * 9
    assert 'font-size="9"' in rebuilt(sized).partition(">")[0]
    assert "font-size" not in rebuilt(sized + "<text>b</text>").partition(">")[0]


def test_what_a_group_says_is_left_to_its_members() -> None:
    inner = f'<path d="M0 0L1 1" style="stroke: {C1}; stroke-width: 1"/>'
    assert 'stroke-width="1"' in rebuilt(f'<g stroke-width="5">{inner}</g>')
    hollow = '<g style="fill: #2d5bd7"><path d="M0 0" style="fill: none; stroke: #bb4f00"/></g>'
    assert 'class="f-none s-c2"' in rebuilt(hollow)


@pytest.mark.parametrize(
    ("outline", "box"),
    [
        ("M1 2l3 4", (1, 2, 4, 6)),
        ("M1 2h3v-4z", (1, -2, 4, 2)),
        ("M0 0zM5 5l1 1", (0, 0, 6, 6)),
        ("M0 0q5 5 2 0", (0, 0, 5, 5)),
        ("M0 0c1 9 2-1 3 3", (0, -1, 3, 9)),
        ("M.5-.5h1 2", (0.5, -0.5, 3.5, -0.5)),
        ("M0 0A1 1 0 0 0 2 2", None),
        ("", None),
    ],
)
def test_bounds(outline: str, box: tuple[float, ...] | None) -> None:
    assert outlines.bounds(outline) == (None if box is None else pytest.approx(box))


def test_moved_outlines_keep_their_shape() -> None:
    assert outlines.moved("M1-2l3 4M0 0h1", 0.5, 10) == "M1.5 8l3 4M.5 10h1"
    assert outlines.moved("M0 0A1 1 0 0 0 2 2", 1, 1) is None
    assert outlines.moved("M3 3z", -3, -4) == "M0-1z"
