"""The list of checksums beside a report, and which of its files are not as it has them."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from analysis.base.errors import InputError
from analysis.base.files import read_small

NAME = "SHA256SUMS"
LARGEST = 1_000_000  # bytes; a report's list has some hundred
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
ALLOWED = "the list of checksums that make report wrote beside the report"
REMEDY = "render the report again, or name another folder"


def of(folder: Path) -> str:
    """Return the SHA-256 of every file of a report, in the form that sha256sum reads."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name[0] != "." and path.name != NAME
    )
    return "".join(f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def edited(folder: Path) -> list[str]:
    """Name the files of a report that are not as they were written, hidden ones too.

    Raises
    ------
    InputError
        When the report has no list of checksums, or holds what cannot be read.
    """
    written = stated(folder)
    found = {name: digest(folder / name) for name in _names(folder)}
    return [name for name in sorted(written | found) if written.get(name) != found.get(name)]


def stated(folder: Path) -> dict[str, str]:
    """Read the list of checksums of a report, name to checksum.

    Raises
    ------
    InputError
        When there is none.
    """
    path = folder / NAME
    content = read_small(path, LARGEST, ALLOWED, REMEDY)
    try:
        lines = content.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        lines = [""]
    pairs = [LINE.fullmatch(line) for line in lines]
    wrong = next((number for number, pair in enumerate(pairs, 1) if pair is None), None)
    if wrong:
        problem = f"it cannot be read (line {wrong} is no checksum and name)"
        raise InputError.of_file(str(path), problem, ALLOWED, REMEDY)
    return {pair[2]: pair[1] for pair in pairs if pair}


def _names(folder: Path) -> list[str]:
    """List what lies in a folder and those below, but for the list itself; links as they are."""

    def unreadable(error: OSError) -> None:
        raise _refuse(Path(error.filename or folder), error)

    return [
        path.relative_to(folder).as_posix()
        for place, folders, files in os.walk(folder, onerror=unreadable)
        for path in (Path(place, name) for name in [*files, *folders])
        if path != folder / NAME and (path.is_symlink() or not path.is_dir())
    ]


def digest(path: Path) -> str:
    """Return a file's checksum; "" for a link, a pipe or a device, which no render writes.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        return _digest(path)
    except OSError as error:
        raise _refuse(path, error) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse(path: Path, error: OSError) -> InputError:
    problem = f"it cannot be read ({error.strerror or error})"
    return InputError.of_file(str(path), problem, "a report's file that may be read", REMEDY)
