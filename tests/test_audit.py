"""The three ends of an audit: nothing known, something found, not made."""

import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).resolve().parents[1] / ".ci" / "audit.py"


def audited(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(AUDIT), *command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("said", "status", "expected"),
    [
        ("No known vulnerabilities found", 0, 0),
        ("Found 2 known vulnerabilities in 1 package", 1, 1),
        ("Found 1 known vulnerability in 1 package", 1, 1),
        ("ERROR:pip_audit._cli:a: Dependency not found on PyPI and could not be audited: a (1)", 1, 3),
        ("", 7, 3),
    ],
)
def test_ends_are_told_apart(said: str, status: int, expected: int) -> None:
    found = audited(sys.executable, "-c", f"import sys; print({said!r}, file=sys.stderr); sys.exit({status})")
    assert found.returncode == expected
    if expected == 3:
        assert f"No audit was made: {said or f'exit status {status}'}\n" in found.stderr
        assert "docs/reproducibility.md" in found.stderr
    else:
        assert said in found.stdout


def test_a_program_that_is_not_there() -> None:
    found = audited("no-such-program-at-all")
    assert found.returncode == 3
    assert "No audit was made: no-such-program-at-all does not start (No such file or directory)." in found.stderr
