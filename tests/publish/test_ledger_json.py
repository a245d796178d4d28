"""The ledger as JSON: valid by its schema, and the same as the CSV."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import samples

from amazon_labor.publish import ledger, ledger_json

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "ledger.schema.json"


@pytest.fixture(scope="module")
def rows() -> list[Any]:
    return samples.rows()


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_is_what_its_schema_says(rows, validator) -> None:
    record = json.loads(ledger_json.text(rows))
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(record)] == []
    assert len(record["claims"]) == len(rows) > 0
    assert sum(v["count"] for v in record["verdicts"].values()) == len(rows)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), "true"),
        (("id",), "Two Words"),
        (("holds", "of"), -1),
        (("computed", "value"), "3"),
        (("more",), 1),
    ],
)
def test_the_schema_refuses_what_a_ledger_is_not(rows, validator, path: tuple[str, ...], value: Any) -> None:
    record = json.loads(ledger_json.text(rows))
    place = record["claims"][0]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert not validator.is_valid(record)


def test_it_says_the_same_as_the_csv(rows) -> None:
    claims = json.loads(ledger_json.text(rows))["claims"]
    table = list(csv.DictReader(io.StringIO(ledger.text(rows))))
    for one, row in zip(claims, table, strict=True):
        assert (one["id"], one["verdict"]) == (row["claim_id"], row["verdict"])
        for name in ("value", "low", "high"):
            text = row["computed" if name == "value" else name]
            assert one["computed"][name] == (float(text) if text else None)
        assert str(one["holds"]["true"]) == row["holds_true"]


def test_numbers_have_ten_digits_and_integers_stay_integers(rows) -> None:
    row = replace(rows[0], value=1 / 3, low=2.0, high=None)
    computed = json.loads(ledger_json.text([row]))["claims"][0]["computed"]
    assert computed["value"] == 0.3333333333
    assert computed["low"] == 2
    assert isinstance(computed["low"], int)
    assert computed["high"] is None
