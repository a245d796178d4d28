"""Where the products of a build lie under the folder of reports."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amazon_labor.parameters import Value

LONGEST_SLUG = 80


@dataclass(frozen=True)
class Layout:
    """Folder of reports and the paths in it."""

    out: Path

    @property
    def build(self) -> Path:
        return self.out / ".build"

    @property
    def state(self) -> Path:
        return self.build / "state.json"

    @property
    def index(self) -> Path:
        return self.out / "index.html"

    @property
    def ledger(self) -> Path:
        return self.out / "ledger.csv"

    def page(self, stem: str, slug: str | None = None) -> Path:
        return self._run(stem, slug) / f"{stem}.html"

    def executed(self, stem: str, slug: str | None = None) -> Path:
        return (self.out / "executed" if slug is None else self._run(stem, slug)) / f"{stem}.ipynb"

    def run_ledger(self, stem: str, slug: str) -> Path:
        return self._run(stem, slug) / "ledger.csv"

    def sweep(self, name: str) -> Path:
        """Folder of the page that compares the points of a sweep."""
        return self.out / "sweeps" / name

    def failed(self, stem: str, slug: str | None = None) -> Path:
        """Partial run of a notebook that failed; the page lies beside it with the ending `.html`."""
        name = stem if slug is None else f"{stem}--{slug}"
        return self.out / "failed" / f"{name}.ipynb"

    def _run(self, stem: str, slug: str | None) -> Path:
        return self.out if slug is None else self.out / "runs" / f"{stem[3:]}--{slug}"


def slug(values: Mapping[str, Value], defaults: Mapping[str, Value], scenario: str | None = None) -> str:
    """Name of a run with other parameters, for its folder: readable, safe, and different for different values."""
    changed = {k: v for k, v in values.items() if v != defaults[k]}
    plain = "_".join(f"{k}-{_word(v)}" for k, v in changed.items())
    safe = re.sub(r"[^A-Za-z0-9.+_-]", "", plain)
    if safe != plain or len(safe) > LONGEST_SLUG:
        mark = hashlib.sha256(repr(sorted(changed.items())).encode()).hexdigest()[:8]
        safe = f"{safe[: LONGEST_SLUG - 9]}-{mark}"
    return scenario or safe


def _word(value: Value) -> str:
    if isinstance(value, list):
        return "+".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
