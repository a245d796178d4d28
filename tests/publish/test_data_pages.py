"""Pages of tables: what they say of a table, and that a damaged or hostile one says nothing it should not."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from amazon_labor import paths
from amazon_labor.publish import data_pages, page
from amazon_labor.runner import digests

CSV = b'year,members\n1983,17.7\n2021,"14,0"\n1990,\n'


def resource(raw: bytes = CSV, **changes: Any) -> dict[str, Any]:
    fields = [
        {"name": "year", "type": "year", "description": "Year", "constraints": {"required": True, "minimum": 1983}},
        {"name": "members", "type": "number", "unit": "million", "description": "Members | <b>", "constraints": {}},
    ]
    source = {
        "title": "A release",
        "path": "https://www.bls.gov/x",
        "publisher": "BLS",
        "copy_read": "a copy",
        "key": "a",
    }
    made = {
        "path": "unions/members.csv",
        "title": "Members <i>",
        "description": "One row is a year.",
        "licenses": [{"name": "other-pd", "title": "Public domain"}],
        "sources": [source | {"vintage": "2022", "licence": "public domain", "accessed": "2026-01-01"}],
        "schema": {"fields": fields, "primaryKey": ["year"], "missingValues": [""]},
        "canonical_vintage": None,
        "notebooks": [11],
        "corrections": [{"date": "2026-01-02", "key": {"year": "2021"}, "column": "members", "old": "", "new": "14.0", "reason": "a slip"}],
        "known_doubts": ["The count of 2020 is odd."],
        "refresh": {"kind": "bls", "last_period": "2021"},
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
    }  # fmt: skip
    return made | changes


def table(raw: bytes = CSV, **changes: Any) -> data_pages.Table:
    return data_pages.Table("unions/members", resource(raw, **changes), raw, "data/unions/members.csv")


def rendered(one: data_pages.Table, sources: dict[str, Any] | None = None) -> str:
    return data_pages.render_table(one, sources or {}, [None, None])


def test_facts_are_those_of_the_file() -> None:
    found = data_pages.facts(table())
    assert found is not None
    assert (found.rows, found.columns, found.period) == (3, ("year", "members"), "1983 to 2021")
    assert found.first[1] == ("2021", "14,0")


@pytest.mark.parametrize(
    ("cells", "fields", "key", "period"),
    [
        ("when\n2020Q1\n2019Q4\n", {"when": "string"}, ["when"], "up to 2021"),
        ("period\nJuly 2020\n2019\n", {"period": "string"}, ["period"], "2019 to 2020"),
        ("read,date\n2026-01-01,2020-05-01\n2026-01-01,2020-03-01\n", {"read": "date", "date": "date"}, ["date"], "2020-03-01 to 2020-05-01"),
        ("a\n1\n", {"a": "number"}, ["a"], "up to 2021"),
        ("year\n2021\n", {"year": "year"}, ["year"], "2021"),
        ("year\n", {"year": "year"}, ["year"], "up to 2021"),
    ],
)  # fmt: skip
def test_the_period_is_that_of_the_column_that_says_when(
    cells: str, fields: dict[str, str], key: list[str], period: str
) -> None:
    schema = {"fields": [{"name": n, "type": t, "description": ""} for n, t in fields.items()], "primaryKey": key}
    found = data_pages.facts(table(cells.encode(), schema=schema))
    assert found is not None
    assert found.period == period


def test_a_page_says_what_the_package_says() -> None:
    one = replace(
        table(),
        readers=(data_pages.Reader(11, "Density", "11_x.html"), data_pages.Reader(12, "Young", "")),
        claims=(data_pages.Judged("density-1980", "Around 23 percent", "fails"),),
    )
    html = rendered(one)
    for words in (
        "Members &lt;i&gt;", "3 by 2", "1983 to 2021", "At least 1983.", "<td>million</td>", "Members | &lt;b&gt;", "The count of 2020 is odd.",
        "(empty)", "a slip", '<a href="../11_x.html">11 Density</a>', "no result in this build", '<a href="../index.html#density-1980">',
        "Does not hold", 'href="https://www.bls.gov/x"', "Public domain", "<td>a copy <small>read 2026-01-01</small></td>", hashlib.sha256(CSV).hexdigest(),
    ):  # fmt: skip
        assert words in html, words


def test_a_small_file_is_a_download_of_its_very_bytes_and_a_large_one_is_named() -> None:
    found = re.search(r'<a download="members.csv" href="data:text/csv;base64,([^"]+)"', rendered(table()))
    assert found
    assert base64.b64decode(found[1]) == CSV
    large = b"year,members\n" + b"1983,17.7\n" * 4000
    assert "<a download" not in rendered(table(large))
    assert "take it from the repository, <code>data/unions/members.csv</code>" in rendered(table(large))


@pytest.mark.parametrize("raw", [CSV + b"2022,1\n", b"", b"\xff\xfe", None])
def test_a_file_that_is_not_the_one_described_shows_no_row_and_is_no_download(raw: bytes | None) -> None:
    one = replace(table(), raw=raw)
    html = rendered(one)
    assert data_pages.facts(one) is None
    assert "The file here is not the one that the package describes" in html
    assert "17.7" not in html
    assert "<a download" not in html


def test_a_compressed_file_is_read_and_a_damaged_one_is_not() -> None:
    raw = gzip.compress(CSV, mtime=0)
    one = data_pages.Table(
        "unions/members", resource(raw, path="unions/members.csv.gz"), raw, "data/unions/members.csv.gz"
    )
    found = data_pages.facts(one)
    assert found is not None
    assert found.rows == 3
    assert "<a download" not in rendered(one)
    cut = raw[:-9]
    assert data_pages.facts(replace(one, raw=cut, resource=resource(cut))) is None


@pytest.mark.parametrize(
    "path", ["javascript:alert(1)", "http://example.org/", "https://x.org/ (closed)", 'https://x.org/"onclick=']
)
def test_only_plain_https_addresses_become_links(path: str) -> None:
    source = resource()["sources"][0] | {"path": path}
    html = rendered(table(sources=[source]))
    assert "https://www.bls.gov" not in html
    assert not re.search(r'href="(?:javascript|http:|https://x)', html)


def test_an_entry_of_several_texts_is_taken_apart_unless_that_makes_the_page_heavy() -> None:
    row = {
        "publisher": "BLS",
        "url_of_the_original": "https://a.b/c",
        "where_read": "w",
        "published_date": "1999",
        "licence_or_terms": "l",
        "accessed": "d",
    }
    few = {key: row | {"title": f"Text {key}"} for key in ("a", "b")}
    entry = resource()["sources"][0] | {"key": "a;b", "title": "2 texts"}
    html = rendered(table(sources=[entry]), few)
    assert "Text a" in html
    assert "Text b" in html
    assert "2 texts" not in html
    many = {key: row | {"title": "T" * 40_000} for key in ("a", "b")}
    assert "2 texts" in rendered(table(sources=[entry]), many)  # fmt: skip


def test_the_list_has_every_table_once_by_folder() -> None:
    other = data_pages.Table("work/hours", resource(path="work/hours.csv"), None, "data/work/hours.csv")
    html = data_pages.render_tables([table(), other])
    assert "2 tables, 3 rows" in html
    assert '<a href="unions-members.html">' in html
    assert "1 file is not what the package describes" in html
    assert html.index('id="unions"') < html.index('id="work"')


def test_addresses_are_flat_and_safe() -> None:
    assert page.table_address("unions/wage_panel") == "data/unions-wage_panel.html"
    assert page.table_address('x"/../<b>') == "data/x-b-.html"


@pytest.fixture(scope="module")
def every() -> list[data_pages.Table]:
    made = []
    for name, one in sorted(digests.descriptors().items()):
        file = digests.resource_file(one)
        made.append(data_pages.Table(name, one, file.read_bytes(), file.relative_to(paths.root()).as_posix()))
    return made


def test_every_table_of_the_collection_has_a_light_page(every) -> None:
    sources = {row["key"]: row for row in digests.rows("sources.csv")}
    heavy = {}
    for one in every:
        html = data_pages.render_table(one, sources, [None, None])
        weight = len(html.encode()) - sum(map(len, re.findall(r'href="(data:[^"]*)"', html)))
        if weight > data_pages.LIGHT:
            heavy[one.name] = weight
        assert one.resource["title"] in html.replace("&#39;", "'").replace("&amp;", "&")
        assert f"{json.dumps(one.name)[1:-1]}" in html
    assert heavy == {}
    assert len(data_pages.render_tables(every).encode()) <= data_pages.LIGHT
    assert [t.name for t in every if data_pages.facts(t) is None] == []
