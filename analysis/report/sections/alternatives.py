"""What else could have been done: the section's sentence and table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import amount, count, finer, plural, rate
from analysis.evidence.alternatives import Alternative
from analysis.evidence.probabilities.scores import Scores
from analysis.evidence.thresholds.curve import HALF
from analysis.models.metrics import Confusion
from analysis.report.drawing.cells import NAME, Columns
from analysis.report.drawing.measures import COUNTS
from analysis.report.drawing.tables import Table
from analysis.results import Results

TRIED = {
    "class_weights": "Original, class weights",
    "original_at_prevalence": "Original, at the training prevalence",
    "original_at_cost_threshold": "Original, at the ratio's threshold",
    "corrected_at_cost_threshold": "Corrected, at the ratio's threshold",
    "gradient_boosting": "Boosted trees",
    "gradient_boosting_at_cost_threshold": "Boosted trees, at the ratio's threshold",
}


def alternatives(results: Results) -> Table:
    """Show what other ways to fit and to decide do on the same test loans, beside both models."""
    ratio, called = results.evidence.thresholds.cost_ratio, results.words.model_titles
    models = results.evidence.models
    rows = [
        _row(f"{called[name]} model", HALF, model.confusion, ratio, models[name].scores)
        for name, model in results.models.items()
    ]
    rows += [
        _row(display.typographic(TRIED[each.id]), each.threshold, each.confusion, ratio, each)
        for each in results.evidence.alternatives.alternatives
    ]
    frame = pd.DataFrame(rows)
    columns: Columns = {
        "threshold": ("Threshold", rate),
        **COUNTS,
        "cost": ("Cost", amount),
        "roc_auc": ("ROC AUC", finer),
        "log_loss": ("Log loss", finer),
    }
    caption = "Other ways to fit and to decide, on the same test loans; cost in needless reviews"
    return Table.of("alternatives", "Decided by", frame, columns, caption, results.findings)


def _row(
    title: str, threshold: float, counts: Confusion, ratio: float, scores: Scores | Alternative
) -> dict[str, Any]:
    return {
        NAME: title,
        "threshold": threshold,
        **{key: getattr(counts, key) for key in COUNTS},
        "cost": counts.fp + ratio * counts.fn,
        "roc_auc": scores.roc_auc,
        "log_loss": scores.log_loss,
    }


def tried(results: Results) -> str:
    """Say what the alternatives are, and what other seeds of the oversampler give."""
    found = results.evidence.alternatives
    grown = (
        f"The boosted trees are scikit-learn's histogram-based ones as delivered, grown on "
        f"{plural(found.boosted_on, 'training loan')}; the ratio's threshold, "
        f"{rate(found.cost_threshold)}, is the cheapest where probabilities are right."
    )
    return f"{grown} {_seeds(results)}" if found.seed_outcomes else grown


def _seeds(results: Results) -> str:
    found, what = results.evidence.alternatives, results.recipe.resampling
    first = found.seed_outcomes[0]
    decided = (
        f"{count(first.confusion.tp)} found, {count(first.confusion.fn)} missed and "
        f"{plural(first.confusion.fp, 'needless review')}"
    )
    seeds = plural(found.seeds, "seed")
    if len(found.seed_outcomes) == 1:
        return f"With {seeds} of {what}, each gives {decided}."
    if first.seeds == 1:
        return f"With {seeds} of {what} no two outcomes are the same; one is {decided}."
    return (
        f"With {seeds} of {what} there are {count(len(found.seed_outcomes))} outcomes; "
        f"the most frequent, {decided}, comes of {count(first.seeds)} of them."
    )
