"""CSV files: what is read as it is, what is put right with a note, what is refused and how."""

import io
import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.base.errors import InputError
from analysis.portfolio.declaration import module_12
from analysis.portfolio.dialect import Dialect
from analysis.portfolio.formats import csv_file, lines
from analysis.portfolio.header import Header, IndexColumn
from analysis.portfolio.reading import Reading
from analysis.portfolio.simulate import to_csv
from tests.support import loan_files


@pytest.fixture
def text(small_table):
    return to_csv(small_table).decode()


@pytest.fixture
def few(small_table):
    """Few loans of both labels, for what reads them in many parts."""
    return small_table[::5].reset_index(drop=True)


def read(content):
    return loan_files.table(
        "loans.csv", content if isinstance(content, bytes) else content.encode()
    )


def message(content):
    with pytest.raises(InputError) as caught:
        read(content)
    return loan_files.faults(caught.value)


def changed(text, row, place, value):
    """Write another value into one cell; `row` 1 is the first below the header."""
    lines = [line.split(",") for line in text.splitlines()]
    lines[row][place] = value
    return "\n".join(",".join(line) for line in lines)


def quoted(text):
    return "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.split())


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda text: text, None),
        (lambda text: text.rstrip("\n"), None),
        (lambda text: text + "\n\n\n", "Blank lines were skipped."),
        (quoted, None),
        *(
            (
                lambda text, old=old, new=new: text.replace(old, new),
                "Blanks around names or numbers were left out.",
            )
            for old, new in [(",", " ,  "), ("\n", "\t\n"), ("_size,", "_size ,")]
        ),
        (
            lambda text: text.replace("\n", "\r\n").replace("\r\n", "\n", 1),
            "It has lines that end as on Windows (CRLF).",
        ),
        (lambda text: text.replace("\n", "\r\n"), "It has lines that end as on Windows (CRLF)."),
        (
            lambda text: text.replace("\n", "\r"),
            "It has lines that end as on old Macintosh computers (CR).",
        ),
        (
            lambda text: "\ufeff" + text,
            "A byte-order mark at the start of the file was skipped.",
        ),
        (lambda text: "\n\n" + text, "Blank lines were skipped."),
        (lambda text: text.replace("\n", "\n\n", 9), "Blank lines were skipped."),
        (
            lambda text: "\n".join(
                f"{row - 1 if row else ''},{line}" for row, line in enumerate(text.splitlines())
            ),
            "A column that only numbers the rows was left out.",
        ),
        (
            lambda text: "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()),
            "Its columns stood in another order.",
        ),
        (lambda text: text.replace(",", ";"), "Its fields are separated by semicolons."),
        (lambda text: quoted(text).replace(",", "\t"), "Its fields are separated by tabs."),
        (lambda text: text.replace(",", "|"), "Its fields are separated by bars."),
        (lambda text: text.replace(",", " \t "), "Its fields are separated by blanks."),
        (
            lambda text: "\n".join(f"  {line} " for line in text.replace(",", " ").splitlines()),
            "Its fields are separated by blanks.",
        ),
    ],
)
def test_read_without_guessing(text, small_table, change, note):
    table, notes = read(change(text))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == ([note] if note else [])


def test_whole_numbers_may_have_a_point_and_zero(text):
    table, _ = read(changed(changed(text, 3, 4, "4.0"), 3, 0, "+10700.00"))
    assert table["num_of_accounts"].dtype == "int64"
    assert table.loc[2, ["num_of_accounts", "loan_size"]].tolist() == [4, 10_700]


