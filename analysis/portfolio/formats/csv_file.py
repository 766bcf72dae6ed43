"""A text file of loans: UTF-8, fields between commas or what is declared, usually a header line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.csv
from pyarrow import compute

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
PLAIN_CSV = "write it as plain CSV, one loan a line"
RAGGED = "rows have another number of fields than the header"
RAGGED_REMEDY = (
    "mend or remove the rows with other numbers of fields; what separates the fields, and whether "
    'there is a header, can be declared: dialect: {delimiter: ";", header: false}'
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
    for _ in range(dialect.header_rows[0]):
        head, part = lines.first(chain([part], parts))
    if len(head) > LONGEST_HEADER:
        raise reading.refuse(f"line 1 is longer than {LONGEST_HEADER:,} bytes", PLAIN_HEADER)
    if not head:
        raise reading.refuse("the file has no header", WITH_ROWS)
    delimiter = dialect.delimiter or COMMA
    if dialect.header and not reading.declared.dialect.delimiter and delimiter != COMMA:
        reading.note(f"Its fields are separated by {SEPARATORS[delimiter]}.")
    if delimiter == BLANKS:
        delimiter, head, part = "\t", lines.with_tabs(head), lines.tabbed(part)
        parts = map(lines.tabbed, parts)
    if dialect.header:
        names = _names(reading, head, delimiter)
    else:
        names = reading.names(len(fields(head.decode(), delimiter)))
        part = Part(head + b"\n" + part.text, part.line - 1)
    texts = _texts(reading, chain([part], parts), delimiter)
    return Table(names, lambda header: _pieces(reading, texts, delimiter, len(names), header))


def _names(reading: Reading, head: bytes, delimiter: str) -> list[str]:
    """Return the names of the header, blanks around them left out."""
    if lines.misplaced_quote(head, delimiter) is not None:
        problem = "line 1: a column's name holds a line break, or a quote not at its end"
        raise reading.refuse(problem, PLAIN_HEADER)
    written = fields(head.decode(), delimiter)
    names = [each.strip(cells.BLANKS) for each in written]
    if not any(names):
        raise reading.refuse("the file has no header", WITH_ROWS)
    if names != written:
        reading.note(BLANKS_NOTE)
    return names


def _texts(reading: Reading, parts: Iterator[Part], delimiter: str) -> Iterator[bytes]:
    """Yield the text below the header, as far as its quotes can be understood."""
    for text, line in parts:
        quote = lines.misplaced_quote(text, delimiter)
        sound = text if quote is None else text[: lines.last_end(text[: quote + 1])]
        if lines.FILLED.search(sound):
            yield sound
        if quote is not None:
            where = f"line {line + lines.count(sound):,}"
            problem = f"{where}: a quote is not closed, or not at an end of its field"
            allowed = "quotes around whole fields only"
            reading.faults.append(Fault("", problem, 0, "", allowed, QUOTES_REMEDY))
            return


def _pieces(
    reading: Reading, texts: Iterator[bytes], delimiter: str, width: int, header: Header
) -> Iterator[Piece]:
    """Yield the cells of some columns as they are written, of the rows that have so many fields."""
    for text in texts:
        ragged: dict[int, int] = {}
        with reading.undamaged("rows cannot be read as CSV", arrow.ArrowInvalid, PLAIN_CSV):
            columns = _read(text, delimiter, width, header.wanted, ragged)
        looked_at = BLANKS_NOTE in reading.notes or not (b" " in text or b"\t" in text)
        if not looked_at and any(map(_padded, columns.values())):
            reading.note(BLANKS_NOTE)
        total = len(next(iter(columns.values()))) + len(ragged)
        rows = reading.rows + np.delete(np.arange(total), list(ragged))
        if ragged:
            _leave_out(reading, {reading.rows + row: many for row, many in ragged.items()}, width)
        reading.rows += total
        yield Piece(columns, rows)
    if not reading.rows and not reading.faults:
        raise reading.refuse("the file has a header and no rows", WITH_ROWS)


def _padded(texts: Any) -> bool:
    """Whether blanks stand around any of some texts."""
    return not compute.utf8_trim(texts, characters=cells.BLANKS).equals(texts)


def _leave_out(reading: Reading, ragged: dict[int, int], width: int) -> None:
    """Name the rows that have so many fields in place of the header's number."""
    first = [
        row_with(row, f"{count} field{'s' if count != 1 else ''}")
        for row, count in list(ragged.items())[: faults.SHOWN_ROWS]
    ]
    allowed = f"{width} fields in every row"
    reading.faults.append(Fault("", RAGGED, len(ragged), "\n".join(first), allowed, RAGGED_REMEDY))
    reading.left_out += ragged


def _read(
    text: bytes, delimiter: str, width: int, wanted: list[int], ragged: dict[int, int]
) -> dict[int, Any]:
    """Return the columns at some places; rows with other numbers of fields go to `ragged`."""

    def leave_out(row: Any) -> str:
        ragged[row.number - 1] = row.actual_columns
        return "skip"

    names = [str(place) for place in range(width)]
    table = arrow.csv.read_csv(
        arrow.BufferReader(text),
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
