"""Curves of a model's scores on the test rows: ROC, precision-recall, reliability."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.entries import UNWRITTEN
from analysis.base.frames import Frame
from analysis.evidence.numerics.resampling import joint_level, wilson
from analysis.models.metrics import Counts
from analysis.portfolio.loans import Labels, Values

POINTS = 300  # enough for a smooth line on paper
BINS = 10


class RocFrame(Frame):
    """Points of a ROC curve, both shares rising from 0 to 1."""

    false_positive_rate: Series[float] = pa.Field(ge=0, le=1)
    recall: Series[float] = pa.Field(ge=0, le=1)


class PrecisionRecallFrame(Frame):
    """Points of a precision-recall curve, recall falling from 1 to 0."""

    recall: Series[float] = pa.Field(ge=0, le=1)
    precision: Series[float] = pa.Field(ge=0, le=1)


class ReliabilityFrame(Frame):
    """A row for each tenth of the probability scale that has loans in it.

    Attributes
    ----------
    rows : int
        Loans in it.
    mean_predicted : float
        Mean predicted probability of a high-risk loan.
    observed : float
        Share of high-risk loans.
    lower, upper : float
        Its 95 % Wilson interval.
    joint_lower, joint_upper : float
        The wider one that holds for all ten tenths together in 95 % of samples: ten intervals of
        95 % would miss somewhere one time in three (Bonferroni's correction; Dunn 1961,
        doi:10.1080/01621459.1961.10482090).
    """

    rows: Series[int] = pa.Field(gt=0)
    mean_predicted: Series[float] = pa.Field(ge=0, le=1)
    observed: Series[float] = pa.Field(ge=0, le=1)
    lower: Series[float] = pa.Field(ge=0, le=1)
    upper: Series[float] = pa.Field(ge=0, le=1)
    joint_lower: Series[float] = pa.Field(ge=0, le=1)
    joint_upper: Series[float] = pa.Field(ge=0, le=1)


@dataclass(frozen=True)
class Curves:
    """The three curves of one model.

    Attributes
    ----------
    reliability : DataFrame
        A `ReliabilityFrame`: predicted and observed shares along the probability scale.
    """

    roc: DataFrame[RocFrame] = field(metadata=UNWRITTEN)
    precision_recall: DataFrame[PrecisionRecallFrame] = field(metadata=UNWRITTEN)
    reliability: DataFrame[ReliabilityFrame]


def draw_from(labels: Labels, log_odds: Values, counts: Counts) -> Curves:
    """Compute the curves of one model.

    Parameters
    ----------
    labels : array of shape (rows,)
        0 or 1, both present.
    log_odds : array of shape (rows,)
        The model's linear score.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Returns
    -------
    Curves
        A `RocFrame`, a `PrecisionRecallFrame` (each at most about `POINTS` rows) and a
        `ReliabilityFrame` (DeGroot and Fienberg 1983, doi:10.2307/2987588).
    """
    from sklearn.metrics import precision_recall_curve, roc_curve

    false_positive_rate, recall, _ = roc_curve(labels, log_odds, sample_weight=counts)
    roc = pd.DataFrame({"false_positive_rate": false_positive_rate, "recall": recall})
    precision, found, _ = precision_recall_curve(
        labels, log_odds, drop_intermediate=True, sample_weight=counts
    )
    curve = pd.DataFrame({"recall": found, "precision": precision})
    return Curves(
        roc=RocFrame.validate(_thin(roc)),
        precision_recall=PrecisionRecallFrame.validate(_thin(curve)),
        reliability=_reliability(labels, log_odds, counts),
    )


def _reliability(labels: Labels, log_odds: Values, counts: Counts) -> DataFrame[ReliabilityFrame]:
    from scipy.special import expit

    predicted = expit(log_odds)
    place = np.minimum((predicted * BINS).astype(int), BINS - 1)
    frame = pd.DataFrame(
        {"rows": counts, "mean_predicted": counts * predicted, "high_risk": counts * labels}
    )
    bins = frame.groupby(place).sum()
    pairs = list(zip(bins["high_risk"].tolist(), bins["rows"].tolist(), strict=True))
    bounds = [wilson(*pair) for pair in pairs]
    joint = [wilson(*pair, joint_level(BINS)) for pair in pairs]
    return ReliabilityFrame.validate(
        pd.DataFrame(
            {
                "rows": bins["rows"].astype("int64"),
                "mean_predicted": (bins["mean_predicted"] / bins["rows"]).clip(0, 1),
                "observed": bins["high_risk"] / bins["rows"],
                "lower": [bound.low for bound in bounds],
                "upper": [bound.high for bound in bounds],
                "joint_lower": [bound.low for bound in joint],
                "joint_upper": [bound.high for bound in joint],
            }
        ).reset_index(drop=True)
    )


def _thin(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the ends and evenly spread points between them."""
    kept = np.unique(np.linspace(0, len(frame) - 1, POINTS).round().astype(int))
    return frame.iloc[kept].reset_index(drop=True)
