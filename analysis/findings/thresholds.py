"""Whether another threshold does what oversampling does."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count
from analysis.findings.finding import MATERIAL, Facts, Finding


def threshold_alone(facts: Facts) -> Iterator[Finding]:
    """Fire when the first model at another threshold does what the second does at one half."""
    found = facts.evidence.thresholds
    gain = facts.evidence.comparison.differences["balanced_accuracy"].difference
    if found.matched is None or gain is None or gain < MATERIAL:
        return
    first, second = found.matched.choice.confusion, found.models.oversampled.at_half.confusion
    if first.balanced_accuracy < second.balanced_accuracy - MATERIAL:
        return
    yield Finding(
        "threshold-alone",
        "high",
        "Another threshold does what oversampling does",
        f"At a threshold of {found.matched.choice.threshold:g}, chosen on training loans, the "
        f"original model misses {count(first.fn)} and refuses {count(first.fp)} of the test loans; "
        f"the oversampled model at one half misses {count(second.fn)} and refuses "
        f"{count(second.fp)}.",
        "tbl-thresholds",
    )
