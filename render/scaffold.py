"""Folders that hold unfinished work: locked while it goes on, removed after it, even if killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK, UNLOCKED = ".lock", ".unlocked"
MOMENT = 60  # seconds that a run may take from making its folder to locking it
DIGITS = 16  # hexadecimal, after the prefix of a folder's name


@contextlib.contextmanager
def made(
    parent: Path, prefix: str, recover: Callable[[Path], None] = lambda _: None
) -> Iterator[Path]:
    """Make a folder in `parent`, remove it at the end, and first remove what killed runs left.

    Only what is provably of a run is removed: a folder of this name's exact form whose lock names
    this very folder, or an empty one of that form.

    Parameters
    ----------
    prefix : str
        How the folder's name begins; sixteen hexadecimal digits follow.
    recover : function of a folder
        Called with each folder of a killed run before it is removed.
    """
    folder = parent / f"{prefix}{os.urandom(DIGITS // 2).hex()}"
    try:  # before the folder is there: a signal may end the making of it
        folder.mkdir(mode=0o700)
        with (folder / UNLOCKED).open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write(_mark(folder))
            lock.flush()
            (folder / UNLOCKED).rename(folder / LOCK)  # a lock is never seen before it is held
            sweep(parent, prefix, recover, folder.stat().st_mtime)
            yield folder
    finally:
        try:
            _remove(folder)
        finally:  # a signal may end the first
            _remove(folder)


def ours(folder: Path, prefix: str) -> bool:
    """Return whether a folder is one that `made` gave to a run: by its name and what it holds."""
    try:
        return _named(folder, prefix) and (_locked(folder) or _unlocked(folder))
    except OSError:
        return False


def _named(folder: Path, prefix: str) -> bool:
    form = rf"{re.escape(prefix)}[0-9a-f]{{{DIGITS}}}"
    return bool(re.fullmatch(form, folder.name)) and stat.S_ISDIR(folder.lstat().st_mode)


def _locked(folder: Path) -> bool:
    """Return whether a folder holds the lock that was made for it."""
    lock = folder / LOCK
    return not lock.is_symlink() and lock.is_file() and lock.read_bytes() == _mark(folder).encode()


def _unlocked(folder: Path) -> bool:
    """Return whether a folder is empty, or holds nothing but the lock that it was to have."""
    lock = folder / UNLOCKED
    return not list(folder.iterdir()) or (
        [each.name for each in folder.iterdir()] == [UNLOCKED]
        and not lock.is_symlink()
        and lock.is_file()
        and lock.read_bytes() in {b"", _mark(folder).encode()}
    )


def _mark(folder: Path) -> str:
    """Return what a lock holds: it stands for the folder that it was made in and for no other."""
    return f"Unfinished work of python -m render in {folder.name}\n"


def sweep(parent: Path, prefix: str, recover: Callable[[Path], None], now: float) -> None:
    """Remove the folders of ours that no living run holds a lock on.

    Parameters
    ----------
    now : float
        By the clock of the disk, which may not be that of this machine.
    """
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            if ours(folder, prefix) and _abandoned(folder, now):
                recover(folder)
                _remove(folder)


def _abandoned(folder: Path, now: float) -> bool:
    """Return whether the run that made a folder has ended; OSError while it lives."""
    status = folder.lstat()
    if status.st_uid != os.getuid():
        return False
    if not (folder / LOCK).exists():  # not yet locked, or killed before it was or after removal
        return now - status.st_mtime > MOMENT
    with (folder / LOCK).open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def _remove(folder: Path) -> None:
    """Remove a folder of ours, its lock last: it proves whose the rest is."""
    with contextlib.suppress(OSError):
        for each in [each for each in folder.iterdir() if each.name != LOCK]:
            with contextlib.suppress(OSError):
                each.unlink()  # what is no folder
            shutil.rmtree(each, ignore_errors=True)
        if [each.name for each in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink()
        folder.rmdir()
