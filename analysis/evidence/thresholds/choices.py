"""What another threshold would do: counts and costs, and which choice wins at which cost ratio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import INLINE, AboveZero, Count, Share
from analysis.base.frames import Frame
from analysis.evidence import baselines
from analysis.evidence.numerics.cuts import readable_cut_from
from analysis.evidence.numerics.samples import sample
from analysis.evidence.thresholds import costs
from analysis.evidence.thresholds.costs import Choice, CostRange
from analysis.models import fits, splitting
from analysis.models.fits import RANDOM_STATE
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.metrics import Confusion, Counts, confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Labels, Loans, Values

HALF = 0.5
# The choices beside both models at one half, which go by the models' own ids.
OWN = {ORIGINAL: "original_own", OVERSAMPLED: "oversampled_own"}
MATCHED, RULE = "matched", "one_column_rule"
FOLDS = 5
# Unlike training loans that are cross-validated at most, two seconds' work; a share of so many is
# known to a quarter of a point.
MOST_VALIDATED = 200_000
MOST_POINTS = 451
GRID = np.linspace(0, 1, 101).round(2)


class CurveFrame(Frame):
    """A row a threshold, rising: what the model does when it refuses above that probability.

    Attributes
    ----------
    threshold : float
        Loans with a probability above it are refused.
    tn, fp, fn, tp : int
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    expected_cost : float
        Mean cost of a decision, in refused healthy loans; best 0.
    """

    threshold: Series[float] = pa.Field(ge=0, le=1, unique=True)
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    expected_cost: Series[float] = pa.Field(ge=0)


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


def examine(
    parts: Split,
    models: Pair[AppliedModel],
    cost_ratio: float = costs.COST_RATIO,
) -> Thresholds:
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
        lambda each: curve(probabilities(each.log_odds), test.labels, cost_ratio, test.counts)
    )
    validated_on = sample(parts.train, MOST_VALIDATED)
    validated, rule, folds = _cross_validate(
        validated_on, cost_ratio, models.map(lambda each: each.fitted)
    )
    matched = match(validated, folds, whole.original, cost_ratio) if validated else None
    choices = {name: model.confusion for name, model in models.items()}
    if matched:
        choices[MATCHED] = matched.choice.confusion
    shown = share(whole)
    described = {
        name: _describe(frame, shown[name], validated.get(name), cost_ratio)
        for name, frame in whole.items()
    }
    return Thresholds(
        cost_ratio=cost_ratio,
        models=Pair(**described),
        matched=matched,
        ranges=costs.winning_ranges(choices),
        validated_on=validated_on.total,
        cross_validated=_validated_choices(validated, rule) if validated else {},
    )


def probabilities(scores: Values) -> Values:
    """Turn log-odds into probabilities that are above one half exactly where log-odds exceed 0."""
    from scipy.special import expit

    found = np.asarray(expit(scores))
    found[(found <= HALF) & (scores > 0)] = np.nextafter(HALF, 1)
    found[scores <= 0] = np.minimum(found[scores <= 0], HALF)
    return found


def curve(
    probability: Values, labels: Labels, cost_ratio: float, counts: Counts
) -> DataFrame[CurveFrame]:
    """Count decisions at every threshold that tells rows apart, and at 0 and one half.

    Parameters
    ----------
    probability : array of shape (rows,)
        Of a high-risk loan, 0 to 1.
    labels : array of shape (rows,)
        0 or 1.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Returns
    -------
    DataFrame
        A `CurveFrame`, not thinned.
    """
    at, place = np.unique(np.concatenate([[0.0, HALF], probability]), return_inverse=True)
    kept = {
        high_risk: np.bincount(place[2:], counts * ((labels == HIGH_RISK) == high_risk), len(at))
        .cumsum()
        .astype(np.int64)
        for high_risk in (False, True)
    }
    tn, fn = kept[False], kept[True]
    frame = pd.DataFrame(
        {"threshold": at, "tn": tn, "fp": tn[-1] - tn, "fn": fn, "tp": fn[-1] - fn}
    )
    expected = costs.expected_cost(frame["fp"], frame["fn"], int(counts.sum()), cost_ratio)
    return CurveFrame.validate(frame.assign(expected_cost=expected))


def thin(frame: pd.DataFrame, most: int = MOST_POINTS) -> pd.DataFrame:
    """Keep at most `most` points of a curve: both ends, one half, the cheapest, and even steps."""
    if len(frame) <= most:
        return frame
    kept = {0, len(frame) - 1, _position(frame, HALF), _cheapest(frame)}
    even = np.linspace(0, len(frame) - 1, most - len(kept)).round().astype(int)
    return frame.iloc[sorted(kept.union(even.tolist()))].reset_index(drop=True)


def share(whole: Mapping[str, pd.DataFrame]) -> dict[str, DataFrame[CurveFrame]]:
    """Count every model's decisions at the same thresholds, so that models compare at each.

    Parameters
    ----------
    whole : mapping of model id to DataFrame
        `CurveFrame` of each model, not thinned.

    Returns
    -------
    dict of model id to DataFrame
        A `CurveFrame` of each model, all with the same thresholds.
    """
    own = [thin(frame)["threshold"].to_numpy() for frame in whole.values()]
    at = np.unique(np.concatenate([GRID, *own]))
    shared: dict[str, DataFrame[CurveFrame]] = {}
    for name, frame in whole.items():
        rows = frame.iloc[np.searchsorted(frame["threshold"], at, side="right") - 1]
        shared[name] = CurveFrame.validate(rows.assign(threshold=at).reset_index(drop=True))
    return shared


def match(
    validated: Mapping[str, pd.DataFrame], folds: int, whole: pd.DataFrame, cost_ratio: float
) -> Matched:
    """Find the highest threshold of the original model with the oversampled model's recall.

    Parameters
    ----------
    validated : mapping of model id to DataFrame
        `CurveFrame` of each model over the cross-validated training rows.
    folds : int
        How many folds made them.
    whole : DataFrame
        `CurveFrame` of the original model over the test rows.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    """
    wanted = int(_row(validated[OVERSAMPLED], HALF)["tp"])
    original = validated[ORIGINAL]
    position = _matching(original, validated[OVERSAMPLED])
    positives = int(original["tp"].iloc[0] + original["fn"].iloc[0])
    return Matched(
        folds=folds,
        target_recall=wanted / positives,
        cross_validated_recall=int(original["tp"].iloc[position]) / positives,
        choice=_at(whole, _between(original, position), cost_ratio),
    )


def _matching(original: pd.DataFrame, oversampled: pd.DataFrame) -> int:
    """Return the position of the highest threshold with the other model's recall at one half."""
    reached = np.flatnonzero(original["tp"] >= _row(oversampled, HALF)["tp"])
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
        cheapest = _at(whole, _between(validated, _cheapest(validated)), cost_ratio)
    hindsight = float(whole["threshold"].iloc[_cheapest(whole)])
    return ModelThresholds(
        curve=shown,
        distinct_thresholds=len(whole),
        at_half=_at(whole, HALF, cost_ratio),
        cheapest_in_hindsight=_at(whole, hindsight, cost_ratio),
        cheapest=cheapest,
    )


