"""What another threshold would do, and which choice wins at which cost ratio."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandera.typing.pandas import DataFrame

from analysis.base.entries import INLINE, AboveZero, Count, Share
from analysis.evidence.numerics.samples import sample
from analysis.evidence.thresholds import costs, curve
from analysis.evidence.thresholds.costs import Choice, CostRange
from analysis.evidence.thresholds.curve import HALF, CurveFrame
from analysis.evidence.thresholds.validation import Validated, cross_validate
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split

# The choices beside both models at one half, which go by the models' own ids.
OWN = {ORIGINAL: "original_own", OVERSAMPLED: "oversampled_own"}
MATCHED, RULE = "matched", "one_column_rule"
# Unlike training loans that are cross-validated at most, two seconds' work; a share of so many is
# known to a quarter of a point.
MOST_VALIDATED = 200_000


@dataclass(frozen=True)
class ModelThresholds:
    """One model at every threshold.

    Attributes
    ----------
    curve : DataFrame
        A `CurveFrame` over the test rows, at thresholds that both models share: every hundredth,
        each model's ends, one half and cheapest threshold, and at most `MOST_POINTS` more of
        each model's own.
    distinct_thresholds : int
        How many thresholds tell test rows apart.
    at_half : Choice
        The published threshold.
    cheapest_in_hindsight : Choice
        The cheapest on the test rows themselves, a bound that no choice made beforehand beats;
        the highest among equals.
    cheapest : Choice or None
        The cheapest by cross-validation on the training rows, held against the test rows. None
        where a label has too few training rows to cross-validate.
    """

    curve: DataFrame[CurveFrame]
    distinct_thresholds: Count
    at_half: Choice
    cheapest_in_hindsight: Choice
    cheapest: Choice | None


@dataclass(frozen=True)
class Matched:
    """The original model at the threshold that reaches the oversampled model's recall.

    Attributes
    ----------
    folds : int
        Folds of the cross-validation on the training rows.
    target_recall : float
        Cross-validated recall of the oversampled model at one half, 0 to 1.
    cross_validated_recall : float
        That of the original model at the threshold, at least the target.
    choice : Choice
        The highest such threshold, and what it does on the test rows.
    """

    folds: Count
    target_recall: Share
    cross_validated_recall: Share
    choice: Choice


@dataclass(frozen=True)
class Thresholds:
    """Both models at every threshold, their costs, and which choice wins where.

    Attributes
    ----------
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    models : Pair of ModelThresholds
        Each model at every threshold.
    matched : Matched or None
        The original model at the oversampled one's recall. None where a label has too few
        training rows to cross-validate.
    ranges : tuple of CostRange
        For `original` and `oversampled` at one half, and `matched`.
    validated_on : int
        Training loans that were cross-validated: a sample where more are unlike each other.
    cross_validated : dict of str to Confusion
        These loans by label and decision in cross-validation: of `original` and `oversampled`
        at one half, of `original_own` and `oversampled_own` at their cheapest threshold there, of
        `matched`, and of `one_column_rule` chosen on each fold's other loans, where each has one.
        Empty where a label has too few training rows to cross-validate.
    """

    cost_ratio: AboveZero
    models: Pair[ModelThresholds] = field(metadata=INLINE)
    matched: Matched | None
    ranges: tuple[CostRange, ...]
    validated_on: Count
    cross_validated: dict[str, Confusion]


def examine(parts: Split, models: Pair[AppliedModel], cost_ratio: float) -> Thresholds:
    """Count and cost the decisions of both models at every threshold.

    Parameters
    ----------
    models : Pair of AppliedModel
        Both models as published, on the test rows.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans, above 0.

    Raises
    ------
    ValueError
        When the cost ratio is not a number above 0.
    """
    costs.check_ratio(cost_ratio)
    test = parts.test
    whole = models.map(
        lambda each: curve.curve(
            curve.probabilities(each.log_odds), test.labels, cost_ratio, test.counts
        )
    )
    trained = sample(parts.train, MOST_VALIDATED)
    validated = cross_validate(trained, cost_ratio, models.map(lambda each: each.fitted))
    matched = match(validated, whole.original, cost_ratio) if validated else None
    choices = {name: model.confusion for name, model in models.items()}
    if matched:
        choices[MATCHED] = matched.choice.confusion
    shown = curve.share(whole)
    curves = validated.curves if validated else Pair[pd.DataFrame | None](None, None)
    return Thresholds(
        cost_ratio=cost_ratio,
        models=Pair(
            *(_describe(whole[each], shown[each], curves[each], cost_ratio) for each in whole)
        ),
        matched=matched,
        ranges=costs.winning_ranges(choices),
        validated_on=trained.total,
        cross_validated=_validated_choices(validated) if validated else {},
    )


def match(validated: Validated, whole: pd.DataFrame, cost_ratio: float) -> Matched:
    """Find the highest threshold of the original model with the oversampled model's recall.

    Parameters
    ----------
    whole : DataFrame
        The curve of the original model over the test rows.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    """
    original, oversampled = validated.curves.values()
    position = _matching(validated)
    return Matched(
        folds=validated.folds,
        target_recall=curve.confusion(oversampled, curve.position(oversampled, HALF)).recall,
        cross_validated_recall=curve.confusion(original, position).recall,
        choice=curve.choose(whole, curve.readable_threshold(original, position), cost_ratio),
    )


def _matching(validated: Validated) -> int:
    """Return the position of the highest threshold with the other model's recall at one half."""
    original, oversampled = validated.curves.values()
    wanted = curve.confusion(oversampled, curve.position(oversampled, HALF)).tp
    reached = np.flatnonzero(original["tp"] >= wanted)
    # Threshold 0 may miss a loan whose probability is 0 to the last digit.
    return int(reached[-1]) if len(reached) else 0


def _describe(
    whole: pd.DataFrame,
    shown: DataFrame[CurveFrame],
    validated: pd.DataFrame | None,
    cost_ratio: float,
) -> ModelThresholds:
    cheapest = None
    if validated is not None:
        at = curve.readable_threshold(validated, curve.cheapest(validated))
        cheapest = curve.choose(whole, at, cost_ratio)
    hindsight = float(whole["threshold"].iloc[curve.cheapest(whole)])
    return ModelThresholds(
        curve=shown,
        distinct_thresholds=len(whole),
        at_half=curve.choose(whole, HALF, cost_ratio),
        cheapest_in_hindsight=curve.choose(whole, hindsight, cost_ratio),
        cheapest=cheapest,
    )


def _validated_choices(validated: Validated) -> dict[str, Confusion]:
    """Count what each choice decides on the cross-validated training loans."""
    curves = validated.curves
    found = {
        name: curve.confusion(each, curve.position(each, HALF)) for name, each in curves.items()
    }
    found |= {
        OWN[name]: curve.confusion(each, curve.cheapest(each)) for name, each in curves.items()
    }
    found[MATCHED] = curve.confusion(curves.original, _matching(validated))
    return found | ({RULE: validated.rule} if validated.rule else {})
