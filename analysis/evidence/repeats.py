"""Repeated rows, contradicting labels, and test rows that training has already shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count, Share
from analysis.evidence.numerics import splits
from analysis.models import metrics
from analysis.models.fits import ORIGINAL, OVERSAMPLED, FittedModel, Split
from analysis.portfolio.distinct import distinct
from analysis.portfolio.loans import Loans

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class GroupedSplit:
    """Both models under a split that keeps rows with equal features on one side.

    Attributes
    ----------
    seed : int
        Seed of the split.
    train_rows, test_rows : int
        Loans on each side.
    original, oversampled : float or None
        Balanced accuracy on the test rows, 0 to 1, best 1; None when a side lacks a label.
    """

    seed: Count
    train_rows: Count
    test_rows: Count
    original: Share | None
    oversampled: Share | None


@dataclass(frozen=True)
class RepeatsEvidence:
    """How far the rows of a portfolio repeat each other.

    Attributes
    ----------
    rows, distinct_rows, repeated_rows : int
        Loans, unlike loans (label included), and the difference.
    distinct_feature_rows : int
        Unlike combinations of the seven features.
    conflicting_feature_rows, conflicting_rows : int
        Combinations of features that occur with both labels, and the loans that have them.
    test_rows, test_rows_seen_in_training : int
        Test loans, and those whose features also occur among the training rows.
    test_share_seen_in_training : float
        The latter by the former, 0 to 1.
    grouped_splits : tuple of GroupedSplit
        One for each of `SEEDS`; empty when all rows have the same features.
    """

    rows: Count
    distinct_rows: Count
    repeated_rows: Count
    distinct_feature_rows: Count
    conflicting_feature_rows: Count
    conflicting_rows: Count
    test_rows: Count
    test_rows_seen_in_training: Count
    test_share_seen_in_training: Share
    grouped_splits: tuple[GroupedSplit, ...]


def examine(loans: Loans, parts: Split) -> RepeatsEvidence:
    """Count repeated, conflicting and already seen rows, and split again without them.

    Parameters
    ----------
    loans : Loans
        A portfolio.
    parts : Split
        The published split of it.
    """
    groups = distinct(loans.features)
    # A combination of features stands in the distinct loans once a label, so at most twice.
    conflicting = groups.counts > 1
    seen = rows_seen(parts)
    return RepeatsEvidence(
        rows=loans.total,
        distinct_rows=len(loans),
        repeated_rows=loans.total - len(loans),
        distinct_feature_rows=len(groups),
        conflicting_feature_rows=int(conflicting.sum()),
        conflicting_rows=int(loans.counts[conflicting[groups.inverse]].sum()),
        test_rows=parts.test.total,
        test_rows_seen_in_training=seen,
        test_share_seen_in_training=seen / parts.test.total,
        grouped_splits=grouped_splits(loans, groups.inverse),
    )


def rows_seen(parts: Split) -> int:
    """Count the test rows whose features also occur among the training rows."""
    groups = distinct(pd.concat([parts.train.features, parts.test.features])).inverse
    seen = np.isin(groups[len(parts.train) :], groups[: len(parts.train)])
    return int(parts.test.counts[seen].sum())


def grouped_splits(loans: Loans, groups: NDArray[np.int64]) -> tuple[GroupedSplit, ...]:
    """Split and fit both models for each seed, rows with equal features kept on one side.

    Parameters
    ----------
    loans : Loans
        A portfolio.
    groups : array of shape (distinct rows,)
        The number of each distinct row's combination of features.

    Notes
    -----
    Leakage between equal rows: Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804.
    """
    if groups.max() == 0:
        return ()
    return tuple(_grouped_split(loans, groups, seed) for seed in SEEDS)


def _grouped_split(loans: Loans, groups: NDArray[np.int64], seed: int) -> GroupedSplit:
    from sklearn.model_selection import GroupShuffleSplit

    # Of the distinct feature rows, the share that the published split takes of the rows.
    splitter = GroupShuffleSplit(n_splits=1, test_size=splits.TEST_SHARE, random_state=seed)
    _, held_out = next(splitter.split(loans.rows, groups=groups))
    tested = np.zeros(len(loans), dtype=bool)
    tested[held_out] = True
    train, test = _side(loans, ~tested), _side(loans, tested)
    measured: dict[str, float | None] = {ORIGINAL: None, OVERSAMPLED: None}
    if all(min(side.label_counts.values()) for side in (train, test)):
        for model, fitted in splits.fit_both(train, seed).items():
            measured[model] = _balanced_accuracy(fitted, test)
    return GroupedSplit(seed=seed, train_rows=train.total, test_rows=test.total, **measured)


def _side(loans: Loans, chosen: NDArray[np.bool_]) -> Loans:
    """Return the loans of some distinct rows, in the portfolio's order where that decides."""
    if splits.one_by_one(loans):
        return loans.part(loans.inverse[chosen[loans.inverse]])
    return loans.counted(np.where(chosen, loans.counts, 0))


def _balanced_accuracy(fitted: FittedModel, test: Loans) -> float:
    return metrics.balanced_accuracy(test.labels, fitted.predict(test.features), test.counts)
