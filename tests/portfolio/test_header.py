"""Column names, those written otherwise, and columns that only number the rows."""

import numpy as np
import pytest

from analysis.base.errors import InputError
from analysis.portfolio.declaration import module_12
from analysis.portfolio.header import IndexColumn, check
from analysis.portfolio.reading import Reading

DECLARED = module_12()
NAMES = DECLARED.names


def held(names):
    """Hold names against those declared: what they are, and what is then known of the file."""
    reading = Reading("a.csv", DECLARED)
    return check(reading, names), reading


def header(names):
    return held(names)[0]


def places(names):
    return {column.name: place for column, place in header(names).columns.items()}


def faults(names):
    return [(fault.column, fault.problem) for fault in held(names)[1].faults]


def notes(names):
    return held(names)[1].notes


def test_all_names_in_order_are_right():
    found = header(NAMES)
    assert list(places(NAMES).items()) == [(name, place) for place, name in enumerate(NAMES)]
    assert (found.indexes, faults(NAMES), notes(NAMES)) == ([], [], [])


def test_another_order_is_noted():
    assert list(places(NAMES[::-1])) == NAMES
    assert places(NAMES[::-1])["loan_size"] == 7
    assert notes(NAMES[::-1]) == ["Its columns stood in another order."]


@pytest.mark.parametrize(
    "written", ["LOAN_SIZE", "Loan Size", "loan-size", "LoanSize", "loan.size", "loan_size\u00a0"]
)
def test_a_name_written_otherwise_is_taken_with_a_note(written):
    names = [written, *NAMES[1:]]
    assert places(names)["loan_size"] == 0
    assert faults(names) == []
    assert len(notes(names)) == 1
    assert "was read as loan_size." in notes(names)[0]


def test_a_name_written_otherwise_gives_way_to_the_very_name():
    assert faults(["LOAN_SIZE", *NAMES]) == [("LOAN_SIZE", "the column is not known")]


def test_two_names_written_otherwise_are_taken_for_none():
    assert faults(["Loan Size", "LOAN-SIZE", *NAMES[1:]]) == [
        ("Loan Size", "the column is not known; is it loan_size?"),
        ("LOAN-SIZE", "the column is not known; is it loan_size?"),
        ("loan_size", "the column is missing"),
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Loan_Sise", "loan_size"),
        ("intrest_rate", "interest_rate"),
        ("num_accounts", "num_of_accounts"),
        ("total_dept", "total_debt"),
    ],
)
def test_a_slip_in_a_name_is_recognised(name, column):
    names = [name if each == column else each for each in NAMES]
    assert faults(names) == [
        (name, f"the column is not known; is it {column}?"),
        (column, "the column is missing"),
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("person_income", "debt_to_income"),
        ("person_income", "borrower_income"),
        ("loan_amount", "loan_size"),
        ("loan_state", "loan_status"),
        ("grade", "interest_rate"),
        ("debt", "total_debt"),
    ],
)
def test_another_name_is_not_taken_for_a_slip(name, column):
    names = [name if each == column else each for each in NAMES]
    assert faults(names)[0] == (name, "the column is not known")


def test_repeated_names_are_faults_and_not_read():
    assert faults([*NAMES, "loan_size"]) == [("loan_size", "the column stands 2 times")]
    assert list(places([*NAMES, "loan_size"])) == NAMES[1:]


def test_a_header_without_any_known_name_shows_what_it_holds():
    with pytest.raises(InputError, match=r"none of the columns; it holds 'a', 'b\\n', '', '', …"):
        header(["a", "b\n", "", "", "c"])


def test_a_header_of_one_name_says_how_to_declare_what_separates_them():
    with pytest.raises(InputError, match=r"as in dialect: \{delimiter"):
        header([":".join(NAMES)])
    with pytest.raises(InputError) as caught:
        header(["a", "b"])
    assert "dialect" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["", "index", "Unnamed: 0", "Unnamed: 0.1", "__index_level_0__", "__index_level_1__"]
)
def test_a_column_that_may_number_the_rows_is_found(name):
    found = header([*NAMES, name])
    assert [(index.name, index.place) for index in found.indexes] == [(name, 8)]
    assert faults([*NAMES, name]) == []
    assert found.wanted == list(range(9))


def test_of_two_columns_with_one_name_none_numbers_the_rows():
    assert header(["", "", *NAMES]).indexes == []
    assert faults(["", "", *NAMES]) == [("(no name)", "the column is not known")]


def numbers(values, cut=None):
    index = IndexColumn("", 0)
    index.see(np.array(values[:cut], dtype=float))
    if cut is not None:
        index.see(np.array(values[cut:], dtype=float))
    return index.numbers


@pytest.mark.parametrize("values", [range(30), range(1, 31), [5, 9, 10], [0, 1, 3], [2**53], []])
@pytest.mark.parametrize("cut", [None, 0, 1, 2])
def test_whole_numbers_that_go_up_number_the_rows(values, cut):
    assert numbers(values, cut)


@pytest.mark.parametrize(
    "values",
    [[0, 2, 1], [0, 0, 1], [-1, 0, 1], [0, 1, 2.5], [0, 1, np.nan], [0, 1, np.inf]],
)
@pytest.mark.parametrize("cut", [None, 1, 2])
def test_anything_else_does_not(values, cut):
    assert not numbers(values, cut)


def test_a_column_of_no_numbers_does_not_number_the_rows():
    index = IndexColumn("", 0)
    index.see(None)
    assert not index.numbers
