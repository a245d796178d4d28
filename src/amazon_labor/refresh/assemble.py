"""From series to a table: the rows of the vintage in use, with the values of the source in place of the old ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from amazon_labor.refresh.errors import ContentError
from amazon_labor.refresh.recipe import Recipe
from amazon_labor.refresh.rows import Row, number, ordered, value
from amazon_labor.refresh.series import Observation, Series, Wanted

MONTHS = 12


@dataclass(frozen=True)
class Labels:
    """Words that constants of a recipe may hold: the name of the vintage and the key of its source."""

    vintage: str
    source: str


def reduced(wanted: Wanted, series: Series, gaps: Sequence[str]) -> Series:
    """Bring a series to the frequency of the table.

    Annual averages beside months are left out, or are all that is kept where the table is annual. A mean of a year
    needs twelve months, less those known not to be published; the last day of a month with an observation stands for
    the month.
    """
    if wanted.reduce == "month_end":
        return replace(series, observations=tuple(_month_ends(series)))
    if wanted.reduce == "mean_of_year":
        return replace(series, observations=tuple(_year_means(series, wanted, gaps)))
    annual_table = wanted.every == "year"
    has_annual = any(o.annual for o in series.observations)
    if not has_annual:
        return series
    return replace(series, observations=tuple(o for o in series.observations if o.annual == annual_table))


def period(recipe: Recipe, observation: Observation) -> Row:
    """Cells that tell the period."""
    date = observation.date
    if recipe.period_as == "year_quarter":
        return {"year": date[:4], "quarter": str((int(date[5:7]) - 1) // 3 + 1)}
    if recipe.period == "year":
        return {"year": date[:4]}
    if recipe.period_as == "month":
        return {recipe.period: date[:7]}
    return {recipe.period: date[:4] if recipe.period == "fiscal_year" else date}


def base_values(recipe: Recipe, wanted: Wanted, rows: Sequence[Row]) -> dict[str, Decimal]:
    """Values of the vintage in use by period, those of a series; of several vintages the last."""
    found: dict[str, Decimal] = {}
    chosen = [row for row in rows if row[wanted.column] and _is(row, wanted.where)]
    if recipe.new_vintage:
        chosen = sorted(chosen, key=lambda row: row["vintage"])
    for row in chosen:
        found[period_of(recipe, row)] = value(row[wanted.column])
    return found


def period_of(recipe: Recipe, row: Mapping[str, str]) -> str:
    """Period of a row as `new_values` writes it."""
    if recipe.period_as == "year_quarter":
        return f"{row['year']}-{int(row['quarter']) * 3 - 2:02d}-01"
    value = row[recipe.period]
    return f"{value}-01-01" if len(value) == 4 else f"{value}-01" if len(value) == 7 else value


def new_values(wanted: Wanted, series: Series) -> dict[str, Decimal]:
    """Values of the source by period, in the unit of the table."""
    return {o.date: o.value * wanted.scale for o in series.observations if o.value is not None}


def table(
    recipe: Recipe, resource: Mapping[str, Any], base: Sequence[Row], fetched: Sequence[Series], labels: Labels
) -> tuple[list[Row], list[Row]]:
    """Return the rows of the new table, and those among them that the source touched.

    Parameters
    ----------
    base : sequence of rows
        The table of the vintage in use; it is not changed.
    fetched : sequence of Series
        One for each series of the recipe, brought to the frequency of the table.
    """
    rows = [dict(row) for row in base]
    kinds = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    touched: dict[int, Row] = {}
    for wanted, series in zip(recipe.series, fetched, strict=True):
        rows = _without_open_months(wanted, rows)
        index = _index(recipe, wanted, rows, labels)
        for observation in _taken(recipe, wanted, series, rows):
            key = tuple(period(recipe, observation).values())
            row = index.get(key)
            if row is None:
                row = _new_row(recipe, wanted, observation, rows, list(kinds), labels)
                rows.append(row)
                index[key] = row
            assert observation.value is not None
            cell = number(observation.value * wanted.scale, kinds[wanted.column], wanted.decimals)
            if not row[wanted.column] or value(row[wanted.column]) != value(cell):
                row[wanted.column] = cell
            row.update(_constants(recipe, wanted, observation, labels))
            touched[id(row)] = row
    return ordered(resource, rows), list(touched.values())


def _taken(recipe: Recipe, wanted: Wanted, series: Series, rows: Sequence[Row]) -> Iterator[Observation]:
    """Observations that go into the table: those with a value; for a table that only grows, those after its last."""
    last = max((period_of(recipe, r) for r in rows if _is(r, wanted.where)), default="") if recipe.append else ""
    return (o for o in series.valued if o.date > last)


def _index(recipe: Recipe, wanted: Wanted, rows: Sequence[Row], labels: Labels) -> dict[tuple[str, ...], Row]:
    """Rows of a series by period; where a new vintage stands beside the old ones, only its own."""
    columns = ("year", "quarter") if recipe.period_as == "year_quarter" else (recipe.period,)
    own = [row for row in rows if _is(row, wanted.where)]
    if recipe.new_vintage:
        own = [row for row in own if row["vintage"] == labels.vintage]
    index: dict[tuple[str, ...], Row] = {}
    for row in own:
        key = tuple(row[c] for c in columns)
        if key in index:
            raise ContentError(
                f"{recipe.table}: two rows of {wanted.identifier} have the period {' '.join(key)}; the recipe's `where` "
                f"({wanted.where or 'nothing'}) does not tell them apart."
            )
        index[key] = row
    return index


def _new_row(
    recipe: Recipe, wanted: Wanted, observation: Observation, rows: Sequence[Row], names: list[str], labels: Labels
) -> Row:
    row = dict.fromkeys(names, "")
    like = [one for one in rows if _is(one, wanted.where)]
    if like:
        nearest = max(like, key=lambda one: period_of(recipe, one))
        row |= {column: nearest[column] for column in recipe.carry}
    return row | wanted.where | period(recipe, observation) | _constants(recipe, wanted, observation, labels)


def _constants(recipe: Recipe, wanted: Wanted, observation: Observation, labels: Labels) -> Row:
    words = {"vintage": labels.vintage, "source": labels.source, "end": observation.end, "series": wanted.identifier}
    words["complete"] = "false" if observation.note == "open" else "true"
    return {column: text.format(**words) for column, text in recipe.constants.items()}


def _without_open_months(wanted: Wanted, rows: list[Row]) -> list[Row]:
    """Drop the row of a month that had not ended: its last day is another one now."""
    if wanted.reduce != "month_end":
        return rows
    return [row for row in rows if not (_is(row, wanted.where) and row.get("month_complete") == "false")]


def _is(row: Mapping[str, str], where: Mapping[str, str]) -> bool:
    return all(row[column] == value for column, value in where.items())


def _month_ends(series: Series) -> Iterator[Observation]:
    valued = series.valued
    for this, following in zip(valued, [*valued[1:], None], strict=True):
        if following is None:
            yield replace(this, note="open")  # the month may go on: the next refresh replaces the row
        elif following.date[:7] != this.date[:7]:
            yield this


def _year_means(series: Series, wanted: Wanted, gaps: Sequence[str]) -> Iterator[Observation]:
    years: dict[str, list[Decimal]] = {}
    for one in series.valued:
        if not one.annual:
            years.setdefault(one.date[:4], []).append(one.value or Decimal(0))
    for year, values in years.items():
        full = {"month": MONTHS, "quarter": 4}.get("month" if len(values) > 4 else "quarter", MONTHS)
        if len(values) + sum(gap.startswith(year) for gap in gaps) >= full:
            mean = sum(values, Decimal(0)) / len(values)
            yield Observation(f"{year}-01-01", mean if wanted.decimals is None else round(mean, wanted.decimals))
