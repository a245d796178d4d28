"""The pages of the last build, if there is one: accessible in both modes and widths, quiet, narrow enough, legible.

One visit a page: width and colours change while it is open. What readers do with the pages is in `test_built_use.py`,
a file of its own so that two workers share the pages.
"""

from typing import Any

import pytest
from visit import FIGURE_WORDS, OPEN_ALL, REPORTS, Visit, built_pages, faults_of_words, violations

PAGES = built_pages()
MODES = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]


def test_there_is_a_build() -> None:
    if not PAGES:
        pytest.skip("reports/ is empty: run `make reports`, then these tests look at its pages too")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_quiet_legible_and_fits(browser: Any, name: str) -> None:
    faults: list[Any] = []
    with Visit(browser, REPORTS / name) as visit:
        visit.page.evaluate(OPEN_ALL)
        for width in (1280, 360, 320):
            visit.mode(width, "light")
            faults += [(width, "overflow")] if visit.overflow() > 0 else []
            if width != 320:
                faults += [(width, fault) for fault in faults_of_words(visit.page.evaluate(FIGURE_WORDS))]
        for width, scheme in MODES:
            visit.mode(width, scheme)
            faults += [(width, scheme, fault) for fault in violations(visit, thinned=True)]
        assert faults == []
        assert visit.elsewhere() == []
        assert visit.said == []
