"""The columns that the models are fitted on, made of the declared ones by rules learnt in training.

A number stays one column; where training loans miss it, the median stands in and a further column
says so. A category becomes a column for each of its levels but the first, or for each of them
where some loans have none.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.portfolio.declaration import Column, Constraints
from analysis.portfolio.loans import Loans

MISSING = "missing"


@dataclass(frozen=True)
class DesignColumn:
    """One column of the design.

    Attributes
    ----------
    name : str
        As it stands in the design, unique: `income`, `income: missing`, `home: rent`.
    title : str
        For a reader: "Home ownership: rent".
    unit : str
        Of its numbers; nothing for an indicator.
    feature : str
        The declared column that it is made of.
    number : bool
        Whether it holds the numbers themselves, in their unit; else it is 0 or 1.
    """

    name: str
    title: str
    unit: str
    feature: str
    number: bool


@dataclass(frozen=True)
class Design:
    """The columns of a design, and the rules that make them, learnt from training loans.

    Attributes
    ----------
    columns : tuple of DesignColumn
        In the order of the design.
    _rules : ColumnTransformer or None
        What makes them; None where the features are numbers and stay as they are.
    """

    columns: tuple[DesignColumn, ...]
    _rules: Any = field(repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def apply(self, loans: Loans) -> Loans:
        """Return loans with the design's columns in place of the declared ones, and the label.

        A level that training has not seen counts as the level left out.
        """
        if self._rules is None:
            return loans
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Found unknown categories")  # as said above
            made = self._rules.transform(_floats(loans))
        rows = pd.DataFrame(made, columns=self.names)
        return replace(
            loans,
            rows=rows.assign(**{loans.label: loans.labels}),
            declared=(),
            outside=frozenset(),
            indicators=frozenset(each.name for each in self.columns if not each.number),
        )


def design(train: Loans) -> Design:
    """Learn from training loans how the features become columns of numbers.

    Parameters
    ----------
    train : Loans
        The columns declared: numbers, NaN where one is missing; categories by the place of their
        level among those declared, NaN where it is missing. Where all are numbers, they stay.
    """
    from sklearn.compose import ColumnTransformer

    features = train.declared or tuple(map(_declared, train.feature_names))
    if not any(each.levels or not each.constraints.required for each in features):
        return Design(tuple(map(_number, features)), None)
    parts, columns = [], list[DesignColumn]()
    for feature in features:
        made = _levels if feature.levels else _numbers
        rule, found = made(feature, train.rows[feature.name], train.counts)
        parts.append((feature.name, rule, [feature.name]))
        columns += found
    return Design(tuple(columns), ColumnTransformer(parts).fit(_floats(train)))


def _floats(loans: Loans) -> pd.DataFrame:
    """Return the features as floats: no median can stand in among whole numbers otherwise."""
    return loans.features.astype(np.float64)


def _declared(name: str) -> Column:
    return Column(name, constraints=Constraints(required=True))


def _number(feature: Column) -> DesignColumn:
    return DesignColumn(feature.name, feature.title, feature.unit, feature.name, number=True)


def _numbers(
    feature: Column, values: pd.Series[float], counts: NDArray[np.int64]
) -> tuple[Any, list[DesignColumn]]:
    """Return the rule for a feature of numbers, and its columns."""
    from sklearn.impute import SimpleImputer

    there = values.notna()
    # Of all the loans, not of the distinct ones, which is why the library is told the median.
    median = np.median(np.repeat(values[there], counts[there])) if there.any() else 0.0
    rule = SimpleImputer(strategy="constant", fill_value=float(median), add_indicator=True)
    gaps = [] if there.all() else [_level(feature, MISSING)]
    return rule, [_number(feature), *gaps]


def _levels(
    feature: Column, values: pd.Series[float], _: NDArray[np.int64]
) -> tuple[Any, list[DesignColumn]]:
    """Return the rule for a category, and its columns: one a level that training has, less one."""
    from sklearn.preprocessing import OneHotEncoder

    seen = np.unique(values)  # a gap comes last
    # Where there are gaps, the levels are held against these, else against the first level.
    left_out = seen[-1] if np.isnan(seen[-1]) else seen[0]
    rule = OneHotEncoder(
        categories=[seen], drop=[left_out], handle_unknown="ignore", sparse_output=False
    )
    kept = seen[:-1] if np.isnan(left_out) else seen[1:]
    return rule, [_level(feature, feature.levels[int(at)]) for at in kept]


def _level(feature: Column, level: str) -> DesignColumn:
    name, title = f"{feature.name}: {level}", f"{feature.title}: {level}"
    return DesignColumn(name, title, "", feature.name, number=False)


def standardised(train: Loans) -> Any:
    """Return a fitted scaler of numbers to mean 0 and standard deviation 1; indicators stay."""
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train.features.to_numpy(float), sample_weight=train.weights)
    indicator = np.isin(train.feature_names, list(train.indicators))
    scaler.mean_[indicator], scaler.scale_[indicator] = 0.0, 1.0
    return scaler
