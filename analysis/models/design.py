"""The columns that the models are fitted on, made of the declared ones by rules learnt in training.

A number stays one column; where training loans miss it, the median stands in and a further column
says so. A category becomes a column for each of its levels but the first, or for each of them
where some loans have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.errors import InputError
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.loans import Loans, Values

MISSING = "missing"
# Each step of a fit multiplies each pair of columns over the loans. 500 columns of 20,000 loans,
# 5e9 products, take a minute and a half in all; twenty times as many would take half an hour.
MOST_PRODUCTS = 1e11


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
    """The columns of a design, and what makes them, learnt from training loans.

    Attributes
    ----------
    columns : tuple of DesignColumn
        In the order of the design.
    usual : dict of str to float or None
        What stands in for a missing number, by feature: the median of the training loans. None
        where the features are numbers that no loan lacks, and stay as they are.
    left_out : tuple of DesignColumn
        Of each category of three levels or more, the level that its columns leave out, if any.
    """

    columns: tuple[DesignColumn, ...]
    usual: dict[str, float] | None
    left_out: tuple[DesignColumn, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def apply(self, loans: Loans) -> Loans:
        """Return loans with the design's columns in place of the features declared.

        The label stays, and so do the columns outside of the models. A level that training has
        not seen counts as the level left out.
        """
        if self.usual is None:
            return loans
        made = np.empty((len(self.columns), len(loans)))
        place = {name: at for at, name in enumerate(self.names)}
        for name, values in _every_column(loans, self.usual):
            if name in place:
                made[place[name]] = values
        rows = pd.DataFrame(made.T, columns=self.names)
        for name in (loans.label, *(each.name for each in loans.outside)):
            if name in loans.rows:
                rows[name] = loans.rows[name]
        return replace(
            loans,
            rows=rows,
            declared=(),
            indicators=frozenset(each.name for each in self.columns if not each.number),
            left_out={each.name: self._others(each) for each in self.left_out},
        )

    def _others(self, left_out: DesignColumn) -> tuple[str, ...]:
        """Return the names of the columns that its feature has."""
        return tuple(each.name for each in self.columns if each.feature == left_out.feature)


def design(train: Loans) -> Design:
    """Learn from training loans how the features become columns of numbers.

    Parameters
    ----------
    train : Loans
        The columns declared: numbers, NaN where one is missing; categories by the place of their
        level among those declared, NaN where it is missing. Where all are numbers, they stay.
    """
    features = _features(train)
    if stays(train):
        return Design(tuple(map(_number, features)), None)
    columns, usual = list[DesignColumn](), dict[str, float]()
    left_out = list[DesignColumn]()
    for feature in features:
        values = train.rows[feature.name].to_numpy(np.float64)
        if feature.levels:
            seen = _levels(feature, values)
            if np.isnan(values).any():
                columns += seen
                continue
            columns += seen[1:]
            left_out += seen[:1] if seen[2:] else []
            continue
        columns.append(_number(feature))
        if np.isnan(values).any():
            columns.append(_level(feature, MISSING))
        if not feature.constraints.required:
            usual[feature.name] = _median(values, train.counts)
    return Design(tuple(columns), usual, tuple(left_out))


def stays(loans: Loans) -> bool:
    """Whether all features are numbers that no loan lacks, so that they stay as they are."""
    return not any(each.levels or not each.constraints.required for each in _features(loans))


def _features(loans: Loans) -> tuple[Column, ...]:
    return loans.declared or tuple(map(_declared, loans.feature_names))


def every_column(loans: Loans, usual: Mapping[str, float]) -> pd.DataFrame:
    """Return all columns that a design may have of some loans, by their names in it.

    Parameters
    ----------
    loans : Loans
        The columns declared, as `design` takes them.
    usual : mapping of str to float
        What stands in for a missing number, by column: its median among the training loans.
    """
    return pd.DataFrame(dict(_every_column(loans, usual)))


def _every_column(loans: Loans, usual: Mapping[str, float]) -> Iterator[tuple[str, Values]]:
    for feature in _features(loans):
        values = loans.rows[feature.name].to_numpy(np.float64)
        for place, level in enumerate(feature.levels):
            yield _level(feature, level).name, (values == place).astype(np.float64)
        if not feature.levels:
            gaps = np.isnan(values)
            yield feature.name, np.where(gaps, usual.get(feature.name, np.nan), values)
            yield _level(feature, MISSING).name, gaps.astype(np.float64)


def check_size(name: str, loans: Loans) -> None:
    """Raise InputError where the features would make more columns than can be fitted in time.

    Parameters
    ----------
    name : str
        Of the loan file.
    loans : Loans
        The portfolio, with the columns declared.
    """
    levels = {each.name: loans.rows[each.name].nunique() for each in loans.declared if each.levels}
    columns = len(loans.feature_names) - len(levels) + sum(levels.values())
    if columns**2 * len(loans) <= MOST_PRODUCTS:
        return
    most = max(levels, key=levels.__getitem__, default="")
    widest = f", {levels[most]:,} of them levels of {most!r}" if most else ""
    raise InputError.of_file(
        name,
        f"the features make {columns:,} columns{widest}: too many to fit on {len(loans):,} loans "
        "that are unlike each other",
        f"up to {math.isqrt(int(MOST_PRODUCTS) // len(loans)):,} columns on so many",
        "declare a column as ignored, or group its levels in the file",
    )


def _declared(name: str) -> Column:
    return Column(name, constraints=Constraints(required=True))


def _number(feature: Column) -> DesignColumn:
    return DesignColumn(feature.name, feature.title, feature.unit, feature.name, number=True)


def _median(values: Values, counts: NDArray[np.int64]) -> float:
    """Return the median of all the loans, not of the distinct ones; 0 where all miss it."""
    there = ~np.isnan(values)
    return float(np.median(np.repeat(values[there], counts[there]))) if there.any() else 0.0


def _levels(feature: Column, values: Values) -> list[DesignColumn]:
    """Return a column for each level seen."""
    return [_level(feature, feature.levels[int(at)]) for at in np.unique(values[~np.isnan(values)])]


def _level(feature: Column, level: str) -> DesignColumn:
    name, title = f"{feature.name}: {level}", f"{feature.title}: {level}"
    return DesignColumn(name, title, "", feature.name, number=False)
