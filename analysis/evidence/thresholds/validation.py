"""What thresholds and the one-column rule do on training loans that they were not chosen on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pandera.typing.pandas import DataFrame

from analysis.evidence import baselines
from analysis.evidence.thresholds import curve
from analysis.evidence.thresholds.curve import CurveFrame
from analysis.models import fits, metrics, splitting
from analysis.models.fits import RANDOM_STATE
from analysis.models.fitted import FittedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.loans import Loans, Values

FOLDS = 5


@dataclass(frozen=True)
class Validated:
    """Both models and the rule on cross-validated training loans.

    Attributes
    ----------
    folds : int
        Folds of the cross-validation.
    curves : Pair of DataFrame
        A `CurveFrame` of each model.
    rule : Confusion or None
        These loans by label and decision of the one-column rule; None where some fold leaves every
        column constant, so that there is none.
    """

    folds: int
    curves: Pair[DataFrame[CurveFrame]]
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
    scores: dict[str, list[Values]] = {ORIGINAL: [], OVERSAMPLED: []}
    held_out: list[Loans] = []
    ruled: list[Confusion] = []
    sides = [splitting.sides(*each) for each in splitting.folds(train, number, RANDOM_STATE)]
    fitted_on = [each.train for each in sides]
    fitted = fits.fit_both(train, fitted_on, [RANDOM_STATE] * number, start)
    for each, models in zip(sides, fitted, strict=True):
        held = each.test.held()
        held_out.append(held)
        if rule := baselines.best_rule(each.train.held()):
            ruled.append(metrics.confusion(held.labels, rule.predict(held.rows), held.counts))
        for name, model in models.items():
            scores[name].append(model.scores(held.rows))
    labels = np.concatenate([each.labels for each in held_out])
    counts = np.concatenate([each.counts for each in held_out])
    counted = np.sum([[*each.as_dict().values()] for each in ruled], axis=0)
    return Validated(
        folds=number,
        curves=Pair(**scores).map(
            lambda each: curve.curve(
                curve.probabilities(np.concatenate(each)), labels, cost_ratio, counts
            )
        ),
        rule=Confusion(*counted.tolist()) if len(ruled) == number else None,
    )
