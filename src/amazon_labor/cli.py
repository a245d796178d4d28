"""The command `amazon-labor`: parses, calls, prints. Nothing heavy is imported until a command needs it."""

import importlib
import sys
from collections.abc import Sequence

from amazon_labor.cli_base import app

# A module adds its commands to `app` of `cli_base` when it is imported, and is named here; `--help` lists them in this
# order. One line each, so that two new modules do not meet in the same line of a merge.
COMMANDS = (
    "cli_run",
    "cli_show",
    "cli_data",
    "cli_carry",  # after the commands that take its --article
    "cli_outputs",
)
for module in COMMANDS:
    importlib.import_module(f"amazon_labor.{module}")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of `amazon-labor`."""
    words = list(sys.argv[1:] if argv is None else argv)
    app(args=joined_pairs(words), prog_name="amazon-labor")


def joined_pairs(words: list[str]) -> list[str]:
    """Turn papermill's ``-p name value`` into ``-p name=value``, so that both are understood."""
    result: list[str] = []
    rest = iter(words)
    for word in rest:
        result.append(word)
        if word == "--":  # another program's words
            return [*result, *rest]
        if word not in ("-p", "--parameter"):
            continue
        pair = next(rest, None)
        if pair is not None and "=" not in pair:
            value = next(rest, None)
            pair = pair if value is None else f"{pair}={value}"
        result += [] if pair is None else [pair]
    return result
