"""Keep the data package honest: digests, schemas, sources, claims and the generated `data/README.md`.

``python -m amazon_labor.catalog_admin`` records a change of the tables made on purpose: it checks every table first and
writes nothing when one is at fault.
"""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from amazon_labor import catalog, catalog_corrections, catalog_readme, catalog_schema, paths

RESOURCE_FIELDS = (
    "$schema", "name", "path", "type", "title", "description", "format", "mediatype", "encoding", "bytes", "hash", "licenses", "sources", "schema",
    "canonical_vintage", "notebooks", "claims", "corrections", "known_doubts", "refresh",
)  # fmt: skip
SOURCE_FIELDS = ("title", "path", "publisher", "copy_read", "vintage", "accessed", "licence", "key")
REFRESH_FIELDS = ("kind", "identifiers", "address", "frequency", "transformation", "last_period")
REFRESH_KINDS = ("fred", "bls", "sec", "manual", "none")
PACKAGE_FIELDS = (
    "$schema",
    "name",
    "title",
    "description",
    "version",
    "created",
    "licenses",
    "contributors",
    "sources",
    "resources",
)
FIELD_TYPES = ("string", "integer", "number", "date", "year", "boolean")
SOURCE_COLUMNS = (
    "key",
    "topic",
    "publisher",
    "title",
    "published_date",
    "url_of_the_original",
    "where_read",
    "licence_or_terms",
    "accessed",
)
MACHINE_PATH = re.compile(r"file://|(?<![\w./:-])/(home|root|tmp|work|users|mnt|var)/", re.IGNORECASE)


def recompute() -> list[str]:
    """Record bytes and SHA-256 of every table in the descriptor; return the names of the tables whose digest changed.

    Raises
    ------
    DataError
        If any table is missing or at fault against its schema or key; then nothing is written.
    """
    package = read_package()
    faults = [fault for resource in package["resources"] for fault in table_faults(resource)]
    if faults:
        raise catalog.DataError("Nothing was written, because of:\n" + "\n".join(f"  - {fault}" for fault in faults))
    changed = []
    for resource in package["resources"]:
        digest = digest_of(resource)
        if any(resource.get(key) != value for key, value in digest.items()):
            changed.append(catalog.catalogue_name(resource))
        resource.update(digest)
    write_package(package)
    return changed


def check() -> list[str]:
    """Return every fault of the package, its tables, sources, claims and README; empty when all is well."""
    package = read_package()
    faults = [
        f"data/datapackage.json: package field {field!r} is missing" for field in PACKAGE_FIELDS if field not in package
    ]
    faults += [
        f"data/datapackage.json: two resources are named {name!r}"
        for name in _repeated(r.get("name") for r in package["resources"])
    ]
    for resource in package["resources"]:
        faults += descriptor_faults(resource)
        faults += table_faults(resource)
        faults += _digest_faults(resource)
        faults += catalog_corrections.faults(resource, list(_rows(resource))) if resource.get("corrections") else []
    readme_faults = [] if faults else _readme_faults()  # the text cannot be composed from a descriptor with holes
    return faults + _source_faults(package) + _claim_faults(package) + _stray_faults(package) + readme_faults


