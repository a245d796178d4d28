"""Counts, dates and second sources that the tables of data/elections must keep, with the documented exceptions.

The case file is the agency's: its slips are flagged in columns, counted here and left as they are.
"""

import gzip
import re

import numpy as np
import pandas as pd
import pytest

from amazon_labor import catalog

REPORTS = "nlrb_annual_fy2011_2022"
YEARS_PUBLISHED = list(range(2011, 2020))


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return catalog.load("elections/nlrb_elections")


@pytest.fixture(scope="module")
def concluded(cases: pd.DataFrame) -> pd.DataFrame:
    """Conclusive last tallies of RC units."""
    return cases[(cases["case_type"] == "RC") & cases["is_last_tally_of_unit"] & cases["is_conclusive"]]


@pytest.fixture(scope="module")
def amazon() -> pd.DataFrame:
    return catalog.load("elections/amazon_elections").set_index(["facility", "round"])


@pytest.fixture(scope="module")
def starbucks() -> pd.DataFrame:
    return catalog.load("elections/starbucks_elections")


@pytest.fixture(scope="module")
def totals() -> pd.DataFrame:
    return catalog.load("elections/nlrb_annual_totals")


@pytest.fixture(scope="module")
def quarters() -> pd.DataFrame:
    return catalog.load("elections/petitions_by_state_quarter")


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return catalog.load("elections/organizing_counts_published")


@pytest.fixture(scope="module")
def durations() -> pd.DataFrame:
    return catalog.load("elections/first_contract_durations")


def _published(published: pd.DataFrame, body: str, measure: str, period_type: str) -> "pd.Series[int]":
    rows = published[(published["body"] == body) & (published["measure"] == measure)]
    return rows[rows["period_type"] == period_type].set_index("period")["value"]


# Case file


def test_case_file_is_gzipped_without_name_and_time() -> None:
    raw = (catalog.paths.data_dir() / "elections/nlrb_elections.csv.gz").read_bytes()
    assert raw[:4] == b"\x1f\x8b\x08\x00"  # flags 0: no file name
    assert raw[4:8] == b"\0\0\0\0"
    assert gzip.decompress(raw).count(b"\n") == 47_880


def test_tallies_of_a_unit_are_numbered_from_one_and_the_last_is_marked(cases: pd.DataFrame) -> None:
    unit = cases.groupby(["case_number", "unit_id"])["tally_number"]
    assert len(cases) == 47_879
    assert cases["case_number"].nunique() == 46_178
    assert (unit.cumcount() + 1 == cases["tally_number"]).all()
    assert cases["tally_number"].value_counts().to_dict() == {1: 46_927, 2: 884, 3: 61, 4: 6, 5: 1}
    assert (cases["is_last_tally_of_unit"] == (cases["tally_number"] == unit.transform("max"))).all()


def test_votes_for_and_against_are_the_valid_votes_but_in_735_rows(cases: pd.DataFrame) -> None:
    counted = cases.dropna(subset=["votes_for_total", "votes_against", "valid_votes"])
    adds = counted["votes_for_total"] + counted["votes_against"] == counted["valid_votes"]
    assert (len(counted), adds.sum(), (~adds).sum()) == (47_413, 46_678, 735)


def test_valid_votes_stay_below_eligible_voters_but_in_297_rows(cases: pd.DataFrame) -> None:
    above = cases["valid_votes"] > cases["eligible_voters"]
    assert above.sum() == 297
    assert (cases["eligible_voters"] == 0).sum() == 48


def test_vote_flag_is_false_for_exactly_the_three_faults(cases: pd.DataFrame, concluded: pd.DataFrame) -> None:
    four = ["votes_for_total", "votes_against", "valid_votes", "eligible_voters"]
    sums = (cases["votes_for_total"] + cases["votes_against"] != cases["valid_votes"]).fillna(False)
    above = (cases["valid_votes"] > cases["eligible_voters"]).fillna(False)
    none = (cases["eligible_voters"] == 0).fillna(False)
    fault = sums | above | none
    flag = cases["vote_count_consistent"]
    assert (flag.eq(False).fillna(False) == fault).all()
    assert (flag.eq(True).fillna(False) == (~fault & cases[four].notna().all(axis=1))).all()
    assert (concluded["vote_count_consistent"] == False).sum() == 710  # noqa: E712


