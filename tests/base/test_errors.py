"""Messages about bad input: complete, on their lines, and no wider than a terminal."""

import pickle
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.errors import MOST_SHOWN, WIDTH, Fault, InputError, printable
from analysis.base.project import ROOT

FIRST = "row 1: '-5'\nrow 9: '0'"
ROWS = Fault("loan_size", "number out of range", 1_204, FIRST, "above 0", "mend")
NAME = Fault("colour", "the column is not known", 0, "", "the columns below", "remove it")
FAULTS = st.builds(Fault, *[st.text()] * 2, st.integers(0, 10**8), *[st.text()] * 3)


def test_one_fault_of_a_file_says_problem_allowed_and_remedy():
    error = InputError.of_file("loans.csv", "the file is empty", "CSV or Parquet", "give rows")
    assert str(error) == (
        "error: loans.csv: the file is empty\n  allowed: CSV or Parquet\n  to do: give rows"
    )


def test_one_fault_of_a_column_names_it():
    assert str(InputError("a.csv", [NAME])).startswith("error: a.csv: column 'colour': the column")


def test_several_faults_are_a_table():
    lines = str(InputError("a.csv", [NAME, ROWS])).splitlines()
    assert lines[0] == "error: a.csv: 2 faults found"
    assert [re.split(" {2,}", line) for line in lines[1:]] == [
        ["column", "problem", "rows", "first rows", "allowed"],
        ["colour", "the column is not known", "the columns below"],
        ["loan_size", "number out of range", "1,204", "row 1: '-5'", "above 0"],
        ["", "row 9: '0'"],
        ["to do: remove it"],
        ["to do: mend"],
    ]
    assert lines[3].index("row 1") == lines[4].index("row 9") == lines[1].index("first rows")


def test_a_remedy_is_said_once():
    assert str(InputError("a.csv", [ROWS] * 3)).count("to do: mend") == 1


def test_thousands_of_faults_are_counted_not_listed():
    faults = [Fault(f"c{n}", "is not known", 0, "", "others", f"mend {n}") for n in range(3_000)]
    message = str(InputError("a.csv", faults))
    assert message.startswith("error: a.csv: 3,000 faults found")
    assert f"… and {3_000 - MOST_SHOWN:,} more faults" in message
    assert len(message.splitlines()) < 3 * MOST_SHOWN


@given(st.lists(FAULTS, min_size=1))
def test_a_table_fits_a_terminal(faults):
    lines = InputError("a.csv", [*faults, ROWS])._table()
    assert max(len(line) for line in lines) <= WIDTH


@given(st.text())
def test_printable_text_stays_on_its_line(text):
    assert printable(text).isprintable()
    assert len(printable(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb", r"a\nb"), ("\x1b[31m", r"\x1b[31m"), ("\udcff", r"\udcff"), ("größe 金", "größe 金")],
)
def test_control_characters_are_escaped(text, expected):
    assert printable(text) == expected


def test_the_path_is_escaped_in_the_message():
    error = InputError.of_file("a\nb\udcff.csv", "x", "y", "z")
    assert str(error).splitlines()[0] == r"error: a\nb\udcff.csv: x"


def test_an_error_survives_pickling():
    error = InputError("a.csv", [NAME, ROWS])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes
    assert (again.source, again.faults, str(again)) == (error.source, error.faults, str(error))


def test_a_notebook_shows_the_message_and_not_where_the_code_found_it():
    code = (
        "from analysis.base.errors import InputError\n"
        "raise InputError.of_file('loans.csv', 'it is empty', 'a table', 'name another file')"
    )
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--quick", "--colors=NoColor", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(
        InputError.of_file("loans.csv", "it is empty", "a table", "name another file")
    )
