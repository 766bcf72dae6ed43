"""Rules about how loans turned out: whether the label may mark the wrong ones."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count
from analysis.findings.finding import Facts, Finding
from analysis.findings.wording import portion
from analysis.portfolio.declaration import HIGH_RISK


def mostly_high_risk(facts: Facts) -> Iterator[Finding]:
    """Fire when most loans are high-risk, beyond chance: the label may be turned round."""
    found, words = facts.evidence.data.prevalence, facts.words
    half = 1 / 2
    if found.estimate is None or found.low is None or found.low <= half:
        return
    rows = facts.evidence.data.repeats.rows
    yield Finding(
        "mostly-high-risk",
        "high",
        f"Most loans are {words.predicate(HIGH_RISK)}",
        f"{portion(found.estimate)} of {count(rows)} loans",
        f"{words.loans(round(found.estimate * rows), 1)} of {count(rows)} are more than a "
        "portfolio usually has. If the label marks the good loans, every figure here is turned "
        "round.",
        "Make sure which value of the label means that a loan went wrong.",
        "tbl-labels",
    )
