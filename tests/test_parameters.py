"""Parameters cells are read, not run, and no value that the cell does not allow gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import parameters
from amazon_labor.parameters import CellError, ParameterError, Plain

CELL = """\
start_year: int = 1983  # first year shown; 1973 to 2022
end_year: int = 2022  # last year shown; 1973 to 2022
deflator: str = "cpi_u"  # price index; one of cpi_u, pce, none
rate: float = 0.03  # weekly exit rate; a share; 0.001 to 0.2
companies: list[str] = [
    "amazon",
    "apple",
]  # companies shown; any of amazon, apple, meta
lags: int = 4  # lags of the correction; one of 1, 4, 8
real: bool = True  # whether amounts are in constant dollars
label: str = "a"  # free text
"""
PARAMETERS = parameters.read_cell(CELL)


def resolve(**given):
    return parameters.resolve("turnover", PARAMETERS, given)


def test_the_cell_gives_name_type_default_meaning_and_range():
    by_name = {p.name: p for p in PARAMETERS}
    assert list(by_name) == ["start_year", "end_year", "deflator", "rate", "companies", "lags", "real", "label"]
    assert (by_name["start_year"].low, by_name["start_year"].high) == (1973, 2022)
    assert by_name["rate"].meaning == "weekly exit rate; a share"
    assert by_name["companies"].default == ["amazon", "apple"]
    assert by_name["companies"].choices == ("amazon", "apple", "meta")
    assert by_name["lags"].allowed == "one of 1, 4, 8"
    assert by_name["real"].meaning == "whether amounts are in constant dollars"


def test_an_empty_cell_has_no_parameters():
    assert parameters.read_cell("# no parameters\n") == ()
    assert parameters.resolve("plain", (), {}) == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("import os", "only typed assignments"),
        ("x = 1  # meaning; 0 to 2", "only typed assignments"),
        ("x: int  # meaning; 0 to 2", "only typed assignments"),
        ("x: int = 1", "needs a comment"),
        ("x: int = 1  # meaning", "needs its range"),
        ("x: int = 1  # meaning; from 0 to 2", "needs its range"),
        ("x: int = 1  # meaning; 2 to 0", "reversed"),
        ("x: int = 3  # meaning; 0 to 2", "default of x is 3: it is too large"),
        ("x: int = 1.5  # meaning; 0 to 2", "not a whole number"),
        ("x: int = True  # meaning; 0 to 2", "not a whole number"),
        ("x: int = 1 + 1  # meaning; 0 to 2", "expression"),
        ("x: str = open('f').read()  # meaning", "expression"),
        ("x: str = 'a'  # meaning; one of b, c", "not in the list"),
        ("x: str = 'a'  # meaning; one of a", "two or more"),
        ("x: int = 1  # meaning; one of 1, two", "must be numbers"),
        ("x: list[str] = ['a']  # meaning", "needs its choices"),
        ("x: date = 1  # meaning", "allowed: int, float, str, bool, list"),
        ("X: int = 1  # meaning; 0 to 2", "snake_case"),
        ("x: int = 1  # meaning; 0 to 2\nx: int = 1  # meaning; 0 to 2", "there twice"),
        ("start_a: int = 2  # m; 0 to 9\nend_a: int = 2  # m; 0 to 9", "must come before"),
        ("x: int = (", "not Python"),
    ],
)
def test_a_cell_outside_the_grammar_is_refused(line, message):
    with pytest.raises(CellError, match=message):
        parameters.read_cell(line)


def test_reading_runs_nothing(tmp_path):
    target = tmp_path / "made"
    with pytest.raises(CellError):
        parameters.read_cell(f"x: str = open({str(target)!r}, 'w').name  # meaning")
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("start_year", "1990", 1990),
        ("start_year", "+1990", 1990),
        ("rate", ".1", 0.1),
        ("rate", "1e-1", 0.1),
        ("deflator", "none", "none"),
        ("companies", "meta, amazon", ["meta", "amazon"]),
        ("lags", "8", 8),
        ("real", "False", False),
        ("label", "no", "no"),
        ("label", "2019-01-01", "2019-01-01"),
    ],
)
def test_text_becomes_the_declared_type(name, text, value):
    got = resolve(**{name: Plain(text)})[name]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("start_year", Plain("abc"), "not a whole number"),
        ("start_year", Plain("1990.0"), "not a whole number"),
        ("start_year", Plain("1,990"), "not a whole number"),
        ("start_year", Plain("1_990"), "not a whole number"),
        ("start_year", Plain("１９９０"), "not a whole number"),
        ("start_year", Plain("٢٠٠٠"), "not a whole number"),
        ("start_year", Plain("9" * 400), "too large"),
        ("start_year", Plain("-5"), "too small"),
        ("start_year", Plain(""), "empty"),
        ("start_year", "1990", "text, not a whole number"),
        ("start_year", True, "true or false, not a whole number"),
        ("start_year", 1990.0, "not a whole number"),
        ("start_year", 10**400, "too large"),
        ("start_year", None, "NoneType"),
        ("rate", Plain("nan"), "not a number"),
        ("rate", Plain("inf"), "not a number"),
        ("rate", Plain("-Infinity"), "not a number"),
        ("rate", Plain("1e400"), "too large for a number"),
        ("rate", Plain("0,1"), "not a number"),
        ("rate", Plain("0.3"), "too large"),
        ("rate", float("nan"), "finite"),
        ("rate", float("inf"), "finite"),
        ("rate", "0.1", "text, not a number"),
        ("rate", True, "not a number"),
        ("lags", Plain("3"), "not in the list"),
        ("deflator", Plain("cpi"), "did you mean 'cpi_u'"),
        ("deflator", False, "not text"),
        ("deflator", 3, "in quotes"),
        ("companies", Plain("amazon,tesla"), "'tesla': it is not in the list"),
        ("companies", Plain("amazon,"), "empty"),
        ("companies", Plain("amazon,amazon"), "there twice"),
        ("companies", [], "empty"),
        ("companies", "amazon", "not a list"),
        ("companies", ["amazon", 3], "not text"),
        ("companies", ["meta"] * 4, "4 entries for 3"),
        ("real", Plain("no"), "neither true nor false"),
        ("real", Plain("1"), "neither true nor false"),
        ("real", 1, "neither true nor false"),
        ("label", Plain("a\nb"), "cannot be printed"),
        ("label", Plain("\x1b[2J"), "cannot be printed"),
        ("label", Plain("A" * 10_000), "10,000 characters"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_name_and_range(name, raw, message):
    with pytest.raises(ParameterError, match=message) as caught:
        resolve(**{name: raw})
    text = str(caught.value)
    assert "turnover" in text
    assert f"{name} = " in text
    assert "Allowed: " in text
    assert len(text) < 600
    assert "\x1b" not in text


def test_a_misspelt_name_gets_the_nearest_and_all_faults_come_at_once():
    with pytest.raises(ParameterError) as caught:
        resolve(start_yeer=Plain("1990"), rate=Plain("9"))
    assert "Did you mean 'start_year'?" in str(caught.value)
    assert "rate = 9" in str(caught.value)


def test_a_name_that_is_code_is_only_an_unknown_name():
    with pytest.raises(ParameterError, match="there is no parameter"):
        parameters.resolve("turnover", PARAMETERS, {'x=1;import os;os.system("true")#': Plain("1")})


@pytest.mark.parametrize(("start", "end"), [("2000", "1990"), ("2000", "2000")])
def test_reversed_years_are_refused(start, end):
    with pytest.raises(ParameterError, match="must come before end_year"):
        resolve(start_year=Plain(start), end_year=Plain(end))


def test_a_start_after_the_default_end_is_reversed_too():
    with pytest.raises(ParameterError, match="end_year = 2022"):
        resolve(start_year=Plain("2022"))


def test_first_and_last_are_a_pair_wherever_the_words_stand():
    cell = "trend_first: int = 2000  # m; 1990 to 2020\ntrend_last: int = 2010  # m; 1990 to 2020\n"
    with pytest.raises(ParameterError, match="must come before"):
        parameters.resolve("x", parameters.read_cell(cell), {"trend_last": 1999})


def test_the_schema_describes_the_parameters_to_other_programs():
    schema = parameters.model(PARAMETERS).model_json_schema()
    assert schema["properties"]["start_year"]["minimum"] == 1973
    assert schema["properties"]["deflator"]["enum"] == ["cpi_u", "pce", "none"]
    assert schema["additionalProperties"] is False


@given(st.text(max_size=40))
def test_no_text_gets_past_the_range(text):
    """Property: whatever is typed, either it is refused or the value lies in the range."""
    try:
        value = resolve(start_year=Plain(text))["start_year"]
    except ParameterError:
        return
    assert type(value) is int
    assert 1973 <= value < 2022


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_float_survives_the_way_through_text(number):
    if 0.001 <= number <= 0.2:
        assert resolve(rate=Plain(repr(number)))["rate"] == number
    else:
        with pytest.raises(ParameterError):
            resolve(rate=Plain(repr(number)))


# ---------------------------------------------------------------- the command line and files


def test_assignments_keep_what_follows_the_first_equals_sign():
    assert parameters.from_assignments(["a=b=c", "d="]) == {"a": "b=c", "d": ""}


@pytest.mark.parametrize(("words", "message"), [(["a"], "not name=value"), (["a=1", "a=2"], "given twice")])
def test_assignments_that_cannot_be_read(words, message):
    with pytest.raises(ParameterError, match=message):
        parameters.from_assignments(words)


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_without_its_guesses(tmp_path):
    text = "label: no\nstart_year: 1990\ndeflator: 'none'\ncompanies: [amazon, meta]\nreal: true\nrate: 1e-1\n"
    given = parameters.from_file(written(tmp_path, "p.yaml", text))
    got = parameters.resolve("turnover", PARAMETERS, given)
    assert got["label"] == "no"
    assert (got["start_year"], got["deflator"], got["real"], got["rate"]) == (1990, "none", True, 0.1)
    assert got["companies"] == ["amazon", "meta"]


def test_yaml_keeps_dates_and_refuses_quoted_numbers(tmp_path):
    given = parameters.from_file(written(tmp_path, "p.yml", "label: 2019-01-01\n"))
    assert resolve(**given)["label"] == "2019-01-01"
    given = parameters.from_file(written(tmp_path, "q.yml", "start_year: '1990'\n"))
    with pytest.raises(ParameterError, match="text, not a whole number"):
        resolve(**given)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.yaml", "x: !!python/object/apply:os.system ['true']\n", "line 1: the tag"),
        ("p.yaml", "x: !!int '3'\n", "the tag"),
        ("p.yaml", "a: &x [1]\nb: *x\n", "anchors and aliases"),
        ("p.yaml", "a: 1\na: 2\n", "there twice"),
        ("p.yaml", "a: 1\n---\nb: 2\n", "one document"),
        ("p.yaml", "a: [1\n", "not YAML"),
        ("p.yaml", "- 1\n", "names and values"),
        ("p.yaml", "", "one document"),
        ("p.json", '{"a": 1, "a": 2}', "there twice"),
        ("p.json", "[1]", "names and values"),
        ("p.json", "{", "p.json"),
        ("p.toml", "a = ", "p.toml"),
        ("p.txt", "a=1", "ends in .yaml"),
        ("p.yaml", "a: " + "x" * 70_000, "too large"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, name, text, message):
    with pytest.raises(ParameterError, match=message):
        parameters.from_file(written(tmp_path, name, text))


def test_a_missing_file(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read"):
        parameters.from_file(tmp_path / "none.yaml")


def test_json_and_toml_keep_their_types(tmp_path):
    given = parameters.from_file(written(tmp_path, "p.json", '{"start_year": 1990, "rate": NaN}'))
    with pytest.raises(ParameterError, match="finite"):
        resolve(**given)
    given = parameters.from_file(written(tmp_path, "p.toml", 'start_year = 1990\nreal = false\ncompanies = ["meta"]\n'))
    assert resolve(**given)["companies"] == ["meta"]
