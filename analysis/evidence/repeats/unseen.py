"""Both models on the test loans whose features training has not shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.base.entries import Count, Share
from analysis.evidence.repeats.counts import seen_in_training
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK


@dataclass(frozen=True)
class UnseenOutcome:
    """What a model does on the test loans whose features training has not shown.

    Attributes
    ----------
    confusion : Confusion
        These loans by label and decision.
    balanced_accuracy : float or None
        0 to 1, best 1, 0.5 for a guess; None where they lack a label.
    """

    confusion: Confusion
    balanced_accuracy: Share | None


@dataclass(frozen=True)
class Unseen:
    """Both models on the test loans whose features training has not shown.

    Attributes
    ----------
    loans, high_risk : int
        Such loans, and the high-risk ones among them.
    models : Pair of UnseenOutcome
        What each model does on them.
    """

    loans: Count
    high_risk: Count
    models: Pair[UnseenOutcome]


def examine(parts: Split, models: Pair[AppliedModel]) -> Unseen:
    """Hold both models against the test loans whose features training has not shown."""
    counts = np.where(seen_in_training(parts), 0, parts.test.counts)
    test = parts.test.counted(counts)
    both = min(test.label_counts.values()) > 0

    def outcome(model: AppliedModel) -> UnseenOutcome:
        found = metrics.confusion(parts.test.labels, model.decided, counts)
        return UnseenOutcome(found, found.balanced_accuracy if both else None)

    return Unseen(test.total, test.label_counts[HIGH_RISK], models.map(outcome))
