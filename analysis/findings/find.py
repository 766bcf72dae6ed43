"""What a board must know before it signs: found by rules over the results, most severe first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.findings import (
    baselines,
    certainty,
    columns,
    convergence,
    features,
    groups,
    outcomes,
    probabilities,
    published,
    repeats,
    thresholds,
)
from analysis.findings.finding import SEVERITIES, Facts, Finding

RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    published.published_disagree,
    outcomes.mostly_high_risk,
    features.known_after,
    thresholds.no_model_needed,
    certainty.one_class_only,
    certainty.no_better_than_a_guess,
    groups.four_fifths,
    columns.one_score,
    baselines.one_column_rule,
    thresholds.threshold_alone,
    convergence.gain_without_oversampling,
    convergence.not_converged,
    repeats.repeated_rows,
    certainty.neither_better,
    columns.knows_the_label,
    certainty.few_of_a_label,
    probabilities.miscalibrated,
    probabilities.miscalibrated_in_places,
    groups.unequal_calibration,
    columns.near_collinear,
    columns.exact_identities,
    repeats.conflicting_labels,
    features.much_missing,
    features.gaps_tell,
    features.few_in_levels,
    baselines.commoner_label,
)


def find(facts: Facts) -> tuple[Finding, ...]:
    """Apply every rule and sort what they find by severity."""
    found = [finding for rule in RULES for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
