"""A loan file, read once, fingerprinted and validated; or the simulated portfolio in its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from analysis.base import progress, yaml_file
from analysis.base.entries import Positive, Sha256, Text
from analysis.base.errors import printable
from analysis.base.project import ROOT
from analysis.portfolio import checks, loans, pieces, simulate
from analysis.portfolio.file import TOO_LARGE, opened, unreadable
from analysis.portfolio.kinds import parse
from analysis.portfolio.loans import Loans
from analysis.portfolio.schema import LEAST_ROWS_PER_LABEL

SOURCE_FILE = ROOT / "data" / "SOURCE.yml"


@dataclass(frozen=True)
class KnownFile:
    """The file behind the published report, as data/SOURCE.yml records it.

    Attributes
    ----------
    name : str
        The file's usual name.
    producer : str
        Who made the file.
    licence : str
        On what terms it may be used.
    rows : int
        Rows of the file.
    size_bytes : int
        Size of the file in bytes.
    sha256 : str
        SHA-256 of the file's bytes, 64 hexadecimal digits.
    """

    name: Text
    producer: Text
    licence: Text
    rows: Positive
    size_bytes: Positive
    sha256: Sha256


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
        raise unreadable(path, TOO_LARGE) from None
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


@cache
def known_file() -> KnownFile:
    """Return what data/SOURCE.yml records of the file behind the published report."""
    return yaml_file.stated(SOURCE_FILE, KnownFile, "put back the data/SOURCE.yml delivered")
