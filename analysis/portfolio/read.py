"""A loan file, read once, fingerprinted and validated; or the simulated portfolio in its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from analysis.base import progress
from analysis.base.errors import printable
from analysis.portfolio import fingerprint, loans, published_loans, simulate
from analysis.portfolio.cells import NO_VALUE
from analysis.portfolio.checks import validated
from analysis.portfolio.database.address import Address, DataSource, shown
from analysis.portfolio.database.origin import Origin
from analysis.portfolio.declaration import HIGH_RISK, Declaration, module_12
from analysis.portfolio.distinct import Distinct
from analysis.portfolio.file import LoanFile, opened
from analysis.portfolio.formats import kinds
from analysis.portfolio.frames import distinct_rows
from analysis.portfolio.loans import Loans
from analysis.portfolio.published_loans import KnownFile, known_file
from analysis.portfolio.reading import Reading
from analysis.portfolio.recipe import USUAL, Recipe
from analysis.portfolio.schema import LEAST_ROWS_PER_LABEL


@dataclass(frozen=True)
class Portfolio:
    """A validated loan table with where it came from.

    Attributes
    ----------
    declaration : Declaration
        What its columns and its label mean.
    loans : Loans
        The distinct loans with their counts, and each loan's in the file's order.
    source : {"file", "database", "simulated"}
        Whether a file or a database was read.
    name : str
        The file's name without its folder, control characters escaped; an address without its
        secrets; or a name for the simulated portfolio.
    sha256 : str
        Fingerprint of exactly the bytes that were read, 64 hexadecimal digits; of its CSV form
        when simulated; of the loans, `fingerprint.of`, where a database was read.
    size_bytes : int
        How many bytes were read or would be written.
    notes : tuple of str
        What reading put right without guessing, and what is to be looked at, a sentence each.
    known : KnownFile or None
        The record of this very file, where the fingerprint is the recorded one.
    published_loans : bool
        Whether these are the loans behind the published report by their content, in the same
        order: this very file, or the same loans in another form (CSV, gzip or Parquet; columns in
        any order; 10700 or 10700.0; ratios rounded to nine digits).
    database : Origin or None
        Where in a database they came from.
    """

    declaration: Declaration
    loans: Loans
    source: Literal["file", "database", "simulated"]
    name: str
    sha256: str
    size_bytes: int
    notes: tuple[str, ...] = ()
    known: KnownFile | None = None
    published_loans: bool = False
    database: Origin | None = None

    @property
    def recipe(self) -> Recipe:
        """How its loans are split, and the models fitted: as declared.

        A recipe that stops short of the optimum gives published figures again and is of no use
        elsewhere: where a declaration records the loans that it belongs to, only these are fitted
        so, in whichever form a file gives them, and the simulated ones in their place.
        """
        declared = self.declaration
        stands_in = self.source == "simulated"
        if self.published_loans or stands_in or declared.content_hash is None:
            return declared.recipe
        scaled, solver, iterations = USUAL.fit
        return replace(
            declared.recipe, scaled=scaled, solver=solver, iterations=iterations, reason=""
        )


def simulated() -> Portfolio:
    """Return the embedded portfolio, generated from its fixed seed."""
    table = simulate.portfolio()
    content = simulate.to_csv(table)
    return Portfolio(
        declaration=module_12(),
        loans=loans.from_table(table, declared=module_12().features),
        source="simulated",
        name="simulated portfolio",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


def read(
    path: DataSource,
    declared: Declaration | None = None,
    least_per_label: int = LEAST_ROWS_PER_LABEL,
) -> Portfolio:
    """Read, fingerprint and validate one loan file.

    Parameters
    ----------
    path : Path or Address
        A text file (CSV, also gzipped), a Parquet file or a workbook; or loans in a database.
    declared : Declaration, optional
        What it holds; the published report's columns when left out.
    least_per_label : int
        How many rows of each label there must be; 0 for a file that is not to be split.

    Raises
    ------
    InputError
        With every fault found: in the file as a whole, in its columns, in its rows.
    """
    declared = declared or module_12()
    if isinstance(path, Address):
        return of_database(path, declared, least_per_label)
    reading = Reading(str(path), declared)
    found, file = _of_file(reading, path, least_per_label)
    return Portfolio(
        declaration=declared,
        loans=found,
        source="file",
        name=printable(path.name),
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        notes=(*reading.notes, *_notes(found, declared)),
        known=known_file() if file.sha256 == known_file().sha256 else None,
        published_loans=published_loans.are_these(found),
    )


@lru_cache(maxsize=1)  # asked once in a process, which then computes on what it was answered
def of_database(address: Address, declared: Declaration, least_per_label: int) -> Portfolio:
    """Read and validate loans of a database."""
    from analysis.portfolio.database import rows  # noqa: PLC0415 -- few reports need it

    reading = Reading(address.name, declared, numbered=False)
    distinct, origin = rows.read(reading, address)
    found = validated(reading, distinct, least_per_label)
    return Portfolio(
        declaration=declared,
        loans=found,
        source="database",
        name=address.name,
        sha256=fingerprint.of(found),
        size_bytes=origin.fetched_bytes,
        notes=(*reading.notes, *_notes(found, declared)),
        published_loans=published_loans.are_these(found),
        database=origin,
    )


def later(path: DataSource, declared: Declaration | None = None) -> Loans:
    """Read and validate a later loan file, whose labels may not be known yet.

    Then the label's column is left out, or empty.

    Raises
    ------
    InputError
        As `read` does.
    """
    reading = Reading(shown(path), declared or module_12(), labelled=False)
    if isinstance(path, Path):
        return _of_file(reading, path, least_per_label=0)[0]
    from analysis.portfolio.database import rows  # noqa: PLC0415 -- few reports need it

    reading.numbered = False
    found, _ = rows.read(reading, path)
    return validated(reading, _without_empty_label(reading, found), least_per_label=0)


def _of_file(reading: Reading, path: Path, least_per_label: int) -> tuple[Loans, LoanFile]:
    """Return the loans of a file, and the file, read to its end."""
    with (
        opened(path) as file,
        progress.stage("Reading the loan file", path.stat().st_size) as file.step,
    ):
        found = _without_empty_label(reading, distinct_rows(reading, kinds.table(reading, file)))
        return validated(reading, found, least_per_label), file


def _without_empty_label(reading: Reading, found: Distinct) -> Distinct:
    """Leave out a label that no loan has and none need have, and that it is missing."""
    if reading.labelled:
        return found
    label = reading.declared.label_column.name
    of_label = [fault for fault in reading.faults if fault.column == label]
    if label not in found.rows or {each.problem for each in of_label} != {NO_VALUE}:
        return found
    if found.rows[label].notna().any():
        return found
    reading.faults = [fault for fault in reading.faults if fault.column != label]
    return replace(found, rows=found.rows.drop(columns=label))


def _notes(found: Loans, declared: Declaration) -> list[str]:
    """Say what is to be looked at, though it is valid."""
    rounded = {each: each.rounded_to(found.rows) for each in declared.identities}
    notes = [
        f"{each.column} is rounded to {decimals} decimals: it was held against {each.text} as far "
        "as these tell."
        for each, decimals in rounded.items()
        if decimals
    ]
    rows = found.label_counts[HIGH_RISK]
    if 2 * rows > found.total:
        notes.append(
            f"{rows:,} of {found.total:,} loans have label {declared.label.written(HIGH_RISK)}, "
            f"{declared.label_names[HIGH_RISK]}: make sure that it does not mark the good ones."
        )
    return notes
