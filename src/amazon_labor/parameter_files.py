"""Values of parameters from YAML, JSON and TOML files, without the guesses of YAML."""

import json
import tomllib
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from amazon_labor.parameter_rules import ParameterError, Plain

LARGEST_FILE = 65_536  # bytes


def from_file(path: str | Path) -> dict[str, Any]:
    """Read values from a YAML, JSON or TOML file.

    YAML is read without its guesses: an unquoted ``no`` or ``2019-01-01`` stays the text it is, and the parameter
    decides its type. Tags, anchors and repeated names are refused.

    Raises
    ------
    ParameterError
        If the file is missing, too large, of another kind, or not a mapping of names to values.
    """
    file = Path(path)
    readers: dict[str, Callable[[str], Any]] = {".yaml": _yaml, ".yml": _yaml, ".json": _json, ".toml": tomllib.loads}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise ParameterError(f"{file}: a file of parameters ends in .yaml, .yml, .json or .toml.")
    try:
        values = reader(_text(file))
    except OSError as error:
        raise ParameterError(f"{file}: it cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"{file}: {error}") from None
    if not isinstance(values, dict):
        raise ParameterError(f"{file}: it must hold names and values, for example `start_year: 1990`.")
    return values


def _text(file: Path) -> str:
    """Text of a file of sensible size; a pipe or a device, which may never end, is not read."""
    if file.exists() and not file.is_file():
        raise ValueError("it is no file; give one that ends in .yaml, .json or .toml.")
    size = file.stat().st_size
    if size > LARGEST_FILE:
        raise ValueError(f"{size:,} bytes is too large for a file of parameters ({LARGEST_FILE:,}).")
    return file.read_text(encoding="utf-8")


def _json(text: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        _refuse_repeated([name for name, _ in items])
        return dict(items)

    return json.loads(text, object_pairs_hook=pairs)


def _refuse_repeated(names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{repeated[0]!r} is there twice; give it once.")


def _yaml(text: str) -> Any:
    import yaml

    try:
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"it is not YAML: {error}") from None
    if sum(isinstance(e, yaml.DocumentStartEvent) for e in events) != 1:
        raise ValueError("it must hold one document.")
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ValueError(f"line {line}: anchors and aliases (& and *) are not taken.")
        if tag := getattr(event, "tag", None):
            raise ValueError(f"line {line}: the tag {tag!r} is not taken; write the plain value.")
    frame = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    return _yaml_value(deque(e for e in events if not isinstance(e, frame)), yaml)


def _yaml_value(queue: deque[Any], yaml: Any) -> Any:
    event = queue.popleft()
    if isinstance(event, yaml.ScalarEvent):
        return Plain(event.value) if event.style is None else str(event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(queue[0], yaml.SequenceEndEvent):
            items.append(_yaml_value(queue, yaml))
        queue.popleft()
        return items
    names, values = [], []
    while not isinstance(queue[0], yaml.MappingEndEvent):
        names.append(str(_yaml_value(queue, yaml)))
        values.append(_yaml_value(queue, yaml))
    queue.popleft()
    _refuse_repeated(names)
    return dict(zip(names, values, strict=True))
