"""A refresh from end to end, against servers on this machine."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DATE, ROOT
from local_sources import KEY, Sources

from amazon_labor import catalog, paths
from amazon_labor.refresh import recipe, rows, store
from amazon_labor.refresh.errors import RefreshError
from amazon_labor.refresh.fetch import Request, Response

Refresh = Callable[..., tuple[int, str]]
RATES = "labor_market/unemployment_rate_monthly"
# a stored table mixes vintages, or fills a hole by a copy: what one source gives back cannot equal it cell by cell
MIXED = {"labor_market/employment_by_sector_monthly"}


def vintage(tables: Path) -> Path:
    return tables / "vintages" / DATE


@pytest.mark.parametrize("table", sorted(set(recipe.refreshable()) - MIXED))
def test_a_source_that_has_not_changed_gives_the_table_back(
    table: str, sources: Sources, refresh: Refresh, tables: Path
) -> None:
    sources.fill(table)
    status, said = refresh(table, gaps=("2025-10",))
    assert status == 0, said
    assert f"{table}: as before: no value revised, added or gone" in said or "0 values revised, " in said
    assert store.faults(DATE) == []


def test_a_revised_and_an_added_value_stand_in_the_new_vintage_only(
    sources: Sources, refresh: Refresh, tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.fill(RATES)
    sources.fred["UNRATE"]["2022-03-01"] = "3.9"
    sources.fred["UNRATE"]["2026-08-01"] = "4.2"
    before = (tables / f"{RATES}.csv").read_bytes()
    status, said = refresh(RATES)
    assert status == 0, said
    assert f"{RATES}: 1 values revised" in said
    assert "1 added, 0 gone" in said
    assert (tables / f"{RATES}.csv").read_bytes() == before
    assert catalog.load(RATES).query("series_id == 'UNRATE'").date.max().isoformat() == "2026-07-01T00:00:00"
    monkeypatch.setenv(paths.VINTAGE, DATE)
    new = catalog.load(RATES).query("series_id == 'UNRATE'").set_index("date").rate_percent
    assert (new["2022-03-01"], new["2026-08-01"]) == (3.9, 4.2)
    report = (vintage(tables) / "report.md").read_text()
    assert "2022-03-01 UNRATE: 3.7 -> 3.9 (+0.2, +5.4 percent)" in report
    assert "2026-08-01 UNRATE = 4.2" in report


def test_answers_are_kept_as_received_and_the_key_is_not(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill("labor_market/logistics_employment_annual")
    sources.fill(RATES)
    status, said = refresh("labor_market/logistics_employment_annual", RATES, date="2026-12-02")
    assert status == 0, said
    folder = tables / "vintages" / "2026-12-02" / "responses"
    listed = json.loads((folder / "requests.json").read_text())
    assert len(listed) == 5 + 2
    for name, about in listed.items():
        raw = (folder / name).read_bytes()
        assert len(raw) == about["bytes"]
        assert hashlib.sha256(raw).hexdigest() == about["sha256"]
    assert (folder / "fred" / "UNRATE.csv").read_text().startswith("observation_date,UNRATE\n1948-01-01,3.4\n")
    everything = b"".join(p.read_bytes() for p in (tables / "vintages").rglob("*") if p.is_file())
    assert KEY.encode() not in everything
    assert b"registrationkey=(key)" in everything
    assert b"jane@example.org" not in everything


def test_a_vintage_is_never_overwritten(sources: Sources, refresh: Refresh, tables: Path) -> None:
    sources.fill(RATES)
    assert refresh(RATES)[0] == 0
    before = {p: p.read_bytes() for p in vintage(tables).rglob("*") if p.is_file()}
    sources.fred["UNRATE"]["2022-03-01"] = "3.9"
    with pytest.raises(RefreshError, match=r"never overwritten. Take --date 2026-12-01\.2"):
        refresh(RATES)
    assert refresh(RATES, date=f"{DATE}.2")[0] == 0
    assert {p: p.read_bytes() for p in vintage(tables).rglob("*") if p.is_file()} == before
    assert paths.vintages() == [DATE, f"{DATE}.2"]


def test_a_vintage_chosen_that_is_not_there_is_named(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.VINTAGE, "2031-01-01")
    with pytest.raises(catalog.DataError, match=r"no vintage '2031-01-01'.*none yet"):
        catalog.load(RATES)


def test_tables_that_were_not_refreshed_are_those_of_the_collection(
    sources: Sources, refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.fill(RATES)
    assert refresh(RATES)[0] == 0
    plain = catalog.load("economy/recessions_monthly")
    monkeypatch.setenv(paths.VINTAGE, DATE)
    assert catalog.load("economy/recessions_monthly").equals(plain)
    catalog.reset()
    catalog.load(RATES)
    assert catalog.tables_read()[0].sha256 == catalog.describe(RATES)["hash"].removeprefix("sha256:")


def test_dry_run_prints_the_requests_and_sends_none(sources: Sources, refresh: Refresh, tables: Path) -> None:
    status, said = refresh(dry_run=True)
    assert status == 0
    assert sources.asked == []
    assert "GET " + sources.address + "/graph/fredgraph.csv?id=UNRATE" in said
    assert KEY not in said
    assert "registrationkey=(key)" in said
    assert "nothing was sent" in said
    assert not (tables / "vintages").exists()


def test_one_source_that_fails_leaves_everything_as_it_was(sources: Sources, refresh: Refresh, tables: Path) -> None:
    for table in (RATES, "economy/recessions_monthly"):
        sources.fill(table)
    sources.faults["USREC"] = "403"
    status, said = refresh(RATES, "economy/recessions_monthly")
    assert status == 1
    assert "economy/recessions_monthly: NOT refreshed: FRED refuses (403): 'Access Denied'" in said
    assert "No vintage was made; the tables in use are as they were." in said
    assert list((tables / "vintages").glob("*")) == [] if (tables / "vintages").exists() else True
    status, said = refresh(RATES, "economy/recessions_monthly", keep_going=True)
    assert status == 1
    assert [r["name"] for r in json.loads((vintage(tables) / "datapackage.json").read_text())["resources"]] == [
        "labor_market-unemployment_rate_monthly"
    ]
    assert "## Not refreshed" in (vintage(tables) / "report.md").read_text()


def test_sectors_must_be_of_one_vintage_and_add_up(sources: Sources, refresh: Refresh, tables: Path) -> None:
    table = "labor_market/employment_by_sector_monthly"
    sources.fill(table)
    for date in sources.fred["PAYEMS"]:  # goods and services of the copy end in August 2025
        if date >= "1959-01-01" and date in sources.fred["USGOOD"]:
            added = float(sources.fred["USGOOD"][date]) + float(sources.fred["SRVPRD"][date])
            sources.fred["PAYEMS"][date] = f"{added:.0f}"
    status, said = refresh(table)
    assert status == 0, said
    sources.fred["USGOOD"]["2024-01-01"] = str(float(sources.fred["USGOOD"]["2024-01-01"]) + 9)
    status, said = refresh(table, date="2026-12-02")
    assert status == 1
    assert "goods and services (USGOOD + SRVPRD) = PAYEMS: off by up to 9 thousand" in said
    assert "2024-01-01" in said


def test_first_releases_stay_beside_the_new_vintage_which_becomes_the_default(
    sources: Sources, refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "economy/ecommerce_quarterly"
    sources.fill(table)
    sources.fred["ECOMSA"]["2021-10-01"] = "245000"
    firsts = catalog.load(table, vintage="first release")
    status, said = refresh(table)
    assert status == 0, said
    monkeypatch.setenv(paths.VINTAGE, DATE)
    assert set(catalog.load(table).vintage) == {DATE}
    assert catalog.load(table).set_index("date").sales_musd["2021-10-01"] == 245000
    assert catalog.load(table, vintage="first release").equals(firsts)
    assert catalog.load(table, vintage="2025").set_index("date").sales_musd["2021-10-01"] != 245000


def test_the_stored_table_is_read_back_in_its_own_order(tables: Path) -> None:
    for table in recipe.refreshable():
        resource = catalog.describe(table)
        assert rows.text_of(resource, rows.read(resource)) == catalog.file_of(resource).read_bytes(), table


def test_a_key_that_a_source_repeats_is_taken_out_of_its_answer(tables: Path) -> None:
    request = Request("BLS", "https://api.example.org", {"registrationkey": KEY}, label="one", secret=KEY)
    answer = Response(request, f'{{"message": ["the user {KEY} asked"]}}'.encode(), "application/json")
    resource = catalog.describe("economy/recessions_monthly")
    made = store.Made(resource, catalog.file_of(resource).read_bytes(), (), (answer,))
    folder = store.write(DATE, [made], [], "")
    assert (folder / "responses" / "bls" / "one.json").read_text() == '{"message": ["the user (key) asked"]}'
    assert KEY not in (folder / "responses" / "requests.json").read_text()


def test_the_manual_counts_the_tables_as_they_are() -> None:
    kinds = Counter(catalog.describe(name)["refresh"]["kind"] for name in catalog.names())
    text = (ROOT / "docs" / "refresh.md").read_text()
    told = dict(re.findall(r"^\| (FRED|BLS|SEC|by hand|none)[^|]*\| (\d+) \|", text, re.MULTILINE))
    assert {k: int(v) for k, v in told.items()} == {
        "FRED": kinds["fred"],
        "BLS": kinds["bls"],
        "SEC": kinds["sec"],
        "by hand": kinds["manual"],
        "none": kinds["none"],
    }
    for name in catalog.names():  # what a program can fetch has a recipe
        if catalog.describe(name)["refresh"]["kind"] in ("fred", "bls", "sec"):
            assert recipe.read(name).series
