"""A vintage on the disk: whole or not at all, beside the others, never over one.

``data/vintages/<date>/`` holds `datapackage.json` (the refreshed tables only, each with its new digest, sources and the
table it is based on), `sources.csv`, the tables, `report.md`, and `responses/`: what the sources sent, as received.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amazon_labor import catalog, catalog_admin, catalog_schema, paths
from amazon_labor.refresh.errors import RefreshError
from amazon_labor.refresh.fetch import Response

NAME = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d+)?\Z")
SUFFIX = {"application/json": "json", "text/csv": "csv", "application/csv": "csv"}


@dataclass(frozen=True)
class Made:
    """A new table, ready to be stored: its descriptor, its bytes, what was said about it, the answers it comes from."""

    resource: dict[str, Any]
    content: bytes
    remarks: tuple[str, ...] = ()
    responses: tuple[Response, ...] = field(default=(), repr=False)


def check_name(name: str) -> None:
    """Refuse a name that is no date, or that a vintage has already.

    Raises
    ------
    RefreshError
        With the nearest free name.
    """
    if not NAME.match(name) or not _is_date(name[:10]):
        raise RefreshError(
            f"--date is {name!r}; a vintage is named by its day, YYYY-MM-DD (a second one: YYYY-MM-DD.2)."
        )
    if (paths.data_dir() / "vintages" / name).exists():
        number = 2
        while (paths.data_dir() / "vintages" / f"{name[:10]}.{number}").exists():
            number += 1
        raise RefreshError(
            f"data/vintages/{name} is there already, and a vintage is never overwritten. Take --date {name[:10]}.{number}"
        )


def write(name: str, made: Sequence[Made], sources: Sequence[Mapping[str, str]], report: str) -> Path:
    """Store a vintage and return its folder.

    It is written under a name that no reader takes for a vintage, and renamed when the last byte is on the disk.

    Raises
    ------
    RefreshError
        If the vintage is there already.
    """
    check_name(name)
    target = paths.data_dir() / "vintages" / name
    with _scratch() as folder:
        for one in made:
            file = folder / str(one.resource["path"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(one.content)
        _write_responses(folder, made)
        (folder / "sources.csv").write_text(_sources_text(sources), encoding="utf-8", newline="")
        (folder / "report.md").write_text(report, encoding="utf-8", newline="")
        text = json.dumps(_package(name, made), indent=1, ensure_ascii=False) + "\n"
        (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="")
        folder.chmod(0o755)
        folder.rename(target)
    return target


def remade(resource: Mapping[str, Any], content: bytes, **changes: Any) -> dict[str, Any]:
    """Descriptor of a refreshed table: as before, but for its digest, what it is based on, and `changes`."""
    base = {key: resource.get(key) for key in ("bytes", "hash")}
    kept = {key: value for key, value in resource.items() if key != catalog.FOLDER}
    digest = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return {**kept, **digest, "based_on": base, **changes}


def faults(name: str) -> list[str]:
    """Everything wrong with a stored vintage: descriptors, schemas, digests, sources; empty when all is well."""
    folder = paths.vintage_dir(name)
    assert folder is not None
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    with (folder / "sources.csv").open(encoding="utf-8", newline="") as handle:
        keys = {row["key"] for row in csv.DictReader(handle)}
    found: list[str] = []
    for resource in package["resources"]:
        found += catalog_admin.descriptor_faults(resource)
        placed = {**resource, catalog.FOLDER: f"vintages/{name}"}
        file = catalog.file_of(placed)
        if not file.is_file():
            found.append(f"data/vintages/{name}/{resource['path']}: the file is missing")
            continue
        raw = file.read_bytes()
        if f"sha256:{hashlib.sha256(raw).hexdigest()}" != resource["hash"]:
            found.append(f"data/vintages/{name}/{resource['path']}: digest differs from the recorded one")
        found += [f"data/vintages/{name}/{resource['path']}: {fault}" for fault in catalog_schema.faults(resource, raw)]
        strange = sorted(catalog_admin.cited_keys(placed) - keys)
        found += [f"{resource['name']}: source {key!r} is not in sources.csv of the vintage" for key in strange]
    return found


@contextmanager
def _scratch() -> Iterator[Path]:
    parent = paths.data_dir() / "vintages"
    parent.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=".part-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_responses(folder: Path, made: Sequence[Made]) -> None:
    """Keep every answer as received, each once, with a list that says what was asked; a key is never written."""
    listed: dict[str, dict[str, Any]] = {}
    for response in (response for one in made for response in one.responses):
        kind = response.content_type.split(";")[0].strip()
        name = f"{response.request.source.lower()}/{_safe(response.request.label)}.{SUFFIX.get(kind, 'txt')}"
        file = folder / "responses" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = _without_secret(response)
        file.write_bytes(kept)
        digest = hashlib.sha256(kept).hexdigest()
        listed[name] = {"request": response.request.shown, "bytes": len(kept), "sha256": digest}
    if listed:
        text = json.dumps(dict(sorted(listed.items())), indent=1) + "\n"
        (folder / "responses" / "requests.json").write_text(text, encoding="utf-8", newline="")


def _without_secret(response: Response) -> bytes:
    secret = response.request.secret.encode()
    return response.content.replace(secret, b"(key)") if secret else response.content


def _package(name: str, made: Sequence[Made]) -> dict[str, Any]:
    package = catalog_admin.read_package()
    return package | {
        "name": f"{package['name']}-{name}",
        "title": f"{package['title']}: vintage {name}",
        "description": f"The tables refreshed from their primary sources on {name[:10]}. All other tables are those of the collection.",
        "version": name,
        "created": f"{name[:10]}T00:00:00Z",
        "resources": sorted((one.resource for one in made), key=lambda resource: str(resource["name"])),
    }


def _sources_text(sources: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, catalog_admin.SOURCE_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(sources)
    return out.getvalue()


def _safe(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", label)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
