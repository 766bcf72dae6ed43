"""The figures of the published report, and how the regenerated ones compare with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandera.pandas as pa
from pandera.typing.pandas import DataFrame, Series

from analysis.base.frames import Frame
from analysis.models.metrics import AVERAGES, report_frame
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.portfolio.declaration import Published

MEASURES = ["precision", "recall", "f1_score", "support"]
DECIMALS = 2


class PublishedFrame(Frame):
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


def compare(
    reports: Mapping[str, dict[str, Any]], published: Published | None
) -> DataFrame[PublishedFrame]:
    """Hold two regenerated classification reports against the published ones.

    Parameters
    ----------
    reports : mapping of model id to classification report
        As `metrics.report` returns them.
    published : Published or None
        As declared.

    Returns
    -------
    DataFrame
        A `PublishedFrame`: regenerated figures rounded to two decimals as the published ones
        are, supports as they are. Without rows where nothing was published.
    """
    stated = {ORIGINAL: published.original, OVERSAMPLED: published.oversampled} if published else {}
    return PublishedFrame.of(
        (model, each.row, measure, stated_figure, made, stated_figure == made)
        for model, table in stated.items()
        for frame in [report_frame(reports[model])]
        for each in table
        for measure in MEASURES
        if (stated_figure := getattr(each, measure)) is not None
        for made in [_rounded(frame.loc[each.row, measure])]
    )


def _rounded(value: Any) -> float:
    """Round as the printed report does, so that both sides are the same decimal fraction."""
    return float(f"{value:.{DECIMALS}f}")