def test_negative_zero_becomes_zero(small_table):
    small_table.loc[0, ["borrower_income", "total_debt", "debt_to_income"]] = [30_000, -0.0, -0.0]
    table, _ = read(to_csv(small_table))
    again = small_table.assign(total_debt=small_table["total_debt"] + 0.0)
    again["debt_to_income"] += 0.0
    assert table.to_numpy(float).tobytes() == again.to_numpy(float).tobytes()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda _: "", "the file is empty"),
        (lambda _: "\n\n", "the file has no header"),
        (lambda _: "   ", "the file has no header"),
        (lambda text: text.split("\n")[0], "the file has a header and no rows"),
        (lambda text: text.split("\n")[0] + "\n", "the file has a header and no rows"),
        (
            lambda text: text.replace(",", ";").replace(".", ","),
            "interest_rate: number holds a comma, not a point | 2000 |",
        ),
        (lambda text: text.replace(",", ":"), "none of the columns; it holds 'loan_size:interest"),
        (lambda text: '"loan\n_size' + text[9:], "line 1: a column's name holds a line break"),
        (lambda text: "x" * 70_000 + text, "line 1 is longer than 65,536 bytes"),
        (lambda text: text[text.index("\n") + 1 :], "its header names none of the columns"),
        (lambda text: "Loans of May\n" + text, "none of the columns; it holds 'Loans of May'"),
        (lambda _: "<html>", "none of the columns; it holds '<html>'"),
        (lambda text: text.replace("loan_size", "größe").encode("latin-1"), "not UTF-8"),
        (lambda text: changed(text, 5, 0, "é").encode("latin-1"), "line 6, byte"),
        (lambda text: text.encode("utf-16"), "the file is text in UTF-16"),
        (lambda text: text.encode("utf-32"), "the file is text in UTF-32"),
        (lambda text: text.encode("utf-16-le"), "the file is not text: it holds NUL bytes"),
        (lambda text: changed(text, 5, 0, "1\x000"), "the file is not text: it holds NUL bytes"),
        (lambda text: text.replace("loan_size", "loan_sice", 1), "is it loan_size?"),
        (
            lambda text: text.replace("interest_rate", "loan_size", 1),
            "loan_size: the column stands 2 times",
        ),
        (lambda text: text.replace("\n", ",\n"), "(no name): the column is not known"),
        (
            lambda text: "\n".join(f"{7 * row},{line}" for row, line in enumerate(text.split())),
            "0: the column is not known",
        ),
        (
            lambda text: text[:-10],
            "than the header | 1 | row 2,000: 7 fields | 8 fields in every row",
        ),
        (lambda text: changed(text, 5, 0, "1,2"), "than the header | 1 | row 5: 9 fields"),
        (lambda text: changed(text, 5, 0, '"1'), "line 6: a quote is not closed"),
        (lambda text: changed(text, 2_000, 7, '"1'), "line 2,001: a quote is not closed"),
        (
            lambda text: changed(text, 5, 0, '"10"700'),
            "line 6: a quote is not closed, or not at an end of its field",
        ),
        (lambda text: text.replace("\n", "\n  \n", 4), "than the header | 4 | row 1: 1 field"),
        (
            lambda text: changed(text, 5, 0, '"10\n700"'),
            r"text where a number is expected | 1 | row 5: '10\n700'",
        ),
        (lambda text: changed(text, 5, 0, '"10700\n"'), r"row 5: '10700\n'"),
        (
            lambda text: changed(text, 5, 1, '"7,5"'),
            "number holds a comma, not a point | 1 | row 5: '7,5'",
        ),
        (
            lambda text: changed(text, 5, 0, '"10,700.0"'),
            "number holds a comma, not a point | 1 | row 5",
        ),
    ],
)
def test_refused(text, change, expected):
    assert expected in message(change(text))


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("loan_size", "", "value is missing | 1 | row 5: '' | a number above 0"),
        ("loan_size", "NaN", "value is missing | 1 | row 5: 'NaN'"),
        ("loan_size", " n/a ", "value is missing | 1 | row 5: ' n/a '"),
        ("loan_size", "inf", "too large to be one | 1 | row 5: 'inf'"),
        ("loan_size", "-Infinity", "too large to be one | 1 | row 5: '-Infinity'"),
        ("loan_size", "-1e80", "too large to be one | 1 | row 5: '-1e80'"),
        ("loan_size", "1e400", "too large to be one | 1 | row 5: '1e400'"),
        ("total_debt", "1" + "0" * 309, "too large to be one | 1 | row 5: '1000000"),
        ("loan_size", "1e13", "number out of range | 1 | row 5: '10000000000000'"),
        ("loan_size", "-5", "number out of range | 1 | row 5: '-5' | a number above 0"),
        (
            "interest_rate",
            "100.5",
            "number out of range | 1 | row 5: '100.5' | a number from 0 to 100",
        ),
        ("num_of_accounts", "3.5", "number is not whole | 1 | row 5: '3.5' | a whole number"),
        ("num_of_accounts", "9007199254740993", "number out of range | 1 | row 5:"),
        ("derogatory_marks", "-1", "number out of range | 1 | row 5: '-1'"),
        ("loan_status", "2", "number out of range | 1 | row 5: '2' | 0 or 1"),
        ("loan_status", "0.5", "number out of range | 1 | row 5: '0.5' | 0 or 1"),
        ("loan_status", "true", "text where a number is expected | 1 | row 5: 'true' | 0 or 1"),
        (
            "loan_status",
            "healthy",
            "text where a number is expected | 1 | row 5: 'healthy' | 0 or 1",
        ),
        ("loan_size", "$10700", "text where a number is expected | 1 | row 5: '$10700'"),
        ("interest_rate", "7.5%", "text where a number is expected | 1 | row 5: '7.5%'"),
        ("loan_size", "0x10", "text where a number is expected | 1 | row 5: '0x10'"),
        ("loan_size", "10_700", "text where a number is expected | 1 | row 5: '10_700'"),
        ("loan_size", "\x1b[31m7", r"text where a number is expected | 1 | row 5: '\x1b[31m7'"),
        (
            "loan_size",
            "{{< meta x >}}",
            "text where a number is expected | 1 | row 5: '{{< meta x >}}'",
        ),
        ("debt_to_income", "0.9", "total_debt / borrower_income | 1 | row 5: '0.9' | the ratio to"),
    ],
)
def test_one_wrong_cell_is_named(text, column, value, expected):
    place = text.split("\n")[0].split(",").index(column)
    found = message(changed(text, 5, place, value))
    assert len(found.splitlines()) == 1
    assert found.startswith(f"{column}: ")
    assert expected in found


