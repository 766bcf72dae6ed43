"""What each choice costs at the owner's cost ratio, and which is the cheapest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.base.entries import AboveZero, Count, FromZero, Share
from analysis.evidence.baselines import Rule
from analysis.evidence.numerics.resampling import SEED, Interval, bootstrapped
from analysis.evidence.thresholds import costs
from analysis.evidence.thresholds.break_even import BreakEven, break_even
from analysis.evidence.thresholds.choices import MATCHED, OWN, RULE, Thresholds
from analysis.evidence.thresholds.costs import CostRange
from analysis.evidence.thresholds.curve import HALF, probabilities
from analysis.evidence.thresholds.errors import Errors, replicate
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans

REFUSE_ALL, REFUSE_NONE = "refuse_all", "refuse_none"
# No model before one, the published decision before another threshold, training loans as they are
# before oversampled ones, and another kind of rule only where no model comes near it.
PLAINEST_FIRST = (
    REFUSE_NONE,
    REFUSE_ALL,
    ORIGINAL,
    OWN[ORIGINAL],
    MATCHED,
    OVERSAMPLED,
    OWN[OVERSAMPLED],
    RULE,
)
ChosenOn = Literal["published", "training", "nothing"]


@dataclass(frozen=True)
class Option:
    """One choice and what it costs on the test loans.

    All costs are counted in refused healthy loans. Intervals are percentiles of bootstrap
    replicates in which test loans of equal features are drawn together, all options on the same
    draws, given the models and thresholds as they are.

    Attributes
    ----------
    id : str
        `original`, `oversampled`: at the published threshold, one half; `original_own`,
        `oversampled_own`: at the threshold that is the cheapest in cross-validation on the training
        loans; `matched`: the original model at the oversampled model's recall there;
        `one_column_rule`; `refuse_all`, `refuse_none`.
    model : str or None
        Id of the model that it uses.
    threshold : float or None
        Loans with a probability above it are refused, 0 to 1.
    chosen_on : {"published", "training", "nothing"}
        Where the threshold, or the rule, comes from.
    confusion : Confusion
        Test loans by label and decision.
    cost : Interval
        Cost of all test loans, from 0, best 0.
    saving : Interval
        Cost of the original model at one half less this cost; above 0 where this is cheaper.
    excess : Interval
        This cost less that of the cheapest option; above 0 unless it is the cheapest itself.
    training_cost : float or None
        Mean cost of a training loan in cross-validation, from 0, best 0; None where a label has
        too few training loans to cross-validate.
    cheapest_share : float
        Share of the replicates in which no option is cheaper, 0 to 1.
    """

    id: str
    model: str | None
    threshold: Share | None
    chosen_on: ChosenOn
    confusion: Confusion
    cost: Interval
    saving: Interval
    excess: Interval
    training_cost: FromZero | None
    cheapest_share: Share


@dataclass(frozen=True)
class Decision:
    """Every choice at the owner's cost ratio, on the same test loans.

    Attributes
    ----------
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans.
    options : tuple of Option
        In a fixed order; those that need a cross-validation or a rule only where there is one.
    cheapest : tuple of str
        The options with the lowest cost on the test loans, which no choice made beforehand can be
        sure to meet.
    chosen : str or None
        What could be chosen without the test loans: of the options whose training cost is within
        one standard error of the lowest, the first in `PLAINEST_FIRST`.
        Among equals refusing none or all goes before the models, and a model at one half before
        other thresholds. None where the training loans could not be cross-validated.
    break_even : BreakEven
        Between both models at one half.
    ranges : tuple of CostRange
        For which cost ratios each of the options is the cheapest.
    loans, feature_rows : int
        Test loans, and distinct combinations of features among them, which are drawn.
    replicates, seed : int
        Bootstrap replicates, and the seed that they are drawn from.
    """

    cost_ratio: AboveZero
    options: tuple[Option, ...]
    cheapest: tuple[str, ...]
    chosen: str | None
    break_even: BreakEven
    ranges: tuple[CostRange, ...]
    loans: Count
    feature_rows: Count
    replicates: Count
    seed: Count

    @property
    def by_id(self) -> dict[str, Option]:
        """The options by their id."""
        return {each.id: each for each in self.options}


@dataclass(frozen=True)
class _Choice:
    """An option before it is costed: what it is, and what it decides on each distinct test loan."""

    model: str | None
    threshold: float | None
    chosen_on: ChosenOn
    refused: NDArray[np.bool_]


def examine(
    parts: Split,
    models: Pair[AppliedModel],
    found: Thresholds,
    rule: Rule | None,
) -> Decision:
    """Cost every choice on the test loans.

    Parameters
    ----------
    parts : Split
        Training and test loans, both labels on either side.
    models : Pair of AppliedModel
        Both models on the test rows.
    found : Thresholds
        Their thresholds, chosen on the training loans, and the cost ratio.
    rule : Rule or None
        The best rule with one column, if there is one.
    """
    test = parts.test
    choices = _choices(test, models, found, rule)
    confusions = {
        name: metrics.confusion(test.labels, each.refused.astype(np.int64), test.counts)
        for name, each in choices.items()
    }
    drawn = replicate(test, {name: each.refused for name, each in choices.items()})
    validated = _validated(found, parts.train)
    options = _options(choices, confusions, drawn.errors, found.cost_ratio, validated)
    lowest = min(each.cost.estimate or 0.0 for each in options)
    return Decision(
        cost_ratio=found.cost_ratio,
        options=options,
        cheapest=tuple(each.id for each in options if each.cost.estimate == lowest),
        chosen=_chosen(list(choices), validated, found.cost_ratio),
        break_even=break_even(confusions, drawn.errors),
        ranges=costs.winning_ranges(confusions),
        loans=test.total,
        feature_rows=drawn.feature_rows,
        replicates=drawn.replicates,
        seed=SEED,
    )


def _choices(
    test: Loans, models: Pair[AppliedModel], found: Thresholds, rule: Rule | None
) -> dict[str, _Choice]:
    scored = {name: probabilities(model.log_odds) for name, model in models.items()}
    choices = {name: _Choice(name, HALF, "published", each > HALF) for name, each in scored.items()}
    for name, each in found.models.items():
        if each.cheapest:
            at = each.cheapest.threshold
            choices[OWN[name]] = _Choice(name, at, "training", scored[name] > at)
    if found.matched:
        at = found.matched.choice.threshold
        choices[MATCHED] = _Choice(ORIGINAL, at, "training", scored[ORIGINAL] > at)
    if rule:
        decided = rule.predict(test.rows) == HIGH_RISK
        choices[RULE] = _Choice(None, None, "training", decided)
    everyone = np.ones(len(test), dtype=bool)
    choices[REFUSE_ALL] = _Choice(None, None, "nothing", everyone)
    choices[REFUSE_NONE] = _Choice(None, None, "nothing", ~everyone)
    return choices


def _options(
    choices: Mapping[str, _Choice],
    confusions: Mapping[str, Confusion],
    errors: Mapping[str, Errors],
    ratio: float,
    validated: Mapping[str, Confusion],
) -> tuple[Option, ...]:
    exact = {name: float(each.fp + ratio * each.fn) for name, each in confusions.items()}
    cost = {name: each.cost(ratio) for name, each in errors.items()}
    best = min(exact, key=exact.__getitem__)
    lowest = np.min([*cost.values()], axis=0)

    def less(one: str, other: str) -> Interval:
        return bootstrapped(exact[one] - exact[other], cost[one] - cost[other])

    return tuple(
        Option(
            id=name,
            model=each.model,
            threshold=each.threshold,
            chosen_on=each.chosen_on,
            confusion=confusions[name],
            cost=bootstrapped(exact[name], cost[name]),
            saving=less(ORIGINAL, name),
            excess=less(name, best),
            training_cost=costs.cost_of(validated[name], ratio) if name in validated else None,
            # To the digits that sums of costs carry, so that equal costs count as equal.
            cheapest_share=float(np.isclose(cost[name], lowest, rtol=1e-9, atol=1e-9).mean()),
        )
        for name, each in choices.items()
    )


def _validated(found: Thresholds, train: Loans) -> dict[str, Confusion]:
    """Return what each option does on training loans that it was not chosen on, if any does."""
    if not found.cross_validated:
        return {}
    high_risk = train.label_counts[HIGH_RISK]
    healthy = train.total - high_risk
    return {
        **found.cross_validated,
        REFUSE_ALL: Confusion(0, healthy, 0, high_risk),
        REFUSE_NONE: Confusion(healthy, 0, high_risk, 0),
    }


def _chosen(names: list[str], validated: Mapping[str, Confusion], ratio: float) -> str | None:
    """Choose the plainest option that is as cheap as the cheapest but for one standard error.

    Breiman, Friedman, Olshen and Stone 1984, Classification and Regression Trees, section 3.4.3.
    """
    if not validated.keys() >= set(names):
        return None
    cost = {name: costs.cost_of(each, ratio) for name, each in validated.items()}
    best = validated[min(names, key=cost.__getitem__)]
    squares, lowest = costs.cost_of(best, ratio**2), costs.cost_of(best, ratio)
    most = lowest + float(np.sqrt(max(squares - lowest**2, 0.0) / best.rows))
    return next(name for name in PLAINEST_FIRST if name in names and cost[name] <= most)
