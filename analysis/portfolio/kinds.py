"""What kind of file some bytes are, and how each kind that is read is opened."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import pandas as pd

from analysis.portfolio import csv_file, excel_file, parquet_file
from analysis.portfolio.file import LoanFile
from analysis.portfolio.reading import Reading

# A loan file of eighty million rows stays below this; a decompression bomb does not.
LARGEST_UNPACKED = 4 * 2**30
GZIP, PARQUET, ZIP = b"\x1f\x8b", b"PAR1", b"PK\x03\x04"
WORKBOOKS = (".xlsx", ".xlsm")
WITH_ROWS = "give a file with a header and rows"
UTF_8 = "save it as CSV in UTF-8"
# How files begin that are often given in place of a loan file: what they are, what to do.
SIGNATURES = {
    b"PK\x05\x06": ("an empty zip archive", WITH_ROWS),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("an old Excel workbook", "save it as .xlsx or CSV"),
    b"\xff\xfe\x00\x00": ("text in UTF-32", UTF_8),
    b"\x00\x00\xfe\xff": ("text in UTF-32", UTF_8),
    b"\xff\xfe": ("text in UTF-16", UTF_8),
    b"\xfe\xff": ("text in UTF-16", UTF_8),
    b"BZh": ("compressed with bzip2", "unpack it"),
    b"\xfd7zXZ\x00": ("compressed with xz", "unpack it"),
    b"\x28\xb5\x2f\xfd": ("compressed with Zstandard", "unpack it"),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", "unpack it"),
    b"%PDF": ("a PDF document", "give the table as CSV"),
}
# The same of what a gzipped file holds.
PACKED = SIGNATURES | {
    GZIP: ("gzipped twice", "unpack it once"),
    PARQUET: ("Parquet, and gzipped", "unpack it"),
    ZIP: ("a zip archive or an Excel workbook, and gzipped", "unpack it"),
}


def frames(reading: Reading, file: LoanFile) -> Iterator[pd.DataFrame]:
    """Yield the rows of a loan file as its first bytes say how to read it.

    Parameters
    ----------
    reading : Reading
        What is found wrong or put right is added to it.
    file : LoanFile
        Open at its start.

    Raises
    ------
    InputError
        As `text` does, and when its rows cannot be read.
    """
    read = text(reading, file)
    return csv_file.frames(reading, read) if read else parquet_file.frames(reading, file)


def text(reading: Reading, file: LoanFile) -> Callable[[int], bytes] | None:
    """Return what gives the next bytes of a text file or of a sheet; None where it is Parquet.

    Raises
    ------
    InputError
        When it is none of these, or its name says another kind than its bytes.
    """
    start, ending = file.start(), reading.name.lower()
    _refuse_others(reading, start, SIGNATURES)
    if start.startswith(PARQUET):
        if ending.endswith((".csv", ".gz")):
            remedy = "give it the ending .parquet, or export it"
            raise reading.refuse("the file holds Parquet, not CSV", remedy)
        return None
    if ending.endswith((".parquet", ".pq")):
        raise reading.refuse("the file does not begin as Parquet does", "export it again")
    if start.startswith(ZIP):
        if ending.endswith((".csv", ".gz")):
            remedy = "give it the ending .xlsx where it is a workbook, or unpack it"
            raise reading.refuse("the file is a zip archive or a workbook, not CSV", remedy)
        return excel_file.text(reading, file)
    if ending.endswith(WORKBOOKS):
        raise reading.refuse("the file does not begin as a workbook does", "save it again")
    if not start.startswith(GZIP):
        if ending.endswith(".gz"):
            raise reading.refuse("the file is not gzipped, its name says .gz", "name it .csv")
        return file.read
    if ending.endswith(".csv"):
        raise reading.refuse("the file is gzipped, its name says .csv", "name it .csv.gz")
    return _unpacked(reading, file)


def _refuse_others(
    reading: Reading, start: bytes, signatures: dict[bytes, tuple[str, str]]
) -> None:
    """Refuse what is no table by its first bytes: the message then says what it is."""
    if not start:
        raise reading.refuse("the file is empty", WITH_ROWS)
    for signature, (kind, remedy) in signatures.items():
        if start.startswith(signature):
            raise reading.refuse(f"the file is {kind}", remedy)


def _unpacked(reading: Reading, file: LoanFile) -> Callable[[int], bytes]:
    """Return what gives the next bytes of the text in a gzipped file."""
    stream = gzip.GzipFile(fileobj=file, mode="rb")  # type: ignore[call-overload] # seeks nowhere

    def read(size: int) -> bytes:
        start = not stream.tell()
        try:
            block: bytes = stream.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            problem = f"the gzipped file is damaged or cut off ({error})"
            raise reading.refuse(problem, "copy it again") from None
        if start:
            _refuse_others(reading, block, PACKED)
        if stream.tell() > LARGEST_UNPACKED:
            problem = f"the file unpacks to more than {LARGEST_UNPACKED / 2**30:g} GiB"
            raise reading.refuse(problem, "split it")
        return block

    return read
