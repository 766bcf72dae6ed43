"""Intervals of ranking and probabilities where loans with equal features are drawn together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.certainty.intervals import cells, levels, measure, merged, of_blocks
from analysis.evidence.numerics import resampling
from analysis.evidence.numerics.resampling import Interval, draws
from analysis.models.metrics import Counts
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels, Values

SCORED = ("roc_auc", "gini", "average_precision", "ks", "brier", "log_loss", "observed_expected")


def describe(
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
    by_loan: Mapping[str, Interval],
) -> dict[str, Interval]:
    """Return an interval for every metric of one model's scores, by feature rows.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1.
    log_odds : array of shape (rows,)
        The model's linear scores.
    alike : array of shape (rows,)
        The number of each row's combination of features, from 0; rows of one have equal scores.
    counts : array of shape (rows,)
        How many loans each row stands for.
    by_loan : mapping of metric to Interval
        The intervals of loans drawn one by one from the same seed: where no two loans have equal
        features, these are the intervals sought, and nothing is drawn again.

    Returns
    -------
    dict of metric to Interval
        `SCORED`, by bootstrap; the metrics of decisions are those of `comparison`.

    Notes
    -----
    Combinations with the same score and the same numbers of loans are of one kind, and drawn
    together: the same distribution, at the cost of the kinds. Field and Welsh 2007,
    doi:10.1111/j.1467-9868.2007.00593.x.
    """
    if counts.sum() == len(np.unique(alike)):
        return {name: by_loan[name] for name in SCORED}
    values, place = levels(log_odds)
    estimates = measure(cells(labels, place, counts)[np.newaxis], values)
    values, group = merged(values)
    kinds, times = _kinds(group[place], labels, alike, counts)
    starts = np.searchsorted(kinds[:, 0], np.arange(len(values)))
    blocks = []
    for block in draws(times, resampling.REPLICATES):
        of_label = [np.add.reduceat(block * kinds[:, at], starts, axis=1) for at in (1, 2)]
        blocks.append(measure(np.hstack(of_label), values))
    return of_blocks(estimates, blocks, SCORED)


def _kinds(
    place: NDArray[np.int64], labels: Labels, alike: Places, counts: Counts
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return level, healthy and high-risk loans of each kind, by level, and how many there are."""
    _, first, group = np.unique(alike, return_index=True, return_inverse=True)
    risky = np.bincount(group, counts * labels)
    made = np.column_stack([place[first], np.bincount(group, counts) - risky, risky])
    kinds, times = np.unique(made.astype(np.int64), axis=0, return_counts=True)
    return kinds, times.astype(np.int64)
