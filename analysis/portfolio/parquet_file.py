"""A Parquet loan file: columns of numbers, true and false, texts, dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.parquet
from pyarrow import compute

from analysis.base.errors import Fault, printable, row_with
from analysis.portfolio.cells import SHOWN_ROWS, shown
from analysis.portfolio.file import LoanFile
from analysis.portfolio.header import Header
from analysis.portfolio.reading import Reading

Kind = TypeVar("Kind")
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
    yield from _undamaged(reading, _frames(reading, file))


def columns(reading: Reading, file: LoanFile) -> Iterator[tuple[list[str], list[Any]]]:
    """Yield the names of all columns and their values, a part at a time.

    Parameters
    ----------
    reading, file
        As of `frames`; nothing need be declared.

    Raises
    ------
    InputError
        As `frames` does.
    """
    yield from _undamaged(reading, _columns(reading, file))


def _undamaged(reading: Reading, found: Iterator[Kind]) -> Iterator[Kind]:
    """Yield what is read of a file, and refuse one that is damaged."""
    try:
        yield from found
    except MemoryError:  # Arrow's own is one of its exceptions, too
        raise
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = printable(str(error).split(". ")[0])[:120]
        problem = f"the Parquet file is damaged or cut off ({reason})"
        raise reading.refuse(problem, "copy or export it again") from None


def _frames(reading: Reading, file: LoanFile) -> Iterator[pd.DataFrame]:
    stored = _stored(reading, file)
    total, names = stored.metadata.num_rows, stored.schema_arrow.names
    header = reading.header(names)
    _hold_rows(reading, total)
    reading.faults += _type_faults(stored, header)
    types, texts = stored.schema_arrow.types, header.texts
    numeric = [at for at in header.wanted if at not in texts and is_number(types[at])]
    wanted = [names[at] for at in (*numeric, *texts)]
    for batch in stored.iter_batches(BATCH_ROWS, columns=wanted):
        numbers = {at: _floats(batch[names[at]]) for at in numeric}
        rows = np.arange(len(batch)) + reading.rows
        reading.rows += len(batch)
        file.step(file.size_bytes * len(batch) // total)
        written = {at: to_texts(batch[names[at]]) for at in texts}
        yield reading.frame(header, numbers, rows, written)


def _columns(reading: Reading, file: LoanFile) -> Iterator[tuple[list[str], list[Any]]]:
    stored = _stored(reading, file)
    total, names = stored.metadata.num_rows, stored.schema_arrow.names
    _hold_rows(reading, total)
    for batch in stored.iter_batches(BATCH_ROWS):
        reading.rows += len(batch)
        file.step(file.size_bytes * len(batch) // total)
        yield names, batch.columns


def _stored(reading: Reading, file: LoanFile) -> Any:
    stored = arrow.parquet.ParquetFile(file.whole(), page_checksum_verification=True)
    if (total := stored.metadata.num_rows) > MOST_ROWS:
        problem = f"the file says it has {total:,} rows"
        raise reading.refuse(problem, f"give at most {MOST_ROWS:,}")
    return stored


def _hold_rows(reading: Reading, total: int) -> None:
    if not total:
        raise reading.refuse("the file has columns and no rows", "give a file with rows")


def to_texts(values: Any) -> Any:
    """Return values as CSV would have them; a null is an empty text."""
    if arrow.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if arrow.types.is_floating(values.type):  # whole numbers beside gaps, as pandas keeps them
        whole = compute.cast(values, arrow.int64(), safe=False)
        exact = compute.fill_null(compute.equal(compute.cast(whole, values.type), values), True)
        values = whole if compute.all(exact).as_py() else values
    return compute.fill_null(compute.cast(values, arrow.string()), "")


def _floats(values: Any) -> Any:
    if arrow.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not arrow.types.is_floating(values.type) and not arrow.types.is_integer(values.type):
        values = compute.cast(values, arrow.float64())
    return values.to_numpy(zero_copy_only=False).astype(np.float64)


def _type_faults(stored: Any, header: Header) -> list[Fault]:
    """Name the columns that hold something else than numbers, with their first values."""
    types = stored.schema_arrow.types
    return [
        Fault(
            each.name,
            f"the column holds {printable(str(types[place]))[:SHOWN_TYPE]} values",
            stored.metadata.num_rows,
            _first_values(stored, stored.schema_arrow.names[place]),
            "numbers, or true and false",
            "write the column as integers, floats or decimals",
        )
        for each, place in header.columns.items()
        if place not in header.texts and not is_number(types[place])
    ]


def _first_values(stored: Any, name: str) -> str:
    values = next(stored.iter_batches(SHOWN_ROWS, columns=[name]))[name].to_pylist()
    return "\n".join(row_with(row, shown(str(value))) for row, value in enumerate(values))


def is_number(kind: Any) -> bool:
    """Whether values of an Arrow type are numbers; true and false are 1 and 0."""
    of = kind.value_type if arrow.types.is_dictionary(kind) else kind
    types = arrow.types
    tests = types.is_integer, types.is_floating, types.is_decimal, types.is_boolean
    return any(test(of) for test in tests)
