"""A loan file on disk: which one is meant, its bytes, the fingerprint of those that were read."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from analysis.base import project
from analysis.base.errors import InputError
from analysis.base.files import unwaiting
from analysis.base.project import ROOT
from analysis.portfolio.database import address
from analysis.portfolio.database.address import DataSource, shown

DEFAULT_FILE = ROOT / "data" / "lending_data.csv"
LARGEST_FILE = 16 * 2**30
TOO_LARGE = "it does not fit into this machine's memory"
BLOCK_BYTES = 8 * 2**20


class LoanFile:
    """An open loan file, with the fingerprint and the number of the bytes read from it so far.

    Attributes
    ----------
    size_bytes : int
        How many bytes were read.
    step : callable
        Called with the number of bytes that were dealt with, to show progress.
    """

    def __init__(self, stream: BufferedReader) -> None:
        self.size_bytes = 0
        self.step: Callable[[int], object] = lambda _: None
        self._stream, self._digest = stream, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Fingerprint of the bytes read, 64 hexadecimal digits."""
        return self._digest.hexdigest()

    def start(self) -> bytes:
        """Return the first bytes, which say what kind of file it is; they count as not read."""
        return self._stream.peek()

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size` of them."""
        block = self._stream.read(size)
        self._digest.update(block)
        self.size_bytes += len(block)
        self.step(len(block))
        return block

    def whole(self) -> BufferedReader:
        """Read all of it for the fingerprint, and return it for a reader that seeks."""
        while block := self._stream.read(BLOCK_BYTES):
            self._digest.update(block)
            self.size_bytes += len(block)
        self._stream.seek(0)
        return self._stream


def locate(given: str | None = None) -> DataSource | None:
    """Return where the loans are: in what is given, LENDING_DATA, data/lending_data.csv, or none.

    Raises
    ------
    InputError
        When an address of a database is given that cannot be read.
    """
    named = given or os.environ.get(project.DATA)
    if named:
        return source(named)
    # A link to nowhere is a loan file that is missing, not one that was never named.
    return DEFAULT_FILE if os.path.lexists(DEFAULT_FILE) else None


def source(given: str) -> DataSource:
    """Return a loan file's path, or the address of loans in a database."""
    return address.read(given) if address.is_address(given) else Path(given)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits.

    Raises
    ------
    InputError
        When it cannot be read whole, or changes meanwhile.
    """
    with opened(path) as file:
        file.whole()
        return file.sha256


@contextmanager
def opened(path: Path) -> Iterator[LoanFile]:
    """Open a regular file to read it.

    Raises
    ------
    InputError
        When it cannot be read whole, something writes to it meanwhile, or another file takes its
        place: what was read would then be neither the one nor the other.
    """
    try:
        before = _status(path)
        with open(path, "rb", opener=unwaiting) as stream:
            _hold_unchanged(path, stream, before)
            try:
                yield LoanFile(stream)
            finally:  # what is wrong with a file that changed says nothing
                _hold_unchanged(path, stream, before)
    except FileNotFoundError:
        raise unreadable(path, "there is no such file") from None
    except PermissionError:
        raise unreadable(path, "no permission to read it") from None
    except OSError as error:
        raise unreadable(path, f"it cannot be read ({error.strerror or error})") from None
    except MemoryError:
        raise unreadable(path, TOO_LARGE) from None


def _hold_unchanged(path: Path, stream: BufferedReader, before: os.stat_result) -> None:
    try:
        statuses = os.fstat(stream.fileno()), path.stat()
    except FileNotFoundError:
        raise unreadable(path, "it was removed while it was read") from None
    if any(_state(after) != _state(before) for after in statuses):
        raise changed(path)


def state(path: DataSource) -> tuple[int, ...]:
    """Return what becomes another when a file is written to or replaced; () where there is none."""
    if not isinstance(path, Path):
        return ()
    try:
        return _state(path.stat())
    except (OSError, ValueError):
        return ()


def size(path: Path) -> int:
    """Return how many bytes a file has; 0 where that cannot be told: reading it will say why."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _state(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def changed(path: DataSource) -> InputError:
    """Return the error of a file that another program wrote to meanwhile."""
    return InputError.of_file(
        shown(path),
        "it changed while it was read",
        "a file that stays as it is",
        "run the command again",
    )


def _status(path: Path) -> os.stat_result:
    try:
        status = path.stat()
    except ValueError as error:  # a path with a NUL character
        raise unreadable(path, f"it cannot be read ({error})") from None
    if problem := _unfit(status):
        raise unreadable(path, problem)
    return status


def _unfit(status: os.stat_result) -> str:
    """Say why something on disk is no file to read; "" when it is one. A pipe would block."""
    if stat.S_ISDIR(status.st_mode):
        return "this is a directory"
    if not stat.S_ISREG(status.st_mode):
        return "this is not a regular file"
    if not status.st_size:  # or one of the kernel's, some of which would keep their reader waiting
        return "the file is empty"
    if status.st_size > LARGEST_FILE:
        return f"it is larger than {LARGEST_FILE / 2**30:g} GiB"
    return ""


def unreadable(path: Path, problem: str) -> InputError:
    """Return the error of a file that cannot be read at all."""
    return InputError.of_file(
        str(path),
        problem,
        "a readable text file (CSV, also gzipped), Parquet file or workbook",
        f"correct the path; reports without one use {DEFAULT_FILE.name} or the simulated portfolio",
    )
