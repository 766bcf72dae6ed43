"""The prior correction: its closed form, its effect, and the figures of the real file."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy.special import expit

from analysis.evidence.probabilities import recalibration
from analysis.evidence.probabilities.scores import score
from analysis.models import fits, splitting
from analysis.models.fitted import AppliedModel, decide
from analysis.models.metrics import confusion
from analysis.portfolio import simulate
from analysis.portfolio.loans import Loans
from tests.support.columns import LABEL
from tests.support.plain import once


def test_bayes_rule_gives_the_same_probabilities():
    log_odds = np.linspace(-5, 5, 11)
    before, training, trained = expit(log_odds), 0.03, 0.5
    risky, healthy = before * training / trained, (1 - before) * (1 - training) / (1 - trained)
    found = log_odds + recalibration.prior_shift(training, trained)
    assert expit(found) == pytest.approx(risky / (risky + healthy))


def test_an_unchanged_prevalence_changes_nothing():
    assert recalibration.prior_shift(0.2, 0.2) == 0


@pytest.mark.parametrize("prevalence", [0, 1, -0.5])
def test_a_prevalence_without_odds_is_an_error(prevalence):
    with pytest.raises(ValueError, match="not between 0 and 1"):
        recalibration.prior_shift(prevalence, 0.5)


def test_the_correction_mends_probabilities_and_keeps_the_ranking():
    generator = np.random.default_rng(1)
    truth = generator.normal(-3, 1.5, 3_000)
    labels = (generator.random(3_000) < expit(truth)).astype(np.int64)
    table = simulate.portfolio(3_000).assign(loan_status=labels)
    test = Loans(table, once(labels), np.arange(3_000), LABEL)
    counts = test.label_counts
    oversampled = truth - np.log(counts[1] / counts[0])
    balanced = dict.fromkeys(counts, counts[0])
    fitted = replace(fits.fit_original(test), training_counts=balanced)
    decided = confusion(labels, decide(oversampled), test.counts)
    model = AppliedModel(fitted, oversampled, decided)
    before = score(labels, oversampled, test.counts)
    found = recalibration.recalibrate(model, before, test, counts)
    assert (found.before, found.confusion_before) == (before, decided)
    assert found.shift == pytest.approx(np.log(counts[1] / counts[0]))
    assert found.trained_prevalence == 0.5
    assert found.after.roc_auc == pytest.approx(found.before.roc_auc)
    assert found.after.log_loss < found.before.log_loss
    assert found.after.calibration.observed_expected == pytest.approx(1, abs=0.1)
    assert found.confusion_before.tp > found.confusion_after.tp
    json.dumps(asdict(found), allow_nan=False)


def test_real_file(real_portfolio):
    parts = splitting.split(real_portfolio.loans)
    model = fits.fit_oversampled(parts.train).apply(parts.test)
    before = score(parts.test.labels, model.log_odds, parts.test.counts)
    found = recalibration.recalibrate(model, before, parts.test, parts.train.label_counts)
    assert found.before.roc_auc == pytest.approx(0.993863, abs=1e-6)
    assert found.after.roc_auc == pytest.approx(found.before.roc_auc, abs=1e-9)
    assert found.after.log_loss == pytest.approx(0.025868, abs=1e-6)
    assert found.after.brier == pytest.approx(0.006347, abs=1e-6)
    assert found.after.calibration.observed_expected == pytest.approx(0.9515, abs=1e-4)
