"""A Parquet loan file: columns of numbers, true and false, texts, dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.parquet

from analysis.base.errors import row_with
from analysis.portfolio import faults
from analysis.portfolio.cells import Piece, is_number
from analysis.portfolio.faults import SHOWN_ROWS, shown
from analysis.portfolio.file import LoanFile
from analysis.portfolio.header import Header, Table
from analysis.portfolio.reading import Reading

BATCH_ROWS = 200_000
# A few bytes of Parquet can promise any number of rows.
MOST_ROWS = 100_000_000
# What Arrow raises on a file that is damaged.
DAMAGED = arrow.ArrowException, OSError, UnicodeDecodeError
COPY = "copy or export it again"
REMEDY = "write the column as integers, floats or decimals"


def table(reading: Reading, file: LoanFile) -> Table:
    """Return the table in a Parquet file.

    Parameters
    ----------
    reading : Reading
        The file, for messages.
    file : LoanFile
        Open at its start; it is read whole for its fingerprint first.

    Raises
    ------
    InputError
        When the bytes are not such a file; when its rows are read, also when it has none.
    """
    with reading.undamaged("Parquet file is damaged or cut off", DAMAGED, COPY):
        stored = arrow.parquet.ParquetFile(file.whole(), page_checksum_verification=True)
        names = list(stored.schema_arrow.names)
    return Table(names, lambda header: _pieces(reading, file, stored, header), True)


def _pieces(reading: Reading, file: LoanFile, stored: Any, header: Header) -> Iterator[Piece]:
    """Yield the columns wanted, and name those that hold something else than numbers."""
    total, names = stored.metadata.num_rows, stored.schema_arrow.names
    if not total:
        raise reading.refuse("the file has columns and no rows", "give a file with rows")
    if total > MOST_ROWS:
        raise reading.refuse(f"the file says it has {total:,} rows", f"give at most {MOST_ROWS:,}")
    types = stored.schema_arrow.types
    others = {
        at: each for each, at in header.columns.items() if each.plain and not is_number(types[at])
    }
    with reading.undamaged("Parquet file is damaged or cut off", DAMAGED, COPY):
        reading.faults += [
            faults.of_type(column, types[at], total, _first_values(stored, names[at]), REMEDY)
            for at, column in others.items()
        ]
        wanted = [at for at in header.wanted if at not in others]
        for batch in stored.iter_batches(BATCH_ROWS, columns=[names[at] for at in wanted]):
            columns = {at: _plain(batch[names[at]]) for at in wanted}
            rows = np.arange(len(batch)) + reading.rows
            reading.rows += len(batch)
            file.step(file.size_bytes * len(batch) // total)
            yield Piece(columns, rows)


def _plain(values: Any) -> Any:
    return values.dictionary_decode() if arrow.types.is_dictionary(values.type) else values


def _first_values(stored: Any, name: str) -> str:
    values = next(stored.iter_batches(SHOWN_ROWS, columns=[name]))[name].to_pylist()
    return "\n".join(row_with(row, shown(str(value))) for row, value in enumerate(values))
