"""Distinct rows with their counts: the figures of all rows, for a fraction of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base import memory

# After so many rows it shows whether a file repeats itself enough for reducing it to pay.
ENOUGH_ROWS = 50_000
MOST_DISTINCT = 0.5
BLOCK_ROWS = 65_536  # hashed at once, so that no copy of a table is made
# Places of distinct rows: there are fewer than two thousand million of them.
Places = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Distinct:
    """The distinct rows of a table.

    Attributes
    ----------
    rows : DataFrame
        One row for each distinct row, index 0, 1, 2, ...
    counts : array of shape (distinct rows,)
        How often each occurs, at least 1.
    inverse : array of int32 of shape (rows of the table,)
        The position in `rows` of each row of the table, in the table's order. Empty where rows
        were drawn by count, so that they have no order.
    """

    rows: pd.DataFrame
    counts: NDArray[np.int64]
    inverse: Places

    def __len__(self) -> int:
        """How many distinct rows there are."""
        return len(self.counts)

    @property
    def total(self) -> int:
        """How many rows the table has."""
        return int(self.counts.sum())

    @property
    def weights(self) -> NDArray[np.float64]:
        """The counts as floating-point sample weights."""
        return self.counts.astype(np.float64)


def distinct(table: pd.DataFrame) -> Distinct:
    """Find the distinct rows of a table, in the order in which they first appear.

    Parameters
    ----------
    table : DataFrame of shape (rows, columns)
        Whichever columns decide whether two rows are equal; -0.0 equals 0.0.
    """
    hashes = hashed(table)
    if _unlike(hashes):  # nothing to look for, and nothing to copy
        return unlike(table.reset_index(drop=True))
    table = (table + 0).reset_index(drop=True)
    codes = pd.factorize(hashes)[0].astype(np.int32)
    found = Distinct(table.take(_first(codes)).reset_index(drop=True), np.bincount(codes), codes)
    if _restores(found.rows, codes, table):
        return found
    # Two unlike rows share a hash, or a value is not equal to itself: compare the values instead.
    groups = table.groupby(list(table.columns), sort=False, dropna=False)
    codes = groups.ngroup().to_numpy().astype(np.int32)
    return Distinct(table.take(_first(codes)).reset_index(drop=True), np.bincount(codes), codes)


def unlike(rows: pd.DataFrame) -> Distinct:
    """Return rows of which no two are equal, each counted once."""
    return Distinct(rows, once(len(rows)), np.arange(len(rows), dtype=np.int32))


def once(rows: int) -> NDArray[np.int64]:
    """Return a count of 1 for each of so many rows: a single number, which is not to be changed."""
    return np.broadcast_to(np.int64(1), rows)


def shared(groups: Places) -> NDArray[np.bool_]:
    """Return of each row whether another one is of the same group, shape (rows,).

    Parameters
    ----------
    groups : array of shape (rows,)
        The number of each row's group, from 0, none left out.
    """
    if len(groups) == groups.max(initial=-1) + 1:
        return np.zeros(len(groups), dtype=bool)
    return np.asarray(np.bincount(groups)[groups] > 1)


def hashed(table: pd.DataFrame, kind: type[np.float64] | None = None) -> NDArray[np.uint64]:
    """Return a hash of each row of numbers: the same for equal rows, shape (rows,).

    Parameters
    ----------
    kind : type, optional
        What all numbers are taken as; else each column's own.
    """
    found = np.empty(len(table), np.uint64)
    for begin in range(0, len(table), BLOCK_ROWS):
        part = slice(begin, begin + BLOCK_ROWS)
        rows = table.iloc[part] if kind is None else table.iloc[part].astype(kind)
        # Adding zero turns -0.0 into 0.0, which equals it and hashes otherwise.
        found[part] = pd.util.hash_pandas_object(rows + 0, index=False)
    return found


def _unlike(hashes: NDArray[np.uint64]) -> bool:
    """Whether no two hashes are equal: rows that equal each other would share one."""
    rising = np.sort(hashes)
    return not (rising[1:] == rising[:-1]).any()


class Reducer:
    """Keeps each distinct row of those that come in pieces once, and for every row which it is.

    Rows that hardly repeat are kept as they come, each counted once: to look for equal ones would
    cost time and memory, and bring nothing.
    """

    def __init__(self) -> None:
        """Begin without rows."""
        self.total = 0
        self._rows = pd.DataFrame()
        self._hashes: pd.Index[Any] = pd.Index([], dtype="uint64")
        self._codes: list[NDArray[np.int32]] = []
        self._kept: list[pd.DataFrame] = []

    def add(self, piece: pd.DataFrame) -> None:
        """Take the next rows; equal values have equal bytes (one NaN, no -0.0)."""
        if not len(piece):
            return
        reduced = not self._kept and self._reduce(piece)
        self.total += len(piece)
        if not reduced:
            self._keep(piece)
        elif self.total >= ENOUGH_ROWS and len(self._rows) > MOST_DISTINCT * self.total:
            self._keep()

    def _keep(self, *pieces: pd.DataFrame) -> None:
        if self._codes:
            self._kept = [self._rows.take(np.concatenate(self._codes))]
            self._codes = []
        self._kept += pieces

    def _reduce(self, piece: pd.DataFrame) -> bool:
        """Take rows by their hashes; False, and nothing taken, where two unlike rows share one."""
        hashes = pd.util.hash_pandas_object(piece, index=False).to_numpy()
        codes, unlike = pd.factorize(hashes)
        places = self._hashes.get_indexer(pd.Index(unlike))
        new = places < 0
        places[new] = np.arange(len(self._hashes), len(self._hashes) + new.sum())
        rows = pd.concat([self._rows, piece.take(_first(codes)[new])], ignore_index=True)
        found = places[codes].astype(np.int32)
        if not _restores(rows, found, piece):
            return False
        self._rows = rows
        self._hashes = self._hashes.append(pd.Index(unlike[new]))
        self._codes.append(found)
        return True

    def reduced(self) -> Distinct:
        """Return all rows taken so far, the distinct ones in the order of first appearance."""
        if self._kept:
            return unlike(_joined(self._kept))
        inverse = np.empty(self.total, dtype=np.int32)
        place = self.total
        while self._codes:  # from the end, each piece given up as it is taken
            codes = self._codes.pop()
            inverse[place - len(codes) : place] = codes
            place -= len(codes)
        return Distinct(self._rows, np.bincount(inverse, minlength=len(self._rows)), inverse)


def _joined(pieces: list[pd.DataFrame]) -> pd.DataFrame:
    """Put pieces together column by column, each piece giving up what is taken from it."""
    columns = {}
    for name in list(pieces[0].columns):
        columns[name] = np.concatenate([piece.pop(name).to_numpy() for piece in pieces])
        memory.give_back()
    return pd.DataFrame(columns, copy=False)


def _first(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the first place of each group, where the groups count up from 0 as they appear."""
    first = np.empty(codes.max(initial=-1) + 1, dtype=np.int64)
    # Written backwards, so that what stays is each group's first row.
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def _restores(rows: pd.DataFrame, codes: NDArray[np.integer], table: pd.DataFrame) -> bool:
    """Whether putting each row's distinct row in its place gives the table again, byte by byte."""
    pairs = ((rows[name].to_numpy()[codes], table[name].to_numpy()) for name in table.columns)
    return all(np.array_equal(a.view(f"i{a.itemsize}"), b.view(f"i{b.itemsize}")) for a, b in pairs)
