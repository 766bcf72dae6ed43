"""Whether the published figures come out again."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count
from analysis.findings.finding import Facts, Finding
from analysis.findings.wording import verb


def published_disagree(facts: Facts) -> Iterator[Finding]:
    """Fire when the published report's own data give other figures than it published."""
    if facts.verified and facts.published_wrong:
        yield Finding(
            "published-disagree",
            "high",
            "Published figures do not come out again",
            f"{count(facts.published_wrong)} of {count(facts.published_cells)}",
            f"{count(facts.published_wrong)} of {count(facts.published_cells)} published figures "
            f"{verb(facts.published_wrong, 'differs', 'differ')} from the regenerated ones, "
            "although the loans are the same.",
            "Find the library or the code that changed before the report is used.",
            "tbl-published-original",
        )
