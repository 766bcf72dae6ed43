"""Rules about the loans: repeats, columns that determine each other, contradicting labels."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import display
from analysis.display import count, plural, share
from analysis.rules.common import (
    MATERIAL,
    MOST,
    SOME,
    Facts,
    Finding,
    Severity,
    coefficients_of,
    portion,
    verb,
)


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


def exact_identities(facts: Facts) -> Iterator[Finding]:
    """Fire when columns are exact functions of others, or coefficients are not identified."""
    design, found = facts.evidence.data.design, facts.evidence.data.identities
    open_ones = design.unidentified
    parts = []
    if found:
        parts.append(f"{display.listing([each.formula for each in found])} in every row.")
    if open_ones:
        parts.append(
            f"The design has rank {design.design_rank} of {design.design_columns}: "
            f"{coefficients_of(open_ones)} {verb(len(open_ones), 'is', 'are')} not identified."
        )
    if parts:
        yield Finding(
            "exact-identities",
            "medium",
            "Columns are exact functions of others",
            " ".join(parts),
            "tbl-coefficients",
        )


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
