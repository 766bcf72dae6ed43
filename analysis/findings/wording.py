"""Wording that findings and sections share."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.base import display
from analysis.base.display import percent
from analysis.portfolio.schema import LABEL_NAMES, column

# Shares below this would be shown as 0.0 %.
LEAST_PORTION = 0.001


def loans_of(rows: int, label: int) -> str:
    """Write a count of loans of one label: 619 high-risk loans."""
    return f"{display.count(rows)} {LABEL_NAMES[label]} loans"


def portion(value: float) -> str:
    """Write a share above 0 in percent, so that it never reads as nothing."""
    return percent(value) if value >= LEAST_PORTION else f"less than {percent(LEAST_PORTION)}"


def coefficients_of(names: Sequence[str]) -> str:
    """Name the coefficients of some columns: the coefficients of loan size and total debt."""
    titles = display.listing([column(name).title.lower() for name in names])
    return f"the coefficient{'' if len(names) == 1 else 's'} of {titles}"


def rule_text(name: str, direction: str, threshold: float) -> str:
    """Write a one-column rule: interest rate ≥ 9 %."""
    declared = column(name)
    before = "$" if declared.unit.startswith("$") else ""
    after = {"%": " %", "$ a year": " a year"}.get(declared.unit, "")
    sign = "≥" if direction == ">=" else "<"
    return f"“{declared.title} {sign} {before}{threshold:,.10g}{after}”"


def verb(number: int, one: str, many: str) -> str:
    """Return the form of a verb that agrees with a count."""
    return one if number == 1 else many
