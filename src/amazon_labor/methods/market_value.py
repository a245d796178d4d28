"""Market capitalisation from closing prices and share counts on one split basis."""

import re

import numpy as np
import pandas as pd

# what `split_basis` says -> ratio that brings the count to the present basis
SPLIT = re.compile(r"before the (\d+)-for-1 split")
# a sum over all classes is the company; single classes and counts with unvested awards are not
PARTIAL = re.compile(r"Class [ABC]\Z|underlying stock awards")


def split_adjusted(shares: pd.DataFrame) -> pd.DataFrame:
    """Share counts of whole companies on the present split basis, one a day.

    Parameters
    ----------
    shares : DataFrame
        Columns `date`, `ticker`, `shares`, `split_basis`, `share_classes`, `kind_of_count`, as in
        ``markets/big_five_shares_outstanding``.

    Returns
    -------
    DataFrame
        `ticker`, `date`, `shares` (float) and `kind_of_count`, sorted by date; single classes and counts that hold
        unvested awards are left out; where a day has several counts a filing goes before a data vendor's.
    """
    kept = shares[~shares["share_classes"].str.contains(PARTIAL)].copy()
    ratio = kept["split_basis"].str.extract(SPLIT)[0].astype(float).fillna(1.0)
    kept["shares"] = kept["shares"].astype(float) * ratio
    kept["vendor"] = kept["kind_of_count"].str.contains("Yahoo")
    first = kept.sort_values(["ticker", "date", "vendor"]).drop_duplicates(["ticker", "date"])
    return first.sort_values("date")[["ticker", "date", "shares", "kind_of_count"]].reset_index(drop=True)


def market_value(prices: pd.DataFrame, counts: pd.DataFrame, max_gap_days: int = 100) -> pd.DataFrame:
    """Multiply each close by the nearest share count.

    Parameters
    ----------
    prices : DataFrame
        `ticker`, `date`, `close` in US dollars, adjusted for splits but not for dividends (a dividend-adjusted price
        understates the past).
    counts : DataFrame
        Result of `split_adjusted`.
    max_gap_days : int
        A close further than this from any count has no value: counts drift by some percent a year.

    Returns
    -------
    DataFrame
        `ticker`, `date`, `close`, `shares`, `count_date`, `gap_days` and `value` in trillion US dollars (missing where
        no count is near), sorted by ticker and date.

    Raises
    ------
    ValueError
        If `max_gap_days` is negative.
    """
    if max_gap_days < 0:
        raise ValueError(f"max_gap_days is {max_gap_days!r}; it must not be negative.")
    left = prices[["ticker", "date", "close"]].sort_values("date")
    right = counts[["ticker", "date", "shares"]].sort_values("date").assign(count_date=lambda t: t["date"])
    joined = pd.merge_asof(left, right, on="date", by="ticker", direction="nearest")
    joined["gap_days"] = (joined["date"] - joined["count_date"]).abs().dt.days
    value = joined["close"] * joined["shares"] / 1e12
    joined["value"] = value.where(joined["gap_days"] <= max_gap_days, np.nan)
    return joined.sort_values(["ticker", "date"]).reset_index(drop=True)


def growth_range(start: float, end: float, count_error: float) -> tuple[float, float]:
    """Least and most growth in percent when the share count of either day may be off by `count_error` percent.

    The errors of the two days are free of each other, which is the widest case: a vendor's mistake that is the same on
    both days cancels out of the growth.

    Raises
    ------
    ValueError
        If the value at the start is not positive, or the error is not from 0 to below 100 percent.
    """
    if not start > 0:
        raise ValueError(f"start is {start!r}; it must be positive for a relative change.")
    if not 0 <= count_error < 100:
        raise ValueError(f"count_error is {count_error!r}; allowed are 0 to below 100 percent.")
    factor = (1 - count_error / 100) / (1 + count_error / 100)
    return 100 * (end / start * factor - 1), 100 * (end / start / factor - 1)
