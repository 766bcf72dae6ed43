"""How far each headline metric may lie from its estimate: 95 % intervals over the test rows."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.numerics import resampling
from analysis.evidence.numerics.resampling import (
    Interval,
    bootstrapped,
    decision_metrics,
    draws,
    plain,
    ratio,
    wilson,
)
from analysis.models.metrics import Confusion, Counts, row_log_loss
from analysis.portfolio.loans import Labels, Values

# Beyond so many distinct scores neighbours share a level in the replicates. On 19,384 unlike test
# loans that moves a limit by at most 0.9 % of its interval, less than other draws do (2 to 4 %).
MOST_LEVELS = 5_000


def describe(
    decided: Confusion, labels: Labels, log_odds: Values, counts: Counts
) -> dict[str, Interval]:
    """Return an interval for every headline metric of one model.

    Parameters
    ----------
    decided : Confusion
        The model's decisions on the rows.
    labels : array of shape (rows,)
        0 or 1.
    log_odds : array of shape (rows,)
        The model's linear scores; a loan is refused above 0.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Returns
    -------
    dict of metric to Interval
        Accuracy, precision, recall and specificity by Wilson's method; balanced accuracy, f1,
        roc_auc, gini, average_precision, ks, brier, log_loss and observed_expected by bootstrap.
    """
    return proportions(decided) | bootstrap(labels, log_odds, counts)


def proportions(decided: Confusion) -> dict[str, Interval]:
    """Return Wilson's interval of each metric that is a share of loans."""
    tn, fp, fn, tp = decided.tn, decided.fp, decided.fn, decided.tp
    return {
        "accuracy": wilson(tn + tp, decided.rows),
        "precision": wilson(tp, tp + fp),
        "recall": wilson(tp, tp + fn),
        "specificity": wilson(tn, tn + fp),
    }


def bootstrap(labels: Labels, log_odds: Values, counts: Counts) -> dict[str, Interval]:
    """Return percentile intervals from replicates of the test rows; see `describe`.

    Rows with the same score and label are drawn together, so that the cost follows the number
    of distinct scores, not of rows. Beyond `MOST_LEVELS` of them, neighbours share a level in
    the replicates (not in the estimate).
    """
    values, place = levels(log_odds)
    estimates = measure(cells(labels, place, counts)[np.newaxis], values)
    values, group = merged(values)
    loans = cells(labels, group[place], counts).astype(np.int64)
    blocks = [measure(block, values) for block in draws(loans, resampling.REPLICATES)]
    names = estimates.keys() - proportions(Confusion(0, 0, 0, 0)).keys()
    return of_blocks(estimates, blocks, names)


def of_blocks(
    estimates: Mapping[str, Values], blocks: Sequence[Mapping[str, Values]], names: Container[str]
) -> dict[str, Interval]:
    """Return the intervals of some metrics from blocks of replicates, as `measure` has both."""
    return {
        name: bootstrapped(plain(value[0]), np.concatenate([block[name] for block in blocks]))
        for name, value in estimates.items()
        if name in names
    }


def levels(log_odds: Values) -> tuple[Values, NDArray[np.int64]]:
    """Return the distinct scores, highest first, and which of them each row has."""
    falling, place = np.unique(-log_odds, return_inverse=True)
    return -falling, place.astype(np.int64)


def cells(labels: Labels, place: NDArray[np.int64], counts: Counts) -> Values:
    """Count healthy, then high-risk loans at each level, shape (2 * levels,)."""
    number = int(place.max()) + 1
    found = np.bincount(place + np.where(labels, number, 0), counts, minlength=2 * number)
    return found.astype(np.float64)


def merged(values: Values) -> tuple[Values, NDArray[np.int64]]:
    """Merge neighbouring levels, none across the threshold, when there are too many.

    Returns
    -------
    array of shape (levels,), array of shape (distinct scores,)
        The mean score of each level, highest first, and which level each score belongs to.
    """
    if len(values) <= MOST_LEVELS:
        return values, np.arange(len(values))
    even = np.arange(len(values)) * MOST_LEVELS // len(values)
    _, group = np.unique(2 * even + (values <= 0), return_inverse=True)
    return np.bincount(group, weights=values) / np.bincount(group), group.astype(np.int64)


def measure(counts: Values, scores: Values) -> dict[str, Values]:
    """Return each metric, shape (replicates,), of counts of shape (replicates, 2 * levels)."""
    healthy, risky = counts[:, : len(scores)], counts[:, len(scores) :]
    fp, tp = healthy.cumsum(axis=1), risky.cumsum(axis=1)
    refused = int((scores > 0).sum())
    at = [each[:, refused - 1] if refused else np.zeros(len(counts)) for each in (fp, tp)]
    decisions = decision_metrics(fp[:, -1] - at[0], at[0], tp[:, -1] - at[1], at[1])
    area = ratio((risky * (fp[:, -1:] - fp + healthy / 2)).sum(axis=1), tp[:, -1] * fp[:, -1])
    gaps = ratio(tp, np.broadcast_to(tp[:, -1:], tp.shape))
    gaps -= ratio(fp, np.broadcast_to(fp[:, -1:], fp.shape))
    # A level that was not drawn has no precision, and no weight in the mean either.
    steps = risky * np.nan_to_num(ratio(tp, tp + fp))
    return {
        **decisions,
        "roc_auc": area,
        "gini": 2 * area - 1,
        "average_precision": ratio(steps.sum(axis=1), tp[:, -1]),
        "ks": np.abs(gaps).max(axis=1),
        **_probability_metrics(healthy, risky, scores),
    }


def _probability_metrics(healthy: Values, risky: Values, scores: Values) -> dict[str, Values]:
    from scipy.special import expit

    predicted = expit(scores)
    rows = healthy.sum(axis=1) + risky.sum(axis=1)
    no, yes = np.zeros(len(scores), np.int64), np.ones(len(scores), np.int64)
    losses = healthy @ row_log_loss(no, scores) + risky @ row_log_loss(yes, scores)
    return {
        "brier": ratio(healthy @ predicted**2 + risky @ (1 - predicted) ** 2, rows),
        "log_loss": ratio(losses, rows),
        "observed_expected": ratio(risky.sum(axis=1), (healthy + risky) @ predicted),
    }
