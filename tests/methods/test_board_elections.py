"""One row for each vote: flags, consolidated votes and derived columns on a small file made by hand."""

import pandas as pd
import pytest

from amazon_labor.methods import board_elections


@pytest.fixture
def tallies() -> pd.DataFrame:
    rows = [
        # case, unit, tally, last, conclusive, group, outcome, eligible, union, second union
        ("01-RC-000001", "all", 1, False, True, None, "union_lost", 20, "Acme Staff Association", None),
        ("01-RC-000001", "all", 2, True, True, None, "union_won", 20, "Acme Staff Association", None),
        ("01-RC-000002", "A", 1, True, True, "01-RC-000002 A", "union_won", 90, "Teamsters Local 5", "SEIU"),
        ("01-RC-000003", "A", 1, True, True, "01-RC-000002 A", "union_won", 90, "Teamsters Local 5", "SEIU"),
        ("02-RC-000004", "all", 1, True, False, None, "union_won", 9, "Teamsters Local 5", None),
        ("02-RC-000005", "all", 1, True, True, None, "union_lost", 0, "Local 77", None),
        ("02-RC-000006", "all", 1, True, True, None, "union_lost", 30, "Local 77", None),
        ("02-RD-000007", "all", 1, True, True, None, "union_won", 30, "Acme Guards", None),
    ]
    names = "case_number unit_id tally_number is_last_tally_of_unit is_conclusive consolidated_group outcome eligible_voters labor_org_1 labor_org_2"
    frame = pd.DataFrame(rows, columns=names.split())
    return frame.assign(
        case_type=frame["case_number"].str[3:5],
        state="NY",
        fiscal_year_closed=2010,
        election_date=pd.to_datetime(["2010-03-01"] * 7 + [None]),
        tally_date=pd.Timestamp("2010-03-02"),
        date_filed=pd.to_datetime(["2010-02-01"] * 6 + ["2010-04-01", None]),
        dates_consistent=[True] * 6 + [False, pd.NA],
        bargaining_unit_type=None,
    )


def test_a_vote_is_counted_once_and_only_when_it_ended(tallies: pd.DataFrame) -> None:
    cases = board_elections.finished(tallies)["case_number"].str[-1].astype(int).tolist()
    assert cases == [1, 2, 5, 6]
    assert len(board_elections.finished(tallies, once=False)) == 5
    assert board_elections.finished(tallies)["outcome"].iloc[0] == "union_won"  # the second tally of case 1
    assert len(board_elections.finished(tallies, "RD")) == 1
    with pytest.raises(
        ValueError, match=r"^finished: no conclusive last tally is of type 'UD'; types are RC, RD, RM and UD\.$"
    ):
        board_elections.finished(tallies, "UD")


def test_coded_rows_carry_outcome_size_and_affiliation(tallies: pd.DataFrame) -> None:
    rows = board_elections.coded(board_elections.finished(tallies))
    assert rows["code"].tolist() == ["I", "C", "X"]  # the unit without voters is out
    assert rows["won"].tolist() == [1, 1, 0]
    assert rows["independent"].tolist() == [1, 0, 0]
    assert rows["single"].tolist() == [1, 0, 1]
    assert rows["region"].tolist() == ["01", "01", "02"]
    assert board_elections.modelled(rows)["code"].tolist() == ["I", "C"]


def test_own_union_is_rare_and_in_one_region() -> None:
    rows = pd.DataFrame(
        {
            "name": ["ACME STAFF", "ACME STAFF 12", "WIDGET STAFF", "WIDGET STAFF", "TEAMSTERS"] + ["MANY STAFF"] * 5,
            "region": ["01", "01", "01", "02", "01"] + ["03"] * 5,
            "code": ["I", "I", "I", "I", "C"] + ["I"] * 5,
        }
    )
    assert board_elections.appearances(rows).tolist() == [1, 1, 0, 0, 0] + [0] * 5


def test_delay_counts_days_and_leaves_out_dates_out_of_order(tallies: pd.DataFrame) -> None:
    days = board_elections.delay(tallies)
    assert days.iloc[0] == 28
    assert days.isna().tolist() == [False] * 6 + [True, True]


def test_nearest_units_are_measured_in_logarithms() -> None:
    rows = pd.DataFrame({"size": [10.0, 100.0, 450.0, 1000.0, 9000.0]})
    assert board_elections.nearest_by_size(rows, 1000, 2)["size"].tolist() == [1000.0, 450.0]


def test_coded_rows_in_full(tallies: pd.DataFrame) -> None:
    elections = board_elections.finished(tallies, once=False)
    elections["bargaining_unit_type"] = ["Guard", None, "Other", None, None]
    elections.loc[1, "election_date"] = pd.NaT
    rows = board_elections.coded(elections)
    added = rows[["won", "size", "year", "region", "day", "name", "family", "code"]]
    expected = pd.DataFrame(
        {
            "won": [1, 1, 1, 0],
            "size": [20.0, 90.0, 90.0, 30.0],
            "year": [2010] * 4,
            "region": ["01", "01", "01", "02"],
            "day": pd.to_datetime(["2010-03-01", "2010-03-02", "2010-03-01", "2010-03-01"]),
            "name": ["ACME STAFF ASSOCIATION", "TEAMSTERS LOCAL 5", "TEAMSTERS LOCAL 5", "LOCAL 77"],
            "family": rows["family"],
            "code": ["I", "C", "C", "X"],
        }
    )
    pd.testing.assert_frame_equal(added, expected)
    assert list(rows.columns[-5:]) == ["independent", "outside", "own_union", "guards", "single"]
    assert rows["guards"].tolist() == [1, 0, 0, 0]
    assert rows["own_union"].tolist() == [1, 0, 0, 0]
    assert rows["outside"].tolist() == [0, 0, 0, 0]
    assert list(board_elections.modelled(rows).index) == [0, 1, 2]


def test_a_day_is_a_delay_and_none_is_not(tallies: pd.DataFrame) -> None:
    filed = tallies.assign(date_filed=pd.to_datetime(["2010-02-28", "2010-03-01", "2010-03-02"] + [None] * 5))
    days = board_elections.delay(filed)
    assert days.dtype == float
    assert days.iloc[0] == 1
    assert days.isna().tolist() == [False] + [True] * 7


def test_finished_rows_are_in_order_and_numbered(tallies: pd.DataFrame) -> None:
    found = board_elections.finished(tallies.iloc[::-1])
    assert found["case_number"].is_monotonic_increasing
    assert list(found.index) == [0, 1, 2, 3]
    with pytest.raises(
        ValueError, match=r"^finished: no conclusive last tally is of type 'UC'; types are RC, RD, RM and UD\.$"
    ):
        board_elections.finished(tallies, "UC")


def test_names_of_guards_and_own_unions() -> None:
    rows = pd.DataFrame(
        {"name": ["THE ACME STAFF", "ACME STAFF", "ACME STAFF OF", "ACME STAFF 7A", "ACME STAFF INC"],
         "region": ["01"] * 5, "code": ["I"] * 5}
    )  # fmt: skip
    assert board_elections.appearances(rows).tolist() == [0] * 5  # five of one name
    assert board_elections.appearances(rows, most=5).tolist() == [1] * 5
    assert board_elections.appearances(rows.iloc[:4]).tolist() == [1] * 4
