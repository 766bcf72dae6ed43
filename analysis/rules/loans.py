"""Rules about the loans: repeats, columns that determine each other, contradicting labels."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import display
from analysis.display import count, plural
from analysis.rules.common import MOST, SOME, Facts, Finding, coefficients_of, portion, verb


def repeated_rows(facts: Facts) -> Iterator[Finding]:
    """Fire when loans repeat each other, across the split or within the file."""
    data = facts.evidence.repeats
    seen = data.test_share_seen_in_training
    if seen < SOME and data.repeated_rows / data.rows < SOME:
        return
    again = f"{portion(seen)} of the test loans have" if seen else "no test loan has"
    worth = ": the test says little about borrowers unlike these" if seen >= MOST else ""
    yield Finding(
        "repeated-rows",
        "high" if seen >= MOST else "medium",
        "The test loans are not new" if seen >= MOST else "Some loans repeat others",
        f"{_distinct(data.distinct_rows, data.rows)}, {'and' if seen else 'but'} {again} features "
        f"that also occur in training{worth}.",
        "Whether the test loans are new",
    )


def _distinct(distinct: int, rows: int) -> str:
    """Say how many rows are distinct."""
    if distinct == rows:
        return f"All {count(rows)} rows are distinct"
    return f"Only {count(distinct)} of {count(rows)} rows {verb(distinct, 'is', 'are')} distinct"


def exact_identities(facts: Facts) -> Iterator[Finding]:
    """Fire when columns are exact functions of others, or coefficients are not identified."""
    design, found = facts.evidence.design, facts.evidence.identities
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
            "Columns that determine each other",
        )


def conflicting_labels(facts: Facts) -> Iterator[Finding]:
    """Fire when equal loans carry both labels."""
    data = facts.evidence.repeats
    if data.conflicting_feature_rows:
        yield Finding(
            "conflicting-labels",
            "low",
            "Equal loans carry both labels",
            f"{plural(data.conflicting_feature_rows, 'combination')} of features "
            f"({plural(data.conflicting_rows, 'loan')}) "
            f"{verb(data.conflicting_feature_rows, 'occurs', 'occur')} with both labels, so no "
            "model with these columns can be right on all of them.",
            "Whether the test loans are new",
        )
