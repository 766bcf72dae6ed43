"""Column names, an index column, numbers as they are written."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.errors import InputError
from analysis.portfolio.header import (
    NUMBER,
    Header,
    check_index,
    check_names,
    row_numbers,
    shown,
    to_numbers,
)
from analysis.portfolio.schema import columns

NAMES = [column.name for column in columns()]


def test_all_names_in_order_are_right():
    header = check_names("a.csv", NAMES)
    assert (header.wanted, header.index, header.faults, header.notes) == (NAMES, None, [], [])


def test_another_order_is_noted():
    header = check_names("a.csv", NAMES[::-1])
    assert header.wanted == NAMES[::-1]
    assert header.notes == ["Its columns stood in another order."]


def test_a_slip_in_a_name_is_recognised():
    faults = check_names("a.csv", ["Loan_Sise", *NAMES[1:]]).faults
    assert [(fault.column, fault.problem) for fault in faults] == [
        ("Loan_Sise", "the column is not known; is it loan_size?"),
        ("loan_size", "the column is missing"),
    ]


def test_repeated_names_are_faults_and_not_read():
    header = check_names("a.csv", [*NAMES, "loan_size"])
    assert [fault.problem for fault in header.faults] == ["the column stands 2 times"]
    assert header.wanted == NAMES[1:]


def test_a_header_without_any_known_name_shows_what_it_holds():
    with pytest.raises(InputError, match=r"none of the columns; it holds 'a', 'b\\n', '', '', …"):
        check_names("a.csv", ["a", "b\n", "", "", "c"])


@pytest.mark.parametrize("name", ["", "index", "Unnamed: 0"])
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("kind", [float, "int64", "str"])
def test_a_column_that_counts_rows_is_left_out(name, first, kind):
    header = check_names("a.csv", [name, *NAMES])
    notes: list[str] = []
    assert header.index == name
    assert not check_index(header, pd.Series(range(first, 30)).astype(kind), notes)
    assert notes == ["A column that only counts the rows was left out."]


@pytest.mark.parametrize(
    "values", [[5, 6, 7], [0, 1, 3], ["0", "x", "2"], ["", "", ""], [0, 0, 0], []]
)
def test_a_column_that_does_not_count_rows_is_a_fault(values):
    notes: list[str] = []
    kind = "str" if values and isinstance(values[0], str) else float
    faults = check_index(Header([], "", []), pd.Series(values, dtype=kind), notes)
    assert [(fault.column, fault.problem) for fault in faults] == [
        ("(no name)", "the column is not known and does not count the rows")
    ]
    assert not notes


def test_rows_left_out_do_not_break_the_count():
    values = pd.Series([0.0, 1.0, 3.0], index=row_numbers(4, [2]))
    assert not check_index(Header([], "", []), values, [])


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_written_numbers_are_read_to_the_last_digit(values):
    read = to_numbers(pd.Series([repr(value) for value in values], dtype="str"))
    assert np.array_equal(read.to_numpy(), np.array(values, float))


@given(st.lists(st.from_regex(NUMBER, fullmatch=True), max_size=30))
@settings(max_examples=40)
def test_every_form_of_a_number_is_read_as_python_reads_it(texts):
    read = to_numbers(pd.Series(texts, dtype="str"))
    assert read.tolist() == [float(text) for text in texts]


@given(st.lists(st.text(max_size=8), max_size=30))
@settings(max_examples=40)
def test_other_text_is_not_a_number(texts):
    read = to_numbers(pd.Series(texts, dtype="str"))
    written = pd.Series(texts, dtype=object).map(lambda text: bool(re.fullmatch(NUMBER, text)))
    assert (read.notna() == written).all() if len(texts) else read.empty


@pytest.mark.parametrize(
    "text", ["٣", "\uff11", "1_0", "0x10", "nan", "inf", "1,5", "1e", "1 2", "\xa01"]
)
def test_texts_that_python_may_take_for_numbers_are_none(text):
    assert to_numbers(pd.Series([text], dtype="str")).isna().all()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.9, "'0.9'"),
        (-5.0, "'-5'"),
        (1e300, "'1e+300'"),
        (float("nan"), "'nan'"),
        ("a\tb", r"'a\tb'"),
        ("x" * 41, "'" + "x" * 40 + "…'"),
    ],
)
def test_a_cell_is_shown_short_and_on_one_line(value, expected):
    assert shown(value) == expected
