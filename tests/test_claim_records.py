"""The stored outputs of the notebooks and the committed ledger, made again from nothing but the values they hold."""

import csv
import json
from typing import Any

import pytest

from amazon_labor import claim_rule, claim_words, claims, mime, paths
from amazon_labor.claims import Estimate
from amazon_labor.publish import ledger as ledger_file

Bundle = dict[str, Any]


def stored() -> list[Bundle]:
    """Data bundles of all checks in the committed notebooks, in their order."""
    return [
        output["data"]
        for path in sorted(paths.notebooks_dir().glob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if mime.CLAIM in output.get("data", {})
    ]


@pytest.fixture(autouse=True)
def _fresh(shown: list[Bundle]) -> Any:
    claims.reset()
    yield
    claims.reset()


@pytest.fixture
def records() -> dict[str, Bundle]:
    return {b[mime.CLAIM]["id"]: b[mime.CLAIM] for b in stored()}


def table(name: str) -> list[dict[str, str]]:
    with (paths.data_dir() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def test_check_makes_the_stored_output_of_every_claim_again(shown: list[Bundle]) -> None:
    bundles = stored()
    assert len(bundles) == sum(bool(row["notebook"]) for row in table("claims.csv"))
    for bundle in bundles:
        record = bundle[mime.CLAIM]
        values, lost = {}, {}
        for reading in record["interpretations"]:
            if reading["value"] is None:
                lost[reading["name"]] = reading["why_unavailable"]
            elif reading["level"] is None:
                values[reading["name"]] = reading["value"]
            else:
                values[reading["name"]] = Estimate(*(reading[k] for k in ("value", "low", "high", "level")))
        found = claims.check(
            record["id"], values, record["unit"], unavailable=lost,
            reason=record["reason"], figure=record["figure"], table=record["table"],
        )  # fmt: skip
        again = shown[-1]
        assert again[mime.CLAIM] == record
        for kind in ("text/plain", "text/html"):
            assert again[kind] == "".join(bundle[kind])
        holds = record["holds_under"]
        fields = (found.claim_id, found.verdict, found.words, found.computed, found.true, found.of, found.reason)
        expected = (*(record[k] for k in ("id", "verdict", "verdict_words", "computed")), holds["true"], holds["of"])
        assert fields == (*expected, record["reason"])
        assert found.record is again[mime.CLAIM]
    assert list(claims.checked()) == [b[mime.CLAIM]["id"] for b in bundles]


def test_the_committed_ledger_follows_from_the_stored_outputs(records: dict[str, Bundle]) -> None:
    committed = (paths.reports_dir() / "ledger.csv").read_text(encoding="utf-8")
    assert ledger_file.text(claims.ledger(records, {})) == committed


def test_a_row_takes_every_field_from_its_claim_and_its_record(records: dict[str, Bundle]) -> None:
    files = {path.stem[3:]: path.name for path in paths.notebooks_dir().glob("*.ipynb")}
    for row, claim in zip(claims.ledger(records, {}), table("claims.csv"), strict=True):
        record = records.get(row.claim_id, {})
        for name in ("claim_id", "section", "topic", "kind", "notebook", "statement", "wording", "statistic"):
            assert getattr(row, name) == claim[name]
        same_unit = claim["unit"] == claim["statistic_unit"] and claim["stated_value"][:1].isdigit()
        assert row.stated_value == (float(claim["stated_value"]) if same_unit else None)
        assert (row.order, row.stated, row.unit) == (int(claim["order"]), claim["stated_text"], claim["statistic_unit"])
        assert (row.lower, row.upper) == (number(claim["lower"]), number(claim["upper"]))
        assert row.tables == tuple(t.strip() for t in claim["tables"].split(";") if t.strip())
        assert row.notebook_file == files.get(claim["notebook"])
        assert row.figure == record.get("figure")
        assert row.interpretations == tuple(record.get("interpretations", ()))
        assert row.computed == record.get("computed", "")
        assert row.verdict_words == claim_rule.WORDS[row.verdict]
        readings = row.interpretations
        assert row.holds_of == sum(r["value"] is not None for r in readings)
        assert row.holds_true == sum(r["holds"] is True for r in readings)
        assert row.holds_lost == sum(r["value"] is None for r in readings)
        assert row.holds_text == claim_words.holds_text(row.holds_true, row.holds_of, row.holds_lost)


def test_tables_of_claims_are_read_cell_by_cell() -> None:
    loaded = claims.load_claims()
    rows = table("claims.csv")
    assert list(loaded) == [row["claim_id"] for row in rows]
    for claim, row in zip(loaded.values(), rows, strict=True):
        for name in set(row) - {"order", "lower", "upper", "tables"}:
            assert getattr(claim, name) == row[name], (claim.claim_id, name)
    readings = claims.load_interpretations()
    for reading, row in zip(readings, table("claim_interpretations.csv"), strict=True):
        claim = loaded[row["claim_id"]]
        assert (reading.claim_id, reading.interpretation) == (row["claim_id"], row["interpretation"])
        assert (reading.status, reading.own, reading.reason) == (row["status"], row["own"] == "true", row["reason"])
        own_bounds = bool(row["lower"] or row["upper"])
        bounds = (number(row["lower"]), number(row["upper"])) if own_bounds else (claim.lower, claim.upper)
        assert (reading.lower, reading.upper) == bounds
        assert reading.unit == (row["unit"] or claim.statistic_unit)
    one = "density-1980"
    assert claims.load_interpretations(one) == [r for r in readings if r.claim_id == one]
    with pytest.raises(claims.ClaimError, match=r"^claims: there is no claim 'density' in data/claims\.csv\."):
        claims.load_interpretations("density")


def test_coverage_of_all_stored_records(records: dict[str, Bundle]) -> None:
    rows = table("article_numbers.csv")
    found = claims.coverage(records)
    named = [row for row in rows if row["claim_ids"]]
    assert (found.total, found.covered, found.judged) == (len(rows), len(named), len(named))
    assert found.uncovered == tuple((row["printed"], row["reason"]) for row in rows if not row["claim_ids"])
    assert found.waiting == ()
    for printed, row in zip(claims.load_article_numbers(), rows, strict=True):
        assert (printed.order, printed.character) == (int(row["order"]), int(row["character"]))
        assert (printed.printed, printed.reason) == (row["printed"], row["reason"])
        assert printed.claim_ids == tuple(c.strip() for c in row["claim_ids"].split(";") if c.strip())
