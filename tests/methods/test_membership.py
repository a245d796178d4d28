"""Contributions to a share: exact sums on generated groups, and the logarithmic split of `growth` to first order."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amazon_labor.methods import growth, membership

amounts = st.floats(1.0, 1e5)
groups = st.lists(st.tuples(amounts, amounts, amounts, amounts), min_size=1, max_size=8)


@given(groups)
def test_contributions_add_up_to_the_change_of_the_share(cells):
    start = {str(k): (a, a + b) for k, (a, b, _, _) in enumerate(cells)}
    end = {str(k): (c, c + d) for k, (_, _, c, d) in enumerate(cells)}
    parts = membership.share_contributions(start, end)
    shares = [100 * sum(m for m, _ in side.values()) / sum(e for _, e in side.values()) for side in (start, end)]
    assert math.fsum(v for pair in parts.values() for v in pair) == pytest.approx(shares[1] - shares[0], abs=1e-8)


@given(groups)
def test_merging_groups_merges_contributions(cells):
    start = {str(k): (a, a + b) for k, (a, b, _, _) in enumerate(cells)}
    end = {str(k): (c, c + d) for k, (_, _, c, d) in enumerate(cells)}
    merged = [{"all": tuple(map(math.fsum, zip(*side.values(), strict=True)))} for side in (start, end)]
    whole = membership.share_contributions(*merged)["all"]
    parts = membership.share_contributions(start, end).values()
    assert tuple(map(math.fsum, zip(*parts, strict=True))) == pytest.approx(whole, rel=1e-9, abs=1e-8)


def test_close_to_the_logarithmic_mean_split():
    """Ang's (2004) split of `growth.ratio_parts` is another exact one; for small changes the two agree."""
    parts = membership.share_contributions({"all": (14574, 141737)}, {"all": (14253, 132174)})["all"]
    other = growth.ratio_parts((14574, 14253), (141737, 132174))
    assert parts == pytest.approx((100 * other["numerator"], 100 * other["denominator"]), rel=1e-3)


def test_the_rest_completes_the_whole():
    parts = membership.partition({"men": (7950, 73349), "women": (6624, 68388)}, (14575, 141740), "rounding")
    assert parts["rounding"] == (1, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: membership.share_contributions({"a": (1, 2)}, {"b": (1, 2)}),
            r"^groups differ between the dates: \['a', 'b'\]\.$",
        ),
        (lambda: membership.share_contributions({"a": (1, 0)}, {"a": (1, 2)}), r"^there must be jobs at both dates\.$"),
        (
            lambda: membership.partition({"a": (1, 2)}, (1, 2), "a"),
            r"^'a' is the name of a group; the remainder needs another\.$",
        ),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
