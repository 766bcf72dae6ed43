"""What a board must know before it signs: found by rules over the results, most severe first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.findings.baselines import commoner_label, one_column_rule
from analysis.findings.certainty import (
    few_of_a_label,
    neither_better,
    no_better_than_a_guess,
    one_class_only,
)
from analysis.findings.columns import exact_identities, knows_the_label, near_collinear, one_score
from analysis.findings.convergence import gain_without_oversampling, not_converged
from analysis.findings.features import few_in_levels, gaps_tell, known_after, much_missing
from analysis.findings.finding import SEVERITIES, Facts, Finding
from analysis.findings.groups import four_fifths, unequal_calibration
from analysis.findings.outcomes import mostly_high_risk
from analysis.findings.probabilities import miscalibrated, miscalibrated_in_places
from analysis.findings.published import published_disagree
from analysis.findings.repeats import conflicting_labels, repeated_rows
from analysis.findings.thresholds import no_model_needed, threshold_alone

__all__ = ["RULES", "SEVERITIES", "Facts", "Finding", "find"]
RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    published_disagree,
    mostly_high_risk,
    known_after,
    no_model_needed,
    one_class_only,
    no_better_than_a_guess,
    four_fifths,
    one_score,
    one_column_rule,
    threshold_alone,
    gain_without_oversampling,
    not_converged,
    repeated_rows,
    neither_better,
    knows_the_label,
    few_of_a_label,
    miscalibrated,
    miscalibrated_in_places,
    unequal_calibration,
    near_collinear,
    exact_identities,
    conflicting_labels,
    much_missing,
    gaps_tell,
    few_in_levels,
    commoner_label,
)


def find(facts: Facts) -> tuple[Finding, ...]:
    """Apply every rule and sort what they find by severity."""
    found = [finding for rule in RULES for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
