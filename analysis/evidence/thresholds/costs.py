"""Costs of wrong decisions, counted in refused healthy loans."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.base.entries import FromZero, Share
from analysis.models.metrics import Confusion

# A missed high-risk loan loses what the borrower does not repay, a refused healthy one the margin
# that it would have earned. The foundation approach of Basel II takes 45 % of an unsecured loan
# as lost (paragraph 287); a margin near 4.5 % makes that ten to one. The owner's own ratio
# replaces it.
COST_RATIO = 10.0


@dataclass(frozen=True)
class Choice:
    """A threshold and what it does on the test rows.

    Attributes
    ----------
    threshold : float
        Loans with a probability above it are refused, 0 to 1.
    confusion : Confusion
        Test rows by label and decision.
    expected_cost : float
        Mean cost of a decision, in refused healthy loans, 0 upwards, best 0.
    """

    threshold: Share
    confusion: Confusion
    expected_cost: FromZero


@dataclass(frozen=True)
class CostRange:
    """For which cost ratios a choice is the cheapest, alone or with an equal.

    Attributes
    ----------
    choice : str
        What is chosen.
    wins : bool
        Whether there is such a range.
    lower, upper : float or None
        Its bounds, 0 upwards; None for no upper bound, and for both when it never wins.
    """

    choice: str
    wins: bool
    lower: FromZero | None
    upper: FromZero | None


def check_ratio(cost_ratio: float) -> None:
    """Raise ValueError unless a cost ratio is a finite number above 0."""
    if not (math.isfinite(cost_ratio) and cost_ratio > 0):
        raise ValueError(f"cost ratio {cost_ratio}: a finite number above 0 is needed")


def cost_of(counts: Confusion, cost_ratio: float) -> float:
    """Return the mean cost of the decisions that were counted, 0 upwards, best 0.

    Elkan 2001, The foundations of cost-sensitive learning, IJCAI, pages 973 to 978.

    Parameters
    ----------
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans, in which costs are counted.
    """
    return (counts.fp + cost_ratio * counts.fn) / counts.rows


def winning_ranges(choices: Mapping[str, Confusion]) -> tuple[CostRange, ...]:
    """Return for which cost ratios from 0 upwards each choice is the cheapest.

    The cost of a choice is a straight line over the ratio; the cheapest is the lower envelope
    of the lines (Drummond and Holte 2006, doi:10.1007/s10994-006-8199-5).
    """
    return tuple(_range(name, each, choices) for name, each in choices.items())


def _range(name: str, choice: Confusion, choices: Mapping[str, Confusion]) -> CostRange:
    never = CostRange(name, wins=False, lower=None, upper=None)
    lower, upper = 0.0, np.inf
    for other in choices.values():
        fewer_missed, more_refused = other.fn - choice.fn, choice.fp - other.fp
        if fewer_missed > 0:
            lower = max(lower, more_refused / fewer_missed)
        elif fewer_missed < 0:
            upper = min(upper, more_refused / fewer_missed)
        elif more_refused > 0:
            return never
    if lower >= upper:
        return never
    return CostRange(name, wins=True, lower=lower, upper=float(upper) if upper < np.inf else None)
