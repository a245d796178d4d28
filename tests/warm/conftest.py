"""A broker of warm kernels for the tests of a module."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from amazon_labor.runner import execute
from amazon_labor.warm import serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def warm() -> Iterator[serve.Warm]:
    before = dict(os.environ)
    with serve.started() as (found, reason):
        assert found is not None, reason
        found.prepare(execute.inherited(str(ROOT)))
        os.environ.update(found.environment)
        yield found
        os.environ.clear()
        os.environ.update(before)
