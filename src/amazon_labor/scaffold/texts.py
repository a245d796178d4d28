"""The files of a new notebook as text: a method with its test, a scenario, and the cells of the contract."""

import json
from string import Template
from typing import Any

from amazon_labor.runner import normalise
from amazon_labor.scaffold.plan import Plan

METHOD = '''"""The range that holds the middle of some values: the method of the notebook `$name`, to be replaced by its own.

The range from the quantile ``(1 - s) / 2`` to the quantile ``(1 + s) / 2`` holds the share `s` of the values. Quantiles between
two values are interpolated along a line (definition 7 of Hyndman and Fan 1996, American Statistician 50: 361-365).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Middle:
    """Number of values, their median, and the ends of the range; in the unit of the values."""

    count: int
    low: float
    median: float
    high: float


def middle_range(values: ArrayLike, percent: float) -> Middle:
    """Return the range that holds the middle `percent` of the values.

    Parameters
    ----------
    values : array_like, shape (n,)
        Finite numbers, at least one, in any order.
    percent : float
        Share of the values that the range holds, above 0 and below 100.

    Raises
    ------
    ValueError
        If there are no values, one is not finite, or `percent` is not between 0 and 100.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size == 0 or not np.isfinite(numbers).all():
        raise ValueError("values must be finite numbers, at least one.")
    if not 0 < percent < 100:
        raise ValueError(f"percent is {percent!r}; it lies between 0 and 100.")
    outside = (100 - percent) / 2
    low, median, high = np.percentile(numbers, [outside, 50, 100 - outside])
    return Middle(int(numbers.size), float(low), float(median), float(high))
'''

TEST = '''"""The middle range against a closed form: on 0, 1, ..., 100 a percentile is its own number."""

import pytest

from amazon_labor.methods import $name


def test_the_middle_of_evenly_spaced_values_is_known():
    found = $name.middle_range(range(101), 80)
    assert (found.count, found.low, found.median, found.high) == (101, 10, 50, 90)


def test_between_two_values_the_range_is_interpolated():
    found = $name.middle_range([0, 1], 50)
    assert (found.low, found.median, found.high) == (0.25, 0.5, 0.75)


def test_the_order_of_the_values_is_irrelevant():
    assert $name.middle_range([3, 1, 2], 60) == $name.middle_range([1, 2, 3], 60)


@pytest.mark.parametrize(("values", "percent"), [([], 80), ([1, float("nan")], 80), ([1, 2], 0), ([1, 2], 100)])
def test_what_has_no_middle_is_refused(values, percent):
    with pytest.raises(ValueError, match=r"values must be finite|percent is"):
        $name.middle_range(values, percent)
'''

SCENARIO = """
# ---- $name ----

[$name.wider]
about = "A range that holds nearly all values instead of most"
middle = 95
"""

OPENING = """# $title

**$question**

The skeleton of a notebook: it runs, and everything in it waits to be replaced. Say here what the statement under test claims, in your own words, and why it matters.

After this notebook you can

- load a table by its name in the catalogue and know where it comes from,
- describe the values of a column by their median and the range of their middle."""

PARAMETERS = "middle: int = 80  # share of the values that the range holds, percent; 50 to 98"

START = """import numpy as np
import pandas as pd

from amazon_labor import catalog, charts, results, tables, wording
from amazon_labor.methods import $name

results.start("$name"$article)
TABLE, COLUMN, UNIT = "$table", "$column", $unit"""

WHY = """## The values

**Why.** Before a column is used in a comparison its values must be known: how many there are, where their middle lies, how far they spread. A range of quantiles needs no assumption about their distribution."""

LOAD = """values = catalog.load(TABLE)[COLUMN].dropna().astype(float)
found = $name.middle_range(values, middle)
results.emit("values", found.count, "count", note=f"{COLUMN} of {TABLE}")
results.emit("median_value", found.median, UNIT, low=found.low, high=found.high, level=middle, note="range of the middle")"""

FIGURE = """shares = np.linspace(0, 100, len(values))
curve = pd.DataFrame({"share_percent": shares, "value": np.sort(values)})
fig = charts.Figure(
    id="values",
    title="The middle of the values and their ends",
    subtitle=f"{COLUMN}, {UNIT}: values in order, by the percent of values below them",
    source=catalog.source(TABLE), table=TABLE, data=curve,
    alt=results.sentence("Line chart of {n} values in order. They rise from {a} to {b}, and the median is {m}.",
                         n=str(found.count), a=wording.number(values.min()), b=wording.number(values.max()), m=wording.number(found.median)),
)"""

DRAW = """ax = fig.axes()
charts.line(ax, curve["share_percent"], curve["value"])
charts.percent_axis(ax, "x")
charts.unit_axis(ax, UNIT)
fig.show()"""

SAY = """results.say("The median of {values} values is {median_value:u}; {share} percent of them lie between {low} and {high}.",
            share=str(middle), low=wording.number(found.low), high=wording.number(found.high))"""

ROBUSTNESS = """## Robustness

How much does the range depend on the share chosen?"""

TRIED = """rows = [(share, *vars($name.middle_range(values, share)).values()) for share in (50, 80, 95)]
columns = ["Share", "Values", "Low", "Median", "High"]
tables.show(pd.DataFrame(rows, columns=columns), f"Range of the middle of {COLUMN}",
            units={"Share": "percent", "Low": UNIT, "Median": UNIT, "High": UNIT})"""

LIMITS = """## What this does and does not show

- **It shows** the spread of one column of one table, with the table's own definitions.
- **It does not show** why the values differ, nor how sure each of them is.

## Exercises"""

EXERCISE = "**Exercise 1.** Replace the column by another one of the same table. What changes in the sentence above?"
SOLUTION = "Change `COLUMN` and `UNIT` in the second code cell and run all cells; `amazon-labor data describe $table` lists the columns."


def method(plan: Plan) -> str:
    """Text of the method file."""
    return _filled(METHOD, plan)


def test(plan: Plan) -> str:
    """Text of the test of the method."""
    return _filled(TEST, plan)


def scenario(plan: Plan) -> str:
    """Lines for the file of scenarios."""
    return _filled(SCENARIO, plan)


def notebook(plan: Plan) -> str:
    """Text of the notebook file, without outputs."""
    cells = [
        _cell("markdown", OPENING),
        _cell("code", PARAMETERS, "parameters"),
        _cell("code", START),
        _cell("markdown", WHY),
        *(_cell("code", text) for text in (LOAD, FIGURE, DRAW, SAY)),
        _cell("markdown", ROBUSTNESS),
        _cell("code", TRIED),
        _cell("markdown", LIMITS),
        _cell("markdown", EXERCISE, "exercise"),
        _cell("markdown", SOLUTION, "solution"),
        _cell("code", "results.sources()", "sources"),
    ]
    for one in cells:
        one["source"] = _filled(one["source"], plan)
    own = {"name": plan.name, "number": plan.number, "part": plan.part}
    return normalise.dump(normalise.normalise({"cells": cells, "metadata": {"amazon_labor": own}}))


def _cell(kind: str, source: str, *tags: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _filled(text: str, plan: Plan) -> str:
    article = f', article="{plan.article}"' if plan.article else ""
    words = {name: getattr(plan, name) for name in ("name", "title", "question", "table", "column")}
    return Template(text).substitute(words, unit=json.dumps(plan.unit, ensure_ascii=False), article=article)
