"""What is known of a loan file while it is read, of whichever kind it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from analysis.base.errors import Fault, InputError, printable
from analysis.portfolio.cells import Rows
from analysis.portfolio.declaration import Declaration
from analysis.portfolio.dialect import COMMA, Dialect, filled, of_header


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
        head = next(islice(filled(sample), told.header_rows[0] - 1, None), "")
        return replace(told, delimiter=told.delimiter or of_header(head, self.declared.names))

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
            raise self.refuse(f"the {what} ({reason})", remedy) from None

    def note(self, sentence: str) -> None:
        """Note once what was put right."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def row_numbers(self, places: Rows) -> Rows:
        """Return the number in the file of rows by their place among those not left out."""
        before = np.sort(np.array(self.left_out, dtype=np.int64)) - np.arange(len(self.left_out))
        return places + np.searchsorted(before, places, side="right")