def test_booleans_and_texts_as_labels_are_counted(text):
    as_words = text.replace(",0\n", ",False\n").replace(",1\n", ",True\n")
    assert "expected | 2000 | row 1: 'False'" in message(as_words)
    assert "expected | 1936 | row 1: 'healthy'" in message(text.replace(",0\n", ",healthy\n"))


def test_all_faults_at_once_by_column(text):
    wrong = {1: (0, "abc"), 2: (1, "-3"), 3: (6, ""), 4: (7, "yes"), 5: (4, "2.5"), 6: (3, "0.9")}
    for row, (place, value) in wrong.items():
        text = changed(text, row, place, value)
    lines = text.splitlines()
    text = "\n".join([*lines[:9], "1,2", *lines[9:]]).replace("derogatory_marks", "marks", 1)
    with pytest.raises(InputError) as caught:
        read(text)
    found = [(fault.column, fault.first.split(":")[0]) for fault in caught.value.faults]
    assert found == [
        ("marks", ""),
        ("", "row 9"),
        ("loan_size", "row 1"),
        ("interest_rate", "row 2"),
        ("debt_to_income", "row 6"),
        ("num_of_accounts", "row 5"),
        ("derogatory_marks", ""),
        ("total_debt", "row 3"),
        ("loan_status", "row 4"),
    ]


@pytest.mark.parametrize("size", [600, 5_000, 2**23])
def test_parts_of_any_size_give_the_same(few, monkeypatch, size):
    monkeypatch.setattr(lines, "PART_BYTES", size)
    text = to_csv(few).decode()
    for end in ("\n", "\r\n", "\r"):
        for content in (text, quoted(text), text.rstrip("\n")):
            pd.testing.assert_frame_equal(read(content.replace("\n", end))[0], few)


@pytest.mark.parametrize("size", [600, 2**23])
def test_a_header_that_ends_otherwise_than_the_rows_loses_none(few, monkeypatch, size):
    monkeypatch.setattr(lines, "PART_BYTES", size)
    head, rows = to_csv(few).decode().split("\n", 1)
    for first, other in (("\r", "\n"), ("\r", "\r\n"), ("\n", "\r"), ("\r\n", "\r")):
        table, _ = read(head + first + rows.replace("\n", other))
        pd.testing.assert_frame_equal(table, few)


@pytest.mark.parametrize(
    ("text", "delimiter", "around"),
    [
        (b"a b,c\n", ",", False),
        (b"a, c\n", ",", True),
        (b"a ,c\n", ",", True),
        (b"a;c \n", ";", True),
        (b"a;b c\n", ";", False),
        (b" a;c", ";", True),
        (b'"a ";c', ";", True),
        (b"a\tb c\n", "\t", False),
        (b"a \tb c\n", "\t", True),
        (b"a\t|b\n", "|", True),
        (b'"by mail, or telephone",c\n', ",", False),
        (b'"a ""quoted"" level";c\n', ";", False),
        (b'"a ""b"" ";c\n', ";", True),
        (b'""; c\n', ";", True),
    ],
)
def test_blanks_around_fields_are_noted_and_those_within_are_not(text, delimiter, around):
    reading = Reading("a.csv", replace(module_12(), dialect=Dialect(delimiter)))
    table = csv_file.table(reading, io.BytesIO(f"x{delimiter}y\n".encode() + text).read)
    list(table.pieces(Header({}, [IndexColumn("x", 0), IndexColumn("y", 1)])))
    assert (reading.notes == [csv_file.BLANKS_NOTE]) == around


