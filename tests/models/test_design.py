"""The design's columns: numbers and categories side by side."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.base.errors import InputError
from analysis.models import design
from analysis.portfolio import loans
from analysis.portfolio.column import Column, Constraints

REQUIRED = Constraints(required=True)
HOME = Column("home", "string", constraints=Constraints(required=True, enum=("own", "rent")))


def test_whole_numbers_that_are_never_missing_stand_beside_categories():
    table = pd.DataFrame(
        {"years": [1, 2, 3, 4], "home": [0.0, 1.0, 0.0, 1.0], "loan_status": [0, 1, 0, 1]}
    )
    declared = (Column("years", "integer", constraints=REQUIRED), HOME)
    train = loans.from_table(table, declared=declared)
    made = design.design(train)
    assert made.names == ["years", "home: rent"]
    applied = made.apply(train)
    found = applied.features.to_numpy()[applied.inverse]
    assert np.array_equal(found, [[1, 0], [2, 1], [3, 0], [4, 1]])


def test_the_columns_stand_in_the_order_declared_with_gaps_filled_by_the_median_of_all_loans():
    optional = Constraints(enum=("own", "rent", "other"))
    declared = (
        Column("income", "number", constraints=Constraints()),
        Column("home", "string", constraints=optional),
        Column("years", "integer", constraints=Constraints()),
    )
    train = pd.DataFrame(
        {
            "income": [1.0, 1.0, 1.0, 5.0, np.nan],  # the median of the distinct loans would be 3
            "home": [0.0, 0.0, 0.0, 1.0, np.nan],
            "years": [2.0, 2.0, 2.0, 4.0, 8.0],
            "loan_status": [0, 0, 0, 1, 1],
        }
    )
    made = design.design(loans.from_table(train, declared=declared))
    assert made.names == ["income", "income: missing", "home: own", "home: rent", "years"]
    # A level that training has not seen is all zeros, a number that only testing misses is filled.
    test = train.head(2).assign(income=[np.nan, 7], home=[2.0, 1.0], years=[np.nan, 3.0])
    applied = made.apply(loans.from_table(test, declared=declared))
    found = applied.features.to_numpy()[applied.inverse]
    assert np.array_equal(found, [[1, 1, 0, 0, 2], [7, 0, 0, 1, 3]])
    assert applied.indicators == {"income: missing", "home: own", "home: rent"}


def test_numbers_that_training_misses_throughout_become_0():
    table = pd.DataFrame({"a": [np.nan] * 4, "b": [1.0, 2, 3, np.nan], "loan_status": [0, 1, 0, 1]})
    declared = tuple(Column(name, "number", constraints=Constraints()) for name in "ab")
    train = loans.from_table(table, declared=declared)
    applied = design.design(train).apply(train)
    assert applied.feature_names == ["a", "a: missing", "b", "b: missing"]
    found = applied.features.to_numpy()[applied.inverse]
    assert np.array_equal(found, [[0, 1, 1, 0], [0, 1, 2, 0], [0, 1, 3, 0], [0, 1, 2, 1]])


def test_a_category_that_training_misses_throughout_has_no_column():
    optional = Column("home", "string", constraints=Constraints(enum=("own", "rent")))
    table = pd.DataFrame({"a": [1.0, 2, 3, 4], "home": [np.nan] * 4, "loan_status": [0, 1, 0, 1]})
    declared = (Column("a", "number", constraints=REQUIRED), optional)
    made = design.design(loans.from_table(table, declared=declared))
    assert (made.names, made.left_out) == (["a"], ())


def test_groups_stay_beside_the_features_and_are_none():
    sex = Column("sex", "string", use="protected", constraints=Constraints(enum=("f", "m")))
    table = pd.DataFrame(
        {"home": [0.0, 1.0, 0.0, 1.0], "sex": [0.0, 0, 1, np.nan], "loan_status": [0, 1, 0, 1]}
    )
    train = replace(loans.from_table(table, declared=(HOME,)), outside=(sex,))
    applied = design.design(train).apply(train)
    assert applied.feature_names == ["home: rent"]
    assert applied.outside == (sex,)
    assert applied.rows["sex"].tolist()[:3] == [0, 0, 1]
    later = replace(train, rows=train.rows.drop(columns=["sex", "loan_status"]))
    assert list(design.design(train).apply(later).rows) == ["home: rent"]


def test_more_columns_than_can_be_fitted_are_refused_with_the_category_that_makes_them():
    levels = tuple(f"level {at}" for at in range(3_000))
    declared = (
        Column("income", "number", constraints=REQUIRED),
        Column("home", "string", constraints=Constraints(required=True, enum=levels)),
    )
    table = pd.DataFrame({"income": np.arange(12_000.0), "home": np.arange(12_000.0) % 3_000})
    many = loans.from_table(table.assign(loan_status=np.arange(12_000) % 2), declared=declared)
    with pytest.raises(InputError) as caught:
        design.check_size("a.csv", many)
    said = str(caught.value)
    assert "the features make 3,001 columns, 3,000 of them levels of 'home'" in said
    assert "up to 2,886 columns on so many" in said
    design.check_size("a.csv", many.counted(np.where(np.arange(len(many)) < 11_000, 1, 0)))
