"""Put a finished report in its place: all of it at once, or nothing."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from analysis.differences import CHECKSUMS, checksums
from analysis.errors import InputError

PAGE, PDF, RESULTS, TABLES = "index.html", "report.pdf", "results.json", "tables"
OURS = {PAGE, PDF, RESULTS, TABLES, CHECKSUMS}
# What a scaffold holds: the lock of its run, the report that is being built, the one it replaces.
LOCK, NEW, EARLIER = ".lock", "new", "earlier"
MOMENT = 60  # seconds that a run may take from making its scaffold to locking it
AT_FOLDER, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2


@contextlib.contextmanager
def staged(place: Path) -> Iterator[Path]:
    """Give a folder beside `place` to build in, and swap it in when the block ends well.

    Whatever ends the block otherwise leaves `place` as it was. What a killed run left is removed
    by the next one.

    Raises
    ------
    InputError
        When `place` cannot be written to, or holds something that is not an earlier report.
    """
    check(place)
    prefix = f".{place.name}.partial-"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place, prefix)
        scaffold = Path(tempfile.mkdtemp(prefix=prefix, dir=place.parent))
    except OSError as error:
        raise _unwritable(place, f"it cannot be written ({error.strerror})") from None
    try:
        # The lock stays outside what becomes the report, so that it is held until the very end.
        with (scaffold / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder = scaffold / NEW
            folder.mkdir()
            yield folder
            (folder / CHECKSUMS).write_text(checksums(folder), encoding="utf-8")
            check(place)
            _swap(folder, place)
    finally:
        shutil.rmtree(scaffold, ignore_errors=True)


def check(place: Path) -> None:
    """Refuse a place that holds anything but an earlier report: a render would remove it.

    Raises
    ------
    InputError
        Naming the first thing that is not ours.
    """
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise _unwritable(place, "this is not a folder")
    strange = sorted({each.name for each in place.iterdir()} - OURS) if place.exists() else []
    if strange:
        raise _unwritable(place, f"the folder holds {strange[0]!r}, which is not of a report")


def _unwritable(place: Path, problem: str) -> InputError:
    return InputError.of_file(
        str(place),
        problem,
        "a new folder, an empty one, or one that an earlier report is in",
        "name another folder with --out",
    )


def _swap(folder: Path, place: Path) -> None:
    """Exchange two folders in one step where the system can, else in two renames."""
    with contextlib.suppress(OSError):
        folder.rename(place)  # the place is new, or an empty folder
        return
    # fails only where the C library or the file system knows no exchange
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = (AT_FOLDER, os.fsencode(folder), AT_FOLDER, os.fsencode(place), EXCHANGE)
    if rename is not None and rename(*names) == 0:
        return
    place.rename(folder.with_name(EARLIER))
    folder.rename(place)


def _sweep(place: Path, prefix: str) -> None:
    """Remove what killed runs left: scaffolds of ours that no living run holds a lock on."""
    for scaffold in place.parent.iterdir():
        if not scaffold.name.startswith(prefix):
            continue
        with contextlib.suppress(OSError):
            if _abandoned(scaffold):
                with contextlib.suppress(OSError):
                    (scaffold / EARLIER).rename(place)  # killed between the two renames
                shutil.rmtree(scaffold, ignore_errors=True)


def _abandoned(scaffold: Path) -> bool:
    """Return whether the run that made a scaffold has ended; OSError while it lives."""
    if not (scaffold / LOCK).exists():  # not yet locked, or killed before it was or after removal
        return time.time() - scaffold.stat().st_mtime > MOMENT
    with (scaffold / LOCK).open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
