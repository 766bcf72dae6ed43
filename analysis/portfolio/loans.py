"""Loans as distinct rows with their counts: what repeats is kept, and computed on, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.portfolio.column import Column
from analysis.portfolio.declaration import HEALTHY, HIGH_RISK, module_12
from analysis.portfolio.distinct import Distinct, Places, distinct, once
from analysis.portfolio.recipe import USUAL, Recipe

# Up to so many loans each is drawn for itself, as scikit-learn and imbalanced-learn draw it. In
# larger portfolios it is drawn how many there are of each distinct loan: the same distribution,
# at a cost that does not grow with the loans.
MOST_ONE_BY_ONE = 500_000
Labels = NDArray[np.integer[Any]]
Values = NDArray[np.float64]
BLOCK_ROWS = 65_536  # read at once for the scale of the columns: a few megabytes


class Scale(NamedTuple):
    """What brings columns to mean 0 and standard deviation 1.

    Attributes
    ----------
    middles, deviations : array of shape (columns,)
        Taken off, and divided by; 0 and 1 for what stays as it is.
    """

    middles: Values
    deviations: Values

    def scaled(self, values: Values) -> Values:
        """Return values of shape (rows, columns) on this scale."""
        found: Values = (values - self.middles) / self.deviations
        return found

    def restored(self, scaled: Values) -> Values:
        """Return what `scaled` was made of."""
        found: Values = scaled * self.deviations + self.middles
        return found


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
    left_out : mapping of str to tuple of str
        By the name of a category's level that has no feature of its own, the features that its
        other levels have: it is there where they are all 0.
    """

    label: str
    declared: tuple[Column, ...] = ()
    recipe: Recipe = USUAL
    outside: tuple[Column, ...] = ()
    indicators: frozenset[str] = frozenset()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def feature_names(self) -> list[str]:
        """The names of the features, in the order of the columns."""
        others = {self.label, *(each.name for each in self.outside)}
        return [str(name) for name in self.rows.columns if name not in others]

    @property
    def features(self) -> pd.DataFrame:
        """The features of the distinct loans."""
        names = self.feature_names
        first = self.rows.iloc[:, : len(names)]  # where they stand first, nothing is copied
        return first if list(first.columns) == names else self.rows[names]

    @cached_property
    def alike(self) -> Places:
        """The number of each distinct loan's combination of features, from 0."""
        return distinct(self.features).inverse

    @property
    def labelled(self) -> bool:
        """Whether the labels are known; they are of every loan that a model is fitted on."""
        return self.label in self.rows

    @property
    def labels(self) -> Labels:
        """The labels of the distinct loans, shape (distinct rows,)."""
        return self.rows[self.label].to_numpy(np.int8)

    @cached_property
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
        return self.among(positions).held()

    def counted(self, counts: NDArray[np.int64]) -> Loans:
        """Return as many loans of each distinct row as `counts` says; none where it says 0."""
        return self.weighed(counts).held()

    def among(self, positions: NDArray[np.integer]) -> Loans:
        """Return the same as `part`, but on all distinct rows: those of none count 0."""
        counts = np.bincount(positions, minlength=len(self))
        return self.weighed(counts, positions.astype(np.int32, copy=False))

    def weighed(self, counts: NDArray[np.int64], inverse: Places | None = None) -> Loans:
        """Return the same as `counted`, but on all distinct rows: nothing is copied."""
        order = np.empty(0, np.int32) if inverse is None else inverse
        return replace(self, counts=narrow(counts), inverse=order)

    def held(self) -> Loans:
        """Return the same loans without the distinct rows that count 0."""
        there = self.counts > 0
        if there.all() and self.counts.dtype == np.int64:
            return self
        place = np.cumsum(there, dtype=np.int32) - 1
        counts = self.counts[there]
        return replace(
            self,
            rows=self.rows[there].reset_index(drop=True),
            counts=once(len(counts)) if (counts == 1).all() else counts.astype(np.int64),
            inverse=place[self.inverse],
        )

    @cached_property
    def scale(self) -> Scale:
        """Mean and standard deviation of each number, as scikit-learn's StandardScaler has them.

        Those of all loans, with their number below the line; indicators and constants stay.
        """
        middles = np.zeros(len(self.feature_names))
        for values, weights in self.blocks():
            middles += weights @ values
        middles /= self.total
        apart = np.zeros((2, len(middles)))
        for values, weights in self.blocks():
            centred = np.subtract(values, middles, out=values)
            apart += weights @ centred, weights @ centred**2
        # The first sum would be 0 without rounding (Chan, Golub and LeVeque 1983,
        # doi:10.1080/00031305.1983.10483115).
        variances = (apart[1] - apart[0] ** 2 / self.total) / self.total
        least = np.finfo(float).eps
        rounding = self.total * (least * variances + (least * middles) ** 2 * self.total)
        deviations = np.where(variances <= rounding, 1.0, np.sqrt(variances))
        indicator = np.isin(self.feature_names, list(self.indicators))
        return Scale(np.where(indicator, 0.0, middles), np.where(indicator, 1.0, deviations))

    def blocks(self) -> Iterator[tuple[Values, Values]]:
        """Give the features, shape (rows of the block, features), and the weights of all loans."""
        for begin in range(0, len(self), BLOCK_ROWS):
            part = slice(begin, begin + BLOCK_ROWS)
            columns = [self.rows[name].to_numpy()[part] for name in self.feature_names]
            weights = self.counts[part].astype(np.float64)
            # Of a category with a single level no column is made: there may be none at all.
            values = np.array(columns).reshape(len(columns), len(weights))
            yield values.T.astype(np.float64, copy=False), weights

    def means(self) -> Values:
        """Return the mean of each feature over all loans, shape (features,)."""
        sums = [weights @ values for values, weights in self.blocks()]
        return np.asarray(np.sum(sums, axis=0) / self.total)

    def of_label(self, label: int) -> Loans:
        """Return the loans of a label, on all distinct rows: those of the other count 0."""
        return self.weighed(np.where(self.labels == label, self.counts, 0))

    def standard_deviations(self) -> Values:
        """Return the standard deviation of each feature over all loans, shape (features,).

        With the number of loans below the line; 0 for a constant.
        """
        first = int((self.counts > 0).argmax())
        # Less the first of them, so that a constant is 0 to the last digit.
        usual = self.rows.iloc[first][self.feature_names].to_numpy(float)
        apart = [weights @ (values - usual) for values, weights in self.blocks()]
        middles = np.sum(apart, axis=0) / self.total
        apart = [weights @ (values - usual - middles) ** 2 for values, weights in self.blocks()]
        return np.asarray(np.sqrt(np.sum(apart, axis=0) / self.total))


def compact(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same numbers, whole ones in as few bytes as hold all of their column."""
    whole = rows.columns[[each.kind == "i" for each in rows.dtypes]]
    return rows.assign(**{name: narrow(rows[name].to_numpy()) for name in whole})


def narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the same whole numbers, in as few bytes as hold the largest."""
    largest = max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
    return numbers.astype(np.min_scalar_type(-largest - 1))  # with a sign, so that none wraps


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
    return Loans(compact(found.rows), found.counts, found.inverse, name, declared, published.recipe)
