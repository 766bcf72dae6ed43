"""A plain loan file, read piece by piece: memory follows the distinct loans, not the file.

A file that holds anything out of the ordinary is left to `analysis.reader`, which takes it as a
whole and names all that is wrong with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet

from analysis.base.errors import InputError
from analysis.portfolio import csv_file, parquet_file
from analysis.portfolio.distinct import Distinct
from analysis.portfolio.header import Header, check_names
from analysis.portfolio.reduction import CollisionError, Reducer
from analysis.portfolio.schema import columns

PIECE_BYTES = 8 * 2**20
PIECE_ROWS = 200_000
BLANK_LINES = (b"\n\n", b"\n\r", b"\r\r")
Step = Callable[[int], object]


class _UnusualError(Exception):
    """The file is not plain."""


@dataclass(frozen=True)
class PlainFile:
    """What a plain file holds.

    Attributes
    ----------
    rows : Distinct
        The schema's columns in its order, finite numbers of 0 or more, not validated otherwise.
    sha256 : str
        Fingerprint of the bytes read, 64 hexadecimal digits.
    size_bytes : int
        How many they are.
    notes : tuple of str
        What differs without harm, a sentence each.
    """

    rows: Distinct
    sha256: str
    size_bytes: int
    notes: tuple[str, ...]


def read(name: str, file: BufferedReader, step: Step = lambda _: None) -> PlainFile | None:
    """Read a CSV or Parquet file with the schema's columns and nothing but finite numbers.

    Parameters
    ----------
    name : str
        The file's name; its ending says what it is.
    file : binary file
        Open at its start.
    step : callable
        Called with the number of bytes that were read.

    Returns
    -------
    PlainFile or None
        None when the file is no such one: reading it as a whole says what it is.
    """
    try:
        if name.lower().endswith(".csv"):
            return _csv(name, file, step)
        if name.lower().endswith((".parquet", ".pq")):
            return _parquet(name, file, step)
    # An OSError is pyarrow's word for damaged pages; one of the disk comes again in the next read.
    except (_UnusualError, InputError, CollisionError, arrow.ArrowException, OSError):
        pass
    return None


def _csv(name: str, file: BufferedReader, step: Step) -> PlainFile:
    first = file.readline(csv_file.LONGEST_HEADER)
    # A line below, for the header to be one; the file's own lines are read later.
    header = _plain_header(name, csv_file.header_names(name, first + b"0"))
    digest, size = hashlib.sha256(first), len(first)
    reducer, oddities = Reducer(), csv_file.Oddities()
    oddities.see(first)
    for piece in _ahead(_lines(file)):
        digest.update(piece)
        size += len(piece)
        _check_text(piece)
        oddities.see(piece)
        table = csv_file.read_as(piece, header.wanted, header, arrow.float64(), skip_rows=0)
        reducer.add(_frame(table))
        step(len(piece))
    notes = (*oddities.notes, *header.notes)
    return PlainFile(_filled(reducer), digest.hexdigest(), size, notes)


def _plain_header(name: str, names: list[str]) -> Header:
    """Return the header where it names the schema's columns and no other."""
    header = check_names(name, names)
    if header.faults or header.index is not None:
        raise _UnusualError
    return header


def _lines(file: BufferedReader) -> Iterator[bytes]:
    """Yield the rest of a file in pieces of whole lines."""
    rest = b""
    while block := file.read(PIECE_BYTES):
        end = block.rfind(b"\n") + 1
        if not end:
            raise _UnusualError
        yield rest + block[:end]
        rest = block[end:]
    if rest:
        yield rest


def _ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same, the next one read while the caller works on this one."""
    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(next, pieces, b"")
        while piece := following.result():
            following = reader.submit(next, pieces, b"")
            yield piece


def _check_text(piece: bytes) -> None:
    """Let through numbers and commas in lines, which is all that a plain file has."""
    if (
        not piece.isascii()
        or b"\x00" in piece
        or b'"' in piece
        or piece[:1] in b"\r\n"
        or any(pair in piece for pair in BLANK_LINES)
        or (b"\r" in piece and piece.count(b"\r") != piece.count(b"\r\n"))
    ):
        raise _UnusualError


def _parquet(name: str, file: BufferedReader, step: Step) -> PlainFile:
    digest = hashlib.file_digest(file, "sha256")
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    stored = arrow.parquet.ParquetFile(file, page_checksum_verification=True)
    header = _plain_header(name, stored.schema_arrow.names)
    reducer = Reducer()
    for batch in stored.iter_batches(batch_size=PIECE_ROWS):
        if not all(parquet_file.is_number(kind) for kind in batch.schema.types):
            raise _UnusualError
        reducer.add(_frame(batch))
        step(size * len(batch) // stored.metadata.num_rows)
    return PlainFile(_filled(reducer), digest.hexdigest(), size, tuple(header.notes))


def _frame(table: Any) -> pd.DataFrame:
    """Return the columns as floats in the schema's order; every number is finite and not below 0.

    A -0.0 counts as below: it equals 0.0, and its bytes differ.
    """
    numbers = {
        each.name: np.asarray(table[each.name].to_numpy(zero_copy_only=False), dtype=np.float64)
        for each in columns()
    }
    for values in numbers.values():
        if not np.isfinite(values).all() or np.signbit(values).any():
            raise _UnusualError
    return pd.DataFrame(numbers)


def _filled(reducer: Reducer) -> Distinct:
    found = reducer.reduced()
    if not len(found):
        raise _UnusualError
    return found
