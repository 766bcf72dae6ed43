"""The one error that means: the input is wrong, and this is how to mend it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import NamedTuple

# A table of faults fits a terminal of this many characters.
WIDTH = 100
# What faults are in: a column of a loan file, or an entry of a settings file.
COLUMN, ENTRY = "column", "entry"
ENTRY_WIDTHS = {"entry": 26, "problem": 40, "allowed": 30}
COLUMN_WIDTHS = {"column": 17, "problem": 24, "rows": 9, "first rows": 24, "allowed": 18}
# A file that is not a loan file at all may have thousands.
MOST_SHOWN = 40


class Fault(NamedTuple):
    """One thing that is wrong with a loan file, or with another file that is read.

    Attributes
    ----------
    column : str
        The column or entry that it concerns, or "" for the file as a whole.
    problem : str
        What is wrong.
    rows : int
        How many rows it concerns; 0 where rows do not apply.
    first : str
        The first few rows with their values, a line each.
    allowed : str
        What is allowed instead.
    remedy : str
        What to do.
    """

    column: str
    problem: str
    rows: int
    first: str
    allowed: str
    remedy: str


class InputError(Exception):
    """A loan file, a setting or an argument cannot be used.

    Parameters
    ----------
    source : str
        What was read: a file's path as it was given.
    faults : list of Fault
        Everything found wrong with it, at least one.
    part : {"column", "entry"}
        What the faults name: columns of a loan file, or entries of a file with others.
    """

    def __init__(self, source: str, faults: list[Fault], part: str = COLUMN) -> None:
        self.source = source
        self.faults = tuple(faults)
        self.part = part
        super().__init__(self.message())

    def __reduce__(self) -> tuple[type[InputError], tuple[str, list[Fault], str]]:
        """Survive the way back from another process."""
        return InputError, (self.source, list(self.faults), self.part)

    def _render_traceback_(self) -> list[str]:
        """Give what a notebook shows: the message, and not where the code was that found it."""
        return self.message().splitlines()

    @classmethod
    def of_file(cls, source: str, problem: str, allowed: str, remedy: str) -> InputError:
        """Make the error of a file that is wrong as a whole."""
        return cls(source, [Fault("", problem, 0, "", allowed, remedy)])

    def message(self) -> str:
        """Say what is wrong, where, what is allowed and what to do, as plain text."""
        head = f"error: {printable(self.source)}: "
        if len(self.faults) == 1 and not self.faults[0].rows:
            fault = self.faults[0]
            where = f"{self.part} {printable(fault.column)!r}: " if fault.column else ""
            allowed = _wrapped(f"  allowed: {printable(fault.allowed)}", "    ")
            problem = printable(fault.problem)
            return "\n".join([f"{head}{where}{problem}", *allowed, *_to_do([fault], indent="  ")])
        count = f"{len(self.faults):,} fault{'s' if len(self.faults) > 1 else ''} found"
        return "\n".join([f"{head}{count}", *self._table(), *_to_do(self.faults)])

    def _table(self) -> list[str]:
        """Lay the faults out as a table, long cells on several lines."""
        widths = COLUMN_WIDTHS if self.part == COLUMN else ENTRY_WIDTHS
        lines = _table_lines([[name] for name in widths], widths)
        for fault in self.faults[:MOST_SHOWN]:
            cells = {
                self.part: [printable(fault.column) or "(file)"],
                "problem": [printable(fault.problem)],
                "rows": [f"{fault.rows:,}" if fault.rows else ""],
                "first rows": [printable(line) for line in fault.first.splitlines()],
                "allowed": [fault.allowed],
            }
            lines += _table_lines([cells[name] for name in widths], widths)
        if len(self.faults) > MOST_SHOWN:
            lines.append(f"… and {len(self.faults) - MOST_SHOWN:,} more faults")
        return lines


class EndedEarlyError(RuntimeError):
    """A process that computes was ended from outside, as the system does when memory runs out."""


def printable(text: str) -> str:
    """Return `text` with control characters escaped, so that it stays on its line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _table_lines(cells: Iterable[Iterable[str]], widths: Mapping[str, int]) -> list[str]:
    """Return one row of the table: each cell wrapped to its column's width."""
    wrapped = [
        [line for part in cell for line in textwrap.wrap(part, width)]
        for cell, width in zip(cells, widths.values(), strict=True)
    ]
    return [
        "  ".join(
            f"{part:<{width}}" for part, width in zip(parts, widths.values(), strict=True)
        ).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _to_do(faults: Iterable[Fault], indent: str = "") -> list[str]:
    """Say each remedy once, in the order of the faults."""
    remedies = list(dict.fromkeys(fault.remedy for fault in faults))[:MOST_SHOWN]
    return [
        line for remedy in remedies for line in _wrapped(f"{indent}to do: {remedy}", f"{indent}  ")
    ]


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def row_with(row: int, what: str) -> str:
    """Name a row as messages do: 1 is the first below the header."""
    return f"row {row + 1:,}: {what}"
