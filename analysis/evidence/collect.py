"""All evidence on one page: from a table, its split and both models to what a board asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from analysis import metrics, progress
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
from analysis.loans import Loans
from analysis.models import ORIGINAL, OVERSAMPLED, FittedModel, Split
from analysis.schema import HIGH_RISK
from analysis.weighting import distinct

EXAMINED = 7  # parts that take long enough to be counted as steps
Part = TypeVar("Part")


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
    """The evidence, a field for each question; the modules of this package say what each holds.

    `prevalence` is the share of high-risk loans in the whole portfolio.
    """

    prevalence: intervals.Interval
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
    loans: Loans, parts: Split, models: dict[str, FittedModel], cost_ratio: float
) -> Evidence:
    """Gather the evidence.

    Parameters
    ----------
    loans : Loans
        A portfolio.
    parts : Split
        The published split of it.
    models : dict of model id to FittedModel
        Both models as published.
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans.
    """
    features = distinct(loans.features).rows
    found = design.design(features)
    test = parts.test
    steps = EXAMINED + len(resplits.affordable(loans))
    with (
        resplits.begun(loans) as repeated,
        progress.stage("Gathering the evidence", steps) as step,
    ):
        done = partial(_done, step)
        decisions = {name: model.predict(test.features) for name, model in models.items()}
        described = {
            name: done(_describe(model, parts, found.unidentified))
            for name, model in models.items()
        }
        return Evidence(
            prevalence=intervals.wilson(loans.label_counts[HIGH_RISK], loans.total),
            repeats=done(repeats.examine(loans, parts)),
            identities=done(identities.search(features)),
            design=found,
            original=described[ORIGINAL],
            oversampled=described[OVERSAMPLED],
            comparison=done(
                comparison.compare(
                    test.labels,
                    decisions[ORIGINAL],
                    decisions[OVERSAMPLED],
                    distinct(test.features).inverse,
                    test.counts,
                )
            ),
            recalibrated=recalibration.recalibrate(
                test.labels,
                models[OVERSAMPLED].scores(test.features),
                models[ORIGINAL].training_counts,
                models[OVERSAMPLED].training_counts,
                test.counts,
            ),
            converged=done(convergence.refit(parts, models)),
            baselines=baselines.compare(parts, models),
            thresholds=done(thresholds.examine(parts, models, cost_ratio)),
            resplits=repeated(step),
            monitoring=monitoring.baseline(parts.train, models),
        )


def _done(step: Callable[[int], object], part: Part) -> Part:
    step(1)
    return part


def _describe(model: FittedModel, parts: Split, unidentified: tuple[str, ...]) -> ModelEvidence:
    test = parts.test
    log_odds = model.scores(test.features)
    return ModelEvidence(
        confusion=metrics.confusion(test.labels, model.predict(test.features), test.counts),
        scores=scores.score(test.labels, log_odds, test.weights),
        iterations=model.iterations,
        converged=model.converged,
        coefficients=coefficients.describe(model, parts.train, unidentified),
        intervals=intervals.describe(test.labels, log_odds, test.counts),
        curves=curves.draw_from(test.labels, log_odds, test.counts),
    )
