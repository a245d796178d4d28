"""The parts of README.md that hold results: written from the ledger and the notebooks, never by hand.

``python -m amazon_labor.publish.readme`` writes them; a test fails while they are not current.
"""

import json
import re
from collections import Counter
from pathlib import Path

from amazon_labor import claims, paths
from amazon_labor.publish import ledger

BLOCK = re.compile(r"(<!-- (?P<name>[a-z]+): made by[^>]*-->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
VERBS = {
    "holds": "hold as written",
    "qualified": "hold with a qualification",
    "fails": "do not hold",
    "untestable": "cannot be tested with these data",
    "missing": "are not computed yet",
}
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def text(readme: str) -> str:
    """Return the README with its made parts current.

    Raises
    ------
    ValueError
        If the README names a part that is not made here.
    """
    parts = {"headline": headline, "programs": programs}

    def made(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in parts:
            raise ValueError(f"README.md has a part {name!r}; known are {', '.join(parts)}.")
        return f"{match[1]}{parts[name]()}\n{match[4]}"

    return BLOCK.sub(made, readme)


def headline() -> str:
    """One sentence a verdict, from the committed ledger."""
    rows = ledger.read(paths.reports_dir() / "ledger.csv")
    counts = Counter(row["verdict"] for row in rows)
    lines = [f"- **{counts[key]}** {words}" for key, words in VERBS.items() if counts[key]]
    return f"Of {len(rows)} statements of the article\n\n" + "\n".join(lines)


def programs() -> str:
    """Table of the notebooks: question and the statements each one computes."""
    assigned: dict[str, list[str]] = {}
    for claim in claims.load_claims().values():
        assigned.setdefault(claim.notebook or "", []).append(claim.claim_id)
    lines = ["| notebook | question | statements computed |", "|---|---|---|"]
    for path in sorted(paths.notebooks_dir().glob("[0-9][0-9]_*.ipynb")):
        ids = ", ".join(f"`{c}`" for c in assigned.get(path.stem[3:], ()))
        lines.append(f"| [{path.stem}](notebooks/{path.name}) | {_question(path)} | {ids or 'none: an extension'} |")
    return "\n".join(lines)


def _question(path: Path) -> str:
    opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    bold = BOLD.search(opening)
    return " ".join(bold[1].split()) if bold else ""


def main() -> None:
    """Write README.md anew where a part changed."""
    file = paths.root() / "README.md"
    before = file.read_text(encoding="utf-8")
    after = text(before)
    if after != before:
        file.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
