"""Named sets of parameters, from `data/scenarios.toml`."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from amazon_labor import paths
from amazon_labor.parameters import InputError, Parameter, ParameterError, Value, resolve

FILE = "data/scenarios.toml"


class ScenarioError(InputError):
    """A scenario that is unknown, or a file of scenarios that cannot be read."""


@dataclass(frozen=True)
class Scenario:
    """A named set of parameters of one notebook, and in one sentence what it shows."""

    notebook: str
    name: str
    about: str
    given: dict[str, Any]


def load(notebook: str | None = None) -> dict[str, Scenario]:
    """Scenarios of one notebook by name (of all notebooks, by ``notebook.name``, if none is named).

    Raises
    ------
    ScenarioError
        If the file is no TOML or an entry is not a table with `about` and parameters.
    """
    everything = {
        f"{n}.{s}": _scenario(n, s, raw) for n, tables in _file().items() for s, raw in _tables(n, tables).items()
    }
    if notebook is None:
        return everything
    return {s.name: s for s in everything.values() if s.notebook == notebook}


def find(notebook: str, name: str) -> Scenario:
    """Return a scenario of a notebook.

    Raises
    ------
    ScenarioError
        If there is none of that name; the message gives the nearest.
    """
    known = load(notebook)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name[:100], known, 1, 0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ScenarioError(
        f"{notebook} has no scenario {name[:100]!r}.{hint} Known: {', '.join(known) or 'none'}. They are in {FILE}."
    )


def faults(parameters_by_notebook: Mapping[str, tuple[Parameter, ...] | None]) -> list[str]:
    """Say what is wrong with the scenarios: unknown notebooks, values not allowed, nothing changed, no sentence.

    Parameters are None for a notebook that cannot be read: its scenarios are passed over.
    """
    try:
        known = load()
    except ScenarioError as error:
        return [str(error)]
    found = []
    for name, scenario in known.items():
        parameters = parameters_by_notebook.get(scenario.notebook)
        if scenario.notebook not in parameters_by_notebook:
            found.append(f"{FILE} [{name}]: there is no notebook {scenario.notebook!r}.")
        if parameters is None:
            continue
        try:
            values = resolve(scenario.notebook, parameters, scenario.given)
        except ParameterError as error:
            found.append(f"{FILE} [{name}]: {error}")
            continue
        if values == _usual(parameters):
            found.append(f"{FILE} [{name}]: its values are the defaults; change at least one.")
    return found


def _usual(parameters: tuple[Parameter, ...]) -> dict[str, Value]:
    return {p.name: p.default for p in parameters}


def _file() -> dict[str, Any]:
    path = paths.claims_dir() / "scenarios.toml"
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{FILE} is not TOML: {error}.") from None


@lru_cache(maxsize=2)
def _parsed(text: str) -> dict[str, Any]:
    """Shared between callers, who must not change it: a page of all scenarios asks for each of them."""
    return tomllib.loads(text)


def _tables(notebook: str, tables: Any) -> dict[str, Any]:
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise ScenarioError(f"{FILE}: [{notebook}] must hold tables, one per scenario: [{notebook}.name_of_scenario].")
    return tables


def _scenario(notebook: str, name: str, raw: dict[str, Any]) -> Scenario:
    about = raw.get("about")
    given = {k: v for k, v in raw.items() if k != "about"}
    if not isinstance(about, str) or not about.strip():
        raise ScenarioError(f'{FILE} [{notebook}.{name}]: it needs a line: about = "what this scenario shows"')
    if not name.isidentifier() or not name.isascii():
        raise ScenarioError(f"{FILE} [{notebook}.{name}]: the name must be snake_case; it names a folder.")
    return Scenario(notebook, name, about.strip(), given)
