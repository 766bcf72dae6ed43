"""The areas under both ROC curves with DeLong's intervals, and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.base.entries import Share
from analysis.evidence.numerics.estimates import Estimate, estimate, normal
from analysis.models.metrics import Counts
from analysis.models.pair import Pair
from analysis.portfolio.declaration import HIGH_RISK
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels, Values

LEAST_CLUSTERS = 2  # a spread needs two


@dataclass(frozen=True)
class Areas:
    """How well both models rank the same test loans.

    Attributes
    ----------
    areas : Pair of Estimate
        Area under each model's ROC curve, 0 to 1, best 1, 0.5 for a guess. Without limits where
        the area is 0 or 1, for then DeLong's standard error is 0, or where a label has a single
        loan.
    difference : Estimate
        Oversampled less original, -1 to 1.
    p_value : float or None
        Two-sided probability of a difference at least as large if both ranked equally well, loans
        taken as independent; 1 where both rank all loans alike; None without a standard error.
    p_value_by_feature_rows : float or None
        The same with loans of equal features taken together.
    """

    areas: Pair[Estimate]
    difference: Estimate
    p_value: Share | None
    p_value_by_feature_rows: Share | None


def compare(
    labels: Labels,
    original: Values,
    oversampled: Values,
    alike: Places,
    counts: Counts,
) -> Areas:
    """Compare the areas under two ROC curves on the same loans.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1, both present.
    original, oversampled : array of shape (rows,)
        Scores of each model, higher for riskier loans.
    alike : array of shape (rows,)
        The number of each row's combination of features, from 0.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Notes
    -----
    DeLong et al. 1988, doi:10.2307/2531595, by midranks (Sun and Xu 2014,
    doi:10.1109/LSP.2014.2337313); clusters of loans with equal features after Obuchowski 1997,
    doi:10.2307/2533958.
    """
    placed = np.column_stack([placements(labels, each, counts) for each in (original, oversampled)])
    risky = labels == HIGH_RISK
    areas = np.average(placed[risky], axis=0, weights=counts[risky])
    by_rows, by_features = _covariances(placed - areas, risky, alike, counts)
    first, second, both = zip(_errors(by_rows), _errors(by_features), strict=True)
    tied = bool((placed[:, 0] == placed[:, 1]).all())
    apart = float(areas[1] - areas[0])
    return Areas(
        areas=Pair(
            _estimate(float(areas[0]), [each or None for each in first], 0),
            _estimate(float(areas[1]), [each or None for each in second], 0),
        ),
        difference=_estimate(apart, both, -1),
        p_value=_p_value(apart, both[0], tied),
        p_value_by_feature_rows=_p_value(apart, both[1], tied),
    )


def placements(labels: Labels, scores: Values, counts: Counts) -> Values:
    """Return of each loan the share of the other label's loans that it is rightly ranked against.

    A tie counts half; the mean over the loans of either label is the area under the ROC curve.
    """
    levels, place = np.unique(scores, return_inverse=True)
    risky = np.bincount(place, np.where(labels == HIGH_RISK, counts, 0), len(levels))
    healthy = np.bincount(place, np.where(labels == HIGH_RISK, 0, counts), len(levels))
    below = (np.cumsum(healthy) - healthy / 2) / healthy.sum()
    above = (risky.sum() - np.cumsum(risky) + risky / 2) / risky.sum()
    return np.asarray(np.where(labels == HIGH_RISK, below[place], above[place]))


def covariance(
    risky: Values, healthy: Values, risky_loans: Counts, healthy_loans: Counts, times: Counts
) -> Values | None:
    """Return the covariance of the areas of several models, from clusters of loans.

    Parameters
    ----------
    risky, healthy : array of shape (clusters, models)
        Sum over a cluster's loans of each label of placement less area.
    risky_loans, healthy_loans : array of shape (clusters,)
        Loans of each label, over all occurrences of the cluster where it occurs several times.
    times : array of shape (clusters,)
        How often each cluster occurs.

    Returns
    -------
    array of shape (models, models) or None
        None with fewer than two clusters of a label.
    """
    found = np.zeros((risky.shape[1], risky.shape[1]))
    clusters = [int(times[each > 0].sum()) for each in (risky_loans, healthy_loans)]
    if min(clusters) < LEAST_CLUSTERS:
        return None
    weighted = times[:, np.newaxis]
    loans = risky_loans.sum(), healthy_loans.sum()
    for side, number, total in zip((risky, healthy), clusters, loans, strict=True):
        found += number / (number - 1) * (side * weighted).T @ side / total**2
    cross = (risky * weighted).T @ healthy / loans[0] / loans[1]
    together = int(times.sum())
    found += together / (together - 1) * (cross + cross.T)
    return found


def _covariances(
    apart: Values, risky: NDArray[np.bool_], alike: Places, counts: Counts
) -> tuple[Values | None, Values | None]:
    """Return the covariance by rows and by feature rows; `apart` is placement less area."""
    risky_loans, healthy_loans = np.where(risky, counts, 0), np.where(risky, 0, counts)
    first = np.where(risky[:, np.newaxis], apart, 0)
    second = np.where(risky[:, np.newaxis], 0, apart)
    by_rows = covariance(first, second, risky_loans, healthy_loans, counts)
    if counts.sum() == alike.max() + 1:  # no two loans have equal features
        return by_rows, by_rows
    sums: list[Values] = [
        np.column_stack([np.bincount(alike, counts * each).astype(float) for each in side.T])
        for side in (first, second)
    ]
    loans = [np.bincount(alike, each).astype(np.int64) for each in (risky_loans, healthy_loans)]
    once = np.where(loans[0] + loans[1] > 0, 1, 0)
    return by_rows, covariance(sums[0], sums[1], loans[0], loans[1], once)


def _errors(found: Values | None) -> tuple[float | None, float | None, float | None]:
    """Return the standard errors of both areas and of their difference; None without any."""
    if found is None:
        return None, None, None
    variances = found[0, 0], found[1, 1], found[0, 0] + found[1, 1] - 2 * found[0, 1]
    first, second, both = (float(np.sqrt(max(each, 0.0))) for each in variances)
    return first, second, both


def _estimate(value: float, errors: Sequence[float | None], least: float) -> Estimate:
    return estimate(*(normal(value, error, "delong", least, 1) for error in errors))


def _p_value(apart: float, error: float | None, tied: bool) -> float | None:
    from scipy.stats import norm

    if tied:
        return 1.0
    return float(2 * norm.sf(abs(apart) / error)) if error else None
