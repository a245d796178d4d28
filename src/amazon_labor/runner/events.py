"""What a build did, one event after another: for programs that watch it, and for what is told when it is over."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

KINDS = ("run", "render", "current", "ran", "failed", "drawn", "skipped", "unchecked", "end")


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    `kind` is one of `KINDS`: a notebook is to run, to render only, or up to date (`run`, `render`, `current`); it ran,
    failed, its page was drawn, it was left out (`ran`, `failed`, `drawn`, `skipped`); a claim was left without a verdict
    by its notebook (`unchecked`); the command is over (`end`). `key` is the notebook's name, with the name of its
    parameters for a run with other ones, or the id of a claim. `cell` is a position from 0 over all cells.
    """

    kind: str
    key: str = ""
    reason: str = ""
    seconds: float | None = None
    cell: int | None = None
    traceback: str = ""
    status: int | None = None


def as_json(echo: Callable[[str], None]) -> Callable[[Event], None]:
    """Print events as one JSON object a line, without what does not apply; a traceback is in the partial run."""

    def tell(event: Event) -> None:
        fields = {k: v for k, v in asdict(event).items() if v not in (None, "") and k not in ("kind", "traceback")}
        if "seconds" in fields:
            fields["seconds"] = round(fields["seconds"], 3)
        echo(json.dumps({"event": event.kind, **fields}, ensure_ascii=False))

    return tell


def as_message(echo: Callable[[str], None]) -> Callable[[str], None]:
    """Print a sentence meant for a person as an event of its own, so that every line is JSON."""
    return lambda text: echo(json.dumps({"event": "message", "text": text}, ensure_ascii=False))
