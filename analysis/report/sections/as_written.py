"""The report as somebody wrote it, held against the loan file: what in it is wrong."""

from __future__ import annotations

from analysis.audit import show
from analysis.audit.judging.judged import NOT_JUDGED, RIGHT, WRONG
from analysis.audit.report import Audit
from analysis.report.drawing import escape
from analysis.report.drawing.markdown import Markdown, bullets, joined


def section(audit: Audit) -> Markdown:
    """Return the section."""
    wrong = [f"{what}. {instead}." for what, instead in show.wrong(audit)]
    lines = [each[0].upper() + each[1:] for each in (*wrong, *audit.notes)]
    return joined(["## The report as written", escape.markdown(_summary(audit)), bullets(lines)])


def _summary(audit: Audit) -> str:
    counts = audit.counts
    pictures = len(audit.images)
    unread = f" Pictures in it that were not read: {pictures}." if pictures else ""
    return (
        f"{audit.name} was held against the loan file. Of its figures and claims {counts[RIGHT]:,} "
        f"are right to the decimals shown, {counts[WRONG]:,} wrong and {counts[NOT_JUDGED]:,} "
        f"not judged. {show.recipe(audit)}{unread}"
    )
