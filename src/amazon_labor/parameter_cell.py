"""Grammar of the parameters cell: parsed as a syntax tree, never run."""

import ast
import io
import re
import tokenize
from collections.abc import Mapping

from amazon_labor.parameter_rules import CellError, Parameter, fault_of, reversed_pair, shown

KINDS = ("int", "float", "str", "bool", "list[str]")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
RANGE = re.compile(rf"(?P<low>{NUMBER}) to (?P<high>{NUMBER})\Z")


def read_cell(source: str) -> tuple[Parameter, ...]:
    """Read a parameters cell without running it.

    Parameters
    ----------
    source : str
        Source of the cell tagged ``parameters``.

    Returns
    -------
    tuple of Parameter
        In the order of the cell.

    Raises
    ------
    CellError
        Naming the line and the form expected.
    """
    try:
        tree = ast.parse(source)
        comments = _comments(source)
    except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError) as error:
        raise CellError(f"The parameters cell is not Python: {error}.") from None
    found: dict[str, Parameter] = {}
    for statement in tree.body:
        parameter = _parameter(statement, comments.get(statement.end_lineno or 0, ""))
        if parameter.name in found:
            raise CellError(f"line {statement.lineno}: {parameter.name!r} is there twice.")
        found[parameter.name] = parameter
    _check_defaults(found)
    return tuple(found.values())


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("#").strip() for t in tokens if t.type == tokenize.COMMENT}


def _parameter(statement: ast.stmt, comment: str) -> Parameter:
    where = f"line {statement.lineno}"
    form = "Write it as: name: int = 1983  # meaning; 1973 to 2022"
    if (
        not isinstance(statement, ast.AnnAssign)
        or not isinstance(statement.target, ast.Name)
        or statement.value is None
    ):
        raise CellError(f"{where}: only typed assignments belong in the parameters cell. {form}")
    name, kind = statement.target.id, ast.unparse(statement.annotation)
    if not NAME.match(name):  # a keyword of Python is no name and has failed to parse
        raise CellError(f"{where}: the name {name!r} is not snake_case.")
    if kind not in KINDS:
        raise CellError(f"{where}: {name} has type {kind!r}; allowed: {', '.join(KINDS)}.")
    try:
        default = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise CellError(f"{where}: the default of {name} is an expression; it must be a literal value.") from None
    meaning, low, high, choices = _grammar(where, name, kind, comment)
    if kind == "float" and type(default) is int:
        default = float(default)
    return Parameter(name, kind, default, meaning, low, high, choices)


def _grammar(where: str, name: str, kind: str, comment: str) -> tuple[str, float | None, float | None, tuple[str, ...]]:
    meaning, _, rule = comment.rpartition(";") if ";" in comment else (comment, "", "")
    meaning, rule = meaning.strip(), rule.strip()
    if not meaning:
        raise CellError(f"{where}: {name} needs a comment that says what it means.")
    lead = "any of " if kind == "list[str]" else "one of "
    if rule.startswith(lead) and kind != "bool":
        return meaning, None, None, _choices(where, name, kind, rule.removeprefix(lead))
    if kind in ("int", "float"):
        bounds = RANGE.match(rule)
        if not bounds:
            raise CellError(
                f"{where}: {name} needs its range after a semicolon: # {meaning}; 1973 to 2022 (or: one of 1, 5, 10)."
            )
        low, high = float(bounds["low"]), float(bounds["high"])
        if not low < high:
            raise CellError(f"{where}: the range of {name} is reversed: {rule}.")
        return meaning, low, high, ()
    if kind == "list[str]":
        raise CellError(f"{where}: {name} needs its choices after a semicolon: # {meaning}; any of a, b, c.")
    return comment.strip(), None, None, ()


def _choices(where: str, name: str, kind: str, text: str) -> tuple[str, ...]:
    choices = tuple(choice.strip() for choice in text.split(","))
    if not all(choices) or len(set(choices)) < len(choices) or len(choices) < 2:
        raise CellError(f"{where}: the choices of {name} must be two or more different words: {text!r}.")
    if kind in ("int", "float") and not all(re.fullmatch(NUMBER, choice) for choice in choices):
        raise CellError(f"{where}: the choices of {name} must be numbers: {text!r}.")
    return choices


def _check_defaults(parameters: Mapping[str, Parameter]) -> None:
    for parameter in parameters.values():
        fault = fault_of(parameter, parameter.default)
        if fault:
            raise CellError(f"the default of {parameter.name} is {shown(parameter.default)}: {fault}.")
    disorder = reversed_pair(parameters, {name: p.default for name, p in parameters.items()})
    if disorder:
        raise CellError(f"the defaults are reversed: {disorder}.")
