"""Elections of the National Labor Relations Board as one row for each vote that ended, coded and ready to count or to model.

A case may hold several units and a unit several tallies (revised counts, reruns, run-offs), and one vote may stand under several
case numbers. Counting rows would count such votes twice: the last tally of a unit counts, when the case closed with a
certification, and votes recorded several times count once.
"""

import numpy as np
import pandas as pd

from amazon_labor.methods import affiliation
from amazon_labor.methods.affiliation_families import INDEPENDENT, OUTSIDE, UNKNOWN

NEEDED = ("outcome", "eligible_voters", "state", "fiscal_year_closed")
GUARDS = (
    r"\b(?:GUARDS?|SECURITY|POLICE|PROTECTIVE)\b"  # a union of guards may not admit others (section 9(b)(3) of the Act)
)


def finished(tallies: pd.DataFrame, case_type: str = "RC", *, once: bool = True) -> pd.DataFrame:
    """Return the last conclusive tally of each unit, in the order of case, unit and tally.

    Parameters
    ----------
    tallies : DataFrame
        Table elections/nlrb_elections or columns of it.
    case_type : str
        RC petitions for certification, RD for decertification, RM by the employer.
    once : bool
        Keep one row of votes recorded under several case numbers or units.

    Raises
    ------
    ValueError
        If no row is of that type.
    """
    kept = tallies[tallies["is_last_tally_of_unit"] & tallies["is_conclusive"] & (tallies["case_type"] == case_type)]
    if kept.empty:
        raise ValueError(f"finished: no conclusive last tally is of type {case_type!r}; types are RC, RD, RM and UD.")
    if once:
        kept = kept[kept["consolidated_group"].isna() | ~kept.duplicated("consolidated_group")]
    return kept.sort_values(["case_number", "unit_id", "tally_number"]).reset_index(drop=True)


def coded(elections: pd.DataFrame) -> pd.DataFrame:
    """Return elections with outcome, unit and state known, with the columns that counts and models use.

    Added columns: ``won`` (0 or 1), ``size`` (eligible voters), ``year`` (fiscal year of closing), ``region`` (of the case
    number), ``day`` (of the election, or of the tally), ``family`` and ``code`` (`affiliation.classify`), ``name`` (prepared), ``independent``
    (1 for code I), ``outside`` (1 for code N), ``own_union`` (see `appearances`), ``guards`` (unit of guards by type, or union by
    name), ``single`` (one union on the ballot).
    Units without eligible voters are left out.
    """
    known = elections.dropna(subset=list(NEEDED))
    rows = known[known["eligible_voters"] >= 1].reset_index(drop=True)
    day = rows["election_date"].fillna(rows["tally_date"])
    rows = rows.assign(
        won=(rows["outcome"] == "union_won").astype(int),
        size=rows["eligible_voters"].astype(float),
        year=rows["fiscal_year_closed"].astype(int),
        region=rows["case_number"].str[:2],
        day=day,
        name=rows["labor_org_1"].fillna("").map(affiliation.prepared),
    ).join(affiliation.classify(rows["labor_org_1"], day))
    rows["independent"] = (rows["code"] == INDEPENDENT).astype(int)
    rows["outside"] = (rows["code"] == OUTSIDE).astype(int)
    rows["own_union"] = appearances(rows)
    rows["guards"] = ((rows["bargaining_unit_type"] == "Guard") | rows["name"].str.contains(GUARDS)).astype(int)
    rows["single"] = rows["labor_org_2"].isna().astype(int)
    return rows


def appearances(rows: pd.DataFrame, most: int = 4) -> pd.Series:
    """Mark workers' own unions: independent by name, in one region of the Board and at most `most` elections.

    Numbers and small words are dropped from names first, so that local numbers and "the" do not make two unions of one.
    """
    independents = rows[rows["code"] == INDEPENDENT]
    stem = independents["name"].str.replace(r"\b(\d+\w?|THE|INC|OF|AND)\b", "", regex=True).str.split().str.join(" ")
    group = independents.groupby(stem)
    few = (group["name"].transform("size") <= most) & (group["region"].transform("nunique") == 1)
    return few.reindex(rows.index, fill_value=False).astype(int)


def modelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out elections whose union cannot be told."""
    return rows[rows["code"] != UNKNOWN].reset_index(drop=True)


def delay(rows: pd.DataFrame) -> pd.Series:
    """Days from petition to election; missing where a date is, or where the dates are out of order."""
    days = (rows["election_date"] - rows["date_filed"]).dt.days.astype(float)
    in_order = rows["dates_consistent"].eq(True).fillna(False).astype(bool)
    return days.where(in_order & (days > 0), np.nan)


def nearest_by_size(rows: pd.DataFrame, size: float, count: int) -> pd.DataFrame:
    """Return the `count` elections whose units are nearest in the logarithm of size, nearest first."""
    distance = (np.log(rows["size"]) - np.log(size)).abs()
    return rows.loc[distance.sort_values(kind="stable").index[:count]]
