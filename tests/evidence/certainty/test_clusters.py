"""Intervals by feature rows against resampled combinations of features."""

import numpy as np
import pytest
from scipy.special import expit

from analysis.evidence.certainty import clusters, intervals
from analysis.evidence.numerics import resampling
from analysis.models import metrics


@pytest.fixture(scope="module")
def sample():
    """Eighty combinations of features with one to nine loans each, of both labels."""
    generator = np.random.default_rng(8)
    scores = np.round(generator.normal(0, 1.5, 80), 1)
    size = generator.integers(1, 10, 80)
    groups = np.arange(80).repeat(size)
    log_odds = scores[groups]
    # Labels that lean together within a combination.
    lean = generator.normal(0, 2, 80)[groups]
    labels = (generator.random(len(groups)) < expit(log_odds + lean)).astype(np.int64)
    return labels, log_odds, groups


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(resampling, "REPLICATES", 200)


def once(values):
    return np.ones(len(values), np.int64)


def described(labels, log_odds, groups, counts):
    return clusters.describe(labels, log_odds, groups, counts, {})


def rowwise(labels, log_odds):
    """Return the intervals where each loan is drawn for itself."""
    decided = metrics.confusion(labels, (log_odds > 0).astype(np.int64), once(labels))
    return intervals.describe(decided, labels, log_odds, once(labels))


def test_limits_agree_with_resampled_combinations(sample):
    labels, log_odds, groups = sample
    found = described(*sample, once(groups))
    members = [np.flatnonzero(groups == each) for each in range(80)]
    generator = np.random.default_rng(0)
    drawn = {name: [] for name in ("roc_auc", "brier", "log_loss")}
    for _ in range(400):
        rows = np.concatenate([members[each] for each in generator.integers(80, size=80)])
        label, scored = labels[rows], log_odds[rows]
        above = scored[label == 1][:, None] - scored[label == 0]
        drawn["roc_auc"].append((above > 0).mean() + (above == 0).mean() / 2)
        drawn["brier"].append(((expit(scored) - label) ** 2).mean())
        drawn["log_loss"].append(np.logaddexp(0, np.where(label, -scored, scored)).mean())
    for name, each in drawn.items():
        limits = np.quantile(each, [0.025, 0.975])
        made = found[name].low, found[name].high
        assert made == pytest.approx(limits, abs=0.15 * np.ptp(limits)), name


def test_metrics_and_estimates_are_those_by_rows(sample):
    labels, log_odds, groups = sample
    by_rows = rowwise(labels, log_odds)
    found = described(*sample, once(groups))
    assert set(found) == set(by_rows) - {*resampling.decision_metrics(*np.ones((4, 1)))}
    for name, each in found.items():
        assert each.estimate == pytest.approx(by_rows[name].estimate)
        assert each.low <= each.estimate <= each.high
        assert 0 < each.error < each.high - each.low
    # Loans that lean together say less than as many independent ones.
    widths = [each["brier"].high - each["brier"].low for each in (found, by_rows)]
    assert widths[0] > 1.2 * widths[1]


def test_unlike_loans_have_the_same_intervals_either_way(sample):
    labels, log_odds, groups = sample
    assert groups[0] == groups[1]
    alone = np.maximum(np.arange(len(labels)) - 1, 0)  # but for the first two, which are alike
    found = described(labels, log_odds, alone, once(labels))
    by_rows = rowwise(labels, log_odds)
    for name in ("roc_auc", "brier", "log_loss"):
        width = by_rows[name].high - by_rows[name].low
        assert found[name].high - found[name].low == pytest.approx(width, rel=0.1)


@pytest.mark.usefixtures("few")
def test_repeats_change_nothing_and_numbers_of_groups_may_have_gaps(sample):
    labels, log_odds, groups = sample
    usual = described(*sample, once(groups))
    repeated = described(labels, log_odds, 3 * groups, 7 * once(groups))
    for name, each in usual.items():
        assert (repeated[name].low, repeated[name].high) == pytest.approx((each.low, each.high))


@pytest.mark.usefixtures("few")
def test_many_scores_share_levels(sample, monkeypatch):
    usual = described(*sample, once(sample[0]))
    monkeypatch.setattr(intervals, "MOST_LEVELS", 20)
    found = described(*sample, once(sample[0]))
    assert found["roc_auc"].estimate == usual["roc_auc"].estimate
    for name in ("brier", "roc_auc"):
        assert found[name].low == pytest.approx(usual[name].low, abs=0.02)


@pytest.mark.usefixtures("few")
def test_where_no_two_loans_have_equal_features_the_intervals_are_those_by_loan(sample):
    labels, log_odds, groups = sample
    by_loan = intervals.bootstrap(labels, log_odds, once(labels))
    alone = np.arange(len(labels))
    found = clusters.describe(labels, log_odds, alone, once(labels), by_loan)
    assert found == {name: by_loan[name] for name in clusters.SCORED}
    # Numbers with gaps, and groups of several loans.
    gaps = clusters.describe(labels, log_odds, 2 * alone, once(labels), by_loan)
    assert gaps == found
    shared = clusters.describe(*sample, once(groups), by_loan)
    assert shared["roc_auc"] != found["roc_auc"]
