"""Chance that a union wins an election, by its independence, the size of the unit, the year and the state.

The logit of `logit` on the regressors of the literature on Board elections (Farber 2001; Bronfenbrenner and Juravich 1998): the
logarithm of the number of eligible voters and its powers, dummies of year and state, and dummies of interest. A year or state
with few elections, or with one outcome only, joins a common level, because its dummy would predict the outcome perfectly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from amazon_labor.methods import logit

Floats = NDArray[np.float64]
REST = "rest"
CENTRE = np.log(25.0)  # eligible voters of a common unit; centring keeps the powers apart


@dataclass(frozen=True)
class WinModel:
    """A fitted model of winning.

    Attributes
    ----------
    result : logit.Logit
        Coefficients in the order of `columns`.
    columns : tuple of str
        ``one``, the dummies of interest, ``log size`` and its powers, then ``factor=level``.
    dummies : tuple of str
        Dummies of interest.
    powers : int
        Powers of log size.
    levels : dict of factor to tuple of levels
        The first is the base; ``rest`` holds the rare ones.
    design : sparse array
        Regressors the model was fitted to.
    """

    result: logit.Logit
    columns: tuple[str, ...]
    dummies: tuple[str, ...]
    powers: int
    levels: dict[str, tuple[str, ...]]
    design: sparse.csr_array

    def matrix(self, elections: pd.DataFrame) -> sparse.csr_array:
        """Regressors of other elections; a level the model does not know counts as ``rest``, or as the base without one."""
        return design(elections, self.dummies, self.powers, self.levels)

    def effect(self, dummy: str, level: float = 90) -> logit.Estimate:
        """Average marginal effect of a dummy of interest on the chance of a win, fraction of 1."""
        return self.result.switch(self.design, self.columns.index(dummy), level)

    def chance(self, elections: pd.DataFrame) -> Floats:
        """Predicted chance for each election."""
        return self.result.chance(self.matrix(elections))

    def prediction(self, election: pd.DataFrame, level: float = 90) -> logit.Estimate:
        """Chance for one election with its interval."""
        return self.result.prediction(self.matrix(election).toarray()[0], level)


def fit(
    elections: pd.DataFrame,
    dummies: Sequence[str] = ("independent",),
    *,
    factors: Sequence[str] = ("year", "state"),
    powers: int = 2,
    clusters: Sequence[ArrayLike] | None = None,
    rarest: int = 30,
) -> WinModel:
    """Fit the model.

    Parameters
    ----------
    elections : DataFrame
        Columns ``won`` (0 or 1), ``size`` (eligible voters, at least 1), the dummies (0 or 1) and the factors.
    dummies : sequence of str
        Dummies of interest.
    factors : sequence of str
        Columns entered as one dummy for each level but the most common one.
    powers : int
        Powers of the logarithm of size: 1 a line, 2 a bend.
    clusters : sequence of arrays, optional
        One or two ways to cluster the errors; by default the state.
    rarest : int
        Elections that a level needs to have a dummy.

    Raises
    ------
    ValueError
        If a unit has no voter, or a dummy does not vary.
    """
    if (elections["size"] < 1).any():
        raise ValueError("fit: a unit without eligible voters has no logarithm of its size; leave it out.")
    for name in dummies:
        if elections[name].nunique() < 2:
            raise ValueError(f"fit: {name!r} is the same in all {len(elections)} elections; its effect does not exist.")
    levels = {f: _levels(elections[f], elections["won"], rarest) for f in factors}
    X = design(elections, dummies, powers, levels)
    groups = [elections["state"].to_numpy()] if clusters is None else clusters
    result = logit.fit(X, elections["won"].to_numpy(float), groups)
    named = [f"{f}={level}" for f, known in levels.items() for level in known[1:]]
    columns = ("one", *dummies, *(f"log size^{k}" for k in range(1, powers + 1)), *named)
    return WinModel(result, columns, tuple(dummies), powers, levels, X)


def design(
    elections: pd.DataFrame, dummies: Sequence[str], powers: int, levels: dict[str, tuple[str, ...]]
) -> sparse.csr_array:
    """Return the regressors: ones, dummies, powers of the centred log of size, dummies of the levels but the first."""
    log_size = np.log(elections["size"].to_numpy(float)) - CENTRE
    columns = [np.ones(len(elections)), *(elections[name].to_numpy(float) for name in dummies)]
    columns += [log_size**k for k in range(1, powers + 1)]
    blocks = [sparse.csr_array(np.column_stack(columns))]
    for factor, known in levels.items():
        codes = pd.Index(known).get_indexer(pd.Index(elections[factor].astype(str)))
        codes = np.where(codes < 0, known.index(REST) if REST in known else 0, codes)
        dummies_of_factor = sparse.csr_array(
            (np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), len(known))
        )
        blocks.append(dummies_of_factor[:, 1:])
    return sparse.csr_array(sparse.hstack(blocks))


def _levels(values: pd.Series, won: pd.Series, rarest: int) -> tuple[str, ...]:
    """Levels with enough elections and both outcomes, most common first; the others are the rest, which needs both too."""
    table = won.astype(float).groupby(values.astype(str)).agg(["count", "mean"]).sort_values("count", ascending=False)
    usable = (table["count"] >= rarest) & table["mean"].between(0, 1, inclusive="neither")
    kept, others = table[usable], table[~usable]
    if kept.empty:
        return (REST,)
    wins, n = (others["count"] * others["mean"]).sum(), others["count"].sum()
    return (*kept.index, REST) if n >= rarest and 0 < wins < n else tuple(kept.index)


def calibration(chance: ArrayLike, won: ArrayLike, groups: int = 10) -> pd.DataFrame:
    """Compare predicted and observed shares in groups of equal size by predicted chance.

    Returns
    -------
    DataFrame with columns ``predicted`` (mean chance), ``observed`` (share won), ``wins``, ``elections``, lowest chance first.
    """
    p, y = np.asarray(chance, dtype=float), np.asarray(won, dtype=float)
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, groups)
    rows = [(p[part].mean(), y[part].mean(), y[part].sum(), len(part)) for part in parts]
    return pd.DataFrame(rows, columns=["predicted", "observed", "wins", "elections"])


def brier(chance: ArrayLike, won: ArrayLike) -> float:
    """Mean squared difference of chance and outcome (Brier 1950); the share won alone scores share times its rest."""
    return float(np.mean((np.asarray(chance, dtype=float) - np.asarray(won, dtype=float)) ** 2))


def area(chance: ArrayLike, won: ArrayLike) -> float:
    """Chance that a won election had a higher prediction than a lost one, ties half (area under the curve of Hanley and McNeil)."""
    p, y = np.asarray(chance, dtype=float), np.asarray(won, dtype=bool)
    ranks = pd.Series(p).rank().to_numpy()
    wins = int(y.sum())
    return float((ranks[y].sum() - wins * (wins + 1) / 2) / (wins * (len(y) - wins)))
