"""An Excel workbook: the rows of one sheet, as text with commas between the fields."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, time
from itertools import chain, islice
from typing import IO, Any

from analysis.portfolio.dialect import SAMPLE
from analysis.portfolio.faults import shown
from analysis.portfolio.file import LoanFile
from analysis.portfolio.reading import Reading

CONTENTS = "[Content_Types].xml"  # names the parts of every workbook
# A few bytes of a workbook can promise any number of them, of texts, rows and cells.
MOST_UNPACKED, MOST_TEXTS, MOST_PARTS = 2 * 2**30, 2**28, 10_000
MOST_ROWS, MOST_CELLS = 1_048_576, 40_000_000
EXACT = 1e15  # whole numbers below are written as such
SHOWN_SHEETS = 8
SHEET_REMEDY = "name one of them in the declaration: dialect: {sheetName: …}"
# What openpyxl and the parsers below it raise on a workbook that is damaged.
DAMAGED = (
    *(AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OSError, OverflowError),
    *(RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error),
)


def text(reading: Reading, file: LoanFile) -> Callable[[int], bytes]:
    """Return what gives the next bytes of a sheet as text: the one declared, else the first.

    Formulas count as the values that were saved with them.

    Parameters
    ----------
    reading : Reading
        What is to be known of the workbook is added to it.
    file : LoanFile
        Open at its start; it is read whole for its fingerprint first.

    Raises
    ------
    InputError
        When it is no workbook, is damaged, too large, or has no such sheet.
    """
    stream = file.whole()
    found = io.BytesIO()
    remedy = "save it again without a password, or as CSV"
    with (
        reading.undamaged("workbook is damaged, protected or cut off", DAMAGED, remedy),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # of what no sheet's values depend on
        _hold_parts(reading, stream)
        found.writelines(_lines(reading, stream))
    file.step(file.size_bytes)
    found.seek(0)
    return found.read


def _hold_parts(reading: Reading, stream: IO[bytes]) -> None:
    """Refuse a zip archive that is no workbook, or would unpack to too much."""
    with zipfile.ZipFile(stream) as packed:
        sizes = {each.filename: each.file_size for each in packed.infolist()}
        if CONTENTS not in sizes:
            raise reading.refuse("the file is a zip archive without a workbook", "unpack it")
        texts = sizes[CONTENTS]  # which is read all at once, too
        if texts <= MOST_TEXTS:
            texts = sizes.get(_texts_of_cells(packed), 0)
    unpacked = sum(sizes.values())
    if unpacked > MOST_UNPACKED or texts > MOST_TEXTS or len(sizes) > MOST_PARTS:
        problem = (
            f"the workbook unpacks to {unpacked:,} bytes in {len(sizes):,} parts, {texts:,} of "
            "them texts of cells"
        )
        raise reading.refuse(problem, "save the sheet as CSV")


def _texts_of_cells(packed: zipfile.ZipFile) -> str:
    """Return the part with the texts of cells, which is read all at once; "" where none is."""
    from openpyxl.packaging.manifest import Manifest
    from openpyxl.xml.constants import SHARED_STRINGS
    from openpyxl.xml.functions import fromstring

    found = Manifest.from_tree(fromstring(packed.read(CONTENTS))).find(SHARED_STRINGS)
    return str(found.PartName[1:]) if found else ""


def _lines(reading: Reading, stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the rows that hold anything, each as a line of text."""
    from openpyxl import load_workbook

    workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    sheet = _sheet(reading, workbook.worksheets)
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for row in _rows(reading, sheet):
        writer.writerow(row)
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _sheet(reading: Reading, sheets: list[Any]) -> Any:
    """Return the sheet to read."""
    titles = [str(each.title) for each in sheets]
    wanted = reading.declared.dialect.sheet_name or (titles[0] if titles else "")
    if wanted not in titles:
        listed = ", ".join(shown(each) for each in titles[:SHOWN_SHEETS]) or "none"
        problem = f"the workbook has no sheet {shown(wanted)}; its sheets: {listed}"
        raise reading.refuse(problem, SHEET_REMEDY)
    reading.sheet, reading.sheets = wanted, len(titles)
    if len(titles) > 1 and not reading.declared.dialect.sheet_name:
        reading.note(f"Of its {len(titles)} sheets the first was read, {shown(wanted)}.")
    return sheets[titles.index(wanted)]


def _rows(reading: Reading, sheet: Any) -> Iterator[list[str]]:
    """Yield the rows that hold anything, as wide as the header, less what is empty left of it."""
    filled = _filled(reading, sheet)
    first = list(islice(filled, max(SAMPLE, reading.header_row or 0)))
    head = first if reading.header_row is None else first[reading.header_row - 1 :][:1]
    width = max(map(len, head), default=0)
    table = [row for row in first if sum(map(bool, row)) > 1]  # no title above it
    left = min((next(at for at, each in enumerate(row) if each) for row in table), default=0)
    for row in chain(first, filled):
        yield [*row, *[""] * (width - len(row))][left:]


def _filled(reading: Reading, sheet: Any) -> Iterator[list[str]]:
    """Yield the rows that hold anything, up to the last cell that does."""
    sheet.reset_dimensions()  # what a workbook says of them need not be so
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            problem = f"the sheet has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells"
            raise reading.refuse(problem, "save it as CSV or Parquet")
        found = [_text(value) for value in row]
        while found and not found[-1]:
            found.pop()
        if found:
            yield found


def _text(value: Any) -> str:
    """Write a cell as Excel does in CSV, dates as ISO 8601 does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return str(value.date()) if at_midnight else value.isoformat(" ")
    return str(value)
