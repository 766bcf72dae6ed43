"""Every file ends as a validated table or as our own error, whatever its bytes are."""

import bz2
import gzip
import io
import lzma
import re
import zipfile
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base.errors import InputError
from analysis.portfolio import schema, simulate
from analysis.portfolio.declaration import module_12
from analysis.portfolio.formats import kinds
from tests.support import loan_files


def zipped(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@cache
def valid_files():
    """A small portfolio in each of the forms that are read."""
    table = simulate.portfolio(simulate.LEAST_ROWS)
    content = simulate.to_csv(table)
    return {
        "a.csv": content,
        "a.csv.gz": gzip.compress(content, mtime=0),
        "a.parquet": loan_files.to_parquet(table),
        "a.xlsx": loan_files.to_workbook(Loans=table),
    }


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet", "a.xlsx"])
@pytest.mark.parametrize("called", [str, str.upper, lambda _: "folder.csv/no ending"])
def test_each_form_gives_the_same_table(name, called):
    table, _ = loan_files.table(called(name), valid_files()[name])
    pd.testing.assert_frame_equal(table, simulate.portfolio(simulate.LEAST_ROWS))


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        ("a.csv", lambda _: b"", "the file is empty"),
        ("a.parquet", lambda _: b"", "the file is empty"),
        ("a.csv.gz", lambda _: gzip.compress(b""), "the file is empty"),
        (
            "a.csv",
            lambda _: zipped("xl/workbook.xml", b""),
            "an Excel workbook or another zip archive; its name .*ending .xlsx",
        ),
        ("a.csv", lambda files: zipped("a.csv", files["a.csv"]), "zip archive"),
        ("a.csv.gz", lambda _: gzip.compress(zipped("a", b"")), "zip archive"),
        ("a.csv", lambda _: b"PK\x05\x06" + bytes(18), "an empty zip archive"),
        (
            "a.csv",
            lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(90),
            "old Excel workbook",
        ),
        (
            "a.csv",
            lambda files: files["a.csv.gz"],
            "gzipped; its name says that it is text.*ending .csv.gz",
        ),
        (
            "a.csv",
            lambda files: files["a.csv.gz"][:500],
            "is gzipped; its name says that it is text",
        ),
        (
            "a.csv.gz",
            lambda files: files["a.csv"],
            "text, or damaged; its name says that it is gzipped .*ending .csv",
        ),
        ("a.csv.gz", lambda files: zipped("a.csv", files["a.csv"]), "zip archive.*unpack"),
        ("a.csv.gz", lambda files: gzip.compress(files["a.csv.gz"]), "gzipped twice"),
        ("a.csv.gz", lambda files: gzip.compress(files["a.parquet"]), "Parquet, and gzipped"),
        ("a.csv.gz", lambda files: files["a.csv.gz"][:500], "gzipped file is damaged or cut off"),
        ("a.csv.gz", lambda files: files["a.csv.gz"] + b"more", "gzipped file is damaged or cut"),
        ("a.csv.gz", lambda files: files["a.parquet"], "is Parquet; its name"),
        ("a.csv", lambda files: files["a.parquet"], "is Parquet; its name .*ending .parquet"),
        ("a.csv", lambda files: files["a.parquet"][:500], "is Parquet; its name"),
        ("a.parquet", lambda files: files["a.parquet"][:500], "Parquet file is damaged or cut off"),
        (
            "a.parquet",
            lambda files: files["a.csv"],
            "text, or damaged; its name says that it is Parquet",
        ),
        ("a.csv", lambda files: bz2.compress(files["a.csv"]), "compressed with bzip2 .*unpack it"),
        ("a.csv", lambda files: lzma.compress(files["a.csv"]), "compressed with xz"),
        ("a.csv", lambda _: b"%PDF-1.7\n", "a PDF document"),
        (
            "a.duckdb",
            lambda _: bytes(8) + b"DUCK" + bytes(99),
            "DuckDB.*duckdb:///.*a.duckdb[?]table",
        ),
        ("a.jsonl", lambda _: b'{"loan_size": 1}\n', "JSON.*CSV"),
        ("a.json", lambda _: b'[{"loan_size": 1}]', "JSON.*CSV"),
        ("a.xlsx", lambda files: zipped("a.csv", files["a.csv"]), "zip archive without a workbook"),
        (
            "a.xlsx",
            lambda files: files["a.csv"],
            "text, or damaged; its name says that it is an Excel",
        ),
        ("a.xlsx", lambda files: files["a.xlsx"][:900], "workbook is damaged, protected or cut"),
        ("a.xlsx", lambda _: zipped("[Content_Types].xml", b""), "workbook is damaged, protect"),
    ],
)
def test_other_files_are_named_for_what_they_are(name, make, expected):
    with pytest.raises(InputError) as caught:
        loan_files.table(name, make(valid_files()))
    message = " ".join(str(caught.value).split())
    assert re.search(expected, message)
    allowed = "allowed: CSV (also gzipped), Parquet or an Excel workbook, with the columns loan"
    assert allowed in message


