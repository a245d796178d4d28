"""Parameters of a notebook: read from its cell as a syntax tree, and every value checked before a kernel starts.

The cell tagged ``parameters`` is the contract. One line is one parameter::

    start_year: int = 1983  # first year shown; 1973 to 2022
    deflator: str = "cpi_u"  # price index; one of cpi_u, pce, none
    weekly_exit_rate: float = 0.03  # share of staff that leaves in a week; 0.001 to 0.2
    companies: list[str] = ["amazon", "apple"]  # companies shown; any of amazon, apple, meta
    deflated: bool = True  # whether amounts are in constant dollars

It is parsed, never run. papermill accepts a string for an int, only warns of a misspelt name and pastes names into the
notebook unescaped; here a name must be one of the cell's and a value must be of its type and in its range.
"""

import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

from amazon_labor.parameter_cell import read_cell
from amazon_labor.parameter_files import from_file
from amazon_labor.parameter_rules import (
    LARGEST,
    LONGEST_TEXT,
    CellError,
    InputError,
    Parameter,
    ParameterError,
    Plain,
    Value,
    choice_values,
    fault_of,
    reversed_pair,
    shown,
)

__all__ = [
    "CellError",
    "InputError",
    "Parameter",
    "ParameterError",
    "Plain",
    "Value",
    "defaults",
    "from_assignments",
    "from_file",
    "model",
    "read_cell",
    "resolve",
]

INT_TEXT = re.compile(r"[+-]?[0-9]{1,15}\Z")
FLOAT_TEXT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


def defaults(parameters: tuple[Parameter, ...]) -> dict[str, Value]:
    """Values of the default run."""
    return {p.name: p.default for p in parameters}


def resolve(notebook: str, parameters: tuple[Parameter, ...], given: Mapping[str, Any]) -> dict[str, Value]:
    """Check what was given against the notebook's parameters and fill in the defaults.

    Parameters
    ----------
    notebook : str
        Name used in messages.
    parameters : tuple of Parameter
        From `read_cell`.
    given : mapping
        Name to value. A `Plain` value (command line, unquoted YAML) is read as the parameter's type; any other must
        already be of that type: ``"1990"`` in quotes is no int, ``true`` is no number.

    Returns
    -------
    dict
        A value for every parameter, in the order of the cell.

    Raises
    ------
    ParameterError
        Naming the notebook and, for every fault, the parameter, the value, what is allowed and the nearest valid name.
    """
    known = {p.name: p for p in parameters}
    faults = [_unknown(name, list(known)) for name in given if name not in known]
    values = {}
    for name in (n for n in given if n in known):
        try:
            values[name] = _native(known[name], given[name])
        except ValueError as error:
            faults.append(f"{name} = {shown(given[name])}: {error}. Allowed: {known[name].allowed}")
    faults += _validate(parameters, defaults(parameters) | values, order=not faults)
    if faults:
        listing = "\n".join(f"  - {fault}." for fault in faults)
        raise ParameterError(
            f"{notebook}: the parameters cannot be used.\n{listing}\n  All of them: amazon-labor list {notebook}"
        )
    return defaults(parameters) | values


def _unknown(name: Any, known: list[str]) -> str:
    near = difflib.get_close_matches(str(name)[:LONGEST_TEXT], known, 1, 0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"there is no parameter {shown(str(name))}.{hint} Known: {', '.join(known) or 'none'}"


def _native(parameter: Parameter, raw: Any) -> Any:
    """Turn text into the parameter's type; leave a value that has a type as it is, for the model to judge."""
    if not isinstance(raw, Plain):
        return _typed_items(parameter, raw)
    text = str(raw)
    if not text.strip():
        raise ValueError("it is empty")
    match parameter.kind:
        case "int":
            return _int(text)
        case "float":
            return _float(text)
        case "bool":
            if text.lower() not in ("true", "false"):
                raise ValueError("it is neither true nor false")
            return text.lower() == "true"
        case "list[str]":
            return [item.strip() for item in text.split(",")]
    return text


def _typed_items(parameter: Parameter, raw: Any) -> Any:
    if parameter.kind == "list[str]" and isinstance(raw, list):
        return [str(item) if isinstance(item, Plain) else item for item in raw]
    if parameter.kind == "float" and type(raw) is int and abs(raw) <= LARGEST:
        return float(raw)
    return raw


def _int(text: str) -> int:
    if not INT_TEXT.match(text):
        if re.fullmatch(r"[+-]?[0-9]{16,}", text):
            raise ValueError("it is too large")
        raise ValueError("it is not a whole number in digits 0 to 9 without separators")
    return int(text)


def _float(text: str) -> float:
    if not FLOAT_TEXT.match(text):
        raise ValueError("it is not a number in digits 0 to 9 with a decimal point")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("it is too large for a number")
    return value


def _validate(parameters: tuple[Parameter, ...], values: Mapping[str, Any], *, order: bool) -> list[str]:
    """Judge typed values by the notebook's pydantic model and, if asked, the order of start and end."""
    from pydantic import ValidationError

    known = {p.name: p for p in parameters}
    try:
        model(parameters).model_validate(dict(values))
    except ValidationError as error:
        bad = {str(fault["loc"][0]): fault["msg"] for fault in reversed(error.errors())}
    else:
        bad = {}
    # the model is silent on unprintable text and repeated entries; the rules are silent on nothing that it refuses
    words = {n: fault_of(p, values[n]) or bad.get(n) for n, p in known.items()}
    faults = [f"{n} = {shown(values[n])}: {fault}. Allowed: {known[n].allowed}" for n, fault in words.items() if fault]
    disorder = reversed_pair(known, values) if order and not faults else None
    return [disorder] if disorder else faults


def model(parameters: tuple[Parameter, ...]) -> Any:
    """Return the pydantic model of a notebook's parameters: strict types, ranges, choices, no other name.

    Its ``model_json_schema()`` describes the parameters to other programs.
    """
    from pydantic import ConfigDict, create_model

    fields: dict[str, Any] = {p.name: (_annotation(p), p.default) for p in parameters}
    return create_model("Parameters", __config__=ConfigDict(strict=True, extra="forbid", allow_inf_nan=False), **fields)


def _annotation(parameter: Parameter) -> Any:
    from typing import Annotated, Literal

    from pydantic import Field

    about = parameter.meaning
    if parameter.kind == "bool":
        return Annotated[bool, Field(description=about)]
    if parameter.kind in ("int", "float"):
        number: Any = int if parameter.kind == "int" else float
        if parameter.choices and parameter.kind == "int":
            number = Literal[tuple(choice_values(parameter))]
        return Annotated[number, Field(ge=parameter.low, le=parameter.high, description=about)]
    text: Any = (
        Literal[parameter.choices]
        if parameter.choices
        else Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    )
    if parameter.kind == "list[str]":
        return Annotated[list[text], Field(min_length=1, description=about)]
    return Annotated[text, Field(description=about)]


def from_assignments(assignments: list[str]) -> dict[str, Plain]:
    """Read ``name=value`` words of the command line.

    Raises
    ------
    ParameterError
        If a word has no equals sign, or a name is given twice.
    """
    given: dict[str, Plain] = {}
    for word in assignments:
        name, equals, value = word.partition("=")
        if not equals:
            raise ParameterError(f"-p {shown(word)} is not name=value. Example: -p start_year=1990")
        if name.strip() in given:
            raise ParameterError(f"-p {name.strip()} is given twice; give it once.")
        given[name.strip()] = Plain(value)
    return given
