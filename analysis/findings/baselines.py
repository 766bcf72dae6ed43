"""Whether a rule with one column does as well as the models."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count, plural, share
from analysis.findings.finding import MATERIAL, Facts, Finding
from analysis.findings.wording import rule_text


def one_column_rule(facts: Facts) -> Iterator[Finding]:
    """Fire when a threshold on one column does as well as the better model."""
    baselines = facts.evidence.baselines
    if baselines.best_rule is None:
        return
    rule, outcome = baselines.best_rule.rule, baselines.best_rule.outcome
    models = facts.evidence.models
    best = max(models, key=lambda name: models[name].confusion.balanced_accuracy)
    if outcome.balanced_accuracy < models[best].confusion.balanced_accuracy - MATERIAL:
        return
    differing = outcome.differing_decisions[best]
    same = (
        f"makes the {best} model's decisions on every one of the {count(outcome.confusion.rows)} "
        "test loans"
        if differing == 0
        else f"decides {plural(differing, 'test loan')} of {count(outcome.confusion.rows)} "
        f"otherwise than the {best} model"
    )
    yield Finding(
        "one-column-rule",
        "high",
        "A rule with one column does as well",
        f"{rule_text(rule.column, rule.direction, rule.threshold)}, chosen on training loans "
        f"alone, reaches a balanced accuracy of {share(outcome.balanced_accuracy, 3)} against "
        f"{share(models[best].confusion.balanced_accuracy, 3)} and {same}.",
        "tbl-baselines",
    )
