"""What one column can do: the section's sentence and table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.base import display
from analysis.base.display import count, rate
from analysis.findings.wording import verb
from analysis.findings.words import Words
from analysis.models.pair import ORIGINAL, OVERSAMPLED
from analysis.report.drawing.cells import Columns
from analysis.report.drawing.measures import COUNTS, SHARES, outcome_row
from analysis.report.drawing.tables import Table
from analysis.results import Results


def baselines(results: Results) -> Table:
    """Show both baselines beside both models."""
    columns: Columns = COUNTS | {
        "balanced_accuracy": SHARES["balanced_accuracy"],
        ORIGINAL: ("≠\u00a0original", count),
        OVERSAMPLED: (f"≠\u00a0{results.recipe.resampled_adjective}", count),
    }
    frame = pd.DataFrame(_outcomes(results)).drop(columns="recall")
    caption = "Baselines and models on the same test loans; ≠ counts the decisions unlike a model's"
    return Table.of("baselines", "Decided by", frame, columns, caption, results.findings)


def _outcomes(results: Results) -> list[dict[str, Any]]:
    """Return what each baseline and model decides, and on how many loans unlike each model."""
    found, words = results.evidence.baselines, results.words
    rows = [
        outcome_row("Majority class", found.majority.outcome.confusion)
        | found.majority.outcome.differing_decisions
    ]
    if found.best_rule:
        rule, outcome = found.best_rule.rule, found.best_rule.outcome
        rows.append(
            outcome_row(words.rule(rule.column, rule.direction, rule.threshold), outcome.confusion)
            | outcome.differing_decisions
        )
    discordant = results.evidence.comparison.mcnemar
    # Of two decisions that differ exactly one is right.
    apart = discordant.only_first + discordant.only_second
    for name, model in results.models.items():
        rows.append(
            outcome_row(f"{words.model_titles[name]} model", model.confusion)
            | dict.fromkeys((ORIGINAL, OVERSAMPLED), apart)
            | {name: 0}
        )
    return rows


def one_column(results: Results) -> str:
    """Say what the best rule with one column does."""
    found, words = results.evidence.baselines.best_rule, results.words
    if found is None:
        return "Every column is constant among the training loans, so no rule can be made."
    rule, outcome = found.rule, found.outcome
    first, second = (outcome.differing_decisions[name] for name in (ORIGINAL, OVERSAMPLED))
    differing = (
        f"{display.number_or_none(first)} {verb(first, 'differs', 'differ')} from "
        f"{words.models[ORIGINAL]}'s and {display.number_or_none(second)} from "
        f"{words.models[OVERSAMPLED]}'s"
    )
    written = words.rule(rule.column, rule.direction, rule.threshold)
    return (
        f"The rule {written} alone reaches a balanced accuracy of "
        f"{rate(outcome.balanced_accuracy)} on the test loans; of its "
        f"{count(outcome.confusion.rows)} decisions, {differing}.{_tied(rule.tied_columns, words)}"
    )


def _tied(names: tuple[str, ...], words: Words) -> str:
    """Name the columns whose best rule does exactly as well on the training loans."""
    if not names:
        return ""
    rules = verb(len(names), "a rule", "rules")
    does = verb(len(names), "does", "do")
    return f" In training, {rules} on {words.listing(names)} {does} exactly as well."
