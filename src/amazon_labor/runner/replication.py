"""The replication package: everything needed to make the reports again, with the reports, in one zip.

The same checkout gives the same bytes: members in the order of their names, with one moment and one mode, and nothing
of the machine in the README.
"""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amazon_labor import mime, paths
from amazon_labor.parameters import InputError, defaults
from amazon_labor.runner import atomic, collection, digests, sums
from amazon_labor.runner.notebook import joined

MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
MODE = 0o100644 << 16
FOLDERS = ("articles", "benchmarks", "data", "docs", "notebooks", "src", "tests")
FILES = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "environment.yml",
         "pyproject.toml", "requirements.lock", "requirements-uv.lock")  # fmt: skip
README = "README-REPLICATION.md"
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def pack(file: Path, out: Path) -> str:
    """Write the replication package and say what is in it.

    Parameters
    ----------
    file : path
        A name that ends in .zip.
    out : path
        Folder of the reports of a full build.

    Returns
    -------
    str
        Line for the terminal: number of files, bytes, digest.

    Raises
    ------
    InputError
        If the name does not end in .zip, or the reports are not those of a full build as its sums say.
    """
    if file.suffix.lower() != ".zip":
        raise InputError(f"{file} does not end in .zip. For example: amazon-labor replication replication.zip")
    members = {name: path.read_bytes() for name, path in sorted((_sources() | _reports(out)).items())}
    members[README] = _readme(members).encode()
    raw = zipped(members)
    atomic.write_changed(file.resolve(), raw)
    return f"wrote {file}: {len(members)} files, {len(raw):,} bytes, sha256 {hashlib.sha256(raw).hexdigest()}"


def zipped(members: dict[str, bytes]) -> bytes:
    """Bytes of a zip: names in order, one moment, one mode."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(f"amazon-labor/{name}", MOMENT)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, MODE, 3
            archive.writestr(info, members[name])
    return stream.getvalue()


# ---------------------------------------------------------------- members


def _sources() -> dict[str, Path]:
    """Files of the collection: those git knows, or all but hidden and made ones where there is no git."""
    root = paths.root()
    names = _committed(root)
    if names is None:
        found = (p for folder in FOLDERS for p in sorted((root / folder).rglob("*")) if p.is_file())
        names = [*FILES, *(p.relative_to(root).as_posix() for p in found if not _made(p.relative_to(root)))]
    wanted = [n for n in names if (n in FILES or n.split("/")[0] in FOLDERS) and (root / n).is_file()]
    return {name: root / name for name in wanted}


def _committed(root: Path) -> list[str] | None:
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", "ls-files", "-z"],
            cwd=root,
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    inside = (root / ".git").exists() and done.returncode == 0
    return [name for name in done.stdout.decode("utf-8", "replace").split("\0") if name] if inside else None


def _made(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts) or path.suffix == ".pyc"


def _reports(out: Path) -> dict[str, Path]:
    """Products of a full build, as its sums list them, and the sums."""
    again = "Make them first: amazon-labor build"
    if not (out / sums.SUMS).is_file():
        raise InputError(f"There are no reports of a full build in {out}. {again}")
    recorded = sums.read(out / sums.SUMS)
    if bad := sums.unfit(out, recorded):
        raise InputError(f"{len(bad)} reports are not what their sums say, {bad[0]} first. {again}")
    names = [*recorded, sums.SUMS, *([sums.ENVIRONMENT] if (out / sums.ENVIRONMENT).is_file() else [])]
    return {f"reports/{name}": out / name for name in names}


# ---------------------------------------------------------------- README


def _readme(members: dict[str, bytes]) -> str:
    from amazon_labor.publish import replication_readme as readme

    root = paths.root()
    environment = json.loads(members.get(f"reports/{sums.ENVIRONMENT}", b"{}"))
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    sizes: dict[str, int] = {}
    for name, raw in members.items():
        part = name.split("/")[0] if "/" in name else "other files"
        sizes[part] = sizes.get(part, 0) + len(raw)
    return readme.text(
        readme.Package(
            citation=_citation(root),
            resources=dict(sorted(digests.descriptors().items())),
            sources=digests.rows("sources.csv"),
            programs=list(_programs(members)),
            versions={name.lower(): version for name, version in LOCKED.findall(lock)},
            python=str(environment.get("python", "3.11 or later")),
            environment=environment,
            sizes=dict(sorted(sizes.items())),
        )
    )


def _citation(root: Path) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


def _programs(members: dict[str, bytes]) -> Iterator[Any]:
    from amazon_labor.publish import replication_readme as readme

    everything, order = collection.read()
    claims = digests.rows("claims.csv")
    for name in (n for n in order if n in everything.tasks):
        one = everything.tasks[name].notebook
        raw = members.get(f"reports/executed/{one.stem}.ipynb")
        usual = defaults(one.parameters)
        yield readme.Program(
            number=one.number,
            stem=one.stem,
            title=one.title,
            question=one.question,
            seeds={k: v for k, v in usual.items() if k == "seed" and isinstance(v, int)},
            shown=list(_shown(json.loads(raw))) if raw else [],
            claims=[str(row["claim_id"]) for row in claims if row.get("notebook") == name],
        )


def _shown(notebook: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Figures and captioned tables in the order of the cells."""
    from amazon_labor.publish import sanitise

    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if mime.FIGURE in data:
                yield cell["id"], "figure", str(data[mime.FIGURE].get("title", ""))
            elif mime.CLAIM not in data and mime.NUMBER not in data and "text/html" in data:
                caption = CAPTION.search(joined(data["text/html"]))
                if caption:
                    yield cell["id"], "table", sanitise.plain(caption[1])
