"""Columns that tell the label by themselves: perhaps known only after the outcome."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as arrow
from numpy.typing import NDArray
from pyarrow import compute

from analysis.portfolio import cells
from analysis.portfolio.database.address import DataSource
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Label
from analysis.portfolio.describe import undeclared
from analysis.portfolio.describe.seen import KEPT, to_numbers

# Fewer loans of the rarer label may be told by chance; so may levels with few of them each.
LEAST_LOANS, LOANS_PER_LEVEL = 20, 5
# Whether a number is missing, below, at or above zero.
SIGNS = 4
Places = NDArray[np.int64]


@dataclass
class _Tally:
    """How many loans of each label stand in each group of a column, and the ends of its numbers."""

    levels: dict[str, Places] | None = field(default_factory=dict)
    signs: Places = field(default_factory=lambda: np.zeros((SIGNS, 2), np.int64))
    least: list[float] = field(default_factory=lambda: [math.inf, math.inf])
    most: list[float] = field(default_factory=lambda: [-math.inf, -math.inf])

    def see(self, values: Any, labels: Places, decimal: str) -> None:
        """Count the next cells, each with its label."""
        texts = compute.utf8_trim_whitespace(cells.to_texts(values))
        encoded = compute.dictionary_encode(texts)
        words = encoded.dictionary
        place = np.asarray(encoded.indices).astype(np.int64)
        counts = np.bincount(2 * place + labels, minlength=2 * len(words)).reshape(-1, 2)
        numbers, _ = to_numbers(words, decimal)
        sign = np.where(np.isnan(numbers), 0, np.sign(numbers) + 2).astype(np.int64)
        np.add.at(self.signs, sign, counts)
        for label in (HEALTHY, HIGH_RISK):
            there = numbers[(counts[:, label] > 0) & np.isfinite(numbers)]
            self.least[label] = min(self.least[label], there.min(initial=math.inf))
            self.most[label] = max(self.most[label], there.max(initial=-math.inf))
        self._count(words.to_pylist(), counts)

    def _count(self, words: list[str], counts: Places) -> None:
        if self.levels is None or len(words) > KEPT:
            self.levels = None
            return
        for word, count in zip(words, counts, strict=True):
            self.levels[word] = self.levels.get(word, 0) + count
        if len(self.levels) > KEPT:
            self.levels = None

    def wrong(self, rarer: int) -> int:
        """Return how many loans the best rule of this column alone decides wrongly."""
        found = [int(self.signs.min(axis=1).sum())]
        if self.levels is not None and len(self.levels) * LOANS_PER_LEVEL <= rarer:
            found.append(int(np.minimum(*np.array([*self.levels.values()]).T).sum()))
        apart = self.most[0] < self.least[1] or self.most[1] < self.least[0]
        if apart and not self.signs[0].any():
            found.append(0)
        return min(found)


def columns(
    path: DataSource, label_name: str, label: Label, names: Collection[str], decimal: str
) -> dict[str, float]:
    """Return how far from the label the best rule of one column alone is, for each column.

    Whether a cell is missing, its sign, its level where there are few, and a cut between numbers
    are the rules tried.

    Parameters
    ----------
    path : Path or Address
        A loan file; all of its rows are read.
    label_name, label : str, Label
        The label's column, and what its values mean.
    names : collection of str
        The columns to look at.
    decimal : str
        What stands before decimals.

    Returns
    -------
    dict of str to float
        Loans decided wrongly by the loans of the rarer label: 0 where the column tells the label
        without an error, 1 where it says nothing. Empty where too few loans have the rarer label.
    """
    tallies = {name: _Tally() for name in names}
    total = np.zeros(2, np.int64)
    for part in undeclared.parts(path):
        decided, labels = _labels(part[label_name], label)
        total += np.bincount(labels, minlength=2)
        for name, tally in tallies.items():
            tally.see(part[name].take(decided), labels, decimal)
    rarer = int(total.min())
    if rarer < LEAST_LOANS:
        return {}
    return {name: tally.wrong(rarer) / rarer for name, tally in tallies.items()}


def _labels(values: Any, label: Label) -> tuple[Any, Places]:
    """Return which loans are decided, and how."""
    texts = compute.utf8_trim_whitespace(cells.to_texts(values))
    risky, healthy = (
        np.asarray(compute.is_in(texts, arrow.array(each)))
        for each in (label.high_risk, label.healthy)
    )
    decided = np.flatnonzero(risky | healthy)
    return arrow.array(decided), risky[decided].astype(np.int64)
