"""In a real browser: the pages beside the reports, and terms that open in place without a script."""

import functools
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from visit import Visit, dead_links, violations

from amazon_labor import paths
from amazon_labor.publish import data_pages, glossary, scenario_page
from amazon_labor.publish.render import render_report
from amazon_labor.runner import digests

# the widest table, the one with most sources, one with corrections, one that is compressed, one that nobody reads
TABLES = ("amazon/annual_results", "amazon/timeline", "markets/net_worth", "elections/nlrb_elections", "refresh/bls_union_series")
PAGES = ["glossary", "scenarios", "data/index", *(f"data/{name.replace('/', '-')}" for name in TABLES)]
TERM = "#use-union-density"


@pytest.fixture(scope="module")
def beside(site: Path) -> Path:
    """The sample site with the real pages of some tables."""
    sources = {row["key"]: row for row in digests.rows("sources.csv")}
    made = []
    for name in TABLES:
        one = digests.descriptors()[name]
        file = digests.resource_file(one)
        readers = (data_pages.Reader(11, "Density", "11_union_density_history.html"),) if name != TABLES[-1] else ()
        claims = tuple(data_pages.Judged(r.claim_id, r.statement, r.verdict) for r in samples.rows()[: len(readers) * 6])
        path = file.relative_to(paths.root()).as_posix()
        made.append(data_pages.Table(name, one, file.read_bytes(), path, readers, claims))
    folder = site / "data"
    for k, table in enumerate(made):
        around = [made[k - 1] if k else None, made[k + 1] if k + 1 < len(made) else None]
        text = data_pages.render_table(table, sources, around)
        (folder / f"{table.name.replace('/', '-')}.html").write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(data_pages.render_tables(made), encoding="utf-8")
    (site / "scenarios.html").write_text(scenario_page.render_scenarios(_scenarios()), encoding="utf-8")
    (site / "glossary.html").write_text(glossary.render_glossary(glossary.load(), {}), encoding="utf-8")
    return site


def _scenarios() -> list[dict[str, Any]]:
    claims = {
        r.claim_id: {"id": r.claim_id, "verdict": r.verdict, "computed": r.computed, "statement": r.statement}
        for r in samples.rows()[:8]
    }
    moved = {i: c | {"verdict": "fails", "computed": "another number"} for i, c in claims.items()}
    run = {"about": "Another start", "given": {"start_year": 1960}, "numbers": {}}
    page = "runs/x/11_union_density_history.html"
    return [
        {"name": "density", "number": 11, "title": "Density", "href": "11_union_density_history.html", "numbers": {}, "claims": claims}
        | {"scenarios": [run | {"name": "early", "state": "fresh", "href": page, "claims": moved},
                         run | {"name": "late", "state": "missing", "href": "", "claims": {}}]}
    ]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark"), (320, "light")])
def test_page_is_accessible_quiet_and_fits(browser: Any, beside: Path, name: str, width: int, scheme: str) -> None:
    with Visit(browser, beside / f"{name}.html", width, scheme) as visit:
        assert violations(visit) == []
        assert visit.elsewhere() == []
        assert visit.said == []
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere_and_ids_are_unique(browser: Any, beside: Path, name: str) -> None:
    with Visit(browser, beside / f"{name}.html") as visit:
        assert dead_links(visit) == []
        ids = visit.page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
        assert len(ids) == len(set(ids))
        assert visit.page.locator("h1").count() == 1


def test_a_download_of_a_table_has_the_bytes_of_the_file(browser: Any, beside: Path, tmp_path: Path) -> None:
    with Visit(browser, beside / "data/amazon-timeline.html", accept_downloads=True) as visit:
        with visit.page.expect_download() as waiting:
            visit.page.click("a[download]")
        waiting.value.save_as(tmp_path / "t.csv")
    file = digests.resource_file(digests.descriptors()["amazon/timeline"])
    assert (tmp_path / "t.csv").read_bytes() == file.read_bytes()


# ---------------------------------------------------------------- terms in place


@pytest.fixture(scope="module")
def report(beside: Path) -> Path:
    cells = [
        samples.new_markdown_cell("# Terms\n\n**What is it?**"),
        samples.new_markdown_cell("## Density\n\nThe union density fell, and density fell again.\n\n- *turnover*, `vintage`\n\n| median | b |\n|---|---|\n| the median | x |"),
    ]  # fmt: skip
    path = beside / "97_terms.html"
    path.write_text(render_report(samples.notebook(*cells), samples.context(name="terms", number=97)), encoding="utf-8")
    return path


