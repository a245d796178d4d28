"""Agreement of two coders, and what a checked sample says about a rule applied to everything.

Cohen's kappa (1960) with the large-sample error of Fleiss, Cohen and Everitt (1969); for a stratified sample the weighted joint
table with draws. Precision and recall of a rule come from a sample whose strata and rule answers have known sizes: each cell
has its own share, with a Beta draw under the prior of Jeffreys, so that a cell without a single miss still allows some. A share
or an effect measured through a rule with errors is then put right on the assumption that the errors do not depend on the
outcome (Aigner 1973).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance: 1 is full, 0 is what the two distributions of codes would give by themselves.

    `agreed` and `expected` are shares of rows; `error` is the large-sample standard error, from which `low` and `high`.
    """

    value: float
    error: float
    low: float
    high: float
    agreed: float
    expected: float


@dataclass(frozen=True)
class Shares:
    """What a rule's answers are worth: estimates and draws, as fractions of 1.

    Attributes
    ----------
    precision : float
        Share of the rule's yes that is truly yes.
    missed : float
        Share of the rule's no that is truly yes.
    recall : float
        Share of all that is truly yes which the rule calls yes.
    draws : DataFrame
        One column for each of the three, one row for each draw.
    """

    precision: float
    missed: float
    recall: float
    draws: pd.DataFrame

    def interval(self, name: str, level: float = 90) -> tuple[float, float]:
        """Central interval of a column of the draws, widened to hold the estimate."""
        tail = 0.5 - level / 200
        low, high = self.draws[name].quantile([tail, 1 - tail])
        return min(float(low), getattr(self, name)), max(float(high), getattr(self, name))


def kappa(first: ArrayLike, second: ArrayLike, level: float = 90) -> Kappa:
    """Cohen's kappa of two codings of the same rows.

    Raises
    ------
    ValueError
        If the codings differ in length or all rows have one code from both, for which kappa does not exist.
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(f"kappa: the codings have {a.size} and {b.size} rows.")
    codes = np.union1d(a, b)
    joint = np.array([[np.mean((a == i) & (b == j)) for j in codes] for i in codes])
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    agreed, expected = float(np.trace(joint)), float(rows @ columns)
    if expected >= 1:
        raise ValueError("kappa: every row has the same code from both; agreement beyond chance is not defined.")
    value = (agreed - expected) / (1 - expected)
    error = float(np.sqrt(max(0.0, _variance(joint, rows, columns, value, expected)) / a.size))
    reach = float(stats.norm.ppf(0.5 + level / 200)) * error
    return Kappa(value, error, max(-1.0, value - reach), min(1.0, value + reach), agreed, expected)


def _variance(joint: Floats, rows: Floats, columns: Floats, value: float, expected: float) -> float:
    """Variance of one row's share in kappa (Fleiss, Cohen and Everitt 1969, equation 13)."""
    both = rows[:, None] + columns[None, :]
    on = float((np.diag(joint) * (1 - np.diag(both) * (1 - value)) ** 2).sum())
    weights = (columns[:, None] + rows[None, :]) ** 2
    off = float((joint * weights).sum() - (np.diag(joint) * np.diag(weights)).sum()) * (1 - value) ** 2
    return (on + off - (value - expected * (1 - value)) ** 2) / (1 - expected) ** 2


def rule_shares(sample: pd.DataFrame, sizes: pd.Series, draws: int = 4000, seed: int = 0) -> Shares:
    """Precision and recall of a yes-or-no rule from a stratified, checked sample.

    Parameters
    ----------
    sample : DataFrame with columns stratum, answer, truth
        `answer` is the rule's: "yes", "no" or "none"; `truth` is 0, 1 or between when the checkers differ.
    sizes : Series of int, indexed by (stratum, answer)
        Rows of the population in each cell. A cell without a checked row takes the share of its answer in all strata.
    draws : int
        Draws behind the intervals.

    Raises
    ------
    ValueError
        If an answer of the population has no checked row, and so no share.
    """
    checked = sample.groupby(["stratum", "answer"])["truth"].agg(["sum", "count"])
    pooled = sample.groupby("answer")["truth"].agg(["sum", "count"])
    found = pd.DataFrame(
        [checked.loc[c] if c in checked.index else pooled.reindex([c[1]]).iloc[0] for c in sizes.index]
    )
    if found["count"].isna().any():
        raise ValueError(f"rule_shares: no checked row with the answer {sizes.index[found['count'].isna()][0][1]!r}.")
    hits, n = found["sum"].to_numpy(float), found["count"].to_numpy(float)
    drawn = np.random.default_rng(seed).beta(hits + 0.5, n - hits + 0.5, size=(draws, len(n)))
    answers, size = sizes.index.get_level_values("answer").to_numpy(), sizes.to_numpy(float)
    columns = _from_cells(drawn, size, answers)
    point = _from_cells((hits / n)[None, :], size, answers)
    precision, missed, recall = (float(point[c][0]) for c in ("precision", "missed", "recall"))
    return Shares(precision, missed, recall, pd.DataFrame(columns))


def _from_cells(true: Floats, size: Floats, answers: NDArray[np.object_]) -> dict[str, Floats]:
    yes, no = answers == "yes", answers == "no"
    positive = true * size
    return {
        "precision": positive[:, yes].sum(axis=1) / size[yes].sum(),
        "missed": positive[:, no].sum(axis=1) / size[no].sum(),
        "recall": positive[:, yes].sum(axis=1) / positive.sum(axis=1),
    }


def undiluted(difference: ArrayLike, precision: ArrayLike, missed: ArrayLike) -> Floats:
    """Difference between two true groups from that between two groups told apart by a rule with errors.

    Each of the rule's groups is a mixture: yes holds `precision` of the true ones, no holds `missed` of them. If the errors are
    unrelated to the outcome, the measured difference is the true one times ``precision - missed``.

    Raises
    ------
    ValueError
        If the rule is no better than chance.
    """
    telling = np.asarray(precision, dtype=float) - np.asarray(missed, dtype=float)
    if (telling <= 0).any():
        raise ValueError("undiluted: the rule's yes holds no more true cases than its no.")
    return np.asarray(difference, dtype=float) / telling
