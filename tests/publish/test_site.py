"""The index, its strips and the ledger as text."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samples

from amazon_labor import claims
from amazon_labor.publish import ledger, outline, site
from amazon_labor.publish.strip import strip

COUNTS = {"holds": 0, "qualified": 0, "fails": 0, "untestable": 0, "missing": 0}


@pytest.fixture(scope="module")
def rows() -> list[Any]:
    return samples.rows()


@pytest.fixture(scope="module")
def page(rows: list[Any]) -> str:
    return site.render_index(rows, samples.cards(), claims.coverage({}))


def row(page: str, claim_id: str) -> str:
    found = re.search(rf'<li class="row" id="{claim_id}".*?</li>', page, re.DOTALL)
    assert found
    return found[0]


class TestHeadline:
    def test_a_partial_run_cannot_read_as_complete(self) -> None:
        text = site.headline(COUNTS | {"holds": 9, "qualified": 8, "fails": 4, "missing": 60})
        assert text == "So far 21 of 81 statements are tested: 9 hold as written, 8 with a qualification, 4 not at all"
        assert site.standfirst(COUNTS | {"missing": 60, "untestable": 6}) == (
            "60 are not computed in this build and 6 cannot be tested with these data."
        )

    @pytest.mark.parametrize("missing", range(1, 82))
    def test_any_missing_claim_is_counted_in_the_headline(self, missing: int) -> None:
        text = site.headline(COUNTS | {"holds": 81 - missing, "missing": missing})
        assert text.startswith("So far" if missing < 81 else "None of 81")

    def test_a_complete_one_is_the_finding(self) -> None:
        text = site.headline(COUNTS | {"holds": 40, "qualified": 25, "fails": 10, "untestable": 6})
        assert text == "Of 81 statements 40 hold as written, 25 with a qualification, 10 not at all"
        assert site.standfirst(COUNTS | {"holds": 81}) == "Every statement could be tested."

    def test_small_numbers_are_words_that_fit(self) -> None:
        assert "1 holds as written, none with a qualification, none not at all".replace(
            ", none not at all", ""
        ) in site.headline(COUNTS | {"holds": 1, "missing": 1})
        assert site.headline(COUNTS | {"missing": 3}) == "None of 3 statements has been computed yet"


class TestPage:
    def test_all_claims_in_the_order_of_the_article(self, page: str, rows: list[Any]) -> None:
        assert re.findall(r'<li class="row" id="([\w-]+)"', page) == [r.claim_id for r in rows]
        sections = re.findall(r'<h3 id="part-\d+">(.*?) <small>(\d+) claims?', page)
        assert sections[0][0] == "Introduction"
        assert sum(int(n) for _, n in sections) == len(rows) == 81

    def test_tally_counts_every_verdict(self, page: str, rows: list[Any]) -> None:
        tally = re.findall(r'<li class="v-(\w+)"><span class="big">.*?</svg>(\d+)</span>', page)
        assert {v: int(n) for v, n in tally} == {v: sum(r.verdict == v for r in rows) for v in COUNTS}

    def test_links_lead_only_to_what_is_there(self, page: str) -> None:
        found = row(page, "density-1980")
        assert 'href="11_union_density_history.html#claim-density-1980"' in found
        assert 'href="11_union_density_history.html#data-density"' in found
        assert "Cell that computes it" not in row(page, "turnover-over-100")
        assert 'href="08_turnover.html' not in page

    def test_a_claim_without_result_shows_no_number(self, page: str, rows: list[Any]) -> None:
        for r in rows:
            if r.verdict == "missing":
                found = row(page, r.claim_id)
                assert "nothing yet" in found
                assert 'class="strip"' not in found
                assert r.reason.replace("'", "&#39;") in found

    def test_notebooks_without_result_are_listed_with_the_reason(self, page: str) -> None:
        assert "08 Turnover: Failed in cell 7." in page
        assert "<li>01 Amazon’s profits</li>" in page
        assert page.count('<ul class="cards"><li>') == 1

    def test_coverage_says_what_and_why_not(self, page: str) -> None:
        c = claims.coverage({})
        assert (
            f"prints {c.total} numbers and dates. Claims cover {c.covered} of them, and {c.judged} of those have a verdict"
            in page
        )
        for printed, why in c.uncovered:
            assert printed in page
            assert why in page

    def test_commands_are_on_lines_of_their_own(self, page: str) -> None:
        block = re.search(r'aria-label="Commands">(.*?)</pre>', page, re.DOTALL)
        assert block
        assert block[1].count("\namazon-labor ") == 3

    def test_nothing_built_at_all(self) -> None:
        empty = site.render_index(claims.ledger({}, {}), [], claims.coverage({}))
        assert "None of 81 statements has been computed yet" in empty
        assert empty.count("<li>") >= outline.TOTAL
        assert "no table was read" in empty

    def test_same_bytes_and_budget(self, page: str, rows: list[Any]) -> None:
        assert site.render_index(rows, samples.cards(), claims.coverage({})) == page
        assert len(page.encode()) < 350_000

    def test_statements_and_reasons_are_escaped(self, rows: list[Any]) -> None:
        bad = [
            replace(
                rows[0],
                statement=samples.HOSTILE,
                reason=samples.HOSTILE,
                computed=samples.HOSTILE,
                topic='"><script>',
                stated=samples.HOSTILE,
            )
        ]
        found = site.render_index(bad, [], claims.coverage({}))
        assert found.count("<script") == 1
        assert "<img" not in found

    def test_a_thumbnail_that_cannot_be_read_is_left_out(self, rows: list[Any]) -> None:
        found = site.render_index(rows, samples.cards(samples.hostile()), claims.coverage({}))
        assert found.count("<script") == 1
        assert 'class="thumb"' in site.render_index(rows, samples.cards(), claims.coverage({}))
        assert not re.search(r"<(img|iframe|image|animate)", found)


class TestOrderAndDifference:
    @pytest.mark.parametrize(
        ("stated", "value", "unit", "words"),
        [
            (23.0, 22.9714, "percent", "−0.1%"),
            (100.0, 156.0, "percent per year", "+56%"),
            (11.6, 11.6, "billion USD", "none"),
            (11.6, 11.6001, "billion USD", "under 0.1%"),
            (1.287, 0.978326249, "trillion USD", "−24%"),
            (0.0, 0.08, "percent", ""),
            (None, 5.0, "percent", ""),
            (23.0, None, "percent", ""),
            (1.0, 0.0, "yes or no", ""),
        ],
    )
    def test_the_difference_is_a_share_of_the_printed_number(
        self, rows: list[Any], stated: float | None, value: float | None, unit: str, words: str
    ) -> None:
        one = replace(rows[7], stated_value=stated, value=value, low=value, high=value, unit=unit)
        found = row(site.render_index([one], samples.cards(), claims.coverage({})), one.claim_id)
        assert re.findall(r"<dt>Difference</dt><dd>(.*?)</dd>", found) == ([words] if words else [])
        assert ("data-far" in found) is bool(words)

    @pytest.mark.parametrize(
        ("low", "high", "unit", "words"),
        [
            (22.1, 23.6, "percent", "22.1 to 23.6"),
            (10.265, 10.3, "percent", "10.27 to 10.30"),
            (-0.009169997897, 0.8, "percentage points", "−0.009 to 0.800"),
            (24.0, 653.0, "elections", "24 to 653"),
            (5.0, 5.0, "percent", ""),
            (0.0, 1.0, "yes or no", ""),
        ],
    )
    def test_the_range_has_as_many_digits_as_tell_its_ends_apart(
        self, rows: list[Any], low: float, high: float, unit: str, words: str
    ) -> None:
        one = replace(rows[7], value=low, low=low, high=high, unit=unit)
        found = row(site.render_index([one], samples.cards(), claims.coverage({})), one.claim_id)
        assert re.findall(r"<dt>Over all readings</dt><dd>(.*?)</dd>", found) == ([words] if words else [])

    def test_rows_lead_to_result_cell_rows_and_source(self, page: str) -> None:
        found = row(page, "density-1980")
        assert 'href="11_union_density_history.html#cell-09">Cell that computes it' in found
        assert 'href="11_union_density_history.html#claim-density-1980">Result in notebook 11' in found
        assert 'data-notebook="11 A century of union density"' in found
        read = [replace_tables(r) for r in [samples.rows()[7]]]
        linked = row(site.render_index(read, samples.cards(), claims.coverage({})), "density-1980")
        assert 'href="11_union_density_history.html#table-unions-density"><code>unions/density</code></a>' in linked
        assert "</a><code>unions/unread</code>" in linked

    def test_every_order_can_be_chosen(self, page: str) -> None:
        sort = re.search(r'<select id="sort".*?</select>', page)
        assert sort
        assert re.findall(r'value="(\w*)"', sort[0]) == ["", "verdict", "difference", "notebook"]

    def test_the_collection_can_be_cited(self, page: str) -> None:
        assert "@software{amazon_labor,\n" in page


def replace_tables(one: Any) -> Any:
    return replace(one, tables=("unions/density", "unions/unread"))


class TestStrip:
    @pytest.fixture
    def base(self, rows: list[Any]) -> Any:
        return replace(
            rows[0],
            unit="percent",
            stated_value=23.0,
            value=22.97,
            low=22.1,
            high=23.6,
            lower=22.5,
            upper=23.5,
            computed="22.97 percent",
            band="22.5 to 23.5",
        )

    def test_marks_stand_in_order(self, base: Any) -> None:
        found = strip(base)
        left, wide = (float(v) for v in re.search(r'class="st-ok" x="([\d.]+)" y="2" width="([\d.]+)"', found).groups())  # type: ignore[union-attr]
        dot = float(re.search(r'cx="([\d.]+)"', found)[1])  # type: ignore[index]
        low, high = (float(v) for v in re.search(r'st-range" d="M([\d.]+) 12H([\d.]+)"', found).groups())  # type: ignore[union-attr]
        assert low < left < dot < left + wide < high or low < left < dot < high
        assert "Stated" in found
        assert "range 22.1 to 23.6" in found

    def test_the_band_takes_a_third_at_most(self, base: Any) -> None:
        for lower, upper in ((22.5, 23.5), (22.999, 23.001), (-1000, 1000)):
            found = strip(replace(base, lower=lower, upper=upper))
            wide = float(re.search(r'st-ok" x="[\d.]+" y="2" width="([\d.]+)"', found)[1])  # type: ignore[index]
            assert wide <= 101

    @pytest.mark.parametrize(("lower", "upper"), [(20.0, None), (None, 20.0), (20.0, 20.0), (None, None)])
    def test_open_and_exact_bounds_stay_in_the_drawing(
        self, base: Any, lower: float | None, upper: float | None
    ) -> None:
        for value in (-5.0, 20.0, 1e6):
            found = strip(
                replace(base, lower=lower, upper=upper, value=value, low=value, high=value, stated_value=None)
            )
            left, wide = (float(v) for v in re.search(r'st-ok" x="([\d.]+)" y="2" width="([\d.]+)"', found).groups())  # type: ignore[union-attr]
            assert 0 <= left <= left + wide <= 300
            assert wide >= 3
            assert "st-stated" not in found
            assert "st-range" not in found

    def test_no_number_no_strip(self, base: Any) -> None:
        assert strip(replace(base, value=None)) == ""
        assert strip(replace(base, unit="yes or no", value=1.0)) == ""


class TestLedger:
    def test_round_trip(self, tmp_path: Path, rows: list[Any]) -> None:
        path = tmp_path / "ledger.csv"
        ledger.write_csv(rows, path)
        found = ledger.read(path)
        assert [r["claim_id"] for r in found] == [r.claim_id for r in rows]
        assert list(found[0]) == list(ledger.COLUMNS)
        for got, wanted in zip(found, rows, strict=True):
            assert got["verdict"] == wanted.verdict
            assert got["computed"] == ("" if wanted.value is None else f"{wanted.value:.10g}")
            assert got["reason"] == wanted.reason

    def test_bytes_are_stable_and_unix(self, rows: list[Any]) -> None:
        text = ledger.text(rows)
        assert "\r" not in text
        assert text == ledger.text(rows)
        assert text.startswith("order,claim_id,section,")

    def test_other_columns_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "ledger.csv"
        path.write_text("a,b\n1,2\n")
        with pytest.raises(ValueError, match=r"ledger.csv: the columns are \['a', 'b'\]"):
            ledger.read(path)


def test_the_outline_has_every_notebook_that_a_claim_names() -> None:
    named = {c.notebook for c in claims.load_claims().values()} - {""}
    planned = {name for items in outline.PARTS.values() for _, name, _ in items}
    assert named <= planned
    assert outline.TOTAL == 23
    assert [n for items in outline.PARTS.values() for n, _, _ in items] == list(range(1, 24))
    assert outline.unwritten(planned) == []
