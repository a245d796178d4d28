"""Run the audit given as a command and tell its three ends apart: `python .ci/audit.py uvx pip-audit ...`.

Exit status 0: every locked package was looked up and none has a known vulnerability. 1: vulnerabilities were found. 3: no audit
was made, because the service could not be reached or does not know the packages; pip-audit itself ends with 1 there too.
"""

import re
import subprocess
import sys

FOUND = re.compile(r"^Found \d+ known vulnerabilit", re.MULTILINE)
NOT_MADE = 3
SENTENCE = """\
No audit was made: {reason}
This says nothing about the locked packages. pip-audit asks the JSON interface of pypi.org, which mirrors often lack; run it where
that answers, or use an export of the OSV database without a network: docs/reproducibility.md, section Dependencies."""


def main(command: list[str]) -> int:
    """Run the command, repeat what it says, and return the exit status."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        print(SENTENCE.format(reason=f"{command[0]} does not start ({error.strerror})."), file=sys.stderr)
        return NOT_MADE
    said = done.stdout + done.stderr
    if done.returncode == 0 or FOUND.search(said):
        print(said, end="")
        return 1 if done.returncode else 0
    last = next((line for line in reversed(said.splitlines()) if line.strip()), f"exit status {done.returncode}")
    print(SENTENCE.format(reason=last.strip()), file=sys.stderr)
    return NOT_MADE


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python .ci/audit.py COMMAND...")
    sys.exit(main(sys.argv[1:]))