def _validated_choices(
    validated: Mapping[str, pd.DataFrame], rule: Confusion | None
) -> dict[str, Confusion]:
    """Count what each choice decides on the cross-validated training loans."""
    original, oversampled = validated[ORIGINAL], validated[OVERSAMPLED]
    found = {name: _confusion(frame, _position(frame, HALF)) for name, frame in validated.items()}
    found |= {OWN[name]: _confusion(frame, _cheapest(frame)) for name, frame in validated.items()}
    found[MATCHED] = _confusion(original, _matching(original, oversampled))
    return found if rule is None else found | {RULE: rule}


def _cross_validate(
    train: Loans, cost_ratio: float, start: Pair[FittedModel]
) -> tuple[dict[str, DataFrame[CurveFrame]], Confusion | None, int]:
    """Return each model's curve and the rule's counts over loans not fitted on, and the folds.

    The counts are None where some fold leaves every column constant, so that there is no rule.
    """
    number = min(FOLDS, *train.label_counts.values())
    if number < 2:  # noqa: PLR2004 -- with a single fold nothing is left to fit on
        return {}, None, number
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
            ruled.append(confusion(held.labels, rule.predict(held.rows), held.counts))
        for name, model in models.items():
            scores[name].append(model.scores(held.rows))
    labels = np.concatenate([each.labels for each in held_out])
    counts = np.concatenate([each.counts for each in held_out])
    curves = {
        name: curve(probabilities(np.concatenate(each)), labels, cost_ratio, counts)
        for name, each in scores.items()
    }
    counted = np.sum([[*each.as_dict().values()] for each in ruled], axis=0)
    rule_counts = Confusion(*counted.tolist()) if len(ruled) == number else None
    return curves, rule_counts, number


def _position(frame: pd.DataFrame, threshold: float) -> int:
    """Return which row's decisions a threshold makes."""
    return int(np.searchsorted(frame["threshold"], threshold, side="right")) - 1


def _row(frame: pd.DataFrame, threshold: float) -> pd.Series[int]:
    return frame[["tn", "fp", "fn", "tp"]].iloc[_position(frame, threshold)]


def _confusion(frame: pd.DataFrame, position: int) -> Confusion:
    return Confusion(*(int(count) for count in frame[["tn", "fp", "fn", "tp"]].iloc[position]))


def _at(frame: pd.DataFrame, threshold: float, cost_ratio: float) -> Choice:
    counts = _confusion(frame, _position(frame, threshold))
    return Choice(threshold, counts, costs.cost_of(counts, cost_ratio))


def _cheapest(frame: pd.DataFrame) -> int:
    """Return the position of the cheapest threshold, the highest among equals."""
    found = frame["expected_cost"].to_numpy()
    return int(np.flatnonzero(found == found.min())[-1])


def _between(frame: pd.DataFrame, position: int) -> float:
    """Return the shortest threshold that decides as a row of the curve does."""
    at = frame["threshold"].to_numpy()
    lower, upper = float(at[position]), float(at[position + 1]) if position + 1 < len(at) else 1.0
    return readable_cut_from(lower, upper) if lower < upper else lower
