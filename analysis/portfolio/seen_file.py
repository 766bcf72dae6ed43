"""A loan file that is not declared yet: how it is written, and what stands in its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.portfolio import cells, csv_file, kinds, parquet_file
from analysis.portfolio.declaration import module_12
from analysis.portfolio.dialect import COMMA, PLAIN, Dialect, of_sample
from analysis.portfolio.file import opened
from analysis.portfolio.header import IndexColumn
from analysis.portfolio.reading import Reading
from analysis.portfolio.seen import Seen


@dataclass(frozen=True)
class SeenFile:
    """A loan file that is not declared yet.

    Attributes
    ----------
    columns : list of Seen
        In the file's order.
    dialect : Dialect
        How it is written.
    """

    columns: list[Seen]
    dialect: Dialect


class _Undeclared(Reading):
    """A loan file of which nothing is declared."""

    found: Dialect | None = None  # of a text
    of_texts = True  # whether any text may be a number

    def refuse(self, problem: str, remedy: str) -> InputError:
        allowed = "CSV (also gzipped), Parquet or an Excel workbook"
        return InputError.of_file(self.name, problem, allowed, remedy)

    @property
    def header_row(self) -> int | None:
        """Nothing is declared of it."""
        return None

    def dialect(self, head: str, sample: str) -> Dialect:  # noqa: ARG002 -- the sample begins so
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


def seen(path: Path) -> SeenFile:
    """Read a loan file and return what stands in each of its columns.

    Raises
    ------
    InputError
        When it cannot be read, or its columns cannot be told apart by their names.
    """
    reading = _Undeclared(str(path), module_12())  # nothing is held against it
    found: list[Seen] = []
    for names, columns in _parts(path, reading):
        found = found or _unseen(reading, names, columns)
        for each, values in zip(found, columns, strict=True):
            each.see(values, reading.written.decimal_char)
    return SeenFile(found, reading.written)


def parts(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the columns of a loan file by name, a part of the rows at a time.

    Raises
    ------
    InputError
        As `seen` does.
    """
    for names, columns in _parts(path, _Undeclared(str(path), module_12())):
        yield dict(zip(names, columns, strict=True))


def _parts(path: Path, reading: _Undeclared) -> Iterator[tuple[list[str], list[Any]]]:
    with (
        opened(path) as file,
        progress.stage("Reading the loan file", path.stat().st_size) as file.step,
    ):
        read = kinds.text(reading, file)
        reading.of_texts = read is not None
        yield from csv_file.columns(reading, read) if read else parquet_file.columns(reading, file)


def _unseen(reading: _Undeclared, names: list[str], columns: list[Any]) -> list[Seen]:
    """Return the columns as they are before a cell was seen; in texts, any may be a number."""
    _hold_names(reading, names)
    return [
        Seen(
            name,
            IndexColumn(name, at),
            numeric=reading.of_texts or parquet_file.is_number(values.type),
        )
        for at, (name, values) in enumerate(zip(names, columns, strict=True))
    ]


def _hold_names(reading: Reading, names: list[str]) -> None:
    """Refuse names that no declaration could tell apart."""
    if len(names) < 2:  # noqa: PLR2004 -- a label, and what it is told from
        remedy = "separate the fields by commas, semicolons, tabs or bars"
        raise reading.refuse("its header names one column", remedy)
    plain = Counter(re.sub(r"\s+", " ", name).strip() for name in names)
    twice = [name for name, count in plain.items() if count > 1]
    if twice:
        problem = f"{plain[twice[0]]} columns are called {cells.shown(twice[0])}"
        raise reading.refuse(problem, "give each column a name of its own")
