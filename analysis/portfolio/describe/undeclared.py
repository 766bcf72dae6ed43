"""A loan file that is not declared yet: how it is written, and what stands in its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.portfolio import faults
from analysis.portfolio.cells import is_number
from analysis.portfolio.database.address import Address, DataSource, shown
from analysis.portfolio.declaration import module_12
from analysis.portfolio.describe.sample import of_sample
from analysis.portfolio.describe.seen import Seen
from analysis.portfolio.dialect import COMMA, PLAIN, Dialect
from analysis.portfolio.file import opened
from analysis.portfolio.formats import kinds
from analysis.portfolio.header import Header, IndexColumn, Table
from analysis.portfolio.reading import Reading


class _Undeclared(Reading):
    """A loan file of which nothing is declared."""

    found: Dialect | None = None  # of a text

    def refuse(self, problem: str, remedy: str) -> InputError:
        allowed = "CSV (also gzipped), Parquet or an Excel workbook"
        return InputError.of_file(self.name, problem, allowed, remedy)

    @property
    def header_row(self) -> int | None:
        """Nothing is declared of it."""
        return None

    def dialect(self, sample: str) -> Dialect:
        """Tell how a text file is written from its first lines."""
        told = of_sample(sample)
        self.found = replace(told, delimiter=None) if self.sheet else told
        return replace(self.found, delimiter=self.found.delimiter or COMMA)

    def names(self, fields: int) -> list[str]:
        """Return names for the columns of a file without a header."""
        return [f"column_{number + 1}" for number in range(fields)]

    @property
    def written(self) -> Dialect:
        """How the file is written, as its declaration has to say it."""
        return replace(self.found or PLAIN, sheet_name=self.sheet if self.sheets > 1 else "")


def seen(path: DataSource) -> tuple[list[Seen], Dialect]:
    """Read a loan file; return what stands in its columns, in order, and how it is written.

    Raises
    ------
    InputError
        When it cannot be read, or its columns cannot be told apart by their names.
    """
    reading = _Undeclared(shown(path), module_12())  # nothing is held against it
    found: list[Seen] = []
    with _opened(path, reading) as table:
        _hold_names(reading, table.names)
        for columns in _parts(reading, table):
            found = found or [
                Seen(name, IndexColumn(name, at), numeric=not table.typed or is_number(each.type))
                for at, (name, each) in enumerate(zip(table.names, columns, strict=True))
            ]
            for each, values in zip(found, columns, strict=True):
                each.see(values, reading.written.decimal_char)
    return found, reading.written


def parts(path: DataSource) -> Iterator[dict[str, Any]]:
    """Yield the columns of a loan file by name, a part of the rows at a time.

    Raises
    ------
    InputError
        As `seen` does.
    """
    reading = _Undeclared(shown(path), module_12())
    with _opened(path, reading) as table:
        for columns in _parts(reading, table):
            yield dict(zip(table.names, columns, strict=True))


@contextmanager
def _opened(path: DataSource, reading: _Undeclared) -> Iterator[Table]:
    if isinstance(path, Address):
        from analysis.portfolio.database import columns  # noqa: PLC0415 -- few need it

        yield columns.table(path)
        return
    with (
        opened(path) as file,
        progress.stage("Reading the loan file", path.stat().st_size) as file.step,
    ):
        yield kinds.table(reading, file)


def _parts(reading: _Undeclared, table: Table) -> Iterator[list[Any]]:
    """Yield the cells of all columns, a part of the rows at a time."""
    every = [IndexColumn(name, at) for at, name in enumerate(table.names)]
    for piece in table.pieces(Header({}, every)):
        yield [*piece.columns.values()]
    if reading.faults:
        raise InputError(reading.name, faults.merged(reading.faults))


def _hold_names(reading: Reading, names: list[str]) -> None:
    """Refuse names that no declaration could tell apart."""
    if len(names) < 2:  # noqa: PLR2004 -- a label, and what it is told from
        if reading.sheet:
            problem = f"its sheet {faults.shown(reading.sheet)} has one column"
            raise reading.refuse(problem, "move the sheet that holds the loans to the front")
        remedy = "separate the fields by commas, semicolons, tabs or bars"
        raise reading.refuse("its header names one column", remedy)
    plain = Counter(re.sub(r"\s+", " ", name).strip() for name in names)
    twice = [name for name, count in plain.items() if count > 1]
    if twice:
        problem = f"{plain[twice[0]]} columns are called {faults.shown(twice[0])}"
        raise reading.refuse(problem, "give each column a name of its own")
