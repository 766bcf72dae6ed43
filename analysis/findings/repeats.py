"""Rules about the loans: repeats across the split, contradicting labels."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base import display
from analysis.base.display import count, plural
from analysis.findings.finding import MATERIAL, MOST, SOME, Facts, Finding, Severity
from analysis.findings.wording import portion, told_apart, verb


def repeated_rows(facts: Facts) -> Iterator[Finding]:
    """Fire when loans repeat each other, across the split or within the file."""
    data = facts.evidence.data.repeats
    seen = data.test_share_seen_in_training
    if seen < SOME and data.rows_equal_to_another / data.rows < SOME:
        return
    severity, effect = _without_repeats(facts)
    yield Finding(
        "repeated-rows",
        severity,
        "The test loans are not new" if seen >= MOST else "Some loans repeat others",
        f"{portion(seen)} of the test loans seen in training"
        if seen
        else f"{portion(data.rows_equal_to_another / data.rows)} of the rows",
        f"{count(data.rows_equal_to_another)} of {count(data.rows)} rows "
        f"{verb(data.rows_equal_to_another, 'equals', 'equal')} another. {seen_in_training(facts)} "
        f"{effect}",
        "Read the figures as those of loans like the ones trained on."
        if seen >= MOST
        else "Keep equal loans on one side of a split.",
        "tbl-repeats",
    )


def seen_in_training(facts: Facts) -> str:
    """Say of each label how many test loans have features that training has shown."""
    parts = [
        f"{count(each.seen)} of {count(each.loans)} {facts.words.label(each.label)} ones"
        for each in facts.evidence.data.repeats.seen_by_label
    ]
    return f"Of the test loans, {display.listing(parts)} have features that also occur in training."


def _without_repeats(facts: Facts) -> tuple[Severity, str]:
    """Judge repeats by what a model loses, on average, where no test loan repeats a training loan.

    Grouped splits are held against the spread of random ones: a mean within it is chance.
    """
    most = facts.evidence.data.repeats.test_share_seen_in_training >= MOST
    if facts.evidence.grouped is None:
        return "high" if most else "medium", "What that is worth to the models cannot be measured."
    found = facts.evidence.grouped
    worst = min(found, key=lambda name: found[name].difference)
    lost = found[worst]
    if lost.difference > -MATERIAL or lost.grouped >= lost.lower:
        little = ", but the test says little about loans unlike these" if most else ""
        return (
            "medium" if most else "low",
            "Where splits keep equal loans on one side, the mean balanced accuracy of either model "
            f"stays within the spread of random splits or moves by less than {MATERIAL}{little}.",
        )
    apart, together = told_apart(lost.random, lost.grouped)
    return (
        "high",
        f"Where splits keep equal loans on one side, {facts.words.models[worst]}'s mean balanced "
        f"accuracy is {together}; over random splits it is {apart}.",
    )


def conflicting_labels(facts: Facts) -> Iterator[Finding]:
    """Fire when equal loans carry both labels."""
    data = facts.evidence.data.repeats
    if not data.conflicting_feature_rows:
        return
    part = data.irreducible_errors / data.rows
    yield Finding(
        "conflicting-labels",
        "low" if part < SOME else "medium",
        "Equal loans carry both labels",
        f"{plural(data.irreducible_errors, 'unavoidable error')}",
        f"{plural(data.conflicting_feature_rows, 'combination')} of features "
        f"({plural(data.conflicting_rows, 'loan')}) "
        f"{verb(data.conflicting_feature_rows, 'occurs', 'occur')} with both labels, so no "
        "decision by these columns can be right on all of them: at least "
        f"{plural(data.irreducible_errors, 'loan')} of the file, "
        f"{count(data.irreducible_errors_test)} of the test, must be decided wrongly.",
        "Find what tells such loans apart, or how the labels were set.",
        "tbl-repeats",
    )
