"""The report as HTML text; how it behaves in a browser is in tests/reports."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
import samples

from amazon_labor.publish.render import Failure, render_report, title_of, versions

CELL = ("td", "th")
VOID = {"meta", "link", "input", "br", "hr", "wbr"}


class Outline(HTMLParser):
    """Elements in order with their attributes; fails on a tag that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.errors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        self._close({"td": CELL, "th": CELL, "tr": (*CELL, "tr")}.get(tag, ()))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))

    def _close(self, tags: tuple[str, ...]) -> None:
        """End tags of cells and rows may be left out."""
        while self.stack and self.stack[-1] in tags:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        self._close((*CELL, "tr") if tag in ("thead", "tbody") else ())
        if not self.stack or self.stack.pop() != tag:
            self.errors.append(tag)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert not found.errors
    assert not found.stack
    return found


@pytest.fixture(scope="module")
def book() -> Any:
    return samples.report()


@pytest.fixture(scope="module")
def page(book: Any) -> str:
    return render_report(book, samples.context())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))


def test_is_well_formed_with_one_h1_and_unique_ids(page: str) -> None:
    found = outline(page)
    assert [tag for tag, _ in found.elements].count("h1") == 1
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_every_local_link_has_a_target(page: str) -> None:
    found = outline(page)
    ids = {attrs.get("id") for _, attrs in found.elements}
    for tag, attrs in found.elements:
        if tag in ("a", "use") and attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids, attrs


def test_parts_come_in_the_order_of_reading(page: str) -> None:
    marks = ["Skip to the content", "On this page", "<h1>", "What the data say", "Parameters of this run"]
    marks += [
        '<h2 id="the-long-view"',
        ">Figure 1<",
        "Reading it.",
        '<h2 id="what-23-percent',
        'id="claim-density-1980"',
    ]
    marks += ['<h2 id="exercises"', "Solution to exercise 1", "Next<a", '<h2 id="provenance"']
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)


def test_quiet_cells_join_the_next_with_output_and_prose_stays_in_place(page: str) -> None:
    folds = re.findall(r'<details class="code"><summary>Code <small>(.*?)</small>(.*?)</details>', page, re.DOTALL)
    cells = [re.findall(r'id="(cell-\d+)"', body) for _, body in folds]
    assert cells[0] == ["cell-02", "cell-03"]
    assert folds[0][0] == "3 lines"
    assert "cell-01" not in page  # the parameters cell has a table of its own
    assert page.index('id="cell-03"') < page.index('<h2 id="the-long-view"')


def test_numbers_stand_folded_with_their_code_as_one_table(page: str) -> None:
    fold = re.search(r"<summary>Code <small>2 lines, 2 numbers</small>(.*?)</details>", page, re.DOTALL)
    assert fold
    assert re.findall(r'<tr id="(number-\w+)">', fold[1]) == ["number-density_1980", "number-fell"]
    assert "90% interval 22.1 to 23.8" in fold[1]
    assert "1980 to 2021" in fold[1]
    assert "<p><code>density_1980" not in page


def test_figures_have_words_as_html_data_and_numbers(page: str) -> None:
    assert page.count('<figure id="fig-') == 7
    assert re.findall(r">Figure (\d)</a>", page) == [str(k) for k in range(1, 8)]
    assert '<p class="fig-t">Union density fell in every decade from 1960 to 2021</p>' in page
    assert 'aria-label="Line chart of union density. It falls from 30 percent in 1960 to 11.1 in 2021."' in page
    assert "<small>62 rows</small>" in page
    assert "<code>unions/density</code>, <code>unions/members</code>" in page
    assert "Source: US Bureau of Labor Statistics; Historical Statistics. The axis starts at zero." in page


def test_csv_can_be_downloaded_from_the_page_itself(page: str) -> None:
    from urllib.parse import unquote

    address = re.search(r'download="density.csv" href="(data:text/csv;charset=utf-8,[^"]*)"', page)
    assert address
    text = unquote(address[1].split(",", 1)[1])
    assert text.startswith("year,survey,reports\n1960,30,31\n")
    assert text.count("\n") == 63


def test_claims_have_cards_and_a_line_at_the_top(page: str) -> None:
    assert re.findall(r'<a href="#claim-([\w-]+)">', page) == [
        "density-1980",
        "members-1980",
        "historic-low-2021",
        "hard-road",
    ]
    card = re.search(r'<div class="claim v-qualified" id="claim-density-1980".*?</div>\n', page, re.DOTALL)
    assert card
    text = words(card[0])
    for part in (
        "Holds with a qualification",
        "around 23 percent",
        "22.97 percent",
        "2 of 3 readings",
        "True of the household survey",
    ):
        assert part in text
    assert 'href="index.html#density-1980"' in card[0]
    assert "22.97 percent (22.10 to 23.80)" in words(page)
    assert "not kept" in words(page)


def test_sources_feed_the_footer(page: str) -> None:
    foot = page[page.index('<footer class="foot">') :]
    assert "unions/<wbr>density" in foot
    assert "1,234" in foot
    assert 'title="' + "0123456789abcdef" * 4 in foot
    assert "amazon-labor run union_density_history -p start_year 1960" in foot
    assert f"pandas {versions()['pandas']}" in foot
    assert "results.sources()" not in page
    assert "Tables of this notebook" not in page  # a heading with nothing under it


