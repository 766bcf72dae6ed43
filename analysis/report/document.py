"""What report.qmd loads once, and the parts of it that no section has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.base import files, project
from analysis.base.settings import Settings
from analysis.portfolio import file, read
from analysis.record import differences, export, made, stated
from analysis.record.provenance import Provenance
from analysis.report import consistency, pictures
from analysis.report.drawing import escape
from analysis.report.drawing.figures import Picture
from analysis.report.drawing.markdown import Markdown, bullets, joined, only, raw
from analysis.report.sections import provenance as provenance_section
from analysis.results import Results


@dataclass(frozen=True)
class Report:
    """All that the document shows: results, their provenance, the owner's settings, figures."""

    results: Results
    provenance: Provenance
    settings: Settings
    pictures: Mapping[str, Picture]

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
    handed = made.handed_over()
    found = handed or made.of(file.locate(given))
    consistency.check(found.results)
    if not handed and (place := project.rendered()):  # else a render writes them itself
        files.write(place, found.json.encode(), mode=0o600)
    drawn = pictures.drawn(found.results)
    return Report(found.results, found.provenance, found.settings, drawn)


def foot(report: Report) -> Markdown:
    """Return the page's foot: links to the files beside it, and the report's fingerprints."""
    files = "Files: " + ", ".join(f"[{name}]({name})" for name in files_beside())
    element = raw("html", '<footer class="report-foot">'), raw("html", "</footer>")
    return only("html", joined([element[0], files, escape.markdown(report.footer), element[1]]))


def files_beside() -> list[str]:
    """Return the names of the files that lie beside the page."""
    return os.environ.get(project.FILES, "report.pdf results.json").split()


def since_last(report: Report) -> Markdown:
    """Return the section "Since the last report"; nothing where none was asked for.

    Raises
    ------
    InputError
        When the file that `project.SINCE` names holds no results of a report.
    """
    path = os.environ.get(project.SINCE)
    if not path:
        return Markdown()
    old = stated.load(Path(path))
    lines = differences.summary(old, export.to_dict(report.results, report.provenance))
    same = f"No figure is another than in the report of {old['provenance'].get('date', 'then')}."
    return joined(["## Since the last report", bullets(lines or [same])])


def as_written() -> Markdown:
    """Return the section "The report as written"; nothing where none was named.

    Raises
    ------
    InputError
        When the report that `project.AUDIT` names cannot be read.
    """
    path = os.environ.get(project.AUDIT)
    if not path:
        return Markdown()
    # Loaded here, since few reports are asked for it.
    from analysis.audit import report as audits  # noqa: PLC0415
    from analysis.audit.reading import written  # noqa: PLC0415
    from analysis.report.sections import as_written as section  # noqa: PLC0415

    data = file.locate()
    found = (
        audits.audit(Path(path), data)
        if data
        else audits.of(written.read(Path(path)), read.simulated())
    )
    return section.section(found)


def asked_for(report: Report) -> Markdown:
    """Return the sections that only some reports have; where none is, a new page of the PDF."""
    found = joined([since_last(report), as_written()])
    return found or raw("typst", "#pagebreak(weak: true)")
