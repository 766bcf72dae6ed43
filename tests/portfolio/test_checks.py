"""Numbers against the schema: every fault at once, and a table only when there is none."""

import numpy as np
import pandas as pd
import pyarrow as arrow
import pytest

from analysis.base.errors import Fault, InputError
from analysis.portfolio import schema
from analysis.portfolio.cells import Piece
from analysis.portfolio.checks import validated
from analysis.portfolio.declaration import module_12
from analysis.portfolio.distinct import Distinct, Reducer
from analysis.portfolio.frames import frame
from analysis.portfolio.header import check as check_names
from analysis.portfolio.reading import Reading
from analysis.portfolio.schema import LEAST_ROWS_PER_LABEL
from benchmarks import noise
from tests.support import plain


def as_read(rows):
    return Distinct(rows, np.ones(len(rows), dtype=np.int64), np.arange(len(rows)))


def check(table, faults=(), left_out=(), least=LEAST_ROWS_PER_LABEL):
    """Hold a table against the declaration, its columns as a file's are read."""
    reading = Reading("a.csv", module_12(), left_out=list(left_out))
    header = check_names(reading, list(table))
    columns = {
        place: arrow.array(table[column.name].to_numpy(float))
        for column, place in header.columns.items()
    }
    rows = frame(reading, header, Piece(columns, np.arange(len(table))))
    found = as_read(rows)
    reading.faults = [*faults, *(fault for fault in reading.faults if fault.rows)]
    return plain.table(validated(reading, found, least))


def test_loans_keep_no_more_of_unlike_rows_than_their_own_numbers():
    reducer = Reducer()
    for seed in range(2):
        reducer.add(pd.DataFrame(noise.portfolio(60_000, seed).astype(float), copy=False))
    found = validated(Reading("a.csv", module_12()), reducer.reduced(), LEAST_ROWS_PER_LABEL)
    kept = {name: found.rows[name].to_numpy() for name in found.rows}
    assert {name: _held(each) for name, each in kept.items()} == {
        name: each.nbytes for name, each in kept.items()
    }
    assert [kept[name].itemsize for name in ("num_of_accounts", "loan_status")] == [1, 1]
    assert _held(found.counts) == 8


def _held(values):
    while values.base is not None:
        values = values.base
    return values.nbytes


def raised(table, **settings):
    with pytest.raises(InputError) as caught:
        check(table, **settings)
    return caught.value.faults


def faults(table, **settings):
    return [(fault.column, fault.problem, fault.rows) for fault in raised(table, **settings)]


def test_a_valid_table_comes_back_in_the_schemas_form(small_table):
    table = check(small_table[small_table.columns[::-1]])
    pd.testing.assert_frame_equal(table, small_table)
    schema.table(module_12()).validate(table)


def test_the_ratio_is_held_where_its_numbers_are_there(small_table):
    small_table.loc[3, "debt_to_income"] += 2e-6
    small_table.loc[4, "debt_to_income"] += 5e-7
    small_table.loc[5, ["debt_to_income", "total_debt"]] = [9.0, np.nan]
    small_table.loc[6, "borrower_income"] = 0
    assert faults(small_table) == [
        ("borrower_income", "number out of range", 1),
        ("debt_to_income", "number is not total_debt / borrower_income", 1),
        ("total_debt", "value is missing", 1),
    ]


def test_the_ratio_is_held_when_another_column_is_missing(small_table):
    small_table.loc[3, "debt_to_income"] = 5
    missing = Fault("loan_size", "the column is missing", 0, "", "", "")
    assert faults(small_table.drop(columns="loan_size"), faults=[missing]) == [
        ("loan_size", "the column is missing", 0),
        ("debt_to_income", "number is not total_debt / borrower_income", 1),
    ]


@pytest.mark.parametrize("name", ["debt_to_income", "total_debt", "borrower_income"])
def test_no_ratio_without_its_columns(small_table, name):
    missing = Fault(name, "the column is missing", 0, "", "", "")
    found = faults(small_table.drop(columns=name), faults=[missing])
    assert found == [(name, "the column is missing", 0)]


def test_below_and_above_a_range_is_one_fault(small_table):
    small_table.loc[[3, 4], "interest_rate"] = [-1, 101]
    assert faults(small_table) == [("interest_rate", "number out of range", 2)]


def test_a_cell_has_one_fault(small_table):
    small_table = small_table.astype(float)
    small_table.loc[[3, 4, 5], "loan_status"] = [0.5, np.inf, 3]
    assert faults(small_table) == [
        ("loan_status", "number is infinite or too large to be one", 1),
        ("loan_status", "number out of range", 2),
    ]


def with_high_risk(table, count):
    return pd.concat([table[table["loan_status"] == 0], table[table["loan_status"] == 1][:count]])