def descriptor_faults(resource: dict[str, Any]) -> list[str]:
    """Faults of one resource's description: what the contract of the package asks for and is not there."""
    name = str(resource.get("name"))
    faults = [f"{name}: {field!r} is missing" for field in RESOURCE_FIELDS if field not in resource]
    if faults:
        return faults
    stem = catalog.catalogue_name(resource)
    if name != stem.replace("/", "-"):
        faults.append(f"{name}: named otherwise than its path, which gives {stem.replace('/', '-')!r}")
    for field in resource["schema"]["fields"]:
        faults += _field_faults(name, field)
    columns = [field["name"] for field in resource["schema"]["fields"]]
    required = {field["name"] for field in resource["schema"]["fields"] if field.get("constraints", {}).get("required")}
    key = resource["schema"].get("primaryKey") or []
    faults += [] if key else [f"{name}: no primaryKey"]
    faults += [f"{name}: key column {column!r} is not in the schema" for column in key if column not in columns]
    faults += [
        f"{name}: key column {column!r} is not required"
        for column in key
        if column in columns and column not in required
    ]
    faults += [f"{name}: missingValues is {resource['schema'].get('missingValues')!r}, not ['']"] * (
        resource["schema"].get("missingValues") != [""]
    )
    for entry in resource["sources"]:
        faults += [
            f"{name}: source {entry.get('key') or entry.get('title')!r} lacks {part!r}"
            for part in SOURCE_FIELDS
            if part not in entry
        ]
    faults += [f"{name}: refresh lacks {part!r}" for part in REFRESH_FIELDS if part not in resource["refresh"]]
    if resource["refresh"].get("kind") not in REFRESH_KINDS:
        faults.append(
            f"{name}: refresh kind {resource['refresh'].get('kind')!r} is not one of {', '.join(REFRESH_KINDS)}"
        )
    return faults


def table_faults(resource: dict[str, Any]) -> list[str]:
    """Faults of one table against its schema, key and `source` keys aside from the digest."""
    file = catalog.file_of(resource)
    if not file.is_file():
        return [f"data/{resource['path']}: the file is missing (git checkout -- data/{resource['path']})"]
    return [f"data/{resource['path']}: {fault}" for fault in catalog_schema.faults(resource, file.read_bytes())]


