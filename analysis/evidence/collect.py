"""All evidence on one page: from a table, its split and both models to what a board asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from operator import call
from typing import Any

from pandera.typing.pandas import DataFrame

from analysis.base import memory, parallel, progress
from analysis.base.entries import INLINE, UNWRITTEN, Count, FromZero
from analysis.evidence import alternatives, baselines, resplits, segments
from analysis.evidence.asked import Asked
from analysis.evidence.certainty import comparison, unconditional
from analysis.evidence.columns import (
    coefficients,
    dependence,
    description,
    features,
    identities,
    rank,
    strength,
)
from analysis.evidence.convergence import refits
from analysis.evidence.groups.frame import GroupFrame
from analysis.evidence.monitoring import stability
from analysis.evidence.numerics import resampling
from analysis.evidence.probabilities import (
    calibration,
    curves,
    delong,
    no_skill,
    recalibration,
    scores,
)
from analysis.evidence.repeats import counts, grouped, unseen
from analysis.evidence.thresholds import choices, decision, net_benefit
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans

# Unlike loans, in all processes together: beside those that they share, each holds some 40 bytes
# for each loan of its own, 8 GB in all.
MOST_HELD = 200_000_000


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
    intercept : float
        Log-odds of a high-risk loan where every column is 0.
    reproducing_digits : int
        Significant digits of coefficients and intercept that make the same decision on every test
        loan.
    intervals : dict of metric to Interval
        95 % each, loans taken as independent.
    intervals_by_feature_rows : dict of metric to Interval
        95 % each of ranking and probabilities, loans with equal features taken together; those of
        decisions are in `comparison`.
    replicates, seed : int
        Bootstrap replicates behind these intervals, and the seed that they are drawn from.
    distinct_scores, score_levels : int
        Distinct scores of the test loans, and among how many of them the replicates rank: beyond
        `intervals.MOST_LEVELS` neighbours share a level there.
    probabilities : CalibrationEvidence
        Whether its probabilities hold.
    """

    confusion: metrics.Confusion = field(metadata=UNWRITTEN)
    scores: scores.Scores = field(metadata=INLINE)
    iterations: Count
    converged: bool
    coefficients: tuple[coefficients.Coefficient, ...]
    intercept: float
    reproducing_digits: Count
    intervals: dict[str, resampling.Interval]
    intervals_by_feature_rows: dict[str, resampling.Interval]
    replicates: Count
    seed: Count
    distinct_scores: Count
    score_levels: Count
    curves: curves.Curves = field(metadata=INLINE)
    probabilities: calibration.CalibrationEvidence


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
    repeats: counts.RepeatsEvidence = field(metadata=INLINE)
    identities: tuple[identities.Identity, ...]
    design: rank.DesignRank = field(metadata=INLINE)


@dataclass(frozen=True)
class ColumnsEvidence:
    """What the columns are, what each says alone, and how far they say the same.

    Attributes
    ----------
    description : DataFrame
        A `DescriptionFrame`: by label and by side of the split.
    strengths : Strengths
        Each column alone.
    dependence : Dependence
        All of them together.
    levels : DataFrame
        A `LevelFrame`: the categories' levels and how many loans have them.
    gaps : DataFrame
        A `GapFrame`: features that loans miss.
    one_sided : tuple of OneSided
        Features that take a single value with one of the labels.
    """

    description: DataFrame[description.DescriptionFrame]
    strengths: strength.Strengths
    dependence: dependence.Dependence
    levels: DataFrame[features.LevelFrame]
    gaps: DataFrame[features.GapFrame]
    one_sided: tuple[features.OneSided, ...]


