"""Write a file whole or not at all, and folders that can be written to."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import InputError


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; an earlier one stays until the new one is complete.

    Raises
    ------
    InputError
        When the place cannot be written to.
    """
    import tempfile  # noqa: PLC0415 -- help and usage errors need none of it

    try:
        if path.exists() and not path.is_file():  # a pipe or a device takes the bytes as they are
            path.write_bytes(content)
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            partial = Path(stream.name)
            try:
                stream.write(content)
                stream.flush()
                partial.chmod(0o644)
                partial.replace(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise InputError.of_file(
            str(path),
            f"it cannot be written ({error.strerror or error})",
            "a file in a folder that exists and may be written to",
            "choose another place",
        ) from None


def make_folder(path: Path) -> None:
    """Make a folder of the program's own where there is none.

    Raises
    ------
    InputError
        When it cannot be made, or nothing can be written into it.
    """
    import tempfile  # noqa: PLC0415 -- as above

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
