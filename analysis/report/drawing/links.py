"""Findings that lead to the table or figure behind them, and from there back to the findings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from analysis.base import display
from analysis.base.display import plural
from analysis.findings.finding import SEVERITY_MEANS, Finding
from analysis.report.drawing.escape import said
from analysis.report.drawing.markdown import Markdown
from analysis.results import Results

# The heading that they stand under.
FINDINGS = "in-brief"
# So many words of findings leave the decision room on the first screen.
MOST_WORDS = 74


def listed(results: Results) -> Markdown:
    """Return the findings, a line each: severity, title, the figure that matters, the evidence.

    The most severe first, as many as the first screen has room for; the others are counted.
    """
    if not results.findings:
        return Markdown("No rule found anything that speaks against these models.")
    lines = list(map(_item, shown(results.findings)))
    if left := results.findings[len(lines) :]:
        lines.append(f"- {plural(len(left), 'finding')} more{_high(left)}, told below")
    return Markdown("\n".join(lines))


def _high(findings: Sequence[Finding]) -> str:
    """Say how many of the findings that there is no room for are of high severity."""
    number = sum(each.severity == "high" for each in findings)
    return f" ({number} high)" if number else ""


def shown(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that the first screen shows: the first, up to `MOST_WORDS` words."""
    ends = itertools.accumulate(_words(each) for each in findings)
    return [each for each, words in zip(findings, ends, strict=True) if words <= MOST_WORDS]


def _words(finding: Finding) -> int:
    # The severity, and two words of the link.
    return len(f"{finding.title} {finding.figure}".split()) + 3


def severities() -> str:
    """Say what the severities of findings mean."""
    parts = [f"one of {severity} severity {means}" for severity, means in SEVERITY_MEANS.items()]
    return f"Of the findings, {display.listing(parts)}."


def back(findings: Sequence[Finding], label: str) -> str:
    """Return what a table or figure shows of the findings, in full, each with a way back.

    Parameters
    ----------
    findings : sequence of Finding
        Everything that was found.
    label : str
        The table's or the figure's: `tbl-refits`.
    """
    listed_above = shown(findings)
    parts = [
        f"**{each.severity.capitalize()}: {said(each.title)}.** {said(each.statement)} "
        f"{said(each.action)} [Back to the findings]"
        f"(#{_place(each) if each in listed_above else FINDINGS})"
        for each in findings
        if each.evidence == label
    ]
    if not parts:
        return ""
    body = "\n\n".join(parts)
    return f"::: {{.back-to-findings}}\n{body}\n:::"


def _item(finding: Finding) -> str:
    head = f"{finding.severity.capitalize()}: {said(finding.title)}"
    return f"- [**{head}**]{{#{_place(finding)}}}: {said(finding.figure)}. @{finding.evidence}"


def _place(finding: Finding) -> str:
    """Return the identifier of a finding in the document."""
    return f"finding-{finding.id}"