def test_a_range_is_held_beside_cells_without_a_number(small_table):
    table = small_table.astype({"loan_size": float})
    table.loc[[0, 9], "loan_size"] = np.nan, -1
    assert [(fault.problem, fault.rows) for fault in raised(table)] == [
        ("value is missing", 1),
        ("number out of range", 1),
    ]


@pytest.mark.parametrize("count", [0, 5, LEAST_ROWS_PER_LABEL - 1])
def test_too_few_loans_of_a_label(small_table, count):
    table = with_high_risk(small_table, count).reset_index(drop=True)
    problem = f"only {count} of {len(table):,} rows are high-risk loans (1)"
    assert faults(table) == [("loan_status", problem, 0)]


def test_just_enough_loans_of_a_label(small_table):
    table = with_high_risk(small_table, LEAST_ROWS_PER_LABEL).reset_index(drop=True)
    assert len(check(table)) == len(table)


def test_a_missing_class_is_found_among_other_faults(small_table):
    table = small_table.assign(loan_status=0)
    table.loc[3, "loan_size"] = -1
    assert faults(table) == [
        ("loan_size", "number out of range", 1),
        ("loan_status", "only 0 of 2,000 rows are high-risk loans (1)", 0),
    ]


def test_a_label_is_not_called_missing_where_unreadable_cells_may_be_it(small_table):
    labels = np.where(small_table["loan_status"] == 1, 2, 0)
    assert faults(small_table.assign(loan_status=labels)) == [
        ("loan_status", "number out of range", 64)
    ]


def test_labels_are_not_counted_where_rows_could_not_be_read(small_table):
    table = with_high_risk(small_table, 0)
    ragged = Fault("", "rows have another number of fields", 1, "", "", "")
    assert faults(table, faults=[ragged], left_out=[3]) == [
        ("", "rows have another number of fields", 1)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"num_of_accounts": 4},
        {"loan_size": 10_000.0},
        {"derogatory_marks": 0},
        {"total_debt": 0.0, "debt_to_income": 0.0},
    ],
)
def test_a_constant_column_is_valid(small_table, change):
    assert len(check(small_table.assign(**change))) == 2_000


def test_equal_rows_of_one_label_are_one_class(small_table):
    table = small_table.iloc[[0] * 500].reset_index(drop=True)
    assert faults(table) == [("loan_status", "only 0 of 500 rows are high-risk loans (1)", 0)]


def test_equal_features_with_both_labels_are_valid(small_table):
    table = small_table.iloc[[0] * 500].reset_index(drop=True)
    table.loc[480:, "loan_status"] = 1
    assert len(check(table)) == 500


def test_the_ratio_may_be_rounded(small_table):
    rounded = small_table.round({"debt_to_income": 4})
    pd.testing.assert_frame_equal(check(rounded), rounded)
    rounded.loc[3, "debt_to_income"] += 0.0001
    (fault,) = raised(rounded)
    assert (fault.rows, fault.allowed) == (1, "the ratio to within 5e-05")


@pytest.mark.parametrize("decimals", [0, 2, 12])
def test_per_cent_is_said(small_table, decimals):
    per_cent = (100 * small_table["debt_to_income"]).round(decimals)
    (fault,) = raised(small_table.assign(debt_to_income=per_cent))
    assert fault.problem == "number is in per cent: 100 times total_debt / borrower_income"
    assert fault.rows > 1_900
    assert fault.allowed == "total_debt / borrower_income"
    assert fault.remedy == "divide debt_to_income by 100"


def test_rows_are_counted_by_their_distinct_rows_and_named_by_the_file(small_table):
    numbers = small_table.iloc[:4].astype(float)
    numbers.loc[[1, 3], "interest_rate"] = [-1, 200]
    inverse = np.array([0, 2, 3, 1, 0, 1, 1])
    found = Distinct(numbers, np.bincount(inverse), inverse)
    reading = Reading("a.csv", module_12(), left_out=[0, 3, 4, 9])
    with pytest.raises(InputError) as caught:
        validated(reading, found, 0)
    (fault,) = caught.value.faults
    assert fault.rows == 4
    assert fault.first == "row 6: '200'\nrow 7: '-1'\nrow 9: '-1'"


def test_a_whole_column_may_be_wrong(small_table):
    found = raised(small_table.assign(interest_rate=-np.arange(2_000) - 0.5))
    assert [(fault.problem, fault.rows) for fault in found] == [("number out of range", 2_000)]


def test_faults_stand_in_the_order_of_the_columns(small_table):
    ragged = Fault("", "rows have another number of fields", 1, "", "", "")
    missing = Fault("loan_status", "value is missing", 1, "row 1: ''", "", "")
    table = small_table.assign(total_debt=-1.0, loan_size=0.0).drop(columns="borrower_income")
    found = faults(table, faults=[missing, ragged], left_out=[3])
    assert [column for column, *_ in found] == ["", "loan_size", "total_debt", "loan_status"]
