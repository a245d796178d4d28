"""The table of features names commands, options and paths that exist, and leaves no number out."""

import re
import shlex
from pathlib import Path

import click
import pytest
import typer

from amazon_labor import cli

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "features.md"
FEATURES = 60


def rows() -> list[list[str]]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def places(row: list[str]) -> list[str]:
    """Code in the column of places, then commands named in the note."""
    return re.findall(r"`([^`]+)`", row[2]) + [
        w for w in re.findall(r"`([^`]+)`", row[3]) if w.startswith(("amazon-labor ", "make "))
    ]


def fault(place: str) -> str | None:
    """What is wrong with a command or a path; None if nothing is."""
    words = shlex.split(place)
    if words[0] == "amazon-labor":
        return fault_of_command(words[1:])
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return None if words[1] in targets else f"no target {words[1]}"
    return None if (ROOT / place).exists() else f"no path {place}"


def fault_of_command(words: list[str]) -> str | None:
    command: click.Command = typer.main.get_command(cli.app)
    rest = list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0] not in command.commands:
            return f"no command {' '.join(words)}"
        command = command.commands[rest.pop(0)]
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    unknown = [w for w in rest if re.match(r"--?[a-z]", w) and w.split("=")[0] not in options]
    return f"no option {', '.join(unknown)}" if unknown else None


def test_every_number_is_there_once_and_in_order():
    assert [int(row[0]) for row in rows()] == list(range(1, FEATURES + 1))
    assert {len(row) for row in rows()} == {4}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}-{row[1][:30]}")
def test_every_command_option_and_path_of_a_feature_exists(row):
    assert places(row), "a feature without a place that can be checked"
    assert [found for found in map(fault, places(row)) if found] == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("amazon-labor bild", "no command bild"),
        ("amazon-labor data chek", "no command data chek"),
        ("amazon-labor build --fail-slow", "no option --fail-slow"),
        ("amazon-labor build --jobs auto --keep-going", None),
        ("amazon-labor run turnover -p rate 0.1 -q", "no option -q"),
        ("make tee", "no target tee"),
        ("docs/nothing.md", "no path docs/nothing.md"),
    ],
)
def test_what_does_not_exist_is_found(place, told):
    assert fault(place) == told
