"""Bytes of a loan file to a frame of numbers: what cannot be read without guessing is a fault."""

from __future__ import annotations

import gzip
import io
import zlib

from analysis.portfolio import csv_file, parquet_file
from analysis.portfolio.checks import RawTable
from analysis.portfolio.header import refuse

# A loan file of eighty million rows stays below this; a decompression bomb does not.
LARGEST_UNPACKED = 4 * 2**30
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
UTF_8 = "save it as CSV in UTF-8"
# How files begin that are often given in place of a loan file: what they are, what to do.
SIGNATURES = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "unpack it, or save it as CSV"),
    b"PK\x05\x06": ("an empty zip archive", "give a file with a header and rows"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("an old Excel workbook", "save it as CSV"),
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
}


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
        When the bytes are none of the three, or the header gives none of the columns.
    """
    ending = name.lower()
    _check_kind(name, content, SIGNATURES)
    if content.startswith(PARQUET):
        if ending.endswith((".csv", ".gz")):
            raise refuse(
                name, "the file holds Parquet, not CSV", "give it the ending .parquet, or export it"
            )
        return parquet_file.read(name, content)
    if ending.endswith((".parquet", ".pq")):
        raise refuse(name, "the file does not begin as Parquet does", "export it again")
    if content.startswith(GZIP):
        if ending.endswith(".csv"):
            raise refuse(name, "the file is gzipped, its name says .csv", "name it .csv.gz")
        content = _unzipped(name, content)
        _check_kind(name, content, PACKED)
    elif ending.endswith(".gz"):
        raise refuse(name, "the file is not gzipped, its name says .gz", "name it .csv")
    return csv_file.read(name, content)


def _check_kind(name: str, content: bytes, signatures: dict[bytes, tuple[str, str]]) -> None:
    """Refuse what is not CSV by its first bytes: the message then says what it is."""
    if not content:
        raise refuse(name, "the file is empty", "give a file with a header and rows")
    for signature, (kind, remedy) in signatures.items():
        if content.startswith(signature):
            raise refuse(name, f"the file is {kind}", remedy)


def _unzipped(name: str, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            plain = stream.read(LARGEST_UNPACKED + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise refuse(
            name, f"the gzipped file is damaged or cut off ({error})", "copy it again"
        ) from error
    if len(plain) > LARGEST_UNPACKED:
        raise refuse(
            name, f"the file unpacks to more than {LARGEST_UNPACKED / 2**30:g} GiB", "split it"
        )
    return plain
