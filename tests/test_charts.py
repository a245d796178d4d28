"""Figures by structure: what is drawn, said and refused, never by pixels."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from amazon_labor import charts, charts_save, mime, palette

DATA = pd.DataFrame({"year": range(1990, 2022), "value": np.linspace(20, 10, 32)})


@pytest.fixture(autouse=True)
def _no_style_left() -> Iterator[None]:
    """Tests that draw without showing must not leave the house style to the next one."""
    yield
    charts._drawing.clear()
    charts._style.close()


def figure(**more: Any) -> charts.Figure:
    given: dict[str, Any] = {
        "id": "a-figure",
        "title": "Density fell by half",
        "subtitle": "Members, percent, 1990 to 2021",
        "source": "US Bureau of Labor Statistics",
        "alt": "Line chart of density from 20 to 10 percent.",
        "data": DATA,
        "table": "unions/density",
    }
    return charts.Figure(**(given | more))


def bundle(draw: Any, **more: Any) -> dict[str, Any]:
    fig = figure(**more)
    draw(fig.axes())
    return fig.bundle()


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]


def place(svg: str, words: str) -> tuple[float, float]:
    for node in ElementTree.fromstring(svg).iter():
        if node.tag.endswith("}text") and node.text == words:
            return float(node.get("x", "nan")), float(node.get("y", "nan"))
    raise AssertionError(words)


def plain(ax: Any) -> None:
    charts.line(ax, DATA.year, DATA.value, "All")


class TestBundle:
    def test_holds_image_words_and_record(self) -> None:
        found = bundle(plain)
        assert found.keys() == {"image/svg+xml", "text/plain", mime.FIGURE}
        assert found["text/plain"] == "Density fell by half. Line chart of density from 20 to 10 percent."
        record = found[mime.FIGURE]
        assert {
            "id",
            "title",
            "subtitle",
            "source",
            "alt",
            "table",
            "notes",
            "columns",
            "rows",
            "csv",
            "narrow",
            "crop",
        } <= record.keys()
        assert record["table"] == ["unions/density"]
        assert record["columns"] == ["year", "value"]
        assert record["rows"][0] == ["1990", "20.00"]
        assert record["csv"].count("\n") == 33
        assert record["row_count"] == 32

    def test_words_are_inside_the_wide_image_only(self) -> None:
        found = bundle(plain)
        wide, narrow = texts(found["image/svg+xml"]), texts(found[mime.FIGURE]["narrow"])
        for words in (
            "Density fell by half",
            "Members, percent, 1990 to 2021",
            "Source: US Bureau of Labor Statistics",
        ):
            assert words in wide
            assert words not in narrow
        assert "All" in wide
        assert "All" in narrow

    def test_long_titles_wrap_and_the_crop_grows(self) -> None:
        short = bundle(plain)[mime.FIGURE]["crop"][0]
        long = bundle(
            plain, title="Union density fell in three decades of four and by more than half from its peak of 1954"
        )
        assert len([t for t in texts(long["image/svg+xml"]) if t.startswith(("Union density", "and by"))]) >= 1
        assert long[mime.FIGURE]["crop"][0] > short

    def test_widths_are_those_of_the_house(self) -> None:
        found = bundle(plain, narrow_height=5.0)
        assert 'viewBox="0 0 518.4' in found["image/svg+xml"]
        assert 'viewBox="0 0 262.8 360"' in found[mime.FIGURE]["narrow"]

    def test_two_drawings_give_the_same_bytes_in_another_process(self) -> None:
        code = (
            "import hashlib, sys; sys.path.insert(0, 'tests'); import test_charts as t; b = t.bundle(t.plain); "
            "print(hashlib.sha256((b['image/svg+xml'] + b[t.mime.FIGURE]['narrow']).encode()).hexdigest())"
        )
        runs = {
            subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                check=True,
                env={"PYTHONHASHSEED": seed, "PATH": ""},
            ).stdout
            for seed in ("1", "2")
        }
        assert len(runs) == 1
        assert "<dc:date>" not in bundle(plain)["image/svg+xml"]

    def test_more_than_300_rows_are_summarised_and_all_are_in_the_csv(self) -> None:
        data = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=301), "v": [3.0, np.nan, *range(299)]})
        record = bundle(plain, data=data)[mime.FIGURE]
        assert record["columns"] == ["Column", "First", "Last", "Lowest", "Highest"]
        assert record["rows"] == [
            ["day", "2020-01-01", "2020-10-27", "2020-01-01", "2020-10-27"],
            ["v", "3", "298", "0", "298"],
        ]
        assert record["csv"].count("\n") == 302
        assert record["row_count"] == 301
        assert len(bundle(plain, data=data.head(300))[mime.FIGURE]["rows"]) == 300

    def test_show_displays_the_bundle_once_and_needs_axes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[Any] = []
        monkeypatch.setattr("IPython.display.display", lambda data, **_: seen.append(data))
        fig = figure()
        plain(fig.axes())
        fig.show()
        assert len(seen) == 1
        with pytest.raises(charts.ChartError, match=r"nothing is drawn. Call axes\(\)"):
            fig.show()


class TestRules:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"id": "A figure"}, "lower-case words joined by hyphens"),
            ({"id": 'x"><script>'}, "lower-case words"),
            ({"title": "It fell."}, "no full stop"),
            ({"title": "x" * 91}, "91 characters"),
            ({"alt": "x" * 601}, "601 characters"),
            ({"alt": " "}, "alt is empty"),
            ({"source": ""}, "source is empty"),
            ({"subtitle": "a\nb"}, "line breaks"),
            ({"table": ""}, "catalogue tables"),
            ({"table": ()}, "catalogue tables"),
            ({"data": DATA.head(0)}, "not empty"),
            ({"data": [1, 2]}, "not list"),
        ],
    )
    def test_words_are_checked_at_once(self, change: dict[str, Any], message: str) -> None:
        with pytest.raises(charts.ChartError, match=message):
            figure(**change)

    @pytest.mark.parametrize(
        ("draw", "message"),
        [
            (lambda ax: ax.plot([1, 2], color="red"), "colour #ff0000 has no counterpart in dark mode"),
            (lambda ax: ax.bar([1], [2], color="#0b4f9e"), "colour #0b4f9e"),
            (lambda ax: ax.text(0.5, 0.5, "a\nb"), "line break; charts.put"),
            (lambda ax: ax.text(0.5, 0.5, "a", size=7), "set in 7 units; 8 is the least"),
            (lambda ax: (ax.plot([1, 2], label="a"), ax.legend()), "no legends"),
            (lambda ax: ax.imshow([[1, 2]]), "pictures"),
        ],
    )
    def test_drawings_are_checked_when_shown(self, draw: Any, message: str) -> None:
        with pytest.raises(charts.ChartError, match=message):
            bundle(draw)

    @pytest.mark.parametrize(
        "color", [*palette.RAMP_LIGHT, *palette.DIVERGING_LIGHT, charts.C4, charts.INK, charts.PAPER]
    )
    def test_house_colours_pass(self, color: str) -> None:
        assert bundle(lambda ax: ax.bar([1], [2], color=color, alpha=0.5))

    def test_style_is_in_force_from_axes_to_show_and_nowhere_else(self) -> None:
        before = matplotlib.rcParams["lines.linewidth"], matplotlib.rcParams["svg.fonttype"]
        first, second = figure(id="first"), figure(id="second")
        plain(first.axes())
        ax = second.axes()
        first.bundle()
        assert matplotlib.rcParams["svg.fonttype"] == "none"
        plain(ax)
        second.bundle()
        assert (matplotlib.rcParams["lines.linewidth"], matplotlib.rcParams["svg.fonttype"]) == before

    def test_style_ends_after_an_error(self) -> None:
        before = matplotlib.rcParams["svg.fonttype"]
        with pytest.raises(charts.ChartError):
            bundle(lambda ax: ax.plot([1, 2], color="red"))
        assert matplotlib.rcParams["svg.fonttype"] == before

    def test_pyplot_is_never_imported(self) -> None:
        code = "import sys; from amazon_labor import charts; assert 'matplotlib.pyplot' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)


class TestMarks:
    def test_a_line_breaks_where_a_value_is_missing_and_is_named_at_its_last(self) -> None:
        fig = figure()
        ax = fig.axes()
        charts.line(ax, [1, 2, 3, 4, 5, 6], [1, 2, np.nan, 4, 5, np.nan], "Name", charts.C2, dashed=True)
        assert ax.texts[0].get_text() == "Name"
        assert tuple(ax.texts[0].xy) == (5, 5)
        found = fig.bundle()["image/svg+xml"]
        path = re.search(r'd="([^"]*)"[^>]*stroke-dasharray[^>]*stroke: #bb4f00', found)
        assert path
        assert path[1].count("M") == 2

    def test_put_writes_one_text_for_each_line(self) -> None:
        ax = figure().axes()
        charts.put(ax, 1, 2, "two\nlines")
        assert [t.get_text() for t in ax.texts] == ["two", "lines"]

    def test_end_labels_that_would_touch_are_parted_at_both_widths(self) -> None:
        def draw(ax: Any) -> None:
            for k, name in enumerate(("first", "second", "third")):
                charts.line(ax, [1, 2], [1, 1 + k / 1000], name)
            ax.set_ylim(0, 2)

        found = bundle(draw)
        for svg in (found["image/svg+xml"], found[mime.FIGURE]["narrow"]):
            heights = sorted(place(svg, name)[1] for name in ("first", "second", "third"))
            assert min(np.diff(heights)) > 9

    @pytest.mark.parametrize(
        ("values", "gap", "expected"),
        [([0, 0], 2, [-1, 1]), ([5, 0], 2, [5, 0]), ([1, 0, 2], 2, [1, -1, 3]), ([0, 0.5, 10], 1, [-0.25, 0.75, 10])],
    )
    def test_spread(self, values: list[float], gap: float, expected: list[float]) -> None:
        assert charts.spread(values, gap) == pytest.approx(expected)

    def test_events_and_words_outside_the_axes_drop_out(self) -> None:
        def draw(ax: Any) -> None:
            plain(ax)
            charts.event(ax, 1980, 15, "too early")
            charts.event(ax, 2000, 15, "in view")
            charts.put(ax, 1970, 15, "astray")

        found = bundle(draw)
        for svg in (found["image/svg+xml"], found[mime.FIGURE]["narrow"]):
            assert "in view" in texts(svg)
            assert not {"too early", "astray"} & set(texts(svg))

    def test_an_event_tagged_wide_is_left_out_on_a_phone(self) -> None:
        def draw(ax: Any) -> None:
            plain(ax)
            charts.event(ax, 2000, 15, "only wide", wide=True)
            charts.put(ax, 2000, 12, "only narrow", mark="narrow")

        found = bundle(draw)
        wide, narrow = texts(found["image/svg+xml"]), texts(found[mime.FIGURE]["narrow"])
        assert ("only wide" in wide, "only wide" in narrow) == (True, False)
        assert ("only narrow" in wide, "only narrow" in narrow) == (False, True)

    def test_shade_never_widens_the_axes_and_names_the_first_span_in_view(self) -> None:
        fig = figure()
        ax = fig.axes()
        plain(ax)
        before = ax.get_xlim()
        charts.shade(ax, [(1929, 1933), (2001, 2002), (2008, 2009)], "Recession")
        assert ax.get_xlim() == before
        svg = fig.bundle()["image/svg+xml"]
        assert texts(svg).count("Recession") == 1
        assert place(svg, "Recession")[0] > 150

    def test_forecast_draws_bands_mean_and_outcomes(self) -> None:
        ax = figure().axes()
        x = [2019, 2020, 2021]
        charts.forecast(
            ax,
            x,
            [1, 2, 3],
            [([0, 0, 0], [4, 5, 6]), ([1, 1, 1], [2, 3, 4])],
            last_observed=2018,
            outcomes=(x, [1, 2, 2]),
            label="Expected",
        )
        assert len(ax.collections) == 2
        assert [t.get_text() for t in ax.texts] == ["Expected"]
        assert list(ax.lines[-1].get_ydata()) == [1, 2, 2]

    @pytest.mark.parametrize(
        ("unit", "limits", "expected"),
        [
            ("percent", (0, 35), ["0", "35%"]),
            ("billion USD", (-10, 30), ["−10", "$30bn"]),
            ("thousand", (0, 1500), ["0", "1,500k"]),
            ("weeks", (0, 10), ["0", "10 weeks"]),
        ],
    )
    def test_the_unit_stands_once_at_the_last_tick(
        self, unit: str, limits: tuple[float, float], expected: list[str]
    ) -> None:
        ax = figure().axes()
        charts.unit_axis(ax, unit)
        ax.set_ylim(*limits)
        ax.set_yticks(limits)
        assert [t.get_text() for t in ax.get_yticklabels()] == expected

    def test_percent_axis_on_the_horizontal(self) -> None:
        ax = figure().axes()
        charts.percent_axis(ax, "x")
        ax.set_xlim(0, 50)
        ax.set_xticks([0, 25, 50])
        assert [t.get_text() for t in ax.get_xticklabels()] == ["0", "25", "50%"]


def test_wrapping_measures_words_not_characters() -> None:
    assert len(charts_save._wrap("i" * 40 + " " + "i" * 40, 12.5, "bold")) == 1
    assert len(charts_save._wrap("W" * 40 + " " + "W" * 40, 12.5, "bold")) >= 2


def test_log_axes_part_their_labels_too() -> None:
    def draw(ax: Any) -> None:
        charts.line(ax, [1, 2], [1, 100], "upper")
        charts.line(ax, [1, 2], [1, 99], "lower")
        ax.set_yscale("log")
        ax.minorticks_off()
        charts.unit_axis(ax, "")

    svg = bundle(draw)["image/svg+xml"]
    assert place(svg, "lower")[1] - place(svg, "upper")[1] > 9


def test_hidden_words_are_not_checked() -> None:
    def draw(ax: Any) -> None:
        plain(ax)
        text: Text = ax.text(2000, 15, "tiny", size=4)
        text.set_visible(False)

    assert "tiny" not in texts(bundle(draw)["image/svg+xml"])
