"""How a profit changed: growth within rounding, a bridge that adds up, and the result without one gain."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from amazon_labor.methods.growth import percent_change


def growth_within_rounding(start: float, end: float, half_step: float) -> tuple[float, float]:
    """Lowest and highest percent change that two printed numbers allow.

    Parameters
    ----------
    start, end : float
        The numbers as printed.
    half_step : float
        Half a unit of their last place: 0.05 for numbers printed to one decimal.

    Returns
    -------
    tuple of float
        Percent; the true growth lies between them if both numbers were rounded correctly.
    """
    if half_step < 0:
        raise ValueError(f"half_step is {half_step!r}; it must not be negative.")
    return percent_change(start + half_step, end - half_step), percent_change(start - half_step, end + half_step)


def income_bridge(
    start: Mapping[str, float], end: Mapping[str, float], gain: float, segments: Sequence[str], tolerance: float = 1.0
) -> list[tuple[str, float, str]]:
    """Steps that lead from one year's net income to another's.

    Parameters
    ----------
    start, end : mapping
        For each year `net_income`, `pretax_income`, `tax`, `equity_method` and the operating income of every name in
        `segments`, all in one unit. `tax` is positive when it is a cost.
    gain : float
        Part of the change of non-operating income that is shown as a step of its own, before tax.
    segments : sequence of str
        Names of the segments whose operating incomes add up to the company's.
    tolerance : float
        How far the steps may miss the end through rounding in the filings.

    Returns
    -------
    list of (name, amount, kind)
        The first and last are of kind ``total``, the others of kind ``step``; the change of non-operating income other
        than the gain is the residual of pre-tax income over operating income.

    Raises
    ------
    ValueError
        If the pre-tax income, tax and equity-method result of a year do not give its net income within `tolerance`.
    """
    for label, year in (("start", start), ("end", end)):
        implied = year["pretax_income"] - year["tax"] + year["equity_method"]
        if abs(implied - year["net_income"]) > tolerance:
            raise ValueError(
                f"{label}: pre-tax income less tax gives {implied!r}, but net income is {year['net_income']!r}."
            )
    change = {name: end[name] - start[name] for name in start}
    other = change["pretax_income"] - sum(change[s] for s in segments) - gain + change["equity_method"]
    steps = [(s, change[s], "step") for s in segments]
    steps += [("gain", gain, "step"), ("other non-operating", other, "step"), ("taxes", -change["tax"], "step")]
    return [("start", start["net_income"], "total"), *steps, ("end", end["net_income"], "total")]


def without_gain(net_income: float, gain: float, tax_rate: float | np.ndarray) -> np.ndarray:
    """Net income had a gain not been made, for one or many tax rates on that gain.

    Parameters
    ----------
    net_income, gain : float
        One unit; the gain is before tax and negative when it was a loss.
    tax_rate : float or array
        Share of the gain that was or will be taxed away, 0 to 1.

    Raises
    ------
    ValueError
        If a rate lies outside 0 to 1.
    """
    rate = np.asarray(tax_rate, dtype=float)
    if not np.all((rate >= 0) & (rate <= 1)):
        raise ValueError(f"tax_rate is {tax_rate!r}; it must lie between 0 and 1.")
    return net_income - gain * (1 - rate)


def benefit_measures(levels: pd.DataFrame, ratios: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Every way to say who gained most between two years: in money, in percent, and in ratios.

    Parameters
    ----------
    levels : DataFrame
        Index company; columns a MultiIndex (measure, "start" | "end"), levels in one unit per measure.
    ratios : mapping
        Name of a ratio to its (numerator, denominator) among the measures, for example an operating margin; the change
        of the ratio in percentage points is one more measure.

    Returns
    -------
    DataFrame
        One row per measure and kind: `measure`, `kind` ("change", "growth" or "points"), then one column per company.
        Growth is missing where a starting value is not positive.
    """
    rows = []
    for measure in levels.columns.get_level_values(0).unique():
        first, last = levels[measure, "start"], levels[measure, "end"]
        growth = (100 * (last / first - 1)).where(first > 0)
        rows += [
            {"measure": measure, "kind": "change", **(last - first)},
            {"measure": measure, "kind": "growth", **growth},
        ]
    for name, (top, bottom) in ratios.items():
        points = 100 * (levels[top, "end"] / levels[bottom, "end"] - levels[top, "start"] / levels[bottom, "start"])
        rows.append({"measure": name, "kind": "points", **points})
    return pd.DataFrame(rows)


def ranks(measures: pd.DataFrame, companies: Sequence[str]) -> pd.DataFrame:
    """Rank the companies within each row, 1 for the largest gain; ties share the better rank.

    A row with a missing value is ranked among the companies that have one.
    """
    return measures[list(companies)].rank(axis=1, ascending=False, method="min")
