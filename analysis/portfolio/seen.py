"""What stands in each column of a loan file that is not declared yet."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.base import progress
from analysis.base.errors import InputError
from analysis.portfolio import cells, csv_file, kinds, parquet_file
from analysis.portfolio.cells import Values
from analysis.portfolio.declaration import MOST_LEVELS, module_12
from analysis.portfolio.dialect import COMMA, PLAIN, Dialect, of_sample
from analysis.portfolio.file import opened
from analysis.portfolio.header import IndexColumn
from analysis.portfolio.reading import Reading

# How a gap is often written where numbers are expected.
GAP_WORDS = cells.GAPS | {"?", "-", "--", ".", "inf", "-inf", "infinity", "#n/a", "missing"}
# Numbers that often stand for one; zero and small numbers mean themselves too often.
CODES = (-7.0, -8.0, -9.0, *(sign * (10.0**n - 1) for sign in (1, -1) for n in range(2, 9)))
# As many distinct texts of a column are counted; a category has fewer.
KEPT = MOST_LEVELS + 50
# Whole numbers beyond are not exact as floats.
EXACT = 2.0**53
DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"
    r"|(\d{1,2}[- ])?[A-Za-z]{3}[- ](\d{4}|\d{2})|\d{1,2}-[A-Za-z]{3})([T ]\d{1,2}:\d{2}.*)?"
)


@dataclass
class Seen:
    """What was seen of one column so far.

    Attributes
    ----------
    name : str
        As the header has it.
    index : IndexColumn
        Whether its numbers go up from row to row.
    held : str
        What a Parquet file holds there that cannot be read, "" where it can be.
    numeric : bool
        Whether its cells may be read as numbers.
    rows, many : int, bool
        Its cells, and whether more than `KEPT` distinct texts stand there.
    counts : dict of str to int
        How often each text stands there, blanks around it left out, unless there are `many`.
    gaps : dict of str to int
        Those that are usual words for a gap, however many others there are.
    others, dates : int
        Cells that are neither numbers nor such words, and those of them that are dates.
    whole : bool
        Whether all its numbers are whole.
    least, most : float
        Of the numbers that are no usual codes; infinite where there are none.
    codes : dict of float to int
        Usual codes for a gap that stand there, and how often.
    unlike : bool
        Whether no text stood twice, as far as one part of the file shows.
    steps : bool
        Whether each number is the one before, and one.
    longest : int
        Characters of its longest text.
    first : str
        The first text that stands there.
    """

    name: str
    index: IndexColumn
    held: str = ""
    numeric: bool = True
    rows: int = 0
    many: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    others: int = 0
    dates: int = 0
    whole: bool = True
    least: float = math.inf
    most: float = -math.inf
    codes: Counter[float] = field(default_factory=Counter)
    unlike: bool = True
    steps: bool = True
    longest: int = 0
    first: str = ""

    @property
    def missing(self) -> int:
        """How many cells hold nothing."""
        return self.gaps[""]

    @property
    def is_number(self) -> bool:
        """Whether all of its cells are numbers, or usual words for a gap."""
        return self.numeric and not self.others and sum(self.gaps.values()) < self.rows

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest number, codes for a gap among them."""
        return min(self.least, *self.codes or [math.inf]), max(
            self.most, *self.codes or [-math.inf]
        )

    def see(self, values: Any, decimal: str = ".") -> None:
        """Look at the next cells, an Arrow array of texts or of what a Parquet file holds."""
        if not len(values):
            return
        if not arrow.types.is_string(values.type):
            try:
                values = parquet_file.to_texts(values)
            except arrow.ArrowException:
                self.held = str(values.type)
                return
        encoded = compute.dictionary_encode(compute.fill_null(values, ""))
        places = np.asarray(encoded.indices)
        counts = np.bincount(places, minlength=len(encoded.dictionary))
        numbers = cells.to_numbers(encoded.dictionary, decimal)
        words = compute.utf8_trim_whitespace(encoded.dictionary).to_pylist()
        self.rows += len(places)
        self.unlike &= len(words) == len(places)
        self.longest = max(self.longest, *map(len, words))
        self.first = self.first or next((each for each in words if each), "")
        self._count(words, counts)
        self._see_others(words, counts, numbers)
        self._see_numbers(numbers, counts)
        self._see_steps(numbers[places])

    def _see_steps(self, numbers: Values) -> None:
        before = self.index.last
        self.index.see(numbers)
        if not self.index.numbers:
            self.steps = False
            return
        steps = np.diff(numbers, prepend=before)[int(before < 0) :]  # the first has none before it
        self.steps &= bool((steps == 1).all())

    def _count(self, words: list[str], counts: NDArray[np.int64]) -> None:
        if self.many:
            return
        for word, count in zip(words, counts.tolist(), strict=True):
            self.counts[word] += count
            if len(self.counts) > KEPT:
                self.many = True
                self.counts.clear()
                return

    def _see_others(self, words: list[str], counts: NDArray[np.int64], numbers: Values) -> None:
        for at in np.flatnonzero(~np.isfinite(numbers)).tolist():
            word, count = words[at], int(counts[at])
            if word.lower() in GAP_WORDS:
                self.gaps[word] += count
            else:
                self.others += count
                self.dates += count * bool(DATE.fullmatch(word))

    def _see_numbers(self, numbers: Values, counts: NDArray[np.int64]) -> None:
        coded = np.isin(numbers, CODES)
        for at in np.flatnonzero(coded).tolist():
            self.codes[float(numbers[at])] += int(counts[at])
        there = numbers[np.isfinite(numbers) & ~coded]
        if len(there):
            self.least = min(self.least, float(there.min()))
            self.most = max(self.most, float(there.max()))
            self.whole &= bool((there == np.round(there)).all() and np.abs(there).max() < EXACT)


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

    found: Dialect | None = None

    def refuse(self, problem: str, remedy: str) -> InputError:
        allowed = "CSV (also gzipped), Parquet or an Excel workbook"
        return InputError.of_file(self.name, problem, allowed, remedy)

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
    with (
        opened(path) as file,
        progress.stage("Reading the loan file", path.stat().st_size) as file.step,
    ):
        read = kinds.text(reading, file)
        parts = csv_file.columns(reading, read) if read else parquet_file.columns(reading, file)
        for names, columns in parts:
            found = found or _unseen(reading, names, columns, written=read is not None)
            for each, values in zip(found, columns, strict=True):
                each.see(values, reading.written.decimal_char)
    return SeenFile(found, reading.written)


def _unseen(reading: Reading, names: list[str], columns: list[Any], *, written: bool) -> list[Seen]:
    """Return the columns as they are before a cell was seen; in CSV, any text may be a number."""
    _hold_names(reading, names)
    return [
        Seen(name, IndexColumn(name, at), numeric=written or parquet_file.is_number(values.type))
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
