"""A plugin of pytest that lets nbval compare numbers within a tolerance: ``-p amazon_labor.nbval_tolerance``.

nbval compares outputs as text, so that the last digit of another processor is a red test. With ``--nbval-tolerance 1e-9``
emitted numbers are compared by their value, and the numbers in other outputs within the same share of their size. Cells tagged
``approximate`` hold what an optimiser that stops early, or a draw, gives: one percent there.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from amazon_labor import tolerance


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("nbval").addoption(
        "--nbval-tolerance",
        metavar="SHARE",
        default=None,
        help="Numbers in outputs of notebooks may differ by this share of their size (nbval: not at all).",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let nbval's cells compare within the tolerance, if one is given.

    Raises
    ------
    pytest.UsageError
        If it is no tolerance, or nbval is not there.
    """
    word = config.getoption("--nbval-tolerance")
    if word is None:
        return
    try:
        share = tolerance.parse(word)
        from nbval.plugin import IPyNbCell
    except ValueError as error:
        raise pytest.UsageError(f"--nbval-tolerance: {error}") from None
    except ImportError:
        raise pytest.UsageError("--nbval-tolerance: nbval is not installed, so there is nothing to compare.") from None
    exact = IPyNbCell.compare_outputs

    def close(cell: Any, test: Sequence[Any], ref: Sequence[Any], skip_compare: Any = None) -> bool:
        tagged = tolerance.APPROXIMATE in cell.cell.metadata.get("tags", ())
        allowed = max(share, tolerance.APPROXIMATE_SHARE) if tagged else share
        return bool(exact(cell, tolerance.settled(test, ref, allowed), ref, skip_compare))

    IPyNbCell.compare_outputs = close
    config.add_cleanup(lambda: setattr(IPyNbCell, "compare_outputs", exact))
