"""Loans as distinct rows with their counts: what repeats is kept, and computed on, once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.portfolio.distinct import Distinct, distinct
from analysis.portfolio.schema import HEALTHY, HIGH_RISK, LABEL

Labels = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Loans(Distinct):
    """A portfolio, or a part of one: distinct loans, how many of each, and in which order.

    `rows` has the columns of `LoanTable`; what holds of every row of a portfolio holds of them.
    """

    @property
    def feature_names(self) -> list[str]:
        """The names of the features, in the order of the columns."""
        return [str(name) for name in self.rows.columns if name != LABEL]

    @property
    def features(self) -> pd.DataFrame:
        """The features of the distinct loans: every column but the label."""
        return self.rows[self.feature_names]

    @property
    def labelled(self) -> bool:
        """Whether the labels are known; they are of every loan that a model is fitted on."""
        return LABEL in self.rows

    @property
    def labels(self) -> Labels:
        """The labels of the distinct loans, shape (distinct rows,)."""
        return self.rows[LABEL].to_numpy(np.int64)

    @property
    def label_counts(self) -> dict[int, int]:
        """How many loans have each label; 0 for a label that none has."""
        counts = np.bincount(self.labels, self.counts, minlength=HIGH_RISK + 1)
        return {label: int(counts[label]) for label in (HEALTHY, HIGH_RISK)}

    def part(self, positions: NDArray[np.integer]) -> Loans:
        """Return some of the loans.

        Parameters
        ----------
        positions : array of shape (loans of the part,)
            The position in `rows` of each, in the part's order.
        """
        counts = np.bincount(positions, minlength=len(self))
        place = np.cumsum(counts > 0) - 1
        return self.counted(counts, place[positions])

    def counted(
        self, counts: NDArray[np.int64], inverse: NDArray[np.integer] | None = None
    ) -> Loans:
        """Return as many loans of each distinct row as `counts` says; none where it says 0."""
        kept = np.flatnonzero(counts)
        rows = self.rows.take(kept).reset_index(drop=True)
        order = np.empty(0) if inverse is None else inverse
        return Loans(rows, counts[kept].astype(np.int64), order.astype(np.int64, copy=False))

    def standard_deviations(self) -> Values:
        """Return the standard deviation of each feature over all loans, shape (features,).

        With the number of loans below the line; 0 for a constant.
        """
        values = self.features.to_numpy(float)
        # Less the first row, so that a constant is 0 to the last digit.
        found = np.cov((values - values[0]).T, fweights=self.counts, ddof=0)
        return np.sqrt(found.diagonal())


def from_table(table: pd.DataFrame) -> Loans:
    """Return the loans of a table with a row a loan, columns as in `LoanTable`."""
    found = distinct(table)
    return Loans(found.rows, found.counts, found.inverse)
