"""What else could have been done: weights, thresholds, another kind of model, other draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from analysis.base import parallel
from analysis.base.entries import Count, FromZero, Share
from analysis.evidence.convergence.optimum import log_loss
from analysis.evidence.numerics.resampling import SEED
from analysis.evidence.probabilities.delong import placements
from analysis.evidence.probabilities.recalibration import prior_shift
from analysis.evidence.thresholds import costs
from analysis.models import fits, metrics
from analysis.models.balanced import class_weights
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.metrics import Confusion
from analysis.models.pair import Pair
from analysis.models.splitting import Split, without_replacement
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.loans import Loans, Values

HALF = 0.5
SEEDS = range(20)
# Loans that the trees are grown on at most: a third of a second's work.
MOST_LOANS = 60_000
# Distinct training loans up to which all seeds are tried; beyond, fewer, but at least two.
SEED_ROWS = 200_000


@dataclass(frozen=True)
class Alternative:
    """One alternative and what it does on the test loans.

    Attributes
    ----------
    id : str
        `class_weights`: the original model with both labels weighted to count alike;
        `original_at_prevalence`, `original_at_cost_threshold`: the original model at other
        thresholds; `corrected_at_cost_threshold`: the oversampled model with its probabilities
        moved to the training prevalence; `gradient_boosting` and
        `gradient_boosting_at_cost_threshold`: histogram-based boosted trees of scikit-learn,
        its defaults.
    threshold : float
        Loans with a probability above it are refused, 0 to 1: one half, the share of high-risk
        training loans, or 1 / (1 + cost ratio), the cheapest where probabilities are right.
    confusion : Confusion
        Test loans by label and decision.
    expected_cost : float
        Mean cost of a decision, in refused healthy loans, from 0, best 0.
    roc_auc : float
        Area under the ROC curve, 0 to 1, best 1, 0.5 for a guess.
    log_loss, brier : float
        Of its probabilities, from 0, best 0.
    """

    id: str
    threshold: Share
    confusion: Confusion
    expected_cost: FromZero
    roc_auc: Share
    log_loss: FromZero
    brier: Share


@dataclass(frozen=True)
class SeedOutcome:
    """What some seeds of the resampler give.

    Attributes
    ----------
    confusion : Confusion
        Test loans by label and decision.
    seeds : int
        How many seeds give it.
    """

    confusion: Confusion
    seeds: Count


@dataclass(frozen=True)
class Alternatives:
    """The alternatives on the published split.

    Attributes
    ----------
    cost_threshold : float
        1 / (1 + cost ratio).
    alternatives : tuple of Alternative
        In a fixed order.
    boosted_on : int
        Training loans that the trees were grown on: a sample where there are more.
    seeds : int
        Seeds of the resampler that were tried, 0, 1, 2, ...; none where nothing is drawn.
    seed_outcomes : tuple of SeedOutcome
        What they give, the most frequent first.
    """

    cost_threshold: Share
    alternatives: tuple[Alternative, ...]
    boosted_on: Count
    seeds: Count
    seed_outcomes: tuple[SeedOutcome, ...]


def examine(parts: Split, models: Pair[AppliedModel], cost_ratio: float) -> Alternatives:
    """Try the alternatives on the published split.

    Parameters
    ----------
    parts : Split
        Training and test loans, both labels on either side.
    models : Pair of AppliedModel
        Both models on the test rows.
    cost_ratio : float
        Cost of a missed high-risk loan in refused healthy loans, above 0.

    Notes
    -----
    The cheapest threshold: Elkan 2001, The foundations of cost-sensitive learning, IJCAI, pages
    973 to 978.
    """
    cheapest = 1 / (1 + cost_ratio)
    prevalence = parts.train.label_counts[HIGH_RISK] / parts.train.total
    original = models.original.log_odds
    boosted, boosted_on = _boosted(parts)
    tried = [
        ("class_weights", HALF, class_weighted(parts.train).scores(parts.test.rows)),
        ("original_at_prevalence", prevalence, original),
        ("original_at_cost_threshold", cheapest, original),
        ("corrected_at_cost_threshold", cheapest, _corrected(models.oversampled, prevalence)),
        ("gradient_boosting", HALF, boosted),
        ("gradient_boosting_at_cost_threshold", cheapest, boosted),
    ]
    seeds, outcomes = _seeds(parts, models.oversampled.fitted)
    return Alternatives(
        cost_threshold=cheapest,
        alternatives=tuple(_alternative(*each, parts.test, cost_ratio) for each in tried),
        boosted_on=boosted_on,
        seeds=seeds,
        seed_outcomes=outcomes,
    )


def class_weighted(train: Loans) -> FittedModel:
    """Fit the original model with weights that make both labels count alike."""
    return fits.fit("class_weights", train, class_weights(train))


def _corrected(model: AppliedModel, prevalence: float) -> Values:
    counts = model.fitted.training_counts
    trained = counts[HIGH_RISK] / sum(counts.values())
    return model.log_odds + prior_shift(prevalence, trained)


def _boosted(parts: Split) -> tuple[Values, int]:
    """Return the log-odds of boosted trees for the test loans, and on how many they were grown.

    On a single thread and loan by loan, so that sums are added in the same order everywhere.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    train = parts.train
    if train.total <= MOST_LOANS:
        rows = train.inverse
    else:
        generator = np.random.default_rng(SEED)
        drawn = without_replacement(train.counts, MOST_LOANS, generator)
        rows = np.repeat(np.arange(len(train)), drawn)
    features, labels = train.features.take(rows).to_numpy(float), train.labels[rows]
    if len(np.unique(labels)) == 1:  # the sample has no loan of the rarer label
        share = parts.train.label_counts[HIGH_RISK] / parts.train.total
        return np.full(len(parts.test), np.log(share / (1 - share))), len(rows)
    with parallel.one_thread():  # which holds for what is loaded by now
        trees = HistGradientBoostingClassifier(random_state=fits.RANDOM_STATE)
        trees.fit(features, labels)
        log_odds = trees.decision_function(parts.test.features.to_numpy(float))
    return np.asarray(log_odds, dtype=np.float64), len(rows)


def _alternative(
    name: str, threshold: float, log_odds: Values, test: Loans, cost_ratio: float
) -> Alternative:
    from scipy.special import expit, logit

    decided = (log_odds > logit(threshold)).astype(np.int64)
    confusion = metrics.confusion(test.labels, decided, test.counts)
    placed = placements(test.labels, log_odds, test.counts)
    risky = test.labels == HIGH_RISK
    return Alternative(
        id=name,
        threshold=threshold,
        confusion=confusion,
        expected_cost=costs.cost_of(confusion, cost_ratio),
        roc_auc=float(np.average(placed[risky], weights=test.counts[risky])),
        log_loss=log_loss(log_odds, test.labels, test.weights),
        brier=float(np.average((expit(log_odds) - test.labels) ** 2, weights=test.counts)),
    )


def _seeds(parts: Split, start: FittedModel) -> tuple[int, tuple[SeedOutcome, ...]]:
    """Return how many seeds were tried, and the confusion matrices that they give."""
    train, test = parts.train, parts.test
    if not train.recipe.random:
        return 0, ()
    tried = SEEDS[: max(2, min(len(SEEDS), SEED_ROWS // len(train)))]
    found: Counter[Confusion] = Counter()
    for seed in tried:
        found[fits.fit_oversampled(train, seed, start).apply(test).confusion] += 1
    return len(tried), tuple(SeedOutcome(*each) for each in found.most_common())
