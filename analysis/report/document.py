"""What report.qmd calls: load the results once, show tables, figures and text as Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from great_tables import GT

from analysis.base import project, settings
from analysis.base.errors import InputError
from analysis.base.settings import Settings
from analysis.portfolio import file
from analysis.record import cache, differences, export, provenance
from analysis.record.provenance import Provenance
from analysis.report import consistency, pictures
from analysis.report.drawing import escape, tables
from analysis.report.drawing.figures import Picture
from analysis.report.sections import provenance as provenance_section
from analysis.results import Results

FENCE = tables.FENCE


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
        return provenance_section.footer(self.results, self.provenance)


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
    path = file.locate(given)
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
    return "Files: " + ", ".join(f"[{name}]({name})" for name in files_beside())


def files_beside() -> list[str]:
    """Return the names of the files that lie beside the page."""
    return os.environ.get(project.FILES, "report.pdf").split()


def since_last(report: Report) -> str:
    """Return the section "Since the last report" as Markdown; nothing where nothing changed.

    The last report is the one that this one replaces; `environment.PREVIOUS` names its results.
    """
    path = os.environ.get(project.PREVIOUS)
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
    return "\n".join(f"- {escape.markdown(line)}" for line in lines)


def page_break() -> str:
    """Return what starts a new page in the PDF."""
    return f"{FENCE}{{=typst}}\n#pagebreak(weak: true)\n{FENCE}"
