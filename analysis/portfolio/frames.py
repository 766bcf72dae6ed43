"""A loan file's rows as frames of what they mean, piece by piece, each distinct one kept once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as arrow

from analysis.base import display
from analysis.base.errors import Fault
from analysis.portfolio.cells import LEFT_OUT, Piece, is_number, to_numbers, values
from analysis.portfolio.column import either
from analysis.portfolio.distinct import Distinct, Reducer
from analysis.portfolio.header import (
    INDEX_NOTE,
    NOT_INDEX,
    OTHER_INDEX_NOTE,
    Header,
    Table,
    check,
    name_fault,
)
from analysis.portfolio.reading import Reading

# A file with faults is read so far, and refused with those found till then.
ENOUGH_ROWS_WITH_FAULTS = 1_000_000


def distinct_rows(reading: Reading, table: Table) -> Distinct:
    """Read the rows, a piece at a time: memory follows the distinct ones, not the file."""
    reducer, header = Reducer(), check(reading, table.names)
    for piece in _ahead(table.pieces(header)) if header.columns else ():
        if reading.faults and reducer.total >= ENOUGH_ROWS_WITH_FAULTS:
            rows = f"{piece.rows[0]:,} rows"
            problem = f"reading stopped after {rows}, which hold the faults named"
            allowed, remedy = "a file without faults", "mend such faults in all rows"
            reading.faults.append(Fault("", problem, 0, "", allowed, remedy))
            break
        reducer.add(frame(reading, header, piece))
    end(reading, header)
    return reducer.reduced()


def _ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield pieces, each read while the caller works on the one before."""
    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(next, pieces, None)
        while piece := following.result():
            following = reader.submit(next, pieces, None)
            yield piece


def frame(reading: Reading, header: Header, piece: Piece) -> pd.DataFrame:
    """Return some rows of the columns found; what means nothing declared is NaN, and a fault.

    Rows whose loan is not decided are left out.
    """
    for index in header.indexes:
        given = piece.columns[index.place]
        readable = is_number(given.type) or arrow.types.is_string(given.type)
        index.see(to_numbers(given) if readable else None)
    found = {}
    for column, place in header.columns.items():
        if place in piece.columns:
            found[column.name], faults = values(reading.declared, column, piece, place)
            reading.faults += faults
    # Each column by itself, so that it can be given up by itself.
    return _decided(reading, pd.DataFrame(found, copy=False), piece)


def _decided(reading: Reading, rows: pd.DataFrame, piece: Piece) -> pd.DataFrame:
    """Return the rows whose loan is decided, and count the others."""
    label = reading.declared.label_column.name
    if not reading.declared.label.left_out or label not in rows:
        return rows
    open_ = (rows[label] == LEFT_OUT).to_numpy()
    reading.undecided += int((open_ if piece.counts is None else piece.counts[open_]).sum())
    reading.left_out += piece.rows[open_].tolist()
    return rows[~open_]


def end(reading: Reading, header: Header) -> None:
    """Say, once the rows were read, what was left out."""
    label = reading.declared.label
    if reading.undecided:
        column, meant = reading.declared.label_column.name, either(label.left_out)
        rows = display.plural(reading.undecided, "row was", "rows were")
        reading.note(f"{rows} left out, since {column} is {meant} there.")
    for index in header.indexes:
        if index.left_out:
            reading.note(INDEX_NOTE if index.numbers else OTHER_INDEX_NOTE)
        else:
            reading.faults.append(name_fault(index.name, NOT_INDEX, reading.declared))
