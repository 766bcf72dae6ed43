"""Whether something simpler does as well as the models: one column, or the commoner label."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count, plural, rate, spelled
from analysis.findings.comparison import guessing
from analysis.findings.finding import MATERIAL, Facts, Finding
from analysis.findings.wording import told_apart


def one_column_rule(facts: Facts) -> Iterator[Finding]:
    """Fire when a threshold on one column does as well as a better model that does not guess."""
    baselines = facts.evidence.baselines
    if baselines.best_rule is None:
        return
    rule, outcome = baselines.best_rule.rule, baselines.best_rule.outcome
    models = facts.evidence.models
    best = max(models, key=lambda name: models[name].confusion.balanced_accuracy)
    reached = models[best].confusion.balanced_accuracy
    if outcome.balanced_accuracy < reached - MATERIAL or guessing(facts.evidence, best):
        return
    differing = outcome.differing_decisions[best]
    same = (
        f"makes {facts.words.models[best]}'s decisions on every one of the "
        f"{count(outcome.confusion.rows)} test loans"
        if differing == 0
        else f"decides {plural(differing, 'test loan')} of {count(outcome.confusion.rows)} "
        f"otherwise than {facts.words.models[best]}"
    )
    one, many = told_apart(outcome.balanced_accuracy, reached)
    yield Finding(
        "one-column-rule",
        "high",
        "A rule with one column does as well",
        f"balanced accuracy {one} {'for both' if one == many else f'against {many}'}",
        f"{facts.words.rule(rule.column, rule.direction, rule.threshold)}, chosen on training "
        f"loans alone, reaches a balanced accuracy of {one}"
        f"{', too,' if one == many else f' against {many}'} and {same}.",
        _worth_keeping(len(facts.words.declaration.features)),
        "tbl-baselines",
    )


def _worth_keeping(features: int) -> str:
    if features == 1:
        return "Show what a model adds to a threshold on its only column before it is kept."
    return f"Show what the other columns add before a model of {spelled(features)} is kept."


def commoner_label(facts: Facts) -> Iterator[Finding]:
    """Fire when giving every loan the commoner label is as accurate as both models."""
    majority = facts.evidence.baselines.majority
    found = majority.outcome.confusion
    right = (found.tn + found.tp) / found.rows
    highs = [model.intervals["accuracy"] for model in facts.evidence.models.values()]
    if any(each.low is None or each.low > right for each in highs):
        return
    accuracy = max(each.estimate or 0.0 for each in highs)
    called = facts.words.predicate(majority.label)
    yield Finding(
        "commoner-label",
        "low",
        "Accuracy says nothing here",
        f"{rate(right)} by calling every loan {called}",
        f"Calling every test loan {called} is right on a share of "
        f"{rate(right)}; the more accurate model reaches {rate(accuracy)}, which is "
        f"{'less' if accuracy < right else 'not shown to be more'}.",
        "Do not quote accuracy for these models.",
        "tbl-baselines",
    )
