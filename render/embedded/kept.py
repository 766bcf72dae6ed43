"""What the document's code gave, kept for renders in which only its prose is another."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from analysis.base import libraries, parallel, progress, project, settings
from analysis.base.project import ROOT
from analysis.portfolio.database.address import DataSource
from analysis.record import cache
from render import computed
from render.embedded import qmd

HERE = Path(__file__).resolve().parent
KIND = "documents"  # of what is kept
# What takes part in the outputs besides the analysis: what is read, and how the document is.
READ = (
    ROOT / "analysis" / "report" / "sections" / "explorer.js",
    HERE / "execute.py",
    HERE / "qmd.py",
)
# What both the analysis and the document's cells load, and what the cells alone do: while the
# results are computed, this costs no time.
SHARED = ("analysis.record.made",)
LOADED = (
    "render.embedded.execute",
    "analysis.report.document",
    "analysis.report.sections.thresholds",
    "great_tables",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
)
DRAWINGS = "figures"  # the folder that the document's Markdown names


@dataclass(frozen=True)
class Executed:
    """A document's code, executed.

    Attributes
    ----------
    results : str
        results.json of the data that the document is about.
    outputs : list of list of str
        What the code gave, as `qmd.Document.woven` takes it.
    drawings : dict of str to str
        The figures that the outputs show, by the names of their files.
    """

    results: str
    outputs: list[list[str]]
    drawings: dict[str, str]


def executed(document: qmd.Document, path: DataSource | None) -> Executed:
    """Return what a document's code gives, executed at most once for the same data and code.

    Parameters
    ----------
    path : Path or None
        The loan file; None for the simulated portfolio.

    Raises
    ------
    InputError
        When the file or settings.yml cannot be used; nothing is kept then.
    render.embedded.execute.CellError
        When a cell or an inline value fails or warns.
    """
    settings.load()  # what is wrong with it is said before a large file is read
    fingerprint = cache.taken(path) if path else ""
    key = cache.digest(_parts(document, path, fingerprint))
    kept = cache.found_under(KIND, key)
    if kept is not None:
        return Executed(**kept)
    found = _execute(document, path, fingerprint)
    if key == cache.digest(_parts(document, path, fingerprint)):  # nothing was edited meanwhile
        cache.keep(KIND, key, asdict(found))
    return found


def _execute(document: qmd.Document, path: DataSource | None, fingerprint: str) -> Executed:
    """Compute what the report is made of beside loading what shows it, then run the document."""
    with tempfile.TemporaryDirectory() as name:
        results, drawings = Path(name, "results"), Path(name, DRAWINGS)
        libraries.load(SHARED)
        with parallel.beside(partial(_compute, path, fingerprint, results)) as waiting:
            libraries.load(LOADED)
            text = waiting()
        from render.embedded import execute  # noqa: PLC0415 -- a render of what is kept needs none of it

        # Where this itself runs within Quarto, the document still is for both formats.
        told = {project.RESULTS: str(results), project.FIGURES: str(drawings), project.QUARTO: ""}
        stage = progress.stage("Running the document", len(document.blocks))
        with parallel.variables(told), stage as step:
            outputs = execute.execute(document, {"data": str(path or "")}, ROOT, step)
        drawn = sorted(drawings.iterdir()) if drawings.exists() else []
        return Executed(text, outputs, {each.name: each.read_text("utf-8") for each in drawn})


def _compute(path: DataSource | None, fingerprint: str, place: Path) -> str:
    from analysis.record import made  # noqa: PLC0415 -- as above

    found = made.of(path, fingerprint)
    made.hand_over(found, place)
    return found.json


def _parts(document: qmd.Document, path: DataSource | None, fingerprint: str) -> list[object]:
    """Return all that the outputs follow from."""
    since, audit = os.environ.get(project.SINCE), os.environ.get(project.AUDIT)
    return [
        computed.parts(path, fingerprint),
        os.environ.get(project.FILES, ""),
        Path(since).read_text(encoding="utf-8", errors="replace") if since else "",
        (audit, Path(audit).read_bytes().hex()) if audit else "",
        [each.read_text(encoding="utf-8") for each in READ],
        document.code,  # cells with their options
    ]
