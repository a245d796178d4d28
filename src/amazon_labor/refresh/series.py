"""What every adapter delivers: one series with its observations, values as the source wrote them."""

from dataclasses import dataclass, field
from decimal import Decimal

FREQUENCIES = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Observation:
    """Value of one period; `date` is the first day of the period, ``None`` a period the source lists without a value."""

    date: str
    value: Decimal | None
    note: str = ""
    end: str = ""  # last day of the period, where the source says it
    annual: bool = False  # an annual average that stands beside months or quarters


@dataclass(frozen=True)
class Series:
    """A series as fetched: `unit` and `title` are empty where the interface does not tell them."""

    identifier: str
    observations: tuple[Observation, ...]
    unit: str = ""
    title: str = ""

    @property
    def valued(self) -> tuple[Observation, ...]:
        """Observations that have a value."""
        return tuple(o for o in self.observations if o.value is not None)


@dataclass(frozen=True)
class Wanted:
    """A series of a recipe: where its values go in the table.

    `where` are the columns, and their words, that tell the rows of this series from others; `column` takes the value,
    multiplied by `scale`. `reduce` is empty, ``mean_of_year`` or ``month_end``. `title` holds words that the title
    must contain, for identifiers nobody has confirmed yet; `unit` is the unit the interface should name.
    """

    identifier: str
    column: str
    every: str
    where: dict[str, str] = field(default_factory=dict)
    scale: Decimal = Decimal(1)
    reduce: str = ""
    unit: str = ""
    title: str = ""
    concepts: tuple[str, ...] = ()
    span: str = ""
    pick: str = "latest"
    decimals: int | None = None