@dataclass(frozen=True)
class Evidence:
    """How far the models can be trusted: a field a question.

    Attributes
    ----------
    data : PortfolioEvidence
        Repeated, contradicting and already seen loans; columns that determine each other.
    columns : ColumnsEvidence
        What the columns are and what they say.
    unseen : Unseen
        Both models on the test loans whose features training has not shown.
    grouped : Pair of GroupedMean or None
        Both models where equal features stay on one side of the split, against random splits; None
        where either kind of split gave no figure.
    models : Pair of ModelEvidence
        Ranking, calibration, coefficients and intervals of each model.
    comparison : Comparison
        The oversampled model against the original one on the same test rows.
    areas : Areas
        How well both rank, and whether one ranks better.
    no_skill : dict of metric to float
        What each metric comes to without skill.
    unconditional : Unconditional
        The difference between the models over training and split.
    recalibrated : Recalibrated
        The oversampled model after the closed-form prior correction.
    converged : Convergence
        Both models fitted to their optimum.
    baselines : Baselines
        What a model must beat, chosen on training rows alone.
    thresholds : Thresholds
        Decisions and costs at every threshold.
    decision : Decision
        What each choice costs, and which is the cheapest.
    net_benefit : NetBenefit
        What decisions are worth beside refusing all or none.
    segments : DataFrame
        A `SegmentFrame`: both models in quarters of each column.
    groups : DataFrame
        A `GroupFrame`: both models on groups that no model was told of.
    alternatives : Alternatives
        What else could have been done.
    resplits : Resplits
        Split, resampling and both fits repeated.
    monitoring : Monitoring
        How to tell whether a later file still is what the models were made for.
    """

    data: PortfolioEvidence
    columns: ColumnsEvidence
    unseen: unseen.Unseen
    grouped: Pair[grouped.GroupedMean] | None
    models: Pair[ModelEvidence]
    comparison: comparison.Comparison
    areas: delong.Areas
    no_skill: dict[str, FromZero]
    unconditional: unconditional.Unconditional
    recalibrated: recalibration.Recalibrated
    converged: refits.Convergence
    baselines: baselines.Baselines
    thresholds: choices.Thresholds
    decision: decision.Decision
    net_benefit: net_benefit.NetBenefit
    segments: DataFrame[segments.SegmentFrame]
    groups: DataFrame[GroupFrame]
    alternatives: alternatives.Alternatives
    resplits: resplits.Resplits
    monitoring: stability.Monitoring


def collect(loans: Loans, parts: Split, models: Pair[AppliedModel], cost_ratio: float) -> Evidence:
    """Gather the evidence: every question by itself, on all cores.

    Parameters
    ----------
    models : Pair of AppliedModel
        Both models, on the test rows.
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans.
    """
    asked, test = Asked(loans, parts, models, cost_ratio), parts.test
    told, repetitions = _answers(asked)
    designed, repeated = told["design"], told["repeats"]
    described = Pair(
        *(
            ModelEvidence(
                coefficients=coefficients.describe(
                    model.fitted, parts.train, designed["design"].unidentified
                ),
                **told[name],
            )
            for name, model in models.items()
        )
    )
    again = resplits.gathered(repetitions)
    return Evidence(
        data=PortfolioEvidence(
            prevalence=resampling.wilson(loans.label_counts[HIGH_RISK], loans.total),
            repeats=repeated,
            **designed,
        ),
        columns=ColumnsEvidence(**told["columns"]),
        models=described,
        no_skill=no_skill.no_skill(test),
        recalibrated=recalibration.recalibrate(
            models.oversampled, described.oversampled.scores, test, parts.train.label_counts
        ),
        resplits=again,
        unconditional=unconditional.examine(again, loans.recipe.test_share),
        grouped=grouped.against_random(repeated.grouped_splits, again.summary),
        **told["decisions"],
        **told["test_loans"],
        **told["elsewhere"],
    )


def _answers(asked: Asked) -> tuple[dict[str, Any], list[resplits.Repetition]]:
    """Answer all questions on all cores; those that take longest first, for none to wait for."""
    questions: dict[str, Callable[[], Any]] = {
        each.__name__: each
        for each in (
            asked.decisions,
            asked.elsewhere,
            asked.original,
            asked.oversampled,
            asked.columns,
            asked.repeats,
            asked.test_loans,
            asked.design,
        )
    }
    tasks = [*questions.values(), *asked.repetitions()]
    # What several questions begin with is found once.
    _ = asked.loans.scale, asked.parts.train.scale, asked.parts.test.alike
    memory.give_back()
    most = max(1, MOST_HELD // len(asked.loans))
    with (
        progress.stage("Gathering the evidence", len(tasks)) as step,
        parallel.begun(call, tasks, most) as answers,
    ):
        found = answers(step)
    told = dict(zip(questions, found, strict=False))
    return told, list(chain(*found[len(questions) :]))