def test_a_file_that_unpacks_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(kinds, "LARGEST_UNPACKED", 2**20)
    with pytest.raises(InputError, match="unpacks to more than"):
        loan_files.table("a.csv.gz", gzip.compress(valid_files()["a.csv"] * 2**8))


def ends_well(name, content):
    """Hold that reading gives a validated table or our own error, and nothing else."""
    error = table = None
    try:
        table, _ = loan_files.table(name, content)
    except InputError as caught:
        error = caught
    if error is not None:
        assert all(fault.problem and fault.remedy for fault in error.faults)
        assert str(error).startswith(f"error: {name}: ")
        assert all(line.isprintable() for line in str(error).split("\n"))
    else:
        pd.testing.assert_frame_equal(table, schema.table(module_12()).validate(table))
        assert list(table) == list(schema.table(module_12()).columns)
        assert isinstance(table.index, pd.RangeIndex)


NAMES = st.sampled_from(["a.csv", "a.csv.gz", "a.parquet", "a.xlsx", "a"])
STARTS = st.sampled_from(
    [b"", b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xef\xbb\xbf", b"loan_size,"]
)


@given(NAMES, STARTS, st.binary(max_size=400))
@settings(max_examples=400)
def test_arbitrary_bytes_end_well(name, start, content):
    ends_well(name, start + content)


@given(
    NAMES,
    st.sampled_from([b",", b";", b"\t", b"|", b"  "]),
    st.text(alphabet=",;\t\"'\r\n01.9eE-+ nai\x00é", max_size=200),
)
@settings(max_examples=100)
def test_arbitrary_rows_below_the_header_end_well(name, separator, rows):
    header = valid_files()["a.csv"].split(b"\n")[0].replace(b",", separator)
    ends_well(name, header + b"\n" + rows.encode())


PIECES = [
    *[b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\n\n", b";", b"\t", b" ", b"\x00", b"\xff"],
    *[b"nan", b"-inf", b"1e400", b"-", b"+", b"e", b".", b"0", b"9" * 400, b"x" * 70_000],
    *["é".encode(), b"\xef\xbb\xbf", b"loan_size", b"index,", b"\x1b"],
]
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),  # where
        st.sampled_from([0, 0, 1, 1, 7, 60]),  # how many bytes go
        st.one_of(st.sampled_from(PIECES), st.binary(min_size=1, max_size=4)),
    ),
    min_size=1,
    max_size=4,
)


@given(st.sampled_from(["a.csv", "a.csv.gz", "a.parquet", "a.xlsx"]), CHANGES, st.booleans())
@settings(max_examples=200)
def test_damaged_valid_files_end_well(name, changes, cut):
    content = valid_files()[name]
    for where, gone, piece in changes:
        place = int(where * len(content))
        content = content[:place] + (b"" if gone else piece) + content[place + gone :]
    ends_well(name, content[: int(changes[0][0] * len(content))] if cut else content)


CELLS = st.one_of(
    st.sampled_from(["", "nan", "inf", "1e400", "-0.0", "0.5", "2", "1e13", "7,5", "true", "-1"]),
    st.floats().map(repr),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=6),
)


@given(st.dictionaries(st.tuples(st.integers(0, 320), st.integers(0, 7)), CELLS, max_size=6))
@settings(max_examples=50)
def test_changed_cells_end_well(cells):
    lines = [line.split(",") for line in valid_files()["a.csv"].decode().splitlines()]
    for (row, place), value in cells.items():
        lines[row][place] = '"' + value.replace('"', '""') + '"'
    ends_well("a.csv", "\n".join(",".join(line) for line in lines).encode())
