"""Whether predicted probabilities hold: overall, along the scale, and grade by grade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import Count, Share
from analysis.base.frames import Frame
from analysis.evidence.numerics.estimates import Estimate, estimate, normal
from analysis.evidence.numerics.resampling import LEVEL, Interval
from analysis.evidence.probabilities import isotonic
from analysis.evidence.probabilities.scores import (
    calibrate,
    intercept_at,
    standardised,
    variances,
)
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Labels, Values

GRADES = 10


class GradeFrame(Frame):
    """A row a grade, a tenth of the probability scale with loans in it: expected and observed.

    Attributes
    ----------
    grade : int
        Which tenth, from the lowest.
    lower, upper : float
        Its probabilities: above the lower one (the first tenth with it), up to the upper.
    loans : int
        Test loans in it.
    expected : float
        High-risk loans among them if the probabilities were right.
    observed : int
        High-risk loans among them.
    mean_predicted, observed_share : float
        The same two as shares of the loans.
    low, high : float
        95 % Jeffreys interval of the observed share, of as many loans as `draws` says.
    joint_low, joint_high : float
        The exact one of Clopper and Pearson that holds for all ten tenths together in 95 % of
        samples or more, of as many loans.
    draws : float
        As how many loans drawn one by one its loans count, above 0: fewer than they are where loans
        of equal features turned out alike more than by chance.
    ratio : float
        Observed by expected, from 0, best 1; absent where nothing is expected.
    p_value : float
        Two-sided exact binomial probability of a number at least as unlikely if the mean
        prediction were right, loans taken as independent.
    jeffreys_p : float
        The one-sided probability of validation practice, near 0 where risk is understated, loans
        taken as independent.
    off : bool
        Whether the mean prediction lies outside the joint interval: a limit in proportion to what
        is expected, so that it works where probabilities are low.
    """

    grade: Series[int] = pa.Field(ge=1, le=GRADES, unique=True)
    lower: Series[float] = pa.Field(ge=0, le=1)
    upper: Series[float] = pa.Field(ge=0, le=1)
    loans: Series[int] = pa.Field(gt=0)
    expected: Series[float] = pa.Field(ge=0)
    observed: Series[int] = pa.Field(ge=0)
    mean_predicted: Series[float] = pa.Field(ge=0, le=1)
    observed_share: Series[float] = pa.Field(ge=0, le=1)
    low: Series[float] = pa.Field(ge=0, le=1)
    high: Series[float] = pa.Field(ge=0, le=1)
    joint_low: Series[float] = pa.Field(ge=0, le=1)
    joint_high: Series[float] = pa.Field(ge=0, le=1)
    draws: Series[float] = pa.Field(gt=0)
    ratio: Series[float] = pa.Field(ge=0, nullable=True)
    p_value: Series[float] = pa.Field(ge=0, le=1)
    jeffreys_p: Series[float] = pa.Field(ge=0, le=1)
    off: Series[bool]


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
    labels: Labels, log_odds: Values, groups: NDArray[np.int64], counts: Counts
) -> CalibrationEvidence:
    """Hold a model's probabilities against what was observed.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1, both present.
    log_odds : array of shape (rows,)
        The model's linear scores.
    groups : array of shape (rows,)
        The number of each row's combination of features, from 0.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Notes
    -----
    Jeffreys intervals and test: Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286; European
    Central Bank 2019, Instructions for reporting the validation results of internal models.
    """
    levels = isotonic.levels(labels, log_odds, counts)
    grades = _grades(levels, _design_effect(levels, labels, log_odds, groups, counts))
    high_risk, loans = int(levels.risky.sum()), int(levels.loans.sum())
    mean = float(levels.loans @ levels.predicted / loans)
    return CalibrationEvidence(
        intercept=_intercept(labels, log_odds, groups, counts),
        slope=_slope(labels, log_odds, groups, counts),
        integrated_index=isotonic.integrated_index(levels),
        integrated_index_by_chance=isotonic.chance_index(levels),
        observed_share=jeffreys(high_risk, loans),
        jeffreys_p=jeffreys_p(high_risk, loans, mean),
        brier=isotonic.brier_parts(levels),
        grades=grades,
        loans_off=int(grades.loc[grades["off"], "loans"].sum()),
    )


def jeffreys(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """Return the Jeffreys interval of a proportion; it reaches 0 or 1 where none or all succeed."""
    from scipy.stats import beta

    tail = (1 - level) / 2
    posterior = beta(successes + 1 / 2, trials - successes + 1 / 2)
    low = float(posterior.ppf(tail)) if successes else 0.0
    high = float(posterior.ppf(1 - tail)) if successes < trials else 1.0
    return Interval(successes / trials, low, high, "jeffreys")


def exact(successes: float, trials: float, level: float) -> tuple[float, float]:
    """Return the interval of a proportion that holds in at least `level` of samples.

    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404; of numbers that are not whole as Korn and
    Graubard 1998, Survey Methodology 24, 193-201.
    """
    from scipy.stats import beta

    tail, missed = (1 - level) / 2, trials - successes
    low = float(beta.ppf(tail, successes, missed + 1)) if successes else 0.0
    high = float(beta.ppf(1 - tail, successes + 1, missed)) if missed else 1.0
    return low, high


def jeffreys_p(successes: int, trials: int, expected: float) -> float:
    """Return the probability, after the data, that the true share is not above the expected one."""
    from scipy.stats import beta

    return float(beta.cdf(expected, successes + 1 / 2, trials - successes + 1 / 2))


def _design_effect(
    levels: isotonic.Levels,
    labels: Labels,
    log_odds: Values,
    groups: NDArray[np.int64],
    counts: Counts,
) -> float:
    """Return by what factor loans of equal features make shares less sure, at least 1.

    The variance of the sums over combinations of features by that of independent loans (Rao and
    Scott 1992, doi:10.2307/2532311), about the recalibrated probabilities, so that a model that is
    off does not look unsure.
    """
    from scipy.special import expit

    fitted = levels.recalibrated[np.searchsorted(levels.predicted, expit(log_odds))]
    independent = float(counts @ (fitted * (1 - fitted)))
    sums = np.bincount(groups, counts * (labels - fitted))
    return max(1.0, float(sums @ sums) / independent) if independent else 1.0


def _grades(levels: isotonic.Levels, design_effect: float) -> DataFrame[GradeFrame]:
    place = np.minimum((levels.predicted * GRADES).astype(int), GRADES - 1)
    loans = np.bincount(place, levels.loans, GRADES).astype(np.int64)
    expected = np.bincount(place, levels.loans * levels.predicted, GRADES)
    observed = np.bincount(place, levels.risky, GRADES).astype(np.int64)
    rows = [
        _grade(at, int(loans[at]), float(expected[at]), int(observed[at]), design_effect)
        for at in np.flatnonzero(loans).tolist()
    ]
    return GradeFrame.of(rows)


def _grade(
    at: int, loans: int, expected: float, observed: int, design_effect: float
) -> dict[str, float]:
    from scipy.stats import binomtest

    mean = min(expected / loans, 1.0)
    draws, found = loans / design_effect, observed / design_effect
    alone = jeffreys(found, draws)
    low, high = exact(found, draws, 1 - (1 - LEVEL) / GRADES)
    return {
        "grade": at + 1,
        "lower": at / GRADES,
        "upper": (at + 1) / GRADES,
        "loans": loans,
        "expected": expected,
        "observed": observed,
        "mean_predicted": mean,
        "observed_share": observed / loans,
        "low": alone.low or 0.0,
        "high": alone.high or 0.0,
        "joint_low": low,
        "joint_high": high,
        "draws": draws,
        "ratio": observed / expected if expected else np.nan,
        "p_value": float(binomtest(observed, loans, mean).pvalue),
        "jeffreys_p": jeffreys_p(observed, loans, mean),
        "off": not low <= mean <= high,
    }


def _intercept(
    labels: Labels, log_odds: Values, groups: NDArray[np.int64], counts: Counts
) -> Estimate:
    """Return the calibration in the large with its standard errors, the slope kept at 1."""
    found = calibrate(labels, log_odds, counts.astype(float)).intercept
    if found is None:
        return _undefined()
    errors = _standard_errors(np.ones((len(labels), 1)), labels, log_odds + found, groups, counts)
    return _estimate(found, errors[0])


def _slope(labels: Labels, log_odds: Values, groups: NDArray[np.int64], counts: Counts) -> Estimate:
    """Return the calibration slope with its standard errors."""
    weights = counts.astype(float)
    found = calibrate(labels, log_odds, weights).slope
    if found is None:
        return _undefined()
    shift = intercept_at(float(np.average(labels, weights=weights)), found * log_odds, weights)
    centred, scale = standardised(log_odds, weights * variances(found * log_odds + shift))
    design = np.column_stack([np.ones(len(labels)), centred])
    errors = _standard_errors(design, labels, found * log_odds + shift, groups, counts)
    return _estimate(found, [None if each is None else each / scale for each in errors[-1]])


def _standard_errors(
    design: Values,
    labels: Labels,
    log_odds: Values,
    groups: NDArray[np.int64],
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
    sums = np.column_stack([np.bincount(groups, each) for each in slopes.T])
    clusters = len(np.unique(groups))
    by_rows: list[float | None] = list(np.sqrt(inverse.diagonal()).tolist())
    if clusters == 1:
        return [[each, None] for each in by_rows]
    robust = inverse @ (sums.T @ sums) @ inverse * clusters / (clusters - 1)
    return [
        [rows, features]
        for rows, features in zip(by_rows, np.sqrt(robust.diagonal()).tolist(), strict=True)
    ]


def _estimate(value: float, errors: list[float | None]) -> Estimate:
    rows, features = (normal(value, error, "wald") for error in errors)
    return estimate(rows, features)


def _undefined() -> Estimate:
    nothing = Interval(None, None, None, "wald")
    return estimate(nothing, nothing)
