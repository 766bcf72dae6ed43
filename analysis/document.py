"""What report.qmd calls: load the results once, show tables, figures and text as Markdown."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from great_tables import GT

from analysis import (
    cache,
    consistency,
    differences,
    display,
    environment,
    export,
    files,
    loan_file,
    pictures,
    project,
    prose,
    provenance,
    settings,
    tables,
)
from analysis.errors import InputError
from analysis.figures import Picture
from analysis.provenance import Provenance
from analysis.results import Results
from analysis.settings import Settings

FENCE = tables.FENCE
DAY = 86_400  # seconds


@dataclass(frozen=True)
class Report:
    """All that the document shows: results, their provenance, the owner's settings, figures."""

    results: Results
    provenance: Provenance
    settings: Settings
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether no loan in the report is real."""
        return self.results.data.source == "simulated"

    @property
    def footer(self) -> str:
        """The line at the foot of every page, as plain text."""
        return prose.footer(self.results, self.provenance)


def load(given: str = "") -> Report:
    """Load the results for a loan file, by default the one that `loan_file.locate` finds.

    Raises
    ------
    InputError
        When the file cannot be used.
    ContradictionError
        When the results do not fit each other, or the verdict its table.
    """
    results = cache.results(given)
    consistency.check(results)
    path = loan_file.locate(given)
    made_of = provenance.trace(path.name if path else None)
    return Report(results, made_of, settings.load(), pictures.drawn(results))


def show(item: str | GT) -> None:
    """Print Markdown, or a table as raw blocks of it, from a cell with `output: asis`."""
    print(_table(item) if isinstance(item, GT) else f"\n{item}\n")  # noqa: T201 -- its job


def _table(table: GT) -> str:
    markup = tables.block(table)
    # The cells name their table: headers="labels-stub-1 ...".
    name = re.search(r'headers="([\w-]+?)-stub-', markup)
    return markup + (tables.download(markup, f"{name[1]}.csv") if name else "")


def downloads() -> str:
    """Return links to the files that lie beside the page, as Markdown."""
    return "Files: " + ", ".join(f"[{name}]({name})" for name in _files())


def _files() -> list[str]:
    """Return the names of the files that lie beside the page."""
    return os.environ.get(environment.FILES, "report.pdf").split()


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
    roles = [display.in_typst(role) for role in report.settings.sign_off]
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
    """Draw what stands under the title: the mark of simulated data, the facts, the files.

    The mark stays in sight.
    """
    mark = f'<p class="simulated-mark">{display.in_html(simulated)}</p>' if simulated else ""
    facts = "".join(
        f"<dt>{display.in_html(name)}</dt><dd>{display.in_html(text)}</dd>"
        for name, text in cover_facts(report).items()
    )
    links = ", ".join(f'<a href="{name}">{name}</a>' for name in _files())
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


def figure(label: str, caption: str, drawn: Picture) -> str:
    """Return a numbered figure as Markdown: the drawing, its alt text, its data for the page.

    The drawing is kept in a file named after its content, so that two renders at once never
    write different drawings to the same one.

    Parameters
    ----------
    label : str
        `fig-` and a name, unique in the document.
    caption : str
        Markdown, one paragraph.
    """
    digest = hashlib.sha256(drawn.svg.encode()).hexdigest()[:12]
    path = cache.FOLDER / "figures" / f"{label}-{digest}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, drawn.svg.encode())
    _remove_old(path.parent)
    alt = drawn.alt.replace("\\", " ").replace('"', "”")
    place = path.relative_to(project.ROOT).as_posix()
    return (
        f'::: {{#{label}}}\n![]({place}){{fig-alt="{alt}"}}\n\n{caption}\n:::\n\n'
        f'::: {{.content-visible when-format="html"}}\n{_numbers(label, drawn)}\n:::'
    )


def _remove_old(folder: Path) -> None:
    """Remove the drawings that no render has written for a day."""
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another render removed it
            if path.stat().st_mtime < time.time() - DAY:
                path.unlink()


def _numbers(label: str, drawn: Picture) -> str:
    """Return a figure's data as a table that opens at a click."""
    first, *others = drawn.data.columns
    table = tables.draw(
        drawn.data.rename(columns={first: tables.NAME}),
        f"{label}-data",
        first,
        {name: name for name in others},
    )
    head = '<details class="figure-data"><summary>The figure in numbers</summary>'
    return (
        f"{FENCE}{{=html}}\n{head}\n{FENCE}\n{tables.block(table)}\n"
        f"{FENCE}{{=html}}\n</details>\n{FENCE}"
    )


def since_last(report: Report) -> str:
    """Return the section "Since the last report" as Markdown; nothing where nothing changed.

    The last report is the one that this one replaces; `environment.PREVIOUS` names its results.
    """
    path = os.environ.get(environment.PREVIOUS)
    if not path:
        return ""
    try:
        old = differences.load(Path(path))
    except InputError:
        return ""  # not a results file that this version knows: there is nothing to compare
    lines = differences.summary(old, export.to_dict(report.results, report.provenance))
    return f"## Since the last report\n\n{bullets(lines)}" if lines else ""


def bullets(lines: Iterable[str]) -> str:
    """Return lines of plain text as a Markdown list."""
    return "\n".join(f"- {display.markdown(line)}" for line in lines)


def page_break() -> str:
    """Return what starts a new page in the PDF."""
    return f"{FENCE}{{=typst}}\n#pagebreak(weak: true)\n{FENCE}"