def test_date_flag_is_false_for_the_213_late_elections_and_13_late_petitions(cases: pd.DataFrame) -> None:
    early_tally = cases["tally_date"] < cases["election_date"]
    late_petition = cases["date_filed"] > cases["election_date"]
    assert (early_tally.sum(), late_petition.sum(), (early_tally & late_petition).sum()) == (213, 13, 0)
    assert (cases["dates_consistent"].eq(False).fillna(False) == (early_tally | late_petition)).all()
    dated = cases["election_date"].notna() & (cases["tally_date"].notna() | cases["date_filed"].notna())
    assert (cases["dates_consistent"].notna() == dated).all()


def test_fiscal_year_is_that_of_the_closing_date(cases: pd.DataFrame) -> None:
    closed = cases.dropna(subset=["date_closed"])
    assert len(closed) == 47_560
    october = (closed["date_closed"].dt.month >= 10).astype(int)
    assert (closed["date_closed"].dt.year + october == closed["fiscal_year_closed"]).all()
    assert cases.loc[cases["date_closed"].isna(), "fiscal_year_closed"].isna().all()


def test_result_follows_the_counts_but_in_815_of_38186_elections(concluded: pd.DataFrame) -> None:
    majority = (concluded["votes_for_total"] > concluded["votes_against"]).fillna(False)
    won = concluded["outcome"] == "union_won"
    assert len(concluded) == 38_186
    assert (majority != won).sum() == 815
    assert (majority & (concluded["outcome"] == "union_lost")).sum() == 594


def test_consolidated_votes_share_day_employer_and_counts(cases: pd.DataFrame) -> None:
    """219 rows (105 votes) agree on the day of the tally; 23 more, without one, on the day of the election."""
    group = cases.dropna(subset=["consolidated_group"])
    same = ["employer", "eligible_voters", "votes_for_total", "votes_against"]
    assert (group.groupby("consolidated_group")[same].nunique() == 1).all().all()
    assert (group.groupby("consolidated_group").size() >= 2).all()
    first = group.groupby("consolidated_group")[["case_number", "unit_id"]].first().agg(" ".join, axis=1)
    assert (first == first.index).all()
    dated = group.dropna(subset=["tally_date"])
    assert (len(dated), dated["consolidated_group"].nunique()) == (219, 105)
    assert (dated.groupby("consolidated_group")["tally_date"].nunique() == 1).all()
    undated = group[group["tally_date"].isna()]
    assert (len(undated), undated["consolidated_group"].nunique()) == (23, 11)
    assert (undated.groupby("consolidated_group")["election_date"].nunique() == 1).all()
    assert set(group["case_type"]) == {"RC"}
    assert group["is_last_tally_of_unit"].all()


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [
        (("19-RC-014078", None), "votes_against", 13_142),
        (("32-RC-005775", "B"), "votes_for_total", 29_654),
        (("29-RC-009369", None), "votes_against", 266),
    ],
)
def test_corrected_cells_now_add_up(cases: pd.DataFrame, key: tuple[str, str | None], column: str, value: int) -> None:
    case, unit = key
    row = cases[(cases["case_number"] == case) & (cases[column] == value)]
    row = row if unit is None else row[row["unit_id"] == unit]
    assert len(row) == 1
    assert row["vote_count_consistent"].all()


@pytest.mark.parametrize(("case_type", "allowed"), [("RC", 8), ("RD", 6), ("RM", 0)])
def test_cases_of_the_reports_match_the_published_counts(
    cases: pd.DataFrame, totals: pd.DataFrame, case_type: str, allowed: int
) -> None:
    rows = cases[(cases["case_type"] == case_type) & cases["is_last_tally_of_unit"] & (cases["source"] == REPORTS)]
    printed = totals[(totals["year_basis"] == "fiscal_year_closed") & (totals["case_scope"] == case_type)]
    gap = rows.groupby("fiscal_year_closed").size() - printed.set_index("year")["elections_held"]
    assert list(gap.dropna().index) == YEARS_PUBLISHED
    assert gap.dropna().abs().max() <= allowed


