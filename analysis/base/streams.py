"""Standard output and standard error, which may be closed, full or read by nobody."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable

STANDARD = (0, 1, 2)
READER_LEFT = 141  # as shells name the end of any program that writes to a pipe nobody reads


class _Closed(io.TextIOBase):
    """A standard output that is closed: what is written to it is lost, and that is an error."""

    lost = False

    def write(self, _: str) -> int:
        self.lost = True
        raise OSError(errno.EBADF, "it is closed")

    def flush(self) -> None:
        if self.lost:
            raise OSError(errno.EBADF, "it is closed")


def guarded(run: Callable[[], int], failed: int) -> int:
    """Run a program, and return its exit code: `failed` where its output went nowhere.

    Where whoever reads the output has left, nothing is said of it, and the code is `READER_LEFT`.
    """
    prepare()
    try:
        code = run()
    except SystemExit as end:  # from --help and usage errors
        lost = _lost(failed)
        _put(2, "")  # what argparse said
        if lost and not end.code:
            return lost
        raise
    except OSError as error:
        lost = _lost(failed)
        if isinstance(error, BrokenPipeError):
            return READER_LEFT
        if not lost:
            tell(f"error: {error.strerror or error}")
        return failed
    return _lost(failed) or code


def _lost(failed: int) -> int:
    """Write out what standard output still holds: 0, or the exit code of a program that cannot."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon(1)
        return READER_LEFT
    except OSError as error:
        _abandon(1)
        tell(f"error: standard output cannot be written to ({error.strerror or error})")
        return failed
    return 0


def prepare() -> None:
    """Make the standard streams fit to be written to, whatever the caller did to them.

    Where one is closed, the next file that is opened would take its number, and get what is
    written to the stream.
    """
    for number in STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file's name may hold what is no text
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Written out at the end even where Python was told to at once: argparse passes over errors.
        sys.stdout.reconfigure(write_through=False)


def tell(text: object) -> None:
    """Print on standard error, where that takes anything; there is nobody else to tell."""
    _put(2, f"{text}\n")


def say(text: str) -> None:
    """Print on standard output what is good to know and changes nothing when it is lost."""
    _put(1, f"{text}\n")


def _put(number: int, text: str) -> None:
    stream = sys.stdout if number == 1 else sys.stderr
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _abandon(number)


def _abandon(number: int) -> None:
    """Let what a stream still holds go nowhere, so that Python does not fail over it at the end."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, number)
        os.close(nowhere)
    if isinstance(sys.stdout, _Closed):
        sys.stdout.lost = False
