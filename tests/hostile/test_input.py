"""What a person types: names and values crafted as code, files with tags, paths that climb. Refused with status 2."""

import os
import sys
from pathlib import Path

import pytest

from amazon_labor import cli, parameters
from amazon_labor.parameters import ParameterError, Plain
from amazon_labor.runner import layout

CELL = """start_year: int = 1990  # first year; 1980 to 2020
rate: float = 0.03  # weekly rate; 0.001 to 0.2
label: str = "a"  # words for the title
series: str = "cpi_u"  # index; one of cpi_u, pce
companies: list[str] = ["amazon"]  # shown; any of amazon, apple
deflated: bool = True  # constant dollars
"""
KNOWN = parameters.read_cell(CELL)
CODE = [
    "__import__('os').system('touch owned')",
    "1; import os; os.system('touch owned')",
    "1990\nimport os",
    "1990 # comment",
    "{{ 7 * 7 }}",
    "${HOME}",
    "$(touch owned)",
    "`touch owned`",
    "../../etc/passwd",
    "file:///etc/passwd",
    "\x1b]0;title\x07",
    "1990\0",
    "\u202e0991",
    "１９９０",
    "1_990",
    "0x7c6",
    "1e3",
    "nan",
    "inf",
    "9" * 5000,
    "-" * 100_000,
]


@pytest.mark.parametrize("value", CODE, ids=range(len(CODE)))
@pytest.mark.parametrize("name", ["start_year", "series", "companies", "deflated"])
def test_values_crafted_as_code_are_refused_and_not_repeated_at_length(name: str, value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parameters.resolve("x", KNOWN, {name: Plain(value)})
    said = str(caught.value)
    assert len(said) < 600
    assert all(c.isprintable() or c == "\n" for c in said)


@pytest.mark.parametrize(
    "name",
    [
        "start_year = 1; import os #",
        "__import__('os')",
        "start_year\nimport os",
        "__class__",
        "../start_year",
        "",
        "x" * 100_000,
        "\x1b[2J",
        "start\u200b_year",
        "ｓtart_year",
    ],
)
def test_names_crafted_as_code_are_unknown(name: str) -> None:
    with pytest.raises(ParameterError, match="there is no parameter") as caught:
        parameters.resolve("x", KNOWN, {name: Plain("1990")})
    assert len(str(caught.value)) < 600
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("text", ["'''); import os; os.system('touch owned') #", "\\", "a'b\"c", "{x!r}"])
def test_text_that_is_allowed_reaches_the_notebook_as_that_text(text: str) -> None:
    """Free text may hold anything printable; what is pasted into the notebook must evaluate to it and do nothing else."""
    import ast

    from papermill.translators import PythonTranslator

    values = parameters.resolve("x", KNOWN, {"label": text})
    (statement,) = ast.parse(PythonTranslator.codify({"label": values["label"]})).body
    assert isinstance(statement, ast.Assign)
    assert ast.literal_eval(statement.value) == text


YAML = [
    ("!!python/object/apply:os.system ['touch owned']", "tag"),
    ("start_year: !!python/name:os.system 1", "tag"),
    ("start_year: !!int '1990'", "tag"),
    ("a: &a [1]\nb: [*a, *a]", "anchors"),
    ("<<: {start_year: 1}\nstart_year: 1990\nstart_year: 1991", "twice"),
    ("--- 1\n--- 2", "one document"),
    ("- 1", "names and values"),
    ("[" * 5000, "values.yaml"),
    ("a: " + "[" * 5000 + "]" * 5000, "values.yaml"),
    ("%TAG ! tag:evil,2000:\n---\na: !x 1", "tag"),
    ("\x00", "values.yaml"),
    ("x" * 70_000, "too large"),
]


@pytest.mark.parametrize(("text", "message"), YAML, ids=range(len(YAML)))
def test_yaml_with_tags_anchors_or_depth_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(text)
    with pytest.raises(ParameterError, match=message):
        parameters.from_file(file)
    assert not Path("owned").exists()


@pytest.mark.parametrize("kind", [".json", ".toml"])
def test_deep_json_and_toml_are_refused(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"values{kind}"
    file.write_text(("" if kind == ".json" else "a = ") + "[" * 20_000 + "]" * 20_000)
    with pytest.raises(ParameterError):
        parameters.from_file(file)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_pipe_or_a_device_is_not_read_as_values(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "zero.yaml"):
        with pytest.raises(ParameterError, match="it is no file"):
            parameters.from_file(tmp_path / name)


@pytest.mark.parametrize(
    "words",
    [
        ["run", "../../etc/passwd"],
        ["run", "first", "--scenario", "../../x"],
        ["run", "first", "-f", "../../../etc/passwd"],
        ["run", "first", "-p", "../start_year=2000"],
        ["run", "first", "-p", "start_year=2000;touch owned"],
        ["sweep", "first", "--over", "start_year=0..1e308"],
        ["sweep", "first", "--over", "start_year=" + "9" * 4000],
        ["sweep", "first", "--over", "../x=1"],
        ["explain", "../../etc/passwd"],
        ["list", "<script>"],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_commands_refuse_and_write_nothing(tree, runs, capsys, words: list[str]) -> None:
    tree.write("first", 1, "x = 1")
    before = {p: p.read_bytes() for p in tree.root.rglob("*") if p.is_file()}
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert runs == []
    after = {p: p.read_bytes() for p in tree.root.rglob("*") if p.is_file()}
    assert after == before
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "value", ["../../x", "/etc/passwd", "a/b", "a\\b", "..", "CON", "-rf", "a" * 200, "é", "a\u202eb"]
)
def test_the_folder_of_a_run_stays_in_the_reports(tmp_path: Path, value: str) -> None:
    slug = layout.slug({"label": value}, {"label": "x"})
    page = layout.Layout(tmp_path).page("01_first", slug)
    assert page.resolve().parent.parent == (tmp_path / "runs").resolve()
    assert len(slug) <= layout.LONGEST_SLUG


def test_values_differ_in_their_folder_even_when_their_letters_are_dropped() -> None:
    slugs = {layout.slug({"label": v}, {"label": "x"}) for v in ("a/b", "a\\b", "a:b", "ab", "a b")}
    assert len(slugs) == 5


def test_the_injected_cell_is_made_of_checked_values_only() -> None:
    """The runner hands papermill values of Python's own types, never text of a type still open."""
    values = parameters.resolve(
        "x", KNOWN, {"start_year": Plain("2000"), "label": Plain("b"), "companies": Plain("apple")}
    )
    assert [type(v) for v in values.values()] == [int, float, str, str, list, bool]
    assert all(type(v) is str for v in values["companies"])
