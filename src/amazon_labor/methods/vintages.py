"""Forecasts in vintages: each release says something about several years, and may mean something else by the same words.

A **vintage** is one release. Vintages share a **scope** when they measure the same thing. A level of one scope is no
outcome for a forecast of another: the difference mixes the error with the change of definition. Growth within a vintage
is free of a scope that widens all years alike.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from amazon_labor.methods import growth

PAST = "estimate of a past year"


def scored(totals: pd.DataFrame, scopes: Mapping[str, str]) -> pd.DataFrame:
    """Set each forecast against the last estimate of its year once it was over.

    Parameters
    ----------
    totals : DataFrame
        Columns `year` (int), `vintage` (text that begins with the year of release and sorts by release), `value` and
        `status`, where `status` is ``"estimate of a past year"`` for outcomes; one row a year and vintage.
    scopes : mapping
        Vintage -> name of its scope; vintages that are not in it are left out.

    Returns
    -------
    DataFrame
        One row a forecast, by year and vintage: `year`, `vintage`, `years_ahead`, `forecast`, `outcome`,
        `outcome_vintage`, `error_percent` (forecast less outcome, percent of the outcome) and `same_scope`. The outcome
        is the last one within the forecast's scope; where there is none, the first after it in another scope, and
        `same_scope` is False. Forecasts without any later outcome are left out.

    Raises
    ------
    ValueError
        If a year has two values in one vintage.
    """
    kept = totals[totals["vintage"].isin(list(scopes))]
    if kept.duplicated(["year", "vintage"]).any():
        twice = kept[kept.duplicated(["year", "vintage"])].iloc[0]
        raise ValueError(
            f"{twice['year']} has two values in the vintage {twice['vintage']!r}; score one series at a time."
        )
    past = kept[kept["status"] == PAST]
    rows = []
    for _, forecast in kept[kept["status"] != PAST].sort_values(["year", "vintage"]).iterrows():
        vintage, year = str(forecast["vintage"]), int(forecast["year"])
        later = past[(past["year"] == year) & (past["vintage"] > vintage)].sort_values("vintage")
        own = later[later["vintage"].map(scopes) == scopes[vintage]]
        if later.empty:
            continue
        outcome = own.iloc[-1] if len(own) else later.iloc[0]
        rows.append(
            {
                "year": year,
                "vintage": vintage,
                "years_ahead": year - int(vintage[:4]),
                "forecast": float(forecast["value"]),
                "outcome": float(outcome["value"]),
                "outcome_vintage": outcome["vintage"],
                "error_percent": growth.percent_change(float(outcome["value"]), float(forecast["value"])),
                "same_scope": len(own) > 0,
            }
        )
    return pd.DataFrame(rows)


def revisions(totals: pd.DataFrame, scopes: Mapping[str, str]) -> pd.DataFrame:
    """Change of what is said of a year from one vintage to the next that has it.

    Parameters
    ----------
    totals, scopes
        As in `scored`; `status` is not needed.

    Returns
    -------
    DataFrame
        By year and vintage: `year`, `vintage` (the later one), `before` (the earlier one), `revision_percent` (of the
        earlier value) and `same_scope`.
    """
    kept = totals[totals["vintage"].isin(list(scopes))].sort_values(["year", "vintage"])
    earlier = kept.groupby("year")[["vintage", "value"]].shift()
    changes = pd.DataFrame(
        {
            "year": kept["year"],
            "vintage": kept["vintage"],
            "before": earlier["vintage"],
            "revision_percent": 100 * (kept["value"].astype(float) / earlier["value"].astype(float) - 1),
            "same_scope": kept["vintage"].map(scopes) == earlier["vintage"].map(scopes),
        }
    )
    return changes[earlier["vintage"].notna()].reset_index(drop=True)


def error_parts(base: float, forecast: float, base_outcome: float, outcome: float) -> dict[str, float]:
    """Split the error of a forecast between the level it started from and the growth it expected, in log points.

    Parameters
    ----------
    base, forecast : float
        Base year and target year, as the forecaster saw them in one vintage.
    base_outcome, outcome : float
        The same years as estimated later.

    Returns
    -------
    dict
        `error` of the forecast, `base` (start too high) and `growth` (too fast); the two add up to the error.
    """
    start = growth.log_change(base_outcome, base)
    faster = growth.log_change(base, forecast) - growth.log_change(base_outcome, outcome)
    return {"error": start + faster, "base": start, "growth": faster}


def growth_within(totals: pd.DataFrame) -> pd.DataFrame:
    """Growth from one year to the next inside each vintage, percent: rows vintages, columns the later year.

    `totals` has the columns `year`, `vintage` and `value`; years that do not follow each other give nothing.
    """
    wide = totals.pivot(index="vintage", columns="year", values="value").astype(float)
    wide = wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))
    return (100 * (wide / wide.shift(axis=1) - 1)).dropna(axis=1, how="all").dropna(axis=0, how="all")


def share_growth(first: float, last: float, years: float, total_growth: float) -> float:
    """Return the yearly growth, percent, that a part needs for its share to go from `first` to `last`.

    The part is share times total, so that its log growth is the sum of both: `total_growth` is that of the total, percent
    per year.
    """
    return growth.chain([growth.annual_rate(first, last, years), total_growth])


def mean_absolute(errors: pd.Series) -> float:
    """Return the mean absolute error; NaN without errors."""
    return float(np.abs(errors).mean())
