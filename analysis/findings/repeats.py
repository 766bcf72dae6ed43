"""Rules about the loans: repeats, columns that determine each other, contradicting labels."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count, plural, share
from analysis.findings.finding import MATERIAL, MOST, SOME, Facts, Finding, Severity
from analysis.findings.wording import portion, verb


def repeated_rows(facts: Facts) -> Iterator[Finding]:
    """Fire when loans repeat each other, across the split or within the file."""
    data = facts.evidence.data.repeats
    seen = data.test_share_seen_in_training
    if seen < SOME and data.repeated_rows / data.rows < SOME:
        return
    again = f"{portion(seen)} of the test loans have" if seen else "no test loan has"
    severity, effect = _without_repeats(facts)
    yield Finding(
        "repeated-rows",
        severity,
        "The test loans are not new" if seen >= MOST else "Some loans repeat others",
        f"{_distinct(data.distinct_rows, data.rows)}, {'and' if seen else 'but'} {again} features "
        f"that also occur in training. {effect}",
        "tbl-repeats",
    )


def _without_repeats(facts: Facts) -> tuple[Severity, str]:
    """Judge repeats by what each model loses where no test loan repeats a training loan.

    A model loses what its best grouped split falls short of its figure on the test loans: that
    one split comes out lower than another is chance.
    """
    data = facts.evidence.data.repeats
    most = data.test_share_seen_in_training >= MOST
    made = {
        name: [
            figure for split in data.grouped_splits if (figure := getattr(split, name)) is not None
        ]
        for name in facts.evidence.models
    }
    if not all(made.values()):
        return "high" if most else "medium", "What that is worth to the models cannot be measured."
    stated = {
        name: model.confusion.balanced_accuracy for name, model in facts.evidence.models.items()
    }
    lost = {name: stated[name] - max(figures) for name, figures in made.items()}
    worst = max(lost, key=lambda name: lost[name])
    if lost[worst] < MATERIAL:
        said = "neither model loses balanced accuracy to speak of"
        little = ", but the test says little about borrowers unlike these" if most else ""
        return (
            "medium" if most else "low",
            f"Where splits keep equal loans on one side, {said}{little}.",
        )
    return (
        "high",
        f"Where splits keep equal loans on one side, the {worst} model's balanced accuracy falls "
        f"from {share(stated[worst], 3)} to {share(max(made[worst]), 3)} or less.",
    )


def _distinct(distinct: int, rows: int) -> str:
    """Say how many rows are distinct."""
    if distinct == rows:
        return f"All {count(rows)} rows are distinct"
    return f"Only {count(distinct)} of {count(rows)} rows {verb(distinct, 'is', 'are')} distinct"


def conflicting_labels(facts: Facts) -> Iterator[Finding]:
    """Fire when equal loans carry both labels."""
    data = facts.evidence.data.repeats
    if data.conflicting_feature_rows:
        yield Finding(
            "conflicting-labels",
            "low",
            "Equal loans carry both labels",
            f"{plural(data.conflicting_feature_rows, 'combination')} of features "
            f"({plural(data.conflicting_rows, 'loan')}) "
            f"{verb(data.conflicting_feature_rows, 'occurs', 'occur')} with both labels, so no "
            "model with these columns can be right on all of them.",
            "tbl-repeats",
        )
