"""What a count of ballots decides: shares, bounds over challenged ballots, votes that would have had to change.

A union wins a Board election with a majority of the valid votes; a tie loses (National Labor Relations Act, section 9(a)).
Challenged ballots are put aside and opened only if they could change the result. A count is complete, so that it has no sampling
error: what is uncertain is how the unopened ballots would have come out, which the bounds cover without any assumption (Manski
2003).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Count:
    """One count.

    Attributes
    ----------
    votes_for, votes_against : int
        Valid votes.
    challenged : int
        Ballots put aside and not opened.
    void : int
        Ballots without a valid mark.
    eligible : int
        Voters on the list; 0 when unknown.

    Raises
    ------
    ValueError
        If a number is negative or no vote is valid.
    """

    votes_for: int
    votes_against: int
    challenged: int = 0
    void: int = 0
    eligible: int = 0

    def __post_init__(self) -> None:
        if min(self.votes_for, self.votes_against, self.challenged, self.void, self.eligible) < 0:
            raise ValueError(f"Count: no number of ballots is negative, yet one is in {self}.")
        if self.votes_for + self.votes_against == 0:
            raise ValueError("Count: without a valid vote there is no result.")

    @property
    def valid(self) -> int:
        return self.votes_for + self.votes_against

    @property
    def margin(self) -> int:
        """Votes for less votes against."""
        return self.votes_for - self.votes_against

    @property
    def won(self) -> bool:
        return self.margin > 0

    @property
    def share(self) -> float:
        """Votes for over valid votes, percent."""
        return 100 * self.votes_for / self.valid

    @property
    def bounds(self) -> tuple[float, float]:
        """Share of the union with every challenged ballot against it, and with every one for it, percent."""
        counted = self.valid + self.challenged
        return 100 * self.votes_for / counted, 100 * (self.votes_for + self.challenged) / counted

    @property
    def decided(self) -> bool:
        """Whether the challenged ballots could not change the result, however they came out."""
        return self.margin > self.challenged if self.won else self.margin + self.challenged <= 0

    @property
    def to_switch(self) -> int:
        """Fewest voters who would have had to vote the other way to turn the result."""
        return (self.margin + 1) // 2 if self.won else -self.margin // 2 + 1

    @property
    def to_join(self) -> int:
        """Fewest further votes for the losing side, with none for the other, that would have turned the result."""
        return self.margin if self.won else 1 - self.margin

    @property
    def needed(self) -> int:
        """Fewest challenged ballots for the union that make it the winner; more than there are when none would."""
        return max(0, (self.challenged - self.margin) // 2 + 1)

    @property
    def cast(self) -> int:
        """Ballots accounted for: valid, challenged and void."""
        return self.valid + self.challenged + self.void

    def of_eligible(self, number: int) -> float:
        """A number of ballots as percent of the eligible voters; nan when these are unknown."""
        return 100 * number / self.eligible if self.eligible else float("nan")

    def chance(self, leaning: ArrayLike) -> Floats:
        """Chance of a win if all challenged ballots were opened and each were for the union with chance `leaning`."""
        p = np.asarray(leaning, dtype=float)
        if ((p < 0) | (p > 1)).any():
            raise ValueError("chance: a leaning lies between 0 and 1.")
        return np.asarray(stats.binom.sf(self.needed - 1, self.challenged, p))


def wins(chances: Sequence[float]) -> Floats:
    """Distribution of the number of wins in independent votes with unequal chances (Poisson binomial).

    Returns
    -------
    array of length n + 1
        Probability of 0 to n wins.

    Raises
    ------
    ValueError
        If a chance lies outside 0 to 1.
    """
    p = np.asarray(chances, dtype=float)
    if ((p < 0) | (p > 1)).any():
        raise ValueError("wins: a chance lies between 0 and 1.")
    mass = np.ones(1)
    for chance in p:
        mass = np.convolve(mass, [1 - chance, chance])
    return mass
