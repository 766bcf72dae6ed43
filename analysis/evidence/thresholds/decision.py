"""What each choice costs at the owner's cost ratio, and which is the cheapest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.base.entries import AboveZero, Count, FromZero, Share
from analysis.evidence.baselines import Rule
from analysis.evidence.numerics.resampling import (
    SEED,
    Interval,
    bootstrapped,
    draws,
    monte_carlo_error,
    plain,
)
from analysis.evidence.thresholds import costs
from analysis.evidence.thresholds.choices import MATCHED, OWN, RULE, Thresholds
from analysis.evidence.thresholds.costs import CostRange
from analysis.evidence.thresholds.curve import HALF, probabilities
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.models.splitting import Split
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Labels, Loans, Values

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
REPLICATES = 10_000
# Counts drawn at most, a fifth of a second's work; but a thousand replicates are always made.
MOST_DRAWN, LEAST_REPLICATES = 4_000_000, 1_000

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
class BreakEven:
    """The cost ratio at which both models, each at one half, cost the same.

    Attributes
    ----------
    ratio : Interval
        Cost of a missed high-risk loan in refused healthy loans, from 0; undefined where there is
        none, for one model is cheaper at every ratio or both cost the same. `high` is None where
        there is no upper limit: in some replicates the model that misses fewer high-risk loans is
        the dearer one at every ratio.
    cheaper_above : str or None
        Id of the model that is cheaper above the ratio, or at every ratio where there is none;
        None where both cost the same.
    """

    ratio: Interval
    cheaper_above: str | None


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
    clusters = _clusters(test, choices)
    drawn = _draw(clusters)
    cost = drawn[:, 1 : 1 + len(choices)] + found.cost_ratio * drawn[:, 1 + len(choices) :]
    training = _training_costs(found, parts.train)
    options = _options(choices, confusions, cost, found.cost_ratio, training)
    lowest = min(each.cost.estimate or 0.0 for each in options)
    return Decision(
        cost_ratio=found.cost_ratio,
        options=options,
        cheapest=tuple(each.id for each in options if each.cost.estimate == lowest),
        chosen=_chosen(list(choices), _validated(found, parts.train), found.cost_ratio),
        break_even=_break_even(confusions, drawn),
        ranges=costs.winning_ranges(confusions),
        loans=test.total,
        feature_rows=int(clusters.times.sum()),
        replicates=len(cost),
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


@dataclass(frozen=True)
class _Clusters:
    """Combinations of features that count alike, of each kind one.

    Attributes
    ----------
    refused : array of shape (kinds, choices)
        What each choice decides on it.
    healthy, risky : array of shape (kinds,)
        Its loans of each label.
    times : array of shape (kinds,)
        How many combinations are of this kind.
    """

    refused: NDArray[np.bool_]
    healthy: Labels
    risky: Labels
    times: Labels


def _clusters(test: Loans, choices: Mapping[str, _Choice]) -> _Clusters:
    first = np.unique(test.alike, return_index=True)[1]
    risky = np.bincount(test.alike, test.counts * test.labels).astype(np.int64)
    healthy = np.bincount(test.alike, test.counts).astype(np.int64) - risky
    refused = np.column_stack([each.refused[first] for each in choices.values()])
    pattern = refused @ (1 << np.arange(len(choices)))
    code = ((healthy * (risky.max() + 1)) + risky) * (1 << len(choices)) + pattern
    _, kind, times = np.unique(code, return_index=True, return_counts=True)
    return _Clusters(refused[kind], healthy[kind], risky[kind], times.astype(np.int64))


def _draw(clusters: _Clusters) -> Values:
    """Draw combinations of features, and count loans by label and decision.

    Returns
    -------
    array of shape (replicates, 1 + 2 * choices)
        All loans, then the healthy ones that each choice refuses, then the high-risk ones that it
        misses, in proportion to as many loans as there are.
    """
    counted = np.column_stack(
        [
            clusters.healthy + clusters.risky,
            clusters.refused * clusters.healthy[:, np.newaxis],
            ~clusters.refused * clusters.risky[:, np.newaxis],
        ]
    ).astype(np.float64)
    replicates = min(REPLICATES, max(LEAST_REPLICATES, MOST_DRAWN // len(clusters.times)))
    blocks = [block @ counted for block in draws(clusters.times, replicates)]
    found = np.concatenate(blocks)
    # Where the combinations have unlike numbers of loans, their total changes from draw to draw.
    total = float(clusters.times @ counted[:, 0])
    return np.asarray(found * (total / found[:, :1]))


def _options(
    choices: Mapping[str, _Choice],
    confusions: Mapping[str, Confusion],
    cost: Values,
    cost_ratio: float,
    training: Mapping[str, float | None],
) -> tuple[Option, ...]:
    names = list(choices)
    exact = np.array([each.fp + cost_ratio * each.fn for each in confusions.values()])
    published, best = names.index(ORIGINAL), int(exact.argmin())
    # To the digits that sums of costs carry, so that equal costs count as equal.
    lowest = np.isclose(cost, cost.min(axis=1, keepdims=True), rtol=1e-9, atol=1e-9)
    return tuple(
        Option(
            id=name,
            model=choices[name].model,
            threshold=choices[name].threshold,
            chosen_on=choices[name].chosen_on,
            confusion=confusions[name],
            cost=bootstrapped(float(exact[at]), cost[:, at]),
            saving=bootstrapped(
                float(exact[published] - exact[at]), cost[:, published] - cost[:, at]
            ),
            excess=bootstrapped(float(exact[at] - exact[best]), cost[:, at] - cost[:, best]),
            training_cost=training.get(name),
            cheapest_share=float(lowest[:, at].mean()),
        )
        for at, name in enumerate(names)
    )


def _training_costs(found: Thresholds, train: Loans) -> dict[str, float]:
    """Return the mean cost of a training loan in cross-validation, by option."""
    if not found.cross_validated:
        return {}
    validated = _validated(found, train)
    return {name: costs.cost_of(each, found.cost_ratio) for name, each in validated.items()}


def _validated(found: Thresholds, train: Loans) -> dict[str, Confusion]:
    """Return what each option does on training loans that it was not chosen on."""
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


def _break_even(confusions: Mapping[str, Confusion], drawn: Values) -> BreakEven:
    names = list(confusions)
    found = {name: confusions[name] for name in (ORIGINAL, OVERSAMPLED)}
    fewer = min(found, key=lambda name: found[name].fn)
    more = next(name for name in found if name != fewer)
    missed, refused = found[more].fn - found[fewer].fn, found[fewer].fp - found[more].fp
    if missed == 0 or refused < 0:
        cheaper = fewer if refused < 0 else more if refused > 0 else None
        return BreakEven(Interval(None, None, None, "bootstrap"), cheaper)
    at, choices = {name: names.index(name) for name in found}, len(names)
    drawn_refused = drawn[:, 1 + at[fewer]] - drawn[:, 1 + at[more]]
    drawn_missed = drawn[:, 1 + choices + at[more]] - drawn[:, 1 + choices + at[fewer]]
    ratios = np.full(len(drawn), np.inf)
    np.divide(drawn_refused, drawn_missed, out=ratios, where=drawn_missed > 0)
    low, high = np.quantile(np.maximum(ratios, 0), [0.025, 0.975], method="inverted_cdf")
    error = monte_carlo_error(ratios)
    return BreakEven(
        Interval(
            refused / missed, plain(low), float(high) if high < np.inf else None, "bootstrap", error
        ),
        fewer,
    )
