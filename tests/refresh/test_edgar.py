"""Company facts: periods told by their dates, first and last values, quarters that only a difference gives.

Figures of the cash flow example: Amazon's 10-Q and 10-K of 2021 (4,213; 12,715; 7,313 since January less what came
before), as in data/amazon/annual_results.csv for the year (46,327 million USD).
"""

from decimal import Decimal

import pytest

from amazon_labor.refresh import edgar
from amazon_labor.refresh.errors import ShapeError
from amazon_labor.refresh.series import Wanted


def fact(start: str, end: str, val: int, filed: str, form: str = "10-Q") -> dict[str, object]:
    return {"start": start, "end": end, "val": Decimal(val), "filed": filed, "form": form, "fy": 1999, "fp": "FY"}


def wanted(**changes: object) -> Wanted:
    return Wanted("0001018724", "x", "year", unit="USD", concepts=("New", "Old"), **changes)  # type: ignore[arg-type]


def facts(unit: str = "USD", **concepts: list[dict[str, object]]) -> dict[str, object]:
    return {"us-gaap": {name: {"units": {unit: listed}} for name, listed in concepts.items()}}


YEAR = ("2021-01-01", "2021-12-31")


def test_first_and_latest_value_of_a_year() -> None:
    listed = [fact(*YEAR, 34, "2023-02-03", "10-K"), fact(*YEAR, 33, "2022-02-04", "10-K")]
    first = edgar.select(facts(New=listed), wanted(span="year", pick="first"))
    latest = edgar.select(facts(New=listed), wanted(span="year"))
    assert [o.value for o in first.observations] == [33]
    assert [(o.date, o.value, o.end) for o in latest.observations] == [("2021-01-01", 34, "2021-12-31")]


def test_a_quarter_inside_an_annual_report_is_no_year_and_an_8k_is_no_source() -> None:
    listed = [
        fact(*YEAR, 33, "2022-02-04", "10-K"),
        fact("2021-10-01", "2021-12-31", 14, "2022-02-04", "10-K"),
        fact("2020-01-01", "2020-12-31", 99, "2022-03-01", "8-K"),
    ]
    assert [o.value for o in edgar.select(facts(New=listed), wanted(span="year")).observations] == [33]


def test_quarters_of_the_cash_flow_are_differences_of_what_is_reported_since_january() -> None:
    ends = [("2021-03-31", 4213), ("2021-06-30", 16928), ("2021-09-30", 24241), ("2021-12-31", 46327)]
    listed = [fact("2021-01-01", end, value, "2022-02-04") for end, value in ends]
    found = edgar.select(facts(New=listed), wanted(span="quarter"))
    assert [(o.date, o.value) for o in found.observations] == [
        ("2021-01-01", 4213),
        ("2021-04-01", 12715),
        ("2021-07-01", 7313),
        ("2021-10-01", 22086),
    ]


def test_a_quarter_as_reported_is_preferred_to_a_difference() -> None:
    listed = [
        fact("2021-01-01", "2021-03-31", 10, "2021-04-30"),
        fact("2021-04-01", "2021-06-30", 11, "2021-07-30"),
        fact("2021-01-01", "2021-06-30", 20, "2021-07-30"),
    ]
    assert [o.value for o in edgar.select(facts(New=listed), wanted(span="quarter")).observations] == [10, 11]


def test_earnings_per_share_of_the_last_quarter_are_not_derived() -> None:
    listed = [fact("2021-01-01", "2021-09-30", 3, "2021-10-29"), fact(*YEAR, 5, "2022-02-04", "10-K")]
    listed.append(fact("2021-01-01", "2021-03-31", 1, "2021-04-30"))
    one = Wanted("0001018724", "x", "quarter", unit="USD/shares", concepts=("New",), span="quarter")
    assert [o.value for o in edgar.select(facts("USD/shares", New=listed), one).observations] == [1]


def test_an_older_concept_fills_the_years_before_the_newer_one() -> None:
    new, old = [fact(*YEAR, 470, "2022-02-04", "10-K")], [fact("2015-01-01", "2015-12-31", 107, "2016-01-29", "10-K")]
    old.append(fact(*YEAR, 1, "2022-02-04", "10-K"))
    found = edgar.select(facts(New=new, Old=old), wanted(span="year"))
    assert [(o.date[:4], o.value) for o in found.observations] == [("2015", 107), ("2021", 470)]


def test_a_fact_without_a_value_is_named() -> None:
    broken = fact(*YEAR, 1, "2022-02-04", "10-K")
    del broken["val"]
    with pytest.raises(ShapeError, match="New: a fact lacks 'val'"):
        edgar.select(facts(New=[broken]), wanted(span="year"))