@pytest.mark.parametrize("scripts", [True, False])
def test_a_term_opens_and_closes_by_keyboard_without_a_script(browser: Any, report: Path, scripts: bool) -> None:
    with Visit(browser, report, java_script_enabled=scripts) as visit:
        window = visit.page.locator("#term-union-density")
        assert not window.is_visible()
        visit.page.locator(TERM).focus()
        visit.page.keyboard.press("Enter")
        assert window.is_visible()
        assert "members divided by workers" in window.inner_text()
        visit.page.keyboard.press("Tab")
        assert visit.page.locator("#term-union-density a:focus").count() == 1
        visit.page.keyboard.press("Escape")
        assert not window.is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark"), (320, "light")])
def test_an_open_term_is_accessible_beside_its_word_and_inside_the_page(browser: Any, report: Path, width: int, scheme: str) -> None:
    with Visit(browser, report, width, scheme) as visit:
        visit.page.click(TERM)
        box, word = visit.page.locator("#term-union-density").bounding_box(), visit.page.locator(TERM).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert abs(box["y"] - word["y"]) < 250
        assert violations(visit) == []
        assert visit.said == []
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_terms_stand_once_where_they_should(browser: Any, report: Path) -> None:
    with Visit(browser, report) as visit:
        marked = visit.page.locator("button.term").all_inner_texts()
        assert marked == ["union density", "turnover", "median"]
        assert visit.page.locator("h2 button, code button, th button").count() == 0


def test_on_paper_a_term_is_a_word_and_nothing_more(browser: Any, report: Path) -> None:
    with Visit(browser, report) as visit:
        visit.page.emulate_media(media="print")
        assert visit.page.locator(TERM).is_visible()
        assert not visit.page.locator("#term-union-density").is_visible()
        assert visit.page.locator(TERM).evaluate("n => getComputedStyle(n).textDecorationLine") == "none"


def test_a_browser_without_popovers_has_a_link_to_the_glossary(browser: Any, report: Path, tmp_path: Path) -> None:
    """As such a browser reads the page: it knows no such attribute, and takes no rule that asks for it."""
    text = report.read_text(encoding="utf-8").replace(" popover>", ">").replace("@supports selector(:popover-open)", "@supports (no: support)")
    text = text.replace('<meta http-equiv="Content-Security-Policy"', '<meta name="x"')
    old = report.with_name("98_old.html")
    old.write_text(text, encoding="utf-8")
    with Visit(browser, old) as visit:
        window = visit.page.locator("#term-union-density")
        assert window.locator("a").is_visible()
        assert window.inner_text().strip().startswith("Glossary")
        assert "divided by" not in window.inner_text()


# ---------------------------------------------------------------- the pages of the last build, if there is one

REPORTS = paths.reports_dir()
BUILT = [p for p in (REPORTS / "glossary.html", REPORTS / "scenarios.html", *sorted(REPORTS.glob("data/*.html"))) if p.is_file()]


@functools.cache
def ids(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))


def test_links_of_the_built_pages_lead_somewhere_both_ways() -> None:
    if not BUILT:
        pytest.skip("no page beside the reports is built: run `make reports`")
    dead = []
    for path in [*BUILT, *sorted(REPORTS.glob("[0-9][0-9]_*.html")), REPORTS / "index.html"]:
        for href in re.findall(r'<a [^>]*href="([^":]+)"', path.read_text(encoding="utf-8")):
            name, _, anchor = href.partition("#")
            target = (path.parent / name).resolve() if name else path
            known = target.is_file() and (not anchor or target.suffix != ".html" or anchor in ids(target))
            dead += [] if known else [(path.name, href)]
    assert dead == []


@pytest.mark.parametrize("path", BUILT, ids=lambda p: p.stem)
def test_built_pages_stay_light_with_unique_ids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r'\bid="([^"]+)"', text)
    assert len(found) == len(set(found))
    weight = len(text.encode()) - sum(map(len, re.findall(r'href="(data:[^"]*)"', text)))
    assert weight <= (data_pages.LIGHT if path.parent.name == "data" else 300_000)
    assert "built-in method" not in text
