"""What a parameter may be, and in which words a value is refused."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = int | float | str | bool | list[str]

ORDERED_WORDS = (("start", "end"), ("first", "last"))
LARGEST = 10**15  # the largest whole number taken; beyond it a float no longer tells neighbours apart
LONGEST_TEXT = 200
SHOWN = 60  # characters of a refused value that a message repeats


class InputError(ValueError):
    """Something a person typed that cannot be used; the command ends with status 2 and nothing is written."""


class ParameterError(InputError):
    """A parameter that is unknown, of the wrong type or not allowed."""


class CellError(ValueError):
    """A parameters cell that does not follow the grammar: a fault of the notebook, not of the person running it."""


class Plain(str):
    """Text whose type is still open, as on the command line or an unquoted YAML scalar."""

    __slots__ = ()


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell: `low` and `high` are inclusive, `choices` is empty for free text."""

    name: str
    kind: str
    default: Value
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be given, in words for a message or a table."""
        if self.kind == "bool":
            return "true or false"
        if self.choices:
            return f"{'any of' if self.kind == 'list[str]' else 'one of'} {', '.join(self.choices)}"
        if self.low is not None and self.high is not None:
            noun = "a whole number" if self.kind == "int" else "a number"
            return f"{noun} from {number_text(self.low)} to {number_text(self.high)}"
        return "text"


def number_text(value: float) -> str:
    """Shortest text of a bound: 1983, not 1983.0."""
    return str(int(value)) if float(value).is_integer() and abs(value) < LARGEST else repr(float(value))


def fault_of(parameter: Parameter, value: Any) -> str | None:
    """Say why a typed value is refused, or return None."""
    match parameter.kind:
        case "int":
            return (
                _number_fault(parameter, value)
                if type(value) is int
                else f"it is {_type_word(value)}, not a whole number"
            )
        case "float":
            return (
                _number_fault(parameter, value) if type(value) is float else f"it is {_type_word(value)}, not a number"
            )
        case "bool":
            return None if type(value) is bool else f"it is {_type_word(value)}, neither true nor false"
        case "list[str]":
            return _list_fault(parameter, value)
    return _text_fault(parameter, value)


def choice_values(parameter: Parameter) -> list[int] | list[float]:
    """Choices of a numeric parameter as numbers."""
    return [int(c) for c in parameter.choices] if parameter.kind == "int" else [float(c) for c in parameter.choices]


def _number_fault(parameter: Parameter, value: float) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return "it is not a finite number"
    if parameter.choices:
        return None if value in choice_values(parameter) else "it is not in the list"
    if parameter.low is not None and value < parameter.low:
        return "it is too small"
    if parameter.high is not None and value > parameter.high:
        return "it is too large"
    return None


def _text_fault(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"it is {_type_word(value)}, not text (in a file, write it in quotes)"
    if not value.strip():
        return "it is empty"
    if parameter.choices and value not in parameter.choices:
        near = difflib.get_close_matches(value[:LONGEST_TEXT], parameter.choices, 1)
        return f"it is not in the list; did you mean {near[0]!r}" if near else "it is not in the list"
    if len(value) > LONGEST_TEXT:
        return f"it has {len(value):,} characters, more than {LONGEST_TEXT}"
    return None if value.isprintable() else "it holds characters that cannot be printed"


def _list_fault(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"it is {_type_word(value)}, not a list (a,b,c on the command line)"
    if not value:
        return "it is empty"
    if len(value) > len(parameter.choices):
        return f"it has {len(value):,} entries for {len(parameter.choices)} choices"
    faults = (f"{shown(item)}: {fault}" for item in value if (fault := _text_fault(parameter, item)))
    repeated = sorted({item for item in map(str, value) if list(map(str, value)).count(item) > 1})
    return next(faults, f"{repeated[0]!r} is there twice" if repeated else None)


def _type_word(value: Any) -> str:
    words = {
        bool: "true or false",
        int: "a whole number",
        float: "a number with a fraction",
        str: "text",
        list: "a list",
    }
    return words.get(type(value), "text" if isinstance(value, str) else f"of type {type(value).__name__}")


def ordered_pairs(names: list[str]) -> list[tuple[str, str]]:
    """Pairs of parameters that must be in order: ``start_year`` and ``end_year``, ``trend_first`` and ``trend_last``."""
    pairs = []
    for name in names:
        words = name.split("_")
        for before, after in ORDERED_WORDS:
            partner = "_".join(after if word == before else word for word in words)
            if before in words and partner in names:
                pairs.append((name, partner))
    return pairs


def reversed_pair(parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> str | None:
    """Say which start does not come before its end, or return None."""
    for before, after in ordered_pairs(list(parameters)):
        comparable = parameters[before].kind == parameters[after].kind in ("int", "float", "str")
        if comparable and not values[before] < values[after]:
            return f"{before} = {shown(values[before])} must come before {after} = {shown(values[after])}"
    return None


def shown(value: Any) -> str:
    """A refused value for a message: no line breaks, no escape sequences, never a screenful."""
    text = repr(str(value)) if isinstance(value, str) else _digits(value) if type(value) is int else repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 20]}... ({len(text):,} characters)"


def _digits(value: int) -> str:
    return str(value) if abs(value) < 10**40 else "a whole number of more than 40 digits"
