"""Fits on distinct rows are the fits on all rows."""

import numpy as np
import pytest

from analysis import models, simulate
from analysis.evidence import fitting
from analysis.evidence.weighting import distinct


def test_both_models_are_those_of_the_published_split():
    table = simulate.portfolio(3_000, seed=8)
    parts = models.split(table)
    found = fitting.fit_both(distinct(table), parts.train.index.to_numpy(), models.RANDOM_STATE)
    for model in (models.fit_original(parts), models.fit_oversampled(parts)):
        assert found[model.id].training_counts == model.training_counts
        scores = found[model.id].scores(parts.test_features)
        assert scores == pytest.approx(model.scores(parts.test_features), abs=1e-3)


def test_counts_of_positions_add_up():
    table = simulate.portfolio(1_000, seed=8)
    rows = distinct(table)
    counts = fitting.counts(rows, np.array([0, 0, 5]))
    assert counts.sum() == 3
    assert counts[rows.inverse[0]] >= 2


@pytest.mark.parametrize("rarer", [0, 1])
def test_the_rarer_label_is_repeated_until_both_are_as_many(rarer):
    labels = np.array([rarer] * 3 + [1 - rarer] * 7)
    found = fitting.oversampled(np.arange(10) * 2, labels, seed=0)
    assert found[:10].tolist() == list(range(0, 20, 2))
    assert len(found) == 14
    assert set(found[10:]) <= {0, 2, 4}
