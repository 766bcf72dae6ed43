"""Rates that are watched, with the counts that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.base.entries import Count, FromZero
from analysis.models.metrics import Counts
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Labels, Values

RateKind = Literal["refused", "high_risk", "recall", "observed_expected"]
PORTFOLIO = "portfolio"
# Digits to which scores are rounded before they are binned, and expected loans, so that they are
# the same whatever the order in which a machine adds.
DECIMALS = 9


@dataclass(frozen=True)
class Rate:
    """A share or a ratio that is watched, with the counts that say how sure it is.

    Attributes
    ----------
    name : str
        The model's id, or "portfolio".
    kind : {"refused", "high_risk", "recall", "observed_expected"}
        Share of the training loans that the model refuses; of all loans that are high-risk; of
        the high-risk test loans that the model refuses; high-risk test loans for each one that
        its probabilities expect. All but the first need labels.
    events : int
        Loans above the line.
    of : float
        Loans below the line, whole ones but for observed / expected.
    """

    name: str
    kind: RateKind
    events: Count
    of: FromZero

    @property
    def value(self) -> float:
        """The share or ratio; NaN where there is nothing below the line."""
        return self.events / self.of if self.of else float("nan")


def rates_of(
    scores: Mapping[str, Values], loans: Counts, labels: Labels | None
) -> tuple[Rate, ...]:
    """Count the rates of some loans, those that need labels only where there are any.

    Parameters
    ----------
    scores : mapping of model id to array of shape (distinct rows,)
        Log-odds of each model: above 0 it refuses.
    loans : array of shape (distinct rows,)
        How many of each there are.
    labels : array of shape (distinct rows,) or None
        0 or 1.
    """
    total = int(loans.sum())
    refused = [
        Rate(name, "refused", int(loans[found > 0].sum()), total) for name, found in scores.items()
    ]
    if labels is None:
        return tuple(refused)
    risky = labels == HIGH_RISK
    high_risk = int(loans[risky].sum())
    recalled = [
        Rate(name, "recall", int(loans[risky & (found > 0)].sum()), high_risk)
        for name, found in scores.items()
    ]
    expected = [
        Rate(name, "observed_expected", high_risk, _expected(found, loans))
        for name, found in scores.items()
    ]
    return (*refused, Rate(PORTFOLIO, "high_risk", high_risk, total), *recalled, *expected)


def _expected(scores: Values, loans: Counts) -> float:
    """Return how many of the loans their probabilities expect to be high-risk."""
    from scipy.special import expit

    return float(np.round((expit(scores) * loans).sum(), DECIMALS))
