"""A loan file, read once, fingerprinted and validated; or the simulated portfolio in its place."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Literal

import yaml

from analysis import checks, loans, pieces, progress, simulate
from analysis.errors import InputError, printable
from analysis.loans import Loans
from analysis.reader import parse
from analysis.schema import LEAST_ROWS_PER_LABEL

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FILE = ROOT / "data" / "lending_data.csv"
SOURCE_FILE = ROOT / "data" / "SOURCE.yml"
ENVIRONMENT_VARIABLE = "LENDING_DATA"
LARGEST_FILE = 16 * 2**30
TOO_LARGE = "it does not fit into this machine's memory"


@dataclass(frozen=True)
class KnownFile:
    """The file behind the published report, as data/SOURCE.yml records it."""

    name: str
    producer: str
    licence: str
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Portfolio:
    """A validated loan table with where it came from.

    Attributes
    ----------
    loans : Loans
        The distinct loans with their counts, and each loan's in the file's order.
    source : {"file", "simulated"}
        Whether a file was read.
    name : str
        The file's name without its folder, control characters escaped; or a name for the
        simulated portfolio.
    sha256 : str
        Fingerprint of the file's bytes, 64 hexadecimal digits; of its CSV form when simulated.
    size_bytes : int
        How many bytes were read or would be written.
    notes : tuple of str
        What reading put right without guessing, a sentence each.
    known : KnownFile or None
        The record of this very file, where the fingerprint is the recorded one.
    """

    loans: Loans
    source: Literal["file", "simulated"]
    name: str
    sha256: str
    size_bytes: int
    notes: tuple[str, ...] = ()
    known: KnownFile | None = None


def locate(given: str | None = None) -> Path | None:
    """Return the loan file to read: the one given, LENDING_DATA, data/lending_data.csv, or none."""
    named = given or os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Path(named)
    # A link to nowhere is a loan file that is missing, not one that was never named.
    return DEFAULT_FILE if os.path.lexists(DEFAULT_FILE) else None


def load(given: str | None = None) -> Portfolio:
    """Read and validate the loan file that `locate` finds, or simulate a portfolio.

    Raises
    ------
    InputError
        When there is a file and it cannot be used.
    """
    path = locate(given)
    return simulated() if path is None else read(path)


def simulated() -> Portfolio:
    """Return the embedded portfolio, generated from its fixed seed."""
    table = simulate.portfolio()
    content = simulate.to_csv(table)
    return Portfolio(
        loans=loans.from_table(table),
        source="simulated",
        name="simulated portfolio",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


def read(path: Path, least_per_label: int = LEAST_ROWS_PER_LABEL) -> Portfolio:
    """Read, fingerprint and validate one loan file.

    Parameters
    ----------
    path : Path
        A CSV (also gzipped) or Parquet file.
    least_per_label : int
        How many rows of each label there must be; 0 for a file that is not to be split.

    Raises
    ------
    InputError
        With every fault found: in the file as a whole, in its columns, in its rows.
    """
    with opened(path) as file, progress.stage("Reading the loan file", path.stat().st_size) as step:
        plain = pieces.read(path.name, file, step)
    found = None if plain is None else checks.validated(plain.rows, least_per_label)
    if plain is None or found is None:
        return _read_whole(path, least_per_label)
    return _portfolio(path, found, plain.sha256, plain.size_bytes, plain.notes)


def _read_whole(path: Path, least_per_label: int) -> Portfolio:
    """Read any file, or name all its faults."""
    try:
        with opened(path) as file:
            content = file.read()
        raw = parse(str(path), content)
        found = loans.from_table(checks.validate(str(path), raw, least_per_label))
    except MemoryError:
        raise _unreadable(path, TOO_LARGE) from None
    sha256 = hashlib.sha256(content).hexdigest()
    return _portfolio(path, found, sha256, len(content), tuple(raw.notes))


def _portfolio(
    path: Path, found: Loans, sha256: str, size_bytes: int, notes: tuple[str, ...]
) -> Portfolio:
    known = known_file()
    return Portfolio(
        loans=found,
        source="file",
        name=printable(path.name),
        sha256=sha256,
        size_bytes=size_bytes,
        notes=notes,
        known=known if sha256 == known.sha256 else None,
    )


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits.

    Raises
    ------
    InputError
        When it cannot be read whole, or something writes to it meanwhile.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file to read it.

    Raises
    ------
    InputError
        When it cannot be read whole, or something writes to it meanwhile.
    """
    try:
        before = _status(path)
        with path.open("rb") as file:
            yield file
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file") from None
    except PermissionError:
        raise _unreadable(path, "no permission to read it") from None
    except OSError as error:
        raise _unreadable(path, f"it cannot be read ({error.strerror or error})") from None
    except MemoryError:
        raise _unreadable(path, TOO_LARGE) from None
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise _unreadable(
            path, f"it changed while it was read ({before.st_size:,} to {after.st_size:,} bytes)"
        )


def _status(path: Path) -> os.stat_result:
    try:
        status = path.stat()
    except ValueError as error:  # a path with a NUL character
        raise _unreadable(path, f"it cannot be read ({error})") from None
    if problem := _unfit(status):
        raise _unreadable(path, problem)
    return status


def _unfit(status: os.stat_result) -> str:
    """Say why something on disk is no file to read; "" when it is one. A pipe would block."""
    if stat.S_ISDIR(status.st_mode):
        return "this is a directory"
    if not stat.S_ISREG(status.st_mode):
        return "this is not a regular file"
    if status.st_size > LARGEST_FILE:
        return f"it is larger than {LARGEST_FILE / 2**30:g} GiB"
    return ""


def _unreadable(path: Path, problem: str) -> InputError:
    return InputError.of_file(
        str(path),
        problem,
        "a readable CSV (also gzipped) or Parquet file",
        f"correct the path, or leave it out to use {DEFAULT_FILE.name} or the simulated portfolio",
    )


@cache
def known_file() -> KnownFile:
    """Return what data/SOURCE.yml records of the file behind the published report."""
    return KnownFile(**yaml.safe_load(SOURCE_FILE.read_text(encoding="utf-8")))
