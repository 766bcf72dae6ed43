"""A Parquet loan file's bytes to a frame of numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet

from analysis.base.errors import Fault, printable, row_with
from analysis.portfolio.checks import RawTable
from analysis.portfolio.header import SHOWN_ROWS, Header, check_index, check_names, refuse, shown

# pandas writes an unnamed index under this name.
INDEX_NAME = "__index_level_0__"
# A few bytes of Parquet can promise any number of rows.
MOST_ROWS = 100_000_000
SHOWN_TYPE = 40


def read(name: str, content: bytes) -> RawTable:
    """Read a Parquet file whose columns hold integers or floats.

    Raises
    ------
    InputError
        When the bytes are not such a file, or it has no rows.
    """
    try:
        return _read(name, content)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = printable(str(error).split(". ")[0])[:120]
        raise refuse(
            name,
            f"the Parquet file is damaged or cut off ({reason})",
            "copy or export it again",
        ) from error


def _read(name: str, content: bytes) -> RawTable:
    file = arrow.parquet.ParquetFile(arrow.BufferReader(content), page_checksum_verification=True)
    rows = file.metadata.num_rows
    if rows > MOST_ROWS:
        raise refuse(name, f"the file says it has {rows:,} rows", f"give at most {MOST_ROWS:,}")
    types = {_index_as_csv(field.name): field.type for field in file.schema_arrow}
    header = check_names(name, [_index_as_csv(each) for each in file.schema_arrow.names])
    if not rows:
        raise refuse(name, "the file has columns and no rows", "give a file with rows")
    numeric = [each for each in header.wanted if is_number(types[each])]
    table = file.read(columns=numeric)
    numbers = pd.DataFrame(
        {each: table[each].to_pandas().astype(float) for each in numeric},
        index=pd.RangeIndex(rows),
    )
    faults = [*header.faults, *_type_faults(file, header, types)]
    notes: list[str] = []
    if header.index is not None:
        faults += _index_faults(file, header, types, notes)
    return RawTable(numbers, pd.DataFrame(), rows, faults, [*notes, *header.notes])


def _index_as_csv(name: str) -> str:
    return "" if name == INDEX_NAME else name


def is_number(kind: Any) -> bool:
    """Whether values of an Arrow type are integers or floats."""
    return bool(arrow.types.is_integer(kind) or arrow.types.is_floating(kind))


def _index_faults(
    file: Any, header: Header, types: dict[str, Any], notes: list[str]
) -> list[Fault]:
    index = header.index or ""
    stored = index if index in file.schema_arrow.names else INDEX_NAME
    if not is_number(types[index]):
        return check_index(header, pd.Series([], dtype=float), notes)
    return check_index(header, file.read(columns=[stored])[stored].to_pandas(), notes)


def _type_faults(file: Any, header: Header, types: dict[str, Any]) -> list[Fault]:
    """Name the columns that hold something else than numbers, with their first values."""
    return [
        Fault(
            each,
            f"the column holds {printable(str(types[each]))[:SHOWN_TYPE]} values",
            file.metadata.num_rows,
            _first_values(file, each),
            "integers or floats",
            "write the columns as integers or floats",
        )
        for each in header.wanted
        if not is_number(types[each])
    ]


def _first_values(file: Any, column: str) -> str:
    values = next(file.iter_batches(batch_size=SHOWN_ROWS, columns=[column]))[column].to_pylist()
    return "\n".join(row_with(row, shown(str(value))) for row, value in enumerate(values))
