"""Alternatives against scikit-learn on all rows, and the real file's figures."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

from analysis.evidence import alternatives
from analysis.models import fits, metrics, splitting
from analysis.models.metrics import Confusion
from analysis.portfolio import loans, simulate
from analysis.portfolio.recipe import USUAL
from analysis.record import export
from tests.support import plain
from tests.support.odd_portfolios import PORTFOLIOS, fitted, published

IDS = [
    "class_weights",
    "original_at_prevalence",
    "original_at_cost_threshold",
    "corrected_at_cost_threshold",
    "gradient_boosting",
    "gradient_boosting_at_cost_threshold",
]


def examined(parts, both, cost_ratio=10.0):
    found = alternatives.examine(parts, both, cost_ratio)
    return found, {each.id: each for each in found.alternatives}


@pytest.fixture(scope="module")
def small():
    split = plain.split(simulate.portfolio(4_000, seed=2))
    return split, examined(split.parts, published(split.parts), 4.0)


def counted(labels, decided):
    """Count decisions on loans of one row each."""
    return metrics.confusion(labels, decided, np.ones(len(labels), np.int64))


def test_probabilities_are_measured_as_scikit_learn_does(small):
    split, (found, by_id) = small
    trees = HistGradientBoostingClassifier(random_state=1)
    trees.fit(split.train_features.to_numpy(), split.train_labels)
    probability = trees.predict_proba(split.test_features.to_numpy())[:, 1]
    each = by_id["gradient_boosting"]
    labels = split.test_labels.to_numpy()
    assert each.roc_auc == pytest.approx(roc_auc_score(labels, probability))
    assert each.log_loss == pytest.approx(log_loss(labels, probability))
    assert each.brier == pytest.approx(brier_score_loss(labels, probability))
    for name, threshold in (
        ("gradient_boosting", 0.5),
        ("gradient_boosting_at_cost_threshold", 0.2),
    ):
        decided = (probability > threshold).astype(int)
        assert by_id[name].threshold == threshold
        assert by_id[name].confusion == counted(labels, decided)
    assert found.cost_threshold == 0.2
    assert found.boosted_on == 3_000
    assert list(by_id) == IDS


def test_class_weights_are_scikit_learns(small):
    split = small[0]
    library = LogisticRegression(
        class_weight="balanced", C=1.0, solver="newton-cholesky", tol=1e-10
    ).fit(StandardScaler().fit_transform(split.train_features), split.train_labels)
    found = alternatives.class_weighted(replace(split.parts.train, recipe=USUAL))
    scaled = found.coefficients * split.train_features.std(ddof=0)
    assert scaled.to_numpy() == pytest.approx(library.coef_[0], rel=1e-6)


def test_other_thresholds_of_the_same_scores(small):
    split, (_, by_id) = small
    parts, both = split.parts, published(split.parts)
    share = split.train_labels.mean()
    probability = 1 / (1 + np.exp(-both["original"].fitted.scores(split.test_features)))
    for name, threshold in (("original_at_prevalence", share), ("original_at_cost_threshold", 0.2)):
        each = by_id[name]
        decided = (probability > threshold).astype(int)
        assert each.threshold == pytest.approx(threshold)
        assert each.confusion == counted(split.test_labels.to_numpy(), decided)
        cost = each.confusion.fp + 4 * each.confusion.fn
        assert each.expected_cost == pytest.approx(cost / parts.test.total)
    shift = np.log(share / (1 - share))
    corrected = both["oversampled"].fitted.scores(split.test_features) + shift > np.log(0.2 / 0.8)
    expected = counted(split.test_labels.to_numpy(), corrected.astype(int))
    assert by_id["corrected_at_cost_threshold"].confusion == expected


def test_seeds_of_the_oversampler(small):
    split, (found, _) = small
    parts = split.parts
    assert found.seeds == sum(each.seeds for each in found.seed_outcomes) == 20
    published_seed = fits.fit_oversampled(parts.train).predict(parts.test.features)
    confusion = metrics.confusion(parts.test.labels, published_seed, parts.test.counts)
    assert confusion in [each.confusion for each in found.seed_outcomes]


def test_large_portfolios_are_sampled_and_try_fewer_seeds(small, monkeypatch):
    parts = small[0].parts
    monkeypatch.setattr(alternatives, "MOST_LOANS", 900)
    monkeypatch.setattr(alternatives, "SEED_ROWS", 1)
    found, by_id = examined(parts, published(parts))
    assert (found.boosted_on, found.seeds) == (900, 2)
    usual = small[1][1]["gradient_boosting"].roc_auc
    assert by_id["gradient_boosting"].roc_auc == pytest.approx(usual, abs=0.05)


def test_a_sample_without_the_rarer_label_predicts_its_share(monkeypatch):
    table = simulate.portfolio(4_000, seed=2)
    monkeypatch.setattr(alternatives, "MOST_LOANS", 5)
    parts = splitting.split(loans.from_table(table))
    _, by_id = examined(parts, published(parts))
    assert by_id["gradient_boosting"].roc_auc == 0.5
    assert by_id["gradient_boosting"].confusion.tp == 0


@pytest.mark.parametrize(
    "name", ["mostly high-risk", "twenty loans", "equal features", "huge amounts"]
)
def test_odd_portfolios(name, monkeypatch):
    monkeypatch.setattr(alternatives, "SEEDS", range(2))
    assert name in PORTFOLIOS
    parts, both = fitted(name)
    found, _ = examined(parts, both)
    json.dumps(export.plain(found), allow_nan=False)
    assert all(each.confusion.rows == parts.test.total for each in found.alternatives)
    assert found == examined(parts, both)[0]


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    found, by_id = examined(parts, published(parts))
    hits = {name: (each.confusion.tp, each.confusion.fp) for name, each in by_id.items()}
    assert hits["class_weights"] == hits["gradient_boosting"] == (615, 116)
    assert hits["original_at_prevalence"] == (615, 129)
    assert hits["original_at_cost_threshold"] == (613, 114)
    cost = by_id["original_at_cost_threshold"].expected_cost
    assert cost * parts.test.total == pytest.approx(174)
    assert by_id["gradient_boosting"].log_loss == pytest.approx(0.0196, abs=5e-5)
    (outcome,) = found.seed_outcomes
    assert (outcome.seeds, outcome.confusion) == (20, Confusion(18_649, 116, 4, 615))
