"""Which texts are numbers, what is said of the others, and how cells are shown."""

import re

import numpy as np
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.portfolio.cells import NUMBER, Piece, to_numbers, values
from analysis.portfolio.column import Column, Constraints
from analysis.portfolio.declaration import module_12
from tests.support.columns import column


def read(texts):
    return to_numbers(arrow.array(texts, arrow.string()))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_written_numbers_are_read_to_the_last_digit(values):
    assert np.array_equal(read([repr(value) for value in values]), np.array(values, float))


@given(st.lists(st.from_regex(NUMBER, fullmatch=True), max_size=30), st.booleans())
@settings(max_examples=60)
def test_every_form_of_a_number_is_read_as_python_reads_it(texts, among_others):
    found = read([f" {text}\t" for text in texts] + ["x"] * among_others)
    assert found[: len(texts)].tolist() == [float(text) for text in texts]


@given(st.lists(st.text(max_size=8), max_size=30))
@settings(max_examples=60)
def test_other_text_is_not_a_number(texts):
    found = np.isfinite(read(texts))
    assert found.tolist() == [
        bool(re.fullmatch(NUMBER, text.strip(" \t"))) and np.isfinite(float(text)) for text in texts
    ]


@pytest.mark.parametrize(
    "text", ["٣", "\uff11", "1_0", "0x10", "nan", "inf", "1,5", "1e", "1 2", "\xa01", "1\n", ""]
)
@pytest.mark.parametrize("others", [[], ["x"], ["1.5"]])
def test_texts_that_python_may_take_for_numbers_are_none(text, others):
    assert not np.isfinite(read([text, *others])[0])


def named(cells, start=0):
    piece = Piece({3: cells}, np.arange(len(cells)) + start)
    _, found = values(module_12(), column("loan_size"), piece, 3)
    assert all(fault.allowed == "a number above 0 to 1,000,000,000,000" for fault in found)
    return [(fault.problem, fault.rows, fault.first) for fault in found]


def test_cells_without_a_number_are_named_by_kind_with_their_rows():
    texts = ["1", "", "x", "1,5", "-Infinity", "1e400", " N/A ", "y", "z", "w"]
    assert named(arrow.array(texts), start=100) == [
        ("value is missing", 2, "row 102: ''\nrow 107: ' N/A '"),
        ("number holds a comma, not a point", 1, "row 104: '1,5'"),
        ("text where a number is expected", 4, "row 103: 'x'\nrow 108: 'y'\nrow 109: 'z'"),
        ("number is infinite or too large to be one", 2, "row 105: '-Infinity'\nrow 106: '1e400'"),
    ]


def test_numbers_that_are_none_are_missing_or_infinite():
    assert named(arrow.array([1, np.nan, np.inf, None])) == [
        ("value is missing", 2, "row 2: 'nan'\nrow 4: ''"),
        ("number is infinite or too large to be one", 1, "row 3: 'inf'"),
    ]


def test_finite_numbers_have_no_fault():
    assert named(arrow.array([1, -1, 0])) == []


@pytest.mark.parametrize("required", [True, False])
def test_values_of_no_level_are_those_of_all_others(required):
    held = Constraints(required=required, enum=("north", "south"))
    region = Column("region", "string", constraints=held, others="elsewhere")
    texts = ["south", " east ", "elsewhere", "north", "n/a", ""]
    piece = Piece({0: arrow.array(texts)}, np.arange(len(texts)))
    found, faults = values(module_12(), region, piece, 0)
    assert found[:4].tolist() == [1, 2, 2, 0]
    assert np.isnan(found[4:]).all()
    # What is no value is missing, not another; "n/a" would have to be declared.
    assert [(each.problem, each.rows) for each in faults] == [("value is missing", 1 + required)]


@pytest.mark.parametrize(
    ("cells", "found", "wrong"),
    [
        (["1", "-9", " NA ", "", "-9.0", "x"], [1, None, None, None, None, None], 2),
        ([1, -9, None, np.nan], [1, None, None, None], 0),
    ],
)
def test_gaps_are_told_by_their_text_or_their_number(cells, found, wrong):
    score = Column("score", missing_values=("NA", "-9"))
    piece = Piece({0: arrow.array(cells)}, np.arange(len(cells)))
    read, faults = values(module_12(), score, piece, 0)
    assert np.array_equal(read, np.array(found, float), equal_nan=True)
    assert sum(each.rows for each in faults) == wrong
