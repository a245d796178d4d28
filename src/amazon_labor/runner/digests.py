"""Digests of what a notebook depends on: code it can reach, tables it read, claims it judges."""

import ast
import csv
import hashlib
import importlib.util
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.runner import syntax

PACKAGE = "amazon_labor"
NOT_REACHED = ("runner", "publish")
SHORT = 12
IMPORT = re.compile(
    r"^[ \t]*(from[ \t]+(?:\.|amazon_labor)[\w.]*[ \t]+import[ \t]*(?:\([^)]*\)|(?:\\\n|[^\n;#])+)|import[ \t]+[^\n;#]*amazon_labor[^\n;#]*)",
    re.MULTILINE,
)


def text(content: str | bytes) -> str:
    """SHA-256 of a text or of bytes, shortened to what a message can show."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()[:SHORT]


@lru_cache(maxsize=4096)
def file(path: Path) -> str:
    """Digest of a file, or "missing". Read once until `forget`: a build looks at one state of the tree."""
    try:
        return text(path.read_bytes())
    except OSError:
        return "missing"


def forget() -> None:
    """Look at the files anew."""
    file.cache_clear()
    _imported_by.cache_clear()
    _module_file.cache_clear()
    _data_in.cache_clear()
    room.cache_clear()
    _parsed.cache_clear()
    _rows.cache_clear()


def package_folder() -> Path:
    """Folder of the installed package, found without importing more than is loaded."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    return Path(spec.origin).parent


# ---------------------------------------------------------------- modules


def reachable(sources: Iterable[str], *, without: tuple[str, ...] = NOT_REACHED) -> dict[str, str]:
    """Digests of the package's modules that these sources can import, directly or through one another.

    Parameters
    ----------
    sources : iterable of str
        Python sources; one that cannot be parsed imports nothing (the run itself will tell).
    without : tuple of str
        Rooms of the package whose modules are left out.

    Returns
    -------
    dict
        ``methods/trends.py`` to digest, with the data files that lie beside a reached module.
    """
    folder = package_folder()
    todo = {m for source in sources for m in imported(source)}
    done: set[str] = set()
    while todo:
        module = todo.pop()
        done.add(module)
        path = _module_file(folder, module)
        if path is not None:
            todo |= {m for m in _imported_by(path, module) | _parents(module) if m not in done}
    found = {m: p for m in done if m.split(".")[0] not in without and (p := _module_file(folder, m))}
    beside = {p for parent in {path.parent for path in found.values()} for p in _data_in(parent)}
    return {p.relative_to(folder).as_posix(): file(p) for p in sorted({*found.values(), *beside})}


def imported(source: str, within: str = "") -> set[str]:
    """Modules of the package that a source imports, as dotted names below the package ("" is the package itself).

    Statements are found by their first words and only those are parsed: a build with nothing to do would otherwise
    spend most of its time on syntax trees. One quoted in a docstring is taken for real, which can only add a module.
    """
    names: set[str] = set()
    for statement in IMPORT.findall(source):
        try:
            node = syntax.parse(statement.strip()).body[0]
        except SyntaxError:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, within)
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {n.removeprefix(PACKAGE).lstrip(".") for n in names if n == PACKAGE or n.startswith(f"{PACKAGE}.")}


def _base(node: ast.ImportFrom, within: str) -> str:
    if not node.level:
        return node.module or ""
    parents = f"{PACKAGE}.{within}".split(".")[: -node.level]
    return ".".join([*parents, node.module] if node.module else parents)


@lru_cache(maxsize=1024)
def _imported_by(path: Path, module: str) -> frozenset[str]:
    within = f"{module}.__init__" if path.name == "__init__.py" else module
    return frozenset(imported(path.read_text(encoding="utf-8"), within.lstrip(".")))


def _parents(module: str) -> set[str]:
    words = module.split(".")
    return {".".join(words[:i]) for i in range(len(words))}


@lru_cache(maxsize=1024)
def _module_file(folder: Path, module: str) -> Path | None:
    place = folder.joinpath(*module.split(".")) if module else folder
    candidates = (place / "__init__.py", place.with_name(f"{place.name}.py")) if module else (place / "__init__.py",)
    return next((c for c in candidates if c.is_file()), None)


