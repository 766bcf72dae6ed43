"""All evidence is about the same split, the same models and the same decisions."""

import numpy as np
import pytest

from analysis.evidence.collect import Evidence
from analysis.models import splitting
from analysis.portfolio import loans, read, simulate
from analysis.portfolio.declaration import module_12
from tests.support import odd_results as odd
from tests.support.columns import feature_names

MODELS = ("original", "oversampled")


@pytest.fixture(
    params=["simulated", "heavy noise", "ten high-risk", "mostly high-risk", "all rows equal"]
)
def any_results(request, simulated_results, odd_results):
    return odd_results.get(request.param, simulated_results)


def test_the_evidence_is_about_the_models_of_the_results(any_results):
    evidence = any_results.evidence
    assert isinstance(evidence, Evidence)
    assert list(evidence.models) == list(any_results.models) == list(MODELS)
    for name, model in evidence.models.items():
        assert model.confusion == any_results.models[name].confusion
        assert model.converged == any_results.models[name].fitted.converged
        assert model.iterations == any_results.models[name].fitted.iterations
        assert [each.name for each in model.coefficients] == feature_names()


def test_every_part_sees_the_same_test_rows(any_results):
    evidence, rows = any_results.evidence, any_results.split.test_rows
    assert evidence.comparison.rows == evidence.data.repeats.test_rows == rows
    assert evidence.data.repeats.rows == any_results.data.rows
    assert evidence.monitoring.baseline.training_rows == any_results.split.train_rows
    confusions = [
        *(model.confusion for model in evidence.models.values()),
        evidence.recalibrated.confusion_after,
        evidence.baselines.majority.outcome.confusion,
        evidence.thresholds.models.original.at_half.confusion,
        evidence.converged.models.original.standardised.confusion,
    ]
    assert {each.rows for each in confusions} == {rows}
    high_risk = any_results.split.test_counts[1]
    assert {each.tp + each.fn for each in confusions} == {high_risk}


def test_one_half_is_the_published_threshold_everywhere(any_results):
    evidence = any_results.evidence
    assert evidence.recalibrated.confusion_before == evidence.models.oversampled.confusion
    for name in MODELS:
        published = evidence.models[name].confusion
        assert evidence.thresholds.models[name].at_half.confusion == published
        # The share among refused loans of each model, from another path through the code.
        bins = evidence.models[name].curves.reliability
        refused = bins["mean_predicted"] > 0.5
        assert bins.loc[refused, "rows"].sum() == published.tp + published.fp


def test_intervals_hold_the_estimates(any_results):
    for name in MODELS:
        model = any_results.evidence.models[name]
        assert model.intervals["recall"].estimate == pytest.approx(model.confusion.recall)
        for metric, found in model.intervals.items():
            if found.estimate is not None and found.method == "wilson":
                assert found.low <= found.estimate <= found.high, metric


def test_unidentified_coefficients_are_the_designs(any_results):
    for model in any_results.evidence.models.values():
        marked = tuple(each.name for each in model.coefficients if not each.identified)
        assert set(marked) == set(any_results.evidence.data.design.unidentified)


def test_the_cost_ratio_reaches_the_thresholds():
    small = loans.from_table(simulate.portfolio(400, seed=2))
    portfolio = read.Portfolio(module_12(), small, "file", "loans.csv", "0" * 64, 1)
    parts = splitting.split(small)
    made = odd.of(portfolio, cost_ratio=3.5).evidence.thresholds
    assert made.cost_ratio == 3.5
    half = made.models.original.at_half
    assert half.expected_cost * parts.test.total == pytest.approx(
        half.confusion.fp + 3.5 * half.confusion.fn
    )
    assert np.isfinite(made.models.original.curve["expected_cost"]).all()
