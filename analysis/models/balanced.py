"""The second model's training loans: both labels made to count alike, by the recipe's resampler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Loans, Values
from analysis.portfolio.recipe import Resampler

Balanced = tuple[Loans, Values]
NEIGHBOURS = 5  # of SMOTE, as delivered


def balanced(train: Loans, seed: int | None = None) -> Balanced:
    """Make both labels count alike, as imbalanced-learn and scikit-learn do.

    Where the loans have an order, exactly as the library draws from all rows; where they were
    drawn by count, with the same distribution.

    Parameters
    ----------
    seed : int, optional
        In place of the recipe's seed.

    Returns
    -------
    Loans, array of shape (distinct rows,)
        What to fit on, and how often each distinct loan counts there. Synthetic loans come after
        the others, with a count of 0: they are no loans of the portfolio.

    Notes
    -----
    Lemaître et al. 2017, JMLR 18(17); Chawla et al. 2002, doi:10.1613/jair.953.
    """
    drawn = train.recipe.seed if seed is None else seed
    return _RESAMPLERS[train.recipe.resampler](train, drawn)


def class_weights(train: Loans) -> Values:
    """Return weights of the distinct loans that make both labels count alike, their sum as it was.

    scikit-learn's class_weight="balanced" (King and Zeng 2001, Political Analysis 9).
    """
    of_label = np.array([train.label_counts[label] for label in (HEALTHY, HIGH_RISK)])
    return train.weights * (train.total / 2 / of_label)[train.labels]


def _oversampled(train: Loans, seed: int) -> Balanced:
    """Repeat loans of the rarer label at random until both labels have as many."""
    rarer, _, missing = _labels(train)
    if not len(train.inverse):
        places = np.flatnonzero(train.labels == rarer)
        share = train.counts[places] / train.label_counts[rarer]
        weights = train.weights
        weights[places] += np.random.default_rng(seed).multinomial(missing, share)
        return train, weights
    from sklearn.utils import check_random_state

    # As imbalanced-learn's RandomOverSampler draws, which takes a fifth of a second to load and,
    # for each of two hundred fits, ten times as long to look at its input.
    candidates = train.inverse[train.labels[train.inverse] == rarer]
    repeated = check_random_state(seed).choice(candidates, size=missing)
    return train, train.weights + np.bincount(repeated, minlength=len(train))


def _undersampled(train: Loans, seed: int) -> Balanced:
    """Keep as many loans of the more frequent label, at random, as the other has."""
    rarer, other, missing = _labels(train)
    if not len(train.inverse):
        of_label = np.where(train.labels == other, train.counts, 0)
        generator = np.random.default_rng(seed)
        gone = generator.multivariate_hypergeometric(of_label, missing, method="marginals")
        return train, train.weights - gone
    from imblearn.under_sampling import RandomUnderSampler

    labels = train.labels[train.inverse]
    sampler = _sampler(RandomUnderSampler, other, train.label_counts[rarer], seed)
    sampler.fit_resample(np.arange(len(labels)).reshape(-1, 1), labels)
    kept = train.inverse[sampler.sample_indices_]
    return train, np.bincount(kept, minlength=len(train)).astype(np.float64)


def _with_synthetic(train: Loans, seed: int) -> Balanced:
    """Add synthetic loans of the rarer label, between one of its loans and one of the nearest."""
    rarer, other, missing = _labels(train)
    order = train.inverse if len(train.inverse) else np.repeat(np.arange(len(train)), train.counts)
    candidates = order[train.labels[order] == rarer]
    if not missing or len(candidates) == 1:  # a single loan has no neighbour: it is repeated
        return _oversampled(train, seed)
    from imblearn.over_sampling import SMOTE

    scale = train.scale if train.recipe.scaled else None
    # A table, not an array, since the library keeps whole numbers whole in a table's columns; in 64
    # bits, since it subtracts them from each other.
    whole = {name: np.int64 for name, kind in train.features.dtypes.items() if kind.kind == "i"}
    fitted_on = train.features.astype(whole)
    if scale is not None:
        values = scale.scaled(fitted_on.to_numpy(float))
        fitted_on = pd.DataFrame(values, columns=fitted_on.columns)
    # As above, one loan stands in for those of the other label.
    rows = np.append(candidates, np.flatnonzero(train.labels == other)[0])
    sampler = _sampler(SMOTE, rarer, len(candidates) + missing, seed)
    sampler.k_neighbors = min(NEIGHBOURS, len(candidates) - 1)
    made = sampler.fit_resample(fitted_on.iloc[rows], train.labels[rows])[0].iloc[len(rows) :]
    if scale is not None:
        made = pd.DataFrame(scale.restored(made.to_numpy()), columns=made.columns)
    return _joined(train, made, rarer)


def _joined(train: Loans, made: pd.DataFrame, label: int) -> Balanced:
    rows = made.assign(**{train.label: label})
    both = pd.concat([train.rows, rows.reindex(columns=train.rows.columns)], ignore_index=True)
    counts = np.append(train.counts, np.zeros(len(rows), np.int64))
    weights = np.append(train.weights, np.ones(len(rows)))
    return replace(train, rows=both, counts=counts), weights


def _labels(train: Loans) -> tuple[int, int, int]:
    """Return the rarer label, the other one, and how many loans more that has."""
    counts = train.label_counts
    rarer, other = sorted((HEALTHY, HIGH_RISK), key=counts.__getitem__)
    return rarer, other, counts[other] - counts[rarer]


def _sampler(kind: Any, label: int, loans: int, seed: int) -> Any:
    return kind(sampling_strategy={label: loans}, random_state=seed)


_RESAMPLERS: dict[Resampler, Callable[[Loans, int], Balanced]] = {
    "random_oversampling": _oversampled,
    "random_undersampling": _undersampled,
    "smote": _with_synthetic,
    "class_weights": lambda train, _: (train, class_weights(train)),
}