@lru_cache(maxsize=64)
def _data_in(folder: Path) -> frozenset[Path]:
    return frozenset(p for p in folder.iterdir() if _is_data(p))


def _is_data(path: Path) -> bool:
    # the name first: most are modules, and asking the disk for each takes longer than all else
    return path.suffix not in (".py", ".pyc", ".pyi") and not path.name.startswith(".") and path.is_file()


@lru_cache(maxsize=8)
def room(name: str) -> dict[str, str]:
    """Digests of all files of a room of the package, templates included, and of the modules it can import."""
    folder = package_folder() / name
    files = [
        p for p in sorted(folder.rglob("*")) if p.is_file() and "__pycache__" not in p.parts and p.suffix != ".pyc"
    ]
    sources = [p.read_text(encoding="utf-8") for p in files if p.suffix == ".py"]
    return {p.relative_to(folder.parent).as_posix(): file(p) for p in files} | reachable(sources)


# ---------------------------------------------------------------- data


def tables(names: Iterable[str]) -> dict[str, str]:
    """Digests of tables: of the file, and of the descriptor that says how it is read."""
    known = descriptors()
    found = {}
    for name in sorted(set(names)):
        resource = known.get(name)
        if resource is None:
            found[name] = "not in the data package"
            continue
        # how a table is fetched anew changes nothing that is read from it
        described = {k: v for k, v in resource.items() if k != "refresh"}
        found[name] = f"{file(resource_file(resource))}/{text(json.dumps(described, sort_keys=True))}"
    return found


def table_names() -> set[str]:
    """Names of all tables of the data package; none if it cannot be read."""
    return set(descriptors())


def resource_file(resource: dict[str, Any]) -> Path:
    """File of a table: below `data/`, or below the folder of the chosen vintage."""
    return paths.data_dir() / resource.get("vintage_folder", "") / str(resource["path"])


def descriptors() -> dict[str, dict[str, Any]]:
    """Descriptors of all tables by name, those of the chosen vintage in place of the same tables of `data/`.

    Shared between callers, who must not change them.
    """
    own = _descriptors_in(paths.data_dir(), "")
    folder = paths.vintage_dir()
    return own if folder is None else own | _descriptors_in(folder, folder.relative_to(paths.data_dir()).as_posix())


def _descriptors_in(folder: Path, below: str) -> dict[str, dict[str, Any]]:
    package = folder / "datapackage.json"
    try:
        state = package.stat()
    except OSError:
        return {}
    return _parsed(package, state.st_mtime_ns, state.st_size, below)


@lru_cache(maxsize=4)
def _parsed(package: Path, _mtime: int, _size: int, below: str) -> dict[str, dict[str, Any]]:
    """Parsed once for all notebooks: a build with nothing to do would otherwise parse a megabyte for each."""
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        found = {str(r["path"]).removesuffix(".gz").removesuffix(".csv"): r for r in resources}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: r | {"vintage_folder": below} for name, r in found.items()} if below else found


def claims(notebook: str) -> dict[str, str]:
    """Digests of the rows of the claim files that concern a notebook, so that another's claim leaves it alone."""
    own = [row for row in rows("claims.csv") if row.get("notebook") == notebook]
    ids = {row.get("claim_id") for row in own}
    interpretations = [row for row in rows("claim_interpretations.csv") if row.get("claim_id") in ids]
    return {"claims.csv": _rows_digest(own), "claim_interpretations.csv": _rows_digest(interpretations)}


def rows(name: str) -> list[dict[str, Any]]:
    """Rows of one of the claim files; none if it cannot be read (the run itself will tell)."""
    path = paths.claims_dir() / name
    try:
        state = path.stat()
    except OSError:
        return []
    return _rows(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _rows(path: Path, _mtime: int, _size: int) -> list[dict[str, Any]]:
    """Shared between callers, who must not change them; each notebook of a build asks for the rows of its claims."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def _rows_digest(rows: list[dict[str, Any]]) -> str:
    return text(json.dumps(rows, sort_keys=True, default=str))
