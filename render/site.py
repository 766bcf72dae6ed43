"""Put a finished report in its place: all of it at once, or nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

from analysis.differences import CHECKSUMS, checksums
from analysis.errors import InputError
from render import scaffold

PAGE, PDF, RESULTS, TABLES = "index.html", "report.pdf", "results.json", "tables"
OURS = {PAGE, PDF, RESULTS, TABLES, CHECKSUMS}
# What a scaffold holds besides its lock: the report that is being built, the one it replaces.
NEW, EARLIER = "new", "earlier"
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
    with contextlib.ExitStack() as stack:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # Its lock stays outside what becomes the report, so that it is held until the end.
            built = stack.enter_context(
                scaffold.made(
                    place.parent, f".{place.name}.partial-", lambda left: _recover(left, place)
                )
            )
            folder = built / NEW
            folder.mkdir()
        except OSError as error:
            raise _unwritable(place, f"it cannot be written ({error.strerror})") from None
        yield folder
        (folder / CHECKSUMS).write_text(checksums(folder), encoding="utf-8")
        check(place)
        _swap(folder, place)


def check(place: Path) -> None:
    """Refuse a place that holds anything but an earlier report: a render would remove it.

    Raises
    ------
    InputError
        Naming the first thing that is not ours.
    """
    try:
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise _unwritable(place, "this is not a folder")
        strange = sorted({each.name for each in place.iterdir()} - OURS) if place.exists() else []
    except OSError as error:
        raise _unwritable(place, f"it cannot be read ({error.strerror})") from None
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


def _recover(left: Path, place: Path) -> None:
    """Put back a report whose run was killed between the two renames."""
    with contextlib.suppress(OSError):
        (left / EARLIER).rename(place)
