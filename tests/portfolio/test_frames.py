"""Pieces of a file as frames of what their cells mean."""

from dataclasses import replace

import numpy as np
import pyarrow as arrow
import pytest

from analysis.portfolio import frames
from analysis.portfolio.cells import Piece
from analysis.portfolio.declaration import module_12
from analysis.portfolio.header import check
from analysis.portfolio.reading import Reading

DECLARED = module_12()


def frame(names, columns):
    reading = Reading("a.csv", DECLARED)
    given = {place: arrow.array(np.array(values, float)) for place, values in columns.items()}
    rows = np.arange(len(next(iter(columns.values()))))
    header = check(reading, names)
    found = frames.frame(reading, header, Piece(given, rows))
    frames.end(reading, header)
    return reading, found


def test_columns_come_in_the_declared_order():
    _, found = frame(DECLARED.names[::-1], {place: [place, 2] for place in range(8)})
    assert list(found) == DECLARED.names
    assert found.iloc[0].tolist() == [7, 6, 5, 4, 3, 2, 1, 0]


def test_columns_that_were_not_read_are_left_out():
    _, found = frame(DECLARED.names, {0: [1, 2], 7: [0, 1]})
    assert list(found) == ["loan_size", "loan_status"]


def test_equal_rows_have_equal_bytes():
    strange = np.array([0x7FF8000000000001], np.uint64).view(np.float64)[0]
    reading, found = frame(DECLARED.names, {0: [0.0, -0.0, np.nan, strange, np.inf, -np.inf]})
    written = [value.tobytes() for value in found["loan_size"].to_numpy()]
    assert written[0] == written[1] == np.float64(0).tobytes()
    assert set(written[2:]) == {np.float64(np.nan).tobytes()}
    assert [(fault.problem, fault.rows) for fault in reading.faults] == [
        ("value is missing", 2),
        ("number is infinite or too large to be one", 2),
    ]


def test_a_column_that_numbers_the_rows_is_noted_and_another_named():
    names = [*DECLARED.names, "index", "Unnamed: 0"]
    reading, found = frame(names, {0: [1, 2], 8: [4, 5], 9: [5, 4.5]})
    assert list(found) == ["loan_size"]
    assert reading.notes == ["A column that only numbers the rows was left out."]
    assert [(fault.column, fault.problem) for fault in reading.faults] == [
        ("Unnamed: 0", "the column is not known and does not number the rows")
    ]


def test_a_column_of_dates_does_not_number_the_rows():
    reading = Reading("a.parquet", DECLARED)
    header = check(reading, [*DECLARED.names, "index"])
    days = arrow.array([0, 1], arrow.timestamp("s"))
    frames.frame(
        reading, header, Piece({**dict.fromkeys(range(8), days.view("i8")), 8: days}, np.arange(2))
    )
    frames.end(reading, header)
    assert [fault.column for fault in reading.faults if not fault.rows] == ["index"]


@pytest.mark.parametrize(
    ("undecided", "said"),
    [
        (1, "1 row was left out, since loan_status is empty or Open there."),
        (24, "24 rows were left out, since loan_status is empty or Open there."),
    ],
)
def test_an_empty_label_that_is_left_out_is_named(undecided, said):
    declared = replace(DECLARED, label=replace(DECLARED.label, left_out=("", "Open")))
    reading = Reading("a.csv", declared)
    reading.undecided = undecided
    frames.end(reading, check(reading, declared.names))
    assert reading.notes == [said]
