"""The whole pipeline on one page: file → validated table → split → models → results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from analysis import findings, metrics, models, progress, published
from analysis.data import KnownFile, Portfolio
from analysis.evidence.collect import Evidence, collect
from analysis.evidence.costs import COST_RATIO
from analysis.findings import Finding
from analysis.loans import Loans
from analysis.metrics import Confusion
from analysis.models import ORIGINAL, OVERSAMPLED, FittedModel, Split


@dataclass(frozen=True)
class DataResult:
    """What was analysed; the fields mean what they mean in `data.Portfolio`.

    Attributes
    ----------
    label_counts : dict of int to int
        Rows of each label.
    """

    source: Literal["file", "simulated"]
    name: str
    sha256: str
    size_bytes: int
    rows: int
    label_counts: dict[int, int]
    notes: tuple[str, ...]
    known: KnownFile | None


@dataclass(frozen=True)
class SplitResult:
    """How many rows the split gave to each side, and from which seed.

    Attributes
    ----------
    train_counts, test_counts : dict of int to int
        Rows of each label.
    """

    train_rows: int
    test_rows: int
    random_state: int
    train_counts: dict[int, int]
    test_counts: dict[int, int]


@dataclass(frozen=True)
class ModelResult:
    """What one model does on the test rows.

    Attributes
    ----------
    classification_report : dict
        In scikit-learn's `output_dict` form.
    report : DataFrame
        The same as a `ReportFrame`.
    """

    fitted: FittedModel
    confusion: Confusion
    classification_report: dict[str, Any]
    report: pd.DataFrame
    balanced_accuracy: float


@dataclass(frozen=True)
class Results:
    """Everything that the report states.

    Attributes
    ----------
    published : DataFrame
        A `PublishedFrame`.
    findings : tuple of Finding
        The most severe first.
    """

    data: DataResult
    split: SplitResult
    original: ModelResult
    oversampled: ModelResult
    published: pd.DataFrame
    evidence: Evidence
    findings: tuple[Finding, ...]

    @property
    def models(self) -> dict[str, ModelResult]:
        """Both models by their id, the original one first."""
        return {ORIGINAL: self.original, OVERSAMPLED: self.oversampled}

    @property
    def all_cells_match(self) -> bool:
        """Whether every published figure came out again at two decimals."""
        return bool(self.published["matches"].all())


def run(portfolio: Portfolio, cost_ratio: float = COST_RATIO) -> Results:
    """Compute everything the report states from one portfolio and the owner's cost ratio.

    One thread in the linear algebra, so that sums are added in the same order on every machine.

    Raises
    ------
    InputError
        When the split leaves a label without training or test rows.
    """
    # Loaded before the limit is set: it holds for the linear algebra that is there by then.
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        parts = models.split(portfolio.loans)
        models.check_split(portfolio.name, parts)
        with progress.stage("Fitting both models", 2) as step:
            original = evaluate(models.fit_original(parts.train), parts.test)
            step(1)
            oversampled = evaluate(models.fit_oversampled(parts.train), parts.test)
            step(1)
        fitted = {ORIGINAL: original.fitted, OVERSAMPLED: oversampled.fitted}
        compared = published.compare(
            {
                ORIGINAL: original.classification_report,
                OVERSAMPLED: oversampled.classification_report,
            }
        )
        evidence = collect(portfolio.loans, parts, fitted, cost_ratio)
        return Results(
            data=describe_data(portfolio),
            split=describe_split(parts),
            original=original,
            oversampled=oversampled,
            published=compared,
            evidence=evidence,
            findings=findings.find(
                findings.Facts(
                    evidence=evidence,
                    verified=portfolio.known is not None,
                    published_wrong=int((~compared["matches"]).sum()),
                    published_cells=len(compared),
                )
            ),
        )


def evaluate(fitted: FittedModel, test: Loans) -> ModelResult:
    """Hold a fitted model's decisions against the labels of the test loans."""
    decided = test.labels, fitted.predict(test.features), test.counts
    report = metrics.report(*decided)
    return ModelResult(
        fitted=fitted,
        confusion=metrics.confusion(*decided),
        classification_report=report,
        report=metrics.report_frame(report),
        balanced_accuracy=metrics.balanced_accuracy(*decided),
    )


def describe_data(portfolio: Portfolio) -> DataResult:
    """Keep what the report says of a portfolio, without its rows."""
    return DataResult(
        source=portfolio.source,
        name=portfolio.name,
        sha256=portfolio.sha256,
        size_bytes=portfolio.size_bytes,
        rows=portfolio.loans.total,
        label_counts=portfolio.loans.label_counts,
        notes=portfolio.notes,
        known=portfolio.known,
    )


def describe_split(parts: Split) -> SplitResult:
    """Count the rows and the labels on both sides of the split."""
    return SplitResult(
        train_rows=parts.train.total,
        test_rows=parts.test.total,
        random_state=models.RANDOM_STATE,
        train_counts=parts.train.label_counts,
        test_counts=parts.test.label_counts,
    )
