"""The documents that no hand writes: which there are, and whether what stands in `docs/` is what would be made."""

from collections.abc import Callable
from pathlib import Path

from amazon_labor import paths
from amazon_labor.runner import atomic
from amazon_labor.scaffold import picture, statement, statistics

MEASURED = "reproducibility.md"


def documents() -> dict[Path, str]:
    """Text of every made document by its file."""
    folder = paths.root() / "docs"
    return {folder / "statistics.md": statistics.text(), folder / "architecture.svg": picture.svg()}


def write(builds: tuple[Path, Path] | None) -> list[Path]:
    """Write the made documents; with two builds, also the table that they give. Return the files that changed."""
    wanted = documents()
    if builds is not None:
        file = paths.root() / "docs" / MEASURED
        wanted[file] = statement.placed(file.read_text(encoding="utf-8"), statement.measure(*builds))
    return [path for path, text in wanted.items() if atomic.write_changed(path, text)]


def check(builds: tuple[Path, Path], say: Callable[[str], None]) -> int:
    """Measure two builds and say whether the reproducibility statement says the same; exit status 0 or 1."""
    found = statement.measure(*builds)
    say(found.table.rstrip("\n"))
    if found.others:
        say(
            f"Not the same: {', '.join(found.others)}. See what moved: amazon-labor accept, then git diff; amazon-labor verify"
        )
    document = (paths.root() / "docs" / MEASURED).read_text(encoding="utf-8")
    if statement.placed(document, found) == document:
        return 0
    say(f"docs/{MEASURED} says otherwise. If this build is right: amazon-labor docs --write --second DIR")
    return 1