def test_the_footer_has_parameters_anchors_of_tables_and_a_citation(page: str, book: Any) -> None:
    foot = page[page.index('<footer class="foot">') :]
    assert "It ran with <code>start_year = 1960</code>" in foot
    assert '<tr id="table-unions-density">' in foot
    assert "@misc{amazon_labor_union_density_history,\n" in foot
    assert "Notebook 11 of Amazon and labour, checked" in foot
    changed = [{"name": "start_year", "value": 1980, "kind": "int", "note": "", "default": 1960}]
    other = render_report(book, samples.context(is_default=False, parameters=changed))
    assert "note = {Run with start\\_year = 1980}" in other
    assert "@misc" not in render_report(book, samples.context(failed=Failure(None, "no kernel")))


def test_long_data_are_described_in_words(page: str) -> None:
    described = re.findall(r'<ul class="words" aria-label="In words">(.*?)</ul>', page)
    assert described
    assert "<li>62 rows, year 1960 to 2021.</li>" in described[0]
    assert "survey: from 30.0 to 11.1;" in words(described[0])


def test_a_report_carries_no_style_of_the_ledger(page: str) -> None:
    assert ".filters" not in page
    assert "URLSearchParams" not in page


def test_parameters_are_a_table(page: str) -> None:
    assert '<code>start_year</code></th><td class="n">1960</td><td>first year shown; 1917 to 1983</td>' in page
    assert ">amazon, apple</td>" in page
    assert ">yes</td>" in page


def test_two_renders_give_the_same_bytes_and_stay_in_the_budget(book: Any, page: str) -> None:
    assert render_report(book, samples.context()) == page
    assert len(page.encode()) < 300_000


def test_links_lead_out_of_the_folder_of_a_run(book: Any) -> None:
    context = samples.context(
        base="../../",
        is_default=False,
        parameters=[{"name": "start_year", "value": 1980, "kind": "int", "note": "", "default": 1960}],
    )
    page = render_report(book, context)
    assert 'href="../../index.html#ledger"' in page
    assert 'href="../../12_young_workers.html"' in page
    assert 'href="../../11_union_density_history.html">its report' in page
    assert 'href="../../08_turnover.html"' in page
    assert "start_year = 1980</code> (by default 1960)" in page
    assert "Other assumptions than the article’s" in page
    assert "Other assumptions" not in render_report(book, samples.context())


def test_a_failed_run_says_where_and_why(book: Any) -> None:
    cells = [
        samples.new_markdown_cell("# A title"),
        samples.new_code_cell(
            "1 / 0",
            outputs=[
                samples.new_output(
                    "error",
                    ename="ZeroDivisionError",
                    evalue="division by zero",
                    traceback=["\x1b[31mZeroDivisionError\x1b[0m: division by zero"],
                )
            ],
        ),
    ]
    page = render_report(
        samples.notebook(*cells), samples.context(base="../", failed=Failure(1, "ZeroDivisionError: division by zero"))
    )
    assert 'in <a href="#cell-01">cell 1</a>' in page
    assert 'id="cell-01"' in page
    assert "ZeroDivisionError: division by zero" in words(page)
    assert "were not recorded" in page
    assert "\x1b" not in page
    outline(page)
    assert "before the first" not in page
    assert "This run failed</p>" in render_report(book, samples.context(failed=Failure(None, "no kernel")))


def test_hostile_fields_are_words_and_nothing_more() -> None:
    page = render_report(samples.hostile(), samples.context())
    found = outline(page)
    names = [tag for tag, _ in found.elements]
    assert names.count("script") == 1
    assert names.count("style") == 1
    assert not {"img", "iframe", "foreignobject", "animate", "image"} & set(names)
    for _, attrs in found.elements:
        assert not [k for k in attrs if k.startswith("on") or k == "style"]
        assert not attrs.get("href", "").lower().startswith(("javascript", "http:", "//"))
        assert re.fullmatch(r"[\w-]*", attrs.get("id", ""))
    assert "kept words" in words(page)
    assert "kept label" in words(page)
    assert "The drawing could not be read." in words(page)
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ([], "Some name"),
        ([samples.new_code_cell("1")], "Some name"),
        ([samples.new_markdown_cell("No heading")], "Some name"),
        ([samples.new_markdown_cell("# A *title* of `it`\n\nmore")], "A title of it"),
    ],
)
def test_title_is_the_first_heading_or_the_name(cells: list[Any], title: str) -> None:
    book = samples.notebook(*cells)
    assert title_of(book, "some_name") == title
    assert f"<h1>{title}</h1>" in render_report(book, samples.context(name="some_name"))


def test_importing_the_renderer_loads_no_plotting_and_no_frames() -> None:
    heavy = {"matplotlib", "pandas", "statsmodels", "nbconvert", "IPython", "pandera"}
    code = f"import sys; from amazon_labor.publish import data_pages, render, site, ledger; print(sorted({heavy!r} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
