"""Wilson by hand; bootstrap intervals against replicates of whole rows scored by scikit-learn."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy.special import expit
from sklearn import metrics

from analysis.evidence.certainty import intervals
from analysis.evidence.numerics import resampling
from analysis.evidence.probabilities.scores import score
from analysis.models import fits, splitting
from analysis.models.fitted import decide
from analysis.models.metrics import confusion
from tests.support import plain
from tests.support.columns import LABEL
from tests.support.plain import once


@pytest.fixture(scope="module")
def sample():
    generator = np.random.default_rng(8)
    log_odds = np.round(generator.normal(-1, 2, 600), 1)
    return (generator.random(600) < expit(log_odds)).astype(np.int64), log_odds


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(resampling, "REPLICATES", 200)


def described(labels, log_odds):
    counts = once(labels)
    decided = confusion(labels, decide(log_odds), counts)
    return intervals.describe(decided, labels, log_odds, counts)


def test_wilson_by_hand():
    # Wilson's formula for 8 of 10 with z = 1.959964.
    z = 1.959963984540054
    centre = (0.8 + z**2 / 20) / (1 + z**2 / 10)
    half = z / (1 + z**2 / 10) * np.sqrt(0.8 * 0.2 / 10 + z**2 / 400)
    found = resampling.wilson(8, 10)
    assert (found.estimate, found.method) == (0.8, "wilson")
    assert [found.low, found.high] == pytest.approx([centre - half, centre + half])
    assert asdict(resampling.wilson(0, 0)) == {
        "estimate": None,
        "low": None,
        "high": None,
        "method": "wilson",
        "error": None,
    }


def test_estimates_are_those_of_the_metrics(sample):
    labels, log_odds = sample
    found, expected = described(labels, log_odds), score(labels, log_odds, once(labels))
    for name in ("roc_auc", "gini", "average_precision", "ks", "brier", "log_loss"):
        assert found[name].estimate == pytest.approx(getattr(expected, name))
    ratio = expected.calibration.observed_expected
    assert found["observed_expected"].estimate == pytest.approx(ratio)
    decided = log_odds > 0
    for name, measure in {
        "accuracy": metrics.accuracy_score,
        "balanced_accuracy": metrics.balanced_accuracy_score,
        "precision": metrics.precision_score,
        "recall": metrics.recall_score,
        "f1": metrics.f1_score,
    }.items():
        assert found[name].estimate == pytest.approx(measure(labels, decided))
    assert all(each.low < each.estimate < each.high for each in found.values())


@pytest.mark.slow
def test_replicates_agree_with_resampled_rows(sample):
    labels, log_odds = sample
    generator = np.random.default_rng(11)
    drawn = [generator.integers(600, size=600) for _ in range(400)]
    for name, measure in {
        "roc_auc": metrics.roc_auc_score,
        "average_precision": metrics.average_precision_score,
        "f1": lambda y, s: metrics.f1_score(y, s > 0),
        "log_loss": lambda y, s: metrics.log_loss(y, expit(s)),
    }.items():
        slow = np.quantile([measure(labels[i], log_odds[i]) for i in drawn], [0.025, 0.975])
        fast = intervals.bootstrap(labels, log_odds, once(labels))[name]
        assert [fast.low, fast.high] == pytest.approx(slow, abs=0.3 * (slow[1] - slow[0]))
        assert fast.high - fast.low == pytest.approx(slow[1] - slow[0], rel=0.2)


@pytest.mark.usefixtures("few")
def test_merged_levels_move_no_decision_and_hardly_the_rest(monkeypatch):
    generator = np.random.default_rng(5)
    log_odds = generator.normal(-1, 2, 4_000)
    labels = (generator.random(4_000) < expit(log_odds)).astype(np.int64)
    whole = intervals.bootstrap(labels, log_odds, once(labels))
    monkeypatch.setattr(intervals, "MOST_LEVELS", 500)
    values, place = intervals.levels(log_odds)
    levels, group = intervals.merged(values)
    counts = intervals.cells(labels, group[place], once(labels))
    assert len(levels) <= 501
    assert (np.diff(levels) < 0).all()
    assert counts.reshape(2, -1)[:, levels > 0].sum() == (log_odds > 0).sum()
    merged = intervals.bootstrap(labels, log_odds, once(labels))
    for name, each in merged.items():
        assert each.estimate == whole[name].estimate
        width = whole[name].high - whole[name].low
        assert [each.low, each.high] == pytest.approx(
            [whole[name].low, whole[name].high], abs=0.25 * width
        )


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("shift", [-1_000.0, 1_000.0])
def test_a_model_that_decides_one_way_only(sample, shift):
    labels, log_odds = sample
    found = described(labels, log_odds + shift)
    assert found["balanced_accuracy"].estimate == found["balanced_accuracy"].high == 0.5
    assert (found["precision"].estimate is None) == (shift < 0)
    json.dumps({name: asdict(each) for name, each in found.items()}, allow_nan=False)


@pytest.mark.usefixtures("few")
def test_one_high_risk_loan_leaves_out_replicates_without_it():
    labels, log_odds = np.arange(30) // 29, np.arange(30.0)
    found = intervals.bootstrap(labels, log_odds, once(labels))
    assert (found["roc_auc"].low, found["roc_auc"].high) == (1, 1)
    nothing = intervals.bootstrap(labels * 0, log_odds, once(labels))["roc_auc"]
    assert (nothing.estimate, nothing.low) == (None, None)


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    test = plain.table(parts.test)
    scores = fits.fit_original(parts.train).scores(test)
    found = described(test[LABEL].to_numpy(), scores)
    assert found["recall"].estimate == 563 / 619
    assert [found["recall"].low, found["recall"].high] == pytest.approx([0.8843, 0.9297], abs=1e-4)
    assert found["roc_auc"].estimate == pytest.approx(0.993867, abs=1e-6)
    balanced = found["balanced_accuracy"]
    assert balanced.estimate == pytest.approx(0.9520, abs=1e-4)
    assert [balanced.low, balanced.high] == pytest.approx([0.941, 0.963], abs=2e-3)
