"""Groups of the test loans, by the values of a column that no model was told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.evidence.numerics.cuts import equal_parts
from analysis.evidence.numerics.proportions import effective
from analysis.evidence.segments import QUARTERS
from analysis.models.design import MISSING
from analysis.models.metrics import Counts
from analysis.portfolio.column import Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels, Loans

LOANS = "loans"


@dataclass(frozen=True)
class Group:
    """A group of test loans.

    Attributes
    ----------
    counts : array of shape (distinct test loans,)
        How many loans of each belong to it.
    draws : dict of str to float
        As how many draws its loans, its healthy and its high-risk ones count.
    others : float
        As how many draws all other test loans count, 0 where there are none.
    """

    name: str
    counts: Counts
    draws: dict[str, float]
    others: float
    lower: float | None = None
    upper: float | None = None


def divide(column: Column, test: Loans, alike: Places) -> Iterator[Group]:
    """Give the groups of a column that some of the test loans belong to."""
    values = test.rows[column.name].to_numpy(np.float64)
    known = ~np.isnan(values)
    last = max(len(column.levels), QUARTERS)
    place = np.full(len(values), last)
    if column.levels:
        place[known] = values[known].astype(np.int64)
    elif known.any():
        place[known] = equal_parts(values[known], test.counts[known], QUARTERS)
    for at in np.unique(place).tolist():
        held = place == at
        counts = np.where(held, test.counts, 0)
        rest = test.counts - counts
        found = (
            counts,
            _draws(counts, test.labels, alike),
            effective(alike, rest) if rest.any() else 0.0,
        )
        if at == last:
            yield Group(MISSING, *found)
        elif column.levels:
            yield Group(column.levels[at], *found)
        else:
            yield Group(str(at + 1), *found, float(values[held].min()), float(values[held].max()))


def _draws(counts: Counts, labels: Labels, alike: Places) -> dict[str, float]:
    parts = {
        LOANS: counts,
        "healthy": np.where(labels == HEALTHY, counts, 0),
        "high_risk": np.where(labels == HIGH_RISK, counts, 0),
    }
    return {name: effective(alike, each) for name, each in parts.items() if each.any()}