def test_what_is_odd_in_any_part_of_a_file_is_noted(text, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", 2_000)
    *rows, last = text.splitlines(keepends=True)
    for odd in (last.replace("\n", "\r\n"), " " + last, "\n" + last, "\n\n\n" + last):
        assert len(read("".join([*rows, odd]))[1]) == 1


def test_faults_in_several_parts_are_one(text, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", 2_000)
    for row in (5, 700, 1_300, 1_900):
        text = changed(text, row, 0, f"x{row}")
    text = changed(changed(text, 900, 7, "0,0"), 1_500, 1, "-1")
    assert message(text).splitlines() == [
        ": rows have another number of fields than the header | 1 | row 900: 9 fields | "
        "8 fields in every row",
        "loan_size: text where a number is expected | 4 | row 5: 'x5'",
        "row 700: 'x700'",
        "row 1,300: 'x1300' | a number above 0 to 1,000,000,000,000",
        "interest_rate: number out of range | 1 | row 1,500: '-1' | a number from 0 to 100",
    ]


def test_rows_above_a_quote_that_cannot_be_understood_are_held(text):
    found = message(changed(changed(changed(text, 3, 0, "x"), 5, 0, '"1'), 7, 0, "y"))
    assert found.splitlines()[0].startswith(": line 6: a quote is not closed")
    assert "text where a number is expected | 1 | row 3: 'x'" in found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"lo\xffan_size", "line 1, byte 2 is 0xff"),
        (b"\xff\xfeloan_size", "the file is text in UTF-16"),
    ],
)
def test_the_header_is_text_too(text, content, expected):
    assert expected in message(text.encode().replace(b"loan_size", content, 1))


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
def test_the_index_of_a_shuffled_frame_is_left_out(small_table, name):
    index = np.random.default_rng(0).permutation(2_000)
    table, notes = read(small_table.set_axis(index).to_csv(index_label=name))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == ["The index of a table was left out: a column of no name of its own."]
    halves = small_table.set_axis(index / 2).to_csv(index_label=name)
    assert "does not number the rows" in message(halves)
    assert "not number" in message(small_table.set_axis(index).to_csv(index_label="index"))


@pytest.mark.parametrize("start", ["", ",", "Unnamed: 0,", "index,"])
def test_the_index_of_a_filtered_frame_is_left_out(small_table, start):
    lines = to_csv(small_table).decode().splitlines()
    kept = [f"{5 + 3 * row}," + line for row, line in enumerate(lines[1:])]
    header = (start or ",") + lines[0]
    table, notes = read("\n".join([header, *kept]))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == ["A column that only numbers the rows was left out."]


def test_names_written_otherwise_are_taken_with_a_note(text, small_table):
    table, notes = read(text.replace("loan_size", "Loan Size", 1).replace("total", "TOTAL", 1))
    pd.testing.assert_frame_equal(table, small_table)
    assert notes == [
        "Names were written otherwise: 'Loan Size' was read as loan_size, 'TOTAL_debt' was read "
        "as total_debt."
    ]


def test_a_line_without_end_is_refused_before_it_fills_the_memory(text, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", 1_000)
    monkeypatch.setattr(lines, "LONGEST_LINE", 3_000)
    assert "line 2,002 is longer than 3,000 bytes" in message(text + "1" * 9_000)
    assert "line 6 is longer" in message(changed(text, 5, 0, '"1'))
    within = changed(text, 5, 0, '"' + "1\n" * 1_450 + '"')
    assert "text where a number is expected | 1 | row 5" in message(within)


def test_no_thread_stays(text):
    before = threading.active_count()
    read(text)
    message(changed(text, 5, 0, "x"))
    message(changed(text, 5, 0, '"x'))
    assert threading.active_count() == before


def test_rows_keep_their_numbers_below_blank_and_unreadable_lines(text):
    lines = changed(text, 9, 0, "abc").splitlines()
    lines[3] += ",1"
    found = message("\n".join([*lines[:5], "", *lines[5:]]))
    assert "row 3: 9 fields" in found
    assert "row 9: 'abc'" in found


def test_a_long_quoted_field_is_read(text):
    found = message(changed(text, 5, 0, '"' + "x\n" * 2_000_000 + '"'))
    assert r"row 5: 'x\nx\n" in found


def test_a_quoted_field_across_two_blocks_is_one_field(text, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", 4_096)
    place = sum(len(line) + 1 for line in text.splitlines()[:50])
    assert place < 4_096 < place + 3_000
    found = message(changed(text, 50, 0, '"' + "1\n" * 1_500 + '"'))
    assert found.startswith("loan_size: text where a number is expected | 1 | row 50: '1\\n1")


def test_names_are_shown_without_effect(text):
    with pytest.raises(InputError) as caught:
        read(text.replace("loan_size", "<b>#f(1)`{python} 1`\x1b[1m", 1))
    assert caught.value.faults[0].column == "<b>#f(1)`{python} 1`\x1b[1m"
    assert all(line.isprintable() for line in str(caught.value).splitlines())


@pytest.mark.parametrize("size", [600, 2**23])
def test_a_byte_order_mark_within_the_file_is_text(text, monkeypatch, size):
    monkeypatch.setattr(lines, "PART_BYTES", size)
    found = message(text.replace("\n", "\n\ufeff"))
    assert "text where a number is expected | 2000 | row 1: '\\ufeff" in found
    assert "row 2,001: 1 field |" in found
