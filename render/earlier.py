"""Whether a folder holds exactly what a render wrote there, so that a new report may replace it."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from analysis.base.errors import InputError
from analysis.record import checksums
from render import scaffold

PAGE, PDF, RESULTS = "index.html", "report.pdf", "results.json"
OURS = {PAGE, PDF, RESULTS, checksums.NAME}


def prefix(place: Path) -> str:
    """Return how the names of folders begin in which the report of a place is built."""
    return f".{place.name}.partial-"


def strange_name(place: Path) -> str:
    """Say at a glance why a place is not to be touched; "" where nothing speaks against it."""
    try:
        if place.exists() and not place.is_dir():
            return "this is not a folder"
        held = contents(place)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if strange := sorted(each.name for each in held if each.name not in OURS):
        return f"the folder holds {strange[0]!r}, which is not of a report"
    if place.exists() and not os.access(place, os.W_OK | os.X_OK):
        return "it cannot be written (no permission, or a file system that is read only)"
    return ""


def contents(place: Path) -> list[Path]:
    """List what a place holds, but for unfinished work of the program's own."""
    if not place.exists():
        return []
    return [each for each in place.iterdir() if not scaffold.ours(each, prefix(place))]


def problem(place: Path) -> str:
    """Say why a place does not hold exactly what a render wrote there; "" where it does.

    Its checksums must cover each file that is there, and each file be as they have it; but for
    results.json, which no person edits: damaged, it would bar the way for good.
    """
    if strange := strange_name(place):
        return strange
    if not contents(place):
        return ""
    try:
        stated = checksums.stated(place)
    except InputError:
        return f"it has no {checksums.NAME} of a report: nothing says that what it holds is one"
    try:
        found = {each.name: checksums.digest(each) for each in contents(place)}
    except InputError as error:
        return error.faults[0].problem
    return _compared(stated, found)


def _compared(stated: dict[str, str], found: dict[str, str]) -> str:
    """Hold the files of a place against its list of checksums."""
    unheld = {checksums.NAME} | ({RESULTS} if stated.get(RESULTS) and found.get(RESULTS) else set())
    for name in sorted((stated.keys() | found.keys()) - unheld):
        if name not in found:
            return f"{name!r} of the earlier report is gone"
        if stated.get(name) != found[name]:
            return f"{name!r} is not as {checksums.NAME} has it: no render wrote it"
    return ""


def damaged(place: Path) -> bool:
    """Return whether the results.json of an earlier report is not as it was written."""
    try:
        return checksums.digest(place / RESULTS) != checksums.stated(place).get(RESULTS)
    except InputError:
        return False


def left_out(place: Path, made: Collection[str]) -> str:
    """Say what an earlier report has that the new one will not; "" where there is nothing."""
    lost = [name for name in (PAGE, PDF) if name not in made and (place / name).exists()]
    return f"the earlier report has {lost[0]}, which this one would not" if lost else ""
