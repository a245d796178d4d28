"""Drawings are rebuilt from an allowlist."""

import re
from xml.etree import ElementTree

import pytest
import sample_figures
import samples

from amazon_labor import charts, mime, palette
from amazon_labor.publish import outlines, svg

MINIMAL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20">{}</svg>'


def rebuilt(inner: str) -> str:
    return svg.rebuild(MINIMAL.format(inner), "p")


def tags(text: str) -> list[str]:
    return [node.tag.rsplit("}")[-1] for node in ElementTree.fromstring(text).iter()]


def test_colours_become_classes_and_no_style_survives() -> None:
    found = rebuilt('<path d="M0 0L1 1" style="fill: none; stroke: #2D5BD7; stroke-width: 2"/>')
    assert '<path d="M0 0l1 1" stroke-width="2" class="s-c1"/>' in found
    assert "style" not in found


@pytest.mark.parametrize("color", [*palette.roles()])
def test_every_house_colour_has_a_class_of_its_own(color: str) -> None:
    assert f'class="f-{palette.roles()[color]}"' in rebuilt(f'<path d="M0 0" style="fill: {color}"/>')


def test_title_source_and_paper_of_the_image_are_dropped() -> None:
    record = sample_figures.line_figure().bundle()
    wide = svg.rebuild(record["image/svg+xml"], "w", record[mime.FIGURE]["crop"])
    assert "Union density fell in every decade" not in wide
    assert "Source:" not in wide
    assert "Survey" in wide
    assert "f-surface" not in wide
    head, foot = record[mime.FIGURE]["crop"]
    view = re.search(r'viewBox="0 ([\d.]+) ([\d.]+) ([\d.]+)"', wide)
    assert view
    assert float(view[1]) == head
    assert float(view[3]) == pytest.approx(3.9 * 72, abs=0.1)
    assert head + foot > 50


def test_ids_are_prefixed_and_references_follow() -> None:
    found = rebuilt(
        '<defs><path id="m1" d="M0 0A1 1 0 0 0 2 2"/><clipPath id="c1"><rect width="1" height="1"/></clipPath></defs>'
        '<g clip-path="url(#c1)"><use xlink:href="#m1" x="1" y="2" xmlns:xlink="http://www.w3.org/1999/xlink"/></g><g id="free"><path d="M1 1"/></g>'
    )
    ids = re.findall(r'\bid="([^"]+)"', found)
    assert sorted(ids) == ["p-0", "p-1"]
    assert set(re.findall(r'(?:href="#|url\(#)([\w-]+)', found)) == set(ids)


def test_coordinates_keep_one_decimal() -> None:
    assert 'x=".1" y="-.1"' in rebuilt('<text x="0.123456" y="-0.149">a</text>')


def test_text_is_muted_unless_it_says_so_and_has_no_halo_on_tiles() -> None:
    found = rebuilt(
        '<g id="on"><text style="fill: #fefefd">tile</text></g><text>a &lt;b&gt;</text><text style="fill: #5f646c">c</text>'
    )
    assert '<text class="f-surface on">tile</text>' in found
    assert '<text class="f-ink">a &lt;b&gt;</text>' in found
    assert "<text>c</text>" in found


def test_short_font_property_gives_size_and_weight() -> None:
    assert '<text font-size="9.5" font-weight="700"' in rebuilt(
        "<text style=\"font: 700 9.5px 'DejaVu Sans'\">x</text>"
    )


def test_thumbnails_have_no_words() -> None:
    narrow = sample_figures.line_figure().bundle()[mime.FIGURE]["narrow"]
    assert "<text" not in svg.rebuild(narrow, "t", words=False)
    assert "<path" in svg.rebuild(narrow, "t", words=False)


def test_nothing_hostile_survives_and_labels_do() -> None:
    found = svg.rebuild(samples.HOSTILE_SVG, "h")
    assert set(tags(found)) <= svg.TAGS
    assert "window.hit" not in found
    assert "example.org" not in found
    assert "kept label" in found
    assert 'class="f-c2"' in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<svg", "not well-formed"),
        ("", "not well-formed"),
        ("<p/>", "begins with <p>"),
        ("<svg viewBox='0 0 a b'/>", "not four numbers"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "declares entities"),
    ],
)
def test_what_is_no_drawing_is_refused(text: str, message: str) -> None:
    with pytest.raises(svg.SvgError, match=message):
        svg.rebuild(text, "p")


def test_forms_stay_small() -> None:
    for fig in [sample_figures.line_figure(), *sample_figures.form_figures()]:
        bundle = fig.bundle()
        both = svg.rebuild(bundle["image/svg+xml"], "w"), svg.rebuild(bundle[mime.FIGURE]["narrow"], "n")
        limit = 45_000 if fig.id in ("surface", "tiles") else 30_000
        assert sum(len(s.encode()) for s in both) < limit, fig.id


def test_marks_of_a_figure_by_structure() -> None:
    bundle = sample_figures.line_figure().bundle()
    wide = svg.rebuild(bundle["image/svg+xml"], "w", bundle[mime.FIGURE]["crop"])
    assert len(re.findall(r'class="s-c1"', wide)) == 1  # the survey
    assert len(re.findall(r'class="s-muted"', wide)) >= 1  # the reports
    assert 'class="f-shade"' in wide
    assert charts.C1 not in wide


@pytest.mark.parametrize(
    ("outline", "short"),
    [
        ("M 41.94 245.6 \nL 506.5 245.6 \nL 506.5 57.7 \nz \n", "M41.9 245.6h464.6v-187.9z"),
        ("M 0 0 L 0.44 0.46 L 1 1", "M0 0l.4 .5 .6 .5"),
        ("M 1 1 L 2 2 L 2.01 2.01 L 1 1", "M1 1l1 1-1-1"),
        ("M 0 0 C 1 0 2 1 2 2 C 2 3 3 4 4 4", "M0 0c1 0 2 1 2 2 0 1 1 2 2 2"),
        ("M 0 0 Q 1 1 2 0", "M0 0q1 1 2 0"),
        ("M 5 5 L 5 5", "M5 5h0"),
        ("M 0 0 z M 3 3 L 4 4 z L 3 4", "M0 0zM3 3l1 1zv1"),
        ("M0 0A1 1 0 0 0 2 2", "M0 0A1 1 0 0 0 2 2"),
        ("M 0", "M 0"),
        ("L", "L"),
        ("1 2", "1 2"),
        ("", ""),
        ("M 1e-5 -1e2 L 3.25 0", "M0-100l3.2 100"),
    ],
)
def test_outlines_are_short_and_lead_to_the_same_points(outline: str, short: str) -> None:
    assert outlines.compact(outline) == short


def test_rounding_does_not_add_up_along_a_line() -> None:
    points = [(k * 0.333, (k * 0.777) % 5) for k in range(500)]
    steps = outlines.compact("M " + " L ".join(f"{x:.6f} {y:.6f}" for x, y in points))
    x = y = 0.0
    ends = []
    for command, numbers in re.findall(r"([Mlhv])([^Mlhv]*)", steps):
        values = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        pairs = (
            [(v, 0.0) for v in values]
            if command == "h"
            else [(0.0, v) for v in values]
            if command == "v"
            else list(zip(values[::2], values[1::2], strict=True))
        )
        for dx, dy in pairs:
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            ends.append((x, y))
    assert ends == [pytest.approx(p, abs=0.051) for p in points]
