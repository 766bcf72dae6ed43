"""The figures of the published report, and how the regenerated ones compare with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.models.fits import ORIGINAL, OVERSAMPLED
from analysis.models.metrics import AVERAGES, report_frame

MEASURES = ["precision", "recall", "f1_score", "support"]
DECIMALS = 2
# The two classification reports as they stand in the published report, at two decimals:
# precision, recall, f1-score, support. Accuracy has one figure.
_HEALTHY = (1.00, 0.99, 1.00, 18_765)
_AVERAGES = {"accuracy": (None, None, 0.99, 19_384), "weighted avg": (0.99, 0.99, 0.99, 19_384)}
PUBLISHED: dict[str, dict[str, tuple[float | None, float | None, float, int]]] = {
    ORIGINAL: {
        "0": _HEALTHY,
        "1": (0.85, 0.91, 0.88, 619),
        "macro avg": (0.92, 0.95, 0.94, 19_384),
        **_AVERAGES,
    },
    OVERSAMPLED: {
        "0": _HEALTHY,
        "1": (0.84, 0.99, 0.91, 619),
        "macro avg": (0.92, 0.99, 0.95, 19_384),
        **_AVERAGES,
    },
}


class PublishedFrame(pa.DataFrameModel):
    """Published beside regenerated: one row for each cell of the published tables.

    Attributes
    ----------
    model : str
        The model's id.
    row : str
        The row of the classification report: a label or an average.
    measure : str
        The column of the classification report.
    published : float
        The figure in the published report.
    regenerated : float
        The same figure now, at the published decimals.
    matches : bool
        Whether both are equal.
    """

    model: Series[str] = pa.Field(isin=[ORIGINAL, OVERSAMPLED])
    row: Series[str] = pa.Field(isin=["0", "1", *AVERAGES])
    measure: Series[str] = pa.Field(isin=MEASURES)
    published: Series[float] = pa.Field(ge=0)
    regenerated: Series[float] = pa.Field(ge=0)
    matches: Series[bool]

    class Config:
        """Exactly these columns."""

        strict = True


def compare(reports: Mapping[str, dict[str, Any]]) -> DataFrame[PublishedFrame]:
    """Hold two regenerated classification reports against the published ones.

    Parameters
    ----------
    reports : mapping of model id to classification report
        As `metrics.report` returns them.

    Returns
    -------
    DataFrame
        A `PublishedFrame`: regenerated figures rounded to two decimals as the published ones
        are, supports as they are.
    """
    rows = [
        (model, row, measure, float(value), _rounded(frame.loc[row, measure]))
        for model, tables in PUBLISHED.items()
        for frame in [report_frame(reports[model])]
        for row in ["0", "1", *AVERAGES]
        for measure, value in zip(MEASURES, tables[row], strict=True)
        if value is not None
    ]
    frame = pd.DataFrame(rows, columns=["model", "row", "measure", "published", "regenerated"])
    return PublishedFrame.validate(frame.assign(matches=frame["published"] == frame["regenerated"]))


def _rounded(value: Any) -> float:
    """Round as the printed report does, so that both sides are the same decimal fraction."""
    return float(f"{value:.{DECIMALS}f}")
