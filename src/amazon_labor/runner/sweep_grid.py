"""The points of a sweep: from ``--over name=values`` words or a file of a grid, all checked before anything runs."""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from amazon_labor.parameter_rules import Parameter, ParameterError, Plain, Value, choice_values, shown
from amazon_labor.parameters import from_file, resolve

MOST_POINTS = 1000
POINTS = "points"  # in a file: a list of sets of values, instead of values to combine


def axes(words: Sequence[str]) -> dict[str, list[Any]]:
    """Read ``name=value,value`` words; ``all`` and ``low..high..step`` are left for `points` to fill in.

    Raises
    ------
    ParameterError
        If a word has no equals sign or no value, or a name is given twice.
    """
    found: dict[str, list[Any]] = {}
    for word in words:
        name, equals, values = (part.strip() for part in word.partition("="))
        if not equals or not values:
            raise ParameterError(f"--over {shown(word)} is not name=values. Examples: state=all; start_year=1983,1990")
        if name in found:
            raise ParameterError(f"--over {name} is given twice; put all its values into one list.")
        found[name] = [Plain(value.strip()) for value in values.split(",")]
    return found


def from_grid(path: Path) -> tuple[dict[str, list[Any]], list[dict[str, Any]]]:
    """Read a file of a grid: lists of values to combine, or under ``points`` a list of sets of values.

    Raises
    ------
    ParameterError
        If the file cannot be read or holds neither.
    """
    values = from_file(path)
    if POINTS not in values:
        return {name: v if isinstance(v, list) else [v] for name, v in values.items()}, []
    given = values[POINTS]
    if len(values) > 1 or not isinstance(given, list) or not all(isinstance(p, dict) for p in given) or not given:
        raise ParameterError(f"{path}: `{POINTS}` must stand alone and be a list of sets of values.")
    return {}, given


def points(
    notebook: str,
    parameters: tuple[Parameter, ...],
    over: Mapping[str, Sequence[Any]],
    listed: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Value]]:
    """Return the values of every run of a sweep, each once, in the order given.

    Parameters
    ----------
    over : mapping of str to sequence
        Values to combine, every one with every other.
    listed : sequence of mapping
        Sets of values that stand as they are; used when `over` is empty.

    Raises
    ------
    ParameterError
        If nothing varies, there are too many points, or a value cannot be used; before anything runs.
    """
    known = {p.name: p for p in parameters}
    filled = {name: [v for raw in values for v in _filled(known.get(name), raw)] for name, values in over.items()}
    _refuse_too_many(filled)
    given = (
        [dict(zip(filled, values, strict=True)) for values in itertools.product(*filled.values())] if over else listed
    )
    if not given or len(given) > MOST_POINTS:
        raise ParameterError(f"a sweep has 1 to {MOST_POINTS:,} points, this one {len(given):,}.")
    found: list[dict[str, Value]] = []
    for one in given:
        values = resolve(notebook, parameters, one)
        if values not in found:
            found.append(values)
    return found


def varied(parameters: tuple[Parameter, ...], found: Sequence[Mapping[str, Value]]) -> list[str]:
    """Names of the parameters that differ between points, in the order of the notebook's cell."""
    return [p.name for p in parameters if any(one[p.name] != found[0][p.name] for one in found)]


def _refuse_too_many(filled: Mapping[str, Sequence[Any]]) -> None:
    count = 1
    for values in filled.values():
        count *= len(values)
    if count > MOST_POINTS:
        sizes = " x ".join(f"{name}: {len(values)}" for name, values in filled.items())
        raise ParameterError(f"a sweep has at most {MOST_POINTS:,} points, this one {count:,} ({sizes}).")


def _filled(parameter: Parameter | None, raw: Any) -> list[Any]:
    """Values that a word stands for; one that stands for itself is left for the parameter to judge."""
    if parameter is None or not isinstance(raw, Plain):
        return [raw]
    if raw == "all":
        return _all(parameter)
    if parameter.kind == "list[str]":
        return [Plain(raw.replace("+", ","))]
    if parameter.kind in ("int", "float") and ".." in raw:
        return _range(parameter, raw)
    return [raw]


def _all(parameter: Parameter) -> list[Any]:
    if parameter.kind == "bool":
        return [False, True]
    if not parameter.choices:
        raise ParameterError(
            f"{parameter.name}=all: it has no list of choices ({parameter.allowed}); give values, or a range low..high."
        )
    if parameter.kind == "list[str]":
        return [[choice] for choice in parameter.choices]
    return list(choice_values(parameter)) if parameter.kind in ("int", "float") else list(parameter.choices)


def _range(parameter: Parameter, text: str) -> list[Any]:
    """Values of ``low..high`` or ``low..high..step``, both ends included."""
    words = text.split("..")
    example = f"{parameter.name}={shown(text)} is not a range. Examples: 1983..1990; 0.01..0.05..0.01"
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise ParameterError(example) from None
    if len(numbers) not in (2, 3) or (parameter.kind == "float" and len(numbers) == 2):
        raise ParameterError(f"{example}; a parameter that is no whole number needs a step")
    low, high, step = numbers if len(numbers) == 3 else [*numbers, 1.0]
    if not step > 0 or not low <= high or not (high - low) / step < MOST_POINTS:
        raise ParameterError(f"{example}; the step must be above 0, low not above high, at most {MOST_POINTS:,} values")
    count = int((high - low) / step + 1e-9) + 1
    values = [round(low + k * step, 12) for k in range(count)]
    if parameter.kind == "int" and any(v != int(v) for v in values):
        raise ParameterError(f"{example}; {parameter.name} takes whole numbers")
    return [int(v) for v in values] if parameter.kind == "int" else values
