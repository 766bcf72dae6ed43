"""Distinct rows with their counts: the figures of all rows, for a fraction of the work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Distinct:
    """The distinct rows of a table.

    Attributes
    ----------
    rows : DataFrame
        One row for each distinct row, index 0, 1, 2, ...
    counts : array of shape (distinct rows,)
        How often each occurs, at least 1.
    inverse : array of shape (rows of the table,)
        The position in `rows` of each row of the table, in the table's order. Empty where rows
        were drawn by count, so that they have no order.
    """

    rows: pd.DataFrame
    counts: NDArray[np.int64]
    inverse: NDArray[np.int64]

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
    # Adding zero turns -0.0 into 0.0, which equals it and hashes otherwise.
    table = (table + 0).reset_index(drop=True)
    hashes = pd.util.hash_pandas_object(table, index=False).to_numpy()
    found = _of_codes(table, pd.factorize(hashes)[0].astype(np.int64))
    if _restores(found, table):
        return found
    # Two unlike rows share a hash, or a value is not equal to itself: compare the values instead.
    groups = table.groupby(list(table.columns), sort=False, dropna=False)
    return _of_codes(table, groups.ngroup().to_numpy().astype(np.int64))


def _of_codes(table: pd.DataFrame, codes: NDArray[np.int64]) -> Distinct:
    """Make the result from group numbers that count up from 0 in the order of appearance."""
    counts = np.bincount(codes).astype(np.int64)
    first = np.empty(len(counts), dtype=np.int64)
    # Written backwards, so that what stays is each group's first row.
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return Distinct(table.iloc[first].reset_index(drop=True), counts, codes)


def _restores(found: Distinct, table: pd.DataFrame) -> bool:
    """Whether putting each row's distinct row in its place gives the table again."""
    return all(
        np.array_equal(found.rows[name].to_numpy()[found.inverse], table[name].to_numpy())
        for name in table.columns
    )
