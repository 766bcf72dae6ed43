"""Both models as published, fitted on distinct rows with their counts as weights."""

from __future__ import annotations

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from numpy.typing import NDArray

from analysis import models
from analysis.evidence.weighting import Distinct
from analysis.models import ORIGINAL, OVERSAMPLED, FittedModel
from analysis.schema import LABEL, feature_names

Positions = NDArray[np.int64]


def oversampled(positions: Positions, labels: models.Labels, seed: int) -> Positions:
    """Repeat positions as RandomOverSampler repeats the rows of the rarer label.

    Parameters
    ----------
    positions, labels : array of shape (rows,)
        Where the training rows stand in a table, and their labels, in the split's order.
    seed : int
        The sampler's `random_state`.

    Returns
    -------
    array of shape (rows after oversampling,)
        Lemaître et al. 2017, JMLR 18(17).
    """
    sampler = RandomOverSampler(random_state=seed)
    # The draws depend on the labels alone, so a column of numbers stands in for the features.
    sampler.fit_resample(np.arange(len(positions)).reshape(-1, 1), labels)
    return positions[np.asarray(sampler.sample_indices_, dtype=np.int64)]


def training_positions(table: Distinct, positions: Positions, seed: int) -> dict[str, Positions]:
    """Return which rows each model is fitted on, by model id."""
    labels = table.rows[LABEL].to_numpy(np.int64)[table.inverse[positions]]
    return {ORIGINAL: positions, OVERSAMPLED: oversampled(positions, labels, seed)}


def counts(table: Distinct, positions: Positions) -> NDArray[np.float64]:
    """Count how often each distinct row occurs among the positions, shape (distinct rows,)."""
    return np.bincount(table.inverse[positions], minlength=len(table)).astype(np.float64)


def fit_both(table: Distinct, positions: Positions, seed: int) -> dict[str, FittedModel]:
    """Fit both models with the published settings on some rows of a table.

    Parameters
    ----------
    table : Distinct
        The distinct rows of a loan table, features and label.
    positions : array of shape (rows,)
        The training rows, positions in the table, both labels among them.
    seed : int
        Seed of the oversampler.
    """
    return {
        model: _fit(model, table, counts(table, rows))
        for model, rows in training_positions(table, positions, seed).items()
    }


def _fit(model: str, table: Distinct, weights: NDArray[np.float64]) -> FittedModel:
    used = weights > 0
    rows = table.rows[used]
    return models.fit(model, rows[feature_names()], rows[LABEL], weights[used])
