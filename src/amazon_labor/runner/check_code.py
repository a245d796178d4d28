"""What the code of a notebook may not do, and what it emits and checks, read from its syntax tree."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amazon_labor.runner import syntax

NETWORK = {
    "requests",
    "httpx",
    "urllib",
    "urllib3",
    "http",
    "socket",
    "ftplib",
    "aiohttp",
    "smtplib",
    "pandas_datareader",
    "fredapi",
    "yfinance",
}
ROOMS = ("runner", "publish", "cli")
ADDRESS = re.compile(r"(?:https?|ftp|s3|gs)://", re.IGNORECASE)
ABSOLUTE = re.compile(r"(?:/[\w.-]+){2,}/?\Z|~/|[A-Za-z]:[\\/]\w|file://|\\\\\w")
MARKER = re.compile(r"^\s*#\s*(NBVAL_\w+|PYTEST_VALIDATE_\w+)", re.MULTILINE)
LONGEST = 12


@dataclass(frozen=True)
class Said:
    """Literal first argument of a call: ``emit("name")``, ``check("claim-id")``, ``start("notebook")``, ``load("table")``."""

    call: str
    word: str


def faults(source: str) -> list[str]:
    """Faults of one code cell."""
    found = _length(source)
    found += [f"the line {line.strip()[:40]!r} is a magic or shell command; write Python" for line in _magics(source)]
    if source.rstrip().endswith(";"):
        found.append(
            "it ends in a semicolon to hide a result, which nbval shows all the same; leave it out, or write _ = ..."
        )
    found += [
        f"the comment {mark} switches the comparison of outputs off; leave it out" for mark in MARKER.findall(source)
    ]
    if found and any("magic" in f for f in found):
        return found
    try:
        tree = syntax.parse(source)
    except SyntaxError as error:
        return [*found, f"it is not Python: {error}. Correct the cell and run it"]
    return [*found, *dict.fromkeys(_reaches_out(tree))]


def _length(source: str) -> list[str]:
    lines = [line for line in source.splitlines() if line.strip()]
    if not lines:
        return ["the code cell is empty; remove it"]
    return (
        [f"it has {len(lines)} lines of code, more than {LONGEST}; split it at a thought"]
        if len(lines) > LONGEST
        else []
    )


def _magics(source: str) -> list[str]:
    return [line for line in source.splitlines() if re.match(r"[%!]|\s*!\w", line)]


def _reaches_out(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for module in _modules(node):
            if module.split(".")[0] in NETWORK:
                yield f"it imports {module}: notebooks use no network; tables come from catalog.load"
            if any(module == f"amazon_labor.{room}" or module.startswith(f"amazon_labor.{room}.") for room in ROOMS):
                yield f"it imports {module}: notebooks run without the runner and the pages"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if ADDRESS.match(node.value):
                yield f"it names the address {node.value[:40]!r}: notebooks use no network"
            if ABSOLUTE.match(node.value):
                yield f"it names the absolute path {node.value[:40]!r}: tables come from catalog.load"


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def said(source: str) -> list[Said]:
    """Calls of this package's functions with a literal first argument, in order."""
    return [Said(call, word) for call, word in _calls(source) if word is not None]


def calls(source: str) -> list[str]:
    """Names of the package's functions that are called, with or without a literal."""
    return [call for call, _ in _calls(source)]


def _calls(source: str) -> Iterator[tuple[str, str | None]]:
    try:
        tree = syntax.parse(source)
    except SyntaxError:
        return
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            first = node.args[0] if node.args else None
            word = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            found.append((node.lineno, node.col_offset, f"{node.func.value.id}.{node.func.attr}", word))
    for _, _, call, word in sorted(found, key=lambda f: f[:2]):
        yield call, word


def words(source: str) -> set[str]:
    """All literal texts of a cell."""
    try:
        return {
            n.value for n in ast.walk(syntax.parse(source)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
    except SyntaxError:
        return set()


def unused_imports(sources: Sequence[str]) -> list[str]:
    """Names that the cells of a notebook import and none of them uses; a cell that is no Python has neither."""
    imported: dict[str, None] = {}
    used: set[str] = set()
    for source in sources:
        try:
            tree = syntax.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported |= dict.fromkeys((a.asname or a.name).split(".")[0] for a in node.names)
            elif isinstance(node, ast.Name):
                used.add(node.id)
    return [name for name in imported if name not in used]
