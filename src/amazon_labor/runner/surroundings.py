"""Two sets of surroundings in which the same build must give the same bytes: what a person's machine may have set."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import amazon_labor

# set by people, editors and earlier programs: each build gets its own, or none
TAKEN_AWAY = (
    "LC_",
    "LANG",
    "AMAZON_LABOR_",
    "JUPYTER",
    "MPL",
    "IPYTHON",
    "PYTHONHASHSEED",
    "XDG_",
    "SOURCE_DATE_EPOCH",
)
AHEAD = 3401 * 86400 + 5 * 3600 + 1234  # seconds: over nine years, another hour and minute, another day of the week
FAKETIME = ("faketime/libfaketime.so.1", "*/faketime/libfaketime.so.1")
LIBRARIES = (Path("/usr/lib"), Path("/usr/local/lib"), Path("/usr/lib64"))


@dataclass(frozen=True)
class Surroundings:
    """One build's surroundings: environment variables, folder of its checkout, engine, number at once, order."""

    name: str
    folder: str
    variables: Mapping[str, str]
    cold: bool
    jobs: int
    backwards: bool
    ahead: float = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def told(self) -> str:
        """One line for a person."""
        kernels = "cold kernels" if self.cold else "warm kernels"
        order = "last notebook first" if self.backwards else "first notebook first"
        shown = ("USER", "LANG", "TZ", "PYTHONHASHSEED")
        settings = ", ".join(f"{name}={self.variables[name]}" for name in shown)
        return f"{self.name} build: {settings}; {'; '.join(self.notes)}; {kernels}, {self.jobs} at once, {order}"


def pair(base: Path, jobs: int) -> tuple[Surroundings, Surroundings]:
    """The surroundings of both builds; `base` is where their folders are made."""
    libfaketime = find_faketime(LIBRARIES)
    preload, how = _clock(base, libfaketime)
    first = Surroundings(
        "first",
        "one",
        {
            "USER": "ada",
            "HOME": str(base / "home of ada"),
            "LANG": "C.UTF-8",
            "TZ": "America/Los_Angeles",
            "PYTHONHASHSEED": "1",
        },
        cold=True,
        jobs=jobs,
        backwards=False,
        notes=("the clock as it is",),
    )
    locale = comma_locale()
    second = Surroundings(
        "second",
        "another copy é, in a deeper folder",
        {
            "USER": "grace.hopper",
            "HOME": str(base / "Users" / "grace é"),
            "LANG": locale,
            "LC_ALL": locale,
            "TZ": "Asia/Kathmandu",
            "PYTHONHASHSEED": "random",
            **preload,
        },
        cold=False,
        jobs=1,
        backwards=True,
        ahead=AHEAD,
        notes=(f"the clock {AHEAD // 86400} days ahead ({how})",),
    )
    return first, second


def environment(one: Surroundings) -> dict[str, str]:
    """Environment of a build: the caller's own without what people set, and this build's variables in its place."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(TAKEN_AWAY)}
    user = dict.fromkeys(("LOGNAME", "USERNAME"), one.variables["USER"])
    here = str(Path(amazon_labor.__file__).parents[1])
    path = os.pathsep.join(filter(None, [one.variables.get("PYTHONPATH"), here, kept.get("PYTHONPATH")]))
    return kept | user | dict(one.variables) | {"PYTHONPATH": path}


def _clock(base: Path, libfaketime: Path | None) -> tuple[dict[str, str], str]:
    """Variables that shift the clock of every program below, and how they do it."""
    if libfaketime is not None:
        return {
            "LD_PRELOAD": str(libfaketime),
            "FAKETIME": f"+{AHEAD}s",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }, "libfaketime"
    folder = base / "clock"
    folder.mkdir(parents=True, exist_ok=True)
    text = f"from amazon_labor.runner import clock\n\nclock.shift({AHEAD})\n"
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}, "inside Python; libfaketime is not installed"


def find_faketime(places: Sequence[Path]) -> Path | None:
    """The library that shifts the clock below Python, if it is installed."""
    found = (path for place in places for pattern in FAKETIME for path in sorted(place.glob(pattern)))
    return next(found, None) if sys.platform == "linux" else None


def comma_locale() -> str:
    """An installed locale that writes a decimal comma; its name alone where none is installed."""
    try:
        told = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        told = []
    return next(
        (one for one in told if one.lower().startswith(("de_", "fr_", "es_")) and "utf" in one.lower()), "de_DE.UTF-8"
    )
