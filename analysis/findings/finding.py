"""What all rules share: findings, the facts they come from, limits and wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pandera.typing.pandas import DataFrame

from analysis.base.entries import Text
from analysis.evidence.collect import Evidence
from analysis.findings.words import Words
from analysis.models.published import PublishedFrame

Severity = Literal["high", "medium", "low"]
# What each severity means, the highest first.
SEVERITY_MEANS: dict[Severity, str] = {
    "high": "can turn the decision or what the figures are worth, and is settled before signing",
    "medium": "limits what the models may be used for",
    "low": "is good to know and changes no decision by itself",
}
SEVERITIES: tuple[Severity, ...] = tuple(SEVERITY_MEANS)
# Differences in balanced accuracy below this are not worth a board's time.
MATERIAL = 0.005
# A share of the gain from which on the gain is not oversampling's own.
MOST_OF_THE_GAIN = 0.5
# Repeats are worth a word from one loan in a hundred, and decide what a test is worth from half.
SOME, MOST = 0.01, 0.5
# A group that is accepted at less than this share of another's rate is a usual alarm: 29 Code of
# Federal Regulations 1607.4 D (Uniform Guidelines on Employee Selection Procedures, 1978).
FOUR_FIFTHS = 0.8
# A level of fewer loans gives no coefficient that can be trusted.
FEW_LOANS = 30
# So much of a column missing is worth a word, and limits the models.
MUCH_MISSING, HALF_MISSING = 0.2, 0.5
# A difference in shares matters from this part of the rarer label's share on, and loans that a
# value sets apart from this part of their label's; both where chance gives less in 99 of 100.
UNLIKE, SURE = 0.25, 0.99
# Calibration between these is usually taken as acceptable.
CALIBRATED = (0.9, 1.1)
# The area under the curve, and the balanced accuracy, of a model that knows nothing.
GUESS = 0.5
# A lead on the test loans must be of the same sign in this share of the other splits.
MOST_SPLITS = 0.95
# Below so many combinations of features a bootstrap over them says nothing.
LEAST_COMBINATIONS = 10
# An information value above this is a usual alarm: the column may know the label.
ALARM = 0.5
# Columns of which a variance inflation factor is above this cannot be read one by one.
INFLATED = 10
# A recall that may lie five points to either side cannot carry a decision about a few points.
WIDE = 0.10


@dataclass(frozen=True)
class Finding:
    """One thing that a reader must know.

    Attributes
    ----------
    id : str
        Stays the same from report to report.
    severity : {"high", "medium", "low"}
        How much it weighs: see `SEVERITY_MEANS`.
    title : str
        A few words.
    figure : str
        The one figure that matters, a few words for the first screen.
    statement : str
        A sentence or two with the figures, plain text.
    action : str
        What to do about it, a sentence.
    evidence : str
        The label of the table or figure that shows it: `tbl-refits`.
    """

    id: Text
    severity: Severity
    title: Text
    figure: Text
    statement: Text
    action: Text
    evidence: Text


@dataclass(frozen=True)
class Facts:
    """What the rules look at.

    Attributes
    ----------
    published : DataFrame
        A `PublishedFrame`.
    verified : bool
        Whether the data are the published report's own.
    words : Words
        What the columns and the loans are called.
    """

    evidence: Evidence
    published: DataFrame[PublishedFrame]
    verified: bool
    words: Words
