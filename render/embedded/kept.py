"""What the document's code gave, kept for renders in which only its prose is another."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from analysis.base import files, progress, project
from analysis.base.errors import InputError
from analysis.base.project import KEPT, ROOT
from analysis.portfolio import file
from analysis.record import provenance
from render.embedded import qmd

FOLDER = KEPT / "documents"
MOST = 20  # documents on file; the oldest go first
HERE = Path(__file__).resolve().parent
# What cells read besides the loan file and the libraries, and what decides how their output is read
READ = (
    ROOT / "settings.yml",
    ROOT / "data" / "SOURCE.yml",
    HERE / "execute.py",
    ROOT / "analysis" / "report" / "sections" / "explorer.js",
    HERE / "qmd.py",
)
# What the document's cells load; while the results are computed, this costs no time.
LOADED = (
    "render.embedded.execute",
    "analysis.report.document",
    "analysis.report.sections.thresholds",
    "matplotlib.figure",
)
DRAWING = re.compile(r"!\[\]\(([^)]+)\)")


@dataclass(frozen=True)
class Executed:
    """A document's code, executed.

    Attributes
    ----------
    results : str
        results.json of the data that the document is about.
    outputs : list of list of str
        What the code gave, as `qmd.Document.woven` takes it.
    """

    results: str
    outputs: list[list[str]]


def executed(document: qmd.Document, path: Path | None) -> Executed:
    """Return what a document's code gives, executed at most once for the same data and code.

    Parameters
    ----------
    path : Path or None
        The loan file; None for the simulated portfolio.

    Raises
    ------
    InputError
        When the file cannot be used; nothing is kept then.
    render.execute.CellError
        When a cell or an inline value fails, warns, or shows what is not Markdown.
    """
    key, earlier = _key(document, path), _earlier()
    # Since a report with the same figures, nothing is new.
    alone, since = (FOLDER / f"{name}.json" for name in (key, f"{key}-{_digest(earlier)}"))
    found = _read(alone)
    if found is None or earlier not in {"", _figures(found.results)}:
        found = _read(since)
    if found is None:
        found = _execute(document, path)
        if key == _key(document, path):  # the file is the one that was read
            _keep(alone if earlier in {"", _figures(found.results)} else since, found)
    return found


def _execute(document: qmd.Document, path: Path | None) -> Executed:
    # Loaded here: a render of what is kept needs none of the libraries behind these.
    from analysis.base import parallel  # noqa: PLC0415

    with parallel.beside(partial(_results, path)) as waiting:
        for name in LOADED:
            importlib.import_module(name)
        results = waiting()
    from render.embedded import execute  # noqa: PLC0415

    with progress.stage("Running the document", len(document.blocks)) as step:
        outputs = execute.execute(document, {"data": str(path or "")}, ROOT, step)
    return Executed(results, outputs)


def _earlier() -> str:
    """Return the figures of the report that the new one is to replace; "" where there is none."""
    try:
        path = Path(os.environ[project.PREVIOUS])
        return _figures(path.read_text(encoding="utf-8", errors="replace"))
    except (KeyError, OSError):
        return ""


def _figures(results: str) -> str:
    """Return a results.json without what no later report speaks of: what it was made with."""
    try:
        return json.dumps(json.loads(results) | {"provenance": None})
    except (ValueError, TypeError, RecursionError):  # not one of ours
        return results


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _results(path: Path | None) -> str:
    from analysis.record import export  # noqa: PLC0415

    return export.text(path)


def _key(document: qmd.Document, path: Path | None) -> str:
    """Return a fingerprint of all that the outputs follow from, but for the earlier report."""
    parts = [
        file.fingerprint(path) if path else "",
        asdict(provenance.trace(path.name if path else None)),
        version("ipython"),
        os.environ.get(project.FILES, ""),
        [each.read_text(encoding="utf-8") for each in READ],
        document.code,  # cells with their options
    ]
    return _digest(json.dumps(parts))


def _read(place: Path) -> Executed | None:
    """Return what is kept in a file; None where it is none, or a drawing that it shows is gone."""
    try:
        found = Executed(**json.loads(place.read_bytes()))
        for each in (place, *_drawings(found)):
            os.utime(each)  # so that what is used stays
    except (OSError, ValueError, TypeError):
        return None
    return found


def _drawings(found: Executed) -> list[Path]:
    text = "".join(each for block in found.outputs for each in block)
    return [ROOT / name for name in DRAWING.findall(text)]


def _keep(place: Path, found: Executed) -> None:
    """Keep a document in a file and remove the oldest, where the folder can be written to."""
    try:
        files.make_folder(FOLDER)
        files.write(place, json.dumps(asdict(found)).encode())
        kept = sorted(FOLDER.iterdir(), key=lambda each: each.stat().st_mtime_ns)
        for each in kept[:-MOST]:
            each.unlink()
    except (OSError, InputError):
        return
