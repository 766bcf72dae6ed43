"""What was computed is kept for a second call: as data with a checksum, for its owner alone.

What is kept under a key follows from the key. Whatever is wrong with it costs time and a line on
standard error, never a figure: it is computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.base import files, libraries, parallel, progress, project
from analysis.portfolio import declaration, file
from analysis.portfolio.database.address import Address, DataSource
from analysis.record import provenance, serial

if TYPE_CHECKING:
    from analysis.portfolio.read import Portfolio
    from analysis.results import Results

SIMULATED = "simulated"
MOST = 20  # of a kind on file; the oldest go first
# What reading a portfolio needs, and what the analysis does before its work is shared out among
# processes. The latter loads while another process reads the file, where that is so small that
# handing over what was read costs nothing.
READERS = ("analysis.portfolio.read", "pandera.strategies.pandas_strategies")
SOLVERS = ("analysis.results", "sklearn.model_selection")
MOST_HANDED_OVER = 10_000_000  # bytes of the file
OLD = 86_400  # seconds after which a file that was never completed is nobody's work
ENTRY, PARTIAL = re.compile(r"[0-9a-f]{64}\.kept"), re.compile(r"\.[0-9a-f]{16}\.partial")
# Through a link, another file would be read than the one that is looked at.
READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def results_of(path: DataSource | None, cost_ratio: float, fingerprint: str) -> Results:
    """Return the results for one loan file, or for the simulated portfolio when it is None.

    Computed at most once for each file, cost ratio, code and set of libraries.

    Parameters
    ----------
    cost_ratio : float
        The owner's.
    fingerprint : str
        The file's; empty where it was not taken before.

    Raises
    ------
    InputError
        When the file cannot be used; nothing is kept then.
    """
    # Loaded here, and below what computes, since what is kept is found without them.
    from analysis.portfolio import published_loans  # noqa: PLC0415

    if path and not fingerprint:
        fingerprint = taken(path)
    known = asdict(published_loans.known_file()) if path else {}
    declared = repr(declaration.of(path)) if path else ""
    parts = [declared, fingerprint or SIMULATED, path.name if path else "", known, cost_ratio]
    parts.append(state(path))
    found: Results = kept("results", parts, lambda: computed(path, cost_ratio, fingerprint))
    return found


def taken(path: DataSource) -> str:
    """Return the fingerprint of a file's bytes, or of the loans in a database.

    Raises
    ------
    InputError
        When they cannot be read.
    """
    if isinstance(path, Path):
        return file.fingerprint(path)
    return _of_database(path).sha256


def state(path: DataSource | None) -> dict[str, Any] | None:
    """Return what a report says of the database that loans lie in; None for a file."""
    if path is None or isinstance(path, Path):
        return None
    origin = _of_database(path).database
    return asdict(origin) if origin else None


def _of_database(address: Address) -> Portfolio:
    from analysis.portfolio import read  # noqa: PLC0415 -- as above

    return read.read(address, declaration.of(address))


def computed(path: DataSource | None, cost_ratio: float, fingerprint: str) -> Results:
    """Compute results afresh, whatever is kept.

    Parameters
    ----------
    fingerprint : str
        What the file's must be; empty where it was not taken before.

    Raises
    ------
    InputError
        When the file cannot be used, or is another by now.
    """
    libraries.load(READERS)
    read = partial(_read, path)
    with parallel.beside(read) if _small(path) else contextlib.nullcontext(read) as reading:
        libraries.load(SOLVERS)
        portfolio = reading()
    if path is not None and fingerprint and portfolio.sha256 != fingerprint:
        raise file.changed(path)
    from analysis import results  # noqa: PLC0415

    return results.run(portfolio, cost_ratio)


def _small(path: DataSource | None) -> bool:
    return path is None or (isinstance(path, Path) and file.size(path) <= MOST_HANDED_OVER)


def _read(path: DataSource | None) -> Portfolio:
    from analysis.portfolio import read  # noqa: PLC0415

    return read.simulated() if path is None else read.read(path, declaration.of(path))


def kept(kind: str, parts: list[Any], compute: Callable[[], Any]) -> Any:
    """Return what a function gives, computed at most once for each code and set of libraries.

    Parameters
    ----------
    kind : str
        What it is, as the name of a folder.
    parts : list
        All that it follows from besides, as JSON knows it.
    """
    key = key_of(parts)
    found = found_under(kind, key)
    if found is None:
        found = compute()
        keep(kind, key, found)
    return found


def key_of(parts: list[Any]) -> str:
    """Return the key of what follows from some parts, this code and these libraries.

    Nothing is kept under the empty one: nothing says that the next such libraries are the same.
    """
    versions = provenance.library_versions()
    if provenance.UNKNOWN in versions.values():
        return ""
    return digest([*parts, provenance.code_fingerprint(), versions])


def digest(parts: list[Any]) -> str:
    """Return the key that stands for some parts, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def found_under(kind: str, key: str) -> Any:
    """Return what is kept under a key; None where there is nothing, or it cannot be relied on."""
    path = project.kept() / kind / f"{key}.kept"
    try:
        with os.fdopen(os.open(path, READING), "rb") as entry:
            if problem := _not_ours(os.fstat(entry.fileno())):
                raise serial.DamagedError(problem)
            found = serial.load(entry.read())
    except FileNotFoundError:
        return None
    except (OSError, serial.DamagedError) as error:
        progress.note(f"{_shown(path)} is not used, its content is made again: {_reason(error)}")
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # what is used stays
    return found


def _not_ours(status: os.stat_result) -> str:
    """Say why a file is not one that this user, and nobody else, could write; "" when it is."""
    if not stat.S_ISREG(status.st_mode):
        return "it is no regular file"
    if status.st_uid != os.geteuid():
        return "it is another user's"
    return "others may write to it" if status.st_mode & 0o022 else ""


def keep(kind: str, key: str, value: Any) -> None:
    """Keep a value under a key, where that can be, and remove the oldest of its kind."""
    if not key:
        return
    folder = project.kept() / kind
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(folder / f"{key}.kept", serial.dump(value), mode=0o600)
        _remove_old(folder, (folder / f"{key}.kept").stat().st_mtime)
    except OSError as error:
        progress.note(f"nothing is kept in {_shown(folder)}: {_reason(error)}")


def _remove_old(folder: Path, now: float) -> None:
    """Remove what is over the number that is kept, and what a killed run did not complete.

    Parameters
    ----------
    now : float
        By the clock of the folder's own disk, which may not be that of this machine.
    """
    dated = [(each.stat().st_mtime, each) for each in folder.iterdir() if not each.is_symlink()]
    entries = sorted((date, each) for date, each in dated if ENTRY.fullmatch(each.name))
    partial = [each for date, each in dated if PARTIAL.fullmatch(each.name) and date < now - OLD]
    for each in [*(each for _, each in entries[:-MOST]), *partial]:
        each.unlink(missing_ok=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(project.ROOT)) if path.is_relative_to(project.ROOT) else str(path)


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
