"""Costs and the ranges of ratios in which a choice wins, against trying every ratio."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.thresholds import costs
from analysis.models.metrics import Confusion

CONFUSIONS = st.builds(
    lambda fp, fn: Confusion(tn=20 - fp, fp=fp, fn=fn, tp=20 - fn),
    st.integers(0, 20),
    st.integers(0, 20),
)


@given(st.lists(CONFUSIONS, min_size=1, max_size=4))
def test_a_choice_wins_exactly_within_its_range(confusions):
    choices = {str(number): each for number, each in enumerate(confusions)}
    ranges = {each.choice: each for each in costs.winning_ranges(choices)}
    assert any(each.wins for each in ranges.values())
    # Bounds are fractions of whole numbers up to 20: no bound falls on these ratios.
    for ratio in np.append(np.linspace(0, 21, 97)[1:] + math.pi / 1_000, 1e6):
        cost = {name: each.fp + ratio * each.fn for name, each in choices.items()}
        for name, found in ranges.items():
            upper = math.inf if found.upper is None else found.upper
            inside = found.wins and found.lower <= ratio <= upper
            assert inside == (cost[name] <= min(cost.values()) * (1 + 1e-12))


def test_a_choice_that_is_worse_in_both_never_wins():
    better, worse = Confusion(8, 2, 1, 9), Confusion(7, 3, 2, 8)
    found = costs.winning_ranges({"worse": worse, "better": better})
    assert found == (
        costs.CostRange("worse", wins=False, lower=None, upper=None),
        costs.CostRange("better", wins=True, lower=0.0, upper=None),
    )


def test_equals_share_their_range():
    same = Confusion(8, 2, 1, 9)
    first, second = costs.winning_ranges({"first": same, "second": same})
    assert (first.lower, first.upper) == (second.lower, second.upper) == (0.0, None)


def test_expected_cost_worked_by_hand():
    assert costs.cost_of(Confusion(tn=90, fp=3, fn=2, tp=5), 10) == pytest.approx(0.23)


@pytest.mark.parametrize("ratio", [0, -1, math.nan, math.inf])
def test_a_ratio_that_is_none_is_refused(ratio):
    with pytest.raises(ValueError, match="a finite number above 0 is needed"):
        costs.check_ratio(ratio)
