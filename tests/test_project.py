"""The files around the code agree with each other, and nothing tracked names a machine or a package host."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-uv.lock")


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=[a-z0-9._-]+==)", text)[1:]
    assert blocks
    assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_lock_holds_every_declared_requirement():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["dependencies"] + [r for extra in project["optional-dependencies"].values() for r in extra]
    names = {re.split(r"[<>=!~\[ ]", r)[0].lower() for r in declared}
    assert names - set(locked("requirements.lock")) == set()


def test_conda_users_install_the_same_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = [d for d in environment["dependencies"] if isinstance(d, str)]
    pip = next(d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    # anything else named here could drift away from the lock
    assert [d.split()[0] for d in conda] == ["python", "pip"]
    assert pip == ["-r requirements.lock"]
    assert conda[0].split()[1] == project["requires-python"]


def test_no_tracked_file_names_this_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: tracked files cannot be listed")
    paths = [ROOT / p for p in listed.stdout.decode().split("\0") if p and (ROOT / p).is_file()]
    # a path begins a word; the addresses of sources hold such parts inside, and tests invent users "me" and "x"
    pattern = re.compile(rb"(?<![\w./])(/home/(?!me/|x/)\w+/|/root/|/Users/\w+/)|" + re.escape(str(ROOT)).encode())
    allowed = {Path(__file__).name}
    assert [str(p) for p in paths if p.name not in allowed and pattern.search(p.read_bytes())] == []


def test_makefile_help_comes_first_and_lists_each_public_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE)
    assert targets[0] == "help"
    assert {"setup", "reports", "test", "check", "lab"} <= set(targets)


def test_the_results_in_the_readme_are_those_of_the_ledger():
    from amazon_labor.publish import readme

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == readme.text(text), "run python -m amazon_labor.publish.readme"
    assert re.search(r"Of \d+ statements", text)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert path.name in text


def test_an_unknown_part_of_the_readme_is_named():
    from amazon_labor.publish import readme

    with pytest.raises(ValueError, match="'headlin'"):
        readme.text("<!-- headlin: made by hand -->\n<!-- end -->")


# ---------------------------------------------------------------- size and repetition

MOST_LINES, LONGEST = 400, 40
SAME = 4  # lines of a code cell that may not stand in two notebooks


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    end = function.end_lineno or 0
    first = function.body[0]
    words = ast.get_docstring(function) is not None and first.end_lineno
    return end - function.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if words else 0)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src").rglob("*.py")), ids=lambda p: p.relative_to(ROOT / "src").as_posix()
)
def test_modules_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {f.name: code_lines(f) for f in functions if code_lines(f) >= LONGEST} == {}


def test_no_code_cell_stands_in_two_notebooks():
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and len(source.splitlines()) >= SAME:
                found.setdefault(source, []).append(f"{path.name} #{cell['id']}")
    assert {source: places for source, places in found.items() if len(places) > 1} == {}
