"""Rows that come in pieces, reduced to the distinct ones with their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.portfolio.distinct import Distinct

# After so many rows it shows whether a file repeats itself enough for reducing it to pay.
ENOUGH_ROWS = 50_000
MOST_DISTINCT = 0.5


class CollisionError(Exception):
    """Two unlike rows have the same hash."""


class Reducer:
    """Keeps each distinct row once, and for every row which one it is.

    Rows that hardly repeat are kept as they come, each counted once: to look for equal ones would
    cost time and memory, and bring nothing.
    """

    def __init__(self) -> None:
        """Begin without rows."""
        self._rows = pd.DataFrame()
        self._hashes: pd.Index[Any] = pd.Index([], dtype="uint64")
        self._codes: list[NDArray[np.int32]] = []
        self._kept: list[pd.DataFrame] = []

    def add(self, piece: pd.DataFrame) -> None:
        """Take the next rows; no value is NaN or -0.0.

        Raises
        ------
        CollisionError
            When hashes cannot tell rows apart.
        """
        if self._kept:
            self._kept.append(piece)
            return
        self._reduce(piece)
        total = sum(len(codes) for codes in self._codes)
        if total >= ENOUGH_ROWS and len(self._rows) > MOST_DISTINCT * total:
            self._kept = [self._rows.take(np.concatenate(self._codes))]

    def _reduce(self, piece: pd.DataFrame) -> None:
        hashes = pd.util.hash_pandas_object(piece, index=False).to_numpy()
        codes, unlike = pd.factorize(hashes)
        places = self._hashes.get_indexer(pd.Index(unlike))
        new = places < 0
        places[new] = np.arange(len(self._hashes), len(self._hashes) + new.sum())
        first = np.empty(len(unlike), dtype=np.int64)
        # Written backwards, so that what stays is the first row with each hash.
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
        self._rows = pd.concat([self._rows, piece.take(first[new])], ignore_index=True)
        self._hashes = self._hashes.append(pd.Index(unlike[new]))
        self._codes.append(places[codes].astype(np.int32))
        for name in piece:
            values = self._rows[name].to_numpy()[self._codes[-1]]
            if not np.array_equal(values, piece[name].to_numpy()):
                raise CollisionError

    def reduced(self) -> Distinct:
        """Return all rows taken so far, the distinct ones in the order of first appearance."""
        if self._kept:
            rows = pd.concat(self._kept, ignore_index=True)
            return Distinct(rows, np.ones(len(rows), dtype=np.int64), np.arange(len(rows)))
        inverse = np.concatenate([np.empty(0, np.int32), *self._codes]).astype(np.int64)
        return Distinct(self._rows, np.bincount(inverse, minlength=len(self._rows)), inverse)
