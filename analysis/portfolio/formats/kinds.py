"""What kind of file some bytes are, and how each kind that is read is opened."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping

from analysis.portfolio.file import LoanFile
from analysis.portfolio.formats import csv_file, excel_file, parquet_file
from analysis.portfolio.header import Table
from analysis.portfolio.reading import Reading

# A loan file of eighty million rows stays below this; a decompression bomb does not.
LARGEST_UNPACKED = 4 * 2**30
GZIP, PARQUET, ZIP, TEXT = b"\x1f\x8b", b"PAR1", b"PK\x03\x04", b""
# How the files that are read begin: what they are, and the endings that say so.
KINDS = {
    GZIP: ("gzipped", (".csv.gz", ".gz")),
    PARQUET: ("Parquet", (".parquet", ".pq")),
    ZIP: ("an Excel workbook or another zip archive", (".xlsx", ".xlsm")),
    TEXT: ("text, or damaged", (".csv",)),
}
DAMAGED = EOFError, gzip.BadGzipFile, zlib.error
WITH_ROWS = "give a file with a header and rows"
UTF_8 = "save it as CSV in UTF-8"
# The same of files that are often given in place of a loan file, and what to do.
OTHERS = {
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
    b'{"': ("JSON", "save its table as CSV"),
    b"[{": ("JSON", "save its table as CSV"),
    b"%PDF": ("a PDF document", "give the table as CSV"),
}
DUCKDB = b"DUCK"  # so a database begins, after eight bytes
# The same of what a gzipped file holds.
PACKED = OTHERS | {
    GZIP: ("gzipped twice", "unpack it once"),
    PARQUET: ("Parquet, and gzipped", "unpack it"),
    ZIP: ("a zip archive or an Excel workbook, and gzipped", "unpack it"),
}


def table(reading: Reading, file: LoanFile) -> Table:
    """Return the table of a loan file, read as its first bytes say.

    Parameters
    ----------
    reading : Reading
        What is found wrong or put right is added to it.
    file : LoanFile
        Open at its start.

    Raises
    ------
    InputError
        When it is no file that is read, its name says another kind than its bytes, or it has no
        table.
    """
    start, name = file.start(), reading.name.lower()
    _refuse_others(reading, start, OTHERS)
    if start[8:12] == DUCKDB:
        remedy = f"name a table of it: duckdb:///{reading.name.lstrip('/')}?table=NAME"
        raise reading.refuse("the file is a DuckDB database", remedy)
    kind = next(each for each in KINDS if start.startswith(each))
    what, usual = KINDS[kind]
    for other, endings in KINDS.values():
        if name.endswith(endings) and endings != usual:
            problem = f"the file is {what}; its name says that it is {other.split(' or ')[0]}"
            raise reading.refuse(
                problem, f"give it the ending {usual[0]}, or unpack or export it again"
            )
    if kind == PARQUET:
        return parquet_file.table(reading, file)
    if kind == ZIP:
        return csv_file.table(reading, excel_file.text(reading, file))
    return csv_file.table(reading, _unpacked(reading, file) if kind == GZIP else file.read)


def _refuse_others(
    reading: Reading, start: bytes, signatures: Mapping[bytes, tuple[str, str]]
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
        with reading.undamaged("gzipped file is damaged or cut off", DAMAGED, "copy it again"):
            block: bytes = stream.read(size)
        if start:
            _refuse_others(reading, block, PACKED)
        if stream.tell() > LARGEST_UNPACKED:
            problem = f"the file unpacks to more than {LARGEST_UNPACKED / 2**30:g} GiB"
            raise reading.refuse(problem, "split it")
        return block

    return read
