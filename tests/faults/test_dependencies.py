"""What is installed is what was locked: a changed hash is refused, and an upgrade shows which numbers move."""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "tiny_locked"


@pytest.fixture
def wheel(tmp_path):
    """A wheel of one module, made here, so that nothing is asked of a network."""
    path = tmp_path / "wheels" / f"{NAME}-1.0-py3-none-any.whl"
    path.parent.mkdir()
    info = f"{NAME}-1.0.dist-info"
    files = {
        f"{NAME}.py": "VALUE = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(text)}\n"
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return path


def installed(program: list[str], wheel: Path, lock: str, target: Path) -> subprocess.CompletedProcess[str]:
    """Install as `make setup` does, but from a folder and into one."""
    requirements = target.parent / "requirements.lock"
    requirements.write_text(lock)
    where = ["--no-index", "--find-links", str(wheel.parent), "--target", str(target)]
    command = [*program, "install", "--require-hashes", *where, "-r", str(requirements)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("program", ["pip", "uv"])
def test_a_changed_hash_is_refused(wheel, tmp_path, program):
    uv = Path(sys.executable).with_name("uv")
    command = [sys.executable, "-m", "pip"] if program == "pip" else [str(uv), "pip"]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    target = tmp_path / "site"
    line = f"{NAME.replace('_', '-')}==1.0"
    for lock in (f"{line} --hash=sha256:{wrong}\n", f"{line}\n"):
        refused = installed(command, wheel, lock, target)
        assert refused.returncode != 0
        assert "hash" in (refused.stdout + refused.stderr).lower()
        assert not (target / f"{NAME}.py").exists()
    accepted = installed(command, wheel, f"{line} --hash=sha256:{digest}\n", target)
    assert accepted.returncode == 0, accepted.stderr
    assert (target / f"{NAME}.py").exists()


def recipe(target: str) -> list[str]:
    """Commands of a target, in order, one a line."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(rf"^{re.escape(target)}:[^\n]*\n((?:\t[^\n]*\n?)+)", text, re.MULTILINE)
    assert found, target
    return [line.strip() for line in found[1].splitlines()]


def test_every_installation_from_a_lock_asks_for_hashes():
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.search(r"pip.* install ", line) and ".lock" in line]
    assert len(lines) == 2
    assert [line for line in lines if "--require-hashes" not in line] == []


def test_an_upgrade_builds_before_and_after_and_compares():
    """What the comparison itself shows is tested in tests/runner/test_verify.py."""
    lines = "\n".join(recipe("upgrade"))
    steps = ("build", "pip compile", "setup", "verify --against")
    places = [lines.index(step) for step in steps]
    assert places == sorted(places)
    assert "--upgrade " in lines


def test_an_audit_that_could_not_look_is_no_success():
    """Without --strict, packages that the service does not know are skipped and the exit status is 0."""
    (line,) = [one for one in recipe("audit") if "pip-audit" in one]
    for word in ("--strict", "--require-hashes", "requirements.lock"):
        assert word in line
