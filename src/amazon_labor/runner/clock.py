"""A clock that is wrong, for `verify`: whatever a build writes must not depend on the time of day.

Used in child processes only, where libfaketime is not installed. It reaches everything that asks Python for the time;
libraries that ask the system themselves are reached by libfaketime alone.
"""

import ctypes
import datetime
import gc
import time
from collections.abc import Callable
from typing import Any


def shift(seconds: float) -> None:
    """Let `time` and `datetime` tell another time from now on, in this process and those forked from it.

    The monotonic clocks, by which programs wait, stay as they are, and so do the times of files.
    """
    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + round(seconds * 1e9)
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _at_present(getattr(time, name)))
    written = time.strftime
    time.strftime = lambda form, when=None: written(form, time.localtime() if when is None else when)
    _shift_datetime()


def _at_present(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function of a moment the shifted present where it would take the real one."""

    def shifted(when: float | None = None) -> Any:
        return function(time.time() if when is None else when)

    return shifted


def _shift_datetime() -> None:
    """Replace two methods of the type itself, because pandas and others hold the type and test for it.

    CPython lets nobody assign to a built-in type; its dictionary is found behind the read-only view. `date.today` and
    `datetime.today` ask `time.time` and need nothing.
    """

    def now(cls: type[datetime.datetime], tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return cls.fromtimestamp(time.time(), tz)

    def utcnow(cls: type[datetime.datetime]) -> datetime.datetime:
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    methods = gc.get_referents(datetime.datetime.__dict__)[0]
    methods["now"], methods["utcnow"] = classmethod(now), classmethod(utcnow)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))
