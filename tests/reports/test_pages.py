"""The pages in a browser: accessibility, no request, no message, no overflow, figures, keyboard, paper, hostile input."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from visit import FIGURE_WORDS, OPEN_ALL, Visit, dead_links, faults_of_paper, faults_of_words, violations

from amazon_labor.claim_rule import WORDS

PAGES = ("index", "11_union_density_history", "failed/11_union_density_history", "runs/x/11_union_density_history")
MODES = [(width, scheme) for width in (1280, 390, 360) for scheme in ("light", "dark")]


@pytest.mark.parametrize("name", PAGES[:2])
def test_axe_finds_nothing_with_all_folds_open(browser: Any, site: Path, name: str) -> None:
    with Visit(browser, site / f"{name}.html") as visit:
        for width, scheme in MODES:
            visit.mode(width, scheme)
            assert violations(visit) == [], (width, scheme)


@pytest.mark.parametrize("name", PAGES[2:])
def test_axe_finds_nothing_on_pages_with_a_banner(browser: Any, site: Path, name: str) -> None:
    with Visit(browser, site / f"{name}.html", 390, "dark") as visit:
        assert violations(visit) == []


@pytest.mark.parametrize("name", [*PAGES, "99_hostile"])
def test_no_request_no_message_no_overflow(browser: Any, site: Path, name: str) -> None:
    with Visit(browser, site / f"{name}.html") as visit:
        visit.page.evaluate(OPEN_ALL)
        for width in (1280, 768, 600, 390, 360, 320):
            visit.mode(width, "light")
            assert visit.overflow() <= 0, width
        assert visit.elsewhere() == []
        assert visit.said == []


@pytest.mark.parametrize("name", PAGES)
def test_one_h1_unique_ids_and_links_that_lead_somewhere(browser: Any, site: Path, name: str) -> None:
    here = site / f"{name}.html"
    with Visit(browser, here) as visit:
        assert visit.page.locator("h1").count() == 1
        ids = visit.page.evaluate("[...document.querySelectorAll('[id]')].map(n => n.id)")
        assert len(ids) == len(set(ids))
        assert dead_links(visit) == []


def test_figure_words_are_large_enough_inside_and_apart(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html") as visit:
        for width in (1280, 1000, 768, 700, 600, 480, 390, 360):
            visit.mode(width, "light")
            drawings = visit.page.evaluate(FIGURE_WORDS)
            assert len(drawings) == 7
            assert faults_of_words(drawings) == [], width


def test_one_drawing_is_shown_at_each_width(browser: Any, site: Path) -> None:
    for width, shown in ((1280, "wide"), (360, "narrow")):
        with Visit(browser, site / "11_union_density_history.html", width) as visit:
            other = "narrow" if shown == "wide" else "wide"
            assert visit.page.locator(f".plot.{shown}").first.is_visible()
            assert not visit.page.locator(f".plot.{other}").first.is_visible()


def test_marks_follow_the_theme_and_the_choice_is_remembered(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html") as visit:
        color = "getComputedStyle(document.querySelector('.plot .s-c1')).stroke"
        light = visit.page.evaluate(color)
        button = visit.page.locator("#theme")
        assert button.inner_text() == "Dark"
        button.click()
        assert visit.page.evaluate(color) != light
        assert button.inner_text() == "Light"
        visit.page.reload()
        assert visit.page.locator("#theme").inner_text() == "Light"


def test_tab_goes_to_the_skip_link_first_and_focus_is_seen(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html") as visit:
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"
        assert visit.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        seen = set()
        for _ in range(250):
            visit.page.keyboard.press("Tab")
            focus = "(e => e === document.body ? null : [getComputedStyle(e).outlineStyle, e.outerHTML.slice(0, 80)])(document.activeElement)"
            found = visit.page.evaluate(focus)
            if found is None:
                break
            assert found[0] == "solid", found
            seen.add(found[1])
        else:
            pytest.fail("the Tab key does not reach the end of the page")
        assert len(seen) > 20


def test_skip_link_leads_to_the_content(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html") as visit:
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "content"


def test_filters_by_keyboard_count_what_they_show(browser: Any, site: Path) -> None:
    import samples

    rows = samples.rows()
    with Visit(browser, site / "index.html") as visit:
        page = visit.page

        def shown() -> int:
            return int(page.locator(".row:visible").count())

        assert shown() == len(rows)
        assert page.locator("#found").inner_text() == f"All {len(rows)} claims"
        page.locator("input[value=fails]").focus()
        page.keyboard.press("Space")
        assert shown() == sum(r.verdict == "fails" for r in rows)
        page.locator("input[value=holds]").focus()
        page.keyboard.press("Space")
        both = sum(r.verdict in ("fails", "holds") for r in rows)
        assert shown() == both
        assert page.locator("#found").inner_text() == f"{both} of {len(rows)} claims"
        page.keyboard.press("/")
        page.keyboard.type("zzzz")
        assert shown() == 0
        assert page.locator("#found").inner_text().startswith("No claim fits")
        assert page.locator(".part:visible").count() == 0
        page.locator("#show-all").press("Enter")
        page.wait_for_timeout(300)
        assert shown() == len(rows)
        page.locator("#topic").select_option("Union membership")
        assert shown() == sum(r.topic == "Union membership" for r in rows)


def groups(page: Any) -> list[str]:
    return [str(text) for text in page.locator(".part:visible h3").all_inner_texts()]


def test_orders_group_the_claims_and_lose_none(browser: Any, site: Path) -> None:
    import samples

    rows = samples.rows()
    with Visit(browser, site / "index.html") as visit:
        page = visit.page
        sections = groups(page)
        ids = "[...document.querySelectorAll('.row:not([hidden])')].map(r => r.id)"
        article = page.evaluate(ids)
        page.locator("#sort").select_option("verdict")
        assert groups(page) == [words for key, words in WORDS.items() if any(r.verdict == key for r in rows)]
        assert page.locator("#found").inner_text() == f"All {len(rows)} claims, ordered by verdict"
        page.locator("#sort").select_option("difference")
        assert groups(page) == [
            "From the largest difference to the smallest",
            "Without a printed number to compare with",
        ]
        far = page.evaluate("[...document.querySelectorAll('.row[data-far]')].map(r => Number(r.dataset.far))")
        assert len(far) > 1
        assert far == sorted(far, reverse=True)
        page.locator("#sort").select_option("notebook")
        assert len(groups(page)) == len({r.notebook for r in rows})
        assert sorted(page.evaluate(ids)) == sorted(article)
        page.locator("#sort").select_option("")
        assert page.evaluate(ids) == article
        assert groups(page) == sections
        assert visit.said == []


def test_the_address_holds_what_is_chosen(browser: Any, site: Path) -> None:
    import samples

    one = next(r for r in samples.rows() if r.verdict == "fails")
    with Visit(browser, site / "index.html") as visit:
        page = visit.page
        page.locator("label[for=only-fails]").click()
        page.locator("#q").fill(f"{one.claim_id} ")
        page.locator("#sort").select_option("notebook")
        address = page.evaluate("location.hash")
        assert address == f"#?verdict=fails&q={one.claim_id}&sort=notebook"
        page.locator("#show-all").click()
        page.wait_for_timeout(300)
        assert page.evaluate("location.hash") == "#ledger"
        page.evaluate("location.hash = '#?verdict=fails&verdict=holds'")
        page.wait_for_timeout(300)
        assert page.locator("input[value=holds]").is_checked()
        assert page.locator("#sort").input_value() == ""
    with Visit(browser, site / "index.html", anchor=address) as visit:
        assert visit.page.locator(".row:visible").count() == 1
        assert visit.page.locator(f"#{one.claim_id}").is_visible()
        assert visit.page.locator("#q").input_value() == one.claim_id
        assert visit.page.evaluate("scrollY") > 0
    with Visit(browser, site / "index.html", anchor="#?verdict=x&topic=%3Cb%3E&sort=y&z=%") as visit:
        assert visit.page.locator(".row:visible").count() == visit.page.locator(".row").count()
        assert visit.said == []


def test_a_link_to_a_claim_wins_over_the_choice_and_keeps_its_address(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html", anchor="#?verdict=holds&sort=verdict") as visit:
        visit.page.evaluate("location.hash = '#historic-low-2021'")
        visit.page.wait_for_timeout(150)
        assert visit.page.locator("#historic-low-2021").is_visible()
        assert visit.page.evaluate("location.hash") == "#historic-low-2021"


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("11_union_density_history", "#cell-02 pre"),
        ("11_union_density_history", 'pre[aria-label^="BibTeX"]'),
        ("index", 'pre[aria-label="Commands"]'),
    ],
)
@pytest.mark.parametrize("allowed", [True, False])
def test_blocks_can_be_copied(browser: Any, site: Path, name: str, block: str, allowed: bool) -> None:
    with Visit(browser, site / f"{name}.html", permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        if not allowed:  # as where a browser has no such interface
            page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
            page.evaluate("document.addEventListener('copy', () => { window.copied = String(getSelection()); })")
        page.evaluate(OPEN_ALL)
        page.locator(f"{block} + .copy").focus()
        page.keyboard.press("Enter")
        page.locator("[role=status]", has_text=": copied").wait_for(state="attached")
        copied = page.evaluate("navigator.clipboard.readText()" if allowed else "window.copied")
        assert copied.strip() == page.locator(block).inner_text().strip()
        assert visit.said == []


def test_search_finds_words_without_accents_in_any_order(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html") as visit:
        visit.page.locator("#q").fill("PÉRCENT 1980")
        found = visit.page.locator(".row:visible").all_inner_texts()
        assert found
        assert all("percent" in t.lower() and "1980" in t for t in found) or any("density-1980" in t for t in found)


def test_without_script_everything_is_there_but_the_form(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html", java_script_enabled=False) as visit:
        assert visit.page.locator(".row:visible").count() == 81
        assert not visit.page.locator("#filters").is_visible()
        assert not visit.page.locator("#theme").is_visible()
    with Visit(browser, site / "11_union_density_history.html", java_script_enabled=False) as visit:
        assert not visit.page.locator("#all-code").is_visible()
        assert visit.page.locator(".claim:visible").count() == 4
        visit.page.locator("details.code summary").first.click()
        assert visit.page.locator("#cell-02").is_visible()


@pytest.mark.parametrize("anchor", ["cell-03", "data-density", "number-fell", "claim-density-1980"])
def test_a_link_into_a_fold_opens_it(browser: Any, site: Path, anchor: str) -> None:
    with Visit(browser, site / "11_union_density_history.html", anchor=f"#{anchor}") as visit:
        visit.page.wait_for_timeout(100)
        box = visit.page.locator(f"#{anchor}").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900


def test_a_link_to_a_filtered_claim_shows_it(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html") as visit:
        visit.page.locator("#q").fill("zzzz")
        visit.page.evaluate("location.hash = '#density-1980'")
        visit.page.wait_for_timeout(150)
        assert visit.page.locator("#density-1980").is_visible()


def test_a_malformed_anchor_does_no_harm(browser: Any, site: Path) -> None:
    with Visit(browser, site / "index.html", anchor="#%E0%A4%A") as visit:
        assert visit.said == []


def test_all_code_opens_and_closes(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html") as visit:
        button = visit.page.locator("#all-code")
        button.click()
        assert visit.page.evaluate("[...document.querySelectorAll('details.code')].every(d => d.open)")
        assert button.inner_text() == "Hide all code"
        button.click()
        assert not visit.page.evaluate("[...document.querySelectorAll('details.code')].some(d => d.open)")


def test_downloads_of_data_and_drawing(browser: Any, site: Path, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    with Visit(browser, site / "11_union_density_history.html") as visit:
        visit.page.evaluate(OPEN_ALL)
        with visit.page.expect_download() as csv:
            visit.page.locator("#data-density a[download]").click()
        csv.value.save_as(tmp_path / "density.csv")
        assert (tmp_path / "density.csv").read_text().startswith("year,survey,reports\n1960,30,31\n")
        with visit.page.expect_download() as svg:
            visit.page.locator("#data-density button.save").click()
        assert svg.value.suggested_filename == "density.svg"
        svg.value.save_as(tmp_path / "density.svg")
        root = ElementTree.parse(tmp_path / "density.svg").getroot()
        text = "".join(root.itertext())
        assert "Union density fell in every decade" in text
        assert "Source: US Bureau" in text
        assert ".f-c1" in text
        assert "var(" not in text
        assert "text-anchor" in next(e for e in root if e.text and "every decade" in e.text).attrib
        assert visit.said == []


def test_paper_is_light_and_has_solutions_but_no_code(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html", scheme="dark") as visit:
        visit.page.locator("#theme").click()
        visit.page.locator("#theme").click()
        visit.page.emulate_media(media="print", color_scheme="dark")
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        ink, ground = visit.page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).getPropertyValue('--page')]"
        )
        assert ink == "rgb(27, 30, 35)"
        assert ground.strip() == "#fbfaf7"
        for gone in (".bar", "details.code", "details.data", "#all-code", ".toc"):
            assert not visit.page.locator(gone).first.is_visible(), gone
        assert visit.page.locator("details.solution p").first.is_visible()
        assert visit.page.locator(".plot.wide").first.is_visible()


@pytest.mark.parametrize(("name", "low", "high"), [("11_union_density_history", 4, 14), ("index", 8, 24)])
def test_a_print_has_a_sensible_number_of_pages(browser: Any, site: Path, name: str, low: int, high: int) -> None:
    with Visit(browser, site / f"{name}.html", scheme="dark") as visit:
        pdf = visit.page.pdf(format="A4", prefer_css_page_size=True)
        assert low <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= high


def test_no_figure_is_cut_on_paper_and_the_check_would_notice(browser: Any, site: Path) -> None:
    with Visit(browser, site / "11_union_density_history.html") as visit:
        assert list(faults_of_paper(visit)) == []
        visit.page.emulate_media(media="screen")
        visit.page.evaluate(
            "document.querySelector('.fig').append(...[...Array(80)].map(() => document.createElement('p').appendChild(document.createTextNode('line')).parentElement))"
        )
        assert any("pixels high" in what for _, what in faults_of_paper(visit))


def test_hostile_outputs_run_nothing_and_keep_their_words(browser: Any, site: Path) -> None:
    with Visit(browser, site / "99_hostile.html") as visit:
        page = visit.page
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(200)
        assert page.evaluate("window.hit") is None
        assert visit.elsewhere() == []
        handlers = "[...document.querySelectorAll('*')].filter(n => [...n.attributes].some(a => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value))).length"
        assert page.evaluate(handlers) == 0
        assert page.locator("script").count() == 1
        assert page.locator("style").count() == 1
        assert len(page.frames) == 1
        assert page.locator("text=kept words").count() > 3


def test_the_policy_stops_a_script_that_was_not_ours(browser: Any, site: Path, tmp_path: Path) -> None:
    text = (
        (site / "index.html").read_text(encoding="utf-8").replace("</main>", "<script>window.hit = 1</script></main>")
    )
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    with Visit(browser, tmp_path / "index.html") as visit:
        assert visit.page.evaluate("window.hit") is None
        assert any("Content Security Policy" in line for line in visit.said)


def test_targets_are_large_enough(browser: Any, site: Path) -> None:
    """WCAG 2.2, 2.5.8: controls outside of sentences are at least 24 pixels high."""
    for name in PAGES[:2]:
        with Visit(browser, site / f"{name}.html", 390) as visit:
            heights = visit.page.evaluate(
                "[...document.querySelectorAll('button, summary, select, input[type=search], .bar a, .toc a, .opts label, .go a')].filter(n => n.offsetParent).map(n => [n.getBoundingClientRect().height, n.outerHTML.slice(0, 60)])"
            )
            assert [h for h in heights if h[0] < 24] == [], json.dumps(heights)
