"""Rules about groups that no model was told of: accepted far less often, expected wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.base.display import count, percent, plural, share
from analysis.evidence.collect import Evidence
from analysis.findings.finding import CALIBRATED, FOUR_FIFTHS, Facts, Finding, Severity
from analysis.findings.wording import LEAST, verb
from analysis.findings.words import Words
from analysis.portfolio.declaration import HIGH_RISK

# Two groups at either end of what is usually accepted as calibrated are so far apart.
UNEQUAL = CALIBRATED[1] / CALIBRATED[0]
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
    def calibrated(self) -> pd.DataFrame:
        """The groups whose calibration is held against that of the other loans.

        A model has the same probabilities at every threshold, so each stands here once.
        """
        once = self.rows["choice"] == self.rows["model"]
        return self.rows[once & self.rows["calibration_ratio"].notna()]

    @property
    def unlike(self) -> pd.DataFrame:
        """Groups in which a model is calibrated otherwise than on the other loans.

        Beyond chance for all groups and both models together, and by enough to matter.
        """
        rows = self.calibrated
        chance = (rows["calibration_joint_low"] <= 1) & (rows["calibration_joint_high"] >= 1)
        return rows[~chance & ~rows["calibration_ratio"].between(1 / UNEQUAL, UNEQUAL)]

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


def unequal_calibration(facts: Facts) -> Iterator[Finding]:
    """Fire where probabilities mean something else in a group than for all other loans."""
    for each in compared(facts.evidence):
        if each.unlike.empty:
            continue
        here, others = furthest(each)
        yield Finding(
            f"unequal-calibration-{each.place}",
            "medium",
            f"Unequal calibration by {facts.words.short(each.column)}",
            f"observed / expected {share(here.ratio)} against {share(others.ratio)}",
            calibration(facts.words, each),
            "Do not price by these probabilities before it is known what they leave out.",
            f"tbl-groups-{each.place}",
        )


@dataclass(frozen=True)
class Calibrated:
    """High-risk loans among some, and those that a model expects there."""

    observed: int
    expected: float

    @property
    def ratio(self) -> float:
        """Observed by expected."""
        return self.observed / self.expected


def furthest(found: Compared) -> tuple[Calibrated, Calibrated]:
    """Return the group that is calibrated most unlike the other loans, and these."""
    worst = _most_unlike(found)
    rows = found.rows[found.rows["choice"] == worst["choice"]]
    here = Calibrated(worst["high_risk"], worst["expected"])
    return here, Calibrated(
        int(rows["high_risk"].sum()) - here.observed, float(rows["expected"].sum()) - here.expected
    )


def _most_unlike(found: Compared) -> dict[str, Any]:
    ratios = found.unlike["calibration_ratio"].to_numpy(float)
    # Rounded, as two groups that are all loans are unlike each other alike.
    apart = np.maximum(ratios, 1 / np.maximum(ratios, LEAST)).round(6)
    return _row(found.unlike, int(apart.argmax()))


def calibration(words: Words, found: Compared) -> str:
    """Say which group a model's probabilities fit otherwise than all other loans, if any."""
    if found.unlike.empty:
        return (
            "Neither model is shown to be calibrated otherwise for one group by "
            f"{words.within(found.column)} than for all other loans."
        )
    worst, (here, others) = _most_unlike(found), furthest(found)
    pairs, named = len(found.unlike), words.predicate(HIGH_RISK)
    return (
        f"Where {words.within(found.column)} is {words.group(worst)}, "
        f"{words.models[worst['model']]} expects {_expected(here)} of "
        f"{plural(worst['loans'], 'test loan')} to be {named}, and {count(here.observed)} "
        f"{verb(here.observed, 'is', 'are')} (observed / expected {share(here.ratio)}); of all "
        f"others it expects {_expected(others)}, and {count(others.observed)} "
        f"{verb(others.observed, 'is', 'are')} ({share(others.ratio)}). "
        f"Of {plural(len(found.calibrated), 'such comparison')} by this column, {pairs} "
        f"{verb(pairs, 'shows', 'show')} a difference beyond chance."
    )


def _expected(found: Calibrated) -> str:
    return share(found.expected, 1)
