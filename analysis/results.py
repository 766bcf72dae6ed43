"""The whole pipeline on one page: file → validated table → split → models → results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd
from pandera.typing.pandas import DataFrame

from analysis.base import parallel, progress
from analysis.base.entries import INLINE, UNWRITTEN, Count, Positive, Sha256, Share, Text
from analysis.evidence.collect import Evidence, collect
from analysis.evidence.thresholds.costs import COST_RATIO
from analysis.findings import find, finding
from analysis.findings.finding import Finding
from analysis.findings.words import Words
from analysis.models import design, fits, metrics, published, splitting
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.metrics import ClassificationReport, Confusion
from analysis.models.pair import Pair
from analysis.models.published import PublishedFrame
from analysis.models.splitting import Split
from analysis.portfolio import fingerprint
from analysis.portfolio.database.origin import Origin
from analysis.portfolio.loans import Loans
from analysis.portfolio.published_loans import KnownFile
from analysis.portfolio.read import Portfolio
from analysis.portfolio.recipe import USUAL, Recipe


@dataclass(frozen=True)
class DataResult:
    """The loan table that was analysed.

    Attributes
    ----------
    source : {"file", "database", "simulated"}
        Whether a file or a database was read, or the embedded portfolio was simulated: then no loan
        is real.
    name : str
        The file's name without its folder, the address of a database without its secrets, or a name
        for the simulated portfolio.
    sha256 : str
        SHA-256 of the file's bytes, of its CSV form when simulated; that of the loans where they
        lie in a database.
    loans_sha256 : str
        SHA-256 of the loans in any order: the same from each form of a file and each database.
    size_bytes : int
        How many bytes were read, or the CSV form has.
    rows : int
        Loans in the table.
    label_counts : dict of int to int
        Loans of each label in the table.
    notes : tuple of str
        What reading the file put right without guessing, a sentence each.
    known : KnownFile or None
        The record of this very file in data/module12.yml; none for any other data.
    database : Origin or None
        Where in a database the loans came from.
    """

    source: Literal["file", "database", "simulated"]
    name: Text
    sha256: Sha256
    loans_sha256: Sha256
    size_bytes: Positive
    rows: Positive
    label_counts: dict[int, Count]
    notes: tuple[Text, ...]
    known: KnownFile | None
    database: Origin | None


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


@dataclass(frozen=True)
class Results:
    """Everything that the report states.

    Attributes
    ----------
    recipe : Recipe
        How the loans were split and the models fitted.
    models : Pair of ModelResult
        What each model does on the test rows.
    published : DataFrame
        A `PublishedFrame`.
    findings : tuple of Finding
        The most severe first.
    words : Words
        What the columns and the loans are called.
    """

    data: DataResult
    split: SplitResult
    recipe: Recipe
    models: Pair[ModelResult]
    published: DataFrame[PublishedFrame]
    evidence: Evidence
    findings: tuple[Finding, ...]
    words: Words = field(metadata=UNWRITTEN)

    @property
    def all_cells_match(self) -> bool:
        """Whether every published figure came out again at two decimals."""
        return bool(self.published["matches"].all())


def run(portfolio: Portfolio, cost_ratio: float = COST_RATIO) -> Results:
    """Compute everything the report states from one portfolio and the owner's cost ratio.

    Raises
    ------
    InputError
        When the features make too many columns to fit, or the split leaves a label without
        training or test rows.
    """
    loans = replace(portfolio.loans, recipe=recipe_for(portfolio))
    design.check_size(portfolio.name, loans)
    with parallel.one_thread():
        parts = splitting.split(loans)
        splitting.check_split(portfolio.name, parts, portfolio.declaration.label)
        applied = _fit(parts)
        evaluated = applied.map(evaluate)
        compared = published.compare(
            evaluated.map(lambda each: each.classification_report), portfolio.declaration.published
        )
        evidence = collect(loans, parts, applied, cost_ratio)
        words = Words(portfolio.declaration, parts.design.columns)
        return Results(
            data=describe_data(portfolio),
            recipe=loans.recipe,
            split=describe_split(parts),
            models=evaluated,
            published=compared,
            evidence=evidence,
            findings=find.find(
                finding.Facts(
                    evidence=evidence,
                    verified=portfolio.known is not None,
                    published_wrong=int((~compared["matches"]).sum()),
                    published_cells=len(compared),
                    words=words,
                )
            ),
            words=words,
        )


def recipe_for(portfolio: Portfolio) -> Recipe:
    """Return how the loans of a portfolio are split, and the models fitted.

    As declared. A recipe that stops short of the optimum gives published figures again and is of
    no use elsewhere: where a declaration records the loans that it belongs to, only these are
    fitted so, in whichever form a file gives them, and the simulated ones in their place.
    """
    declared = portfolio.declaration
    stands_in = portfolio.source == "simulated"
    if portfolio.published_loans or stands_in or declared.content_hash is None:
        return declared.recipe
    scaled, solver, iterations = USUAL.fit
    return replace(declared.recipe, scaled=scaled, solver=solver, iterations=iterations, reason="")


def _fit(parts: Split) -> Pair[AppliedModel]:
    """Fit both models and apply them to the test loans."""
    how: Pair[Callable[[Loans], FittedModel]] = Pair(fits.fit_original, fits.fit_oversampled)
    with progress.stage("Fitting both models", len(how)) as step:
        return how.map(lambda fit: progress.done(step, fit(parts.train).apply(parts.test)))


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


def describe_data(portfolio: Portfolio) -> DataResult:
    """Keep what the report says of a portfolio, without its rows."""
    return DataResult(
        source=portfolio.source,
        name=portfolio.name,
        sha256=portfolio.sha256,
        loans_sha256=fingerprint.of(portfolio.loans),
        size_bytes=portfolio.size_bytes,
        rows=portfolio.loans.total,
        label_counts=portfolio.loans.label_counts,
        notes=portfolio.notes,
        known=portfolio.known,
        database=portfolio.database,
    )


def describe_split(parts: Split) -> SplitResult:
    """Count the rows and the labels on both sides of the split."""
    return SplitResult(
        train_rows=parts.train.total,
        test_rows=parts.test.total,
        random_state=parts.train.recipe.seed,
        train_counts=parts.train.label_counts,
        test_counts=parts.test.label_counts,
    )
