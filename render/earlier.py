"""Whether a folder holds exactly what a render wrote there, so that a new report may replace it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from analysis.record.checksums import NAME as CHECKSUMS
from render import scaffold

PAGE, PDF, RESULTS, TABLES = "index.html", "report.pdf", "results.json", "tables"
OURS = {PAGE, PDF, RESULTS, TABLES, CHECKSUMS}
CHECKSUM = re.compile(r"([0-9a-f]{64})  (.+)")


def prefix(place: Path) -> str:
    """Return how the names of folders begin in which the report of a place is built."""
    return f".{place.name}.partial-"


def strange_name(place: Path) -> str:
    """Say at a glance why a place is not to be touched; "" where nothing speaks against it."""
    try:
        if place.exists() and not place.is_dir():
            return "this is not a folder"
        held = contents(place)
        folders = [place, *(each for each in held if each.is_dir())] if place.exists() else []
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if strange := sorted(each.name for each in held if each.name not in OURS):
        return f"the folder holds {strange[0]!r}, which is not of a report"
    if not all(os.access(each, os.W_OK | os.X_OK) for each in folders):
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
        return _compared(place, _checksums(place))
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    except ValueError:
        return f"it has no {CHECKSUMS} of a report: nothing says that what it holds is one"


def _compared(place: Path, stated: dict[str, str]) -> str:
    """Hold each file and folder of a place against its list of checksums."""
    for folder, folders, files in os.walk(place):
        here = Path(folder).relative_to(place)
        if here == Path():
            folders[:] = [each for each in folders if each in OURS]
        elif not files and not folders:
            return f"the folder {str(here)!r} is not of a report"
        for name in sorted(files):
            path = here / name
            if path.as_posix() != CHECKSUMS and not _as_written(place, path, stated):
                return f"{path.as_posix()!r} is not as {CHECKSUMS} has it: no render wrote it"
    return f"{sorted(stated)[0]!r} of the earlier report is gone" if stated else ""


def _checksums(place: Path) -> dict[str, str]:
    """Read a report's list of checksums, name to checksum; ValueError where there is none."""
    path = place / CHECKSUMS
    if path.is_symlink() or not path.is_file():
        raise ValueError
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [CHECKSUM.fullmatch(line) for line in lines]
    found = {pair[2]: pair[1] for pair in pairs if pair}
    if not found or len(found) < len(lines):
        raise ValueError
    return found


def _as_written(place: Path, path: Path, stated: dict[str, str]) -> bool:
    """Return whether a file is as its checksum has it, which is used up then."""
    expected = stated.pop(path.as_posix(), None)
    whole = place / path
    if expected is None or whole.is_symlink() or not whole.is_file():
        return False
    return path.as_posix() == RESULTS or _digest(whole) == expected


def damaged(place: Path) -> bool:
    """Return whether the results.json of an earlier report is not as it was written."""
    try:
        return _digest(place / RESULTS) != _checksums(place).get(RESULTS)
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def left_out(place: Path, made: Collection[str]) -> str:
    """Say what an earlier report has that the new one will not; "" where there is nothing."""
    lost = [name for name in (PAGE, PDF) if name not in made and (place / name).exists()]
    return f"the earlier report has {lost[0]}, which this one would not" if lost else ""
