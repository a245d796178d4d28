"""The catalogue refuses every damaged file with a message that mends it, and types what it accepts."""

import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from amazon_labor import catalog, catalog_words
from amazon_labor.catalog import DataError

TABLE = "amazon/annual_results"
FILE = "data/amazon/annual_results.csv"
CLOUD = "economy/ecommerce_quarterly"


@pytest.fixture(autouse=True)
def _forget_reads() -> Any:
    catalog.reset()
    yield
    catalog.reset()


def swap(data: Path, old: str, new: str, name: str = TABLE) -> None:
    """Change text of a table in a copy, each occurrence once only."""
    file = data / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def rehash(data: Path, name: str = TABLE, **fields: Any) -> dict[str, Any]:
    """Record the damaged file as if it were meant, so that only its cells can give it away."""
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = [one for one in package["resources"] if catalog.catalogue_name(one) == name]
    raw = (data / resource["path"]).read_bytes()
    resource |= {"bytes": len(raw), "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"} | fields
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return resource


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def change(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"33364.0", b"33365.0"))


def mark(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())


def crlf(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def pointer(file: Path) -> None:
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", encoding="utf-8")


def remove(file: Path) -> None:
    file.unlink()


DAMAGE: list[tuple[Callable[[Path], None], str]] = [
    (truncate, "truncated"),
    (change, "content was changed"),
    (mark, "byte-order mark"),
    (crlf, "CRLF"),
    (pointer, "Git LFS pointer"),
    (remove, "missing"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGE, ids=[damage.__name__ for damage, _ in DAMAGE])
def test_a_damaged_file_is_refused_with_expected_found_and_mend(
    copied_data: Path, damage: Callable[[Path], None], words: str
) -> None:
    file = copied_data / "amazon" / "annual_results.csv"
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    size = file.stat().st_size
    damage(file)
    with pytest.raises(DataError) as error:
        catalog.load(TABLE)
    message = str(error.value)
    assert words in message.splitlines()[0]
    assert message.startswith(f"{FILE}: ")
    assert expected in message
    assert f"{size:,} bytes" in message
    assert f"git checkout -- {FILE}" in message
    found = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "nothing"
    assert re.search(rf"found: .*{found}", message)
    assert catalog.tables_read() == []


def test_a_damaged_gzip_file_is_refused(copied_data: Path) -> None:
    name = "elections/nlrb_elections"
    file = copied_data / f"{name}.csv.gz"
    raw = file.read_bytes()
    file.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(DataError, match=r"git checkout -- data/elections/nlrb_elections\.csv\.gz"):
        catalog.load(name)


def test_a_folder_in_place_of_a_table_is_refused(copied_data: Path) -> None:
    file = copied_data / "amazon" / "annual_results.csv"
    file.unlink()
    file.mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        catalog.load(TABLE)


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(DataError, match=r"'amazon/anual_results' is not known\. Did you mean 'amazon/annual_results'"):
        catalog.load("amazon/anual_results")
    with pytest.raises(DataError, match=r"column 'net_sale_musd' is not known\. Did you mean 'net_sales_musd'"):
        catalog.load(TABLE, columns=["net_sale_musd"])
    with pytest.raises(DataError, match="give a list"):
        catalog.load(TABLE, columns="net_sales_musd")
    with pytest.raises(DataError, match=r"vintage 'first relase' is not known\. Did you mean 'first release'"):
        catalog.load(CLOUD, vintage="first relase")
    with pytest.raises(DataError, match="no column `vintage`"):
        catalog.load(TABLE, vintage="2021")


def test_a_missing_or_broken_descriptor_is_told(copied_data: Path) -> None:
    (copied_data / "datapackage.json").write_text('{"resources": [', encoding="utf-8")
    with pytest.raises(DataError, match=r"git checkout -- data/datapackage\.json"):
        catalog.names()
    (copied_data / "datapackage.json").unlink()
    with pytest.raises(DataError, match=r"datapackage\.json"):
        catalog.names()


# Types -----------------------------------------------------------------------------------------------------------


def test_columns_are_typed_as_the_schema_says() -> None:
    frame = catalog.load(TABLE)
    assert frame["fiscal_year"].dtype == np.int64
    assert frame["fiscal_year_end"].dtype == np.dtype("datetime64[ns]")
    assert frame["net_sales_musd"].dtype == np.float64
    assert frame["employees_year_end"].dtype == pd.Int64Dtype()
    assert frame["source"].dtype == object
    assert catalog.load("amazon/injury_rates")["is_amazon"].dtype == np.bool_
    assert catalog.load("amazon/employer_headcounts")["persons"].dtype == np.int64
    row = frame.set_index("fiscal_year").loc[2021]
    assert (row["net_income_musd"], row["employees_year_end"]) == (33364.0, 1608000)
    assert row["fiscal_year_end"] == pd.Timestamp(2021, 12, 31)


@pytest.mark.parametrize("name", catalog.names())
def test_every_table_loads_whole_and_typed(name: str) -> None:
    frame = catalog.load(name, vintage="all") if "vintage" in _columns(name) else catalog.load(name)
    fields = catalog.describe(name)["schema"]["fields"]
    assert list(frame.columns) == [field["name"] for field in fields]
    allowed = {
        "string": {"object"},
        "integer": {"int64", "Int64"},
        "year": {"int64", "Int64"},
        "number": {"float64"},
        "date": {"datetime64[ns]"},
        "boolean": {"bool", "boolean"},
    }
    assert all(str(frame[field["name"]].dtype) in allowed[field["type"]] for field in fields)
    assert not frame.duplicated(catalog.describe(name)["schema"]["primaryKey"]).any()
    assert not any(np.isinf(frame[column]).any() for column in frame.select_dtypes("float64"))


def _columns(name: str) -> set[str]:
    return {field["name"] for field in catalog.describe(name)["schema"]["fields"]}


def test_words_that_look_missing_stay_words_and_empty_cells_are_missing(copied_data: Path) -> None:
    swap(copied_data, "unaudited press release", "NA", TABLE)
    rehash(copied_data)
    note = catalog.load(TABLE, columns=["fiscal_year", "note"]).set_index("fiscal_year")["note"]
    assert note.loc[2025].startswith("NA;")
    assert pd.isna(note.loc[2024])


def test_columns_come_in_the_order_asked_for() -> None:
    asked = ["net_income_musd", "fiscal_year"]
    assert list(catalog.load(TABLE, columns=asked).columns) == asked


def test_booleans_with_gaps_are_nullable(copied_data: Path) -> None:
    text = (copied_data / "amazon" / "injury_rates.csv").read_text(encoding="utf-8")
    (copied_data / "amazon" / "injury_rates.csv").write_text(text.replace(",true,", ",,", 1), encoding="utf-8")
    rehash(copied_data, "amazon/injury_rates")
    column = catalog.load("amazon/injury_rates")["is_amazon"]
    assert column.dtype == pd.BooleanDtype()
    assert column.isna().sum() == 1


# Vintages and provenance -------------------------------------------------------------------------------------------


def test_only_the_canonical_vintage_comes_unless_asked() -> None:
    canonical = catalog.describe(CLOUD)["canonical_vintage"]
    assert set(catalog.load(CLOUD)["vintage"]) == {canonical}
    everything = catalog.load(CLOUD, vintage="all")
    first = catalog.load(CLOUD, vintage="first release")
    assert len(everything) == len(catalog.load(CLOUD)) + len(first)
    assert set(first["vintage"]) == {"first release"}
    assert list(catalog.load(CLOUD, columns=["share_percent"]).columns) == ["share_percent"]
    assert len(catalog.load(CLOUD, columns=["share_percent"])) == len(catalog.load(CLOUD))
    assert len(catalog.load(CLOUD, vintage=[canonical, "first release"])) == len(everything)


def test_what_was_read_is_recorded_once_in_order() -> None:
    catalog.load(CLOUD)
    catalog.load(TABLE)
    catalog.load(CLOUD)
    catalog.load(CLOUD, vintage="all")
    records = catalog.tables_read()
    assert [(one.name, one.vintage) for one in records][0::2] == [
        (CLOUD, catalog.describe(CLOUD)["canonical_vintage"]),
        (CLOUD, "all"),
    ]
    record = records[1]
    raw = catalog.file_of(catalog.describe(TABLE)).read_bytes()
    assert (record.name, record.rows, record.bytes) == (TABLE, 31, len(raw))
    assert record.sha256 == hashlib.sha256(raw).hexdigest()
    assert record.publishers[0] == "Amazon.com, Inc."
    assert re.fullmatch(r"\d{4}\S* to \d{4}\S*", record.vintage)
    catalog.reset()
    assert catalog.tables_read() == []


def test_vintage_of_a_table_is_the_canonical_one_or_the_span_of_its_sources() -> None:
    def of(canonical: Any, *dates: str) -> str:
        return catalog_words.vintage_of(
            {"canonical_vintage": canonical, "sources": [{"vintage": date} for date in dates]}
        )

    assert of("2025-03") == "2025-03"
    assert of(["a", "b"]) == "a, b"
    assert of(None, "2021-04", "2019") == "2019 to 2021-04"
    assert of(None, "2001 to 2012", "undated") == "2001 to 2012"
    assert of(None, "2020") == "2020"
    assert of(None, "undated", "") == "undated"


def test_source_is_one_line_and_says_when_it_is_cut() -> None:
    assert catalog.source("amazon/income_tax") == "Amazon.com, Inc."
    line = catalog.source("amazon/timeline")
    assert re.search(r" and \d+ more$", line)
    assert "\n" not in line


def test_loading_does_not_import_pandera() -> None:
    code = f"import sys; from amazon_labor import catalog; catalog.load({TABLE!r}); sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Schema errors, all at once ----------------------------------------------------------------------------------------


def test_all_schema_errors_are_told_at_once_with_line_numbers(copied_data: Path) -> None:
    swap(copied_data, "2019,2019-12-31,280522.0,160408.0,", "2019,12/31/2019,-,(D),")
    swap(copied_data, "2020,2020-12-31,386064.0", '2020,2020-12-31,"386,064.0"')
    swap(copied_data, "2022,2022-12-31,513983.0", "2021,2022-12-31,-513983.0")
    swap(copied_data, ",pre_2022_split,", ",before the split,")
    swap(copied_data, "fiscal_year,fiscal_year_end,net_sales_musd", "fiscal_year,fiscal_year_end,net_sales_musd ")
    swap(copied_data, "net_sales_musd ,", "net_sales_musd,")
    with pytest.raises(DataError) as error:
        catalog.validate(TABLE)
    message = str(error.value)
    for words in (
        f"{FILE}: ",
        "fiscal_year_end is not a date written YYYY-MM-DD: line 26 '12/31/2019' (a spreadsheet rewrote the date)",
        "net_sales_musd is not a number: line 26 '-', line 27 '386,064.0'",
        "net_sales_musd is below 0: line 29 '-513983.0'",
        "product_sales_musd is not a number: line 26 '(D)' (a suppressed or missing value is an empty cell)",
        "eps_split_basis is not one of pre_2022_split, post_20_for_1_2022: line 13 'before the split'",
        "the key (fiscal_year) is not unique: lines 28, 29 share (2021)",
        f"git checkout -- {FILE}",
    ):
        assert words in message


def test_a_fault_that_passes_the_digest_is_explained_when_loading(copied_data: Path) -> None:
    swap(copied_data, "280522.0", "n/a")
    rehash(copied_data)
    with pytest.raises(DataError, match="net_sales_musd is not a number: line 26 'n/a'"):
        catalog.load(TABLE)


def test_header_faults_name_the_renamed_column(copied_data: Path) -> None:
    swap(copied_data, "net_sales_musd", "net_sales")
    with pytest.raises(
        DataError, match="'net_sales_musd' is missing; 'net_sales' is not in the schema: was it renamed"
    ):
        catalog.validate(TABLE)
    rehash(copied_data)
    with pytest.raises(DataError, match="was it renamed"):
        catalog.load(TABLE)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("fiscal_year,fiscal_year_end", "fiscal_year,fiscal_year", "names column 'fiscal_year' twice"),
        ("fiscal_year,fiscal_year_end", "fiscal_year_end,fiscal_year", "stand in another order"),
        ("2019,2019-12-31,280522.0,", "2019,2019-12-31,280522.0,,", "line 26 has 38 cells where the header has 37"),
        ("2019,2019-12-31,", "2019,2019-02-30,", "fiscal_year_end is not a date written YYYY-MM-DD: line 26"),
        ("2019,2019-12-31,", "19,2019-12-31,", "fiscal_year is not a year of four digits: line 26 '19'"),
        ("2019,2019-12-31,", "1019,2019-12-31,", "fiscal_year is below 1995: line 26 '1019'"),
        ("2019,2019-12-31,280522.0,", "2019,2019-12-31,,", "net_sales_musd is empty but required: line 26"),
        ("2019,2019-12-31,280522.0,", "2019,2019-12-31,1e400,", "net_sales_musd is not a number: line 26 '1e400'"),
        ("2019,2019-12-31,280522.0,", "2019,2019-12-31,nan,", "net_sales_musd is not a number: line 26 'nan'"),
        (",798000,", ",798000.5,", "employees_year_end is not a whole number: line 26 '798000.5'"),
        ("-1600.0,203.0,", "1600.0,203.0,", "interest_expense_musd is above 0: line 26 '1600.0'"),
    ],
)
def test_each_fault_is_named_with_its_line(copied_data: Path, old: str, new: str, words: str) -> None:
    swap(copied_data, old, new)
    with pytest.raises(DataError, match=re.escape(words)):
        catalog.validate(TABLE)


