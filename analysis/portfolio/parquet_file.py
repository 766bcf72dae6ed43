"""A Parquet loan file: columns of integers or floats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet

from analysis.base.errors import Fault, printable, row_with
from analysis.portfolio.cells import SHOWN_ROWS, shown
from analysis.portfolio.file import LoanFile
from analysis.portfolio.reading import Reading
from analysis.portfolio.schema import Column

BATCH_ROWS = 200_000
# A few bytes of Parquet can promise any number of rows.
MOST_ROWS = 100_000_000
SHOWN_TYPE = 40


def frames(reading: Reading, file: LoanFile) -> Iterator[pd.DataFrame]:
    """Yield the rows of a Parquet file in order, of those columns that hold numbers.

    Parameters
    ----------
    reading : Reading
        What is found wrong or put right is added to it.
    file : LoanFile
        Open at its start; it is read whole for its fingerprint first.

    Raises
    ------
    InputError
        When the bytes are not such a file, or it has no rows.
    """
    try:
        yield from _frames(reading, file)
    except MemoryError:  # Arrow's own is one of its exceptions, too
        raise
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = printable(str(error).split(". ")[0])[:120]
        problem = f"the Parquet file is damaged or cut off ({reason})"
        raise reading.refuse(problem, "copy or export it again") from None


def _frames(reading: Reading, file: LoanFile) -> Iterator[pd.DataFrame]:
    stored = arrow.parquet.ParquetFile(file.whole(), page_checksum_verification=True)
    total, names = stored.metadata.num_rows, stored.schema_arrow.names
    if total > MOST_ROWS:
        problem = f"the file says it has {total:,} rows"
        raise reading.refuse(problem, f"give at most {MOST_ROWS:,}")
    header = reading.header(names)
    if not total:
        raise reading.refuse("the file has columns and no rows", "give a file with rows")
    reading.faults += _type_faults(stored, header.columns)
    numeric = [at for at in header.wanted if is_number(stored.schema_arrow.types[at])]
    for batch in stored.iter_batches(BATCH_ROWS, columns=[names[at] for at in numeric]):
        numbers = {at: _floats(batch[names[at]]) for at in numeric}
        rows = np.arange(len(batch)) + reading.rows
        reading.rows += len(batch)
        file.step(file.size_bytes * len(batch) // total)
        yield reading.frame(header, numbers, rows)


def _floats(values: Any) -> Any:
    return values.to_numpy(zero_copy_only=False).astype(np.float64)


def _type_faults(stored: Any, columns: dict[Column, int]) -> list[Fault]:
    """Name the columns that hold something else than numbers, with their first values."""
    types = stored.schema_arrow.types
    return [
        Fault(
            each.name,
            f"the column holds {printable(str(types[place]))[:SHOWN_TYPE]} values",
            stored.metadata.num_rows,
            _first_values(stored, stored.schema_arrow.names[place]),
            "integers or floats",
            "write the columns as integers or floats",
        )
        for each, place in columns.items()
        if not is_number(types[place])
    ]


def _first_values(stored: Any, name: str) -> str:
    values = next(stored.iter_batches(SHOWN_ROWS, columns=[name]))[name].to_pylist()
    return "\n".join(row_with(row, shown(str(value))) for row, value in enumerate(values))


def is_number(kind: Any) -> bool:
    """Whether values of an Arrow type are integers or floats."""
    return bool(arrow.types.is_integer(kind) or arrow.types.is_floating(kind))
