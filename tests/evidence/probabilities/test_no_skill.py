"""What metrics come to without skill, against scikit-learn on constant predictions."""

import numpy as np
import pytest
from sklearn import metrics

from analysis.evidence.probabilities.no_skill import no_skill
from analysis.portfolio import loans, simulate
from tests.support import plain


def test_constant_predictions_and_trivial_decisions():
    whole = loans.from_table(simulate.portfolio(900, seed=2))
    labels = plain.table(whole)["loan_status"].to_numpy()
    found, share = no_skill(whole), np.full(len(labels), labels.mean())
    everyone, nobody = np.ones(len(labels)), np.zeros(len(labels))
    for name, expected in {
        "accuracy": metrics.accuracy_score(labels, nobody),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, nobody),
        "precision": metrics.precision_score(labels, everyone),
        "f1": metrics.f1_score(labels, everyone),
        "roc_auc": metrics.roc_auc_score(labels, share),
        "gini": 0,
        "average_precision": metrics.average_precision_score(labels, share),
        "ks": 0,
        "brier": metrics.brier_score_loss(labels, share),
        "log_loss": metrics.log_loss(labels, share),
        "observed_expected": 1,
    }.items():
        assert found[name] == pytest.approx(expected), name
