"""All evidence on one page: from a table, its split and both models to what a board asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from analysis.base import progress
from analysis.base.entries import INLINE, UNWRITTEN, Count
from analysis.evidence import baselines, repeats, resplits
from analysis.evidence.certainty import comparison, intervals
from analysis.evidence.columns import coefficients, identities
from analysis.evidence.convergence import refits
from analysis.evidence.monitoring import stability
from analysis.evidence.numerics import resampling
from analysis.evidence.probabilities import curves, recalibration, scores
from analysis.evidence.thresholds import choices
from analysis.models import metrics
from analysis.models.fits import ORIGINAL, OVERSAMPLED, FittedModel, Pair, Split
from analysis.portfolio.distinct import distinct
from analysis.portfolio.loans import Loans
from analysis.portfolio.schema import HIGH_RISK

EXAMINED = 7  # parts that take long enough to be counted as steps
Part = TypeVar("Part")


@dataclass(frozen=True)
class ModelEvidence:
    """What is known of one published model beyond its classification report.

    Attributes
    ----------
    iterations : int
        Steps that the published fit took.
    converged : bool
        Whether it met its own criterion before it was stopped.
    coefficients : tuple of Coefficient
        One a feature.
    intervals : dict of metric to Interval
        95 % each.
    """

    confusion: metrics.Confusion = field(metadata=UNWRITTEN)
    scores: scores.Scores = field(metadata=INLINE)
    iterations: Count
    converged: bool
    coefficients: tuple[coefficients.Coefficient, ...]
    intervals: dict[str, resampling.Interval]
    curves: curves.Curves = field(metadata=INLINE)


@dataclass(frozen=True)
class PortfolioEvidence:
    """Repeated, contradicting and already seen loans; columns that determine each other.

    Attributes
    ----------
    prevalence : Interval
        Share of high-risk loans in the whole portfolio.
    identities : tuple of Identity
        Columns that others give in every row.
    """

    prevalence: resampling.Interval
    repeats: repeats.RepeatsEvidence = field(metadata=INLINE)
    identities: tuple[identities.Identity, ...]
    design: coefficients.Design = field(metadata=INLINE)


@dataclass(frozen=True)
class Evidence:
    """How far the models can be trusted: a field a question.

    Attributes
    ----------
    data : PortfolioEvidence
        Repeated, contradicting and already seen loans; columns that determine each other.
    models : Pair of ModelEvidence
        Ranking, calibration, coefficients and intervals of each model.
    comparison : Comparison
        The oversampled model against the original one on the same test rows.
    recalibrated : Recalibrated
        The oversampled model after the closed-form prior correction.
    converged : Convergence
        Both models fitted to their optimum.
    baselines : Baselines
        What a model must beat, chosen on training rows alone.
    thresholds : Thresholds
        Decisions and costs at every threshold.
    resplits : Resplits
        Split, oversampling and both fits repeated.
    monitoring : Monitoring
        How to tell whether a later file still is what the models were made for.
    """

    data: PortfolioEvidence
    models: Pair[ModelEvidence]
    comparison: comparison.Comparison
    recalibrated: recalibration.Recalibrated
    converged: refits.Convergence
    baselines: baselines.Baselines
    thresholds: choices.Thresholds
    resplits: resplits.Resplits
    monitoring: stability.Monitoring


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
    found = coefficients.design(features)
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
            data=PortfolioEvidence(
                prevalence=resampling.wilson(loans.label_counts[HIGH_RISK], loans.total),
                repeats=done(repeats.examine(loans, parts)),
                identities=done(identities.search(features)),
                design=found,
            ),
            models=Pair(**described),
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
            converged=done(refits.refit(parts, models)),
            baselines=baselines.compare(parts, models),
            thresholds=done(choices.examine(parts, models, cost_ratio)),
            resplits=repeated(step),
            monitoring=stability.monitoring(parts, models),
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
