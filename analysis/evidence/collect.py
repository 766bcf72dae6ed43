"""All evidence on one page: from a table, its split and both models to what a board asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import metrics
from analysis.evidence import (
    baselines,
    coefficients,
    comparison,
    convergence,
    curves,
    design,
    identities,
    intervals,
    monitoring,
    recalibration,
    repeats,
    resplits,
    scores,
    thresholds,
)
from analysis.evidence.weighting import distinct
from analysis.models import ORIGINAL, OVERSAMPLED, FittedModel, Split


@dataclass(frozen=True)
class ModelEvidence:
    """What is known of one published model beyond its classification report.

    Attributes
    ----------
    confusion : Confusion
        On the test rows.
    intervals : dict of metric to Interval
        95 % each.
    curves : Curves
        For the figures.
    """

    confusion: metrics.Confusion
    scores: scores.Scores
    iterations: int
    converged: bool
    coefficients: tuple[coefficients.Coefficient, ...]
    intervals: dict[str, intervals.Interval]
    curves: curves.Curves


@dataclass(frozen=True)
class Evidence:
    """The evidence, a field for each question; the modules of this package say what each holds."""

    repeats: repeats.RepeatsEvidence
    identities: tuple[identities.Identity, ...]
    design: design.Design
    original: ModelEvidence
    oversampled: ModelEvidence
    comparison: comparison.Comparison
    recalibrated: recalibration.Recalibrated
    converged: convergence.Convergence
    baselines: baselines.Baselines
    thresholds: thresholds.Thresholds
    resplits: resplits.Resplits
    monitoring: monitoring.Baseline

    @property
    def models(self) -> dict[str, ModelEvidence]:
        """Both models by their id, the original one first."""
        return {ORIGINAL: self.original, OVERSAMPLED: self.oversampled}


def collect(
    table: pd.DataFrame, parts: Split, models: dict[str, FittedModel], cost_ratio: float
) -> Evidence:
    """Gather the evidence.

    Parameters
    ----------
    table : DataFrame
        A validated `LoanTable`.
    parts : Split
        The published split of it.
    models : dict of model id to FittedModel
        Both models as published.
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans.
    """
    found = design.design(table)
    labels = parts.test_labels.to_numpy(np.int64)
    decisions = {name: model.predict(parts.test_features) for name, model in models.items()}
    described = {
        name: _describe(model, parts, found.unidentified) for name, model in models.items()
    }
    return Evidence(
        repeats=repeats.examine(table, parts),
        identities=identities.search(table),
        design=found,
        original=described[ORIGINAL],
        oversampled=described[OVERSAMPLED],
        comparison=comparison.compare(
            labels,
            decisions[ORIGINAL],
            decisions[OVERSAMPLED],
            distinct(parts.test_features).inverse,
        ),
        recalibrated=recalibration.recalibrate(
            labels,
            models[OVERSAMPLED].scores(parts.test_features),
            models[ORIGINAL].training_counts,
            models[OVERSAMPLED].training_counts,
        ),
        converged=convergence.refit(parts, models),
        baselines=baselines.compare(parts, models),
        thresholds=thresholds.examine(parts, models, cost_ratio),
        resplits=resplits.repeat(table),
        monitoring=monitoring.baseline(parts, models),
    )


def _describe(model: FittedModel, parts: Split, unidentified: tuple[str, ...]) -> ModelEvidence:
    labels = parts.test_labels.to_numpy(np.int64)
    log_odds = model.scores(parts.test_features)
    return ModelEvidence(
        confusion=metrics.confusion(labels, model.predict(parts.test_features)),
        scores=scores.score(labels, log_odds),
        iterations=model.iterations,
        converged=model.converged,
        coefficients=coefficients.describe(model, parts, unidentified),
        intervals=intervals.describe(labels, log_odds),
        curves=curves.draw_from(labels, log_odds),
    )
