"""The chart forms: what stands on the axes, and what is refused."""

from typing import Any

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest

from amazon_labor import charts


@pytest.fixture
def axes() -> Any:
    """A function that begins a figure and returns its axes; the house style ends with the test."""
    data = pd.DataFrame({"a": [1]})

    def begin(*shape: int) -> Any:
        return charts.Figure("a-figure", "A title", "Percent", "Publisher", "Alt.", data, "a/b").axes(*shape)

    yield begin
    charts._drawing.clear()
    charts._style.close()


class TestForms:
    def test_slope_writes_values_at_both_ends(self, axes: Any) -> None:
        ax = axes()
        charts.slope(ax, [("A", 30, 28, charts.C1), ("B", 46, 18, charts.C2)], ("1983", "2022"))
        assert [t.get_text() for t in ax.texts] == ["30", "28 A", "46", "18 B"]
        assert [t.get_text() for t in ax.get_xticklabels()] == ["1983", "2022"]

    def test_dots_with_and_without_interval_value_and_colour(self, axes: Any) -> None:
        ax = axes()
        rows = [("A", 1.5, 1.0, 2.0, charts.C2), ("B", -3.0), ("C", None), ("D", 2.0, 1.0, 3.0)]
        charts.dots(ax, rows, (0, 1), "accepted", digits=1, unit="USD")
        words = [t.get_text() for t in ax.texts if t.get_gid() != "wide"]
        assert [t.get_text() for t in ax.texts if t.get_gid() == "wide"] == ["A", "B", "C", "D"]
        assert words == ["A", "$1.5", "B", "−$3.0", "C", "no data", "D", "$2.0", "accepted"]
        assert ax.get_ylim()[0] > ax.get_ylim()[1]

    def test_bridge_adds_up_or_is_refused(self, axes: Any) -> None:
        ax = axes()
        charts.bridge(
            ax, [("Start\n2019", 10.0, "total"), ("More", 5.0, "step"), ("Less", -2.0, "step"), ("End", 13.0, "total")]
        )
        assert [p.get_height() for p in ax.patches] == [10, 5, -2, 13]
        assert [p.get_y() for p in ax.patches] == [0, 10, 15, 0]
        assert [t.get_text() for t in ax.texts if t.get_weight() == "bold"] == ["10.0", "+5.0", "−2.0", "13.0"]
        with pytest.raises(charts.ChartError, match=r"add up to 15, but the total is 14"):
            charts.bridge(axes(), [("a", 10, "total"), ("b", 5, "step"), ("c", 14, "total")])

    def test_small_multiples_hide_what_is_left_over(self, axes: Any) -> None:
        panels = axes(1, 3)
        charts.small_multiples(
            panels, [("A", [1, 2], [3, 4], charts.C1), ("B", [1, 2], [5, np.nan], charts.C1)], ([1, 2], [1, 1])
        )
        assert [ax.get_visible() for ax in panels] == [True, True, False]
        assert [t.get_text() for t in panels[1].texts] == ["5", "5"]
        with pytest.raises(charts.ChartError, match="15 characters"):
            charts.small_multiples(panels, [("a" * 15, [1], [1], charts.C1)])
        with pytest.raises(charts.ChartError, match="has no value"):
            charts.small_multiples(panels, [("a", [1], [np.nan], charts.C1)])
        with pytest.raises(charts.ChartError, match="4 panels do not fit into 3"):
            charts.small_multiples(panels, [("a", [1], [1], charts.C1)] * 4)

    def test_tile_map_has_51_tiles_and_classes_by_breaks(self, axes: Any) -> None:
        assert len(charts.TILES) == 51
        ax = axes()
        charts.tile_map(ax, {"NY": 20.0, "NC": 2.0, "SC": 10.0}, [5, 15], mark="NY")
        faces = {matplotlib.colors.to_hex(p.get_facecolor()) for p in ax.patches}
        assert faces == {charts.RAMP[0], charts.RAMP[3], charts.RAMP[6], charts.SHADE}
        assert len(ax.patches) == 51
        words = [t.get_text() for t in ax.texts]
        assert words.count("–") == 48
        with pytest.raises(charts.ChartError, match="'XX' is no state"):
            charts.tile_map(ax, {"XX": 1.0}, [5])
        with pytest.raises(charts.ChartError, match="rising numbers"):
            charts.tile_map(ax, {"NY": 1.0}, [5, 3])

    def test_error_surface_makes_the_best_fit_strongest(self, axes: Any) -> None:
        ax = axes()
        charts.error_surface(ax, [[0.1, 30.0], [3.0, np.nan]], {0: "first"}, ["a", "b"], [0.5, 1, 2, 5, 10, 20], mark=0)
        by_place = {p.get_xy(): matplotlib.colors.to_hex(p.get_facecolor()) for p in ax.patches if p.get_facecolor()[3]}
        assert by_place == {(-0.5, -0.5): charts.RAMP[6], (0.5, -0.5): charts.RAMP[0], (-0.5, 0.5): charts.RAMP[3]}

    def test_ramp_key_names_ends_not_shades(self, axes: Any) -> None:
        ax = axes()
        charts.ramp_key(ax, 0, 0, 1, 1, "under 3%", "18% or more")
        assert len(ax.patches) == 7
        assert [t.get_text() for t in ax.texts] == ["under 3%", "18% or more"]
