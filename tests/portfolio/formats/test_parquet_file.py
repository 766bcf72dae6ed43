"""Parquet files: which types are numbers, and what is said of the others."""

import io
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet
import pytest

from analysis.base.errors import InputError
from analysis.portfolio.formats import parquet_file
from tests.support import loan_files


def written(table, **settings):
    stream = io.BytesIO()
    if isinstance(table, pd.DataFrame):
        table = arrow.Table.from_pandas(table, preserve_index=settings.pop("index", False))
    arrow.parquet.write_table(table, stream, **settings)
    return stream.getvalue()


def read(content):
    return loan_files.table("loans.parquet", content)


def message(content):
    with pytest.raises(InputError) as caught:
        read(content)
    return loan_files.faults(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table,
        lambda table: table.astype({"loan_status": "uint8", "num_of_accounts": "int16"}),
        lambda table: table.astype({"loan_size": "int64", "num_of_accounts": "float64"}),
        lambda table: table.astype({"interest_rate": "float64", "derogatory_marks": "Int64"}),
        lambda table: table.astype({"loan_status": "category"}),
        lambda table: table.astype({"loan_status": bool}),
        lambda table: table.astype({"loan_status": bool}).astype({"loan_status": "category"}),
        lambda table: table.assign(loan_size=[Decimal(f"{each:.2f}") for each in table.loan_size]),
    ],
)
def test_numbers_of_any_type(small_table, change):
    table, notes = read(written(change(small_table)))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == []


def test_another_order_and_a_counting_index_are_noted(small_table):
    table, notes = read(written(small_table[small_table.columns[::-1]], index=True))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == [
        "Its columns stood in another order.",
        "A column that only numbers the rows was left out.",
    ]


@pytest.mark.parametrize("index", [np.arange(2_000)[::-1], [f"loan {n}" for n in range(2_000)]])
def test_any_other_index_is_left_out_too(small_table, index):
    table, notes = read(written(small_table.set_axis(index), index=True))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == ["The index of a table was left out: a column of no name of its own."]


def test_the_index_of_a_filtered_frame_is_left_out(small_table):
    table, notes = read(written(small_table.set_axis(range(5, 6_005, 3)), index=True))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == ["A column that only numbers the rows was left out."]


def test_batches_of_any_size_give_the_same(small_table, monkeypatch):
    monkeypatch.setattr(parquet_file, "BATCH_ROWS", 150)
    small_table = small_table.astype("float32").astype({"loan_status": "int8"})
    small_table["debt_to_income"] = small_table["total_debt"] / small_table["borrower_income"]
    table, _ = read(written(small_table, row_group_size=700))
    assert (table == small_table).all(axis=None)
    small_table.loc[[3, 500, 1_900], "loan_size"] = np.nan
    assert "value is missing | 3 | row 4: ''\nrow 501: ''\nrow 1,901" in message(
        written(small_table)
    )


def test_names_written_otherwise_are_taken(small_table):
    table, notes = read(written(small_table.rename(columns=str.upper)))
    pd.testing.assert_frame_equal(table, small_table)
    assert len(notes) == 1


def test_columns_with_one_name_are_refused(small_table):
    table = arrow.Table.from_pandas(small_table, preserve_index=False)
    names = ["index", "index", *table.column_names]
    twice = arrow.table([table.column(0), table.column(0), *table.columns], names=names)
    assert "index: the column is not known" in message(written(twice))
    again = arrow.table([*table.columns, *table.columns], names=2 * table.column_names)
    assert message(written(again)).count("the column stands 2 times") == 8


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1"] * 2_000, "string values | 2000 | row 1: '1'"),
        ([[1.0]] * 2_000, "list<element: double> values | 2000 | row 1: '[1.0]'"),
        ([{"a": 1}] * 2_000, "struct<a: int64> values | 2000 | row 1: '{'a': 1}'"),
        ([pd.Timestamp("2020-01-01")] * 2_000, "values | 2000 | row 1: '2020-01-01 00:00:00'"),
        ([None] * 2_000, "the column holds null values | 2000 | row 1: 'None'"),
    ],
)
def test_other_types_are_named_with_their_values(small_table, values, expected):
    table = arrow.Table.from_pandas(small_table, preserve_index=False)
    kind = arrow.string() if isinstance(values[0], str) else None
    place = table.column_names.index("loan_status")
    found = message(written(table.set_column(place, "loan_status", arrow.array(values, kind))))
    assert expected in found
    assert "numbers, or true and false" in found


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("loan_size", np.nan, "value is missing | 2 | row 5: ''"),
        ("num_of_accounts", pd.NA, "value is missing | 2 | row 5: ''"),
        ("loan_size", np.inf, "too large to be one | 2 | row 5: 'inf'"),
        ("num_of_accounts", 2**60, "number out of range | 2 | row 5: '1.152921504606847e+18'"),
    ],
)
def test_wrong_values_are_named(small_table, column, value, expected):
    kind = "Int64" if column == "num_of_accounts" else float
    table = small_table.astype({column: kind})
    table.loc[[4, 7], column] = value
    assert expected in message(written(table))


def test_repeated_columns_are_refused(small_table):
    table = arrow.Table.from_pandas(small_table, preserve_index=False)
    again = arrow.table([*table.columns, table.column(0)], names=[*table.column_names, "loan_size"])
    assert "loan_size: the column stands 2 times" in message(written(again))


def test_unknown_nested_columns_are_refused(small_table):
    found = message(written(small_table.assign(more=[[1]] * 2_000)))
    assert "more: the column is not known" in found


@pytest.mark.parametrize("cut", [4, 8, 200, -200, -8, -1])
def test_a_file_that_is_cut_off(small_table, cut):
    assert "the Parquet file is damaged or cut off" in message(written(small_table)[:cut])


def test_a_changed_page_is_found_by_its_checksum(small_table):
    content = bytearray(
        written(small_table, write_page_checksum=True, compression="none", use_dictionary=False)
    )
    content[2_000] ^= 1
    assert "damaged or cut off" in message(bytes(content))


def test_no_rows_no_columns_too_many_rows(small_table, monkeypatch):
    assert "the file has columns and no rows" in message(written(small_table.head(0)))
    assert "it holds nothing" in message(written(pd.DataFrame(index=range(5))))
    monkeypatch.setattr(parquet_file, "MOST_ROWS", 1_999)
    assert "the file says it has 2,000 rows" in message(written(small_table))
