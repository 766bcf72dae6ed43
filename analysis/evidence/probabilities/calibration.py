"""Whether predicted probabilities hold: overall and along their scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pandera.typing.pandas import DataFrame

from analysis.base.entries import Count, Share
from analysis.evidence.numerics.estimates import Estimate, estimate, normal
from analysis.evidence.numerics.proportions import jeffreys, jeffreys_p
from analysis.evidence.numerics.resampling import Interval
from analysis.evidence.probabilities import isotonic
from analysis.evidence.probabilities.grades import GradeFrame, design_effect, grade
from analysis.evidence.probabilities.scores import (
    Calibration,
    intercept_at,
    standardised,
    variances,
)
from analysis.models.metrics import Counts
from analysis.portfolio.distinct import Places
from analysis.portfolio.loans import Labels, Values


@dataclass(frozen=True)
class CalibrationEvidence:
    """Whether one model's probabilities hold on the test loans.

    Attributes
    ----------
    intercept : Estimate
        Log-odds to add to every prediction so that their mean meets the observed share, best 0.
    slope : Estimate
        Factor by which the log-odds should be stretched, best 1; without a value where the scores
        separate the labels or are all equal.
    integrated_index : float
        Mean distance, in probability, from the best monotone recalibration, 0 to 1, best 0.
    integrated_index_by_chance : float
        What the index stays below in 95 of 100 samples if the probabilities were right, loans
        taken as independent.
    observed_share : Interval
        Share of high-risk loans with its 95 % Jeffreys interval, loans taken as independent.
    jeffreys_p : float
        One-sided probability that the share of high-risk loans is not above the mean prediction,
        0 to 1: near 0 where risk is understated, near 1 where it is overstated.
    brier : BrierParts
        Brier skill, and what the Brier score consists of.
    grades : DataFrame
        A `GradeFrame`.
    loans_off : int
        Loans in grades that are off.
    """

    intercept: Estimate
    slope: Estimate
    integrated_index: Share
    integrated_index_by_chance: Share
    observed_share: Interval
    jeffreys_p: Share
    brier: isotonic.BrierParts
    grades: DataFrame[GradeFrame]
    loans_off: Count


def examine(
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
    found: Calibration,
) -> CalibrationEvidence:
    """Hold a model's probabilities against what was observed.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1, both present.
    log_odds : array of shape (rows,)
        The model's linear scores.
    alike : array of shape (rows,)
        The number of each row's combination of features, from 0.
    counts : array of shape (rows,)
        How many loans each row stands for.
    found : Calibration
        Intercept and slope on these rows.

    Notes
    -----
    Jeffreys intervals and test: Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286; European
    Central Bank 2019, Instructions for reporting the validation results of internal models.
    """
    rows = labels, log_odds, alike, counts
    levels = isotonic.levels(labels, log_odds, counts)
    grades = grade(levels, design_effect(levels, *rows))
    high_risk, loans = int(levels.risky.sum()), int(levels.loans.sum())
    mean = float(levels.loans @ levels.predicted / loans)
    return CalibrationEvidence(
        intercept=_intercept(found.intercept, *rows),
        slope=_slope(found.slope, *rows),
        integrated_index=isotonic.integrated_index(levels),
        integrated_index_by_chance=isotonic.chance_index(levels),
        observed_share=jeffreys(high_risk, loans),
        jeffreys_p=jeffreys_p(high_risk, loans, mean),
        brier=isotonic.brier_parts(levels),
        grades=grades,
        loans_off=int(grades.loc[grades["off"], "loans"].sum()),
    )


def _intercept(
    found: float | None,
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
) -> Estimate:
    """Return the calibration in the large with its standard errors, the slope kept at 1."""
    if found is None:
        return _estimate(None, [None, None])
    errors = _standard_errors(np.ones((len(labels), 1)), labels, log_odds + found, alike, counts)
    return _estimate(found, errors[0])


def _slope(
    found: float | None,
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
) -> Estimate:
    """Return the calibration slope with its standard errors."""
    if found is None:
        return _estimate(None, [None, None])
    weights = counts.astype(float)
    shift = intercept_at(float(np.average(labels, weights=weights)), found * log_odds, weights)
    centred, scale = standardised(log_odds, weights * variances(found * log_odds + shift))
    design = np.column_stack([np.ones(len(labels)), centred])
    errors = _standard_errors(design, labels, found * log_odds + shift, alike, counts)
    return _estimate(found, [None if each is None else each / scale for each in errors[-1]])


def _standard_errors(
    design: Values,
    labels: Labels,
    log_odds: Values,
    alike: Places,
    counts: Counts,
) -> list[list[float | None]]:
    """Return of each coefficient the standard error by rows, and by feature rows.

    The first from the information matrix, the second from the sums of the score over each group
    (Liang and Zeger 1986, doi:10.1093/biomet/73.1.13).
    """
    from scipy.special import expit

    predicted = expit(log_odds)
    information = design.T @ (design * (counts * variances(log_odds))[:, np.newaxis])
    if np.linalg.matrix_rank(information) < len(information):
        return [[None, None]] * len(information)
    inverse = np.linalg.inv(information)
    slopes = design * (counts * (labels - predicted))[:, np.newaxis]
    clusters, sums = int(alike.max()) + 1, slopes
    if clusters < len(alike):
        sums = np.column_stack([np.bincount(alike, each) for each in slopes.T])
    by_rows: list[float | None] = list(np.sqrt(inverse.diagonal()).tolist())
    if clusters == 1:
        return [[each, None] for each in by_rows]
    robust = inverse @ (sums.T @ sums) @ inverse * clusters / (clusters - 1)
    return [
        [rows, features]
        for rows, features in zip(by_rows, np.sqrt(robust.diagonal()).tolist(), strict=True)
    ]


def _estimate(value: float | None, errors: list[float | None]) -> Estimate:
    return estimate(*(normal(value, error, "wald") for error in errors))
