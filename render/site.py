"""Put a finished report in its place: all of it at once, or nothing."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.record import checksums
from render import exchange, scaffold
from render.earlier import PAGE, PDF, RESULTS, damaged, left_out, prefix, problem, strange_name

MOUNTS = Path("/proc/self/mountinfo")


@contextlib.contextmanager
def staged(place: Path, made: Collection[str] = (PAGE, PDF)) -> Iterator[Path]:
    """Give a folder to build in, and put it in the place of `place` when the block ends well.

    Whatever ends the block otherwise leaves `place` as it was. What a killed run left is removed
    by the next one. A link to a folder stays; the folder behind it is the place.

    Parameters
    ----------
    made : collection of str
        Which of the page and the PDF will be built: an earlier report must have no other.

    Raises
    ------
    InputError
        When `place` cannot be written to, or holds something that is not an earlier report.
    """
    place = _behind_links(place)
    _refuse(place, strange_name(place))
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_parents(place))
            built = stack.enter_context(_scaffold(place))
            folder = built / exchange.NEW
            folder.mkdir()
        except OSError as error:
            raise _unwritable(place, f"it cannot be written ({error.strerror})") from None
        _refuse(place, problem(place) or left_out(place, made))
        if damaged(place):
            progress.note(f"{RESULTS} of the earlier report is not as it was written: passed over")
        yield folder
        (folder / checksums.NAME).write_text(checksums.of(folder), encoding="utf-8")
        _refuse(place, problem(place) or left_out(place, made))
        _refuse(place, exchange.swap(folder, place))


def _behind_links(place: Path) -> Path:
    try:
        return place.resolve()
    except (OSError, RuntimeError):  # links that lead to each other
        raise _unwritable(place, "this is not a folder") from None


def _refuse(place: Path, reason: str) -> None:
    if reason:
        raise _unwritable(place, reason)


def _unwritable(place: Path, reason: str) -> InputError:
    return InputError.of_file(
        str(place),
        reason,
        "a new folder, an empty one, or one that an earlier report is in, as it was written",
        "name another folder with --out, or move away what is there",
    )


@contextlib.contextmanager
def _parents(place: Path) -> Iterator[None]:
    """Make the folders above a place, and remove those again that stay empty."""
    missing = [each for each in place.parents if not each.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            for each in missing:
                each.rmdir()


@contextlib.contextmanager
def _scaffold(place: Path) -> Iterator[Path]:
    """Give a folder of unfinished work beside a place; inside it where that is the only way.

    Its lock stays outside what becomes the report, so that it is held until the end.
    """

    def recover(left: Path) -> None:
        exchange.recover(left, place)

    with contextlib.ExitStack() as stack:
        try:
            parent = place if _mounted(place) else place.parent
            found = stack.enter_context(scaffold.made(parent, prefix(place), recover))
        except OSError:
            if not place.is_dir():
                raise
            found = stack.enter_context(scaffold.made(place, prefix(place), recover))
        if place.is_dir() and place != found.parent:  # what was killed inside it
            scaffold.sweep(place, prefix(place), recover, found.stat().st_mtime)
        yield found


def _mounted(place: Path) -> bool:
    """Return whether a folder is where another file system, or another folder, is mounted."""
    if place.is_mount():
        return True
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:  # not on Linux
        return False
    names = (re.sub(rb"\\(\d{3})", _octal, line.split(b" ")[4]) for line in lines)
    return os.fsencode(place) in names


def _octal(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)])
