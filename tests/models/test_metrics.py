"""Counts, report and balanced accuracy, against scikit-learn and figures computed by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.metrics import (
    balanced_accuracy_score,
    classification_report,
    precision_recall_fscore_support,
)

from analysis.models import metrics
from analysis.models.metrics import Confusion, ReportFrame
from tests.support.plain import once

# 10 healthy loans of which 2 are refused, 5 high-risk loans of which 4 are found.
LABELS = np.repeat([0, 1], [10, 5])
PREDICTED = np.array([0] * 8 + [1] * 2 + [1] * 4 + [0])

LENGTHS = st.integers(2, 60)
DECISIONS = LENGTHS.flatmap(
    lambda rows: st.tuples(
        arrays.arrays(np.int64, rows, elements=st.integers(0, 1)),
        arrays.arrays(np.int64, rows, elements=st.integers(0, 1)),
    ).filter(lambda both: 0 < both[0].sum() < rows)
)
COUNTED = DECISIONS.flatmap(
    lambda both: st.tuples(
        *map(st.just, both),
        arrays.arrays(np.int64, len(both[0]), elements=st.integers(1, 9)),
    )
)
COUNTS = st.builds(Confusion, *[st.integers(0, 10**7)] * 4)


def test_hand_computed_counts():
    found = metrics.confusion(LABELS, PREDICTED, once(LABELS))
    assert found == Confusion(tn=8, fp=2, fn=1, tp=4)
    assert found.as_dict() == {"tn": 8, "fp": 2, "fn": 1, "tp": 4}
    assert found.rows == 15
    assert found.recall == pytest.approx(4 / 5)
    assert found.precision == pytest.approx(4 / 6)
    assert found.specificity == pytest.approx(8 / 10)
    assert found.balanced_accuracy == pytest.approx(0.8)


def test_hand_computed_report():
    found = metrics.report(Confusion(tn=8, fp=2, fn=1, tp=4))
    assert list(found) == ["0", "1", "accuracy", "macro avg", "weighted avg"]
    assert found["1"] == pytest.approx(
        {"precision": 2 / 3, "recall": 0.8, "f1-score": 8 / 11, "support": 5}
    )
    assert found["0"]["precision"] == pytest.approx(8 / 9)
    assert found["accuracy"] == pytest.approx(12 / 15)
    assert found["weighted avg"]["precision"] == pytest.approx((10 * 8 / 9 + 5 * 2 / 3) / 15)


def test_nothing_refused_and_no_such_label_give_zero():
    assert Confusion(tn=9, fp=0, fn=3, tp=0).precision == 0
    assert Confusion(tn=9, fp=1, fn=0, tp=0).recall == 0
    assert Confusion(tn=0, fp=0, fn=1, tp=2).specificity == 0
    assert metrics.report(Confusion(tn=10, fp=0, fn=5, tp=0))["1"]["precision"] == 0


@given(DECISIONS)
@settings(max_examples=40)
def test_report_is_that_of_scikit_learn(both):
    labels, predicted = both
    expected = classification_report(labels, predicted, output_dict=True, zero_division=0)
    found = metrics.report(metrics.confusion(labels, predicted, once(labels)))
    assert found.keys() == expected.keys()
    for name in found:
        assert found[name] == pytest.approx(expected[name], abs=1e-15)


@given(DECISIONS)
@settings(max_examples=40)
def test_shares_of_the_counts_are_those_of_scikit_learn(both):
    labels, predicted = both
    found = metrics.confusion(labels, predicted, once(labels))
    precision, recall, _, support = precision_recall_fscore_support(
        labels, predicted, zero_division=0
    )
    assert found.rows == len(labels) == support.sum()
    assert found.precision == pytest.approx(precision[1])
    assert (found.specificity, found.recall) == pytest.approx(tuple(recall))
    assert found.balanced_accuracy == pytest.approx(balanced_accuracy_score(labels, predicted))


@given(COUNTED)
@settings(max_examples=40)
def test_counts_stand_for_repeated_loans(counted):
    labels, predicted, counts = counted
    repeated = labels.repeat(counts), predicted.repeat(counts)
    assert metrics.confusion(*counted) == metrics.confusion(*repeated, once(repeated[0]))


def test_a_decision_that_is_no_label_is_noticed():
    counts = np.full(15, 2)
    with pytest.raises(ValueError, match="28 decisions counted on 30 rows"):
        metrics.confusion(LABELS, np.append(PREDICTED[:-1], 2), counts)


@given(COUNTS)
def test_shares_lie_between_zero_and_one(counts):
    shares = [counts.recall, counts.precision, counts.specificity, counts.balanced_accuracy]
    assert all(0 <= share <= 1 for share in shares)
    assert counts.rows == sum(counts.as_dict().values())


@given(COUNTS)
def test_swapping_the_labels_swaps_recall_and_specificity(counts):
    swapped = Confusion(tn=counts.tp, fp=counts.fn, fn=counts.fp, tp=counts.tn)
    assert (swapped.recall, swapped.specificity) == (counts.specificity, counts.recall)
    assert swapped.balanced_accuracy == pytest.approx(counts.balanced_accuracy)


@given(DECISIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(both, random):
    labels, predicted = both
    order = random.sample(range(len(labels)), len(labels))
    assert metrics.confusion(labels[order], predicted[order], once(order)) == metrics.confusion(
        *both, once(order)
    )


@given(DECISIONS)
@settings(max_examples=40)
def test_the_report_as_a_frame(both):
    classification = metrics.report(metrics.confusion(*both, once(both[0])))
    frame = metrics.report_frame(classification)
    ReportFrame.validate(frame)
    assert list(frame.index) == metrics.REPORT_ROWS
    assert frame.loc["accuracy", "f1_score"] == classification["accuracy"]
    assert frame.loc["accuracy", ["precision", "recall"]].isna().all()
    assert frame.loc["accuracy", "support"] == len(both[0])
    assert frame.loc["1", "recall"] == classification["1"]["recall"]


def test_results_hold_plain_numbers():
    found = metrics.report(Confusion(tn=8, fp=2, fn=1, tp=4))
    for value in (found["accuracy"], *found["1"].values()):
        assert type(value) in {int, float}
    assert type(found["1"]["support"]) is int
