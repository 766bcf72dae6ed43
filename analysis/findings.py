"""What a board must know before it signs: found by rules over the results, most severe first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.rules.calibration import miscalibrated, miscalibrated_in_places
from analysis.rules.common import SEVERITIES, Facts, Finding
from analysis.rules.fits import (
    gain_without_oversampling,
    not_converged,
    one_class_only,
    one_column_rule,
    published_disagree,
    threshold_alone,
)
from analysis.rules.loans import conflicting_labels, exact_identities, repeated_rows
from analysis.rules.outcomes import few_of_a_label, models_alike, no_better_than_a_guess

__all__ = ["RULES", "SEVERITIES", "Facts", "Finding", "find"]

RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    published_disagree,
    one_class_only,
    no_better_than_a_guess,
    not_converged,
    gain_without_oversampling,
    threshold_alone,
    one_column_rule,
    repeated_rows,
    models_alike,
    few_of_a_label,
    miscalibrated,
    miscalibrated_in_places,
    exact_identities,
    conflicting_labels,
)


def find(facts: Facts) -> tuple[Finding, ...]:
    """Apply every rule and sort what they find by severity."""
    found = [finding for rule in RULES for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