def test_the_form_of_the_file_is_checked_too(copied_data: Path) -> None:
    file = copied_data / "amazon" / "annual_results.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    with pytest.raises(DataError) as error:
        catalog.validate(TABLE)
    assert all(words in str(error.value) for words in ("byte-order mark", "CRLF", "the last line does not end"))
    file.write_bytes(file.read_bytes() + b"\xff")
    with pytest.raises(DataError, match="not readable as UTF-8"):
        catalog.validate(TABLE)


def test_pattern_and_boolean_faults(copied_data: Path) -> None:
    swap(copied_data, "FY2013,AWS", "FY 2013,AWS", "amazon/segments")
    with pytest.raises(DataError, match=r"period does not match .*: line \d+ 'FY 2013'"):
        catalog.validate("amazon/segments")
    swap(copied_data, ",true,", ",TRUE,", "amazon/injury_rates")
    with pytest.raises(DataError, match="is_amazon is not true or false"):
        catalog.validate("amazon/injury_rates")
    rehash(copied_data, "amazon/injury_rates")
    with pytest.raises(DataError, match="is_amazon is not true or false"):
        catalog.load("amazon/injury_rates")


def test_lines_are_counted_over_quoted_line_breaks(copied_data: Path) -> None:
    swap(copied_data, "line renamed technology and infrastructure", '"two\nlines"')
    swap(copied_data, "2024,2024-12-31,637959.0", "2024,2024-12-31,x")
    with pytest.raises(DataError, match="net_sales_musd is not a number: line 32 'x'"):
        catalog.validate(TABLE)


