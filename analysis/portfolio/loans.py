"""Loans as distinct rows with their counts: what repeats is kept, and computed on, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, Column, module_12
from analysis.portfolio.distinct import Distinct, distinct
from analysis.portfolio.recipe import USUAL, Recipe

Labels = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Loans(Distinct):
    """A portfolio, or a part of one: distinct loans, how many of each, and in which order.

    What holds of every row of a portfolio holds of `rows`.

    Attributes
    ----------
    label : str
        Which column of `rows` is the label, 0 (healthy) or 1 (high-risk).
    declared : tuple of Column
        What is declared of the features: `models.design` makes numbers of those that are none.
        Empty where all of them are numbers and stay as they are.
    recipe : Recipe
        How they are split, and the models fitted on them.
    outside : tuple of Column
        What is declared of the columns that never enter a model: groups to compare decisions by.
    indicators : frozenset of str
        Features that are 0 or 1 because a category or a gap was written so.
    """

    label: str
    declared: tuple[Column, ...] = ()
    recipe: Recipe = USUAL
    outside: tuple[Column, ...] = ()
    indicators: frozenset[str] = frozenset()

    @property
    def feature_names(self) -> list[str]:
        """The names of the features, in the order of the columns."""
        others = {self.label, *(each.name for each in self.outside)}
        return [str(name) for name in self.rows.columns if name not in others]

    @property
    def features(self) -> pd.DataFrame:
        """The features of the distinct loans."""
        return self.rows[self.feature_names]

    @property
    def labelled(self) -> bool:
        """Whether the labels are known; they are of every loan that a model is fitted on."""
        return self.label in self.rows

    @property
    def labels(self) -> Labels:
        """The labels of the distinct loans, shape (distinct rows,)."""
        return self.rows[self.label].to_numpy(np.int64)

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
        return replace(
            self,
            rows=rows,
            counts=counts[kept].astype(np.int64),
            inverse=order.astype(np.int64, copy=False),
        )

    @cached_property
    def scaler(self) -> Any:
        """A fitted scaler of numbers to mean 0 and standard deviation 1; indicators stay."""
        from sklearn.preprocessing import StandardScaler  # noqa: PLC0415 -- loads in time

        # Without weights where each loan is one of its kind: the library is several times as fast.
        weights = None if (self.counts == 1).all() else self.weights
        scaler = StandardScaler().fit(self.features.to_numpy(float), sample_weight=weights)
        indicator = np.isin(self.feature_names, list(self.indicators))
        scaler.mean_[indicator], scaler.scale_[indicator] = 0.0, 1.0
        return scaler

    def standard_deviations(self) -> Values:
        """Return the standard deviation of each feature over all loans, shape (features,).

        With the number of loans below the line; 0 for a constant.
        """
        values = self.features.to_numpy(float)
        # Less the first row, so that a constant is 0 to the last digit.
        values = values - values[0]
        values -= self.weights @ values / self.total
        found: Values = np.sqrt(self.weights @ values**2 / self.total)
        return found


def from_table(
    table: pd.DataFrame, label: str | None = None, declared: tuple[Column, ...] = ()
) -> Loans:
    """Return the loans of a validated table with a row a loan, with the published recipe.

    Parameters
    ----------
    label : str, optional
        The label's column; the published report's where left out.
    """
    found, published = distinct(table), module_12()
    name = label or published.label_column.name
    return Loans(found.rows, found.counts, found.inverse, name, declared, published.recipe)
