"""Colours keep their distance: contrast after WCAG 2.2, and colour vision by CAM02-UCS (colorspacious)."""

import itertools
from typing import Any

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from amazon_labor import palette

MODES = [pytest.param(palette.LIGHT, id="light"), pytest.param(palette.DARK, id="dark")]
KINDS = (None, "deuteranomaly", "protanomaly", "tritanomaly")
SERIES = ("c1", "c2", "c3", "c4", "muted")
TEXT = ("ink", "muted", "link", "holds", "qualified", "fails", "untestable", "missing")


def _seen(color: str, kind: str | None) -> Any:
    rgb = np.array([int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
    return rgb if kind is None else np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)


def test_contrast_agrees_with_the_examples_of_the_standard() -> None:
    # WCAG 2.2, definition of contrast ratio: black on white is 21, a colour on itself 1; #767676 is the known 4.54
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#123456", "#123456") == 1
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colors", MODES)
@pytest.mark.parametrize("name", TEXT)
def test_text_is_readable_on_page_surface_and_shade(colors: dict[str, str], name: str) -> None:
    assert min(palette.contrast(colors[name], colors[ground]) for ground in ("page", "surface", "shade")) >= 4.5


@pytest.mark.parametrize("colors", MODES)
@pytest.mark.parametrize("name", SERIES)
def test_labels_of_series_are_readable_on_the_page(colors: dict[str, str], name: str) -> None:
    assert palette.contrast(colors[name], colors["page"]) >= 4.5
    assert palette.contrast(colors[name], colors["shade"]) >= 3  # a mark, not a text


@pytest.mark.parametrize("colors", MODES)
def test_series_are_told_apart_with_every_kind_of_sight(colors: dict[str, str]) -> None:
    for a, b in itertools.combinations(SERIES, 2):
        distance = min(float(deltaE(_seen(colors[a], k), _seen(colors[b], k), input_space="sRGB1")) for k in KINDS)
        assert distance >= 10, (a, b, distance)


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_the_ramp_are_readable(dark: bool) -> None:
    tokens = palette.tokens(dark)
    for k in range(7):
        text = tokens["ink"] if k < palette.INK_STEPS else tokens["surface"]
        page = tokens["ink"] if k < palette.INK_STEPS else tokens["page"]
        assert min(palette.contrast(tokens[f"q{k}"], text), palette.contrast(tokens[f"q{k}"], page)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_the_ramp_runs_from_the_ground_to_its_opposite(dark: bool) -> None:
    tokens = palette.tokens(dark)
    ratios = [palette.contrast(tokens[f"q{k}"], tokens["page"]) for k in range(7)]
    assert ratios == sorted(ratios)


def test_every_role_exists_in_both_modes_and_maps_back() -> None:
    light, dark = palette.tokens(), palette.tokens(dark=True)
    assert light.keys() == dark.keys()
    for color, role in palette.roles().items():
        assert light[role] == color
        assert role in dark


def test_diverging_steps_run_from_contrast_over_zero_to_first() -> None:
    steps = palette.DIVERGING_LIGHT
    assert (steps[0], steps[3], steps[6]) == (palette.LIGHT["c2"], palette.LIGHT["shade"], palette.LIGHT["c1"])
    assert palette.mix("#000000", "#ff8040", 0.5) == "#804020"
    assert len(set(steps)) == 7


def test_dark_rules_are_for_screens_only() -> None:
    css = palette.css()
    dark = palette.DARK["page"]
    before = [css.rfind("@media screen", 0, k) for k in range(len(css)) if css.startswith(dark, k)]
    assert len(before) == 2
    assert all(k >= 0 for k in before)
    assert css.index(palette.LIGHT["page"]) < css.index("@media")


def test_each_role_has_a_class_for_fill_and_stroke() -> None:
    css = palette.mark_css()
    for role in palette.roles().values():
        assert f".f-{role}{{" in css
        assert f".s-{role}{{" in css
