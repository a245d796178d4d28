"""Tables: text of cells, the displayed bundle, and regressions against the libraries' own numbers."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels import PanelOLS

from amazon_labor import tables


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    bundles: list[dict[str, str]] = []
    monkeypatch.setattr(tables, "_display", lambda page, plain: bundles.append({"html": page, "plain": plain}))
    return bundles


def _frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


class TestCsv:
    def test_numbers_keep_ten_significant_digits_and_no_exponent(self) -> None:
        frame = _frame(a=[470822000000.0, 1 / 3, 1e-7, -0.0], b=[1, 2, 3, 4])
        assert tables.csv_text(frame) == "a,b\n470822000000,1\n0.3333333333,2\n0.0000001,3\n0,4\n"

    def test_missing_values_are_blank_and_dates_iso(self) -> None:
        frame = _frame(
            day=pd.to_datetime(["2022-04-01", None]),
            v=[np.nan, 2.5],
            ok=[True, False],
            n=pd.array([1, None], dtype="Int64"),
        )
        assert tables.csv_text(frame) == "day,v,ok,n\n2022-04-01,,yes,1\n,2.5,no,\n"

    def test_commas_quotes_and_line_breaks_are_quoted(self) -> None:
        frame = _frame(name=['a, "b"', "c\nd"], v=[1, 2])
        assert tables.csv_text(frame) == 'name,v\n"a, ""b""",1\n"c\nd",2\n'

    def test_reads_back_equal(self) -> None:
        import io

        frame = _frame(x=np.random.default_rng(1).normal(size=50) * 1e4, s=[f"a,{k}" for k in range(50)])
        back = pd.read_csv(io.StringIO(tables.csv_text(frame)))
        np.testing.assert_allclose(back.x, frame.x, rtol=1e-9)
        assert list(back.s) == list(frame.s)

    def test_a_named_index_becomes_a_column_and_a_plain_one_does_not(self) -> None:
        frame = _frame(v=[1, 2])
        assert tables.csv_text(frame).startswith("v\n")
        assert tables.csv_text(frame.set_axis(pd.Index([2020, 2021], name="year"))).startswith("year,v\n2020,1\n")


class TestCells:
    def test_years_have_no_commas_and_large_numbers_do(self) -> None:
        text = tables.cells(_frame(year=[1980, 2021], members=[20095.0, 14012.0]))
        assert text.rows == [["1980", "20,095"], ["2021", "14,012"]]
        assert text.numeric == [True, True]

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([33.364, 11.588], ["33.36", "11.59"]),
            ([23.0, 10.3], ["23.0", "10.3"]),
            ([-0.3123, 0.25], ["−0.3123", "0.2500"]),
            ([1.0, 2.0], ["1", "2"]),
            ([0.0, np.nan], ["0", ""]),
        ],
    )
    def test_rounds_to_what_the_data_carry(self, values: list[float], expected: list[str]) -> None:
        assert [row[0] for row in tables.cells(_frame(v=values)).rows] == expected

    def test_digits_for_one_column(self) -> None:
        assert tables.cells(_frame(a=[1.234], b=[1.234]), {"a": 1}).rows == [["1.2", "1.234"]]

    def test_one_number_of_digits_leaves_years_and_counts_alone(self) -> None:
        frame = _frame(year=[2019, 2021], n=[3, 12000], v=[1.234, 2.0])
        assert tables.cells(frame, 1).rows == [["2019", "3", "1.2"], ["2021", "12,000", "2.0"]]

    def test_several_levels_of_heads_are_joined(self) -> None:
        frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("profit", "2019"), ("profit", "2021")]))
        assert tables.cells(frame).columns == ["profit 2019", "profit 2021"]

    def test_unknown_column_is_named(self) -> None:
        with pytest.raises(tables.TableError, match=r"digits: no column 'b'. The columns are 'a'"):
            tables.cells(_frame(a=[1]), {"b": 1})

    def test_a_series_is_refused(self) -> None:
        with pytest.raises(tables.TableError, match="not of Series"):
            tables.cells(pd.Series([1]))  # type: ignore[arg-type]


