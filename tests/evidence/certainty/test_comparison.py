"""Paired differences and McNemar's test, against hand-made cases and plain loops."""

import json
from dataclasses import asdict
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.metrics import balanced_accuracy_score

from analysis.evidence.certainty import comparison, mcnemar
from analysis.evidence.numerics import resampling
from analysis.models import fits, splitting
from analysis.portfolio import loans, simulate
from analysis.portfolio.distinct import distinct
from tests.support import plain
from tests.support.columns import LABEL, feature_names
from tests.support.plain import once


@pytest.fixture(scope="module")
def sample():
    generator = np.random.default_rng(6)
    labels = (generator.random(500) < 0.3).astype(np.int64)
    first = np.where(generator.random(500) < 0.8, labels, 1 - labels)
    second = np.where(generator.random(500) < 0.9, labels, 1 - labels)
    return labels, first, second


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(comparison, "REPLICATES", 200)


@pytest.mark.usefixtures("few")
def test_mcnemar_by_hand():
    labels = np.array([1, 1, 1, 1, 0, 0, 0])
    first = np.array([1, 0, 0, 0, 0, 1, 0])
    second = np.array([1, 1, 1, 1, 1, 1, 0])
    found = comparison.compare(labels, first, second, np.arange(7), once(labels))
    assert (found.mcnemar.only_first, found.mcnemar.only_second) == (1, 3)
    assert found.mcnemar.p_value == pytest.approx(2 * binom.cdf(1, 4, 0.5))
    assert (found.mcnemar_high_risk.only_first, found.mcnemar_high_risk.only_second) == (0, 3)
    assert found.mcnemar_high_risk.p_value == pytest.approx(0.25)
    assert comparison.mcnemar(labels, first, first, np.ones(7, np.int64), np.arange(7)).p_value == 1


@pytest.mark.usefixtures("few")
def test_mcnemar_of_each_label_adds_up(sample):
    found = comparison.compare(*sample, np.arange(500), once(sample[0]))
    for side in ("only_first", "only_second"):
        parts = found.mcnemar_high_risk, found.mcnemar_healthy
        assert getattr(found.mcnemar, side) == sum(getattr(each, side) for each in parts)
    labels, first, second = sample
    healthy = labels == 0
    assert found.mcnemar_healthy.only_first == ((first < second) & healthy).sum()
    assert (found.replicates, found.seed) == (200, 0)


@pytest.mark.usefixtures("few")
def test_unlike_loans_are_tested_as_mcnemar_does(sample):
    found = comparison.compare(*sample, np.arange(500), once(sample[0]))
    for each in (found.mcnemar, found.mcnemar_high_risk, found.mcnemar_healthy):
        assert each.p_value_by_feature_rows == pytest.approx(each.p_value)


@pytest.mark.parametrize("gains", [[3, 1, -2, 4], [5], [1, 1, -1], [2, 2, 2, -3, 1, -1, 4]])
def test_sign_flips_against_all_of_them(gains):
    sums = [abs(np.dot(signs, gains)) for signs in product((-1, 1), repeat=len(gains))]
    expected = np.mean(np.array(sums) >= abs(sum(gains)))
    assert mcnemar.sign_flip(np.array([*gains, 0])) == pytest.approx(expected)


def test_many_sign_flips_follow_the_normal_distribution(monkeypatch):
    generator = np.random.default_rng(0)
    gains = generator.integers(-3, 5, 60)
    exact = mcnemar.sign_flip(gains)
    monkeypatch.setattr(mcnemar, "MOST_FLIPPED", 10)
    assert mcnemar.sign_flip(gains) == pytest.approx(exact, rel=0.2)
    assert mcnemar.sign_flip(np.zeros(9, np.int64)) == 1


@pytest.mark.usefixtures("few")
def test_repeats_are_no_evidence_of_their_own(sample):
    repeated = [each.repeat(9) for each in sample]
    alone = comparison.compare(*sample, np.arange(500), once(sample[0])).mcnemar
    found = comparison.compare(*repeated, np.arange(500).repeat(9), once(repeated[0])).mcnemar
    assert found.p_value < alone.p_value / 100
    assert found.p_value_by_feature_rows == pytest.approx(alone.p_value)


def test_each_models_own_interval_by_feature_rows(sample):
    found = comparison.compare(*sample, np.arange(500), once(sample[0])).differences["recall"]
    for estimate, limits in (
        (found.first, found.first_by_feature_rows),
        (found.second, found.second_by_feature_rows),
    ):
        expected = resampling.wilson(round(estimate * sample[0].sum()), int(sample[0].sum()))
        assert (limits.low, limits.high) == pytest.approx((expected.low, expected.high), abs=0.02)
        assert 0 < limits.error < 0.01


@pytest.mark.usefixtures("few")
def test_differences_are_second_less_first(sample):
    labels, first, second = sample
    found = comparison.compare(labels, first, second, np.arange(500), once(labels))
    each = found.differences["balanced_accuracy"]
    assert each.first == pytest.approx(balanced_accuracy_score(labels, first))
    assert each.second == pytest.approx(balanced_accuracy_score(labels, second))
    assert each.difference == pytest.approx(each.second - each.first)
    assert list(found.differences) == [
        "accuracy",
        "balanced_accuracy",
        "precision",
        "recall",
        "f1",
        "specificity",
    ]
    assert (found.rows, found.feature_rows) == (500, 500)


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_agree_with_resampled_rows_and_groups(sample, clustered):
    labels, first, second = sample
    groups = np.arange(500) // 5
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(600):
        if clustered:
            rows = (generator.integers(100, size=100)[:, None] * 5 + np.arange(5)).ravel()
        else:
            rows = generator.integers(500, size=500)
        drawn.append(np.mean(second[rows] == labels[rows]) - np.mean(first[rows] == labels[rows]))
    slow = np.quantile(drawn, [0.025, 0.975])
    found = comparison.compare(labels, first, second, groups, once(labels)).differences["accuracy"]
    bounds = found.by_feature_rows if clustered else found.by_rows
    assert [bounds.low, bounds.high] == pytest.approx(slow, abs=0.2 * (slow[1] - slow[0]))


