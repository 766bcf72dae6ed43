"""The table of decisions and calibration by group."""

from __future__ import annotations

import pandera.pandas as pa
from pandera.typing.pandas import Series

from analysis.base.frames import Frame
from analysis.evidence.thresholds.choices import OWN
from analysis.models.pair import ORIGINAL, OVERSAMPLED

CHOICES = [ORIGINAL, OVERSAMPLED, *OWN.values()]


class GroupFrame(Frame):
    """A row a group of test loans and choice; empty where the declaration names no groups.

    Intervals hold in 95 of 100 samples and take loans of equal features, which are decided alike,
    as one draw each.

    Attributes
    ----------
    column : str
        The column by which the groups are told apart; it is in no model.
    use : str
        As declared: protected or segment.
    group : str
        The level, "missing", or the quarter of the test loans from the lowest values, from 1.
    lower, upper : float
        Least and largest value of a group of numbers, in the column's unit.
    small : bool
        Whether it has too few loans to be judged: fewer than 30, or than two in a hundred.
    choice : str
        `original`, `oversampled`: at one half; `original_own`, `oversampled_own`: at the threshold
        that is the cheapest in cross-validation on the training loans.
    model : str
        The model's id.
    threshold : float
        Loans with a probability above it are sent to review.
    loans, high_risk : int
        Test loans of the group, and the high-risk ones among them.
    tn, fp, fn, tp : int
        Healthy kept, healthy sent to review, high-risk missed, high-risk found.
    accepted, accepted_low, accepted_high : float
        Share of the group's loans that are not sent to review, by Wilson's method.
    ratio, ratio_low, ratio_high : float
        Share accepted by that of the most accepted group of the column, 1 for that group itself;
        absent where no group is large enough to be held against, or where none is accepted.
    joint_high : float
        Upper limit of the ratio that allows for all pairs of the column's groups that are not
        small, and for all choices; absent for small groups and the most accepted one.
    against : str
        The most accepted group, of those that are not small.
    refused, refused_low, refused_high : float
        Share of the group's healthy loans that are sent to review, by Wilson's method.
    recall, recall_low, recall_high : float
        Share of the group's high-risk loans that are found, by Wilson's method.
    observed_expected, observed_expected_low, observed_expected_high : float
        High-risk loans by those that the model's probabilities lead to expect; Jeffreys' interval,
        loans taken as independent.
    expected : float
        High-risk loans that the model's probabilities lead to expect.
    calibration_ratio, calibration_joint_low, calibration_joint_high : float
        Observed by expected of the group by that of all other test loans; 1 where the model is
        wrong alike, its limits allowing for all groups of the column and both models. Absent for
        small groups, and where either expects no high-risk loan or the others hold none.
    """

    column: Series[str]
    use: Series[str] = pa.Field(isin=["protected", "segment"])
    group: Series[str]
    lower: Series[float] = pa.Field(nullable=True)
    upper: Series[float] = pa.Field(nullable=True)
    small: Series[bool]
    choice: Series[str] = pa.Field(isin=CHOICES)
    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    threshold: Series[float] = pa.Field(ge=0, le=1)
    loans: Series[int] = pa.Field(gt=0)
    high_risk: Series[int] = pa.Field(ge=0)
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    accepted: Series[float] = pa.Field(ge=0, le=1)
    accepted_low: Series[float] = pa.Field(ge=0, le=1)
    accepted_high: Series[float] = pa.Field(ge=0, le=1)
    ratio: Series[float] = pa.Field(ge=0, nullable=True)
    ratio_low: Series[float] = pa.Field(ge=0, nullable=True)
    ratio_high: Series[float] = pa.Field(ge=0, nullable=True)
    joint_high: Series[float] = pa.Field(ge=0, nullable=True)
    against: Series[str] = pa.Field(nullable=True)
    refused: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    refused_low: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    refused_high: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall_low: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall_high: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    observed_expected: Series[float] = pa.Field(ge=0, nullable=True)
    observed_expected_low: Series[float] = pa.Field(ge=0, nullable=True)
    observed_expected_high: Series[float] = pa.Field(ge=0, nullable=True)
    expected: Series[float] = pa.Field(ge=0)
    calibration_ratio: Series[float] = pa.Field(ge=0, nullable=True)
    calibration_joint_low: Series[float] = pa.Field(ge=0, nullable=True)
    calibration_joint_high: Series[float] = pa.Field(ge=0, nullable=True)
