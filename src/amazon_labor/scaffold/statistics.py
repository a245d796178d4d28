"""`docs/statistics.md`: every method with formula, source, place and test, written from the docstrings of `methods/`."""

import ast
import csv
import inspect
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from amazon_labor import paths

HEAD = """# Statistics used

Every method of the collection, in the words of its own docstring: the formula, where it comes from, where it is, what it is
tested against. Written by `amazon-labor docs --write` from `src/amazon_labor/methods/`; a test fails while it is not current.
Results that others printed and that are recomputed are described in [published-results.md](published-results.md).
"""
SPAN = re.compile(r"``(.+?)``", re.DOTALL)
FORMULA = re.compile(r"[=+*/<>|^]| - |\w\(")
REFERENCES = re.compile(r"^References?\n-+\n(.*)\Z", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Function:
    """One public function: its name, the first sentence of its docstring, and the formulas in it."""

    name: str
    says: str
    formulas: tuple[str, ...]


def text() -> str:
    """Return the document."""
    folder = paths.root() / "src" / "amazon_labor" / "methods"
    published = _published()
    return HEAD + "".join(
        _section(path, published) for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"
    )


def _section(path: Path, published: dict[str, list[str]]) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = ["", f"## {path.stem}", "", _prose(inspect.cleandoc(ast.get_docstring(tree) or "")), ""]
    functions = [_function(node) for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
    if functions:
        lines += [*_table(functions), ""]
    lines += [
        f"In `src/amazon_labor/methods/{path.name}`. {_tested(path.stem, [f.name for f in functions], published)}"
    ]
    return "\n".join(lines) + "\n"


def _table(functions: list[Function]) -> list[str]:
    """Rows of the functions, with a column of formulas where one of them has any."""
    with_formulas = any(f.formulas for f in functions)
    head = (
        ["| function | formula | gives |", "|---|---|---|"] if with_formulas else ["| function | gives |", "|---|---|"]
    )
    for f in functions:
        formulas = "; ".join(f"`{_cell(one)}`" for one in f.formulas)
        head.append(f"| `{f.name}` | {f'{formulas} | ' if with_formulas else ''}{_cell(f.says)} |")
    return head


def _prose(doc: str) -> str:
    """Docstring as Markdown: spans with one backtick, references as a list."""
    doc = REFERENCES.sub(lambda m: "**Sources**\n\n" + _list(m[1]), doc)
    return SPAN.sub(lambda m: f"`{' '.join(m[1].split())}`", doc)


def _list(references: str) -> str:
    return "\n".join(f"- {' '.join(one.split())}" for one in re.split(r"\n(?=\S)", references.strip()) if one.strip())


def _function(node: ast.FunctionDef) -> Function:
    doc = inspect.cleandoc(ast.get_docstring(node) or "")
    first = " ".join(doc.split("\n\n")[0].split())
    formulas = [" ".join(one.split()) for one in SPAN.findall(doc) if FORMULA.search(one)]
    return Function(node.name, SPAN.sub(r"`\1`", first), tuple(dict.fromkeys(formulas)))


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def _tested(module: str, functions: list[str], published: dict[str, list[str]]) -> str:
    files = [p for p in sorted((paths.root() / "tests" / "methods").glob("test_*.py")) if _imports(p, module)]
    parts = []
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        says = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split()).rstrip(".")
        parts.append(f"`tests/methods/{path.name}`" + (f" ({says})" if says else ""))
    ids = sorted({i for f in functions for i in published.get(f"{module}.{f}", [])})
    words = (
        f"Tested in {'; '.join(parts)}."
        if parts
        else "No test file of its own: its functions are tested through the methods that call them."
    )
    return words + (f" Published results recomputed: {', '.join(ids)}." if ids else "")


def _imports(path: Path, module: str) -> bool:
    source = path.read_text(encoding="utf-8")
    named = re.search(rf"from amazon_labor\.methods import (?:\(\s*)?[^\n)]*\b{module}\b", source)
    return bool(named) or f"amazon_labor.methods.{module} " in source or path.stem == f"test_{module}"


def _published() -> dict[str, list[str]]:
    """Ids of published results by the function that computes them."""
    found: dict[str, list[str]] = defaultdict(list)
    file = paths.root() / "tests" / "published" / "results.csv"
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[row["function"]].append(row["id"])
    return found
