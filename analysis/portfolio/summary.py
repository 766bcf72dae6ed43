"""What results say of a portfolio, without its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.base.entries import Count, Positive, Sha256, Text
from analysis.portfolio import fingerprint
from analysis.portfolio.database.origin import Origin
from analysis.portfolio.published_loans import KnownFile
from analysis.portfolio.read import Portfolio


@dataclass(frozen=True)
class DataResult:
    """The loan table that was analysed.

    Attributes
    ----------
    source : {"file", "database", "simulated"}
        Whether a file or a database was read, or the embedded portfolio was simulated: then no loan
        is real.
    name : str
        The file's name without its folder, the address of a database without its secrets, or a name
        for the simulated portfolio.
    sha256 : str
        SHA-256 of the file's bytes, of its CSV form when simulated; that of the loans where they
        lie in a database.
    loans_sha256 : str
        SHA-256 of the loans in any order: the same from each form of a file and each database.
    size_bytes : int
        How many bytes were read, or the CSV form has.
    rows : int
        Loans in the table.
    label_counts : dict of int to int
        Loans of each label in the table.
    notes : tuple of str
        What reading the file put right without guessing, a sentence each.
    known : KnownFile or None
        The record of this very file in data/module12.yml; none for any other data.
    database : Origin or None
        Where in a database the loans came from.
    """

    source: Literal["file", "database", "simulated"]
    name: Text
    sha256: Sha256
    loans_sha256: Sha256
    size_bytes: Positive
    rows: Positive
    label_counts: dict[int, Count]
    notes: tuple[Text, ...]
    known: KnownFile | None
    database: Origin | None


def describe(portfolio: Portfolio) -> DataResult:
    """Return what results say of a portfolio."""
    return DataResult(
        source=portfolio.source,
        name=portfolio.name,
        sha256=portfolio.sha256,
        loans_sha256=fingerprint.of(portfolio.loans),
        size_bytes=portfolio.size_bytes,
        rows=portfolio.loans.total,
        label_counts=portfolio.loans.label_counts,
        notes=portfolio.notes,
        known=portfolio.known,
        database=portfolio.database,
    )
