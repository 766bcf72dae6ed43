"""Findings that lead to the table or figure behind them, and from there back to the findings."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.base import display
from analysis.findings.finding import Finding
from analysis.report.drawing import escape
from analysis.results import Results


def listed(results: Results) -> str:
    """Return the findings by severity as a Markdown list, each leading to its evidence."""
    if not results.findings:
        return "No rule found anything that speaks against these models."
    return "\n".join(map(_item, results.findings))


def back(findings: Iterable[Finding], label: str) -> str:
    """Return links back to the findings that a table or figure shows; nothing where there is none.

    Parameters
    ----------
    findings : iterable of Finding
        Everything that was found.
    label : str
        The table's or the figure's: `tbl-refits`.
    """
    links = [
        f"[{_written(each.title)}](#{_place(each)})" for each in findings if each.evidence == label
    ]
    if not links:
        return ""
    noun = "finding" if len(links) == 1 else "findings"
    return f"::: {{.back-to-findings}}\nBack to the {noun}: {'; '.join(links)}.\n:::"


def _item(finding: Finding) -> str:
    head = f"{finding.severity.capitalize()}: {_written(finding.title)}."
    said = _written(finding.statement)
    return f"- **[{head}]{{#{_place(finding)}}}** {said} @{finding.evidence}"


def _written(text: str) -> str:
    """Return a finding's text as Markdown, its apostrophes as everywhere else in the document."""
    return escape.markdown(display.typographic(text))


def _place(finding: Finding) -> str:
    """Return the identifier of a finding in the document."""
    return f"finding-{finding.id}"
