"""What stands in each column of a loan file that is not declared yet."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.portfolio import cells
from analysis.portfolio.cells import Values
from analysis.portfolio.column import MOST_LEVELS
from analysis.portfolio.header import IndexColumn

# How a gap is often written where numbers are expected.
GAP_WORDS = cells.GAPS | {"?", "-", "--", ".", "inf", "-inf", "infinity", "#n/a", "missing"}
# Numbers that often stand for one; zero and small numbers mean themselves too often.
CODES = (
    *(-7.0, -8.0, -9.0, 96.0, 97.0, 98.0, 996.0, 997.0, 998.0),
    *(sign * (10.0**n - 1) for sign in (1, -1) for n in range(2, 9)),
)
# As many distinct texts of a column are counted; a category has fewer.
KEPT = MOST_LEVELS + 50
SIGN = r"(?:[$€£¥%]|USD|EUR|GBP)"
# Words beside numbers that may stand for a gap; more of them make a category.
MOST_WORDS = 3
# Whole numbers beyond are not exact as floats.
EXACT = 2.0**53
# A number with signs of money or a share around it, or its thousands apart, by their mark.
AMOUNT = {
    group: rf"\A[+-]?(?:{SIGN}\s*[+-]?{whole}{decimals}(?:\s*{SIGN})?"
    rf"|{whole}{decimals}\s*{SIGN}|\d{{1,3}}(?:{mark}\d{{3}})+{decimals}"
    rf"|(?:{SIGN}\s*)?\({SIGN}?\s*{whole}{decimals}\)(?:\s*{SIGN})?)\z"
    for group, mark, decimals in ((",", ",", r"(?:\.\d+)?"), (".", r"\.", r"(?:,\d+)?"))
    for whole in (rf"(?:\d{{1,3}}(?:{mark}\d{{3}})+|\d+)",)
}
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
    words : dict of str to int
        The first few other texts, one more than `MOST_WORDS` at most.
    amounts : int
        Cells that are numbers but for what stands around or between thousands: `$60,000.00`.
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
    words: Counter[str] = field(default_factory=Counter)
    amounts: int = 0
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
    def is_number_beside_words(self) -> bool:
        """Whether most of its many different cells are numbers, and the others a few words."""
        few = 0 < len(self.words) <= MOST_WORDS
        return self.numeric and self.many and few and 2 * self.others < self.rows

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest number, codes for a gap among them."""
        return min(self.least, *self.codes or [math.inf]), max(
            self.most, *self.codes or [-math.inf]
        )

    def see(self, values: Any, decimal: str) -> None:
        """Look at the next cells, an Arrow array of texts or of what a Parquet file holds."""
        if not len(values):
            return
        try:
            encoded = compute.dictionary_encode(cells.to_texts(values))
        except arrow.ArrowException:
            self.held = str(values.type)
            return
        places = np.asarray(encoded.indices)
        counts = np.bincount(places, minlength=len(encoded.dictionary))
        numbers, amounts = to_numbers(encoded.dictionary, decimal)
        self.amounts += int(counts[amounts].sum())
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
                if len(self.words) <= MOST_WORDS or word in self.words:
                    self.words[word] += count
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


def to_numbers(texts: Any, decimal: str) -> tuple[Values, NDArray[np.bool_]]:
    """Return what texts are as numbers, amounts among them, and which of them are amounts."""
    numbers = cells.to_numbers(texts, decimal).copy()
    group = "," if decimal == "." else "."
    wrong = np.flatnonzero(np.isnan(numbers))
    amounts = np.zeros(len(numbers), dtype=bool)
    if len(wrong):
        others = compute.utf8_trim_whitespace(texts.take(arrow.array(wrong)))
        amounts[wrong] = np.asarray(compute.match_substring_regex(others, AMOUNT[group]))
        bare = cells.bare(others, group, bare_number=False)
        numbers[amounts] = cells.to_numbers(bare, decimal)[amounts[wrong]]
    return numbers, amounts
