"""Write a file whole or not at all, and folders that can be written to."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from analysis.base.errors import InputError

MOST_LINKS = 40  # that lead to each other before a file is reached, as Linux has it


def write(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file whole or not at all; an earlier one stays until the new one is complete.

    A link stays, and what it leads to is written; a pipe, a device and an open stream of this
    process (as `/dev/stdout`) take the bytes as they are.

    Parameters
    ----------
    mode : int
        Who may do what with a new file, less what the user's umask takes away; an earlier file's
        stays.

    Raises
    ------
    InputError
        When the place cannot be written to.
    """
    try:
        place = _behind_links(path)
        if isinstance(place, int):
            with os.fdopen(os.dup(place), "wb") as stream:
                stream.write(content)
        elif place.exists() and not place.is_file():
            _check_kind(path, place)
            place.write_bytes(content)
        else:
            if place.exists() and not os.access(place, os.W_OK):
                raise PermissionError(None, "it is read only")
            earlier = stat.S_IMODE(place.stat().st_mode) if place.exists() else None
            replace(place, content, mode if earlier is None else earlier)
            if earlier is not None:
                place.chmod(earlier)  # whatever the umask takes away
    except OSError as error:
        raise _unwritable(path, f"it cannot be written ({error.strerror or error})") from None


def replace(place: Path, content: bytes, mode: int) -> None:
    """Put a new file in a place, whole or not at all, whatever lies there; OSError where not."""
    partial = place.with_name(f".{os.urandom(8).hex()}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        partial.replace(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_small(path: Path, most: int, allowed: str, remedy: str) -> bytes:
    """Return the bytes of a file that a person or this program wrote; nothing else is waited for.

    Parameters
    ----------
    most : int
        Bytes; a larger file is something else.
    allowed, remedy : str
        For messages: which file it may be, and what to do.

    Raises
    ------
    InputError
        When it is no such file, or cannot be read.
    """
    try:
        with open(path, "rb", opener=unwaiting) as file:
            problem = _unfit(os.fstat(file.fileno()), most)
            # None where one would have to wait
            content = b"" if problem else file.read(most + 1) or b""
    except (OSError, ValueError) as error:  # a ValueError where the path holds a NUL
        problem = f"it cannot be read ({getattr(error, 'strerror', None) or error})"
        content = b""
    if len(content) > most:
        problem = f"it is larger than {most:,} bytes"
    if problem:
        raise InputError.of_file(str(path), problem, allowed, remedy)
    return content


def unwaiting(path: str, flags: int) -> int:
    """Open a file without waiting for what may never come, as from a pipe or the kernel's log."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _unfit(status: os.stat_result, most: int) -> str:
    """Say why something on disk is no small file to read; "" when it is one."""
    if not stat.S_ISREG(status.st_mode):
        return "this is not a regular file"
    return f"it is larger than {most:,} bytes" if status.st_size > most else ""


def check_replaceable(path: Path, begins: bytes, loans: Path | None) -> None:
    """Refuse a place whose file is another's: only what this program writes there may be replaced.

    Parameters
    ----------
    begins : bytes
        How every file begins that the program writes there.
    loans : Path or None
        The loan file, which is never written over.

    Raises
    ------
    InputError
        When there is a file of something else.
    """
    try:
        place = _behind_links(path)  # where it would be written, also through no folder and back
        if isinstance(place, int) or not place.is_file():
            return
        if loans and loans.exists() and place.samefile(loans):
            raise _unwritable(path, "this is the loan file itself: it would be lost")
        with place.open("rb") as file:
            start = file.read(len(begins))
    except OSError as error:
        raise _unwritable(path, f"it cannot be written ({error.strerror or error})") from None
    if start and start != begins:
        raise _unwritable(path, "the file there is something else: it would be lost")


def is_taken(path: Path) -> bool:
    """Return whether something lies where a file of this path would be written."""
    try:
        place = _behind_links(path)
    except OSError:  # links that lead to each other
        return True
    return isinstance(place, int) or os.path.lexists(place)


def _behind_links(path: Path) -> Path | int:
    """Return the file that a path leads to, or the number of this process's open stream."""
    for _ in range(MOST_LINKS):
        path = path.parent.resolve() / path.name
        if str(path.parent) == f"/proc/{os.getpid()}/fd" and path.name.isdecimal():
            return int(path.name)
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _check_kind(path: Path, place: Path) -> None:
    if stat.S_ISBLK(place.stat().st_mode):
        raise _unwritable(path, "this is a disk: all that it holds would be lost")


def _unwritable(path: Path, problem: str) -> InputError:
    allowed = "a file in a folder that exists and may be written to; no other file is replaced"
    return InputError.of_file(str(path), problem, allowed, "choose another place")


def make_folder(path: Path) -> None:
    """Make a folder of the program's own where there is none.

    Raises
    ------
    InputError
        When it cannot be made, or nothing can be written into it.
    """
    import tempfile  # noqa: PLC0415 -- help and usage errors need none of it

    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return
    except OSError as error:
        raise InputError.of_file(
            str(path),
            f"it cannot be written to ({error.strerror or error})",
            "a project folder of one's own: the program keeps figures and results in it",
            "copy the project to a folder that you may write to, and call it there",
        ) from None
