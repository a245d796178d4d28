"""The data of a figure in words: right numbers at the right rows, and nothing where nothing can be said."""

from amazon_labor.publish.describe import describe


def csv(head: str, rows: list[str]) -> str:
    return "\n".join([head, *rows]) + "\n"


def test_a_series_has_its_ends_and_its_extremes() -> None:
    rows = [f"{1990 + k},{(k - 4) ** 2}" for k in range(20)]
    assert describe(csv("year,rate", rows)) == [
        "20 rows, year 1990 to 2009.",
        "rate: from 16 to 225; lowest 0 (1994), highest 225 (2009).",
    ]


def test_rows_in_no_order_have_no_ends_and_are_called_by_their_words() -> None:
    rows = [f"S{k % 7},{'men' if k % 2 else 'women'},{100 - k}.5" for k in range(15)]
    found = describe(csv("state,sex,share", rows))
    assert found[0] == "15 rows."
    assert found[1] == "share: lowest 86.5 (S0, women), highest 100.5 (S0, women)."


def test_blanks_are_passed_over_and_years_carry_no_comma() -> None:
    rows = [f"c{k:02d},{'' if k == 0 else -k},{1970 + k},5" for k in range(14)]
    assert describe(csv("country,change,since,same", rows)) == [
        "14 rows.",
        "change: lowest −13 (c13), highest −1 (c01).",
        "since: lowest 1970 (c00), highest 1983 (c13).",
        "same: 5 throughout.",
    ]


def test_few_rows_words_only_and_what_is_no_table() -> None:
    assert describe(csv("a,b", ["1,2"] * 12)) == []
    assert describe(csv("a", [str(k) for k in range(30)])) == []
    assert describe(csv("a,b", [f"{k:02d},word" for k in range(30)])) == ["30 rows, a 00 to 29."]
    assert describe(csv("a,b", [f"200{k // 12}-{k % 12 + 1:02d},word" for k in range(30)])) == [
        "30 rows, a 2000-01 to 2002-06."
    ]
    assert describe("") == []
    assert describe("x" * 200_000) == []
    assert describe(csv("a,b", [f"{k},{'inf' if k else 'nan'}" for k in range(30)])) == ["30 rows, a 0 to 29."]


def test_many_columns_are_counted() -> None:
    head = ",".join(["year", *(f"c{k}" for k in range(11))])
    found = describe(csv(head, [",".join([str(1990 + r), *(str(r * k) for k in range(11))]) for r in range(15)]))
    assert len(found) == 10
    assert found[-1] == "3 more columns of numbers."
