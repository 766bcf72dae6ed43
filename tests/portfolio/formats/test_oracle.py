"""Thousands of damaged files, read by the program and by a plain reader: the same rows, or none.

`LOAN_FILES=5000` in the environment tries as many of each form.
"""

import gzip
import io
import os
import random

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet
import pytest

from analysis.base.errors import InputError
from analysis.portfolio import simulate
from analysis.portfolio.formats import lines, parquet_file
from tests.support import loan_files, oracle

FILES = int(os.environ.get("LOAN_FILES", "40"))
SMALL = simulate.portfolio(simulate.LEAST_ROWS, seed=4).iloc[-60:].reset_index(drop=True)
CSV = simulate.to_csv(SMALL)
BITS = [
    *[b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\n\n", b"\n\r", b"\r\r", b";", b"\t", b" "],
    *[b"\x00", b"\xff", b"nan", b"-inf", b"1e400", b"-", b"+", b"e1", b"e-1", b".", b"0", b"1"],
    *["é".encode(), b"\xef\xbb\xbf", b"index,", b'"1"', b',"7"', b"_", b"0.0,", b"-0.0"],
]


def quoted(content):
    return b"\n".join(b'"' + line.replace(b",", b'","') + b'"' for line in content.splitlines())


def numbered(content):
    head, *rows = content.splitlines()
    return b"\n".join([b"," + head, *(b"%d,%s" % (3 * at + 2, row) for at, row in enumerate(rows))])


WHOLE = [
    lambda content: content,
    quoted,
    numbered,
    lambda content: content.replace(b"\n", b"\r\n"),
    lambda content: content.replace(b"\n", b"\r"),
    lambda content: content.replace(b"\n", b"\r", 1),
    lambda content: content.replace(b"\n", b"\n\n", 30),
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.replace(b",", b" , "),
    lambda content: content.replace(b"\n", b" \n"),
    lambda content: content.replace(b"loan_size", b"Loan Size"),
    lambda content: content.rstrip(b"\n"),
    lambda content: b"\n".join(b",".join(row.split(b",")[::-1]) for row in content.split()),
    lambda content: content.replace(b",1\n", b",+1\n"),
    lambda content: content.replace(b",", b";"),
    lambda content: content.replace(b",", b"\t"),
    lambda content: content.replace(b",", b"|"),
    lambda content: content.replace(b",", b"  "),
]


def random_of(seed):
    return random.Random(seed)  # noqa: S311 -- it damages files, and guards nothing


def damaged(seed):
    """Return a valid file, changed as a whole and then in a few places."""
    drawn = random_of(seed)
    content = CSV
    for change in drawn.sample(WHOLE, drawn.choice([0, 1, 2])):
        content = change(content)
    for _ in range(drawn.choice([0, 1, 1, 2])):
        place = drawn.randrange(len(content)) if drawn.random() < 0.8 else drawn.randrange(120)
        gone = drawn.choice([0, 0, 0, 1, 1, 9])
        content = content[:place] + drawn.choice([*BITS, b""]) + content[place + gone :]
    return content


def read(name, content):
    """Return the rows that the program reads, and none where it refuses the file."""
    try:
        table, _ = loan_files.table(name, content, least=0)
    except InputError:
        return None
    return table.to_numpy(float)


def expected(name, content):
    try:
        return np.array(oracle.rows(name, content))
    except oracle.UnfitError:
        return None


def same(found, wanted):
    return found is wanted is None or (
        found is not None and wanted is not None and found.tobytes() == wanted.tobytes()
    )


@pytest.mark.parametrize(
    ("name", "size"), [("a.csv", 50), ("a.csv", 2**23), ("a.txt", 700), ("a.csv.gz", 2**23)]
)
def test_damaged_text(name, size, monkeypatch):
    monkeypatch.setattr(lines, "PART_BYTES", size)
    usable, files = 0, FILES // 4 if size < 100 else FILES  # in many parts each takes long
    for seed in range(files):
        content = damaged(seed)
        if name.endswith(".gz"):
            content = gzip.compress(content, 1)
            if seed % 9 == 0:
                content = content[: seed % len(content)]
        wanted = expected(name, content)
        assert same(read(name, content), wanted), f"seed {seed}"
        usable += wanted is not None
    assert usable > files // 10


def altered(drawn):
    """Return a table of other types, with some values changed, and whether it can be used."""
    table = SMALL.astype({name: drawn.choice(["float64", "int64"]) for name in ("loan_size",)})
    table = table.astype({"loan_status": drawn.choice(["int8", "float32", "uint64"])})
    table = table[drawn.sample(list(table), len(table.columns))]
    usable = True
    if drawn.random() < 0.5:
        row, value = drawn.randrange(len(table)), drawn.choice([None, float("inf"), -1.0, 0.5])
        name = drawn.choice(["loan_size", "num_of_accounts", "loan_status"])
        table = table.astype({name: "Float64"})
        table.loc[row, name] = pd.NA if value is None else value
        usable = value == 0.5 and name == "loan_size"
    return table, usable


@pytest.mark.parametrize("size", [7, 200_000])
def test_altered_parquet(size, monkeypatch):
    monkeypatch.setattr(parquet_file, "BATCH_ROWS", size)
    for seed in range(FILES):
        drawn = random_of(seed)
        table, usable = altered(drawn)
        stream = io.BytesIO()
        arrow.parquet.write_table(
            arrow.Table.from_pandas(table, preserve_index=drawn.random() < 0.3),
            stream,
            row_group_size=drawn.choice([11, 60]),
            compression=drawn.choice(["snappy", "gzip", "zstd", "none"]),
            use_dictionary=drawn.random() < 0.5,
        )
        wanted = table[list(SMALL)].astype(float).to_numpy() if usable else None
        assert same(read("a.parquet", stream.getvalue()), wanted), f"seed {seed}"


def test_damaged_parquet_never_gives_other_rows():
    content = loan_files.to_parquet(SMALL)
    checked = io.BytesIO()
    arrow.parquet.write_table(
        arrow.Table.from_pandas(SMALL), checked, write_page_checksum=True, compression="none"
    )
    for seed in range(FILES):
        drawn = random_of(seed)
        damaged = bytearray(checked.getvalue() if seed % 2 else content)
        for _ in range(drawn.choice([1, 3])):
            damaged[drawn.randrange(len(damaged))] ^= 1 << drawn.randrange(8)
        found = read("a.parquet", bytes(damaged[: drawn.choice([None, len(damaged) // 2])]))
        if seed % 2 and found is not None:
            assert len(found) == len(SMALL)
