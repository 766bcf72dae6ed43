"""What report.qmd calls: load the results once, show tables, figures and text as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from great_tables import GT

from analysis import cache, data, display, prose, provenance, settings, tables
from analysis.provenance import Provenance
from analysis.results import Results

FENCE = tables.FENCE


@dataclass(frozen=True)
class Report:
    """The results with their provenance: all that the document draws from."""

    results: Results
    provenance: Provenance

    @property
    def simulated(self) -> bool:
        """Whether no loan in the report is real."""
        return self.results.data.source == "simulated"

    @property
    def footer(self) -> str:
        """The line at the foot of every page, ready for Markdown."""
        return display.markdown(prose.footer(self.results, self.provenance))


def load(given: str = "") -> Report:
    """Load the results for a loan file, by default the one that `data.locate` finds.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    results = cache.results(given)
    path = data.locate(given)
    return Report(results, provenance.trace(path.name if path else None))


def show(item: str | GT) -> None:
    """Print Markdown, or a table as a raw block of it, from a cell with `output: asis`."""
    print(tables.block(item) if isinstance(item, GT) else f"\n{item}\n")  # noqa: T201 -- its job


def page_marks(report: Report) -> str:
    """Return what stands before the text: the page's mark and facts, and what the PDF needs.

    The PDF's cover, running head and foot read their texts from the states set here.
    """
    head = "Simulated data: no loan in this report is real" if report.simulated else ""
    foot = prose.footer(report.results, report.provenance)
    pairs = [
        f"({display.in_typst(name)}, {display.in_typst(text)})"
        for name, text in cover_facts(report).items()
    ]
    roles = [display.in_typst(role) for role in settings.load().sign_off]
    return (
        f"{FENCE}{{=typst}}\n"
        f"#report-head.update({display.in_typst(head)})\n"
        f"#report-foot.update({display.in_typst(foot)})\n"
        f"#report-facts.update(({', '.join(pairs)},))\n"
        f"#report-roles.update(({', '.join(roles)},))\n"
        f"{FENCE}\n\n"
        f"{FENCE}{{=html}}\n{_html_marks(report, head)}\n{FENCE}"
    )


def _html_marks(report: Report, simulated: str) -> str:
    """Draw the mark of simulated data, which stays in sight, and the facts under the title."""
    mark = f'<p class="simulated-mark">{display.in_html(simulated)}</p>' if simulated else ""
    facts = "".join(
        f"<dt>{display.in_html(name)}</dt><dd>{display.in_html(text)}</dd>"
        for name, text in cover_facts(report).items()
    )
    return f'{mark}<dl class="report-facts">{facts}</dl>'


def cover_facts(report: Report) -> dict[str, str]:
    """Return what a reader wants to know of the report before reading it, name to text."""
    model, portfolio = settings.load().model, report.results.data
    data_text = "Simulated portfolio" if report.simulated else portfolio.name
    verified = ", verified as the published report's" if portfolio.known else ""
    return {
        "Model": f"{model.name}, version {model.version}",
        "Status": model.status,
        "Data": f"{data_text}{verified}, {display.count(portfolio.rows)} loans",
        "Date": report.provenance.date,
        "Owner": model.owner,
    }


def simulated_callout(report: Report) -> str:
    """Return the callout that says that the data are simulated; nothing for a file."""
    if not report.simulated:
        return ""
    return (
        "::: {.callout-warning}\n"
        "## Simulated data\n\n"
        "No loan in this report is real. No loan file was given, so the figures describe a "
        "portfolio that this program generated to have the structure of the published one. "
        "They show what the report looks like and say nothing about any lender.\n"
        ":::"
    )
