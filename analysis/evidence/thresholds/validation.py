"""What thresholds and the one-column rule do on training loans that they were not chosen on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import baselines
from analysis.evidence.thresholds import curve
from analysis.models import fits, metrics, splitting
from analysis.models.fits import RANDOM_STATE
from analysis.models.fitted import FittedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.loans import Loans

FOLDS = 5


@dataclass(frozen=True)
class Validated:
    """Both models and the rule on cross-validated training loans.

    Attributes
    ----------
    folds : int
        Folds of the cross-validation.
    curves : Pair of DataFrame
        The curve of each model, with the columns of a `CurveFrame`.
    rule : Confusion or None
        These loans by label and decision of the one-column rule; None where some fold leaves every
        column constant, so that there is none.
    """

    folds: int
    curves: Pair[pd.DataFrame]
    rule: Confusion | None


def cross_validate(train: Loans, cost_ratio: float, start: Pair[FittedModel]) -> Validated | None:
    """Fit both models and the rule on all folds but one, and apply them to that one, in turn.

    Parameters
    ----------
    train : Loans
        Training loans.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    start : Pair of FittedModel
        Both models of these loans, from which the fits start.

    Returns
    -------
    Validated or None
        None where a label has too few loans.
    """
    number = min(FOLDS, *train.label_counts.values())
    if number < 2:  # noqa: PLR2004 -- with a single fold nothing is left to fit on
        return None
    sides = [splitting.sides(*each) for each in splitting.folds(train, number, RANDOM_STATE)]
    fitted_on = [each.train for each in sides]
    fitted = fits.fit_both(train, fitted_on, [RANDOM_STATE] * number, start)
    held = [each.test.held() for each in sides]
    labels, counts = (
        np.concatenate([getattr(each, name) for each in held]) for name in ("labels", "counts")
    )

    def decided(name: str) -> pd.DataFrame:
        scores = [both[name].scores(each.rows) for both, each in zip(fitted, held, strict=True)]
        probability = curve.probabilities(np.concatenate(scores))
        return curve.curve(probability, labels, cost_ratio, counts)

    return Validated(number, Pair(decided(ORIGINAL), decided(OVERSAMPLED)), _ruled(fitted_on, held))


def _ruled(fitted_on: Sequence[Loans], held: Sequence[Loans]) -> Confusion | None:
    """Count the decisions of the rule that each fold's other loans give on its loans."""
    rules = [baselines.best_rule(each.held()) for each in fitted_on]
    ruled = [
        metrics.confusion(each.labels, rule.predict(each.rows), each.counts)
        for rule, each in zip(rules, held, strict=True)
        if rule
    ]
    counted = np.sum([[*each.as_dict().values()] for each in ruled], axis=0)
    return Confusion(*counted.tolist()) if len(ruled) == len(held) else None
