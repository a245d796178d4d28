"""Text of `data/README.md` from the data package: a pure function of the descriptor, so that it cannot drift."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amazon_labor.catalog import catalogue_name
from amazon_labor.catalog_words import publishers_of, vintage_of

INTRODUCTION = """<!-- Generated from datapackage.json and sources.csv by `amazon-labor data readme`. Do not edit. -->
# Data

{description}

Every file is UTF-8 with `\\n` line ends; an empty cell is a missing value; column names carry the unit. `catalog.load("folder/table")` checks the
SHA-256 recorded in `datapackage.json` before it returns a typed frame. Where a fact was published more than once, the column `vintage` tells the
publications apart and only the canonical one is loaded unless another is asked for. Changes made to a source are listed as corrections, doubts as
known doubts; neither is mended silently.

Beside the tables stand `sources.csv` (every text and file that a figure was read from), `claims.csv`, `claim_interpretations.csv` and
`article_numbers.csv` (the statements of the article, how each may be read, and every number it prints) and `scenarios.toml` (named parameter sets
of the notebooks).
"""


def text(package: dict[str, Any], sources: Sequence[Mapping[str, str]], rows: Mapping[str, int]) -> str:
    """Compose the README.

    Parameters
    ----------
    package : mapping
        The parsed `datapackage.json`.
    sources : sequence of mapping
        Rows of `sources.csv`.
    rows : mapping
        Number of rows by table, named ``folder/table``.
    """
    resources = sorted(package["resources"], key=lambda resource: str(resource["path"]))
    parts = [
        INTRODUCTION.format(description=package["description"]),
        *_overview(resources, rows),
        *_terms(package, resources),
        "## Dictionary",
        "",
        *(line for resource in resources for line in _table(resource, rows)),
        *_sources(sources),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _overview(resources: Sequence[dict[str, Any]], rows: Mapping[str, int]) -> Iterator[str]:
    total = sum(rows.values())
    yield f"## The {len(resources)} tables ({total:,} rows, {sum(resource.get('bytes', 0) for resource in resources) / 1e6:.1f} MB)"
    yield ""
    yield "| Table | What | Rows | Publishers | Vintage | Licence | Notebooks |"
    yield "|---|---|---:|---|---|---|---|"
    for resource in resources:
        stem = catalogue_name(resource)
        cells = [
            f"[{stem}](#{stem.replace('/', '')})",
            resource["title"],
            f"{rows[stem]:,}",
            _publishers(resource),
            vintage_of(resource),
            "; ".join(dict.fromkeys(_licence(one) for one in resource["licenses"])),
            ", ".join(map(str, resource["notebooks"])) or "none",
        ]
        yield "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"
    yield ""


def _publishers(resource: dict[str, Any], limit: int = 3) -> str:
    found = publishers_of(resource)
    return "; ".join(found[:limit]) + (f" and {len(found) - limit} more" if len(found) > limit else "")


def _licence(licence: Mapping[str, str]) -> str:
    name = licence.get("title") or licence["name"]
    return f"[{name}]({licence['path']})" if str(licence.get("path", "")).startswith("http") else name


def _terms(package: dict[str, Any], resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield "## Terms"
    yield ""
    yield (
        "The compilation: "
        + "; ".join(_licence(one) for one in package["licenses"])
        + ". The figures in it stay under the terms of those who published them:"
    )
    yield ""
    terms: dict[str, list[str]] = {}
    for resource in resources:
        for licence in resource["licenses"]:
            terms.setdefault(_licence(licence), []).append(catalogue_name(resource))
    for name in sorted(terms):
        yield f"- {name}: {', '.join(f'`{stem}`' for stem in dict.fromkeys(terms[name]))}"
    yield ""


def _table(resource: dict[str, Any], rows: Mapping[str, int]) -> Iterator[str]:
    stem = catalogue_name(resource)
    yield f"### {stem}"
    yield ""
    yield f"{resource['title']}. {resource['description']}"
    yield ""
    yield f"File `{resource['path']}`, {rows[stem]:,} rows; key {', '.join(f'`{column}`' for column in resource['schema']['primaryKey'])}; vintage {vintage_of(resource)}."
    yield ""
    yield "| Column | Type | Unit | Description |"
    yield "|---|---|---|---|"
    for field in resource["schema"]["fields"]:
        cells = (
            f"`{field['name']}`",
            field["type"],
            str(field.get("unit") or ""),
            field["description"] + _allowed(field),
        )
        yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"
    yield ""
    for correction in resource["corrections"]:
        yield f"- Correction of {correction['date']}: {correction['key']}, `{correction['column']}`: {correction['old']} to {correction['new']} ({correction['reason']})"
    for doubt in resource["known_doubts"]:
        yield f"- Doubt: {doubt}"
    refresh = resource["refresh"]
    yield f"- Refresh: {_refresh(refresh)}"
    yield ""


def _allowed(field: Mapping[str, Any]) -> str:
    enum = field.get("constraints", {}).get("enum")
    return f" One of {', '.join(f'`{value}`' for value in enum)}." if enum else ""


def _refresh(refresh: Mapping[str, Any]) -> str:
    kind = refresh["kind"]
    if kind == "none":
        return "none; " + (str(refresh.get("transformation") or "") or "the table is complete")
    identifiers = (
        ", ".join(map(str, refresh["identifiers"]))
        if isinstance(refresh["identifiers"], list)
        else str(refresh["identifiers"] or "")
    )
    parts = [
        kind,
        identifiers,
        str(refresh["address"] or ""),
        str(refresh["frequency"] or ""),
        str(refresh["transformation"] or ""),
    ]
    return "; ".join(part for part in parts if part) + f"; last period here {refresh['last_period']}"


def _sources(sources: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield f"## Sources ({len(sources)})"
    yield ""
    yield "Address of the original, where it was read, terms and date of access of each stand in `sources.csv`; the column `source` of a table holds its keys."
    yield ""
    yield "| Key | Publisher | Title | Published | Terms |"
    yield "|---|---|---|---|---|"
    for row in sources:
        address = row["url_of_the_original"]
        title = f"[{row['title']}]({address})" if address.startswith("http") and " " not in address else row["title"]
        yield (
            "| "
            + " | ".join(
                _cell(cell)
                for cell in (f"`{row['key']}`", row["publisher"], title, row["published_date"], row["licence_or_terms"])
            )
            + " |"
        )
    yield ""


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
