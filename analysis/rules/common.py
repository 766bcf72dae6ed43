"""What all rules share: findings, the facts they come from, limits and wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis import display
from analysis.base.entries import Text
from analysis.display import percent
from analysis.evidence.collect import Evidence
from analysis.evidence.comparison import Bounds, Comparison, PairedDifference
from analysis.schema import column

Severity = Literal["high", "medium", "low", "note"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "note")

# Differences in balanced accuracy below this are not worth a board's time.
MATERIAL = 0.005
# A share of the gain from which on the gain is not oversampling's own.
MOST_OF_THE_GAIN = 0.5
# Repeats are worth a word from one loan in a hundred, and decide what a test is worth from half.
SOME, MOST = 0.01, 0.5
# Calibration between these is usually taken as acceptable.
CALIBRATED = (0.9, 1.1)
# In large portfolios even a prediction that is off by less than this is off beyond chance.
LEAST_OFF = 0.01
# An interval of a share means little below this many loans.
LEAST_LOANS = 5
# Figures are shown with so many decimals.
SHOWN = 3
# Shares below this would be shown as 0.0 %.
LEAST_PORTION = 0.001
# The area under the curve, and the balanced accuracy, of a model that knows nothing.
GUESS = 0.5
# A recall that may lie five points to either side cannot carry a decision about a few points.
WIDE = 0.10


@dataclass(frozen=True)
class Finding:
    """One thing that a reader must know.

    Attributes
    ----------
    id : str
        Stays the same from report to report.
    severity : {"high", "medium", "low", "note"}
        How much it weighs.
    title : str
        A few words.
    statement : str
        A sentence or two with the figures, plain text.
    evidence : str
        The label of the table or figure that shows it: `tbl-refits`.
    """

    id: Text
    severity: Severity
    title: Text
    statement: Text
    evidence: Text


@dataclass(frozen=True)
class Facts:
    """What the rules look at.

    Attributes
    ----------
    verified : bool
        Whether the data are the published report's own.
    published_wrong, published_cells : int
        Published figures that do not come out again, and all of them.
    """

    evidence: Evidence
    verified: bool
    published_wrong: int
    published_cells: int


def decide_alike(compared: Comparison) -> bool:
    """Whether both models make the same decision on every test loan."""
    return compared.mcnemar.only_first + compared.mcnemar.only_second == 0


def relied_on(paired: PairedDifference) -> Bounds:
    """Return the wider interval of a difference; that over feature rows unless that over rows is.

    Few distinct feature rows can make their interval too narrow.
    """
    return paired.by_rows if paired.wider == "rows" else paired.by_feature_rows


def may_be_chance(bounds: Bounds) -> bool:
    """Whether an interval of a difference, as it is shown, reaches 0."""
    if bounds.low is None or bounds.high is None:
        return True
    return round(bounds.low, SHOWN) <= 0 <= round(bounds.high, SHOWN)


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
