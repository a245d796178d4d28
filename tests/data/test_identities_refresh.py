"""List of identifiers of the BLS union series."""

import pandas as pd
import pytest

from amazon_labor import catalog

UNCONFIRMED = "identifier listed in public code, values not seen"


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    """One row per identifier."""
    return catalog.load("refresh/bls_union_series")


def test_every_identifier_is_unique_and_there_are_twelve_dimensions(series: pd.DataFrame) -> None:
    """X26."""
    assert series["series_id"].is_unique
    assert len(series) == 259
    assert series["dimension"].nunique() == 12


def test_fifty_nine_titles_are_unconfirmed_and_200_verified(series: pd.DataFrame) -> None:
    """X26. Industries and earnings wait for the first call."""
    open_titles = series[series["verification"].str.startswith(UNCONFIRMED)]
    assert open_titles["dimension"].value_counts().to_dict() == {"industry": 52, "earnings": 7}
    assert len(series) - len(open_titles) == 200


def test_no_two_identifiers_share_a_title(series: pd.DataFrame) -> None:
    """The description names a series once."""
    assert series["description"].is_unique


def test_columns_tell_all_series_apart_but_the_earnings_of_two_occupations(series: pd.DataFrame) -> None:
    """Construction and repair occupations are grouped as union and nonunion like the total: only the title tells."""
    alike = series[series.duplicated(["measure", "dimension", "group", "class_of_worker"], keep=False)]
    assert alike["dimension"].unique().tolist() == ["earnings"]
    assert len(alike) == 6
    assert alike["description"].str.contains("occupations").sum() == 4
