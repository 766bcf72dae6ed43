"""Distinct loans with their counts give every figure that a row a loan gives."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import baselines
from analysis.evidence.certainty import comparison, intervals
from analysis.evidence.columns import coefficients, identities, rank
from analysis.evidence.convergence import refits
from analysis.evidence.monitoring import baseline, stability
from analysis.evidence.numerics import resampling
from analysis.evidence.probabilities import curves, recalibration, scores
from analysis.evidence.thresholds import choices, curve
from analysis.models import metrics, splitting
from analysis.models.fitted import decide
from analysis.portfolio import loans, simulate
from analysis.portfolio.loans import Loans
from analysis.record import export
from tests.support import plain
from tests.support.odd_portfolios import PORTFOLIOS, published

# Few scores, so that some tie and some loans share both; a column each: first and second model's
# log-odds, label, how many loans.
SCORES = st.sampled_from([-700.0, -2.0, -0.5, 0.0, 0.25, 3.0])
SCORED = st.lists(
    st.tuples(SCORES, SCORES, st.integers(0, 1), st.integers(1, 6)), min_size=2, max_size=25
).filter(lambda rows: len({label for _, _, label, _ in rows}) == 2)


@pytest.fixture(scope="module", autouse=True)
def few_replicates():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "REPLICATES", 40)
        patch.setattr(comparison, "REPLICATES", 40)
        yield


def same(found, expected):
    """Hold figures against each other at every level, through dictionaries and lists."""
    if isinstance(expected, Mapping):
        assert found.keys() == expected.keys()
        for name in expected:
            same(found[name], expected[name])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for left, right in zip(found, expected, strict=True):
            same(left, right)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    else:
        assert found == expected


def described(labels, first, _, counts):
    decided = metrics.confusion(labels, decide(first), counts)
    return intervals.describe(decided, labels, first, counts)


def compared(labels, first, second, counts):
    groups = distinct_pairs(first, second)
    decisions = [(each > 0).astype(np.int64) for each in (first, second)]
    return comparison.compare(labels, *decisions, groups, counts)


def distinct_pairs(first, second):
    return np.unique(np.column_stack([first, second]), axis=0, return_inverse=True)[1].ravel()


OF_SCORES = {
    "metrics.confusion": lambda labels, first, _, counts: metrics.confusion(
        labels, decide(first), counts
    ),
    "scores.score": lambda labels, first, _, counts: scores.score(labels, first, counts),
    "intervals.describe": described,
    "curves.draw_from": lambda labels, first, _, counts: curves.draw_from(labels, first, counts),
    "comparison.compare": compared,
    "thresholds.curve": lambda labels, first, _, counts: curve.curve(
        curve.probabilities(first), labels, 10.0, counts
    ),
}


@pytest.mark.parametrize("name", OF_SCORES)
@given(rows=SCORED, random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_figures_of_scores(name, rows, random):
    first, second, labels, counts = (np.array(each) for each in zip(*rows, strict=True))
    repeated = np.arange(len(rows)).repeat(counts)
    order = np.array(random.sample(repeated.tolist(), len(repeated)))
    with_counts = OF_SCORES[name](labels, first, second, counts)
    loan_by_loan = OF_SCORES[name](labels[order], first[order], second[order], plain.once(order))
    same(export.plain(with_counts), export.plain(loan_by_loan))


def every_row(of):
    """Return the same loans, none of them taken for equal to another."""
    table = plain.table(of)
    counts, order = np.ones(len(table), np.int64), np.arange(len(table))
    return Loans(table, counts, order, of.label, recipe=of.recipe)


def applied(both, parts):
    return both.map(lambda each: each.fitted.apply(parts.test))


def recalibrated(parts, both):
    test, model = parts.test, both.oversampled
    before = scores.score(test.labels, model.log_odds, test.counts)
    return recalibration.recalibrate(model, before, test, parts.train.label_counts)


def examined(parts, both):
    found = choices.examine(parts, both, 10.0)
    assert found.matched is not None
    return found


OF_LOANS = {
    "baselines.compare": baselines.compare,
    "coefficients.describe": lambda parts, both: [
        coefficients.describe(each.fitted, parts.train) for each in both.values()
    ],
    "convergence.refit": refits.refit,
    "design.design": lambda parts, _: rank.find(parts.train.features),
    "identities.search": lambda parts, _: identities.search(parts.train.features),
    "monitoring.baseline": baseline.baseline,
    "monitoring.stability": lambda parts, both: stability.stability(
        baseline.baseline(parts, both), parts.test.features, parts.test.counts, parts.test.labels
    ),
    "recalibration.recalibrate": recalibrated,
    "thresholds.examine": examined,
}


@pytest.fixture(scope="module")
def splits():
    """Splits of portfolios whose loans repeat, with both models: distinct, and a row a loan."""
    tables = {
        "simulated": simulate.portfolio(3_000, seed=4),
        "high-risk": PORTFOLIOS["mostly high-risk"],
    }
    found = {}
    for name, table in tables.items():
        parts = splitting.split(loans.from_table(table))
        assert len(parts.train) < 0.9 * parts.train.total
        whole = splitting.parts_of(every_row(parts.train), every_row(parts.test))
        found[name] = parts, whole, published(parts)
    return found


@pytest.mark.parametrize("portfolio", ["simulated", "high-risk"])
@pytest.mark.parametrize("name", OF_LOANS)
def test_figures_of_loans(name, portfolio, splits):
    parts, whole, both = splits[portfolio]
    with_counts, loan_by_loan = (
        OF_LOANS[name](each, applied(both, each)) for each in (parts, whole)
    )
    same(export.plain(with_counts), export.plain(loan_by_loan))


@pytest.mark.parametrize("portfolio", ["simulated", "high-risk"])
def test_both_models(portfolio, splits):
    parts, whole, both = splits[portfolio]
    for name, model in published(whole).items():
        assert model.fitted.training_counts == both[name].fitted.training_counts
        found = both[name].log_odds
        assert found == pytest.approx(model.fitted.scores(parts.test.features), abs=1e-6)
