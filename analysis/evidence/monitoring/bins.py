"""Bins of a score or a feature, cut where the training loans are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.base.entries import Share
from analysis.evidence.numerics.cuts import quantiles, readable_cut
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Values

# Shares of the training loans below the edges: tenths, and finer ones in the tails, where the
# decisions fall in a portfolio of few high-risk loans.
LEVELS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
# A column with no more values than this gets a bin for each.
MOST_VALUES = 20
# Beyond the training loans by more than this part of the largest number lies what they never
# showed; nearer to them may be how a file rounds.
MARGIN, LEAST_MARGIN = 0.001, 1e-6
BinKind = Literal["score", "feature"]


@dataclass(frozen=True)
class Bins:
    """The bins of one score or feature.

    Attributes
    ----------
    name : str
        The model's id or the column's name.
    kind : {"score", "feature"}
        Log-odds of a model, or a column in its own unit.
    edges : tuple of float
        Rising; each opens a bin and closes the one before. Below the first and from the last on
        lies what no training loan showed.
    shares : tuple of float
        Share of the training loans in each bin, one more than edges, above 0, summing to 1. The
        outer two count as one loan each: as likely as the next loan is to break a record.
    """

    name: str
    kind: BinKind
    edges: tuple[float, ...]
    shares: tuple[Share, ...]

    def counts(self, values: Values, loans: Counts) -> Counts:
        """Count loans in each bin, shape (bins,); each value stands for some of the loans."""
        found = np.searchsorted(np.asarray(self.edges), values, side="right")
        return np.bincount(found, loans, minlength=len(self.edges) + 1).astype(np.int64)


def cut(kind: BinKind, name: str, values: Values, loans: Counts) -> Bins:
    """Bin the values of some loans; each value stands for some of the loans."""
    unbinned = Bins(name, kind, _edges(values, loans), ())
    counts = unbinned.counts(values, loans)
    counts[[0, -1]] = 1
    return Bins(name, kind, unbinned.edges, tuple((counts / counts.sum()).tolist()))


def _edges(values: Values, loans: Counts) -> tuple[float, ...]:
    """Cut between neighbouring values: at each, where they are few, else near the quantiles."""
    distinct = np.unique(values)
    opening = np.arange(1, len(distinct))
    if len(distinct) > MOST_VALUES:
        levels = quantiles(values, LEVELS, loans)
        opening = np.unique(np.searchsorted(distinct, levels))
        opening = opening[opening > 0]
    inner = [readable_cut(float(distinct[at - 1]), float(distinct[at])) for at in opening]
    low, high = float(distinct[0]), float(distinct[-1])
    margin = max(MARGIN * max(abs(low), abs(high)), LEAST_MARGIN)
    return (low - margin, *inner, high + margin)
