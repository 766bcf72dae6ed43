"""Whether a report's figures still come out: what was seen, and what cannot be seen."""

from __future__ import annotations

import filecmp
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.base import project, settings
from analysis.base.errors import InputError
from analysis.portfolio import file
from analysis.portfolio.database.address import DataSource
from analysis.record import cache, checksums, differences, export, provenance, stated
from analysis.record.differences import Change

RESULTS = "results.json"
PAGES = {"index.html": "html", "report.pdf": "pdf"}
# How a page and a PDF that Quarto wrote agree with those of the embedded route.
SEEN = {
    "index.html": "the same elements and texts, other white space",
    "report.pdf": "the same text on each page; its drawings were not compared",
}
PROVENANCE, NAME = "provenance.", "data.name"
# Which state of a database was read, also of tables other than the loans'.
SNAPSHOT = "data.database.snapshot"
# What nobody can compute again: whatever is written there is taken as it stands.
TAKEN = ("provenance.date",)
AGREES = (
    "every figure comes out again, computed afresh, to within "
    f"{differences.RELATIVE:g} of itself, and each file is as {checksums.NAME} has it"
)
LIMITS = (
    "not seen: the date, who signed, and a change of this program itself; "
    f"{checksums.NAME} shows accidents, not who wrote a file"
)


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes
    ----------
    wrong : list of str
        What is not as it was computed or written, a line each.
    notes : list of str
        What a reader of the report should know besides, and what was not seen.
    """

    wrong: list[str]
    notes: list[str]


def verify(folder: Path, data: str | None = None) -> Verification:
    """Compute a report's figures afresh, and make its page again, whatever is kept.

    Parameters
    ----------
    folder : Path
        A report's.
    data : str, optional
        Its loan file; else the one that `file.locate` finds.

    Raises
    ------
    InputError
        When the folder holds no report, or the loans are not those of the report.
    """
    found = stated.load(folder / RESULTS)
    edited = checksums.edited(folder)
    path = _loans(folder, found, data)
    fingerprint = found["data"]["sha256"] if path else ""
    results = cache.computed(path, settings.load().cost_ratio, fingerprint)
    here = provenance.trace(path)
    computed = json.loads(export.to_json(results, here))
    changed = differences.changes(found, computed)
    figures = [each for each in changed if not each.path.startswith((PROVENANCE, NAME, SNAPSHOT))]
    made = [each for each in changed if each not in figures and each.path not in TAKEN]
    reason = "on which that shows" if made else ""
    without = {"provenance": None}  # its date is another day's
    if not (made or figures) and found | without != computed | without:
        reason = "whose last digits follow from the processor, and this one gives others"
    other, unlike = _pages(folder, path, found, reason)
    rewritten = (f"edited: {name} is not as it was written" for name in edited)
    notes = (f"stated, not so here: {each}" for each in made)
    return Verification([*_listed(figures), *rewritten, *other], [*notes, *unlike, LIMITS])


def _loans(folder: Path, found: dict[str, Any], data: str | None) -> DataSource | None:
    """Return the loan file of a report, None for the simulated portfolio."""
    if found["data"].get("source") == "simulated" and not data:
        return None
    path = file.locate(data)
    sha256 = cache.taken(path) if path else ""
    if sha256 != found["data"]["sha256"]:
        here = f"{path.name} ({sha256[:12]})" if path else "the simulated portfolio"
        raise InputError.of_file(
            str(folder),
            f"the report is on {found['data']['name']} ({found['data']['sha256'][:12]}), the data "
            f"found are {here}",
            "the very file that the report was made from",
            "name it with --data",
        )
    return path


def _listed(found: list[Change]) -> Iterator[str]:
    yield from (f"differs: {change}" for change in found[: differences.SHOWN])
    if len(found) > differences.SHOWN:
        yield f"and {len(found) - differences.SHOWN:,} more"


def _pages(
    folder: Path, path: DataSource | None, found: dict[str, Any], reason: str
) -> tuple[list[str], list[str]]:
    """Make a report's page and PDF again: what is wrong with them, and what could not be told.

    Parameters
    ----------
    reason : str
        Why pages that are made here have other bytes; "" where they must have the same.
    """
    names = [name for name in PAGES if (folder / name).is_file()]
    if not names:
        return [], []
    if reason:
        return [], [f"not compared: {' and '.join(names)}, {reason}"]
    with tempfile.TemporaryDirectory() as place:
        again = Path(place, "site")
        formats = [PAGES[name] for name in names]
        if problem := rendered(path, formats, again, str(found["provenance"].get("date"))):
            return [], [f"not compared: {' and '.join(names)} ({problem})"]
        other = [name for name in names if not _equal(folder / name, again / name)]
        alike = [name for name in other if _says_the_same(folder / name, again / name)]
    of_these = "is not what comes of these data, settings.yml and the embedded route"
    return [f"differs: {name} {of_these}" for name in other if name not in alike], [
        f"{name}: {SEEN[name]}" for name in alike
    ]


def _equal(first: Path, second: Path) -> bool:
    return second.is_file() and filecmp.cmp(first, second, shallow=False)


def _says_the_same(first: Path, second: Path) -> bool:
    """Return whether two pages, or two PDFs, show the same, whichever route wrote them."""
    if not second.is_file():
        return False
    contents = _elements if first.suffix == ".html" else _texts
    return contents(first) == contents(second)


def _elements(path: Path) -> list[tuple[str, dict[str, str], str, str]]:
    """Return every element of a page: its name, its attributes, the texts in and after it."""
    from lxml import etree, html  # noqa: PLC0415

    try:
        page = html.parse(path).getroot()
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    return [
        (str(each.tag), dict(each.attrib), _plain(each.text), _plain(each.tail))
        for each in page.iter()
    ]


def _texts(path: Path) -> list[str]:
    """Return the text of each page of a PDF."""
    import pypdf  # noqa: PLC0415

    try:
        return [_plain(each.extract_text()) for each in pypdf.PdfReader(path).pages]
    except pypdf.errors.PyPdfError:
        return []


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def rendered(path: DataSource | None, formats: list[str], place: Path, date: str) -> str:
    """Render a report of a day with the embedded route; say what went wrong, "" for nothing."""
    try:
        day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        return "the report's date is no day"
    command = [sys.executable, "-m", "render", "--quiet", "--engine=embedded", f"--out={place}"]
    command += [f"--to={each}" for each in formats]
    paths = [str(project.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    environment["SOURCE_DATE_EPOCH"] = str(int(day.timestamp()))
    if path:  # in the environment, since an address may hold a password
        environment[project.DATA] = str(path.absolute())
    environment[project.CACHE] = str(place.with_name("kept"))  # nothing that was kept before
    done = subprocess.run(  # noqa: S603 -- no shell
        command, cwd=project.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stderr.strip().splitlines() or [f"rendering ended with {done.returncode}"]
    return said[-1] if done.returncode else ""
