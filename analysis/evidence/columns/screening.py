"""Which pairs of columns may give another one: tested at once on few rows, before any is fitted.

A search over triples of columns grows with their cube: with 65 columns it tries 175,000 of them,
with 500 columns 80 million. Held against all pairs at once, nearly every triple drops out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.portfolio.loans import Values

# Of three columns brought to one scale, what is left of the volume that they span: 1 where they
# have nothing to do with each other, rounding where one is a weighted sum of the others.
FLAT = 1e-10
# Products are compared where the column given is larger than so much of its range, so that
# rounding it by a billionth of that range cannot hide the product beyond `CLOSE`.
LARGE = 1e-5
CLOSE = 1e-4  # difference of logarithms


def correlations(rows: Values) -> Values:
    """Return the correlations of the columns, shape (columns, columns).

    Parameters
    ----------
    rows : array of shape (rows, columns)
        No column constant. Brought to one scale first, since a large value hides small differences.
    """
    scaled = rows - rows[0]
    scaled /= np.abs(scaled).max(axis=0)
    found: Values = np.corrcoef(scaled, rowvar=False)
    return found.reshape(rows.shape[1], rows.shape[1])


def sums(correlated: Values, target: int, free: list[int]) -> list[tuple[int, ...]]:
    """Return the single columns and the pairs of `free` that the target may be a sum of.

    Parameters
    ----------
    correlated : array of shape (columns, columns)
        As `correlations` gives them.
    target : int
        The column to be given.
    free : list of int
        The columns that may give it, in their order.
    """
    with_target, among = correlated[free, target], correlated[np.ix_(free, free)]
    first, second = with_target[:, None], with_target[None, :]
    volume = 1 + 2 * among * first * second - among**2 - first**2 - second**2
    singles = np.flatnonzero(1 - with_target**2 <= FLAT)
    pairs = np.argwhere(np.triu(volume <= FLAT, k=1))
    return [(free[i],) for i in singles] + [(free[i], free[j]) for i, j in pairs]


def factors(rows: Values, product: int) -> NDArray[np.int64]:
    """Return the pairs of columns whose product a column may be, shape (pairs, 2), in order.

    Parameters
    ----------
    rows : array of shape (rows, columns)
        With the extremes of each column.
    product : int
        The column that may be the product, times a constant.
    """
    values = rows[:, product]
    large = rows[np.abs(values) > LARGE * np.ptp(values)]
    # Where the product is not zero, neither factor is.
    others = np.flatnonzero((large != 0).all(axis=0))
    logs = np.log(np.abs(large[:, others]))
    given = logs[:, others == product]
    others, logs = others[others != product], logs[:, others != product]
    given, logs = given - given[0], logs - logs[0]
    pairs = np.column_stack(np.triu_indices(len(others), k=1))
    for row in np.argsort(-np.abs(given[:, 0]), kind="stable"):
        if not len(pairs):
            break
        left = given[row] - logs[row, pairs[:, 0]] - logs[row, pairs[:, 1]]
        pairs = pairs[np.abs(left) <= CLOSE]
    found: NDArray[np.int64] = others[pairs]
    return found
