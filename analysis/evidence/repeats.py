"""Repeated rows, contradicting labels, and test rows that training has already shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count, Share
from analysis.models import fits, metrics, splitting
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.distinct import distinct, hashed
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


def examine(
    loans: Loans, parts: Split, start: Mapping[str, FittedModel] | None = None
) -> RepeatsEvidence:
    """Count repeated, conflicting and already seen rows, and split again without them.

    Parameters
    ----------
    start : mapping of str to FittedModel, optional
        Both models of that split, from which the fits of grouped splits start.
    """
    groups = loans.alike
    regrouped = grouped_splits(loans, groups, start)  # before what is counted takes its memory
    kinds = _by_label(groups, loans)
    conflicting, counts = (kinds > 0).all(axis=0), kinds[kinds > 0]
    by_label = seen_by_label(parts)
    seen = sum(each.seen for each in by_label)
    return RepeatsEvidence(
        rows=loans.total,
        distinct_rows=len(counts),
        repeated_rows=loans.total - len(counts),
        rows_equal_to_another=int(counts[counts > 1].sum()),
        distinct_feature_rows=kinds.shape[1],
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
    shared = np.intersect1d(*hashes, assume_unique=True)
    near = [np.isin(each, shared) for each in hashes]
    groups = distinct(pd.concat([train[near[0]], test[near[1]]])).inverse
    number = np.count_nonzero(near[0])
    seen = np.zeros(len(test), dtype=bool)
    seen[near[1]] = np.isin(groups[number:], groups[:number])
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
    return int(_by_label(loans.alike, loans).min(axis=0).sum())


def _by_label(groups: NDArray[np.int64], loans: Loans) -> NDArray[np.int64]:
    """Count the healthy and the high-risk loans of each group, shape (2, groups)."""
    number = int(groups.max()) + 1
    of_label = (np.where(loans.labels == each, loans.counts, 0) for each in (HEALTHY, HIGH_RISK))
    return np.array([np.bincount(groups, each, number).astype(np.int64) for each in of_label])


def grouped_splits(
    loans: Loans, groups: NDArray[np.int64], start: Mapping[str, FittedModel] | None = None
) -> tuple[GroupedSplit, ...]:
    """Split and fit both models for each seed, rows with equal features kept on one side.

    Parameters
    ----------
    groups : array of shape (distinct rows,)
        The number of each distinct row's combination of features.

    Notes
    -----
    Leakage between equal rows: Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804.
    """
    if groups.max() == 0:
        return ()
    made = [_grouped_splits(loans, groups, each, start) for each in splitting.batches(loans, SEEDS)]
    return tuple(chain(*made))


@dataclass(frozen=True)
class UnseenOutcome:
    """What a model does on the test loans whose features training has not shown.

    Attributes
    ----------
    confusion : Confusion
        These loans by label and decision.
    balanced_accuracy : float or None
        0 to 1, best 1, 0.5 for a guess; None where they lack a label.
    """

    confusion: Confusion
    balanced_accuracy: Share | None


@dataclass(frozen=True)
class Unseen:
    """Both models on the test loans whose features training has not shown.

    Attributes
    ----------
    loans, high_risk : int
        Such loans, and the high-risk ones among them.
    models : Pair of UnseenOutcome
        What each model does on them.
    """

    loans: Count
    high_risk: Count
    models: Pair[UnseenOutcome]


def unseen(parts: Split, models: Pair[AppliedModel]) -> Unseen:
    """Hold both models against the test loans whose features training has not shown."""
    counts = np.where(seen_in_training(parts), 0, parts.test.counts)
    test = parts.test.counted(counts)
    both = min(test.label_counts.values()) > 0

    def outcome(model: AppliedModel) -> UnseenOutcome:
        found = metrics.confusion(parts.test.labels, model.decided, counts)
        return UnseenOutcome(found, found.balanced_accuracy if both else None)

    return Unseen(test.total, test.label_counts[HIGH_RISK], models.map(outcome))


@dataclass(frozen=True)
class GroupedMean:
    """A model's balanced accuracy under grouped splits and under random ones.

    Attributes
    ----------
    grouped, random : float
        Mean over the grouped splits, and over the random re-splits, 0 to 1.
    difference : float
        Grouped less random.
    lower, upper : float
        2.5 % and 97.5 % quantiles of the random re-splits: a difference within their spread says
        nothing.
    """

    grouped: Share
    random: Share
    difference: float
    lower: Share
    upper: Share


def against_random(
    grouped: tuple[GroupedSplit, ...], summary: pd.DataFrame
) -> Pair[GroupedMean] | None:
    """Compare grouped splits with the mean over random ones, both models.

    Parameters
    ----------
    grouped : tuple of GroupedSplit
        As `grouped_splits` makes them.
    summary : DataFrame
        A `resplits.SummaryFrame`.

    Returns
    -------
    Pair of GroupedMean or None
        None where either kind of split gave no figure.
    """
    measured = [each for each in grouped if each.original is not None]
    if not measured or summary.empty:
        return None
    rows = summary[summary["metric"] == "balanced_accuracy"].set_index("model")
    found = {name: rows.loc[name].to_dict() for name in (ORIGINAL, OVERSAMPLED)}
    means = {name: float(np.mean([getattr(each, name) for each in measured])) for name in found}
    return Pair(
        **{
            name: GroupedMean(
                grouped=means[name],
                random=random["mean"],
                difference=means[name] - random["mean"],
                lower=random["lower"],
                upper=random["upper"],
            )
            for name, random in found.items()
        }
    )


def _grouped_splits(
    loans: Loans,
    groups: NDArray[np.int64],
    seeds: Sequence[int],
    start: Mapping[str, FittedModel] | None,
) -> list[GroupedSplit]:
    """Split for some seeds, and fit on those splits that have both labels on both sides."""
    parts = {seed: _grouped_sides(loans, groups, seed) for seed in seeds}
    whole = [seed for seed, each in parts.items() if _labelled(each)]
    fitted = fits.fit_both(loans, [parts[seed].train for seed in whole], whole, start)
    models = dict(zip(whole, fitted, strict=True))
    return [_grouped_split(seed, each, models.get(seed, {})) for seed, each in parts.items()]


def _grouped_sides(loans: Loans, groups: NDArray[np.int64], seed: int) -> Split:
    from sklearn.model_selection import ShuffleSplit

    # Of the distinct feature rows, the share that the published split takes of the rows. As
    # GroupShuffleSplit draws, which would first look for the groups that are known here.
    number = int(groups.max()) + 1
    splitter = ShuffleSplit(n_splits=1, test_size=loans.recipe.test_share, random_state=seed)
    chosen = np.zeros(number, dtype=bool)
    chosen[next(splitter.split(chosen))[1]] = True
    tested = chosen[groups]
    return splitting.sides(_side(loans, ~tested), _side(loans, tested))


def _labelled(parts: Split) -> bool:
    return all(min(side.label_counts.values()) for side in (parts.train, parts.test))


def _grouped_split(seed: int, parts: Split, fitted: Mapping[str, FittedModel]) -> GroupedSplit:
    measured: dict[str, float | None] = {ORIGINAL: None, OVERSAMPLED: None}
    for model, each in fitted.items():
        measured[model] = each.apply(parts.test).confusion.balanced_accuracy
    return GroupedSplit(seed, parts.train.total, parts.test.total, **measured)


def _side(loans: Loans, chosen: NDArray[np.bool_]) -> Loans:
    """Return the loans of some distinct rows, in the portfolio's order where that decides."""
    if splitting.one_by_one(loans):
        return loans.among(loans.inverse[chosen[loans.inverse]])
    return loans.weighed(np.where(chosen, loans.counts, 0))
