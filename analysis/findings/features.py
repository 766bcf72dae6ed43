"""Rules about levels and gaps of the features, and about what is filled in after the outcome."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.base import display
from analysis.base.display import capital, count, percent, plural
from analysis.evidence.columns.features import OneSided
from analysis.findings.finding import (
    FEW_LOANS,
    HALF_MISSING,
    MUCH_MISSING,
    SURE,
    UNLIKE,
    Facts,
    Finding,
)
from analysis.findings.wording import portion, verb
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK
from analysis.portfolio.describe.columns import OUTCOMES

MOST_NAMED = 4  # columns or levels in a statement


def known_after(facts: Facts) -> Iterator[Finding]:
    """Fire for columns that may be filled in only once a loan has gone wrong, or was repaid."""
    words = facts.words
    sided = [each for each in facts.evidence.columns.one_sided if _told(facts, each)]
    features = [each.name for each in words.declaration.features]
    named = [
        name
        for name in features
        if OUTCOMES.search(name) and name not in {each.feature for each in sided}
    ]
    if not (sided or named):
        return
    parts = [_one_sided(facts, each) for each in sided]
    if named:
        have = verb(len(named), "has a name", "have names")
        parts.append(
            f"{capital(words.listing(named))} {have} of what is recorded after the outcome."
        )
    number = len(sided) + len(named)
    yield Finding(
        "known-after",
        "high" if sided else "medium",
        f"{plural(number, 'column')} may be known only after the outcome",
        f"{words.short([*(each.feature for each in sided), *named][0])}"
        + (f" and {plural(number - 1, 'other')}" if number > 1 else ""),
        " ".join(parts[:MOST_NAMED]),
        "Leave out what is not known when a loan is decided on.",
        "tbl-strength",
    )


def _told(facts: Facts, found: OneSided) -> bool:
    """Whether so many loans of one label by themselves are beyond chance, for all features."""
    prevalence = facts.evidence.data.prevalence.estimate or 0.0
    share = prevalence if found.label == HIGH_RISK else 1 - prevalence
    features = len(facts.words.declaration.features)
    material = found.loans >= UNLIKE * _of_label(facts, found.label)
    return material and share**found.loans * 2 * features < 1 - SURE


def _of_label(facts: Facts, label: int) -> int:
    rows, prevalence = facts.evidence.data.repeats.rows, facts.evidence.data.prevalence
    risky = round((prevalence.estimate or 0.0) * rows)
    return risky if label == HIGH_RISK else rows - risky


def _one_sided(facts: Facts, found: OneSided) -> str:
    words, other = facts.words, HEALTHY if found.label == HIGH_RISK else HIGH_RISK
    loans = _of_label(facts, found.label)
    return (
        f"{capital(words.within(found.feature))} has the same value for every {words.label(other)} "
        f"loan, and another for {count(found.loans)} of {words.loans(loans, found.label)}."
    )


def few_in_levels(facts: Facts) -> Iterator[Finding]:
    """Fire when levels of categories have so few loans that no coefficient can be trusted."""
    found = facts.evidence.columns.levels
    few = found[found["loans"] < FEW_LOANS].sort_values("loans", kind="stable")
    if few.empty:
        return
    named = [
        f"“{each['level']}” of {facts.words.within(each['feature'])} ({each['loans']})"
        for each in few.to_dict("records")
    ]
    yield Finding(
        "few-in-levels",
        "low",
        f"{plural(len(few), 'level')} of categories {verb(len(few), 'has', 'have')} few loans",
        f"the fewest {count(few['loans'].iloc[0])}",
        f"Of {plural(len(found), 'level')}, {count(len(few))} {verb(len(few), 'has', 'have')} "
        f"fewer than {FEW_LOANS} loans: {display.listing(display.some(named, MOST_NAMED))}. What "
        f"the models say of {verb(len(few), 'it', 'them')} rests on these loans alone.",
        "Join such levels with others of like meaning before the file is read.",
        "tbl-levels",
    )


def much_missing(facts: Facts) -> Iterator[Finding]:
    """Fire when many loans miss a feature."""
    found = facts.evidence.columns.gaps
    many = found[found["share"] >= MUCH_MISSING].sort_values(
        "share", ascending=False, kind="stable"
    )
    if many.empty:
        return
    parts = [
        f"of {facts.words.within(each['feature'])} in {portion(each['share'])} of the loans"
        for each in many.to_dict("records")
    ]
    most = float(many["share"].iloc[0])
    yield Finding(
        "much-missing",
        "medium" if most >= HALF_MISSING else "low",
        "Much is missing",
        f"{portion(most)} of a column at the most",
        f"Values are missing {display.listing(display.some(parts, MOST_NAMED))}. The training "
        "loans\u2019 median stands in for a number, with a column that says so; a category\u2019s "
        "gap is a level of its own.",
        "Find out why, and whether later loans will have gaps alike.",
        "tbl-gaps",
    )


def gaps_tell(facts: Facts) -> Iterator[Finding]:
    """Fire when loans that miss a feature are high-risk more often, or less, than the others."""
    found = facts.evidence.columns.gaps
    telling = found[_telling(found, facts.evidence.data.prevalence.estimate or 0.0)]
    if telling.empty:
        return
    order = telling["difference"].abs().sort_values(ascending=False, kind="stable").index
    rows = telling.loc[order].to_dict("records")
    words = facts.words
    parts = [
        f"of the loans without {words.within(each['feature'])} {percent(each['high_risk'])} are "
        f"{words.predicate(HIGH_RISK)}, of the others {percent(each['others_high_risk'])}"
        for each in rows
    ]
    yield Finding(
        "gaps-tell",
        "medium",
        "Missing values predict the label",
        f"{percent(rows[0]['high_risk'])} against {percent(rows[0]['others_high_risk'])} "
        f"{words.predicate(HIGH_RISK)}",
        f"{capital('; '.join(display.some(parts, MOST_NAMED)))}. That is beyond chance for all "
        "columns with gaps together.",
        "Find out who leaves it out and when: a gap made after the outcome must not be a feature.",
        "tbl-gaps",
    )


def _telling(found: pd.DataFrame, prevalence: float) -> pd.Series[bool]:
    """Say of each feature with gaps whether these tell of the label: beyond chance, materially."""
    apart = (found["joint_low"] > 0) | (found["joint_high"] < 0)
    return apart & (found["difference"].abs() >= UNLIKE * min(prevalence, 1 - prevalence))
