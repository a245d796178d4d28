"""How a published result is computed from other inputs than itself: the functions named in results.csv."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from amazon_labor import catalog
from amazon_labor.methods import concentration, growth, panel, rate_comparison

CELL = re.compile(r"(?P<table>[a-z_]+/[a-z0-9_]+)\[(?P<where>[^\]]+)\]\.(?P<column>\w+)")


@cache
def table(name: str) -> pd.DataFrame:
    """A table in every vintage; a text form of each column is what the conditions are compared with."""
    columns = [field["name"] for field in catalog.describe(name)["schema"]["fields"]]
    return catalog.load(name, vintage="all" if "vintage" in columns else None)


def as_text(column: pd.Series) -> pd.Series:
    """Dates as days, everything else as printed."""
    return column.dt.strftime("%Y-%m-%d") if column.dtype.kind == "M" else column.astype(str)


def cell(text: str) -> float:
    """The one value that `table[column=value,...].column` names, or the number itself.

    Raises
    ------
    LookupError
        When the conditions leave no row, or several.
    """
    found = CELL.fullmatch(text)
    if found is None:
        return float(text)
    rows = table(found["table"])
    for condition in re.split(r",(?=\w+=)", found["where"]):
        name, _, value = condition.partition("=")
        texts = as_text(rows[name])
        # a month stands for its last trading day, whichever that was
        rows = rows[texts.str.startswith(value) if name == "date" and len(value) == 7 else texts == value]
    if len(rows) != 1:
        raise LookupError(f"{text}: {len(rows)} rows")
    return float(rows[found["column"]].iloc[0])


@cache
def fitted(kind: str) -> Any:
    """An estimator of the wage panel with the controls of the textbook; errors classic, as in the F statistics printed."""
    data = table("unions/wage_panel").set_index(["person", "year"]).astype(float)
    years = data.index.get_level_values("year")
    dummies = pd.DataFrame({f"year {y}": (years == y).astype(float) for y in range(1981, 1988)}, index=data.index)
    controls = ["schooling_years", "black", "hispanic", "experience_years", "experience_squared", "married", "union"]
    return panel.estimate(kind, data["log_hourly_wage"], dummies.join(data[controls]), clustered=False)


def wage_panel(inputs: str) -> float:
    """`unions/wage_panel: kind, coefficient`, the coefficient F being the overall F statistic."""
    kind, name = inputs.partition(": ")[2].split(", ")
    return float(fitted(kind).f_statistic.stat if name == "F" else fitted(kind).params[name])


def _halves(values: list[float]) -> tuple[float, float]:
    half = len(values) // 2
    return sum(values[:half]), sum(values[half:])


RECIPES: Mapping[str, Callable[[list[float]], float]] = {
    "growth.points": lambda v: growth.points(*v),
    "growth.percent_change": lambda v: growth.percent_change(*v),
    "growth of a sum": lambda v: growth.percent_change(*_halves(v)),
    "change of a rate": lambda v: growth.points(100 * v[0] / v[1], 100 * v[2] / v[3]),
    "share in percent": lambda v: 100 * v[0] / v[1],
    "share of a sum in percent": lambda v: 100 * v[0] / sum(v),
    "difference in thousands": lambda v: (v[0] - v[1]) / 1000,
    "ratio": lambda v: v[0] / v[1],
    "panel.premium": lambda v: float(panel.premium(np.log(v[0] / v[1]))),
    "concentration.hhi": lambda v: concentration.hhi(v),
    "rate_comparison.e_value": lambda v: rate_comparison.e_value(*v),
}


def compute(function: str, inputs: str) -> float:
    """The result of a row of results.csv."""
    if function == "panel.estimate":
        return wage_panel(inputs)
    return RECIPES[function]([cell(text) for text in inputs.split("; ")])