def test_many_faulty_cells_are_counted_not_listed(copied_data: Path) -> None:
    file = copied_data / "amazon" / "quarterly_results.csv"
    text = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([text[0], *(re.sub(r"-\d\d-\d\d,", "/x,", line, count=1) for line in text[1:])]))
    with pytest.raises(DataError, match=r"quarter_end is not a date .* and 109 more"):
        catalog.validate("amazon/quarterly_results")


def test_a_gzipped_table_is_validated_and_typed(copied_data: Path) -> None:
    plain = (copied_data / "amazon" / "income_tax.csv").read_bytes()
    (copied_data / "amazon" / "income_tax.csv.gz").write_bytes(gzip.compress(plain, mtime=0))
    expected = catalog.load("amazon/income_tax")
    (copied_data / "amazon" / "income_tax.csv").unlink()
    package = json.loads((copied_data / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["path"] == "amazon/income_tax.csv":
            resource["path"] += ".gz"
    (copied_data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    rehash(copied_data, "amazon/income_tax")
    catalog.validate("amazon/income_tax")
    pd.testing.assert_frame_equal(catalog.load("amazon/income_tax"), expected)
    (copied_data / "amazon" / "income_tax.csv.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(DataError, match="not readable"):
        catalog.validate("amazon/income_tax")
