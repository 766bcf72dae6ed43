"""Exchange a report for the one in its place: in one step where the system can, else in several."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from render import earlier

# What a scaffold holds besides its lock: the report that is being built, the one it replaces, and
# that one while it is moved piece by piece.
NEW, EARLIER, LEAVING = "new", "earlier", "leaving"
AT_FOLDER, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2


def swap(folder: Path, place: Path) -> str:
    """Put a new report in the place of an earlier one; say why not where that is another's now."""
    if place in folder.parents:
        return _swap_content(folder, place)
    with contextlib.suppress(OSError):
        folder.rename(place)  # the place is new, or an empty folder
        return ""
    if _exchanged(folder, place):
        problem = earlier.problem(folder)
        if problem and _exchanged(folder, place):  # what came at the last moment is not lost
            return problem
        return ""
    return _renamed(folder, place)


def _renamed(folder: Path, place: Path) -> str:
    """Exchange two folders in two renames."""
    aside = folder.with_name(EARLIER)
    try:
        place.rename(aside)
    except OSError:  # a folder that must stay where it is
        return _swap_content(folder, place)
    if problem := earlier.problem(aside):
        aside.rename(place)
        return problem
    folder.rename(place)
    return ""


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can."""
    # fails only where the C library or the file system knows no exchange
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = (AT_FOLDER, os.fsencode(one), AT_FOLDER, os.fsencode(other), EXCHANGE)
    return rename is not None and rename(*names) == 0


def _swap_content(folder: Path, place: Path) -> str:
    """Exchange what two folders hold, file by file; what is killed midway is put back later."""
    leaving = folder.with_name(LEAVING)
    leaving.mkdir()
    with _only_one(place):
        for each in earlier.contents(place):
            each.rename(leaving / each.name)
        if problem := earlier.problem(leaving):
            _put_back(leaving, place)
            return problem
        leaving.rename(folder.with_name(EARLIER))
        for each in folder.iterdir():
            each.rename(place / each.name)
    return ""


@contextlib.contextmanager
def _only_one(place: Path) -> Iterator[None]:
    """Let one process at a time exchange what a folder holds."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def recover(left: Path, place: Path) -> None:
    """Put back a report whose run was killed while it was replaced."""
    with contextlib.suppress(OSError):
        (left / EARLIER).rename(place)  # between the two renames
        return
    if (left / EARLIER).is_dir() and (left / NEW).is_dir() and list((left / NEW).iterdir()):
        for each in earlier.contents(place):
            each.rename(left / NEW / each.name)
        _put_back(left / EARLIER, place)
    elif (left / LEAVING).is_dir():
        _put_back(left / LEAVING, place)


def _put_back(aside: Path, place: Path) -> None:
    for each in aside.iterdir():
        each.rename(place / each.name)
