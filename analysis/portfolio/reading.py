"""What is known of a loan file while it is read, of whichever kind it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as arrow

from analysis.base.errors import Fault, InputError, printable
from analysis.portfolio.cells import LEFT_OUT, Piece, Rows, is_number, to_numbers, values
from analysis.portfolio.declaration import Declaration
from analysis.portfolio.dialect import COMMA, Dialect, filled, of_header
from analysis.portfolio.header import (
    INDEX_NOTE,
    NOT_INDEX,
    OTHER_INDEX_NOTE,
    Header,
    IndexColumn,
    check,
    name_fault,
)


class Table(NamedTuple):
    """The table of a loan file.

    Attributes
    ----------
    names : list of str
        Of its columns.
    pieces : callable
        Gives, of the columns that a header wants, all rows in order, a piece at a time.
    typed : bool
        Whether its columns have types; else all cells are texts.
    """

    names: list[str]
    pieces: Callable[[Header], Iterator[Piece]]
    typed: bool = False


@dataclass
class Reading:
    """A loan file that is being read.

    Attributes
    ----------
    name : str
        The file's path, for messages.
    declared : Declaration
        The columns that there must be.
    labelled : bool
        Whether the label has to be there.
    faults : list of Fault
        What was found wrong so far.
    notes : list of str
        What was put right without guessing, a sentence each.
    rows : int
        How many rows were read, those that could not be understood among them.
    left_out : list of int
        The numbers in the file, from 0, of these and of the rows whose loan is not decided.
    undecided : int
        How many loans are not decided.
    indexes : list of IndexColumn
        Columns that may only number the rows.
    numbered : bool
        Whether its rows have numbers, by which a person finds them.
    sheet, sheets : str, int
        Which sheet of a workbook is read, and how many it has; "" and 0 for any other file.
    """

    name: str
    declared: Declaration
    labelled: bool = True
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    left_out: list[int] = field(default_factory=list)
    undecided: int = 0
    indexes: list[IndexColumn] = field(default_factory=list)
    numbered: bool = True
    sheet: str = ""
    sheets: int = 0

    @property
    def header_row(self) -> int | None:
        """Which line the header is, from 1, blank ones not counted; None where it is not known."""
        return self.declared.dialect.header_rows[0]

    def dialect(self, sample: str) -> Dialect:
        """Return how a text file is written that begins so.

        As declared; where what separates the fields is not, the header must leave no doubt of it.
        """
        told = self.declared.dialect
        if self.sheet:  # this program wrote it
            return Dialect(COMMA, told.header, told.header_rows)
        head = [*filled(sample), *[""] * told.header_rows[0]][told.header_rows[0] - 1]
        known = of_header(head, self.declared.names) if told.header else COMMA
        return replace(told, delimiter=told.delimiter or known)

    def names(self, fields: int) -> list[str]:  # noqa: ARG002 -- the declaration says how many
        """Return the names of the columns of a file without a header."""
        return [each.name for each in self.declared.schema.fields]

    def refuse(self, problem: str, remedy: str) -> InputError:
        """Make the error of a file that is no loan file as a whole."""
        allowed = "CSV (also gzipped), Parquet or an Excel workbook, with the columns "
        return InputError.of_file(
            self.name, problem, allowed + ", ".join(self.declared.names), remedy
        )

    @contextmanager
    def undamaged(
        self, what: str, raised: type[Exception] | tuple[type[Exception], ...], remedy: str
    ) -> Iterator[None]:
        """Refuse a file whose reader raises one of these errors, and say what it is."""
        try:
            yield
        except (InputError, MemoryError):  # Arrow's own is one of its exceptions, too
            raise
        except raised as error:
            reason = printable(re.split(r"\n|\. ", str(error))[0])[:120]
            raise self.refuse(f"the {what} or cut off ({reason})", remedy) from None

    def note(self, sentence: str) -> None:
        """Note once what was put right."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def frame(self, header: Header, piece: Piece) -> pd.DataFrame:
        """Return some rows of the columns found; what means nothing declared is NaN, and a fault.

        Rows whose loan is not decided are left out.
        """
        for index in header.indexes:
            given = piece.columns[index.place]
            readable = is_number(given.type) or arrow.types.is_string(given.type)
            index.see(to_numbers(given) if readable else None)
        found = {}
        for column, place in header.columns.items():
            if place in piece.columns:
                found[column.name], faults = values(self.declared, column, piece, place)
                self.faults += faults
        return self._decided(pd.DataFrame(found), piece)

    def _decided(self, frame: pd.DataFrame, piece: Piece) -> pd.DataFrame:
        """Return the rows whose loan is decided, and count the others."""
        label = self.declared.label_column.name
        if not self.declared.label.left_out or label not in frame:
            return frame
        open_ = (frame[label] == LEFT_OUT).to_numpy()
        self.undecided += int((open_ if piece.counts is None else piece.counts[open_]).sum())
        self.left_out += piece.rows[open_].tolist()
        return frame[~open_]

    def header(self, names: list[str]) -> Header:
        """Hold the names of the file's columns against those declared."""
        found = check(self.name, names, self.declared, labelled=self.labelled)
        self.faults += found.faults
        self.notes += found.notes
        self.indexes = found.indexes
        return found

    def end(self) -> None:
        """Say, once the rows were read, what was left out."""
        if self.undecided:
            values = " or ".join(self.declared.label.left_out)
            column = self.declared.label_column.name
            self.note(f"{self.undecided:,} rows were left out, since {column} is {values} there.")
        for index in self.indexes:
            if index.left_out:
                self.note(INDEX_NOTE if index.numbers else OTHER_INDEX_NOTE)
            else:
                self.faults.append(name_fault(index.name, NOT_INDEX, self.declared))

    def row_numbers(self, places: Rows) -> Rows:
        """Return the number in the file of rows by their place among those not left out."""
        before = np.sort(np.array(self.left_out, dtype=np.int64)) - np.arange(len(self.left_out))
        return places + np.searchsorted(before, places, side="right")
