"""What each metric comes to without skill, to read the models' own figures by."""

from __future__ import annotations

import math

from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans


def no_skill(test: Loans) -> dict[str, float]:
    """Return what a model without skill reaches on the test loans, by metric.

    Ranking metrics are those of scores at random, probability metrics those of giving every loan
    the observed share, and decision metrics the best of refusing all, none, or loans at random;
    recall and specificity, which either of the first two brings to 1, have no such value.
    """
    share = test.label_counts[HIGH_RISK] / test.total
    return {
        "accuracy": max(share, 1 - share),
        "balanced_accuracy": 0.5,
        "precision": share,
        "f1": 2 * share / (1 + share),
        "roc_auc": 0.5,
        "gini": 0.0,
        "average_precision": share,
        "ks": 0.0,
        "brier": share * (1 - share),
        "log_loss": -sum(each * math.log(each) for each in (share, 1 - share) if each),
        "observed_expected": 1.0,
    }
