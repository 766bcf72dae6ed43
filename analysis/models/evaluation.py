"""What results say of the split, and of each model's decisions on the test loans."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.base.entries import INLINE, UNWRITTEN, Count, Positive, Share
from analysis.models import metrics
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.metrics import ClassificationReport, Confusion
from analysis.models.splitting import Split


@dataclass(frozen=True)
class SplitResult:
    """How the table was split into training and test rows.

    Attributes
    ----------
    train_rows, test_rows : int
        Rows to train on, and to test on.
    random_state : int
        Seed of the split, of the oversampler and of the solver.
    train_counts, test_counts : dict of int to int
        Training rows of each label, before oversampling, and test rows.
    """

    train_rows: Positive
    test_rows: Positive
    random_state: Count
    train_counts: dict[int, Count]
    test_counts: dict[int, Count]


@dataclass(frozen=True)
class ModelResult:
    """What one model does on the test rows.

    Attributes
    ----------
    confusion : Confusion
        Test rows by label and decision.
    classification_report : dict
        Precision, recall, f1-score and support as scikit-learn reports them; a share without
        loans is 0.
    report : DataFrame
        The same as a `ReportFrame`.
    balanced_accuracy : float
        Mean of the recalls of both labels; best 1, 0.5 for a guess.
    """

    fitted: FittedModel = field(metadata=INLINE)
    confusion: Confusion
    classification_report: ClassificationReport
    report: pd.DataFrame = field(metadata=UNWRITTEN)
    balanced_accuracy: Share


def describe_split(parts: Split) -> SplitResult:
    """Count the rows and the labels on both sides of the split."""
    return SplitResult(
        train_rows=parts.train.total,
        test_rows=parts.test.total,
        random_state=parts.train.recipe.seed,
        train_counts=parts.train.label_counts,
        test_counts=parts.test.label_counts,
    )


def evaluate(model: AppliedModel) -> ModelResult:
    """Report on a model's decisions on the test loans."""
    report = metrics.report(model.confusion)
    return ModelResult(
        fitted=model.fitted,
        confusion=model.confusion,
        classification_report=report,
        report=metrics.report_frame(report),
        balanced_accuracy=model.confusion.balanced_accuracy,
    )
