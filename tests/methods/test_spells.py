"""Changes and lines that stop at a new definition."""

import numpy as np
import pytest

from amazon_labor.methods import spells


def test_no_change_crosses_a_gap_or_a_new_definition():
    years = [1975, 1976, 1977, 1978, 1980, 1981]
    years_of_change, change = spells.changes(years, [1.0, 2.0, 10.0, 11.0, 30.0, 33.0], begins=[1977])
    assert years_of_change.tolist() == [1976, 1978, 1981]
    assert change.tolist() == [1.0, 1.0, 3.0]


def test_a_missing_value_ends_a_spell():
    years_of_change, change = spells.changes([2000, 2001, 2002, 2003], [1.0, np.nan, 5.0, 6.0])
    assert years_of_change.tolist() == [2003]
    assert change.tolist() == [1.0]


def test_the_line_breaks_between_spells_and_keeps_every_value():
    x, y = spells.broken_line([1976, 1977, 1978, 1983], [1.0, 2.0, 3.0, 4.0], begins=[1977])
    assert np.isnan(y).sum() == 2
    assert x.tolist() == [1976, 1976.5, 1977, 1978, 1982.5, 1983]
    assert y[np.isfinite(y)].tolist() == [1, 2, 3, 4]


def test_spells_are_numbered_from_nought():
    assert spells.spell_numbers([2000, 2001, 2003, 2004], begins=[2004]).tolist() == [0, 0, 1, 2]
    assert spells.spell_numbers([2000]).tolist() == [0]


def test_years_must_rise():
    with pytest.raises(ValueError, match=r"^years must rise, each once\.$"):
        spells.changes([2001, 2000], [1, 2])


def test_a_line_broken_in_the_middle_only():
    x, y = spells.broken_line([2000, 2001, 2005, 2006, 2007], [1.0, 2.0, 3.0, 4.0, 5.0])
    assert x.tolist() == [2000, 2001, 2004.5, 2005, 2006, 2007]
    np.testing.assert_array_equal(y, [1, 2, np.nan, 3, 4, 5])
    whole, _ = spells.broken_line([2000, 2001], [1, 2])
    assert whole.tolist() == [2000, 2001]
    assert spells.spell_numbers([], []).tolist() == []
    with pytest.raises(ValueError, match=r"^years must rise, each once\.$"):
        spells.spell_numbers([2000, 2000])
