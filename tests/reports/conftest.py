"""A real browser for the pages. Without one the tests are skipped, and fail instead when REQUIRE_BROWSER=1."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "publish"), str(Path(__file__).parent)]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """Browser of the system: the variable CHROMIUM, else the first one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    found = executable()
    if found is None:
        notice = f"no browser: none of {', '.join(NAMES)} is on the path and CHROMIUM is not set"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(notice)
        pytest.skip(f"{notice}; the pages were not looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample pages, linked as a build links them."""
    import samples

    from amazon_labor import claims
    from amazon_labor.publish import glossary, scenario_page
    from amazon_labor.publish.render import Failure, render_report
    from amazon_labor.publish.site import render_index

    folder = tmp_path_factory.mktemp("site")
    book = samples.report()
    pages = {
        "11_union_density_history": render_report(book, samples.context()),
        "99_hostile": render_report(samples.hostile(), samples.context(name="hostile", number=99)),
        "failed/11_union_density_history": render_report(
            book, samples.context(base="../", failed=Failure(9, "KeyError: 'a'"))
        ),
        "runs/x/11_union_density_history": render_report(book, samples.context(base="../../", is_default=False)),
        "index": render_index(samples.rows(), samples.cards(book), claims.coverage({})),
    }
    for name in ("08_turnover", "10_wages", "12_young_workers"):
        pages[name] = render_report(
            samples.notebook(samples.new_markdown_cell("# Neighbour")),
            samples.context(name=name[3:], number=int(name[:2])),
        )
    pages["glossary"] = glossary.render_glossary(glossary.load(), {})
    pages["scenarios"] = scenario_page.render_scenarios([])
    linked = {name for text in pages.values() for name in re.findall(r'href="(?:\.\./)*(data/[\w-]{1,99})\.html"', text)}
    pages |= dict.fromkeys(sorted(linked), "<!doctype html><title>A table</title>")  # tests/reports/test_data_pages.py has real ones
    (folder / "ledger.json").write_text("{}", encoding="utf-8")
    (folder / "docs").mkdir()
    (folder / "docs" / "index.html").write_text("<!doctype html><title>Documentation</title>", encoding="utf-8")
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder
