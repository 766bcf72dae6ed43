"""Whether the columns determine their coefficients: the rank of the design matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.entries import Count

# Columns are brought to unit variance first; a combination of them below this share of the
# largest one is rounding (1e-16), not information.
TOLERANCE = 1e-9
BLOCK_ROWS = 100_000


@dataclass(frozen=True)
class DesignRank:
    """The design matrix of a logistic regression with an intercept.

    Attributes
    ----------
    design_rank : int
        Its rank, from 1 to `design_columns`.
    design_columns : int
        The features and the intercept.
    unidentified : tuple of str
        Features whose coefficients can change without a change in any prediction: those in an
        exact linear relation, constant ones included. Empty at full rank.
    """

    design_rank: Count
    design_columns: Count
    unidentified: tuple[str, ...]


def find(table: pd.DataFrame) -> DesignRank:
    """Find the rank of the standardised features with an intercept.

    Parameters
    ----------
    table : DataFrame of shape (rows, columns)
        The features. Equal rows add nothing and may be left out.
    """
    columns = [table[name].to_numpy(np.float64) for name in table]
    middles = np.array([each.mean() for each in columns])
    # Columns of unit variance are orthogonal to the intercept, so it always adds one.
    triangle = _triangle(columns, middles, np.array([_scale(each) for each in columns]))
    _, sizes, directions = np.linalg.svd(triangle)
    strong = sizes > TOLERANCE * max(float(sizes.max()), 1.0)
    null = directions[int(strong.sum()) :]
    involved = (np.abs(null) > TOLERANCE**0.5).any(axis=0)
    return DesignRank(
        design_rank=1 + int(strong.sum()),
        design_columns=1 + len(columns),
        unidentified=tuple(str(name) for name in table.columns[involved]),
    )


def _scale(values: NDArray[np.float64]) -> float:
    """Return a column's standard deviation, infinite for a constant, which then becomes 0."""
    if values.min() == values.max():
        return np.inf
    # The square of a very small number is 0; the range is not.
    return float(values.std()) or float(np.ptp(values))


def _triangle(
    columns: list[NDArray[np.float64]], middles: NDArray[np.float64], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the R of the standardised columns' QR decomposition, built up in blocks of rows."""
    triangle = np.zeros((len(columns), len(columns)))
    for start in range(0, len(columns[0]), BLOCK_ROWS):
        block = np.column_stack([each[start : start + BLOCK_ROWS] for each in columns])
        block = (block - middles) / scales
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    return triangle
