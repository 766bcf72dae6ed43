"""Whether columns are exact functions of others."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base import display
from analysis.findings.finding import Facts, Finding
from analysis.findings.wording import coefficients_of, verb


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
