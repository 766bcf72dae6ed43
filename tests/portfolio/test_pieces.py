"""What is read piece by piece is what reading the whole file gives; all else is left to that."""

import hashlib
import io
import threading

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.base.errors import InputError
from analysis.portfolio import checks, pieces, simulate
from analysis.portfolio.kinds import parse
from tests.support import plain

SMALL = simulate.portfolio(400, seed=4)
CSV = simulate.to_csv(SMALL)


def in_pieces(name, content, least=0):
    """Return the loans and notes read in pieces; None where the file is left to the other way."""
    found = pieces.read(name, io.BytesIO(content))
    rows = None if found is None else checks.validated(found.rows, least)
    return None if rows is None else (plain.table(rows), found.notes)


def whole(name, content, least=0):
    raw = parse(name, content)
    return checks.validate(name, raw, least), tuple(raw.notes)


def check_same(name, content):
    """Hold both ways against each other wherever the first one takes the file."""
    found = in_pieces(name, content)
    if found is not None:
        table, notes = whole(name, content)
        pd.testing.assert_frame_equal(found[0], table)
        assert found[1] == notes
    return found is not None


def parquet(table):
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


@pytest.mark.parametrize("size", [600, 5_000, 2**23])
def test_pieces_of_any_size(monkeypatch, size):
    monkeypatch.setattr(pieces, "PIECE_BYTES", size)
    assert check_same("a.csv", CSV)
    assert check_same("a.csv", CSV.removesuffix(b"\n"))
    assert check_same("a.csv", CSV.replace(b"\n", b"\r\n"))


def test_parquet_in_batches(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_ROWS", 150)
    assert check_same("a.parquet", parquet(SMALL))
    assert check_same(
        "a.pq", parquet(SMALL[SMALL.columns[::-1]].astype("float32", errors="ignore"))
    )


def test_fingerprint_and_size_are_those_of_the_bytes():
    for name, content in (("a.csv", CSV), ("a.parquet", parquet(SMALL))):
        found = pieces.read(name, io.BytesIO(content))
        assert found.sha256 == hashlib.sha256(content).hexdigest()
        assert found.size_bytes == len(content)


def test_what_is_odd_in_any_part_of_a_file_is_noted(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_BYTES", 2_000)
    for odd in (CSV.replace(b"\n", b"\r\n"), CSV.replace(LAST, b" " + LAST)):
        content = CSV.splitlines(keepends=True)[0] + odd.split(b"\n", 1)[1]
        assert check_same("a.csv", content)
        assert len(in_pieces("a.csv", content)[1]) == 1


def test_columns_in_another_order_are_noted():
    content = simulate.to_csv(SMALL[SMALL.columns[::-1]])
    assert in_pieces("a.csv", content)[1] == ("Its columns stood in another order.",)
    assert check_same("a.csv", content)


def changed(old, new, times=1):
    return CSV.replace(old, new, times)


LAST = CSV.splitlines()[-1]
UNUSUAL = {
    "byte-order mark": b"\xef\xbb\xbf" + CSV,
    "old Macintosh": CSV.replace(b"\n", b"\r"),
    "a lone CR": changed(b"\n", b"\r", 2).replace(b"\r", b"\n", 1),
    "blank line": changed(LAST, b"\n" + LAST),
    "blank line at the end": CSV + b"\n",
    "blank first line": b"\n" + CSV,
    "quoted cell": changed(LAST, b'"' + LAST.replace(b",", b'",', 1)),
    "NUL": changed(LAST, LAST + b"\0"),
    "not ASCII": changed(LAST, "é".encode() + LAST),
    "text": changed(LAST, b"x" + LAST),
    "missing": changed(LAST, LAST[LAST.index(b",") :]),
    "nan": changed(LAST, b"nan" + LAST[LAST.index(b",") :]),
    "infinite": changed(LAST, b"inf" + LAST[LAST.index(b",") :]),
    "minus zero": changed(LAST, b"-0.0" + LAST[LAST.index(b",") :]),
    "negative": changed(LAST, b"-" + LAST),
    "fraction": changed(LAST, LAST + b".5"),
    "label 2": changed(LAST, LAST[:-1] + b"2"),
    "ragged": changed(LAST, LAST + b",1"),
    "index": b"\n".join(
        f"{row - 1 if row else ''},".encode() + line for row, line in enumerate(CSV.splitlines())
    ),
    "unknown column": CSV.replace(b"total_debt", b"debt"),
    "header only": CSV.splitlines()[0] + b"\n",
    "header without end": CSV.splitlines()[0],
    "empty": b"",
    "semicolons": CSV.replace(b",", b";"),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_out_of_the_ordinary_is_left_alone(name):
    assert in_pieces("a.csv", UNUSUAL[name]) is None


def test_too_few_loans_of_a_label_are_left_alone():
    assert in_pieces("a.csv", CSV, least=10)
    assert in_pieces("a.csv", CSV, least=14) is None


@pytest.mark.parametrize("name", ["a.csv.gz", "a.txt", "a"])
def test_other_endings_are_left_alone(name):
    assert in_pieces(name, CSV) is None


def test_damaged_parquet_is_left_alone():
    content = parquet(SMALL)
    damaged = content.replace(content[300:330], b"\xff" * 30)
    assert in_pieces("a.parquet", damaged) is None
    assert in_pieces("a.parquet", content[:-40]) is None
    assert in_pieces("a.parquet", CSV) is None
    assert in_pieces("a.parquet", parquet(SMALL.astype({"loan_size": "str"}))) is None
    assert in_pieces("a.parquet", parquet(SMALL.assign(more=1))) is None


@given(
    st.lists(
        st.tuples(st.integers(0, len(CSV)), st.integers(0, 3), st.sampled_from(b'0-."\r\n,e \xff')),
        max_size=4,
    )
)
def test_mutated_files_are_read_alike_or_left_alone(changes):
    content = bytearray(CSV)
    for place, dropped, byte in changes:
        content[place : place + dropped] = bytes([byte])
    try:
        check_same("a.csv", bytes(content))
    except InputError as error:
        pytest.fail(f"read in pieces, though {error}")


def test_no_thread_stays():
    before = threading.active_count()
    in_pieces("a.csv", CSV)
    in_pieces("a.csv", UNUSUAL["text"])
    assert threading.active_count() == before
