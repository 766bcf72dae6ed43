"""What stands before the text: marks, facts, and what the PDF's cover needs."""

from __future__ import annotations

import json
import unicodedata

from analysis.base import display
from analysis.report.document import Report, files_beside
from analysis.report.drawing import escape
from analysis.report.drawing.markdown import Markdown, callout, joined, raw

PICTURED = "\ufe0f"  # says of the letter before it that it is a picture


def front(report: Report) -> Markdown:
    """Return all that stands before the text."""
    return joined([titles(report), page_marks(report), simulated_callout(report)])


def titles(report: Report) -> str:
    """Return the declaration's title and subtitle as a block of metadata, which Pandoc reads."""
    declared, words = report.results.words.declaration, report.results.words
    subtitle = declared.subtitle or (
        f"Two logistic regressions that predict {words.high_risk} loans"
    )
    entries = {"title": declared.title, "subtitle": subtitle}
    # JSON is YAML, and no text of it ends the block.
    lines = [
        f"{name}: {json.dumps(escape.markdown(text), ensure_ascii=False)}"
        for name, text in entries.items()
    ]
    return "\n".join(["---", *lines, "---"])


def page_marks(report: Report) -> Markdown:
    """Return the page's mark and facts, and what the PDF needs.

    The PDF's cover, running head and foot read their texts from the states set here.
    """
    head = "Simulated data: no loan in this report is real" if report.simulated else ""
    pairs = [
        f"({escape.in_typst(name)}, {escape.in_typst(text)})"
        for name, text in cover_facts(report).items()
    ]
    roles = [escape.in_typst(role) for role in report.settings.sign_off]
    states = [
        f"#report-head.update({escape.in_typst(head)})",
        f"#report-foot.update({escape.in_typst(report.footer)})",
        f"#report-facts.update(({', '.join(pairs)},))",
        f"#report-roles.update(({', '.join(roles)},))",
        f"#report-symbols.update({_symbols(report)})",
    ]
    return joined([raw("typst", "\n".join(states)), raw("html", _html_marks(report, head))])


def _symbols(report: Report) -> str:
    """Return the symbols of what is declared and stated with their names, as a Typst dictionary.

    The PDF's fonts have no emoji: in place of one stands what Unicode calls it.
    """
    told = f"{report.results.words.declaration}{report.settings}{report.results.data.name}"
    names = {each: f"[{unicodedata.name(each, '').lower()}]" for each in told if _is_symbol(each)}
    names |= {PICTURED: ""} if PICTURED in told else {}
    entries = [
        f"{escape.in_typst(each)}: {escape.in_typst(name)}" for each, name in sorted(names.items())
    ]
    return f"({', '.join(entries) or ':'})"


def _is_symbol(letter: str) -> bool:
    return unicodedata.category(letter) == "So" and bool(unicodedata.name(letter, ""))


def _html_marks(report: Report, simulated: str) -> str:
    """Draw what stands under the title: the mark of simulated data, the facts, the files.

    The mark stays in sight.
    """
    mark = f'<p class="simulated-mark">{escape.in_html(simulated)}</p>' if simulated else ""
    facts = "".join(
        f"<dt>{escape.in_html(name)}</dt><dd>{escape.in_html(text)}</dd>"
        for name, text in cover_facts(report).items()
    )
    links = ", ".join(f'<a href="{name}">{name}</a>' for name in files_beside())
    return f'{mark}<dl class="report-facts">{facts}<dt>Files</dt><dd>{links}</dd></dl>'


def cover_facts(report: Report) -> dict[str, str]:
    """Return what a reader wants to know of the report before reading it, name to text."""
    model, portfolio = report.settings.model, report.results.data
    data_text = "Simulated portfolio" if report.simulated else portfolio.name
    verified = ", verified as the published report\u2019s" if portfolio.known else ""
    return {
        "Model": f"{model.name}, version {model.version}",
        "Status": model.status,
        "Data": f"{data_text}{verified}, {display.count(portfolio.rows)} loans",
        "Date": report.provenance.date,
        "Owner": model.owner,
    }


def simulated_callout(report: Report) -> Markdown:
    """Return the callout that says that the data are simulated; nothing for a file."""
    if not report.simulated:
        return Markdown()
    return callout(
        "warning",
        "Simulated data",
        "No loan in this report is real. No loan file was given, so the figures describe a "
        "portfolio that this program generated to have the structure of the published one. "
        "They show what the report looks like and say nothing about any lender.",
    )
