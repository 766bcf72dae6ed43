"""Repeated rows, contradicting labels, and test rows that training has already shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count, Share
from analysis.evidence.repeats.grouped import GroupedSplit, grouped_splits
from analysis.models.fitted import FittedModel
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.distinct import distinct, hashed, shared
from analysis.portfolio.loans import Loans


@dataclass(frozen=True)
class SeenLoans:
    """Test loans of one label whose features training has already shown.

    Attributes
    ----------
    label : int
        0 or 1.
    loans, seen : int
        Test loans of the label, and those whose features also occur among the training rows.
    share : float
        The latter by the former, 0 to 1.
    """

    label: Count
    loans: Count
    seen: Count
    share: Share


@dataclass(frozen=True)
class RepeatsEvidence:
    """How far the rows of a portfolio repeat each other.

    Attributes
    ----------
    rows, distinct_rows, repeated_rows : int
        Loans, unlike loans (label included), and the difference: copies that are surplus.
    rows_equal_to_another : int
        Loans that equal at least one other in every feature and in the label.
    distinct_feature_rows : int
        Unlike combinations of features.
    conflicting_feature_rows, conflicting_rows : int
        Combinations of features that occur with both labels, and the loans that have them.
    irreducible_errors, irreducible_errors_test : int
        Loans that no decision by these columns can get right, since others with the same features
        have the other label: of each combination, the loans of the rarer label. Of all loans, and
        of the test loans by themselves.
    test_rows, test_rows_seen_in_training : int
        Test loans, and those whose features also occur among the training rows.
    test_share_seen_in_training : float
        The latter by the former, 0 to 1.
    seen_by_label : tuple of SeenLoans
        The same for each label, healthy first.
    grouped_splits : tuple of GroupedSplit
        One for each of `SEEDS`; empty when all rows have the same features.
    """

    rows: Count
    distinct_rows: Count
    repeated_rows: Count
    rows_equal_to_another: Count
    distinct_feature_rows: Count
    conflicting_feature_rows: Count
    conflicting_rows: Count
    irreducible_errors: Count
    irreducible_errors_test: Count
    test_rows: Count
    test_rows_seen_in_training: Count
    test_share_seen_in_training: Share
    seen_by_label: tuple[SeenLoans, ...]
    grouped_splits: tuple[GroupedSplit, ...]


def examine(loans: Loans, parts: Split, start: Mapping[str, FittedModel]) -> RepeatsEvidence:
    """Count repeated, conflicting and already seen rows, and split again without them.

    Parameters
    ----------
    start : mapping of str to FittedModel
        Both models of that split, from which the fits of grouped splits start.
    """
    regrouped = grouped_splits(loans, start)  # before what is counted takes its memory
    kinds, alone = _by_label(loans), ~shared(loans.alike)
    counts = np.append(kinds[kinds > 0], loans.counts[alone])
    conflicting = (kinds > 0).all(axis=0)
    by_label = seen_by_label(parts)
    seen = sum(each.seen for each in by_label)
    return RepeatsEvidence(
        rows=loans.total,
        distinct_rows=len(counts),
        repeated_rows=loans.total - len(counts),
        rows_equal_to_another=int(counts[counts > 1].sum()),
        distinct_feature_rows=int(loans.alike.max()) + 1,
        conflicting_feature_rows=int(conflicting.sum()),
        conflicting_rows=int(kinds[:, conflicting].sum()),
        irreducible_errors=int(kinds.min(axis=0).sum()),
        irreducible_errors_test=irreducible_errors(parts.test),
        test_rows=parts.test.total,
        test_rows_seen_in_training=seen,
        test_share_seen_in_training=seen / parts.test.total,
        seen_by_label=by_label,
        grouped_splits=regrouped,
    )


def seen_in_training(parts: Split) -> NDArray[np.bool_]:
    """Return of each distinct test loan whether its features also occur in training."""
    train, test = parts.train.features, parts.test.features
    hashes = hashed(train), hashed(test)
    # Equal features share a hash; those that share one are compared. Taken as unique, one sort
    # finds these, and a few more where loans of one side have equal features.
    common = np.intersect1d(*hashes, assume_unique=True)
    near = [np.isin(each, common) for each in hashes]
    alike = distinct(pd.concat([train[near[0]], test[near[1]]])).inverse
    number = np.count_nonzero(near[0])
    seen = np.zeros(len(test), dtype=bool)
    seen[near[1]] = np.isin(alike[number:], alike[:number])
    return seen


def seen_by_label(parts: Split) -> tuple[SeenLoans, ...]:
    """Count the test loans of each label whose features also occur in training."""
    seen = parts.test.counted(np.where(seen_in_training(parts), parts.test.counts, 0))
    return tuple(
        SeenLoans(label, loans, found, found / loans if loans else 0.0)
        for label, loans, found in (
            (HEALTHY, parts.test.label_counts[HEALTHY], seen.label_counts[HEALTHY]),
            (HIGH_RISK, parts.test.label_counts[HIGH_RISK], seen.label_counts[HIGH_RISK]),
        )
    )


def irreducible_errors(loans: Loans) -> int:
    """Count the loans of the rarer label of each combination of features."""
    return int(_by_label(loans).min(axis=0).sum())


def _by_label(loans: Loans) -> NDArray[np.int64]:
    """Count healthy and high-risk loans of each combination of features that several rows have.

    Returns
    -------
    array of shape (2, combinations)
        A row by itself has one label.
    """
    several = shared(loans.alike)
    place, labels = np.unique(loans.alike[several], return_inverse=True)[1], loans.labels[several]
    of_label = (np.where(labels == each, loans.counts[several], 0) for each in (HEALTHY, HIGH_RISK))
    return np.array([np.bincount(place, each).astype(np.int64) for each in of_label])