def test_all_sources_together_exceed_the_published_counts_by_45_to_155(
    cases: pd.DataFrame, totals: pd.DataFrame
) -> None:
    """Coverage, not growth: the FOIA and web files add cases the reports leave out."""
    rows = cases[(cases["case_type"] == "RC") & cases["is_last_tally_of_unit"]]
    printed = totals[(totals["year_basis"] == "fiscal_year_closed") & (totals["case_scope"] == "RC")]
    gap = (rows.groupby("fiscal_year_closed").size() - printed.set_index("year")["elections_held"]).dropna()
    assert gap.min() == 45
    assert gap.max() == gap[2018] == 155


def test_published_totals_are_the_sum_of_the_three_kinds(totals: pd.DataFrame) -> None:
    closed = totals[totals["year_basis"] == "fiscal_year_closed"]
    for column in ("elections_held", "eligible_voters", "valid_votes_for", "valid_votes_against"):
        wide = closed.pivot(index="year", columns="case_scope", values=column)
        assert (wide["RC"] + wide["RD"] + wide["RM"] == wide["all"]).all(), column


def test_wins_and_voters_won_stay_below_the_totals(totals: pd.DataFrame) -> None:
    for part, whole in (
        ("elections_won_by_union", "elections_held"),
        ("eligible_voters_in_units_won", "eligible_voters"),
    ):
        both = totals.dropna(subset=[part, whole])
        assert len(both) >= 16
        assert (both[part] < both[whole]).all()


def test_summary_sheet_percent_is_not_the_win_rate_of_the_cases(concluded: pd.DataFrame, totals: pd.DataFrame) -> None:
    """More than 15 points below in fiscal 2012 and 2015: the column must not be read as a win rate."""
    rows = concluded[concluded["source"] == REPORTS]
    rate = 100 * (rows["outcome"] == "union_won").groupby(rows["fiscal_year_closed"]).mean()
    sheet = totals[(totals["year_basis"] == "fiscal_year_closed") & (totals["case_scope"] == "RC")]
    gap = rate - sheet.set_index("year")["nlrb_summary_sheet_percent_won"]
    assert gap[2012] > 15
    assert gap[2015] > 15


# Amazon


def test_ballots_at_amazon_never_exceed_eligible_voters(amazon: pd.DataFrame) -> None:
    assert len(amazon) == 8
    ballots = amazon["votes_for"] + amazon["votes_against"] + amazon["challenged_ballots"].fillna(0)
    assert (ballots <= amazon["eligible_voters"]).all()


def test_challenges_exceed_the_gap_only_in_the_bessemer_rerun(amazon: pd.DataFrame) -> None:
    gap = (amazon["votes_for"] - amazon["votes_against"]).abs()
    open_result = (amazon["challenged_ballots"] > gap).fillna(False)
    assert list(amazon.index[open_result]) == [("BHM1", "rerun")]
    assert (amazon["challenges_determinative"].fillna(False) == open_result).all()
    assert amazon.loc[("BHM1", "rerun"), "count_result"] == "union_behind_challenges_determinative"


def test_results_at_amazon_follow_the_counts(amazon: pd.DataFrame) -> None:
    decided = amazon.drop(("BHM1", "rerun"))
    won = decided["count_result"] == "union_won"
    assert (won == (decided["votes_for"] > decided["votes_against"])).all()
    assert [facility for facility, _ in decided.index[won]] == ["JFK8", "Whole Foods Market Center City"]


def test_amazon_counts_equal_the_case_file_where_it_has_them(amazon: pd.DataFrame, cases: pd.DataFrame) -> None:
    shared = {"DEDC": "04-RC-118495", "BHM1": "10-RC-269250", "LDJ5": "29-RC-290053"}
    ours = amazon[amazon.index.get_level_values("round") == "initial"].set_index("case_number")
    theirs = cases.set_index("case_number")
    pairs = {"eligible_voters": "eligible_voters", "votes_for": "votes_for_total", "votes_against": "votes_against"}
    for case in shared.values():
        for mine, name in pairs.items():
            assert ours.loc[case, mine] == theirs.loc[case, name], (case, mine)
    assert set(ours.index.dropna()) & set(theirs.index) == set(shared.values())  # JFK8 is not in the case file


