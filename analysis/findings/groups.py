"""Rules about groups that no model was told of: whether one is accepted far less often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.base.display import percent, plural, share
from analysis.evidence.collect import Evidence
from analysis.findings.finding import FOUR_FIFTHS, Facts, Finding, Severity
from analysis.findings.wording import verb
from analysis.findings.words import Words

SEVERITY: dict[str, Severity] = {"protected": "high", "segment": "medium"}
ACTION = {
    "protected": "Settle, with advice on the law, what explains it before people are decided on.",
    "segment": "Find out what explains it before loans are decided on.",
}


@dataclass(frozen=True)
class Compared:
    """The groups of one column, each choice's held against its most accepted one.

    Attributes
    ----------
    place : int
        Which of the columns it is, from 1.
    column, use : str
        The column, protected or a segment.
    rows : DataFrame
        Its rows of a `GroupFrame`.
    """

    place: int
    column: str
    use: str
    rows: pd.DataFrame

    @property
    def judged(self) -> pd.DataFrame:
        """The groups that are large enough, but for the most accepted one."""
        return self.rows[self.rows["joint_high"].notna()]

    @property
    def below(self) -> pd.DataFrame:
        """Those whose ratio is below four fifths, beyond chance for all of them together."""
        return self.judged[self.judged["joint_high"] < FOUR_FIFTHS]

    @property
    def lowest(self) -> dict[str, Any] | None:
        """The judged group and choice with the lowest ratio, of those below four fifths if any."""
        rows = self.below if len(self.below) else self.judged
        return _row(rows, int(rows["ratio"].argmin())) if len(rows) else None


def _row(rows: pd.DataFrame, place: int = 0) -> dict[str, Any]:
    return {str(name): rows[name].iloc[place] for name in rows}


def compared(evidence: Evidence) -> list[Compared]:
    """Return the columns of groups in the order declared."""
    parts = evidence.groups.groupby("column", sort=False)
    return [
        Compared(place, str(name), rows["use"].iloc[0], rows)
        for place, (name, rows) in enumerate(parts, start=1)
    ]


def four_fifths(facts: Facts) -> Iterator[Finding]:
    """Fire where a group is accepted at less than four fifths of another's rate, beyond chance."""
    for each in compared(facts.evidence):
        lowest, below = each.lowest, len(each.below)
        if lowest is None or not below:
            continue
        yield Finding(
            f"four-fifths-{each.place}",
            SEVERITY[each.use],
            f"Unequal acceptance by {facts.words.short(each.column)}",
            f"ratio {share(lowest['ratio'])}, below four fifths",
            f"{lowest_ratio(facts.words, each)} Of {plural(len(each.judged), 'ratio')} by this "
            f"column, {below} {verb(below, 'is', 'are')} below four fifths, a rule of thumb, "
            "beyond chance.",
            ACTION[each.use],
            f"tbl-groups-{each.place}",
        )


def lowest_ratio(words: Words, found: Compared) -> str:
    """Say which group and choice has the lowest ratio of acceptance by a column."""
    lowest = found.lowest
    if lowest is None:
        return (
            f"By {words.within(found.column)}, no two groups are large enough to be compared, or "
            "none is accepted."
        )
    rows = found.rows[found.rows["choice"] == lowest["choice"]]
    most = _row(rows[rows["group"] == lowest["against"]])
    return (
        f"By {words.within(found.column)}, the lowest ratio of acceptance is "
        f"{share(lowest['ratio'])} (95 % interval {share(lowest['ratio_low'])} to "
        f"{share(lowest['ratio_high'])}): {words.models[lowest['model']]} at "
        f"{lowest['threshold']:g} accepts {percent(lowest['accepted'])} of the test loans where it "
        f"is {words.group(lowest)} and {percent(most['accepted'])} of those where it is "
        f"{words.group(most)}, the most accepted."
    )
