"""Opinion tables: identities of the published percentages and counts."""

import pandas as pd
import pytest

from amazon_labor import catalog


@pytest.fixture(scope="module")
def unions() -> pd.DataFrame:
    """Polls on unions."""
    return catalog.load("opinion/union_opinion")


@pytest.fixture(scope="module")
def jobs() -> pd.DataFrame:
    """Published job satisfaction, every report."""
    return catalog.load("opinion/job_satisfaction_published", vintage="all")


def test_positive_and_negative_answers_are_at_most_100_percent(unions: pd.DataFrame) -> None:
    """I30."""
    assert (unions["positive_percent"] + unions["negative_percent"].fillna(0)).max() <= 100


def test_three_answers_add_to_100_percent_but_for_the_printed_2006(unions: pd.DataFrame) -> None:
    """Rounded to whole percent; the question on unions being necessary prints 68, 28 and 6 in 2006."""
    full = unions.dropna(subset=["positive_percent", "negative_percent", "no_opinion_percent"])
    total = full[["positive_percent", "negative_percent", "no_opinion_percent"]].sum(axis=1)
    off = full[(total - 100).abs() > 1]
    assert len(full) == 17
    assert off["year"].tolist() == [2006]
    assert off["question"].str.contains("necessary").all()


def test_gallup_approval_holds_the_confirmed_records(unions: pd.DataFrame) -> None:
    """Gallup's own texts: 72 in 1936, 75 in 1953 and January 1957, 71 in 1965, low of 48 in 2009, 68 in 2021."""
    gallup = unions[(unions["pollster"] == "Gallup") & (unions["group"] == "all")]
    approval = gallup.set_index("poll_dates")["positive_percent"]
    assert len(approval) == 28
    assert approval[["1936", "1953", "1957-01", "1965", "2021"]].tolist() == [72, 75, 75, 71, 68]
    assert approval.min() == 48
    assert approval.idxmin() == "2009-08-06/09"
    assert approval.max() == 75


def test_1957_has_two_readings_ten_points_apart_and_no_other_year_has_two(unions: pd.DataFrame) -> None:
    """January and August."""
    gallup = unions[(unions["pollster"] == "Gallup") & (unions["group"] == "all")]
    twice = gallup[gallup["year"].duplicated(keep=False)]
    assert twice["year"].unique().tolist() == [1957]
    assert sorted(twice["positive_percent"]) == [65, 75]


def test_whole_sample_lies_between_the_two_parties(unions: pd.DataFrame) -> None:
    """Republicans below all, Democrats above all, in every year with both."""
    gallup = unions[unions["pollster"] == "Gallup"]
    by_group = gallup.pivot_table(index="year", columns="group", values="positive_percent")
    years = by_group[["all", "Democrats", "Republicans"]].dropna()
    assert len(years) >= 9
    assert (years["Republicans"] < years["all"]).all()
    assert (years["all"] < years["Democrats"]).all()


def test_conference_board_revises_2011_and_2020_only(jobs: pd.DataFrame) -> None:
    """Published 47.2 and 56.9 first, 46.2 and 56.8 in the table of the 2023 report."""
    board = jobs[jobs["pollster"] == "The Conference Board"]
    twice = board[board["year"].duplicated(keep=False)].sort_values(["year", "vintage"])
    assert twice["percent"].tolist() == [47.2, 46.2, 56.9, 56.8]
    assert twice["year"].unique().tolist() == [2011, 2020]


def test_gallup_satisfied_is_completely_plus_somewhat_satisfied(jobs: pd.DataFrame) -> None:
    """Exact where both parts are printed."""
    gallup = jobs[(jobs["pollster"] == "Gallup") & jobs["measure"].str.startswith("job, ")]
    wide = gallup.pivot(index="year", columns="measure", values="percent")
    parts = wide["job, completely satisfied"] + wide["job, somewhat satisfied"]
    difference = (wide["job, satisfied"] - parts).dropna()
    assert difference.tolist() == [0, 0, 0]


def test_gallup_job_security_answers_add_to_100_percent(jobs: pd.DataFrame) -> None:
    """Five answers rounded to whole percent."""
    security = jobs[jobs["measure"].str.startswith("job security")]
    total = security.groupby("year")["percent"].sum()
    assert len(total) == 10
    assert total.between(99, 101).all()


def test_gss_has_at_least_300_valid_answers_per_year_and_variable() -> None:
    """I30."""
    counts = catalog.load("opinion/gss_counts")
    valid = counts[counts["valid_answer"]].groupby(["variable", "year"])["respondents_unweighted"].sum()
    assert valid.min() >= 300
    assert valid.groupby("variable").size().to_dict() == {"conlabor": 33, "jobfind": 27, "joblose": 27, "satjob": 35}


def test_gss_answers_of_a_year_add_to_the_same_sample_for_every_variable() -> None:
    """Answered, not asked or refused: everyone interviewed is counted once per variable."""
    counts = catalog.load("opinion/gss_counts")
    sample = counts.pivot_table(index="year", columns="variable", values="respondents_unweighted", aggfunc="sum")
    assert (sample.nunique(axis=1) == 1).all()
    # Sizes of the General Social Survey: 1,613 in 1972, 4,032 in 2021, 3,309 in 2024.
    assert sample["satjob"][[1972, 2021, 2024]].tolist() == [1613, 4032, 3309]


def test_an_answer_is_valid_in_all_years_or_in_none() -> None:
    """The flag belongs to the answer of a variable, not to the year."""
    counts = catalog.load("opinion/gss_counts")
    assert (counts.groupby(["variable", "response"])["valid_answer"].nunique() == 1).all()
    refused = counts["response"].isin(["iap", "don't know", "no answer", "skipped on web", "leaving labor force"])
    assert (counts["valid_answer"] == ~refused).all()
