"""SHA256SUMS and environment.json: what a full build publishes beside the reports, so that others can check them."""

import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from amazon_labor import paths
from amazon_labor.parameters import InputError
from amazon_labor.runner import digests
from amazon_labor.runner.session import Session
from amazon_labor.runner.state import State

SUMS, ENVIRONMENT = "SHA256SUMS", "environment.json"
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)\Z")
# what decides the last bits of a number or the path of a glyph
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "linearmodels", "matplotlib")
VECTORS = ("avx2", "avx512f", "fma", "asimd", "sve")  # instruction sets by which linear algebra chooses its code


def settle(session: Session, new: State, *, full: bool) -> State:
    """Write the sums of a full build in which nothing failed, or take away sums that no longer fit.

    Sums that do not fit the folder they lie in would accuse good files, which is worse than none.

    Returns
    -------
    State
        The state given, with both files among the products of the index if they are there. It is recorded once, by
        the caller: a build killed before that writes the index and the sums again.
    """
    out = session.where.out
    entries = [e for e in new.entries.values() if e.slug is None and e.name in session.everything.order]
    if full and not session.failed and not any(e.failure for e in entries):
        names = {name for entry in entries for name in entry.products} | new.index_products.keys()
        made = session.write(out / SUMS, text({name: _digest(out / name) or "" for name in names}))
        made |= session.write(out / ENVIRONMENT, environment())
    elif (out / SUMS).is_file() and _fit(out):
        made = {name: digests.text((out / name).read_text()) for name in (SUMS, ENVIRONMENT) if (out / name).is_file()}
    else:
        made = {}
        for name in (SUMS, ENVIRONMENT):
            (out / name).unlink(missing_ok=True)
    return replace(new, index_products=new.index_products | made)


def _fit(out: Path) -> bool:
    try:
        return not unfit(out, read(out / SUMS))
    except InputError:
        return False


def unfit(folder: Path, recorded: Mapping[str, str]) -> list[str]:
    """Names whose file is missing or not what was recorded; the files are read now, whatever a build read before."""
    return [name for name, digest in recorded.items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def text(products: Mapping[str, str]) -> str:
    """Lines as `sha256sum --check` reads them, in the order of the names."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(products.items()))


def read(path: Path) -> dict[str, str]:
    """Read a file of sums: SHA-256 by name.

    Raises
    ------
    InputError
        If there is none, it holds none, or a line is not one of digest, two spaces and a path inside the folder.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a file of SHA-256 sums ({error}).") from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = LINE.match(line)
        name = PurePosixPath(match[2]) if match else PurePosixPath("/")
        if match is None or name.is_absolute() or ".." in name.parts or match[2] in found:
            raise InputError(
                f"{path}, line {number}: {line[:80]!r} is not a line of SHA-256 sums. Allowed: 64 hexadecimal digits, two "
                f"spaces, a path inside the folder, each path once. A full build (amazon-labor build) writes the file anew."
            )
        found[match[2]] = match[1]
    if not found:
        raise InputError(f"{path} holds no sums. A full build (amazon-labor build) writes the file anew.")
    return found


def of_folder(folder: Path) -> dict[str, str]:
    """Digest of every product in a folder, except what is a note on the machine or the record of builds."""
    return {
        path.relative_to(folder).as_posix(): _digest(path) or ""
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_note(path.relative_to(folder))
    }


def _is_note(path: Path) -> bool:
    return path.parts[0] in (".build", SUMS, ENVIRONMENT)


def environment() -> str:
    """What may change the last bits of a number, as JSON: no names of machines or people, and no clock."""
    record = {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "c_library": " ".join(platform.libc_ver()).strip(),
        "vector_instructions": _vectors(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "requirements.lock": digests.file(paths.root() / "requirements.lock"),
    }
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def _vectors() -> list[str]:
    """Instruction sets that this processor offers, where the system tells."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    line = next((one for one in told.splitlines() if one.lower().startswith(("flags", "features"))), "")
    return sorted(set(VECTORS) & set(line.split()))


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def unlike(folder: Path) -> list[str] | None:
    """Ways in which the environment of a published set differs from this one; None if it does not say."""
    try:
        theirs = dict(json.loads((folder / ENVIRONMENT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    ours = json.loads(environment())
    return [
        f"{key}: {_short(theirs.get(key))} there, {_short(ours[key])} here"
        for key in ours
        if theirs.get(key) != ours[key]
    ]


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    if isinstance(value, list):
        return "+".join(map(str, value)) or "none"
    text = str(value)
    return text[:12] if re.fullmatch("[0-9a-f]{64}", text) else text or "unknown"
