"""Affiliation of a union from its name in Board records and the day of the election: a text rule, and the words it rests on.

The records have no field for affiliation. The rule knows the names of the unions in the two federations and of the larger unions
outside (`affiliation_families`), and the days on which unions moved. What names no known parent is judged by its own words: a claim to be
international or national, a bare local number, the name of a person or a law firm. The rest speaks for one workplace, employer
or area and is called independent. The codes are those of a sample coded twice and kept with the data, which the rule was
written without.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from amazon_labor.methods.affiliation_families import (
    AFL_CIO,
    AUDIT_WORDS,
    FAMILIES,
    INDEPENDENT,
    OUTSIDE,
    UNKNOWN,
    WORDS,
    Family,
)

CODES = tuple(WORDS)
UNION_WORDS = re.compile(
    r"UNION|UNI N\b|LOCAL|LODGE|ASS?N\b|ASSOC|COUNCIL|FEDERA|BROTHERHOOD|GUILD|COMMITT?EE|WORKERS|EMPLOYEES|EMPLEADOS|OFFICERS"
    r"|NURSES|TEACHERS|FACULTY|STAFF|ORGANIZATION|ORGANIZING|ALLIANCE|SOCIETY|LEAGUE|SINDICATO|TRABAJADORES|CENTRAL|CONGRESS|PROFESSIONALS"
    r"|COALITION|GUARDS|OPERATORS|EMPLOYEE|HERMANDAD|POLICE|BENEVOLENT|UNITED|UNIDAD|TECHNICIANS|ENGINEERS|ARTISTS|MECHANICS|COLLECTIVE"
)
NOBODY = re.compile(
    r"\bINDIVIDUAL\b|\bATTORNEYS?( AT LAW|$)|\bESQ\b|\bP ?C\b|\bLLP\b|\bPLLC\b|LAW (OFFICE|FIRM)|\bPETITIONERS?\b"
)
ABROAD = re.compile(
    r"\bINTERNATIONAL\b|\bINTL\b|\bNATIONAL\b|\bNORTH AMERICA\b|\bOF AMERICA\b|\bAMERICAN\b|\bUNITED STATES\b|\bNATIONWIDE\b"
)
OWN = re.compile(r"\bINDEP\w*")
FEDERATED = re.compile(r"\bAFL ?(AND )?CIO\b|\bA F L\b|\bAFL\b")
NUMBER = re.compile(
    r"\b(LOCAL|LOCALS|LOC|LODGE|DISTRICT|NO|NUMBER|COUNCIL)( UNION)?( NO| NUMBER)? ?(\d+|ONE|TWO|THREE)|\b\d{2,4}\b"
)
# Numbers that no pattern asks for are made alike, which halves the names to be searched.
TELLING = "1115|1199|890|1032|707|169|730|272|37|1707|9|250|399|174|760|2001|1000|32"
ANY_NUMBER = re.compile(rf"\b(?!({TELLING})[A-Z]*\b)\d+")
AT_HOME = re.compile(
    r"ASSOC|ASS?N\b|STAFF|FACULTY|COMMITT?EE|GUILD|BENEVOLENT|HOSPITAL|COLLEGE|UNIVERSITY|CITY|COUNTY|INC\b|COMPANY|\bCO\b|SINDICATO|TRABAJADORES"
)


def audit_stratum(names: pd.Series) -> pd.Series:
    """Return the stratum of each printed name in the coded sample: whether it holds a word of a federation's union."""
    ends = (r"\b" if word.isupper() else "" for word in AUDIT_WORDS)  # acronyms whole, other words from their beginning
    words = "|".join(rf"\b{re.escape(word)}{end}" for word, end in zip(AUDIT_WORDS, ends, strict=True))
    found = names.fillna("").str.contains(f"(?:{words})", case=False, regex=True)
    return found.map({True: "federation word", False: "no federation word"})


@functools.cache
def prepared(name: str) -> str:
    """Return a name in capitals without accents, with ``&`` as AND, signs as spaces, apostrophes and full stops dropped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    plain = re.sub(r"[.'`]", "", plain.replace("&", " AND "))
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", plain).split())


def family_of(name: str) -> Family | None:
    """Return the family that a prepared name belongs to, or None when it names none that is known."""
    return next((f for f, pattern in _compiled() if pattern.search(name)), None)


@functools.cache
def _compiled() -> tuple[tuple[Family, re.Pattern[str]], ...]:
    return tuple((f, re.compile(f.pattern)) for f in FAMILIES)


def code_on(family: Family, day: str) -> str:
    """Return the code of a family on a day written as ISO date; an empty day stands before all eras but the first."""
    return [code for first, code in family.eras if first <= day][-1]


def code_without_family(name: str) -> str:
    """Judge a prepared name that names no known union.

    In this order: a federation named makes it affiliated; a person, a law firm or nothing cannot be told; "independent" says so
    itself; national or international claims put it outside the federations; a local number without a word for one workplace or
    area cannot be told; the rest is independent.
    """
    if FEDERATED.search(name):
        return AFL_CIO
    if NOBODY.search(name) or not UNION_WORDS.search(name):
        return UNKNOWN
    if OWN.search(name):
        return INDEPENDENT
    if ABROAD.search(name):
        return OUTSIDE
    if NUMBER.search(name) and not AT_HOME.search(name):
        return UNKNOWN
    return INDEPENDENT


def classify(names: Iterable[str], days: Iterable[date | None]) -> pd.DataFrame:
    """Code each election.

    Parameters
    ----------
    names : iterable of str
        First union of each election, as printed; missing names are coded X.
    days : iterable of date or None
        Day of each election, or of its tally.

    Returns
    -------
    DataFrame with columns ``family`` (short name, or the words of the code where no family is known) and ``code``
        (A AFL-CIO, C Change to Win, N other national union, I independent, X cannot tell), one row for each name, default index.

    Raises
    ------
    ValueError
        If there are not as many days as names.
    """
    dates = pd.Series(list(days), dtype="datetime64[ns]").to_numpy().astype("datetime64[D]")
    written = np.where(np.isnat(dates), "", np.datetime_as_string(dates)).tolist()
    rows = [_coded(name if isinstance(name, str) else "", day) for name, day in zip(names, written, strict=True)]
    return pd.DataFrame(rows, columns=["family", "code"])


def _coded(name: str, day: str) -> tuple[str, str]:
    family, without = _text_part(name)
    return (family.name, code_on(family, day)) if family else (WORDS[without], without)


@functools.cache
def _text_part(name: str) -> tuple[Family | None, str]:
    return _judged(ANY_NUMBER.sub(lambda found: "0" * len(found.group()), prepared(name)))


@functools.cache
def _judged(text: str) -> tuple[Family | None, str]:
    family = family_of(text)
    return family, "" if family else code_without_family(text)
