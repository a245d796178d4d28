"""The tables of claims, the check of a notebook, the ledger and the coverage of the article."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from amazon_labor import claim_words, claims, mime, paths, results
from amazon_labor.claim_tables import JUDGED, LEFT_OUT, YES_NO
from amazon_labor.claims import ClaimError, Estimate
from amazon_labor.wording import MINUS

DENSITY_1980 = {
    "household survey": 22.97,
    "household survey, as published by the BLS": 23.0,
    "composite historical series": 23.6,
    "administrative series (OECD/AIAS)": 22.1,
    "international database, survey density (ICTWSS)": 22.34,
}
DIRECTORY = "reports by unions, Directory basis"
MEMBERS_1980 = {
    "household survey": 20.095,
    "household survey, as published by the BLS": 20.1,
    "administrative count (ICTWSS)": 19.843,
}
NOTEBOOKS = 23


@pytest.fixture
def readings():
    """Judged readings of a claim, in the order of the file."""
    return lambda claim_id: [i.interpretation for i in claims.load_interpretations(claim_id) if i.status == JUDGED]


@pytest.fixture(autouse=True)
def _fresh(shown):
    claims.reset()
    yield shown
    claims.reset()


def same(names, value):
    return dict.fromkeys(names, value)


# --- the tables -------------------------------------------------------------------------------------------------------


def test_the_ledger_has_every_statement_in_the_order_of_the_article():
    loaded = list(claims.load_claims().values())
    assert [c.order for c in loaded] == list(range(1, 82))
    assert list(dict.fromkeys(c.section for c in loaded)) == [
        "introduction",
        "Amazon and the Pandemic",
        "The Amazon Labor Model",
        "The ALU's Victory",
        "What Next?",
    ]
    assert len({c.notebook for c in loaded if c.notebook}) <= NOTEBOOKS
    assert len({c.topic for c in loaded}) <= 9


def test_every_claim_has_what_the_rule_needs():
    for claim in claims.load_claims().values():
        bounds = [b for b in (claim.lower, claim.upper) if b is not None]
        assert bounds == sorted(bounds), claim.claim_id
        assert claim.stated_text, claim.claim_id
        if claim.documentary:
            assert (bounds, claim.tables) == ([], ()), claim.claim_id
            assert claim.would_settle, claim.claim_id
        else:
            assert bounds, claim.claim_id
            assert all((claim.statistic, claim.statistic_unit, claim.tables)), claim.claim_id


def test_the_articles_own_reading_is_the_one_its_claim_names():
    for claim in claims.load_claims().values():
        rows = claims.load_interpretations(claim.claim_id)
        own = [r.interpretation for r in rows if r.own]
        assert len(own) == bool(claim.own_interpretation), claim.claim_id
        if own:
            assert claim.own_interpretation.startswith(own[0]), claim.claim_id
            assert claim.own_interpretation[len(own[0]) :][:1] in ("", ";"), claim.claim_id


def test_every_testable_claim_lists_its_readings_once_each_with_a_reason():
    for claim in claims.load_claims().values():
        rows = claims.load_interpretations(claim.claim_id)
        names = [r.interpretation for r in rows]
        assert len(set(names)) == len(names), claim.claim_id
        assert bool([r for r in rows if r.status == JUDGED]) is not claim.documentary, claim.claim_id
        assert all(r.reason.endswith((".", "?")) for r in rows), claim.claim_id
        assert not any(r.own and r.status == LEFT_OUT for r in rows), claim.claim_id
        assert all(r.lower is None or r.upper is None or r.lower <= r.upper for r in rows), claim.claim_id


def test_a_reading_in_another_unit_brings_its_own_bounds():
    for row in claims.load_interpretations():
        claim = claims.load_claims()[row.claim_id]
        if row.unit != claim.statistic_unit:
            assert (row.lower, row.upper) != (None, None), row
    density = next(r for r in claims.load_interpretations("postwar-growth") if r.interpretation == "density")
    assert (density.lower, density.upper, density.unit) == (3, None, "percentage points")


def test_every_table_that_a_claim_names_is_in_the_data_package(package):
    known = {r["path"].removesuffix(".gz").removesuffix(".csv") for r in package["resources"]}
    named = {t: c.claim_id for c in claims.load_claims().values() for t in c.tables}
    assert {t: c for t, c in named.items() if t not in known} == {}


def test_every_number_of_the_article_is_covered_or_says_why_not():
    numbers = claims.load_article_numbers()
    assert [n.order for n in numbers] == list(range(1, 57))
    assert [n.character for n in numbers] == sorted(n.character for n in numbers)
    assert all(bool(n.claim_ids) is not bool(n.reason) for n in numbers)


def test_the_band_of_a_printed_number_is_half_a_unit_of_its_last_digit():
    """33.4 is 33.35 to 33.45: recomputed here from the printed text for every plain number."""
    for claim in claims.load_claims().values():
        if claim.kind != "number" or claim.wording != "is" or claim.unit not in ("billion USD", "percent"):
            continue
        places = len(claim.stated_value.partition(".")[2])
        half = 0.5 * 10**-places
        assert claim.lower == pytest.approx(float(claim.stated_value) - half), claim.claim_id
        assert claim.upper == pytest.approx(float(claim.stated_value) + half), claim.claim_id


def test_market_values_are_compared_within_half_a_percent():
    caps = [c for c in claims.load_claims().values() if c.claim_id.startswith("cap-")]
    assert len(caps) == 10
    for claim in caps:
        assert claim.lower == pytest.approx(0.995 * claim.stated_number, abs=0.00006), claim.claim_id
        assert claim.upper == pytest.approx(1.005 * claim.stated_number, abs=0.00006), claim.claim_id


def edit(path, find, replace):
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, replace, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "find", "replace", "message"),
    [
        (
            "claims.csv",
            "order,claim_id",
            "order,claim",
            r"claims.csv: the columns are order, claim,.*expected are order, claim_id",
        ),
        (
            "claims.csv",
            ",33.35,33.45,",
            ",33.35,about 33,",
            r"^claims\.csv, line 24: upper is 'about 33', which is not a finite number\.$",
        ),
        (
            "claims.csv",
            ",33.35,33.45,",
            ",nan,33.45,",
            r"^claims\.csv, line 24: lower is 'nan', which is not a finite number\.$",
        ),
        (
            "claims.csv",
            "\n23,profit-2021",
            "\n23,employer-rank",
            r"^claims\.csv, line 24: the claim 'employer-rank' stands twice\.$",
        ),
        (
            "claims.csv",
            "\n23,profit-2021",
            "\nx,profit-2021",
            r"^claims\.csv, line 24: order is 'x', which is not a whole number\.$",
        ),
        (
            "claims.csv",
            "\n23,profit-2021",
            "\n\n23,profit-2021,\n23,x",
            r"^claims\.csv, line 25: the row does not have 20 cells\.$",
        ),
        (
            "claim_interpretations.csv",
            "density-1980,",
            "density-1890,",
            r"^claim_interpretations\.csv, line 48: there is no claim 'density-1890' in data/claims\.csv\. Did you mean 'density-1980'\?$",
        ),
        (
            "claim_interpretations.csv",
            ",judged,true,",
            ",decided,true,",
            r"^claim_interpretations\.csv, line 2: status is 'decided'; allowed are judged and left_out\.$",
        ),
        (
            "claim_interpretations.csv",
            ",judged,true,",
            ",judged,yes,",
            r"^claim_interpretations\.csv, line 2: own is 'yes'; allowed are true and false\.$",
        ),
        (
            "claim_interpretations.csv",
            ",3,,percentage points,",
            ",,,percentage points,",
            r"^claim_interpretations\.csv, line 13: the reading sets the unit 'percentage points' without a bound in that unit\.$",
        ),
        (
            "article_numbers.csv",
            "profit-2021",
            "profit-2012",
            r"^article_numbers\.csv, line 18: there is no claim 'profit-2012' in data/claims\.csv\. Did you mean 'profit-2021'\?$",
        ),
        (
            "article_numbers.csv",
            ",number of the table",
            ",",
            r"^article_numbers\.csv, line 25: '1' needs either the claims that cover it or the reason why none does\.$",
        ),
    ],
)
def test_a_damaged_table_is_refused_with_place_and_value(copied_data, file, find, replace, message):
    edit(copied_data / file, find, replace)
    with pytest.raises(ClaimError, match=message):
        (claims.load_claims(), claims.load_interpretations(), claims.load_article_numbers())


def test_a_missing_table_is_refused_with_the_command_that_restores_it(copied_data):
    (copied_data / "claims.csv").unlink()
    with pytest.raises(
        ClaimError,
        match=r"^claims\.csv is missing from its folder\. Restore it with: git checkout -- data/claims\.csv$",
    ):
        claims.load_claims()


def test_reading_the_ledger_needs_neither_pandas_nor_ipython():
    code = (
        "import sys; from amazon_labor import claims; claims.ledger({}, {}); claims.coverage({});"
        "sys.exit(any(m in sys.modules for m in ('pandas', 'numpy', 'IPython', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_records_the_verdict_with_every_reading(shown):
    verdict = claims.check(
        "density-1980", DENSITY_1980, "percent", figure="definitions-1980", table="unions/membership_historical"
    )
    record = shown[0][mime.CLAIM]
    assert verdict.record is record
    assert (verdict.verdict, verdict.words) == ("qualified", "Holds with a qualification")
    assert record["holds_under"] == {"true": 2, "of": 5}
    assert {k: record[k] for k in ("id", "stated", "unit", "computed", "value", "lower", "upper", "own", "figure")} == {
        "id": "density-1980",
        "stated": "around 23 percent",
        "unit": "percent",
        "computed": "23.0 percent",
        "value": 22.97,
        "lower": 22.5,
        "upper": 23.5,
        "own": "household survey",
        "figure": "definitions-1980",
    }
    assert [i["name"] for i in record["interpretations"]] == list(DENSITY_1980)
    assert [i["holds"] for i in record["interpretations"]] == [True, True, False, False, False]
    assert record["notebook"] == "union_density_history"


def test_check_shows_readable_text_and_a_block_without_style(shown):
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    assert shown[0]["text/plain"].splitlines() == [
        "Holds [profit-2021] Amazon's profit for 2021 was 33.4 billion dollars",
        "stated: 33.4 billion dollars; computed: 33.36 billion dollars; holds under: 1 of 1 reading",
        "Net income: 33.36 billion dollars, within the accepted band (33.35 to 33.45).",
    ]
    assert "style" not in shown[0]["text/html"]
    assert "Amazon&#x27;s" in shown[0]["text/html"]


def test_numbers_of_numpy_are_taken_and_the_last_bits_dropped():
    names = [i.interpretation for i in claims.load_interpretations("profit-2019") if i.status == JUDGED]
    verdict = claims.check("profit-2019", same(names, np.float64(0.1) * 3 + 11.3), "billion USD")
    assert verdict.record["value"] == 11.6


def test_a_reading_that_cannot_be_had_is_counted_apart(shown):
    verdict = claims.check(
        "members-1980", MEMBERS_1980, "million", unavailable={DIRECTORY: "the volume of 1980 was not found"}
    )
    assert (verdict.true, verdict.of, verdict.verdict) == (2, 3, "qualified")
    assert "2 of 3 readings; 1 more could not be had" in shown[0]["text/plain"]
    assert verdict.reason.endswith(f"{DIRECTORY} (the volume of 1980 was not found) could not be had.")
    assert verdict.record["interpretations"][-1]["why_unavailable"] == "the volume of 1980 was not found"


def test_the_own_reading_lost_leaves_at_most_a_qualification(readings):
    names = readings("profit-2019")
    verdict = claims.check("profit-2019", {names[1]: 11.588}, "billion USD", unavailable={names[0]: "not in the table"})
    assert verdict.verdict == "qualified"
    assert "The article's own reading, net income, could not be had: not in the table." in verdict.reason


def test_nothing_computable_names_what_would_settle_it(readings):
    verdict = claims.check(
        "jfk8-turnover", {}, "percent per year", unavailable=same(readings("jfk8-turnover"), "no source gives it")
    )
    assert (verdict.verdict, verdict.computed, verdict.of) == ("untestable", "", 0)
    assert "What would settle it: monthly separations and headcount of JFK8." in verdict.reason


def test_an_interval_across_the_bound_qualifies_and_is_printed(readings):
    own, other = readings("members-2020-2021")
    verdict = claims.check("members-2020-2021", {own: Estimate(241, 16, 466), other: 241.0}, "thousand")
    assert verdict.verdict == "qualified"
    assert "but with a 90 percent interval, 16.0 to 466.0, that reaches beyond it" in verdict.reason
    assert (verdict.record["low"], verdict.record["high"], verdict.record["level"]) == (16, 466, 90)


def test_a_statement_that_fails_names_the_reading_under_which_it_would_hold(readings):
    names = readings("cap-apple-2019")
    values = {n: 1.287 if n == "end of 2019, published (year-end list)" else 0.95 for n in names}
    composed = claims.check("cap-apple-2019", values, "trillion USD")
    assert composed.verdict == "fails"
    assert "It would hold for end of 2019, published (year-end list) (1.2870)" in composed.reason
    claims.reset()
    given = claims.check(
        "cap-apple-2019", values, "trillion USD", reason="No day of the month reaches the printed value."
    )
    assert given.reason == (
        "No day of the month reaches the printed value. It would hold for end of 2019, published (year-end list) (1.2870)."
    )
    claims.reset()
    named = "The printed value is that of the end of 2019, published (year-end list)."
    assert claims.check("cap-apple-2019", values, "trillion USD", reason=named).reason == named


def test_readings_with_their_own_unit_are_judged_by_their_own_bounds(readings):
    members, derived, density = readings("postwar-growth")
    verdict = claims.check("postwar-growth", {members: 40.2, derived: 22.0, density: 2.9}, "percent")
    assert [i["holds"] for i in verdict.record["interpretations"]] == [True, True, False]
    assert "density (2.90 percentage points; accepted there is at least 3)" in verdict.reason


def test_a_claim_without_own_reading_shows_the_range(readings):
    founded, opened = readings("first-union-years")
    verdict = claims.check("first-union-years", {founded: 27, opened: 26}, "years")
    assert verdict.computed == "26.0 to 27.0 years"
    assert verdict.reason.startswith(
        "True of years since the founding, July 1994 (27.0), not of years since the opening"
    )


def test_yes_and_no_are_written_out(readings):
    names = readings("stock-bubble")
    verdict = claims.check("stock-bubble", {n: float(n != names[0]) for n in names}, YES_NO)
    assert verdict.computed == "no"
    assert verdict.reason.startswith("Explosive-root test: no, where the statement needs yes. It would hold for")


def test_months_are_shown_as_a_date(readings):
    verdict = claims.check("table-1-dates", same(readings("table-1-dates"), 8 + 29 / 31), "months from April 2019")
    assert verdict.computed == "30 December 2019"
    assert "outside the accepted band (16 March 2019 to 30 April 2019)" in verdict.reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            ("density-1890", DENSITY_1980, "percent"),
            r"^check: there is no claim 'density-1890' in data/claims\.csv\. Did you mean 'density-1980'\?$",
        ),
        (
            ("density-1980", DENSITY_1980, "million"),
            r"^check: 'density-1980' is judged in 'percent' \(members over employed wage and salary workers, percent, 1980\), not in 'million'\. Convert the values\.$",
        ),
        (
            ("doc-bottles", {}, "percent"),
            r"^check: 'doc-bottles' is a matter of documents; no notebook can test it\. What would settle it: the internal documents that the reports quote\.$",
        ),
        (
            ("density-1980", {"household survey": 23.0}, "percent"),
            r"^check: 'density-1980' needs a value for every reading in data/claim_interpretations\.csv, or the reason why it cannot be had\. Missing: 'household survey, as published by the BLS', 'composite historical series', 'administrative series \(OECD/AIAS\)', 'international database, survey density \(ICTWSS\)'\.$",
        ),
        (
            ("density-1980", {**DENSITY_1980, "OECD": 1.0}, "percent"),
            r"^check: 'density-1980' needs a value for every reading in data/claim_interpretations\.csv, or the reason why it cannot be had\. Unknown: 'OECD'\.$",
        ),
        (
            (
                "density-1980",
                {("composite historic series" if "composite" in k else k): v for k, v in DENSITY_1980.items()},
                "percent",
            ),
            r"^check: 'density-1980' needs a value for every reading in data/claim_interpretations\.csv, or the reason why it cannot be had\. Missing: 'composite historical series'\. Unknown: 'composite historic series'\. Did you mean 'composite historical series'\?$",
        ),
        (
            ("profit-2021", {"net income": float("nan")}, "billion USD"),
            r"^check: 'profit-2021', 'net income' is nan\. Put the reading under `unavailable` and say why it has no value\.$",
        ),
        (
            ("profit-2021", {"net income": float("inf")}, "billion USD"),
            r"^check: 'profit-2021', 'net income' is inf\. Put the reading under `unavailable` and say why it has no value\.$",
        ),
        (
            ("profit-2021", {"net income": "33.4 bn"}, "billion USD"),
            r"^check: 'profit-2021', 'net income' is '33\.4 bn', which is not a number\.$",
        ),
        (
            ("profit-2021", {"net income": None}, "billion USD"),
            r"^check: 'profit-2021', 'net income': give a value, and both ends of its interval or neither\.$",
        ),
        (
            ("profit-2021", {"net income": Estimate(33.4, 33.0)}, "billion USD"),
            r"^check: 'profit-2021', 'net income': give a value, and both ends of its interval or neither\.$",
        ),
        (
            ("profit-2021", {"net income": Estimate(33.4, 33.5, 34)}, "billion USD"),
            r"^check: 'profit-2021', 'net income': the interval 33\.5 to 34\.0 does not hold the value 33\.4\.$",
        ),
        (
            ("profit-2021", {"net income": Estimate(33.4, 33, 34, 100)}, "billion USD"),
            r"^check: 'profit-2021', 'net income': the level of the interval is 100; allowed are percents between 0 and 100\.$",
        ),
    ],
)
def test_a_wrong_call_is_refused(call, message):
    with pytest.raises(ClaimError, match=message):
        claims.check(*call)
    assert claims.checked() == {}


def test_a_reading_cannot_be_both_given_and_lost():
    with pytest.raises(
        ClaimError,
        match=r"^check: 'profit-2021' needs a value for every reading in data/claim_interpretations\.csv, or the reason why it cannot be had\. Given as both: 'net income'\.$",
    ):
        claims.check("profit-2021", {"net income": 33.364}, "billion USD", unavailable={"net income": "lost"})
    with pytest.raises(
        ClaimError, match=r"^check: 'profit-2021', 'net income' cannot be had, but the reason is empty\.$"
    ):
        claims.check("profit-2021", {}, "billion USD", unavailable={"net income": " "})
    with pytest.raises(
        ClaimError, match=r"^check: the reason given for 'profit-2021' is empty\. Leave it out to have one composed\.$"
    ):
        claims.check("profit-2021", {"net income": 33.364}, "billion USD", reason=" ")


def test_one_claim_one_verdict():
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    with pytest.raises(
        ClaimError, match=r"^check: 'profit-2021' was checked before in this notebook\. One claim, one verdict\.$"
    ):
        claims.check("profit-2021", {"net income": 33.364}, "billion USD")


def test_a_notebook_judges_only_its_own_claims():
    results.start("turnover")
    with pytest.raises(
        ClaimError,
        match=r"^check: 'profit-2021' belongs to the notebook 'amazon_profits', and 'turnover' is running\. See data/claims\.csv, column notebook\.$",
    ):
        claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    results.start("amazon_profits")
    assert claims.check("profit-2021", {"net income": 33.364}, "billion USD").record["notebook"] == "amazon_profits"
    results.start("amazon_profits")
    assert claims.checked() == {}


def test_a_run_at_another_level_says_so(readings):
    own, other = readings("members-2020-2021")
    verdict = claims.check("members-2020-2021", {own: Estimate(241, 100, 382, 70), other: 241.0}, "thousand")
    assert "with a 70 percent interval, 100.0 to 382.0" in verdict.reason
    assert [i["level"] for i in verdict.record["interpretations"]] == [70, None]


def test_the_committed_notebooks_are_judged_at_90_percent():
    levels = {
        (path.name, record["id"], reading["level"])
        for path in sorted(paths.notebooks_dir().glob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if (record := output.get("data", {}).get(mime.CLAIM))
        for reading in record["interpretations"]
    }
    assert {entry for entry in levels if entry[2] not in (None, 90)} == set()


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (33.35, 33.45, "33.35 to 33.45"),
        (20.0001, None, "above 20"),
        (1.6001, None, "above 1.6"),
        (0.0001, None, "above 0"),
        (25, None, "at least 25"),
        (None, -0.0001, "below 0"),
        (None, -10, f"at most {MINUS}10"),
        (None, 0, "at most 0"),
        (1.2806, None, "at least 1.2806"),
        (4.0001, 4.5, "above 4, at most 4.5"),
        (1, 1, "exactly 1"),
        (-0.5, 0.99, f"{MINUS}0.5 to 0.99"),
        (None, None, "any value"),
    ],
)
def test_the_band_is_written_as_its_wording_means_it(lower, upper, words):
    assert claim_words.band(lower, upper) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [(33.364, "33.36"), (33.346, "33.346"), (33.3499, "33.3499"), (33.35, "33.35"), (33.4504, "33.4504")],
)
def test_a_computed_value_has_one_digit_more_and_more_where_rounding_would_hide_the_verdict(value, text):
    claims.check("profit-2021", {"net income": value}, "billion USD")
    assert claims.checked()["profit-2021"].computed == f"{text} billion dollars"


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, "1 April 2019"),
        (29 / 30, "30 April 2019"),
        (8.97, "31 December 2019"),
        (9, "1 January 2020"),
        (-0.5, "16 March 2019"),
    ],
)
def test_months_from_a_month_as_a_date(months, day):
    assert claim_words.wording.day(claim_words.month_date("months from April 2019", months)) == day


# --- ledger and coverage ------------------------------------------------------------------------------------------------


def test_the_empty_ledger_has_every_row_and_computes_nothing():
    rows = claims.ledger({}, {})
    assert [r.order for r in rows] == list(range(1, 82))
    documentary = {r.claim_id for r in rows if r.claim_id.startswith("doc-")}
    assert len(documentary) == 6
    assert {r.claim_id for r in rows if r.verdict == "untestable"} == documentary
    assert {r.verdict for r in rows if r.claim_id not in documentary} == {"missing"}
    assert all(r.value is None and r.computed == "" and r.reason for r in rows)


def test_a_row_carries_what_the_strip_draws():
    claims.check("density-1980", {**DENSITY_1980, "household survey": Estimate(22.97, 22.6, 23.3)}, "percent")
    rows = claims.ledger({c: v.record for c, v in claims.checked().items()}, {})
    row = next(r for r in rows if r.claim_id == "density-1980")
    assert (row.stated_value, row.value, row.low, row.high, row.lower, row.upper) == (23, 22.97, 22.1, 23.6, 22.5, 23.5)
    assert (row.holds_true, row.holds_of, row.holds_text, row.band) == (2, 5, "2 of 5 readings", "22.5 to 23.5")
    assert (row.stated, row.computed, row.verdict) == ("around 23 percent", "23.0 percent", "qualified")
    assert row.tables[0] == "unions/membership_by_group_unionstats"


def test_the_reason_of_a_claim_not_computed_is_the_most_particular_one(copied_data):
    not_run = {"amazon_profits": "The notebook failed in cell 12.", "profit-2019": "Not part of this run."}
    rows = {r.claim_id: r for r in claims.ledger({}, not_run)}
    assert rows["profit-2021"].reason == "The notebook failed in cell 12."
    assert rows["profit-2019"].reason == "Not part of this run."
    assert rows["headcount"].reason == "The notebook workforce is not written yet."
    (copied_data.parent / "notebooks").mkdir()
    (copied_data.parent / "notebooks" / "07_workforce.ipynb").touch()
    row = next(r for r in claims.ledger({}, {}) if r.claim_id == "headcount")
    assert row.reason == "The notebook workforce did not compute this claim."
    assert row.notebook_file == "07_workforce.ipynb"


def test_a_verdict_that_is_not_the_rules_is_refused():
    claims.check("profit-2021", {"net income": 30.0}, "billion USD")
    record = claims.checked()["profit-2021"].record
    with pytest.raises(
        ClaimError,
        match=r"^ledger: the record of 'profit-2021' says 'holds' where the rule gives 'fails'\. Build it again: amazon-labor build amazon_profits --force$",
    ):
        claims.ledger({"profit-2021": {**record, "verdict": "holds"}}, {})
    with pytest.raises(
        ClaimError,
        match=r"^ledger: the record of 'profit-2021' is not of the readings now in data/claim_interpretations\.csv\. Build it again: amazon-labor build amazon_profits --force$",
    ):
        claims.ledger({"profit-2021": {**record, "interpretations": []}}, {})
    with pytest.raises(
        ClaimError,
        match=r"^ledger: there is no claim 'profit-2012' in data/claims\.csv\. Did you mean 'profit-2021'\?$",
    ):
        claims.ledger({"profit-2012": record}, {})


def test_a_changed_bound_makes_an_old_record_invalid(copied_data):
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    edit(copied_data / "claims.csv", ",33.35,33.45,", ",33.39,33.41,")
    with pytest.raises(
        ClaimError,
        match=r"^ledger: the record of 'profit-2021' says 'holds' where the rule gives 'fails'\. Build it again: amazon-labor build amazon_profits --force$",
    ):
        claims.ledger({"profit-2021": claims.checked()["profit-2021"].record}, {})


def test_coverage_counts_numbers_with_claims_and_with_verdicts():
    nothing = claims.coverage({})
    assert nothing.total == 56
    assert nothing.covered + len(nothing.uncovered) == 56
    assert (nothing.judged, len(nothing.waiting)) == (0, nothing.covered)
    claims.check("profit-2021", {"net income": 33.364}, "billion USD")
    one = claims.coverage({"profit-2021": claims.checked()["profit-2021"].record})
    assert one.judged == 2  # the amount and the year
    assert all(claim_ids for _, claim_ids in one.waiting)


def test_a_number_of_two_claims_waits_for_both(readings):
    claims.check("big-five-lucrative", same(readings("big-five-lucrative"), 1.0), "percentage points")
    record = claims.checked()["big-five-lucrative"].record
    waiting = claims.coverage({"big-five-lucrative": record}).waiting
    assert ("Big Five", ("big-five-winners",)) in waiting


def test_the_tables_name_no_path_and_no_host():
    for name in ("claims.csv", "claim_interpretations.csv", "article_numbers.csv"):
        text = (paths.data_dir() / name).read_text(encoding="utf-8")
        assert not any(word in text for word in ("/home/", "http", "evidence/", "\r", "\ufeff")), name
        with (paths.data_dir() / name).open(encoding="utf-8", newline="") as stream:
            assert all(cell == cell.strip() for row in csv.reader(stream) for cell in row), name
