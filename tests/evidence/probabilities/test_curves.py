"""The curves of a model's scores, against scikit-learn and plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from analysis.evidence.probabilities import curves
from tests.support.plain import once

SCORED = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([-800.0, -3.0, -0.5, 0.0, 0.5, 2.0, 800.0])),
    min_size=2,
    max_size=60,
).filter(lambda rows: len({label for label, _ in rows}) == 2)


def drawn(rows):
    labels = np.array([label for label, _ in rows], dtype=np.int64)
    log_odds = np.array([score for _, score in rows])
    return labels, log_odds, curves.draw_from(labels, log_odds, once(labels))


@given(SCORED)
@settings(max_examples=40)
def test_areas_are_those_of_scikit_learn(rows):
    labels, log_odds, found = drawn(rows)
    area = auc(found.roc["false_positive_rate"], found.roc["recall"])
    assert area == pytest.approx(roc_auc_score(labels, log_odds))
    curve = found.precision_recall
    steps = -np.diff(curve["recall"]) @ curve["precision"].to_numpy()[:-1]
    # Points without a new high-risk loan may be left out, which moves no step.
    assert steps == pytest.approx(average_precision_score(labels, log_odds))


@given(SCORED)
@settings(max_examples=40)
def test_both_curves_are_whole_and_monotone(rows):
    _, _, found = drawn(rows)
    for name in ("false_positive_rate", "recall"):
        values = found.roc[name].to_numpy()
        assert (values[0], values[-1]) == (0, 1)
        assert (np.diff(values) >= 0).all()
    recall = found.precision_recall["recall"].to_numpy()
    assert (recall[0], recall[-1]) == (1, 0)
    assert (np.diff(recall) <= 0).all()
    assert found.precision_recall["precision"].iloc[-1] == 1


@given(SCORED)
@settings(max_examples=40)
def test_each_loan_is_in_one_bin(rows):
    labels, log_odds, found = drawn(rows)
    bins = found.reliability
    predicted = expit(log_odds)
    places = [min(int(each * curves.BINS), curves.BINS - 1) for each in predicted]
    assert len(bins) == len(set(places))
    for row, place in zip(bins.itertuples(), sorted(set(places)), strict=True):
        chosen = np.array(places) == place
        assert row.rows == chosen.sum()
        assert row.mean_predicted == pytest.approx(predicted[chosen].mean())
        assert row.observed == labels[chosen].mean()
        assert 0 <= row.lower <= row.observed <= row.upper <= 1


def test_long_curves_are_thinned_and_keep_their_ends():
    generator = np.random.default_rng(0)
    labels = (generator.random(20_000) < 0.3).astype(np.int64)
    log_odds = generator.normal(labels, 1.0)
    found = curves.draw_from(labels, log_odds, once(labels))
    for curve in (found.roc, found.precision_recall):
        assert len(curve) == curves.POINTS
    assert found.roc.iloc[0].tolist() == [0, 0]
    assert found.roc.iloc[-1].tolist() == [1, 1]
    area = auc(found.roc["false_positive_rate"], found.roc["recall"])
    assert area == pytest.approx(roc_auc_score(labels, log_odds), abs=0.001)


def test_a_perfect_model():
    found = curves.draw_from(
        np.array([0, 0, 1, 1]), np.array([-30.0, -20.0, 20.0, 30.0]), np.ones(4, np.int64)
    )
    assert found.reliability["rows"].tolist() == [2, 2]
    assert found.reliability["observed"].tolist() == [0, 1]
    assert (found.precision_recall["precision"].iloc[1:] == 1).all()