class TestShow:
    def test_html_has_caption_scopes_units_and_no_style(self, displayed: list[dict[str, str]]) -> None:
        tables.show(
            _frame(company=["<b>A</b>", "B"], income=[33.4, np.nan]),
            "Income & more",
            units={"income": "billion USD"},
            note="Source: x.",
        )
        page = displayed[0]["html"]
        assert "<caption>Income &amp; more</caption>" in page
        assert '<th scope="col" class="n">income <small>billion USD</small></th>' in page
        assert '<th scope="row">&lt;b&gt;A&lt;/b&gt;</th><td class="n">33.4</td>' in page
        assert '<td class="n">no data</td>' in page
        assert '<p class="note">Source: x.</p>' in page
        assert "style" not in page

    def test_plain_text_is_aligned(self, displayed: list[dict[str, str]]) -> None:
        tables.show(_frame(name=["a", "long"], v=[1000.5, 2.0]), "Caption", units={"v": "USD"})
        lines = displayed[0]["plain"].splitlines()
        assert lines[0] == "Caption"
        assert len({len(line) for line in lines[1:]}) == 1

    @pytest.mark.parametrize(
        ("frame", "caption", "message"), [(_frame(a=[]), "x", "no rows"), (_frame(a=[1]), " ", "caption")]
    )
    def test_refuses_empty_tables_and_captions(self, frame: pd.DataFrame, caption: str, message: str) -> None:
        with pytest.raises(tables.TableError, match=message):
            tables.show(frame, caption)

    def test_is_displayed_with_both_types(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[Any] = []
        monkeypatch.setattr("IPython.display.display", lambda data, raw: seen.append((data, raw)))
        tables.show(_frame(a=[1]), "One")
        assert seen[0][0].keys() == {"text/html", "text/plain"}
        assert seen[0][1] is True


class TestRegression:
    @pytest.fixture(scope="class")
    def data(self) -> pd.DataFrame:
        rng = np.random.default_rng(7)
        frame = pd.DataFrame(
            {"person": np.repeat(np.arange(40), 5), "year": np.tile(np.arange(5), 40), "x": rng.normal(size=200)}
        )
        frame["y"] = 1 + 2 * frame.x + rng.normal(size=200)
        return frame

    def test_statsmodels_numbers_and_intervals(self, data: pd.DataFrame, displayed: list[dict[str, str]]) -> None:
        fitted = sm.OLS(data.y, sm.add_constant(data.x)).fit()
        tables.regression({"OLS": fitted}, "Effect of x", names={"x": "The x"}, level=90)
        low, high = fitted.conf_int(alpha=0.10).loc["x"]
        digits = max(0, 1 - int(np.floor(np.log10(fitted.bse["x"]))))
        wanted = f"{fitted.params['x']:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
        assert wanted in displayed[0]["plain"]
        assert "const" not in displayed[0]["plain"]
        assert "200" in displayed[0]["plain"]
        assert f"{fitted.rsquared:.2f}" in displayed[0]["plain"]

    def test_arrays_without_names_and_both_libraries_side_by_side(
        self, data: pd.DataFrame, displayed: list[dict[str, str]]
    ) -> None:
        panel = data.set_index(["person", "year"])
        fixed = PanelOLS(panel.y, panel[["x"]], entity_effects=True).fit()
        plain = sm.OLS(data.y.to_numpy(), sm.add_constant(data.x.to_numpy())).fit()
        tables.regression({"OLS": plain, "FE": fixed}, "Two", extra={"Errors": {"FE": "robust"}})
        page = displayed[0]["html"]
        rows = re.findall(r'<th scope="row">(.*?)</th>', page)
        assert rows == ["const", "x1", "x", "Errors", "Observations", "R squared"]
        low, high = fixed.conf_int(level=0.90).loc["x"]
        assert f"{low:.3f} to {high:.3f}" in page or f"{low:.2f} to {high:.2f}" in page

    def test_has_no_clock_and_no_stars(self, data: pd.DataFrame, displayed: list[dict[str, str]]) -> None:
        fitted = sm.OLS(data.y, sm.add_constant(data.x)).fit()
        tables.regression({"OLS": fitted}, "Effect")
        assert not re.search(r"\d\d:\d\d|\*|Date", displayed[0]["plain"])

    def test_errors_name_what_is_there(self, data: pd.DataFrame) -> None:
        fitted = sm.OLS(data.y, sm.add_constant(data.x)).fit()
        with pytest.raises(tables.TableError, match=r"no model has the coefficient 'z'. There are const, x"):
            tables.regression({"OLS": fitted}, "Effect", names={"z": "Z"})
        with pytest.raises(tables.TableError, match="at least one"):
            tables.regression({}, "Effect")

    def test_a_coefficient_without_error_is_written_with_two_digits(self) -> None:
        assert tables._estimate(1.234, 0.0, 1.234, 1.234) == "1.23 (1.23 to 1.23)"
