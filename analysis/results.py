"""The whole pipeline on one page: file → validated table → split → models → results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pandera.typing.pandas import DataFrame

from analysis.base import parallel, progress
from analysis.base.entries import UNWRITTEN
from analysis.evidence.collect import Evidence, collect
from analysis.evidence.thresholds.costs import COST_RATIO
from analysis.findings.find import find
from analysis.findings.finding import Facts, Finding
from analysis.findings.words import Words
from analysis.models import design, evaluation, fits, published, splitting
from analysis.models.evaluation import ModelResult, SplitResult
from analysis.models.fitted import AppliedModel, FittedModel
from analysis.models.pair import Pair
from analysis.models.published import PublishedFrame
from analysis.models.splitting import Split
from analysis.portfolio import summary
from analysis.portfolio.loans import Loans
from analysis.portfolio.read import Portfolio
from analysis.portfolio.recipe import Recipe
from analysis.portfolio.summary import DataResult


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
    declared, loans = portfolio.declaration, replace(portfolio.loans, recipe=portfolio.recipe)
    design.check_size(portfolio.name, loans)
    with parallel.one_thread():
        parts = splitting.split(loans)
        splitting.check_split(portfolio.name, parts, declared.label)
        models = _fit(parts)
        evaluated = models.map(evaluation.evaluate)
        reports = evaluated.map(lambda each: each.classification_report)
        compared = published.compare(reports, declared.published)
        evidence = collect(loans, parts, models, cost_ratio)
    words = Words(declared, (*parts.design.columns, *parts.design.left_out))
    return Results(
        data=summary.describe(portfolio),
        recipe=loans.recipe,
        split=evaluation.describe_split(parts),
        models=evaluated,
        published=compared,
        evidence=evidence,
        findings=find(Facts(evidence, compared, portfolio.known is not None, words)),
        words=words,
    )


def _fit(parts: Split) -> Pair[AppliedModel]:
    """Fit both models and apply them to the test loans."""
    how: Pair[Callable[[Loans], FittedModel]] = Pair(fits.fit_original, fits.fit_oversampled)
    with progress.stage("Fitting both models", len(how)) as step:
        return how.map(lambda fit: progress.done(step, fit(parts.train).apply(parts.test)))
