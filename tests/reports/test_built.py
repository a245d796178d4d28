"""The pages of the last build, if there is one: what the samples cannot show is what real notebooks hold."""

from pathlib import Path
from typing import Any

import pytest
from visit import FIGURE_WORDS, Visit, dead_links, faults_of_words, violations

REPORTS = Path(__file__).resolve().parents[2] / "reports"
PAGES = [page.name for page in sorted(REPORTS.glob("*.html"))]
BYTES = {"index.html": 350_000}
LARGEST = 300_000


def test_there_is_a_build() -> None:
    if not PAGES:
        pytest.skip("reports/ is empty: run `make reports`, then these tests look at its pages too")


@pytest.mark.parametrize("name", PAGES)
def test_pages_stay_in_the_budget(name: str) -> None:
    assert len((REPORTS / name).read_bytes()) < BYTES.get(name, LARGEST)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_page_is_accessible_quiet_and_fits(browser: Any, name: str, width: int, scheme: str) -> None:
    with Visit(browser, REPORTS / name, width, scheme) as visit:
        assert violations(visit) == []
        assert visit.elsewhere() == []
        assert visit.said == []
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 360])
def test_words_of_figures_are_large_inside_and_apart(browser: Any, name: str, width: int) -> None:
    with Visit(browser, REPORTS / name, width) as visit:
        assert faults_of_words(visit.page.evaluate(FIGURE_WORDS)) == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(browser: Any, name: str) -> None:
    with Visit(browser, REPORTS / name) as visit:
        assert dead_links(visit) == []
