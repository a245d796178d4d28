"""The rule for affiliation on names as the Board prints them, on the days unions moved, and on its order of decision."""

import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor import catalog
from amazon_labor.methods import affiliation
from amazon_labor.methods.affiliation_families import FAMILIES

MOVES = [  # announcements as dated in histories of the federations
    ("Service Employees International Union, Local 1", "2005-07-24", "2005-07-25", "A", "C"),
    ("International Brotherhood of Teamsters, Local 89", "2005-07-24", "2005-07-25", "A", "C"),
    ("United Food & Commercial Workers, Local 1776", "2013-08-07", "2013-08-08", "C", "A"),
    ("UNITE HERE, Local 11", "2009-09-16", "2009-09-17", "C", "A"),
    ("Laborers' International Union of North America", "2010-09-30", "2010-10-01", "C", "A"),
    ("United Brotherhood of Carpenters", "2001-03-28", "2001-03-29", "A", "N"),
    ("International Longshore & Warehouse Union, Local 6", "2013-08-29", "2013-08-30", "A", "N"),
    ("National Union of Healthcare Workers", "2012-12-31", "2013-01-01", "I", "A"),
]


def code(name: str | None, day: str | None = "2015-06-01") -> str:
    moment = None if day is None else date.fromisoformat(day)
    return str(affiliation.classify([name], [moment])["code"].iloc[0])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Amazon Labor Union", "I"),
        ("Trader Joe's United", "I"),
        ("Retail, Wholesale and Department Store Union", "A"),
        ("INT'L BROTHERHOOD OF ELECTRICAL WORKERS, LOCAL 58", "A"),
        ("H.E.R.E.I.U. Local 54", "A"),
        ("United Electrical, Radio & Machine Workers of America (UE)", "N"),
        ("Unidad Laboral de Enfermeras(os) y Empleados de la Salud", "I"),
        ("Security, Police and Fire Professionals of America (SPFPA)", "N"),
        ("Local 32BJ, SEIU", "C"),
        ("District 1199C, National Union of Hospital and Health Care Employees", "A"),
        ("Communications Workers of America Staff Union", "I"),
        ("International Union of Widget Makers", "N"),
        ("Widget Makers Independent Union", "I"),
        ("Local 12345", "X"),
        ("An Individual", "X"),
        ("Levy Ratner, P.C.,", "X"),
        ("Jane Doe", "X"),
        ("Widget Workers Union Local 7, AFL-CIO", "A"),
        (None, "X"),
    ],
)  # fmt: skip
def test_names_are_coded_in_the_order_of_the_codebook(name: str | None, expected: str) -> None:
    assert code(name) == expected


@pytest.mark.parametrize(("name", "day_before", "day", "before", "after"), MOVES)
def test_a_union_has_the_federation_of_the_day(name: str, day_before: str, day: str, before: str, after: str) -> None:
    assert (code(name, day_before), code(name, day)) == (before, after)


def test_without_a_day_the_first_era_counts() -> None:
    assert code("SEIU", None) == "A"


@given(
    name=st.sampled_from([m[0] for m in MOVES] + ["Amazon Labor Union", "Local 12345"]),
    number=st.integers(1, 9999),
    day=st.dates(date(1999, 1, 1), date(2022, 12, 31)),
)
def test_case_stops_and_spaces_do_not_matter_nor_does_a_local_number(name: str, number: int, day: date) -> None:
    noisy = "  " + name.upper().replace(" ", "   ").replace(",", " ;") + "."
    assert code(noisy, day.isoformat()) == code(name, day.isoformat())
    assert code(f"Widget Makers Association Local {number}", day.isoformat()) in "IA"  # a few numbers name a parent


def test_eras_begin_empty_and_rise() -> None:
    for family in FAMILIES:
        days = [first for first, _ in family.eras]
        assert days == sorted(set(days)), family.name
        assert days[0] == ""
        assert {c for _, c in family.eras} <= set(affiliation.CODES)
        re.compile(family.pattern)


def test_every_number_a_pattern_asks_for_survives_preparation() -> None:
    asked = {n for f in FAMILIES for n in re.findall(r"(?<![\w\\{,])\d+", f.pattern)}
    assert asked - set(affiliation.TELLING.split("|")) <= {"2", "3", "4"}, asked


def test_stratum_of_the_audit_takes_acronyms_whole_and_words_from_their_beginning() -> None:
    names = pd.Series(["Local 5, UAW", "Uawmen of Ohio", "automotive clerks", "Amazon Labor Union", None])
    found = affiliation.audit_stratum(names) == "federation word"
    assert found.tolist() == [True, False, True, False, False]


def test_as_many_days_as_names_are_needed() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        affiliation.classify(["SEIU"], [])


def test_the_rule_agrees_with_the_two_codings_as_often_as_when_it_was_audited() -> None:
    audit = catalog.load("elections/affiliation_audit")
    key = ["case_number", "unit_id", "tally_number"]
    elections = catalog.load("elections/nlrb_elections", columns=[*key, "election_date", "tally_date"])
    rows = audit.merge(elections, on=key, validate="one_to_one")
    found = affiliation.classify(rows["labor_org_1"], rows["election_date"].fillna(rows["tally_date"]))["code"]
    assert [(found == rows[f"coder_{c}"]).sum() for c in "ab"] == [419, 422]
    assert (affiliation.audit_stratum(rows["labor_org_1"]) == rows["stratum"]).all()
