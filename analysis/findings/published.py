"""Whether the published figures come out again."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.base.display import count
from analysis.findings.finding import Facts, Finding
from analysis.findings.wording import verb


def published_disagree(facts: Facts) -> Iterator[Finding]:
    """Fire when the published report's own data give other figures than it published."""
    wrong = int((~facts.published["matches"]).sum())
    if facts.verified and wrong:
        differing = f"{count(wrong)} of {count(len(facts.published))}"
        yield Finding(
            "published-disagree",
            "high",
            "Published figures do not come out again",
            differing,
            f"{differing} published figures {verb(wrong, 'differs', 'differ')} from the "
            "regenerated ones, although the loans are the same.",
            "Find the library or the code that changed before the report is used.",
            "tbl-published-original",
        )