@pytest.mark.parametrize(
    ("site", "key"),
    [
        ("First Bessemer", ("BHM1", "initial")),
        ("Bessemer rerun", ("BHM1", "rerun")),
        ("JFK8", ("JFK8", "initial")),
        ("LDJ5", ("LDJ5", "initial")),
        ("ALB1", ("ALB1", "initial")),
        ("RDU1", ("RDU1", "initial")),
        ("Whole Foods Philadelphia", ("Whole Foods Market Center City", "initial")),
    ],
)
def test_the_timeline_tells_the_same_votes_on_the_same_day(
    amazon: pd.DataFrame, site: str, key: tuple[str, str]
) -> None:
    timeline = catalog.load("amazon/timeline")
    told = timeline[timeline["event"].str.contains(rf"^{site} count: ")]
    assert len(told) == 1
    votes = [int(number) for number in re.findall(r"(\d+) (?:for|against)", told["event"].iloc[0])]
    assert votes == amazon.loc[key, ["votes_for", "votes_against"]].tolist()
    assert told["date"].iloc[0] == amazon.loc[key, "tally_date"]


def test_workers_due_to_vote_lie_within_a_tenth_of_the_eligible_voters(amazon: pd.DataFrame) -> None:
    facts = catalog.load("amazon/workforce_facts").set_index("measure")["value"]
    assert facts["workers due to vote"] == pytest.approx(amazon.loc[("JFK8", "initial"), "eligible_voters"], rel=0.1)
    due = facts["workers at LDJ5 due to vote"]
    assert due == pytest.approx(amazon.loc[("LDJ5", "initial"), "eligible_voters"], rel=0.1)


# Starbucks


def test_starbucks_majority_is_votes_for_above_votes_against(starbucks: pd.DataFrame) -> None:
    assert len(starbucks) == 451
    assert (starbucks["union_majority"] == (starbucks["votes_for"] > starbucks["votes_against"])).all()


def test_starbucks_votes_come_at_least_26_days_after_the_petition(starbucks: pd.DataFrame) -> None:
    assert (starbucks["tally_date"] - starbucks["date_filed"]).dt.days.min() == 26


def test_one_starbucks_row_has_more_votes_than_eligible_voters(starbucks: pd.DataFrame) -> None:
    votes = starbucks["votes_for"] + starbucks["votes_against"]
    above = starbucks[votes > starbucks["eligible_voters"]]
    assert list(above["case_number"]) == ["01-RC-290850"]
    assert (votes[above.index] - above["eligible_voters"]).tolist() == [1]


def test_sixteen_starbucks_rows_are_not_initial_tallies(starbucks: pd.DataFrame) -> None:
    assert (~starbucks["is_initial_tally"]).sum() == 16
    assert (starbucks["is_revised_tally"] == ~starbucks["is_initial_tally"]).all()


def test_starbucks_wins_by_month_lie_within_two_of_published_counts(
    starbucks: pd.DataFrame, published: pd.DataFrame
) -> None:
    wins = starbucks[starbucks["union_majority"]].groupby(starbucks["tally_date"].dt.strftime("%Y-%m")).size()
    printed = _published(published, "starbucks", "union_wins", "month")
    assert printed.to_dict() == {"2022-04": 36, "2022-05": 62, "2022-06": 82}
    assert wins[printed.index].tolist() == [35, 64, 80]


# Petitions and published counts


def test_quarters_carry_their_year_and_fiscal_year(quarters: pd.DataFrame) -> None:
    name = quarters["year"].astype(str) + "Q" + quarters["calendar_quarter"].astype(str)
    assert (name == quarters["quarter"]).all()
    assert (quarters["federal_fiscal_year"] == quarters["year"] + (quarters["calendar_quarter"] == 4)).all()


def test_27_quarters_of_four_small_places_are_absent(quarters: pd.DataFrame) -> None:
    every = pd.MultiIndex.from_product([quarters["state"].unique(), quarters["quarter"].unique()])
    absent = every.difference(pd.MultiIndex.from_frame(quarters[["state", "quarter"]]))
    assert absent.get_level_values(0).value_counts().to_dict() == {"GU": 19, "SD": 4, "WY": 3, "VI": 1}


