"""The monotone recalibration against scikit-learn's, and the parts of the Brier score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss

from analysis.evidence.probabilities import isotonic


def sample(rows=600, stretch=1.0, seed=3):
    generator = np.random.default_rng(seed)
    log_odds = np.round(generator.normal(-1, 1.5, rows), 1)
    labels = (generator.random(rows) < expit(stretch * log_odds)).astype(np.int64)
    return labels, log_odds, generator.integers(1, 4, rows)


def test_index_agrees_with_scikit_learn_on_all_rows():
    labels, log_odds, counts = sample(stretch=0.4)
    all_labels, predicted = labels.repeat(counts), expit(log_odds).repeat(counts)
    expected = IsotonicRegression().fit_transform(predicted, all_labels)
    found = isotonic.levels(labels, log_odds, counts)
    index = isotonic.integrated_index(found)
    assert index == pytest.approx(np.abs(expected - predicted).mean())
    parts = isotonic.brier_parts(found)
    brier = brier_score_loss(all_labels, predicted)
    assert parts.reliability == pytest.approx(brier - brier_score_loss(all_labels, expected))
    share = all_labels.mean()
    assert parts.skill == pytest.approx(1 - brier / (share * (1 - share)))


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(-30, 30), st.integers(1, 5)),
        min_size=1,
        max_size=9,
    )
)
def test_the_parts_add_up_to_the_brier_score(rows):
    labels, log_odds, counts = (np.array(each) for each in zip(*rows, strict=True))
    found = isotonic.levels(labels, log_odds / 10, counts)
    parts = isotonic.brier_parts(found)
    brier = np.average((expit(log_odds / 10) - labels) ** 2, weights=counts)
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(brier)
    assert (parts.skill is None) == (len(set(labels.tolist())) == 1)


def test_by_hand():
    # Two of four are high-risk at each end; the recalibrated shares are 1/4 and 3/4.
    labels = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    predicted = np.repeat([0.1, 0.6], 4)
    found = isotonic.levels(labels, logit(predicted), np.ones(8, np.int64))
    assert found.recalibrated == pytest.approx([0.25, 0.75])
    assert isotonic.integrated_index(found) == pytest.approx(0.15)
    parts = isotonic.brier_parts(found)
    assert parts.uncertainty == 0.25
    assert parts.resolution == pytest.approx(0.0625)
    assert parts.reliability == pytest.approx(0.0225)
    assert parts.skill == pytest.approx((0.0625 - 0.0225) / 0.25)


def test_a_calibrated_model_stays_below_what_chance_gives():
    below = [
        isotonic.integrated_index(each) < isotonic.chance_index(each)
        for each in (
            isotonic.levels(*sample(seed=seed)[:2], np.ones(600, np.int64)) for seed in range(30)
        )
    ]
    assert sum(below) >= 26
    off = isotonic.levels(*sample(3_000, stretch=0.4))
    assert isotonic.integrated_index(off) > isotonic.chance_index(off)


def test_chance_on_many_levels_is_that_of_merged_neighbours(monkeypatch):
    found = isotonic.levels(*sample(3_000))
    usual = isotonic.chance_index(found)
    monkeypatch.setattr(isotonic, "MOST_LEVELS", len(found.loans) // 2)
    assert isotonic.chance_index(found) == pytest.approx(usual, rel=0.25)
    assert isotonic.chance_index(found) == isotonic.chance_index(found)
