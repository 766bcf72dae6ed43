"""Labels in, figures out: confusion counts, the classification report, balanced accuracy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypedDict

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.typing.pandas import Index, Series
from pydantic import Field

from analysis.base.entries import Count, Share
from analysis.base.frames import Frame
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.loans import Labels, Values

Counts = NDArray[np.int64]
AVERAGES = ["accuracy", "macro avg", "weighted avg"]
REPORT_ROWS = [str(HEALTHY), str(HIGH_RISK), *AVERAGES]
ReportEntries = TypedDict(
    "ReportEntries",
    {
        "precision": Annotated[Share, Field(description="Best 1; 0 when nothing is decided so.")],
        "recall": Annotated[Share, Field(description="Best 1.")],
        "f1-score": Annotated[Share, Field(description="Harmonic mean of both; best 1.")],
        "support": Annotated[Count, Field(description="Test rows.")],
    },
)
# Scikit-learn's dictionary, and what stands in it.
ClassificationReport = Annotated[
    dict[str, Any],
    TypedDict(
        "ClassificationReport",
        {
            "0": Annotated[ReportEntries, Field(description="The healthy loans.")],
            "1": Annotated[ReportEntries, Field(description="The high-risk loans.")],
            "accuracy": Annotated[Share, Field(description="Share of right decisions; best 1.")],
            "macro avg": Annotated[ReportEntries, Field(description="Mean of both labels.")],
            "weighted avg": Annotated[
                ReportEntries, Field(description="Mean of both labels by their support.")
            ],
        },
    ),
]


@dataclass(frozen=True)
class Confusion:
    """Counts of test rows by label and decision; "positive" is high-risk.

    Attributes
    ----------
    tn, fp, fn, tp : int
        Healthy kept, healthy refused, high-risk missed, high-risk found.
    """

    tn: Count
    fp: Count
    fn: Count
    tp: Count

    @property
    def rows(self) -> int:
        """How many rows were decided on."""
        return self.tn + self.fp + self.fn + self.tp

    @property
    def recall(self) -> float:
        """Share of the high-risk loans that are found, 0 to 1, best 1; 0 when there are none."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def precision(self) -> float:
        """Share of the refused loans that are high-risk, 0 to 1, best 1; 0 when none is refused."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def specificity(self) -> float:
        """Share of the healthy loans that are kept, 0 to 1, best 1; 0 when there are none."""
        return _share(self.tn, self.tn + self.fp)

    @property
    def balanced_accuracy(self) -> float:
        """Mean of recall and specificity, 0 to 1, best 1, 0.5 for a guess.

        Brodersen et al. 2010, doi:10.1109/ICPR.2010.764.
        """
        return (self.recall + self.specificity) / 2

    def as_dict(self) -> dict[str, int]:
        """Return the four counts by name."""
        return asdict(self)


class ReportFrame(Frame):
    """A classification report: a row a label and an average, shares from 0 to 1.

    Accuracy is one number and stands under `f1_score`, as the published table has it.
    """

    row: Index[str] = pa.Field(isin=REPORT_ROWS, unique=True)
    precision: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    recall: Series[float] = pa.Field(ge=0, le=1, nullable=True)
    f1_score: Series[float] = pa.Field(ge=0, le=1)
    support: Series[int] = pa.Field(ge=0)


def confusion(labels: Labels, predicted: Labels, counts: Counts) -> Confusion:
    """Count loans by label and decision.

    Parameters
    ----------
    labels, predicted : array of shape (rows,)
        0 or 1 each.
    counts : array of shape (rows,)
        How many loans each row stands for.

    Raises
    ------
    ValueError
        When the four counts do not add up to the rows.
    """
    loans = int(counts.sum())
    cells = np.bincount(2 * np.asarray(labels) + predicted, counts, minlength=4)
    result = Confusion(*(int(count) for count in cells[:4]))
    if result.rows != loans:
        raise ValueError(f"{result.rows} decisions counted on {loans} rows")
    return result


def report(decided: Confusion) -> ClassificationReport:
    """Return scikit-learn's classification report as a dictionary; undefined shares are 0."""
    from sklearn.metrics import classification_report

    result: dict[str, Any] = classification_report(
        [HEALTHY, HEALTHY, HIGH_RISK, HIGH_RISK],
        [HEALTHY, HIGH_RISK, HEALTHY, HIGH_RISK],
        labels=[HEALTHY, HIGH_RISK],
        sample_weight=[decided.tn, decided.fp, decided.fn, decided.tp],
        output_dict=True,
        zero_division=0,
    )
    if "accuracy" not in result:  # with all labels named, scikit-learn may call it micro avg
        result["accuracy"] = result.pop("micro avg")["f1-score"]
    return {name: _plain(result[name]) for name in REPORT_ROWS}


def report_frame(classification: dict[str, Any]) -> pd.DataFrame:
    """Return a classification report as a `ReportFrame`, one row for each of `REPORT_ROWS`."""
    rows = int(classification["macro avg"]["support"])
    accuracy = {"f1-score": classification["accuracy"], "support": rows}
    frame = pd.DataFrame.from_dict(classification | {"accuracy": accuracy}, orient="index")
    frame = frame.rename(columns={"f1-score": "f1_score"}).astype({"support": "int64"})
    frame.index.name = "row"
    return ReportFrame.validate(
        frame.loc[REPORT_ROWS, ["precision", "recall", "f1_score", "support"]]
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _plain(value: Any) -> Any:
    """Turn NumPy's numbers into Python's, supports into whole ones."""
    if isinstance(value, dict):
        return {
            name: int(each) if name == "support" else float(each) for name, each in value.items()
        }
    return float(value)


def row_log_loss(labels: Labels, log_odds: Values) -> Values:
    """Return each row's negative log-likelihood; from log-odds, so that no probability is 0."""
    return np.asarray(np.logaddexp(0, np.where(labels == HIGH_RISK, -log_odds, log_odds)))
