"""A text file of loans: UTF-8, fields between commas or what is declared, usually a header line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.csv
from pyarrow import compute

from analysis.base import display
from analysis.base.errors import Fault, row_with
from analysis.portfolio import cells, faults
from analysis.portfolio.cells import Piece
from analysis.portfolio.dialect import BLANKS, COMMA, SEPARATORS, fields
from analysis.portfolio.formats import lines
from analysis.portfolio.formats.lines import Part
from analysis.portfolio.header import Header, Table
from analysis.portfolio.reading import Reading

LONGEST_HEADER = 65_536
BLANKS_NOTE = "Blanks around names or numbers were left out."
PLAIN_HEADER, WITH_ROWS = "write a plain header", "give a file with a header and rows"
RAGGED = "rows have another number of fields than the header"
RAGGED_REMEDY = (
    "mend or remove the rows with other numbers of fields; put quotes around a field that holds "
    "the separator, or declare another one (dialect: delimiter)"
)
QUOTES_REMEDY = (
    "mend the line named (line 1 is the header); what follows was not read: it would be a guess"
)


def table(reading: Reading, read: Callable[[int], bytes]) -> Table:
    """Return the table in a text; its rows up to the first quote that cannot be understood.

    Parameters
    ----------
    reading : Reading
        The file; what is found wrong or put right is added to it.
    read : callable
        Gives the next bytes of the text, at most as many as asked for.

    Raises
    ------
    InputError
        When the text is not such a file; when its rows are read, also when it has none.
    """
    parts = lines.parts(reading, read)
    part = next(parts, Part(b"", 1))
    dialect = reading.dialect(part.text[:LONGEST_HEADER].decode(errors="replace"))
    head, part = lines.header(part, dialect.header_rows[0])
    if len(head) > LONGEST_HEADER:
        raise reading.refuse(f"line 1 is longer than {LONGEST_HEADER:,} bytes", PLAIN_HEADER)
    if not head:
        raise reading.refuse("the file has no header", WITH_ROWS)
    delimiter = dialect.delimiter or COMMA
    if not reading.declared.dialect.delimiter and delimiter != COMMA:
        reading.note(f"Its fields are separated by {SEPARATORS[delimiter]}.")
    if delimiter == BLANKS:
        delimiter, head, part = "\t", lines.with_tabs(head), lines.tabbed(part)
        parts = map(lines.tabbed, parts)
    if dialect.header:
        names = _names(reading, head, delimiter)
    else:
        names = reading.names(len(fields(head.decode(), delimiter)))
        part = Part(head + b"\n" + part.text, part.line - 1)
    parts = chain([part], parts)
    return Table(names, lambda header: _pieces(reading, parts, delimiter, len(names), header))


def _names(reading: Reading, head: bytes, delimiter: str) -> list[str]:
    """Return the names of the header, blanks around them left out."""
    if lines.understood(head, delimiter) < len(head):
        problem = "line 1: a column's name holds a line break, or a quote not at its end"
        raise reading.refuse(problem, PLAIN_HEADER)
    written = fields(head.decode(), delimiter)
    names = [each.strip(cells.BLANKS) for each in written]
    if not any(names):
        raise reading.refuse("the file has no header", WITH_ROWS)
    if names != written:
        reading.note(BLANKS_NOTE)
    return names


def _pieces(
    reading: Reading, parts: Iterator[Part], delimiter: str, width: int, header: Header
) -> Iterator[Piece]:
    """Yield the cells of some columns as they are written, of the rows that have so many fields.

    They end where a quote cannot be understood.
    """
    for text, line in parts:
        end = lines.understood(text, delimiter)
        if text[:end].strip(b"\n"):
            yield _piece(reading, text[:end], delimiter, width, header)
        if end < len(text):
            number = line + text.count(b"\n", 0, end)
            problem = f"line {number:,}: a quote is not closed, or not at an end of its field"
            allowed = "quotes around whole fields only"
            reading.faults.append(Fault("", problem, 0, "", allowed, QUOTES_REMEDY))
            return
    if not reading.rows and not reading.faults:
        raise reading.refuse("the file has a header and no rows", WITH_ROWS)


def _piece(reading: Reading, text: bytes, delimiter: str, width: int, header: Header) -> Piece:
    ragged: dict[int, int] = {}
    columns = _read(text, delimiter, width, header.wanted, ragged)
    looked_at = BLANKS_NOTE in reading.notes or not (b" " in text or b"\t" in text)
    if not looked_at and any(map(_padded, columns.values())):
        reading.note(BLANKS_NOTE)
    total = len(next(iter(columns.values()))) + len(ragged)
    rows = reading.rows + np.delete(np.arange(total), list(ragged))
    if ragged:
        _leave_out(reading, ragged, width)
    reading.rows += total
    return Piece(columns, rows)


def _padded(texts: Any) -> bool:
    """Whether blanks stand around any of some texts."""
    return not compute.utf8_trim(texts, characters=cells.BLANKS).equals(texts)


def _leave_out(reading: Reading, ragged: dict[int, int], width: int) -> None:
    """Name the rows, by their place in the piece, that have so many fields, and no others."""
    numbers = [reading.rows + row for row in ragged]
    found = islice(zip(numbers, ragged.values(), strict=True), faults.SHOWN_ROWS)
    first = "\n".join(row_with(row, display.plural(count, "field")) for row, count in found)
    allowed = f"{width} fields in every row"
    reading.faults.append(Fault("", RAGGED, len(ragged), first, allowed, RAGGED_REMEDY))
    reading.left_out += numbers


def _read(
    text: bytes, delimiter: str, width: int, wanted: list[int], ragged: dict[int, int]
) -> dict[int, Any]:
    """Return the columns at some places; rows with other numbers of fields go to `ragged`."""

    def leave_out(row: Any) -> str:
        ragged[row.number - 1] = row.actual_columns
        return "skip"

    names = [str(place) for place in range(width)]
    # Arrow would drop a byte-order mark, which only a file begins with, and skips a blank line.
    guard = b"\n" if text.startswith(lines.BYTE_ORDER_MARK) else b""
    table = arrow.csv.read_csv(
        arrow.BufferReader(guard + text),
        # With several threads, rows are not numbered.
        read_options=arrow.csv.ReadOptions(
            column_names=names, use_threads=False, block_size=len(text) + 1
        ),
        parse_options=arrow.csv.ParseOptions(
            delimiter=delimiter,
            invalid_row_handler=leave_out,
            newlines_in_values=b'"' in text,
        ),
        convert_options=arrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, arrow.string()),
            include_columns=[str(place) for place in wanted],
            strings_can_be_null=False,
        ),
    )
    columns = [column.combine_chunks() for column in table.columns]
    return dict(zip(wanted, columns, strict=True))
