"""The pages of the documents in a browser: no request, no violation, nothing wider than the window."""

import pytest
from visit import Visit, violations

from amazon_labor.runner import site_docs


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    return [out / name for name in site_docs.write(out)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark"), (320, "light")])
def test_documents_are_accessible_and_ask_for_nothing(browser, pages, width, scheme):
    for path in pages:
        with Visit(browser, path, width, scheme) as visit:
            assert visit.elsewhere() == []
            assert visit.said == [], path.name
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert violations(visit) == [], path.name


def test_the_drawing_is_whole_on_a_wide_window_and_scrolls_on_a_phone(browser, pages):
    path = next(p for p in pages if p.stem == "architecture")
    for width, whole in ((1280, True), (360, False)):
        with Visit(browser, path, width) as visit:
            measured = "(() => { const d = document.querySelector('svg[role=img]').parentElement; return d.scrollWidth <= d.clientWidth; })()"
            assert visit.page.evaluate(measured) is whole
