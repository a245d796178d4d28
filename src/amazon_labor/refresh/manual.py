"""Sources without an interface: what to download, where to put it, and the same checks as for all others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amazon_labor import catalog, catalog_schema, paths
from amazon_labor.refresh import rows
from amazon_labor.refresh.errors import ContentError, RefreshError

FOLDER = "vintages/incoming"


def place(resource: Mapping[str, Any]) -> Path:
    """Where a person puts the new file of a table."""
    return paths.data_dir() / FOLDER / str(resource["path"]).removesuffix(".gz")


def instructions(resource: Mapping[str, Any]) -> str:
    """What to do by hand, in a few lines."""
    refresh = resource["refresh"]
    columns = ",".join(field["name"] for field in resource["schema"]["fields"])
    identifiers = ", ".join(refresh["identifiers"])
    lines = [
        f"{catalog.catalogue_name(dict(resource))} has no interface; by hand:",
        f"  1. get     {refresh['address'] or 'the texts named in the column source'}"
        + (f" ({identifiers})" if identifiers else ""),
        f"  2. shape   {refresh['transformation'] or 'as the source prints it'}; last period here: {refresh['last_period']}",
        f"  3. save    the whole table as data/{FOLDER}/{str(resource['path']).removesuffix('.gz')}",
        f"             with the columns {columns}",
        f"  4. run     amazon-labor refresh {catalog.catalogue_name(dict(resource))}",
    ]
    return "\n".join(lines)


def is_there(table: str) -> bool:
    """Whether a person has put a file in place."""
    return place(catalog.describe(table)).is_file()


def read(resource: Mapping[str, Any]) -> list[rows.Row]:
    """Rows of the file a person has put in place.

    Raises
    ------
    RefreshError
        If there is none; the message says what to do.
    ContentError
        If the file is not a table with these columns; all faults at once.
    """
    file = place(resource)
    if not file.is_file():
        raise RefreshError(instructions(resource))
    raw = file.read_bytes()
    plain = {**resource, "path": str(resource["path"]).removesuffix(".gz")}
    faults = catalog_schema.faults(plain, raw)
    # keys may clash and cells may be wrong until the corrections are applied; the shape must be right before
    shape = [fault for fault in faults if "column" in fault or "UTF-8" in fault or "cells where" in fault]
    if shape:
        listed = "\n".join(f"  - {fault}" for fault in shape)
        raise ContentError(f"data/{FOLDER}/{plain['path']} is not a new {resource['name']}:\n{listed}")
    return rows.parse(raw)
