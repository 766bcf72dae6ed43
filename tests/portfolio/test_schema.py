"""The loan table: what is declared of each column, and what the report takes from it."""

import numpy as np
import pandera.errors
import pytest

from analysis.portfolio import schema
from analysis.portfolio.declaration import module_12

UNITS = {
    "loan_size": "$",
    "interest_rate": "%",
    "borrower_income": "$ a year",
    "debt_to_income": "ratio",
    "num_of_accounts": "count",
    "derogatory_marks": "count",
    "total_debt": "$",
    "loan_status": "0 or 1",
}


def test_columns_in_order_with_their_units():
    assert {column.name: column.unit for column in module_12().columns} == UNITS
    assert list(UNITS) == [column.name for column in module_12().columns]


def test_every_column_is_described():
    for column in module_12().columns:
        assert column.title
        assert column.description


def test_counts_and_the_label_are_whole_numbers():
    whole = {column.name for column in module_12().columns if column.integer}
    assert whole == {"num_of_accounts", "derogatory_marks", "loan_status"}


def test_features_are_all_but_the_label():
    assert [each.name for each in module_12().features] == list(UNITS)[:-1]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("loan_size", "a number above 0 to 1,000,000,000,000"),
        ("interest_rate", "a number from 0 to 100"),
        ("num_of_accounts", "a whole number from 0 to 1,000,000"),
        ("loan_status", "0 or 1"),
    ],
)
def test_what_is_allowed_in_words(name, allowed):
    assert module_12().column(name).allowed == allowed


def test_a_valid_table(small_table):
    schema.table(module_12()).validate(small_table)
    schema.table(module_12()).validate(small_table.iloc[::-1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("loan_size", 0.0),
        ("loan_size", 1.1e12),
        ("loan_size", np.nan),
        ("loan_size", np.inf),
        ("interest_rate", -0.1),
        ("interest_rate", 100.1),
        ("borrower_income", 0.0),
        ("debt_to_income", -0.1),
        ("num_of_accounts", -1),
        ("derogatory_marks", 1_000_001),
        ("total_debt", -1.0),
        ("loan_status", 2),
        ("debt_to_income", 3.0),
    ],
)
def test_a_value_out_of_range(small_table, name, value):
    small_table.loc[5, name] = value
    with pytest.raises(pandera.errors.SchemaError, match=name):
        schema.table(module_12()).validate(small_table)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.drop(columns="loan_size"),
        lambda table: table.assign(region=1),
        lambda table: table.astype({"num_of_accounts": float}),
        lambda table: table.astype({"loan_status": bool}),
    ],
)
def test_other_columns_or_types(small_table, change):
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
        schema.table(module_12()).validate(change(small_table))
