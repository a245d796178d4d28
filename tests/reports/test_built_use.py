"""The pages of the last build as readers use them: links, keyboard, without script, on paper; and what they weigh."""

import re
from typing import Any

import pytest
from visit import REPORTS, Visit, built_pages, dead_links, faults_of_paper

PAGES = built_pages()
LARGEST, INDEX = 300_000, 350_000
FIGURE, MAP, SCRIPT = 30_000, 45_000, 10_000
TOP = [name for name in PAGES if re.fullmatch(r"\d\d_\w+\.html", name)]
needs_index = pytest.mark.skipif("index.html" not in PAGES, reason="reports/ has no index: run `make reports`")


@pytest.mark.parametrize("name", PAGES)
def test_pages_figures_and_scripts_stay_in_the_budget(name: str) -> None:
    page = (REPORTS / name).read_text(encoding="utf-8")
    assert len(page.encode()) <= (INDEX if name == "index.html" else LARGEST)
    for figure, inner in re.findall(r'<figure id="([\w-]+)"(.*?)</figure>', page, re.DOTALL):
        drawings = re.findall(r"<svg viewBox=.*?</svg>", inner, re.DOTALL)
        # a heat map or a map is what uses the steps of a ramp
        limit = MAP if re.search(r'class="[^"]*\bf-[qd]\d', "".join(drawings)) else FIGURE
        assert sum(len(d.encode()) for d in drawings) <= limit, figure
    assert max(len(s.encode()) for s in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)) < SCRIPT


def test_the_index_has_a_figure_for_each_report() -> None:
    if not TOP:
        pytest.skip("reports/ has no reports: run `make reports`")
    index = (REPORTS / "index.html").read_text(encoding="utf-8")
    for name in TOP:
        card = re.search(rf'<li>((?:(?!</li>).)*)<h3><a href="{name}">', index, re.DOTALL)
        assert card, name
        assert "<svg" in card[1], name


@pytest.mark.parametrize("name", PAGES)
def test_one_h1_unique_ids_living_links_and_whole_figures_on_paper(browser: Any, name: str) -> None:
    with Visit(browser, REPORTS / name) as visit:
        assert visit.page.locator("h1").count() == 1
        ids = visit.page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
        assert len(ids) == len(set(ids))
        assert dead_links(visit) == []
        assert list(faults_of_paper(visit)) == []
        pdf = visit.page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
        assert visit.said == []


@pytest.mark.parametrize("name", PAGES)
def test_without_script_nothing_is_missing_and_folds_open(browser: Any, name: str) -> None:
    with Visit(browser, REPORTS / name, java_script_enabled=False) as visit:
        page = visit.page
        for part in ("main h1", ".row", ".claim", "figure", "footer", "nav"):
            assert page.locator(part).count() == page.locator(f"{part}:visible").count(), part
        assert page.locator("button:visible, form:visible").count() == 0
        folds = page.locator("main details.code > summary")
        if folds.count():
            folds.first.click()
            assert page.locator("main details.code pre").first.is_visible()
        assert visit.said == []


@pytest.mark.parametrize("name", TOP)
def test_folds_of_a_report_open_by_keyboard(browser: Any, name: str) -> None:
    with Visit(browser, REPORTS / name) as visit:
        page = visit.page
        page.locator("#all-code").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("[...document.querySelectorAll('details.code')].every(d => d.open)")
        page.keyboard.press("Enter")
        data = page.locator("details.data > summary").first
        data.focus()
        page.keyboard.press("Space")
        assert page.locator("details.data a[download]").first.is_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.hasAttribute('download')")


@needs_index
def test_the_whole_ledger_by_keyboard(browser: Any) -> None:
    with Visit(browser, REPORTS / "index.html") as visit:
        page = visit.page
        every = page.locator(".row").count()

        def shown() -> int:
            return int(page.locator(".row:visible").count())

        page.locator("input[name=verdict]").first.focus()
        page.keyboard.press("Space")
        of_verdict = shown()
        assert 0 < of_verdict < every
        page.keyboard.press("/")
        page.keyboard.type("union")
        assert 0 < shown() < of_verdict
        page.locator("#sort").focus()
        for _ in range(3):  # to the last of the orders
            page.keyboard.press("ArrowDown")
        numbers = [
            int(row[:2])
            for row in page.locator(".row:visible").evaluate_all("rows => rows.map(r => r.dataset.notebook)")
        ]
        assert numbers == sorted(numbers)
        address = page.evaluate("location.hash")
        page.locator("#show-all").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert shown() == every
        assert visit.said == []
    with Visit(browser, REPORTS / "index.html", anchor=address) as visit:
        assert 0 < visit.page.locator(".row:visible").count() < of_verdict
        assert visit.page.locator("#sort").input_value() == "notebook"
