"""Whatever a source does wrong: a clear error, and the tables in use stay as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from local_sources import SHUTDOWN, Sources

from amazon_labor.refresh.errors import RefreshError

Refresh = Callable[..., tuple[int, str]]
RECESSIONS, FUNDS = "economy/recessions_monthly", "markets/monetary_policy"
NATIONAL = "unions/membership_national_bls"
ANNUAL, RESULTS = "labor_market/logistics_employment_annual", "amazon/income_tax"


def refused(said: str, tables: Path) -> str:
    assert "No vintage was made; the tables in use are as they were." in said
    assert not any((tables / "vintages").glob("*")), "something was left behind"
    return said


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("403", "FRED refuses (403): 'Access Denied'"),
        ("429", "FRED: too many requests (429), 4 times in a row"),
        ("429 long", "and asks to wait 3600 s"),
        ("html", "a page for people where data were expected: 'FRED is temporarily unavailable'"),
        ("empty", "FRED sent an empty answer"),
        ("half", "the answer broke off half-way"),
        ("cut", "the file breaks off in the line"),
        ("column", "the columns are 'observation_date,USREC_CHG', not 'observation_date,USREC'"),
        ("date column", "the columns are 'period,USREC'"),
    ],
)
def test_faults_of_fred(fault: str, words: str, sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RECESSIONS)
    sources.faults["USREC"] = fault
    status, said = refresh(RECESSIONS)
    assert status == 1
    assert words in refused(said, tables)


def test_a_file_cut_at_the_end_of_a_line_ends_too_early(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RECESSIONS)
    sources.fred["USREC"] = dict(sorted(sources.fred["USREC"].items())[:1500])
    assert "half a download" in refused(refresh(RECESSIONS)[1], tables)


def test_the_header_of_before_december_2024_is_read_too(sources: Sources, refresh: Refresh) -> None:
    sources.fill(RECESSIONS)
    sources.faults["USREC"] = "old header"
    assert refresh(RECESSIONS)[0] == 0


def test_a_passing_fault_is_waited_for(sources: Sources, refresh: Refresh, patience: object) -> None:
    sources.fill(RECESSIONS)
    sources.faults["USREC"] = "503 twice"
    assert refresh(RECESSIONS)[0] == 0
    assert patience.slept == [1.0, 2.0]
    sources.faults["USREC"] = "429 once"
    sources.calls.clear()
    assert refresh(RECESSIONS, date="2026-12-02")[0] == 0
    assert patience.slept[2:] == [3.0]


@pytest.mark.parametrize(("factor", "words"), [(100, "the unit changed"), (0.9, "the base of the index changed")])
def test_a_changed_unit_or_base(factor: float, words: str, sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(FUNDS)
    sources.fred["WALCL"] = {d: str(float(v) * factor) for d, v in sources.fred["WALCL"].items()}
    said = refused(refresh(FUNDS)[1], tables)
    assert "WALCL" in said
    assert words in said


def test_a_month_that_is_gone(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RECESSIONS)
    sources.fred["USREC"]["1990-01-01"] = ""
    assert "USREC: the source no longer has 1990-01" in refused(refresh(RECESSIONS)[1], tables)


def test_a_gap_is_an_error_until_it_is_accepted_and_then_recorded(
    sources: Sources, refresh: Refresh, tables: Path
) -> None:
    table = "labor_market/logistics_employment_monthly"
    sources.fill(table)
    for identifier in sources.bls:  # let all series reach November 2025, without October
        for month in range(1, 12):
            sources.bls[identifier].setdefault(("2025", f"M{month:02d}"), ("", [{}]))
    for own in sources.bls.values():
        last = max(v for k, v in own.items() if v[0])
        for year in range(2019, 2026):
            for month in range(1, 13 if year < 2025 else 12):
                if not own.get((str(year), f"M{month:02d}"), ("",))[0]:
                    own[str(year), f"M{month:02d}"] = (last[0], [{}])
        own["2025", "M10"] = ("-", SHUTDOWN)
    said = refused(refresh(table)[1], tables)
    assert "has no value for 2025-10 (Data unavailable due to the 2025 lapse in appropriations.)" in said
    assert "--gap 2025-10" in said
    status, said = refresh(table, gaps=("2025-10",))
    assert status == 0, said
    stored = (tables / "vintages" / "2026-12-01" / "datapackage.json").read_text()
    assert '"gaps_accepted": [\n     "2025-10"' in stored


def test_october_2025_that_the_table_lacks_too_is_noted(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill("labor_market/unemployment_rate_monthly")
    sources.fred["UNRATE"]["2025-10-01"] = ""
    assert refresh("labor_market/unemployment_rate_monthly")[0] == 0
    report = (tables / "vintages" / "2026-12-01" / "report.md").read_text()
    assert "- UNRATE has no value for 2025-10" in report


@pytest.mark.parametrize(
    ("about", "fault", "words"),
    [
        ("bls", "threshold", "daily threshold"),
        ("bls", "fewer", "1 of 15 series are not in the answer: LUU02"),
        ("bls", "renamed", "the answer lacks 'data'"),
        ("json", "cut", "the answer is not whole JSON"),
    ],
)
def test_faults_of_the_bls(
    about: str, fault: str, words: str, sources: Sources, refresh: Refresh, tables: Path
) -> None:
    sources.fill(NATIONAL)
    sources.faults[about] = fault
    said = refused(refresh(NATIONAL)[1], tables)
    assert words in said
    assert "k3y-for" not in said


def test_a_series_the_bls_does_not_have(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(NATIONAL)
    del sources.bls["LUU0204466800"]
    assert "Series does not exist for Series LUU0204466800. Correct" in refused(refresh(NATIONAL)[1], tables)


def test_a_wrong_key_is_refused_and_not_printed(
    sources: Sources, refresh: Refresh, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.fill(NATIONAL)
    monkeypatch.setenv("BLS_API_KEY", "stolen-elsewhere")
    said = refused(refresh(NATIONAL)[1], tables)
    assert "The key:(key) provided by the User is invalid. Correct BLS_API_KEY." in said


def test_without_a_key_the_smaller_portions_are_asked_for(
    sources: Sources, refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.fill(NATIONAL)
    monkeypatch.delenv("BLS_API_KEY")
    status, said = refresh(NATIONAL)
    assert status == 0, said
    assert len(sources.asked) == 5  # 44 years in tens, 15 series at once
    with pytest.raises(RefreshError, match=r"this takes 45 requests; a day allows 25 without a key"):
        refresh(NATIONAL, "unions/membership_by_characteristic_bls", date="2026-12-03")


def test_a_sum_that_does_not_add_is_named(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(NATIONAL)
    sources.bls["LUU0203161800"]["2010", "A01"] = ("15715", [{}])  # a thousand more members than there were
    said = refused(refresh(NATIONAL)[1], tables)
    assert "members / employment = density: off by up to 0.7" in said
    assert "private + government = all members: off by up to 1000 thousand" in said


def test_a_title_that_means_another_series(sources: Sources, refresh: Refresh, tables: Path) -> None:
    table = "unions/median_weekly_earnings"
    sources.fill(table)
    sources.titles["LUU0253169100"] = ("(unadj)- Median hourly earnings, men", "dollars")
    assert "the identifier means another series" in refused(refresh(table)[1], tables)


def test_the_sec_wants_a_contact(
    sources: Sources, refresh: Refresh, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.fill(RESULTS)
    assert refresh(RESULTS)[0] == 0
    assert sources.agents == ["amazon-labor refresh Jane Doe jane@example.org"]
    monkeypatch.setenv("AMAZON_LABOR_CONTACT", "")
    with pytest.raises(RefreshError, match="set AMAZON_LABOR_CONTACT"):
        refresh(RESULTS, date="2026-12-02")


def test_an_undeclared_client_is_told_what_the_sec_says(sources: Sources, tables: Path) -> None:
    from amazon_labor.refresh.errors import SourceError
    from amazon_labor.refresh.fetch import Client, Request

    with Client() as client, pytest.raises(SourceError, match=r"403.*Undeclared Automated Tool"):
        client.send(Request("SEC", f"{sources.address}/api/xbrl/companyfacts/CIK0001018724.json"))


def test_a_concept_in_another_unit_or_gone(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RESULTS)
    facts = sources.sec[1018724]["facts"]["us-gaap"]
    facts["IncomeTaxExpenseBenefit"]["units"] = {"EUR": facts["IncomeTaxExpenseBenefit"]["units"]["USD"]}
    assert "no value in 'USD'; the units are EUR" in refused(refresh(RESULTS)[1], tables)
    del facts["IncomeTaxExpenseBenefit"]
    assert "none of the concepts is in the answer: IncomeTaxExpenseBenefit" in refused(refresh(RESULTS)[1], tables)
