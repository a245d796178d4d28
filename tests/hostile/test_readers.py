"""Readers on what nobody would write: each gives a value or its own error, within bounds, and nothing else.

A fixed number of examples from a fixed seed, so that two runs are alike.
"""

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amazon_labor import catalog, claim_rule, parameters
from amazon_labor.parameters import CellError, ParameterError, Plain
from amazon_labor.runner import checks, digests, notebook
from amazon_labor.runner.notebook import NotebookError

bounded = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
CELL = """start_year: int = 1990  # first year; 1980 to 2020
end_year: int = 2000  # last year; 1981 to 2021
rate: float = 0.03  # weekly rate; 0.001 to 0.2
label: str = "a"  # words
series: str = "cpi_u"  # index; one of cpi_u, pce
companies: list[str] = ["amazon"]  # shown; any of amazon, apple
deflated: bool = True  # constant dollars
"""
KNOWN = parameters.read_cell(CELL)
NAMES = [p.name for p in KNOWN]


def _short(error: Exception, limit: int) -> None:
    """A refusal must not fill the screen with what it refuses."""
    assert len(str(error)) < limit


# ---------------------------------------------------------------- parameters

PIECES = st.sampled_from(
    [
        "a",
        "start_year",
        ": int",
        ": float",
        ": list[str]",
        " = ",
        "1990",
        "-",
        "(",
        "[",
        "'x'",
        "  # m; ",
        "1 to 2",
        "one of a, b",
        "\n",
        "lambda: 0",
        "\\",
        "\0",
        "é",
        "*",
        "1e999",
    ]
)


@bounded
@given(st.lists(PIECES, max_size=14).map("".join) | WORDS)
def test_any_cell_gives_parameters_that_allow_their_defaults_or_a_cell_error(source: str) -> None:
    try:
        found = parameters.read_cell(source)
    except CellError:
        return
    assert parameters.resolve("x", found, {}) == parameters.defaults(found)


@pytest.mark.parametrize(
    "source",
    [
        "-" * 50_000 + "1",
        "x: int = " + "(" * 5000,
        "x: int = " + "-" * 20_000 + "1  # m; 0 to 2",
        "x: int = " + "9" * 10_000 + "  # m; 0 to 2",
        "a." * 20_000 + "b",
    ],
)
def test_cells_that_exhaust_the_parser_are_a_cell_error(source: str) -> None:
    with pytest.raises(CellError):
        parameters.read_cell(source)


@bounded
@given(
    st.dictionaries(
        st.sampled_from(NAMES) | WORDS,
        JSON | WORDS.map(Plain) | st.floats().map(str).map(Plain) | st.integers().map(str).map(Plain),
        max_size=4,
    )
)
def test_any_values_are_resolved_to_the_types_of_the_cell_or_refused(given_values: dict[str, Any]) -> None:
    try:
        values = parameters.resolve("x", KNOWN, given_values)
    except ParameterError as error:
        _short(error, 4000)
        return
    kinds = {"int": int, "float": float, "str": str, "bool": bool, "list[str]": list}
    for one in KNOWN:
        assert type(values[one.name]) is kinds[one.kind]
        if one.low is not None:
            assert one.low <= values[one.name] <= one.high
    assert values["start_year"] < values["end_year"]


@bounded
@given(
    text=WORDS
    | JSON.map(lambda v: json.dumps(v))
    | st.lists(st.sampled_from(list("ab:-[]{},&*!|>'\"#%@\n ?~0")), max_size=30).map("".join),
    kind=st.sampled_from([".yaml", ".json", ".toml"]),
)
def test_any_file_gives_a_mapping_or_a_parameter_error(tmp_path: Path, text: str, kind: str) -> None:
    file = tmp_path / f"values{kind}"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = parameters.from_file(file)
    except ParameterError:
        return
    assert isinstance(found, dict)
    try:
        parameters.resolve("x", KNOWN, found)
    except ParameterError as error:
        _short(error, 20_000)


# ---------------------------------------------------------------- the rule of the claims

FINITE = st.floats(allow_nan=False, allow_infinity=False)
BOUND = st.none() | FINITE


@bounded
@given(st.floats(), BOUND, BOUND, BOUND, BOUND)
def test_the_rule_reads_any_number_or_says_that_it_is_none(
    value: float, lower: Any, upper: Any, low: Any, high: Any
) -> None:
    if not math.isfinite(value):
        with pytest.raises(ValueError, match="not a finite number"):
            claim_rule.read(value, lower, upper)
        return
    reading = claim_rule.read(value, lower, upper, low=low, high=high)
    number = claim_rule.comparable(value)
    wanted = (lower is None or claim_rule.comparable(lower) <= number) and (
        upper is None or number <= claim_rule.comparable(upper)
    )
    assert reading.holds is wanted
    assert not (reading.crosses and not reading.holds)
    assert isinstance(number, Decimal)


READINGS = st.lists(
    st.builds(claim_rule.Reading, st.booleans(), st.sampled_from([True, False, None]), st.booleans()), max_size=6
)


