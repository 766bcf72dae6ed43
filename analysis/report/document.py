"""What report.qmd calls: load the results once, say text as Markdown."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.base import files, project
from analysis.base.settings import Settings
from analysis.portfolio import file
from analysis.record import differences, export, made, stated
from analysis.record.provenance import Provenance
from analysis.report import consistency, pictures
from analysis.report.drawing import escape
from analysis.report.drawing.figures import Picture
from analysis.report.sections import provenance as provenance_section
from analysis.results import Results

FENCE = escape.FENCE


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
    """Load what a render has computed; else the results for a loan file.

    Parameters
    ----------
    given : str
        The loan file where no render has computed anything; by default the one that
        `file.locate` finds.

    Raises
    ------
    InputError
        When the file cannot be used.
    ContradictionError
        When the results do not fit each other.
    """
    found = made.handed_over() or made.of(file.locate(given))
    consistency.check(found.results)
    if place := project.rendered():
        files.write(place, found.json.encode(), mode=0o600)
    drawn = pictures.drawn(found.results)
    return Report(found.results, found.provenance, found.settings, drawn)


class Markdown(str):
    """A text that a document shows as the Markdown that it is."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        # In place of an empty value Quarto would show the code that gave it.
        return str(self) or "<!-- -->"


def say(text: str) -> Markdown:
    """Return a sentence for an inline value: plain text, which a document shows as it is."""
    return show(escape.said(text))


def show(text: str) -> Markdown:
    """Return Markdown for an inline value, which would show its marks.

    Nothing is a space, since Quarto shows the code of a value that is empty.
    """
    return Markdown(text or " ")


def downloads() -> str:
    """Return links to the files that lie beside the page, as Markdown."""
    return "Files: " + ", ".join(f"[{name}]({name})" for name in files_beside())


def files_beside() -> list[str]:
    """Return the names of the files that lie beside the page."""
    return os.environ.get(project.FILES, "report.pdf results.json").split()


def since_last(report: Report) -> str:
    """Return the section "Since the last report" as Markdown; nothing where none was asked for.

    Raises
    ------
    InputError
        When the file that `project.SINCE` names holds no results of a report.
    """
    path = os.environ.get(project.SINCE)
    if not path:
        return ""
    old = stated.load(Path(path))
    lines = differences.summary(old, export.to_dict(report.results, report.provenance))
    same = f"No figure is another than in the report of {old['provenance'].get('date', 'then')}."
    return f"## Since the last report\n\n{bullets(lines or [same])}"


def as_written() -> str:
    """Return the section "The report as written" as Markdown; nothing where none was named.

    Raises
    ------
    InputError
        When the report that `project.AUDIT` names cannot be read.
    """
    path = os.environ.get(project.AUDIT)
    if not path:
        return ""
    # Loaded here, since few reports are asked for it.
    from analysis.audit import report as audit  # noqa: PLC0415
    from analysis.report.sections import as_written as section  # noqa: PLC0415

    return section.section(audit.audited(Path(path), file.locate()))


def asked_for(report: Report) -> str:
    """Return the sections that only some reports have, as Markdown; nothing where none is."""
    return "\n\n".join(each for each in (since_last(report), as_written()) if each)


def bullets(lines: Iterable[str]) -> str:
    """Return lines of plain text as a Markdown list."""
    return "\n".join(f"- {escape.markdown(line)}" for line in lines)


def page_break() -> str:
    """Return what starts a new page in the PDF."""
    return f"{FENCE}{{=typst}}\n#pagebreak(weak: true)\n{FENCE}"
