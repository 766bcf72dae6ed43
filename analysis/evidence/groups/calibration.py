"""Whether the probabilities of a model mean the same in each group, held against all other loans.

Calibration within groups: Kleinberg, Mullainathan and Raghavan 2017,
doi:10.4230/LIPIcs.ITCS.2017.43.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.evidence.numerics.proportions import Proportion, jeffreys, ratio_limits
from analysis.evidence.numerics.resampling import joint_level


@dataclass(frozen=True)
class Outcome:
    """What became of some loans, and what a model expected.

    Attributes
    ----------
    loans, high_risk : int
        The loans, above 0, and the high-risk ones among them.
    expected : float
        High-risk loans that the model's probabilities lead to expect.
    draws : float
        As how many draws the loans count.
    """

    loans: int
    high_risk: int
    expected: float
    draws: float

    def level(self) -> dict[str, float]:
        """Return expected loans, and observed by expected with its limits where any is expected."""
        if not self.expected:
            return {"expected": self.expected}
        name, ends = "observed_expected", jeffreys(self.high_risk, self.loans)
        low, high = ((end or 0.0) * self.loans / self.expected for end in (ends.low, ends.high))
        found = {name: self.high_risk / self.expected, f"{name}_low": low, f"{name}_high": high}
        return {"expected": self.expected} | found


def against_others(group: Outcome, others: Outcome | None, comparisons: int) -> dict[str, Any]:
    """Return a group's observed by expected in proportion to that of all other loans.

    Parameters
    ----------
    others : Outcome or None
        Of all other test loans; None where there are none.
    comparisons : int
        Of how many the limits are to hold together.

    Returns
    -------
    dict
        `calibration_ratio`, 1 where the probabilities are off alike, and its
        `calibration_joint_low` and `_high`; nothing where either cannot be told.
    """
    if others is None or not (group.expected and others.expected and others.high_risk):
        return {}
    here, there = (Proportion(each.high_risk / each.loans, each.draws) for each in (group, others))
    part = (others.expected / others.loans) / (group.expected / group.loans)
    low, high = ratio_limits(here, there, joint_level(comparisons))
    return {
        "calibration_ratio": here.value / there.value * part,
        "calibration_joint_low": low * part,
        "calibration_joint_high": high * part,
    }