def test_repeated_loans_widen_the_interval_by_feature_rows(sample):
    repeated = [each.repeat(9) for each in sample]
    found = comparison.compare(*repeated, np.arange(500).repeat(9), once(repeated[0]))
    for each in found.differences.values():
        assert each.wider == "feature rows"
        assert each.width_ratio == pytest.approx(3, rel=0.1)  # the root of nine
    alone = comparison.compare(*sample, np.arange(500), once(sample[0]))
    assert {each.wider for each in alone.differences.values()} == {"neither"}


def test_groups_on_which_gains_cancel_make_it_the_narrower():
    labels = np.tile([1, 1], 300)
    found = comparison.compare(
        labels,
        np.tile([1, 0], 300),
        np.tile([0, 1], 300),
        np.arange(600) // 2,
        once(labels),
    )
    assert found.differences["recall"].wider == "rows"
    assert found.differences["recall"].by_feature_rows.width == 0


def test_equal_decisions_and_undefined_metrics():
    labels = np.array([0, 0, 1, 1])
    nobody = np.zeros(4, dtype=np.int64)
    found = comparison.compare(labels, nobody, nobody, nobody, once(labels))
    precision = found.differences["precision"]
    assert (precision.first, precision.difference, precision.by_rows.low) == (None, None, None)
    assert found.differences["recall"].difference == 0
    assert found.differences["recall"].width_ratio is None
    assert found.differences["recall"].wider == "neither"
    assert found.feature_rows == 1
    json.dumps(asdict(found), allow_nan=False)


@pytest.mark.usefixtures("few")
def test_numbers_of_groups_may_have_gaps(sample):
    counts = once(sample[0])
    even = comparison.compare(*sample, np.arange(500), counts)
    assert comparison.compare(*sample, np.arange(500) * 3, counts) == even


def test_close_widths_are_neither_the_wider():
    for width, wider in ((1.09, "neither"), (1.11, "feature rows"), (0.91, "neither")):
        assert comparison.wider(1.0, width) == wider
    assert comparison.wider(1.0, 0.89) == "rows"


def compared(whole, both):
    """Compare both models on all loans of a portfolio."""
    return comparison.compare(
        whole.labels,
        *(model.predict(whole.features) for model in both),
        distinct(whole.features).inverse,
        whole.counts,
    )


@pytest.mark.usefixtures("few")
def test_the_order_of_the_loans_does_not_matter():
    table = simulate.portfolio(1_500, seed=3)
    train = loans.from_table(table)
    both = fits.fit_original(train), fits.fit_oversampled(train)
    found = compared(train, both)
    for seed in range(3):
        shuffled = table.sample(frac=1, random_state=seed)
        assert compared(loans.from_table(shuffled), both) == found
    assert found.differences["recall"].by_feature_rows.width > 0


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    test = plain.table(parts.test)
    decisions = [
        fit(parts.train).predict(test) for fit in (fits.fit_original, fits.fit_oversampled)
    ]
    groups = distinct(test[feature_names()]).inverse
    found = comparison.compare(test[LABEL].to_numpy(), *decisions, groups, once(test))
    assert (found.mcnemar.only_second, found.mcnemar.only_first) == (52, 14)
    assert found.mcnemar.p_value == pytest.approx(2.8e-6, rel=0.01)
    high_risk = found.mcnemar_high_risk
    assert (high_risk.only_second, high_risk.only_first) == (52, 0)
    assert found.mcnemar.p_value_by_feature_rows == pytest.approx(2e-6, abs=5e-7)
    healthy = found.mcnemar_healthy
    assert (healthy.only_second, healthy.only_first) == (0, 14)
    assert healthy.p_value == pytest.approx(0.00012, abs=5e-6)
    specificity = found.differences["specificity"]
    assert specificity.difference == pytest.approx(-0.00075, abs=5e-6)
    limits = specificity.by_rows.low, specificity.by_rows.high
    assert limits == pytest.approx((-0.00117, -0.00037), abs=1e-5)
    balanced = found.differences["balanced_accuracy"]
    assert [balanced.first, balanced.second] == pytest.approx([0.9520, 0.9937], abs=1e-4)
    assert 0.028 < balanced.by_rows.low < balanced.difference < balanced.by_rows.high < 0.055


def test_kinds_of_single_loans_are_those_of_all_cells():
    cells = np.array([0, 3, 3, 7, 0, 5])
    groups, loans = np.array([0, 1, 2, 2, 3, 3]), np.ones(6, np.int64)
    kinds, counts = comparison._cluster_kinds(cells, groups, loans)
    flat = np.zeros((4, 8))
    flat[groups, cells] = 1
    expected, times = np.unique(flat, axis=0, return_counts=True)
    found = sorted(zip(kinds.tolist(), counts.tolist(), strict=True))
    assert found == sorted(zip(expected.tolist(), times.tolist(), strict=True))