def digest_of(resource: dict[str, Any]) -> dict[str, Any]:
    """Bytes and hash of a table's file as stored, as the descriptor records them."""
    raw = catalog.file_of(resource).read_bytes()
    return {"bytes": len(raw), "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}


def readme() -> str:
    """Text of `data/README.md`, generated from the package and `data/sources.csv`."""
    tables = {catalog.catalogue_name(resource): _row_count(resource) for resource in read_package()["resources"]}
    return catalog_readme.text(read_package(), read_sources(), tables)


def write_readme() -> Path:
    """Write `data/README.md` and return its path."""
    target = paths.data_dir() / "README.md"
    _write(target, readme())
    return target


def read_package() -> dict[str, Any]:
    """The descriptor as stored."""
    package: dict[str, Any] = json.loads((paths.data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    return package


def write_package(package: dict[str, Any]) -> None:
    """Write the descriptor, resources sorted by name, in one step."""
    package = package | {"resources": sorted(package["resources"], key=lambda resource: str(resource["name"]))}
    _write(paths.data_dir() / "datapackage.json", json.dumps(package, indent=1, ensure_ascii=False) + "\n")


def read_sources() -> list[dict[str, str]]:
    """Rows of `data/sources.csv`."""
    with (paths.data_dir() / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _field_faults(name: str, field: dict[str, Any]) -> Iterator[str]:
    label = f"{name}: field {field.get('name')!r}"
    if field.get("type") not in FIELD_TYPES:
        yield f"{label} has type {field.get('type')!r}, which is not one of {', '.join(FIELD_TYPES)}"
    if not str(field.get("description") or "").strip():
        yield f"{label} has no description"
    if field.get("type") in ("number", "integer") and not field.get("unit"):
        yield f"{label} is a quantity without a unit"


def _digest_faults(resource: dict[str, Any]) -> list[str]:
    if not catalog.file_of(resource).is_file():
        return []
    found = digest_of(resource)
    if all(resource.get(key) == value for key, value in found.items()):
        return []
    return [
        f"data/{resource['path']}: digest differs: expected {resource.get('hash')}, found {found['hash']} (git checkout -- data/{resource['path']})"
    ]


def _source_faults(package: dict[str, Any]) -> list[str]:
    rows = read_sources()
    keys = [row["key"] for row in rows]
    faults = [f"data/sources.csv: key {key!r} stands twice" for key in _repeated(keys)]
    faults += [
        f"data/sources.csv: column {column!r} is missing" for column in SOURCE_COLUMNS if rows and column not in rows[0]
    ]
    faults += [
        f"data/sources.csv: {row['key']!r} names a path of a machine: {value!r}"
        for row in rows
        for value in row.values()
        if MACHINE_PATH.search(value or "")
    ]
    faults += [
        f"data/sources.csv: {row['key']!r} has no {part}"
        for row in rows
        for part in ("publisher", "title", "licence_or_terms", "accessed")
        if not row[part]
    ]
    known = set(keys)
    for resource in package["resources"]:
        cited = {
            key for entry in resource.get("sources", []) for key in str(entry.get("key", "")).split(";")
        } | cited_keys(resource)
        faults += [f"{resource['name']}: source {key!r} is not in data/sources.csv" for key in sorted(cited - known)]
    return faults


def cited_keys(resource: dict[str, Any]) -> set[str]:
    """Keys in the `source` columns of a table, of which a cell may hold several separated by semicolons."""
    columns = [
        field["name"]
        for field in resource["schema"]["fields"]
        if field["name"] == "source" or field["name"].endswith("_source")
    ]
    return {key for row in _rows(resource) for column in columns for key in _split(row.get(column))}


def _claim_faults(package: dict[str, Any]) -> list[str]:
    """Claims the descriptor names but the ledger lacks, and claims whose tables are not there or do not name them."""
    file = paths.data_dir() / "claims.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as handle:
        claims = {row["claim_id"]: _split(row.get("tables")) for row in csv.DictReader(handle)}
    listed = {catalog.catalogue_name(resource): set(resource.get("claims", [])) for resource in package["resources"]}
    faults = [
        f"{table}: claim {claim!r} is not in data/claims.csv"
        for table, named in listed.items()
        for claim in sorted(named - claims.keys())
    ]
    for claim, tables in claims.items():
        for table in tables:
            if table not in listed:
                faults.append(f"data/claims.csv: {claim}: table {table!r} is not in the package")
            elif claim not in listed[table]:
                faults.append(f"{table}: claim {claim!r} uses the table in data/claims.csv but is not in its `claims`")
    return faults


def _split(keys: str | None) -> list[str]:
    return [key.strip() for key in (keys or "").split(";") if key.strip()]


def _stray_faults(package: dict[str, Any]) -> list[str]:
    described = {str(resource["path"]) for resource in package["resources"]}
    found = (path.relative_to(paths.data_dir()).as_posix() for path in sorted(paths.data_dir().glob("*/*.csv*")))
    return [
        f"data/{path}: is described by no resource of data/datapackage.json" for path in found if path not in described
    ]


def _readme_faults() -> list[str]:
    file = paths.data_dir() / "README.md"
    if file.is_file() and file.read_text(encoding="utf-8") == readme():
        return []
    return ["data/README.md: is not what the package gives; write it by: amazon-labor data readme"]


def _rows(resource: dict[str, Any]) -> Iterator[dict[str, str]]:
    file = catalog.file_of(resource)
    if file.is_file():
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8", errors="replace")
        yield from csv.DictReader(io.StringIO(text, newline=""))


def _row_count(resource: dict[str, Any]) -> int:
    return sum(1 for _ in _rows(resource))


def _repeated(values: Iterable[Any]) -> list[Any]:
    seen: set[Any] = set()
    return sorted({value for value in values if value in seen or seen.add(value)})  # type: ignore[func-returns-value]


def _write(target: Path, text: str) -> None:
    """Replace a file in one step, so that a reader never meets half of it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=f".{target.name}.", delete=False
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    written = Path(file.name)
    written.chmod(0o644)
    written.replace(target)


def main() -> int:
    """Record the tables as they stand and write the README; 1 and the faults when a table is not as its schema says."""
    try:
        changed = recompute()
    except catalog.DataError as error:
        print(error, file=sys.stderr)
        return 1
    write_readme()
    print(f"{len(changed)} digests changed" + (f": {', '.join(changed)}" if changed else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
