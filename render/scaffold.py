"""Folders that hold unfinished work: locked while it goes on, removed after it, even if killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK, UNLOCKED = ".lock", ".unlocked"
MOMENT = 60  # seconds that a run may take from making its folder to locking it


@contextlib.contextmanager
def made(
    parent: Path, prefix: str, recover: Callable[[Path], None] = lambda _: None
) -> Iterator[Path]:
    """Make a folder in `parent`, remove it at the end, and first remove what killed runs left.

    Parameters
    ----------
    prefix : str
        How the folder's name begins; every folder with this beginning is one of ours.
    recover : function of a folder
        Called with each folder of a killed run before it is removed.
    """
    _sweep(parent, prefix, recover)
    folder = parent / f"{prefix}{secrets.token_hex(8)}"
    try:  # before the folder is there: a signal may end the making of it
        folder.mkdir(mode=0o700)
        with (folder / UNLOCKED).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            (folder / UNLOCKED).rename(folder / LOCK)  # a lock is never seen before it is held
            yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:  # a signal may end the first
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path, prefix: str, recover: Callable[[Path], None]) -> None:
    """Remove the folders of ours that no living run holds a lock on."""
    for folder in parent.iterdir():
        if not folder.name.startswith(prefix):
            continue
        with contextlib.suppress(OSError):
            if _abandoned(folder):
                recover(folder)
                shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    """Return whether the run that made a folder has ended; OSError while it lives."""
    status = folder.lstat()
    if status.st_uid != os.getuid():
        return False
    if not (folder / LOCK).exists():  # not yet locked, or killed before it was or after removal
        return time.time() - status.st_mtime > MOMENT
    with (folder / LOCK).open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
