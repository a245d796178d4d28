"""What a notebook emits: one name, one number, one unit, and sentences that cannot name what was not computed."""

import math

import numpy as np
import pytest

from amazon_labor import mime, results
from amazon_labor.results import ResultError


def test_emit_shows_a_badge_and_carries_the_number(shown):
    returned = results.emit(
        "density_2021", np.float64(10.268), "percent", low=10.0, high=10.5, digits=1, note="annual average"
    )
    assert returned == 10.268
    record = shown[0][mime.NUMBER]
    assert record == {
        "name": "density_2021",
        "value": 10.268,
        "unit": "percent",
        "low": 10.0,
        "high": 10.5,
        "level": 90,
        "digits": 1,
        "note": "annual average",
        "printed": "10.3",
    }
    assert shown[0]["text/plain"] == "density_2021 = 10.3 percent (90% interval 10.0 to 10.5); annual average"


def test_the_stored_value_has_ten_significant_digits(shown):
    results.emit("third", 1 / 3, "ratio")
    assert shown[0][mime.NUMBER]["value"] == 0.3333333333


def test_badges_escape_markup(shown):
    results.emit("x", 1, "<script>", note="<b>")
    assert "<script>" not in shown[0]["text/html"]
    assert "&lt;script&gt;" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"name": "Density", "value": 1, "unit": "percent"}, "not snake_case"),
        ({"name": "x=1;import os", "value": 1, "unit": "percent"}, "not snake_case"),
        ({"name": "x", "value": 1, "unit": " "}, "no unit"),
        ({"name": "x", "value": math.nan, "unit": "percent"}, "finite"),
        ({"name": "x", "value": "12a", "unit": "percent"}, "not a number"),
        ({"name": "x", "value": 1, "unit": "percent", "low": 0}, "one end of an interval"),
        ({"name": "x", "value": 3, "unit": "percent", "low": 0, "high": 2}, "does not hold its value"),
        ({"name": "x", "value": 1, "unit": "percent", "low": math.nan, "high": 2}, "finite"),
    ],
)
def test_emit_refuses(shown, kwargs, message):
    with pytest.raises(ResultError, match=message):
        results.emit(**kwargs)
    assert shown == []
    assert results.emitted() == {}


def test_a_name_is_emitted_once(shown):
    results.emit("x", 1, "percent")
    with pytest.raises(ResultError, match="emitted before as 1"):
        results.emit("x", 2, "percent")


def test_say_makes_sentences_of_emitted_numbers(shown):
    results.emit("growth", 187.919, "percent", digits=1)
    results.emit("change", -2.5, "percentage points", low=-3, high=-2, digits=1)
    results.say("Rose {growth:u}; {change:+} ({change:abs}); {change:ci}; {firm} {n:0}.", firm="Amazon", n=np.int64(3))
    assert shown[-1] == {"text/markdown": "Rose 187.9 percent; −2.5 (2.5); −2.5 (−3.0 to −2.0); Amazon 3."}


def test_say_names_the_nearest_number(shown):
    results.emit("net_income_growth", 1, "percent")
    with pytest.raises(ResultError, match="Did you mean 'net_income_growth'"):
        results.say("{net_income_grwth}")


def test_say_refuses_an_interval_that_was_not_given(shown):
    results.emit("x", 1, "percent")
    with pytest.raises(ResultError, match="no interval"):
        results.say("{x:ci}")


def test_start_forgets_what_an_earlier_run_emitted(shown):
    results.start("amazon_profits")
    results.emit("x", 1, "percent")
    results.start("amazon_profits")
    assert results.emitted() == {}
    assert results.notebook() == "amazon_profits"
    results.emit("x", 2, "percent")


def test_sources_lists_the_tables_read(shown):
    from amazon_labor import catalog

    results.start("amazon_profits")
    catalog.load("amazon/annual_results")
    results.sources()
    assert [r["name"] for r in shown[-1][mime.TABLES]] == ["amazon/annual_results"]
    assert "amazon/annual_results" in shown[-1]["text/plain"]
    assert '<th scope="row">amazon/annual_results</th>' in shown[-1]["text/html"]
