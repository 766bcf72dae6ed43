"""DeLong's intervals against every pair of loans, and clusters against resampled ones."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from analysis.evidence.probabilities import delong
from analysis.models import fits, splitting
from analysis.portfolio.distinct import distinct


@pytest.fixture(scope="module")
def sample():
    generator = np.random.default_rng(4)
    labels = (generator.random(400) < 0.3).astype(np.int64)
    first = np.round(labels + generator.normal(0, 1, 400), 1)
    second = np.round(first + generator.normal(0, 0.6, 400), 1)
    return labels, first, second


def all_pairs(labels, *scores):
    """DeLong's areas and their covariance from every pair of loans of unlike labels."""
    risky, healthy = [], []
    for each in scores:
        above = each[labels == 1][:, None] - each[labels == 0][None, :]
        wins = (above > 0) + (above == 0) / 2
        risky.append(wins.mean(axis=1))
        healthy.append(wins.mean(axis=0))
    found = np.cov(risky) / len(risky[0]) + np.cov(healthy) / len(healthy[0])
    return np.mean(risky, axis=1), found


def once(values):
    return np.ones(len(values), np.int64)


def test_areas_and_errors_agree_with_all_pairs(sample):
    labels, *scores = sample
    areas, expected = all_pairs(labels, *scores)
    found = delong.compare(labels, *scores, np.arange(400), once(labels))
    reach = norm.ppf(0.975) * np.sqrt(expected.diagonal())
    for each, area, far, score in zip(found.areas.values(), areas, reach, scores, strict=True):
        assert each.value == pytest.approx(area)
        assert each.value == pytest.approx(roc_auc_score(labels, score))
        assert (each.by_rows.low, each.by_rows.high) == pytest.approx((area - far, area + far))
    error = np.sqrt(expected[0, 0] + expected[1, 1] - 2 * expected[0, 1])
    apart = areas[1] - areas[0]
    assert found.difference.value == pytest.approx(apart)
    assert found.difference.by_rows.high == pytest.approx(apart + norm.ppf(0.975) * error)
    assert found.p_value == pytest.approx(2 * norm.sf(abs(apart) / error))


def test_unlike_loans_are_clusters_of_their_own(sample):
    labels, *scores = sample
    found = delong.compare(labels, *scores, np.arange(400) * 2, once(labels))
    assert found.p_value == pytest.approx(found.p_value_by_feature_rows)
    for each in (*found.areas.values(), found.difference):
        assert each.by_rows.low == pytest.approx(each.by_feature_rows.low)
        assert each.relied_on == "feature rows"


def test_counts_stand_for_repeated_rows(sample):
    counts = np.random.default_rng(1).integers(1, 5, 400)
    weighted = delong.compare(*sample, np.arange(400), counts)
    repeated = [each.repeat(counts) for each in sample]
    plain = delong.compare(*repeated, np.arange(400).repeat(counts), once(repeated[0]))
    for found, expected in (
        (weighted.areas.original, plain.areas.original),
        (weighted.difference, plain.difference),
    ):
        for kind in ("by_rows", "by_feature_rows"):
            left, right = getattr(found, kind), getattr(expected, kind)
            assert (left.estimate, left.low) == pytest.approx((right.estimate, right.low))


def test_repeats_widen_the_interval_by_feature_rows_alone(sample):
    groups = np.arange(400)
    usual = delong.compare(*sample, groups, once(groups)).areas.original
    ninefold = delong.compare(*sample, groups, 9 * once(groups)).areas.original
    width = usual.by_rows.high - usual.by_rows.low
    assert ninefold.by_rows.high - ninefold.by_rows.low == pytest.approx(width / 3, rel=0.01)
    assert ninefold.interval.high - ninefold.interval.low == pytest.approx(width, rel=0.01)
    assert ninefold.relied_on == "feature rows"


def test_clusters_of_both_labels_agree_with_resampled_ones(sample):
    labels, first, second = sample
    groups = np.arange(400) // 4
    generator = np.random.default_rng(0)
    drawn = []
    for _ in range(400):
        rows = (generator.integers(100, size=100)[:, None] * 4 + np.arange(4)).ravel()
        areas = [all_pairs(labels[rows], each[rows])[0][0] for each in (first, second)]
        drawn.append((areas[0], areas[1] - areas[0]))
    found = delong.compare(labels, first, second, groups, once(labels))
    for each, spread in zip(
        (found.areas.original, found.difference), np.std(drawn, axis=0), strict=True
    ):
        width = each.by_feature_rows.high - each.by_feature_rows.low
        assert width / 2 / norm.ppf(0.975) == pytest.approx(spread, rel=0.15)


def test_models_that_rank_alike_do_not_differ(sample):
    labels, first, _ = sample
    found = delong.compare(labels, first, 2 * first + 1, np.arange(400), once(labels))
    assert (found.p_value, found.p_value_by_feature_rows) == (1, 1)
    assert (found.difference.by_rows.low, found.difference.by_rows.high) == (0, 0)


def test_a_perfect_ranking_or_a_single_loan_has_no_interval():
    labels = np.repeat([0, 1], 5)
    perfect = delong.compare(labels, labels + 0.0, labels - 1.0, np.arange(10), once(labels))
    assert perfect.areas.original.value == 1
    assert perfect.areas.original.by_rows.low is None
    alone = np.array([0, 0, 0, 1])
    scores = np.array([0.1, 0.4, 0.2, 0.3])
    found = delong.compare(alone, scores, scores[::-1], np.arange(4), once(alone))
    assert found.areas.original.value == pytest.approx(2 / 3)
    assert found.areas.original.by_rows.low is None
    assert found.difference.by_feature_rows.low is None
    assert found.p_value is None


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    test = parts.test
    scores = [
        fit(parts.train).scores(test.features) for fit in (fits.fit_original, fits.fit_oversampled)
    ]
    found = delong.compare(test.labels, *scores, distinct(test.features).inverse, test.counts)
    first = found.areas.original
    assert first.value == pytest.approx(0.993867, abs=1e-6)
    assert (first.interval.low, first.interval.high) == pytest.approx((0.9903, 0.9974), abs=5e-5)
    assert found.difference.value == pytest.approx(-4e-6, abs=5e-7)
    assert found.p_value > 0.1
    assert found.p_value_by_feature_rows > 0.1
