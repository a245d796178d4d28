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
