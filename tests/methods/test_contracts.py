"""What callers of the methods rely on: names, order and defaults of arguments and fields, as `contracts.json` lists them, and
that "array_like" takes a column of objects.

A changed default moves numbers in notebooks that do not name the argument. `python tests/methods/test_contracts.py` writes the list
anew after a change that was meant.
"""

import dataclasses
import importlib
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import array_calls

LIST = Path(__file__).with_name("contracts.json")
METHODS = Path(__file__).resolve().parents[2] / "src" / "amazon_labor" / "methods"
CONTRACTS: dict[str, list[str]] = json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else {}


def public(module: ModuleType) -> list[str]:
    """Each public function, method and dataclass of a module with its arguments and their defaults, in the order of the file."""
    lines = []
    for name, found in vars(module).items():
        if name.startswith("_") or getattr(found, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(inspect.unwrap(found)):
            lines.append(f"{name}{_arguments(found)}")
        elif dataclasses.is_dataclass(found):
            fields = [
                f.name if f.default is dataclasses.MISSING else f"{f.name}={f.default!r}"
                for f in dataclasses.fields(found)
            ]
            lines.append(f"{name}({', '.join(fields)})")
            methods = {n: f for n, f in vars(found).items() if inspect.isfunction(f) and not n.startswith("_")}
            lines += [f"{name}.{n}{_arguments(f)}" for n, f in methods.items()]
    return lines


def _arguments(function: object) -> str:
    signature = inspect.signature(function)  # type: ignore[arg-type]
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def names() -> list[str]:
    """Modules of methods, sorted."""
    return sorted(path.stem for path in METHODS.glob("*.py") if path.stem != "__init__")


def plain(result: Any) -> Any:
    """A result as nested tuples and lists that numpy compares with NaN equal to NaN; arrays with their type."""
    if dataclasses.is_dataclass(result):
        return [plain(getattr(result, field.name)) for field in dataclasses.fields(result)]
    if isinstance(result, tuple | list):
        return [plain(part) for part in result]
    return [str(result.dtype), result.tolist()] if isinstance(result, np.ndarray) else result


@pytest.mark.parametrize("name", names())
def test_contract(name: str) -> None:
    assert public(importlib.import_module(f"amazon_labor.methods.{name}")) == CONTRACTS[name]
    for call in array_calls.CALLS.get(name, []):
        floats = plain(call(lambda values: np.array(values, dtype=np.float64)))
        np.testing.assert_equal(plain(call(lambda values: np.array(values, dtype=object))), floats)
    if name in array_calls.LEVELS:
        levels_are_checked(array_calls.LEVELS[name])


def levels_are_checked(call: array_calls.Level) -> None:
    """0 and 100 percent are refused by name, what lies just inside is taken, and a higher level is no narrower."""
    for level in (0, 100, -5, 105):
        with pytest.raises(ValueError, match=rf"^level is {level}[;,] (it is )?a percentage between 0 and 100"):
            call(level)
    (low, high), (lower, higher) = (ends(call(level)) for level in (0.5, 99.5))
    assert (lower <= low).all()
    assert (high <= higher).all()


def ends(result: Any) -> np.ndarray:
    """Low and high of a tuple that has nothing else, or of a dataclass that has them second and third."""
    return np.array(result if isinstance(result, tuple) else plain(result)[1:3], dtype=np.float64)


def test_every_listed_module_exists() -> None:
    assert sorted(CONTRACTS) == names()


if __name__ == "__main__":
    listed = {name: public(importlib.import_module(f"amazon_labor.methods.{name}")) for name in names()}
    LIST.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
