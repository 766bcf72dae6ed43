"""The questions that the evidence answers, each by itself, so that the cores share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.evidence import alternatives, baselines, resplits, segments
from analysis.evidence.certainty import clusters, comparison, intervals
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
from analysis.evidence.groups import decisions
from analysis.evidence.monitoring import stability
from analysis.evidence.numerics import resampling
from analysis.evidence.probabilities import calibration, curves, delong, scores
from analysis.evidence.repeats import counts, unseen
from analysis.evidence.repeats.counts import RepeatsEvidence
from analysis.evidence.thresholds import choices, decision, net_benefit
from analysis.models import splitting
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.pair import Pair
from analysis.models.splitting import Split
from analysis.portfolio.distinct import distinct
from analysis.portfolio.loans import Loans

Answer = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the questions are about; each answer holds figures by the name of their field.

    Attributes
    ----------
    loans : Loans
        A portfolio.
    parts : Split
        The published split of it.
    models : Pair of AppliedModel
        Both models, on the test rows.
    cost_ratio : float
        What a missed high-risk loan costs, in refused healthy loans.
    """

    loans: Loans
    parts: Split
    models: Pair[AppliedModel]
    cost_ratio: float

    @property
    def fitted(self) -> Pair[FittedModel]:
        """Both models."""
        return self.models.map(lambda each: each.fitted)

    def repetitions(self) -> list[Callable[[], list[resplits.Repetition]]]:
        """Return questions for the repeated splits that a portfolio of this size allows."""
        tried = resplits.affordable(self.loans, len(self.parts.design.columns))
        return [
            partial(resplits.repetitions, self.loans, self.fitted, seeds)
            for seeds in splitting.batches(self.loans, tried)
        ]

    def original(self) -> Answer:
        """Say what the original model is worth."""
        return self._of_model(self.models.original)

    def oversampled(self) -> Answer:
        """Say what the oversampled model is worth."""
        return self._of_model(self.models.oversampled)

    def _of_model(self, model: AppliedModel) -> Answer:
        fitted, test = model.fitted, self.parts.test
        rows = test.labels, model.log_odds, test.counts
        values = intervals.levels(model.log_odds)[0]
        scored = scores.score(*rows)
        by_loan = intervals.describe(model.confusion, *rows)
        return {
            "confusion": model.confusion,
            "scores": scored,
            "iterations": fitted.iterations,
            "converged": fitted.converged,
            "intercept": fitted.intercept,
            "reproducing_digits": coefficients.reproducing_digits(fitted, test),
            "intervals": by_loan,
            "intervals_by_feature_rows": clusters.describe(
                test.labels, model.log_odds, test.alike, test.counts, by_loan
            ),
            "replicates": resampling.REPLICATES,
            "seed": resampling.SEED,
            "distinct_scores": len(values),
            "score_levels": len(intervals.merged(values)[0]),
            "curves": curves.draw_from(*rows),
            "probabilities": calibration.examine(
                test.labels, model.log_odds, test.alike, test.counts, scored.calibration
            ),
        }

    def repeats(self) -> RepeatsEvidence:
        """Count repeated and already seen loans, and split without them."""
        return counts.examine(self.loans, self.parts, self.fitted)

    def design(self) -> Answer:
        """Find columns that determine each other."""
        numbers = self.parts.design.apply(self.loans)
        rows = distinct(numbers.features).rows
        return {
            "design": rank.find(rows),
            "identities": identities.search(rows.drop(columns=list(numbers.indicators))),
        }

    def columns(self) -> Answer:
        """Look at the features as declared, and at the columns of the design made of them."""
        numbers = self.parts.design.apply(self.loans)
        return {
            "description": description.describe(numbers, self.parts),
            "strengths": strength.examine(numbers, self.parts),
            "dependence": dependence.examine(
                numbers, {each.name: each.feature for each in self.parts.design.columns}
            ),
            "levels": features.levels(self.loans),
            "gaps": features.gaps(self.loans),
            "one_sided": tuple(features.one_sided(self.loans)),
        }

    def decisions(self) -> Answer:
        """Count and cost the decisions at every threshold, beside rules without a model."""
        test, models = self.parts.test, self.models
        bare = baselines.compare(self.parts, models)
        rule = bare.best_rule.rule if bare.best_rule else None
        chosen = choices.examine(self.parts, models, self.cost_ratio)
        return {
            "baselines": bare,
            "thresholds": chosen,
            "decision": decision.examine(self.parts, models, chosen, rule),
            "net_benefit": net_benefit.examine(test, models, rule, self.cost_ratio),
            "groups": decisions.examine(test, models, chosen),
        }

    def test_loans(self) -> Answer:
        """Hold both models against each other on the same test loans, and on parts of them."""
        test, models = self.parts.test, self.models
        first, second = models.original, models.oversampled
        return {
            "comparison": comparison.compare(
                test.labels, first.decided, second.decided, test.alike, test.counts
            ),
            "areas": delong.compare(
                test.labels, first.log_odds, second.log_odds, test.alike, test.counts
            ),
            "segments": segments.examine(test, models),
            "unseen": unseen.examine(self.parts, models),
        }

    def elsewhere(self) -> Answer:
        """Fit both models to their optimum and otherwise, and say how later files are watched."""
        return {
            "converged": refits.refit(self.parts, self.models),
            "alternatives": alternatives.examine(self.parts, self.models, self.cost_ratio),
            "monitoring": stability.monitoring(self.parts, self.models),
        }
