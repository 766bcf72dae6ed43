"""The columns that the models are fitted on, made of the declared ones by rules learnt in training.

A number stays one column; where training loans miss it, the median stands in and a further column
says so. A category becomes a column for each of its levels but the first, or for each of them
where some loans have none.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.base.errors import InputError
from analysis.portfolio.declaration import Column, Constraints
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
    _order: list[int] = field(default_factory=list, repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def apply(self, loans: Loans) -> Loans:
        """Return loans with the design's columns in place of the features declared.

        The label stays, and so do the columns outside of the models. A level that training has
        not seen counts as the level left out.
        """
        if self._rules is None:
            return loans
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Found unknown categories")  # as said above
            made = self._rules.transform(loans.features.to_numpy(np.float64))
        rows = pd.DataFrame(made[:, self._order], columns=self.names)
        for name in (loans.label, *(each.name for each in loans.outside)):
            if name in loans.rows:
                rows[name] = loans.rows[name]
        return replace(
            loans,
            rows=rows,
            declared=(),
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
    features = _features(train)
    if stays(train):
        return Design(tuple(map(_number, features)), None)
    found = [
        (_levels if each.levels else _numbers)(each, train.rows[each.name], train.counts)
        for each in features
    ]
    columns = [column for each in found for column in each.columns]
    made = {name: at for at, name in enumerate(_names_in_order_of_rules(features, found))}
    rules = _rules_of(features, found)
    return Design(tuple(columns), rules, [made[column.name] for column in columns])


def stays(loans: Loans) -> bool:
    """Whether all features are numbers that no loan lacks, so that they stay as they are."""
    return not any(each.levels or not each.constraints.required for each in _features(loans))


def _features(loans: Loans) -> tuple[Column, ...]:
    return loans.declared or tuple(map(_declared, loans.feature_names))


def _rules_of(features: tuple[Column, ...], found: list[_Learnt]) -> Any:
    """Return the library's rules for all categories, then for all numbers, as they were learnt."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OneHotEncoder

    categories = [at for at, each in enumerate(features) if each.levels]
    numbers = [at for at, each in enumerate(features) if not each.levels]
    encoder = OneHotEncoder(
        categories=[found[at].seen for at in categories],
        drop=[found[at].usual for at in categories],
        handle_unknown="ignore",
        sparse_output=False,
    )
    imputer = SimpleImputer(strategy="median", add_indicator=True)
    rules = ColumnTransformer([("levels", encoder, categories), ("numbers", imputer, numbers)])
    # Told by two rows of the medians, a gap in one of them where training has gaps: the library
    # knows no weights, and would need every loan.
    usual = [each.usual for each in found]
    gaps = [
        np.nan if each.seen.size and not feature.levels else each.usual
        for feature, each in zip(features, found, strict=True)
    ]
    return rules.fit(np.array([usual, gaps]))


def _names_in_order_of_rules(features: tuple[Column, ...], found: list[_Learnt]) -> list[str]:
    of_levels, numbers, gaps = list[str](), list[str](), list[str]()
    for feature, each in zip(features, found, strict=True):
        names = [column.name for column in each.columns]
        if feature.levels:
            of_levels += names
        else:
            numbers += names[:1]
            gaps += names[1:]
    return of_levels + numbers + gaps


def every_column(loans: Loans, usual: Mapping[str, float]) -> pd.DataFrame:
    """Return all columns that a design may have of some loans, by their names in it.

    Parameters
    ----------
    loans : Loans
        The columns declared, as `design` takes them.
    usual : mapping of str to float
        What stands in for a missing number, by column: its median among the training loans.
    """
    made: dict[str, Values] = {}
    for feature in _features(loans):
        values = loans.rows[feature.name].to_numpy(np.float64)
        for place, level in enumerate(feature.levels):
            made[_level(feature, level).name] = (values == place).astype(np.float64)
        if not feature.levels:
            gaps = np.isnan(values)
            made[feature.name] = np.where(gaps, usual.get(feature.name, np.nan), values)
            made[_level(feature, MISSING).name] = gaps.astype(np.float64)
    return pd.DataFrame(made)


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


@dataclass(frozen=True)
class _Learnt:
    """What training loans say of one feature.

    Attributes
    ----------
    columns : list of DesignColumn
        What it becomes.
    usual : float
        What stands in for a missing number, or the level left out; NaN where that is a gap.
    seen : array of shape (levels,)
        A category's levels, a gap last; of a number, NaN where training has gaps, else nothing.
    """

    columns: list[DesignColumn]
    usual: float
    seen: Values


def _numbers(feature: Column, values: pd.Series[float], counts: NDArray[np.int64]) -> _Learnt:
    there = values.notna().to_numpy()
    if there.all():
        seen, gaps = np.empty(0), list[DesignColumn]()
    else:
        seen, gaps = np.array([np.nan]), [_level(feature, MISSING)]
    usual = 0.0
    if not feature.constraints.required and there.any():
        # Of all the loans, not of the distinct ones.
        usual = float(np.median(np.repeat(values.to_numpy(np.float64)[there], counts[there])))
    return _Learnt([_number(feature), *gaps], usual, seen)


def _levels(feature: Column, values: pd.Series[float], _: NDArray[np.int64]) -> _Learnt:
    seen = np.unique(values)  # a gap comes last
    # Where there are gaps, the levels are held against these, else against the first level.
    left_out = seen[-1] if np.isnan(seen[-1]) else seen[0]
    kept = seen[:-1] if np.isnan(left_out) else seen[1:]
    columns = [_level(feature, feature.levels[int(at)]) for at in kept]
    return _Learnt(columns, float(left_out), seen)


def _level(feature: Column, level: str) -> DesignColumn:
    name, title = f"{feature.name}: {level}", f"{feature.title}: {level}"
    return DesignColumn(name, title, "", feature.name, number=False)