@bounded
@given(READINGS, st.booleans(), st.booleans(), st.randoms())
def test_the_verdict_is_one_of_five_and_the_order_of_readings_is_nothing(
    readings: list[Any], documentary: bool, run: bool, random: Any
) -> None:
    if sum(r.own for r in readings) > 1:
        with pytest.raises(ValueError, match="one at most"):
            claim_rule.judge(readings, documentary=documentary, run=run)
        return
    verdict = claim_rule.judge(readings, documentary=documentary, run=run)
    assert verdict in claim_rule.WORDS
    shuffled = list(readings)
    random.shuffle(shuffled)
    assert claim_rule.judge(shuffled, documentary=documentary, run=run) == verdict
    if verdict == claim_rule.HOLDS:
        assert not any(r.holds is False or (r.crosses and r.holds) for r in readings)


# ---------------------------------------------------------------- the data package

PATHS = [
    "../secret.csv",
    "/etc/passwd",
    "amazon/../../x.csv",
    "a\\b.csv",
    "C:/x.csv",
    "https://example.org/x.csv",
    "a.exe",
    "a.csv\n",
    "",
    3,
    None,
    ["a.csv", "b.csv"],
    "A/b.csv",
    "./a.csv",
    "a.csv\0",
]


def _package(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    catalog._parsed.cache_clear()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    yield tmp_path / "data"
    catalog._parsed.cache_clear()


@pytest.mark.parametrize("path", PATHS, ids=map(repr, PATHS))
def test_a_table_lies_below_the_data_folder_or_the_package_is_refused(data: Path, path: Any) -> None:
    resource = {"path": path, "schema": {"fields": [{"name": "a", "type": "integer"}]}, "hash": "sha256:0", "bytes": 4}
    _package(data, json.dumps({"resources": [resource]}))
    with pytest.raises(catalog.DataError, match="cannot be read"):
        catalog.names()


FIELD = st.fixed_dictionaries(
    {}, optional={"name": WORDS | JSON, "type": st.sampled_from(["integer", "string", "date"]) | JSON}
)
RESOURCE = JSON | st.fixed_dictionaries(
    {},
    optional={
        "path": st.sampled_from(["t.csv", "a/t.csv"]) | JSON,
        "schema": JSON | st.fixed_dictionaries({"fields": st.lists(FIELD, max_size=2) | JSON}),
        "hash": JSON,
        "bytes": JSON,
    },
)


@bounded
@given(JSON.map(json.dumps) | WORDS | st.lists(RESOURCE, max_size=3).map(lambda r: json.dumps({"resources": r})))
def test_any_package_gives_names_or_a_data_error(data: Path, text: str) -> None:
    _package(data, text)
    try:
        found = catalog.names()
    except catalog.DataError:
        return
    for name in found:
        with pytest.raises(catalog.DataError):  # the tables are not there
            catalog.load(name)


def test_a_package_nested_without_end_is_a_data_error(data: Path) -> None:
    _package(data, "[" * 100_000)
    with pytest.raises(catalog.DataError):
        catalog.names()


# ---------------------------------------------------------------- notebooks

RAW_CELL = JSON | st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON,
        "source": WORDS | st.lists(PIECES, max_size=6) | JSON,
        "metadata": st.fixed_dictionaries(
            {"tags": st.lists(st.sampled_from(["parameters", "sources", "exercise"])) | JSON}
        )
        | JSON,
        "outputs": st.lists(st.fixed_dictionaries({}, optional={"data": JSON, "output_type": WORDS}), max_size=2)
        | JSON,
        "id": JSON,
        "execution_count": JSON,
    },
)
NOTEBOOK = st.fixed_dictionaries(
    {"nbformat": st.just(4)},
    optional={
        "cells": st.lists(RAW_CELL, max_size=6),
        "metadata": JSON | st.fixed_dictionaries({"amazon_labor": JSON, "kernelspec": JSON}),
    },
).map(json.dumps)


@bounded
@given(NOTEBOOK | JSON.map(json.dumps) | WORDS)
def test_any_notebook_is_read_and_checked_or_is_a_notebook_error(tree: Any, text: str) -> None:
    path = tree.root / "notebooks" / "01_x.ipynb"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        one = notebook.read(path)
    except NotebookError:
        return
    assert all(isinstance(fault, str) for fault in checks.faults(one))
    assert digests.text(one.text)
    assert isinstance(one.title + one.question + one.part, str)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}',
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "metadata": {"tags": [["a"]]}}]}',
        '{"nbformat": 4, "cells": [], "metadata": {"amazon_labor": []}}',
    ],
)
def test_notebooks_that_no_program_writes(tmp_path: Path, text: str) -> None:
    (tmp_path / "01_x.ipynb").write_text(text)
    with pytest.raises(NotebookError):
        notebook.read(tmp_path / "01_x.ipynb")


@pytest.mark.parametrize("source", ["-" * 50_000 + "1", "a." * 20_000 + "b", "(" * 5000])
def test_code_that_exhausts_the_parser_is_a_fault_of_its_cell(tree: Any, source: str) -> None:
    path = tree.write("x", 1, source)
    assert any("not Python" in fault for fault in checks.faults(notebook.read(path)))