def test_medians_stand_only_where_petitions_were_filed(quarters: pd.DataFrame) -> None:
    assert (quarters["rc_petitions_filed_that_ended_certified"] <= quarters["rc_petitions_filed"]).all()
    filed = quarters["rc_petitions_filed"] > 0
    assert (quarters["rc_median_employees_on_petition"].notna() == filed).all()


def test_certification_petitions_stay_below_all_petitions(quarters: pd.DataFrame, published: pd.DataFrame) -> None:
    every = _published(published, "nlrb", "all_representation_petitions", "fiscal_year")
    filed = quarters.groupby("federal_fiscal_year")["rc_petitions_filed"].sum()
    assert (filed[2021], filed[2022]) == (1269, 2071)
    assert (every["FY2021"], every["FY2022"]) == (1638, 2510)
    assert all(filed[int(year[2:])] < count for year, count in every.items())


def test_parts_of_a_year_stay_below_the_year(published: pd.DataFrame) -> None:
    wide = published.pivot_table(index=["body", "measure", "period"], columns="period_type", values="value")
    order = ["fiscal_first_half", "fiscal_first_nine_months", "fiscal_year"]
    pairs = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :]] + [("calendar_first_half", "calendar_year")]
    compared = 0
    for part, whole in pairs:
        both = wide.dropna(subset=[part, whole])
        compared += len(both)
        assert (both[part] < both[whole]).all(), (part, whole)
    assert compared == 12


def test_first_contract_quantiles_are_in_order(durations: pd.DataFrame) -> None:
    wide = durations.pivot(index="period_or_sample", columns="measure", values="value")
    mean, median = (f"{which}_days_certification_to_first_contract" for which in ("mean", "median"))
    pair = wide.dropna(subset=[mean, median])
    assert len(pair) == 2
    assert (pair[median] < pair[mean]).all()
    last = wide.loc["contracts since 2005, as of 2022"]
    one, three = (f"share_of_first_contracts_taking_{years}_or_more" for years in ("one_year", "three_years"))
    assert last[three] < last[one]
    assert (last[median] > 365) == (last[one] > 50)  # the median and the share over one year agree
    within = wide.loc["about twenty years before 2022"]
    assert (
        within["share_of_new_units_with_agreement_within_one_year_c2000"]
        < within["share_of_new_units_with_agreement_within_two_years_c2000"]
    )


# Affiliation coded twice


@pytest.fixture(scope="module")
def audit() -> pd.DataFrame:
    return catalog.load("elections/affiliation_audit")


def test_audited_rows_are_finished_certification_elections_with_the_name_that_was_coded(
    audit: pd.DataFrame, concluded: pd.DataFrame
) -> None:
    key = ["case_number", "unit_id", "tally_number"]
    found = audit.merge(concluded, on=key, how="left", suffixes=("", "_there"), validate="one_to_one")
    assert (found["labor_org_1"] == found["labor_org_1_there"]).all()
    assert not audit.duplicated(key).any()


def test_audit_is_the_draw_its_description_says(audit: pd.DataFrame, concluded: pd.DataFrame) -> None:
    once = ~concluded.duplicated("consolidated_group") | concluded["consolidated_group"].isna()
    named = concluded[once & concluded["labor_org_1"].notna()]
    named = named.sort_values(["case_number", "unit_id", "tally_number"]).reset_index(drop=True)
    sizes = audit.drop_duplicates("stratum").set_index("stratum")["stratum_size"]
    assert sizes.to_dict() == {"federation word": 28_809, "no federation word": 9_237}
    assert sizes.sum() == len(named)
    first = np.random.default_rng(20220401).choice(len(named), 260, replace=False)
    drawn = audit.query("draw == 'all tallies'")
    assert set(drawn["case_number"]) == set(named.loc[first, "case_number"])
    assert audit.value_counts(["stratum", "draw"]).to_dict() == {
        ("federation word", "all tallies"): 195,
        ("no federation word", "all tallies"): 65,
        ("no federation word", "no federation word"): 180,
    }
