"""What both models do in quarters of each column: which loans bear the refusals and the misses."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.evidence.numerics.cuts import equal_parts
from analysis.evidence.numerics.resampling import ratio
from analysis.models import metrics
from analysis.models.fitted import AppliedModel
from analysis.models.pair import ORIGINAL, OVERSAMPLED, Pair
from analysis.portfolio.loans import Labels, Loans, Values

QUARTERS = 4


class SegmentFrame(Frame):
    """A row a column, segment and model, over the test loans.

    Attributes
    ----------
    column : str
        The column that the segments are cut by.
    segment : int
        Which quarter of the test loans, from the lowest values; fewer where many loans have the
        same one.
    lower, upper : float
        Least and largest value in it, in the column's unit.
    model : str
        The model's id.
    loans, high_risk : int
        Test loans in the segment, and the high-risk ones among them.
    tn, fp, fn, tp : int
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    refused_share : float
        Share of the segment's loans that the model refuses.
    share_of_refused : float
        The segment's share of all loans that the model refuses; absent where it refuses none.
    recall, specificity : float
        Share of its high-risk loans that are found, and of its healthy ones that are kept; absent
        where it has none.
    """

    column: Series[str]
    segment: Series[int] = pa.Field(ge=1, le=QUARTERS)
    lower: Series[float]
    upper: Series[float]
    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    loans: Series[int] = pa.Field(gt=0)
    high_risk: Series[int] = pa.Field(ge=0)
    tn: Series[int] = pa.Field(ge=0)
    fp: Series[int] = pa.Field(ge=0)
    fn: Series[int] = pa.Field(ge=0)
    tp: Series[int] = pa.Field(ge=0)
    refused_share: Series[float] = pa.Field(ge=0, le=1)
    share_of_refused: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    specificity: Series[float] = pa.Field(ge=0, le=1, nullable=True)


def examine(test: Loans, models: Pair[AppliedModel]) -> DataFrame[SegmentFrame]:
    """Count the decisions of both models in quarters of each column.

    Parameters
    ----------
    models : Pair of AppliedModel
        Both models on the test rows.

    Returns
    -------
    DataFrame
        A `SegmentFrame`, columns in the schema's order.
    """
    decisions = {name: model.decided for name, model in models.items()}
    rows = [
        row
        for column in test.feature_names
        for row in _of_column(column, test.rows[column].to_numpy(float), test, decisions)
    ]
    frame = pd.DataFrame(rows)
    confusion = {name: frame[name].to_numpy(float) for name in ("tn", "fp", "fn", "tp")}
    refused = confusion["fp"] + confusion["tp"]
    of_all = frame.assign(refused=refused).groupby(["column", "model"])["refused"]
    return SegmentFrame.validate(
        frame.assign(
            refused_share=refused / frame["loans"],
            share_of_refused=ratio(refused, of_all.transform("sum").to_numpy()),
            recall=ratio(confusion["tp"], confusion["tp"] + confusion["fn"]),
            specificity=ratio(confusion["tn"], confusion["tn"] + confusion["fp"]),
        )
    )


def _of_column(
    column: str, values: Values, test: Loans, decisions: Mapping[str, Labels]
) -> list[dict[str, object]]:
    place = equal_parts(values, test.counts, QUARTERS)
    rows: list[dict[str, object]] = []
    for segment in range(int(place.max()) + 1):
        held = place == segment
        labels, counts = test.labels[held], test.counts[held]
        for model, decided in decisions.items():
            rows.append(
                {
                    "column": column,
                    "segment": segment + 1,
                    "lower": float(values[held].min()),
                    "upper": float(values[held].max()),
                    "model": model,
                    "loans": int(counts.sum()),
                    "high_risk": int(counts[labels == 1].sum()),
                    **metrics.confusion(labels, decided[held], counts).as_dict(),
                }
            )
    return rows
