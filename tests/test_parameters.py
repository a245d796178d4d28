"""Parameters cells are read, not run, and no value that the cell does not allow gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from amazon_labor import parameter_rules, parameters
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
        (
            "import os",
            r"^line 1: only typed assignments belong in the parameters cell\. Write it as: name: int = 1983  # meaning; 1973 to 2022$",
        ),
        (
            "x = 1  # meaning; 0 to 2",
            r"^line 1: only typed assignments belong in the parameters cell\. Write it as: name: int = 1983  # meaning; 1973 to 2022$",
        ),
        (
            "x: int  # meaning; 0 to 2",
            r"^line 1: only typed assignments belong in the parameters cell\. Write it as: name: int = 1983  # meaning; 1973 to 2022$",
        ),
        ("x: int = 1", r"^line 1: x needs a comment that says what it means\.$"),
        (
            "x: int = 1  # meaning",
            r"^line 1: x needs its range after a semicolon: # meaning; 1973 to 2022 \(or: one of 1, 5, 10\)\.$",
        ),
        (
            "x: int = 1  # meaning; from 0 to 2",
            r"^line 1: x needs its range after a semicolon: # meaning; 1973 to 2022 \(or: one of 1, 5, 10\)\.$",
        ),
        ("x: int = 1  # meaning; 2 to 0", r"^line 1: the range of x is reversed: 2 to 0\.$"),
        ("x: int = 3  # meaning; 0 to 2", r"^the default of x is 3: it is too large\.$"),
        (
            "x: int = 1.5  # meaning; 0 to 2",
            r"^the default of x is 1\.5: it is a number with a fraction, not a whole number\.$",
        ),
        ("x: int = True  # meaning; 0 to 2", r"^the default of x is True: it is true or false, not a whole number\.$"),
        (
            "x: int = 1 + 1  # meaning; 0 to 2",
            r"^line 1: the default of x is an expression; it must be a literal value\.$",
        ),
        (
            "x: str = open('f').read()  # meaning",
            r"^line 1: the default of x is an expression; it must be a literal value\.$",
        ),
        ("x: str = 'a'  # meaning; one of b, c", r"^the default of x is 'a': it is not in the list\.$"),
        ("x: str = 'a'  # meaning; one of a", r"^line 1: the choices of x must be two or more different words: 'a'\.$"),
        ("x: int = 1  # meaning; one of 1, two", r"^line 1: the choices of x must be numbers: '1, two'\.$"),
        (
            "x: list[str] = ['a']  # meaning",
            r"^line 1: x needs its choices after a semicolon: # meaning; any of a, b, c\.$",
        ),
        ("x: date = 1  # meaning", r"^line 1: x has type 'date'; allowed: int, float, str, bool, list\[str\]\.$"),
        ("X: int = 1  # meaning; 0 to 2", r"^line 1: the name 'X' is not snake_case\.$"),
        ("x: int = 1  # meaning; 0 to 2\nx: int = 1  # meaning; 0 to 2", r"^line 2: 'x' is there twice\.$"),
        (
            "start_a: int = 2  # m; 0 to 9\nend_a: int = 2  # m; 0 to 9",
            r"^the defaults are reversed: start_a = 2 must come before end_a = 2\.$",
        ),
        ("x: int = (", r"^The parameters cell is not Python: .+\.$"),
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
        (
            "start_year",
            Plain("abc"),
            r"- start_year = 'abc': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("1990.0"),
            r"- start_year = '1990\.0': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("1,990"),
            r"- start_year = '1,990': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("1_990"),
            r"- start_year = '1_990': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("１９９０"),
            r"- start_year = '１９９０': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("٢٠٠٠"),
            r"- start_year = '٢٠٠٠': it is not a whole number in digits 0 to 9 without separators\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("9" * 400),
            r"- start_year = '999999999999999999999999999999999999999\.\.\. \(402 characters\): it is too large\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            Plain("-5"),
            r"- start_year = -5: it is too small\. Allowed: a whole number from 1973 to 2022\.",
        ),
        ("start_year", Plain(""), r"- start_year = '': it is empty\. Allowed: a whole number from 1973 to 2022\."),
        (
            "start_year",
            "1990",
            r"- start_year = '1990': it is text, not a whole number\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            True,
            r"- start_year = True: it is true or false, not a whole number\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            1990.0,
            r"- start_year = 1990\.0: it is a number with a fraction, not a whole number\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            10**400,
            r"- start_year = a whole number of more than 40 digits: it is too large\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "start_year",
            None,
            r"- start_year = None: it is of type NoneType, not a whole number\. Allowed: a whole number from 1973 to 2022\.",
        ),
        (
            "rate",
            Plain("nan"),
            r"- rate = 'nan': it is not a number in digits 0 to 9 with a decimal point\. Allowed: a number from 0\.001 to 0\.2\.",
        ),
        (
            "rate",
            Plain("inf"),
            r"- rate = 'inf': it is not a number in digits 0 to 9 with a decimal point\. Allowed: a number from 0\.001 to 0\.2\.",
        ),
        (
            "rate",
            Plain("-Infinity"),
            r"- rate = '-Infinity': it is not a number in digits 0 to 9 with a decimal point\. Allowed: a number from 0\.001 to 0\.2\.",
        ),
        (
            "rate",
            Plain("1e400"),
            r"- rate = '1e400': it is too large for a number\. Allowed: a number from 0\.001 to 0\.2\.",
        ),
        (
            "rate",
            Plain("0,1"),
            r"- rate = '0,1': it is not a number in digits 0 to 9 with a decimal point\. Allowed: a number from 0\.001 to 0\.2\.",
        ),
        ("rate", Plain("0.3"), r"- rate = 0\.3: it is too large\. Allowed: a number from 0\.001 to 0\.2\."),
        ("rate", float("nan"), r"- rate = nan: it is not a finite number\. Allowed: a number from 0\.001 to 0\.2\."),
        ("rate", float("inf"), r"- rate = inf: it is not a finite number\. Allowed: a number from 0\.001 to 0\.2\."),
        ("rate", "0.1", r"- rate = '0\.1': it is text, not a number\. Allowed: a number from 0\.001 to 0\.2\."),
        ("rate", True, r"- rate = True: it is true or false, not a number\. Allowed: a number from 0\.001 to 0\.2\."),
        ("lags", Plain("3"), r"- lags = 3: it is not in the list\. Allowed: one of 1, 4, 8\."),
        (
            "deflator",
            Plain("cpi"),
            r"- deflator = 'cpi': it is not in the list; did you mean 'cpi_u'\. Allowed: one of cpi_u, pce, none\.",
        ),
        (
            "deflator",
            False,
            r"- deflator = False: it is true or false, not text \(in a file, write it in quotes\)\. Allowed: one of cpi_u, pce, none\.",
        ),
        (
            "deflator",
            3,
            r"- deflator = 3: it is a whole number, not text \(in a file, write it in quotes\)\. Allowed: one of cpi_u, pce, none\.",
        ),
        (
            "companies",
            Plain("amazon,tesla"),
            r"- companies = \['amazon', 'tesla'\]: 'tesla': it is not in the list\. Allowed: any of amazon, apple, meta\.",
        ),
        (
            "companies",
            Plain("amazon,"),
            r"- companies = \['amazon', ''\]: '': it is empty\. Allowed: any of amazon, apple, meta\.",
        ),
        (
            "companies",
            Plain("amazon,amazon"),
            r"- companies = \['amazon', 'amazon'\]: 'amazon' is there twice\. Allowed: any of amazon, apple, meta\.",
        ),
        ("companies", [], r"- companies = \[\]: it is empty\. Allowed: any of amazon, apple, meta\."),
        (
            "companies",
            "amazon",
            r"- companies = 'amazon': it is text, not a list \(a,b,c on the command line\)\. Allowed: any of amazon, apple, meta\.",
        ),
        (
            "companies",
            ["amazon", 3],
            r"- companies = \['amazon', 3\]: 3: it is a whole number, not text \(in a file, write it in quotes\)\. Allowed: any of amazon, apple, meta\.",
        ),
        (
            "companies",
            ["meta"] * 4,
            r"- companies = \['meta', 'meta', 'meta', 'meta'\]: it has 4 entries for 3 choices\. Allowed: any of amazon, apple, meta\.",
        ),
        ("real", Plain("no"), r"- real = 'no': it is neither true nor false\. Allowed: true or false\."),
        ("real", Plain("1"), r"- real = '1': it is neither true nor false\. Allowed: true or false\."),
        ("real", 1, r"- real = 1: it is a whole number, neither true nor false\. Allowed: true or false\."),
        ("label", Plain("a\nb"), r"- label = 'a\\nb': it holds characters that cannot be printed\. Allowed: text\."),
        (
            "label",
            Plain("\x1b[2J"),
            r"- label = '\\x1b\[2J': it holds characters that cannot be printed\. Allowed: text\.",
        ),
        (
            "label",
            Plain("A" * 10_000),
            r"- label = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\.\.\. \(10,002 characters\): it has 10,000 characters, more than 200\. Allowed: text\.",
        ),
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
    with pytest.raises(ParameterError, match=r"- start_year = 2022 must come before end_year = 2022\."):
        resolve(start_year=Plain("2022"))


def test_first_and_last_are_a_pair_wherever_the_words_stand():
    cell = "trend_first: int = 2000  # m; 1990 to 2020\ntrend_last: int = 2010  # m; 1990 to 2020\n"
    with pytest.raises(ParameterError, match=r"- trend_first = 2000 must come before trend_last = 1999\."):
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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a"], r"^-p 'a' is not name=value\. Example: -p start_year=1990$"),
        (["a=1", "a=2"], r"^-p a is given twice; give it once\.$"),
    ],
)
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
    with pytest.raises(
        ParameterError,
        match=r"- start_year = '1990': it is text, not a whole number\. Allowed: a whole number from 1973 to 2022\.",
    ):
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
    with pytest.raises(
        ParameterError, match=r"- rate = nan: it is not a finite number\. Allowed: a number from 0\.001 to 0\.2\."
    ):
        resolve(**given)
    given = parameters.from_file(written(tmp_path, "p.toml", 'start_year = 1990\nreal = false\ncompanies = ["meta"]\n'))
    assert resolve(**given)["companies"] == ["meta"]


# ---------------------------------------------------------------- every word and every edge


def rule(kind, default, **limits):
    return parameters.Parameter("x", kind, default, "m", **limits)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (rule("bool", True, choices=("true", "false")), "true or false"),
        (rule("list[str]", ["a"], choices=("a", "b")), "any of a, b"),
        (rule("str", "a", choices=("a", "b")), "one of a, b"),
        (rule("int", 2, low=1.0, high=1_500.0), "a whole number from 1 to 1500"),
        (rule("float", 2.0, low=0.5, high=2.0), "a number from 0.5 to 2"),
        (rule("float", 2.0, low=0.5), "text"),
        (rule("float", 2.0, high=0.5), "text"),
        (rule("str", "a"), "text"),
    ],
)
def test_what_is_allowed_in_words(parameter, text):
    assert parameter.allowed == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(1983.0, "1983"), (-5.0, "-5"), (0.25, "0.25"), (1e15, "1000000000000000.0"), (999999999999999.0, "9" * 15)],
)
def test_bounds_are_written_short(number, text):
    assert parameter_rules.number_text(number) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "'a'"),
        (3, "3"),
        (2.5, "2.5"),
        (10**39, str(10**39)),
        (10**40, "a whole number of more than 40 digits"),
        (-(10**40), "a whole number of more than 40 digits"),
        (True, "True"),
        (["a"], "['a']"),
        ("b" * 58, "'" + "b" * 58 + "'"),
        ("b" * 59, "'" + "b" * 39 + "... (61 characters)"),
        ("c" * 5_000, "'" + "c" * 39 + "... (5,002 characters)"),
        (Plain("a\nb"), r"'a\nb'"),
    ],
)
def test_a_refused_value_is_shown_short_and_without_line_breaks(value, text):
    assert parameter_rules.shown(value) == text


@pytest.mark.parametrize(
    ("parameter", "value", "fault"),
    [
        (rule("int", 2, low=1.0, high=5.0), 1, None),
        (rule("int", 2, low=1.0, high=5.0), 5, None),
        (rule("int", 2, low=1.0, high=5.0), 0, "it is too small"),
        (rule("int", 2, low=1.0, high=5.0), 6, "it is too large"),
        (rule("int", 2, choices=("1", "4")), 4, None),
        (rule("int", 2, choices=("1", "4")), 2, "it is not in the list"),
        (rule("int", 2), [1], "it is a list, not a whole number"),
        (rule("int", 2), {}, "it is of type dict, not a whole number"),
        (rule("float", 2.0, low=1.0), 9.0, None),
        (rule("float", 2.0, high=1.0), -9.0, None),
        (rule("float", 2.0, choices=("1.5", "4")), 1.5, None),
        (rule("float", 2.0, choices=("1.5", "4")), 2.0, "it is not in the list"),
        (rule("float", 2.0, choices=("1.5", "4")), float("nan"), "it is not a finite number"),
        (rule("float", 2.0), 1, "it is a whole number, not a number"),
        (rule("bool", True), False, None),
        (rule("bool", True), "true", "it is text, neither true nor false"),
        (rule("str", "a"), "x" * 200, None),
        (rule("str", "a"), "x" * 201, "it has 201 characters, more than 200"),
        (rule("str", "a"), " ", "it is empty"),
        (rule("str", "a"), 1.5, "it is a number with a fraction, not text (in a file, write it in quotes)"),
        (rule("str", "a"), "a\tb", "it holds characters that cannot be printed"),
        (rule("str", "a", choices=("alpha", "beta")), "alpha", None),
        (rule("str", "a", choices=("alpha", "beta")), "alpa", "it is not in the list; did you mean 'alpha'"),
        (rule("str", "a", choices=("alpha", "beta")), "zzz", "it is not in the list"),
        (rule("str", "a", choices=("alpha", "beta")), "zzz" * 9_000, "it is not in the list"),
        (rule("list[str]", [], choices=("a", "b")), ["a", "b"], None),
        (rule("list[str]", [], choices=("a", "b")), ["a", "b", "a"], "it has 3 entries for 2 choices"),
        (rule("list[str]", [], choices=("a", "b")), ["b", "b"], "'b' is there twice"),
        (rule("list[str]", [], choices=("a", "b")), ["c", "d"], "'c': it is not in the list"),
        (
            rule("list[str]", [], choices=("a", "b")),
            ("a",),
            "it is of type tuple, not a list (a,b,c on the command line)",
        ),
        (rule("list[str]", [], choices=("a", "b")), Plain("a"), "it is text, not a list (a,b,c on the command line)"),
    ],
)
def test_why_a_value_is_refused(parameter, value, fault):
    assert parameter_rules.fault_of(parameter, value) == fault


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["start_year", "end_year"], [("start_year", "end_year")]),
        (["end_year", "start_year"], [("start_year", "end_year")]),
        (["trend_first", "trend_last", "start", "end"], [("trend_first", "trend_last"), ("start", "end")]),
        (["start_year", "end"], []),
        (["restart", "reend"], []),
        (["first_start", "last_start"], [("first_start", "last_start")]),
    ],
)
def test_which_names_are_a_pair(names, pairs):
    assert parameter_rules.ordered_pairs(names) == pairs


def test_pairs_are_compared_where_both_have_one_ordered_type():
    def judged(kind, other, *values):
        pair = {
            n: parameters.Parameter(n, k, v, "m")
            for n, k, v in zip(("start", "end"), (kind, other), values, strict=True)
        }
        return parameter_rules.reversed_pair(pair, dict(zip(("start", "end"), values, strict=True)))

    assert judged("str", "str", "2020-02", "2020-01") == "start = '2020-02' must come before end = '2020-01'"
    assert judged("str", "str", "2020-01", "2020-02") is None
    assert judged("float", "float", 2.0, 1.0) == "start = 2.0 must come before end = 1.0"
    assert judged("int", "float", 2, 1.0) is None
    assert judged("bool", "bool", True, False) is None


def test_the_schema_in_full():
    schema = parameters.model(PARAMETERS).model_json_schema()
    years = {"maximum": 2022.0, "minimum": 1973.0, "type": "integer"}
    words = {"maxLength": 200, "minLength": 1, "type": "string"}
    expected = {
        "start_year": {"default": 1983, "description": "first year shown", **years},
        "end_year": {"default": 2022, "description": "last year shown", **years},
        "deflator": {"default": "cpi_u", "description": "price index", "enum": ["cpi_u", "pce", "none"], "type": "string"},
        "rate": {"default": 0.03, "description": "weekly exit rate; a share", "maximum": 0.2, "minimum": 0.001, "type": "number"},
        "companies": {
            "default": ["amazon", "apple"],
            "description": "companies shown",
            "items": {"enum": ["amazon", "apple", "meta"], "type": "string"},
            "minItems": 1,
            "type": "array",
        },
        "lags": {"default": 4, "description": "lags of the correction", "enum": [1, 4, 8], "type": "integer"},
        "real": {"default": True, "description": "whether amounts are in constant dollars", "type": "boolean"},
        "label": {"default": "a", "description": "free text", **words},
    }  # fmt: skip
    found = {name: {k: v for k, v in about.items() if k != "title"} for name, about in schema["properties"].items()}
    assert found == expected
    assert (schema["title"], schema["type"]) == ("Parameters", "object")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2, "1.5", None])
def test_the_model_by_itself_is_strict(value):
    cell = "x: float = 1.5  # m; one of 1.5, 2\n"
    with pytest.raises(ValidationError):
        parameters.model(parameters.read_cell(cell))(x=value if value != 2 else "2")
    with pytest.raises(ValidationError):
        parameters.model(PARAMETERS)(start_yeer=1990)
    with pytest.raises(ValidationError):
        parameters.model(PARAMETERS)(start_year="1990")


def test_whole_numbers_become_floats_while_they_are_exact():
    wide = parameters.read_cell("x: float = 1  # m; 0 to 1e20\n")
    assert parameters.defaults(wide) == {"x": 1.0}
    assert type(wide[0].default) is float
    got = parameters.resolve("n", wide, {"x": 10**15})["x"]
    assert (got, type(got)) == (1e15, float)
    with pytest.raises(ParameterError, match="it is a whole number, not a number"):
        parameters.resolve("n", wide, {"x": 10**15 + 1})


def test_the_message_of_a_refusal_in_full():
    with pytest.raises(ParameterError) as caught:
        resolve(start_yeer=Plain("1990"), rate=Plain("9"), zzzzzz=1)
    known = "Known: start_year, end_year, deflator, rate, companies, lags, real, label."
    assert str(caught.value) == (
        "turnover: the parameters cannot be used.\n"
        f"  - there is no parameter 'start_yeer'. Did you mean 'start_year'? {known}\n"
        f"  - there is no parameter 'zzzzzz'. {known}\n"
        "  - rate = 9.0: it is too large. Allowed: a number from 0.001 to 0.2.\n"
        "  All of them: amazon-labor list turnover"
    )
    with pytest.raises(ParameterError, match=r"there is no parameter 'a'\. Known: none\.\n"):
        parameters.resolve("plain", (), {"a": 1})
    # the order of years is judged only when every value can be used
    with pytest.raises(ParameterError) as caught:
        resolve(start_year=2000, end_year=1990, rate=9.0)
    assert "before" not in str(caught.value)


def test_values_come_in_the_order_of_the_cell():
    names = [p.name for p in PARAMETERS]
    assert list(resolve(rate=0.1, start_year=1990)) == names == list(parameters.defaults(PARAMETERS))
    assert resolve(companies=[Plain("meta")])["companies"] == ["meta"]
    assert type(resolve(companies=[Plain("meta")])["companies"][0]) is str


@pytest.mark.parametrize(
    ("text", "value"), [("TRUE", True), ("true", True), ("fAlse", False)]
)  # fmt: skip
def test_truth_values_in_any_case(text, value):
    assert resolve(real=Plain(text))["real"] is value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("start_year", "9" * 16, "it is too large"),
        ("start_year", "-" + "9" * 16, "it is too large"),
        ("start_year", "9" * 15, "it is too large"),
        ("start_year", "12 ", "it is not a whole number in digits 0 to 9 without separators"),
        ("start_year", "x" + "9" * 16, "it is not a whole number in digits 0 to 9 without separators"),
        ("start_year", " ", "it is empty"),
        ("rate", "1.", "it is too large"),
        ("rate", "x0.1", "it is not a number in digits 0 to 9 with a decimal point"),
        ("rate", "0.1 ", "it is not a number in digits 0 to 9 with a decimal point"),
        ("rate", "1e999", "it is too large for a number"),
        ("real", "yes", "it is neither true nor false"),
    ],
)
def test_text_that_is_no_value(name, text, message):
    with pytest.raises(ParameterError) as caught:
        resolve(**{name: Plain(text)})
    assert f": {message}. Allowed: " in str(caught.value)


def test_words_of_the_command_line():
    given = parameters.from_assignments([" start_year =1990", "a= b "])
    assert given == {"start_year": "1990", "a": " b "}
    assert all(type(value) is Plain for value in given.values())
    with pytest.raises(ParameterError, match=r"^-p a is given twice; give it once\.$"):
        parameters.from_assignments(["a=1", " a =2"])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.txt", "a=1", "a file of parameters ends in .yaml, .yml, .json or .toml."),
        ("p.json", "[1]", "it must hold names and values, for example `start_year: 1990`."),
        ("p.json", '{"b": 1, "a": 1, "b": 2, "a": 1}', "'a' is there twice; give it once."),
        ("p.yaml", "a: 1\n---\nb: 2\n", "it must hold one document."),
        ("p.yaml", "x: 1\ny: !!int '3'\n", "line 2: the tag 'tag:yaml.org,2002:int' is not taken; write the plain value."),
        ("p.yaml", "a: &x 1\n", "line 1: anchors and aliases (& and *) are not taken."),
        ("p.yaml", "x: {a: 1, a: 2}\n", "'a' is there twice; give it once."),
        ("p.yaml", "a: " + "x" * 65_534, "65,537 bytes is too large for a file of parameters (65,536)."),
    ],
)  # fmt: skip
def test_the_message_about_a_file_in_full(tmp_path, name, text, message):
    path = written(tmp_path, name, text)
    with pytest.raises(ParameterError) as caught:
        parameters.from_file(path)
    assert str(caught.value) == f"{path}: {message}"


def test_what_is_no_file_is_not_read(tmp_path):
    missing, folder = tmp_path / "none.yaml", tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(ParameterError) as caught:
        parameters.from_file(missing)
    assert str(caught.value) == f"{missing}: it cannot be read (No such file or directory)."
    with pytest.raises(ParameterError) as caught:
        parameters.from_file(folder)
    assert str(caught.value) == f"{folder}: it is no file; give one that ends in .yaml, .json or .toml."


def test_yaml_tells_quoted_from_plain_at_every_depth(tmp_path):
    text = "a: x\nb: 'x'\nc: [1, '2']\nd: {e: f}\n1: g\nh: |\n  line\n"
    found = parameters.from_file(written(tmp_path, "p.YAML", text))
    assert found == {"a": "x", "b": "x", "c": ["1", "2"], "d": {"e": "f"}, "1": "g", "h": "line\n"}
    assert [type(found[k]) for k in ("a", "b", "h")] == [Plain, str, str]
    assert [type(v) for v in found["c"]] == [Plain, str]
    assert all(type(name) is str for name in found)
    big = written(tmp_path, "q.yaml", "a: " + "x" * 65_533)
    assert len(parameters.from_file(big)["a"]) == 65_533
    umlaut = written(tmp_path, "r.json", '{"a": "ä"}')
    assert parameters.from_file(str(umlaut)) == {"a": "ä"}


@pytest.mark.parametrize(
    ("line", "meaning", "low", "high", "choices"),
    [
        ("x: int = 1  # a; b; 0 to 2", "a; b", 0.0, 2.0, ()),
        ("x: float = -1.5  # a; -2.5 to +1e1", "a", -2.5, 10.0, ()),
        ("x: bool = True  # a; one of b, c", "a; one of b, c", None, None, ()),
        ("x: str = 'b'  # a ;one of  b ,c", "a", None, None, ("b", "c")),
        ("x: str = 'b'  ##  a; any of b, c", "a; any of b, c", None, None, ()),
        ("x: float = 2  # a; one of 1.5, 2", "a", None, None, ("1.5", "2")),
        ("x: list[str] = ['b']  # a; any of b, c", "a", None, None, ("b", "c")),
        ("x1_y: str = 'b'  # a", "a", None, None, ()),
        ("x: str = 'b'  # XX large", "XX large", None, None, ()),
    ],
)
def test_a_line_of_the_cell(line, meaning, low, high, choices):
    (found,) = parameters.read_cell(line)
    assert (found.meaning, found.low, found.high, found.choices) == (meaning, low, high, choices)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("class_: int = 1  # m; 0 to 2\nclass: int = 1", "The parameters cell is not Python: "),
        ("_x: int = 1  # m; 0 to 2", "line 1: the name '_x' is not snake_case."),
        ("\nx: str = 'b'  # a; one of b, b", "line 2: the choices of x must be two or more different words: 'b, b'."),
        ("x: str = 'b'  # a; one of b, , c", "line 1: the choices of x must be two or more different words: 'b, , c'."),
        ("x: int = 1  # a; one of 1, 2x", "line 1: the choices of x must be numbers: '1, 2x'."),
        ("x: int = 1  # a; 1 to 1", "line 1: the range of x is reversed: 1 to 1."),
        ("x: int = 1  # a; 0 to 2x", "line 1: x needs its range after a semicolon: # a; 1973 to 2022 (or: one of 1, 5, 10)."),
        ("x: int = 1  # ; 0 to 2", "line 1: x needs a comment that says what it means."),
        ("a.b: int = 1  # m; 0 to 2", "line 1: only typed assignments belong in the parameters cell. Write it as: name: int = 1983  # meaning; 1973 to 2022"),
        ("x: str = ''  # m", "the default of x is '': it is empty."),
    ],
)  # fmt: skip
def test_a_cell_refused_in_full(line, message):
    with pytest.raises(CellError) as caught:
        parameters.read_cell(line)
    assert str(caught.value).startswith(message) if message.endswith(": ") else str(caught.value) == message
