"""Readable cuts separate neighbours and are short; quantiles count loans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.numerics.cuts import quantiles, readable_cut, readable_cut_from

NUMBERS = st.floats(-1e12, 1e12)


@given(NUMBERS, NUMBERS)
def test_a_cut_separates_its_neighbours(one, other):
    lower, upper = sorted([one, other])
    if lower == upper:
        with pytest.raises(ValueError, match="no number lies above"):
            readable_cut(lower, upper)
    else:
        assert lower < readable_cut(lower, upper) <= upper
        assert lower <= readable_cut_from(lower, upper) < upper


@pytest.mark.parametrize(
    ("lower", "upper", "cut"),
    [
        (8.867, 8.878, 8.87),
        (8.98, 9.02, 9.0),
        (7, 8, 8.0),
        (34_000.0, 34_100.0, 34_100.0),
        (0.53125, 0.53198127925117, 0.5316),
        (-0.3, 0.4, 0.0),
        (5e-324, 1e-323, 1e-323),
        (1.0, 1.0000000000000002, 1.0000000000000002),
    ],
)
def test_cuts_worked_by_hand(lower, upper, cut):
    assert readable_cut(lower, upper) == cut


def test_a_cut_from_includes_the_lower_neighbour_only():
    assert readable_cut_from(0.0, 0.2) == 0.0
    assert readable_cut_from(7.0, 8.0) == 7.0
    assert str(readable_cut_from(0.0, 0.2)) == "0.0"


@pytest.mark.parametrize("most", [1, 4])
def test_quantiles_are_those_of_each_loan(most):
    generator = np.random.default_rng(3)
    values, counts = generator.normal(size=999), generator.integers(1, most + 1, 999)
    every = np.sort(np.repeat(values, counts))
    for level in (0.001, 0.25, 0.5, 0.9):
        place = int(np.ceil(level * len(every))) - 1
        assert quantiles(values, [level], counts).tolist() == [every[place]]
