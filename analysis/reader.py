"""Bytes of a loan file to a frame of numbers: what cannot be read without guessing is a fault."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.csv
import pyarrow.parquet

from analysis.errors import Fault, InputError, printable
from analysis.schema import columns

# An unpacked loan file of a hundred million rows stays below this; a decompression bomb does not.
LARGEST_UNPACKED = 16 * 2**30
RENAME = "remove it, or correct its name"
# pandas writes an unnamed index into Parquet under this name.
INDEX_IN_PARQUET = re.compile(r"^__index_level_0__$")
INDEX_NAMES = {"", "index", "Unnamed: 0"}
NUMBER = r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*"
MISSING = {"", "na", "n/a", "nan", "null", "none"}
ALLOWED_NAMES = "the eight columns named below"
COLUMN_LIST = ", ".join(column.name for column in columns())
SHOWN = 3


@dataclass(frozen=True)
class RawTable:
    """What a file holds, before it is validated.

    Attributes
    ----------
    numbers : DataFrame
        The schema's columns that the file has, float64, NaN where a cell is no number.
    texts : DataFrame
        The cells as they were written, same shape; empty where every cell was a number.
    faults : list of Fault
        What is wrong with the header, the fields or the types.
    notes : list of str
        What was put right without guessing, a sentence each.
    """

    numbers: pd.DataFrame
    texts: pd.DataFrame
    faults: list[Fault]
    notes: list[str]

    def cells(self, column: str, wrong: pd.Series[bool]) -> str:
        """Name the first few rows where `wrong` holds, with the values that stand there."""
        source = self.texts if column in self.texts else self.numbers
        found = source.loc[wrong.to_numpy(), column].head(SHOWN)
        return "; ".join(f"row {row + 1}: {shown(value)}" for row, value in found.items())


def parse(name: str, content: bytes) -> RawTable:
    """Read a loan file from its bytes.

    Parameters
    ----------
    name : str
        The file's path; only its ending is used, and it stands in messages.
    content : bytes
        The whole file: CSV, gzipped CSV or Parquet.

    Raises
    ------
    InputError
        When the bytes are none of the three, or the header does not give the columns.
    """
    ending = name.lower()
    if not content:
        raise _refuse(name, "the file is empty", "give a file with a header and rows")
    if content[:4] == b"PAR1":
        if ending.endswith((".csv", ".csv.gz", ".gz")):
            raise _refuse(
                name, "the file holds Parquet, not CSV", "give it the ending .parquet, or export it"
            )
        return _parquet(name, content)
    if ending.endswith((".parquet", ".pq")):
        raise _refuse(name, "the file does not begin as Parquet does", "export it again")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        raise _refuse(
            name, "the file is a zip archive or an Excel workbook", "unpack it, or save it as CSV"
        )
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refuse(name, "the file is an old Excel workbook", "save it as CSV")
    if content[:2] == b"\x1f\x8b":
        if not ending.endswith(".gz") and ending.endswith(".csv"):
            raise _refuse(name, "the file is gzipped, its name says .csv", "name it .csv.gz")
        content = _unzipped(name, content)
    elif ending.endswith(".gz"):
        raise _refuse(name, "the file is not gzipped, its name says .gz", "name it .csv")
    return _csv(name, content)


def _refuse(name: str, problem: str, remedy: str) -> InputError:
    allowed = f"CSV with commas (also gzipped) or Parquet, with the columns {COLUMN_LIST}"
    return InputError.of_file(name, problem, allowed, remedy)


def _unzipped(name: str, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            plain = stream.read(LARGEST_UNPACKED + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise _refuse(
            name, f"the gzipped file is damaged or cut off ({error})", "copy it again"
        ) from error
    if len(plain) > LARGEST_UNPACKED:
        raise _refuse(name, "the file unpacks to more than 16 GiB", "split it")
    if not plain:
        raise _refuse(name, "the gzipped file is empty", "give a file with a header and rows")
    return plain


def _csv(name: str, content: bytes) -> RawTable:
    notes = []
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
        notes.append("A byte-order mark at the start of the file was skipped.")
    if b"\r\n" in content[:65536]:
        notes.append("Its lines end as on Windows (CRLF).")
    content = content.lstrip(b"\r\n")
    names = _header(name, content)
    faults, wanted, index = _check_names(names)
    try:
        table = _arrow_csv(content, names, arrow.float64())
        numbers, texts = _frame(table, wanted), pd.DataFrame()
    except arrow.ArrowInvalid:
        numbers, texts = pd.DataFrame(), pd.DataFrame()
    if numbers.empty or not np.isfinite(numbers.to_numpy()).all():
        table = _read_texts(name, content, names, faults)
        texts = _frame(table, wanted)
        numbers = texts.apply(_to_numbers)
    if index:
        faults += _check_index(index, table[index].to_pandas(), notes)
    return RawTable(numbers, texts, faults, [*notes, *_order_note(wanted)])


def _read_texts(name: str, content: bytes, names: list[str], faults: list[Fault]) -> Any:
    """Read every cell as it was written; raise when rows have other numbers of fields."""
    ragged: list[Any] = []
    try:
        table = _arrow_csv(content, names, arrow.string(), ragged)
    except arrow.ArrowInvalid as error:
        raise _refuse(
            name,
            f"the rows cannot be read as CSV ({printable(str(error))[:200]})",
            "write it as plain CSV, one loan a line",
        ) from error
    if ragged:
        first = "; ".join(
            f"row {row.number - 1 if row.number else '?'}: {row.actual_columns} fields"
            for row in ragged[:SHOWN]
        )
        fault = Fault(
            "",
            "rows have another number of fields than the header",
            len(ragged),
            first,
            f"{len(names)} fields in every row, points in decimals",
            "mend or remove these rows",
        )
        raise InputError(name, [*faults, fault])
    return table


def _arrow_csv(content: bytes, names: list[str], kind: Any, ragged: list[Any] | None = None) -> Any:
    def keep(row: Any) -> str:
        if ragged is None:
            return "error"
        ragged.append(row)
        return "skip"

    return arrow.csv.read_csv(
        io.BytesIO(content),
        # One thread where row numbers are wanted: the reader counts them only then.
        read_options=arrow.csv.ReadOptions(
            column_names=names, skip_rows=1, use_threads=ragged is None
        ),
        parse_options=arrow.csv.ParseOptions(invalid_row_handler=keep),
        convert_options=arrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, kind), null_values=[], strings_can_be_null=False
        ),
    )


def _frame(table: Any, wanted: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: table[name].to_pandas() for name in wanted})


def _to_numbers(texts: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(texts.where(texts.str.fullmatch(NUMBER)), errors="coerce").astype(float)


def _check_index(index: str, values: pd.Series[Any], notes: list[str]) -> list[Fault]:
    """Drop an unnamed column that only counts the rows; anything else in it is a fault."""
    counted = _to_numbers(values.astype(str)) - np.arange(len(values))
    if len(counted) and counted.isin([0, 1]).all() and counted.nunique() == 1:
        notes.append("A column that only counts the rows was left out.")
        return []
    return [_name_fault(index or '""', "the column is not known", ALLOWED_NAMES, RENAME)]


def _order_note(wanted: list[str]) -> list[str]:
    expected = [column.name for column in columns() if column.name in wanted]
    return [] if wanted == expected else ["Its columns stood in another order."]


def _header(name: str, content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refuse(
            name,
            f"the file is not UTF-8 text: line {line:,}, byte {error.start:,} is "
            f"0x{content[error.start]:02x}",
            "save it as CSV in UTF-8",
        ) from error
    if "\x00" in text:
        raise _refuse(name, "the file is not text: it holds NUL bytes", "save it as CSV in UTF-8")
    try:
        names = next(csv.reader(io.StringIO(text[:65536], newline="")), [])
    except csv.Error as error:
        raise _refuse(
            name, f"the header cannot be read ({error})", "write a plain header"
        ) from error
    names = [field.strip() for field in names]
    if not names:
        raise _refuse(name, "the file has no header", "give a file with a header and rows")
    for separator, spoken in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and separator in names[0]:
            raise _refuse(
                name,
                f"line 1: the fields are separated by {spoken}",
                "write it with commas between fields and points in decimals",
            )
    if any("\n" in field or "\r" in field for field in names):
        raise _refuse(name, "line 1: a column's name holds a line break", "write a plain header")
    return names


def _check_names(names: list[str]) -> tuple[list[Fault], list[str], str | None]:
    """Return the faults of a header, the columns to read, and an index column if there is one."""
    known = [column.name for column in columns()]
    count = Counter(names)
    unknown = [name for name in count if name not in known]
    index = next((name for name in unknown if name in INDEX_NAMES and count[name] == 1), None)
    faults = [
        _name_fault(name, f"the column stands {count[name]} times", "once", "remove the copies")
        for name in known
        if count[name] > 1
    ]
    faults += [
        _name_fault(name or '""', "the column is not known", ALLOWED_NAMES, RENAME)
        for name in unknown
        if name != index
    ]
    faults += [
        _name_fault(name, "the column is missing", ALLOWED_NAMES, "add it, or correct its name")
        for name in known
        if not count[name]
    ]
    return faults, [name for name in names if name in known and count[name] == 1], index


def _name_fault(column: str, problem: str, allowed: str, remedy: str) -> Fault:
    name = printable(column[:40])
    return Fault(name, problem, 0, "", allowed, f"{name}: {remedy}; the columns: {COLUMN_LIST}")


def _parquet(name: str, content: bytes) -> RawTable:
    try:
        table = arrow.parquet.read_table(io.BytesIO(content))
    except (arrow.ArrowException, OSError) as error:
        raise _refuse(
            name,
            f"the Parquet file is damaged or cut off ({printable(str(error))[:200]})",
            "copy or export it again",
        ) from error
    names = [INDEX_IN_PARQUET.sub("", field) for field in table.column_names]
    table = table.rename_columns(names)
    faults, wanted, index = _check_names(names)
    numeric = []
    for column in wanted:
        kind = table.schema.field(column).type
        if arrow.types.is_integer(kind) or arrow.types.is_floating(kind):
            numeric.append(column)
        else:
            faults.append(
                Fault(
                    column,
                    f"the column holds {printable(str(kind))[:40]} values",
                    table.num_rows,
                    "",
                    "numbers",
                    "write the column as numbers",
                )
            )
    notes: list[str] = []
    if index:
        faults += _check_index(index, table[index].to_pandas(), notes)
    numbers = _frame(table, numeric).astype(float)
    return RawTable(numbers, pd.DataFrame(), faults, [*notes, *_order_note(wanted)])


def shown(value: Any) -> str:
    """Write one cell of a file for a message: quoted, on one line, of bounded length."""
    text = value if isinstance(value, str) else f"{value:.17g}"
    return repr(printable(text[:40] + ("…" if len(text) > 40 else "")))
