"""A text file of loans: UTF-8, fields between commas or what is declared, usually a header line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.csv

from analysis.base.errors import Fault, InputError, printable, row_with
from analysis.portfolio import cells, lines, meaning
from analysis.portfolio.cells import Values
from analysis.portfolio.dialect import BLANKS, COMMA, SEPARATORS, fields
from analysis.portfolio.header import Header, IndexColumn
from analysis.portfolio.lines import Part
from analysis.portfolio.reading import Reading

LONGEST_HEADER = 65_536
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FIRST_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
BLANKS_NOTE = "Blanks around names or numbers were left out."
PLAIN_HEADER, WITH_ROWS = "write a plain header", "give a file with a header and rows"
RAGGED = "rows have another number of fields than the header"
RAGGED_REMEDY = (
    "mend or remove the rows with other numbers of fields; what separates the fields, and whether "
    'there is a header, can be declared: dialect: {delimiter: ";", header: false}'
)
QUOTES_REMEDY = (
    "mend the line named (line 1 is the header); what follows was not read: it would be a guess"
)


def frames(reading: Reading, read: Callable[[int], bytes]) -> Iterator[pd.DataFrame]:
    """Yield the rows of a CSV file in order, up to the first quote that cannot be understood.

    Parameters
    ----------
    reading : Reading
        The file; what is found wrong or put right is added to it.
    read : callable
        Gives the next bytes of the text, at most as many as asked for.

    Raises
    ------
    InputError
        When the text is not such a file, or has no rows.
    """
    text_file = _begun(reading, read)
    header = reading.header(text_file.names)
    if not header.columns:  # each stands there more than once
        return
    for text in _texts(reading, text_file):
        found = _quickly(reading, text, text_file, header)
        if found is None:
            yield _by_cells(reading, text, text_file, header)
        else:
            numbers, texts = found
            rows = np.arange(len(next(iter((numbers | texts).values())))) + reading.rows
            reading.rows += len(rows)
            yield reading.frame(header, numbers, rows, texts)


def columns(
    reading: Reading, read: Callable[[int], bytes]
) -> Iterator[tuple[list[str], list[Any]]]:
    """Yield the names of all columns and their cells as they are written, a part at a time.

    Parameters
    ----------
    reading, read
        As of `frames`; nothing need be declared.

    Raises
    ------
    InputError
        When the text is not such a file, or has no rows, or not all of them can be read.
    """
    text_file = _begun(reading, read)
    names = text_file.names
    every = Header({}, [IndexColumn(name, place) for place, name in enumerate(names)], [], [])
    for text in _texts(reading, text_file):
        try:
            found = _read(text, text_file, every, set(every.wanted))
        except arrow.ArrowInvalid as error:
            problem = f"the rows cannot be read as CSV ({printable(str(error))[:120]})"
            raise reading.refuse(problem, RAGGED_REMEDY) from None
        cells_of = [column.combine_chunks() for column in found.values()]
        reading.rows += len(cells_of[0])
        yield names, cells_of
    if reading.faults:  # a quote that nothing closes
        raise InputError(reading.name, reading.faults)


class _Form(NamedTuple):
    """What stands between the fields of a row, one character, and before decimals."""

    delimiter: str
    decimal: str


@dataclass(frozen=True)
class _TextFile:
    """A text file whose header was read.

    Attributes
    ----------
    names : list of str
        Of the columns, blanks around them left out.
    form : _Form
        How the rows are written.
    first, parts : Part, iterator of Part
        The text of the rows.
    """

    names: list[str]
    form: _Form
    first: Part
    parts: Iterator[Part]


def _begun(reading: Reading, read: Callable[[int], bytes]) -> _TextFile:
    """Read a file's header, and find out how it is written."""
    parts = lines.parts(reading, read)
    head, whole = _below(reading, parts, (reading.header_row or 1) - 1)
    if len(head) > LONGEST_HEADER:
        raise reading.refuse(f"line 1 is longer than {LONGEST_HEADER:,} bytes", PLAIN_HEADER)
    sample = whole.text[:LONGEST_HEADER].decode(errors="replace")
    dialect = reading.dialect(head.decode(), sample)
    if not reading.header_row:  # nothing is declared: the sample tells what stands above
        head, whole = _below(reading, chain([whole], parts), dialect.header_rows[0] - 1)
    delimiter = dialect.delimiter or COMMA
    if delimiter == BLANKS:
        head, whole, parts = lines.with_tabs(head), lines.tabbed(whole), map(lines.tabbed, parts)
        delimiter = "\t"
    form = _Form(delimiter, dialect.decimal_char)
    if not dialect.header:
        names = reading.names(len(fields(head.decode(), delimiter)))
        return _TextFile(names, form, whole, parts)
    if not reading.declared.dialect.delimiter and dialect.delimiter != COMMA:
        reading.note(f"Its fields are separated by {SEPARATORS[dialect.delimiter or COMMA]}.")
    names = _names(reading, head, delimiter)
    return _TextFile(names, form, _after(whole), parts)


def _below(reading: Reading, parts: Iterator[Part], above: int) -> tuple[bytes, Part]:
    """Return the first line but so many above it, and the part of the text that begins with it."""
    head, whole = _divided(reading, parts)
    for _ in range(above):
        head, whole = _divided(reading, chain([_after(whole)], parts))
    return head, whole


def _after(part: Part) -> Part:
    """Return a part less its first line."""
    end = FIRST_LINE.match(part.text)
    return Part(part.text[end.end() if end else 0 :], part.line + 1)


def _divided(reading: Reading, parts: Iterator[Part]) -> tuple[bytes, Part]:
    """Return the first line, and the part of the text that begins with it.

    A byte-order mark and blank lines above it are skipped.
    """
    for part in parts:
        text = part.text
        if part.line == 1 and text.startswith(BYTE_ORDER_MARK):
            reading.note("A byte-order mark at the start of the file was skipped.")
            text = text.removeprefix(BYTE_ORDER_MARK)
        filled = text.lstrip(lines.ENDS)
        above = text[: len(text) - len(filled)]
        head = FIRST_LINE.match(filled)
        _note_ends(reading, above + (head[0] if head else b""))
        if head and head[1]:
            return head[1], Part(filled, part.line + lines.count(above))
    raise reading.refuse("the file has no header", WITH_ROWS)


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


def _texts(reading: Reading, of: _TextFile) -> Iterator[bytes]:
    """Yield the text below the header, each part read while the caller works on the one before."""
    with ThreadPoolExecutor(1) as reader:
        part: Part | None = of.first
        blank = False
        while part:
            following = reader.submit(next, of.parts, None)
            quote = lines.misplaced_quote(part.text, of.form.delimiter)
            text = part.text[: None if quote is None else lines.last_end(part.text[: quote + 1])]
            blank = _note_ends(reading, text, blank)
            if BLANKS_NOTE not in reading.notes and lines.blanks_around(text, of.form.delimiter):
                reading.note(BLANKS_NOTE)
            if text.strip(lines.ENDS):
                yield text
            if quote is not None:
                line = part.line + lines.count(text)
                problem = f"line {line:,}: a quote is not closed, or not at an end of its field"
                allowed = "quotes around whole fields only"
                reading.faults.append(Fault("", problem, 0, "", allowed, QUOTES_REMEDY))
                return
            part = following.result()
    if not reading.rows:
        raise reading.refuse("the file has a header and no rows", WITH_ROWS)


def _note_ends(reading: Reading, text: bytes, after_blank: bool = False) -> bool:
    """Note what is unusual about the ends of lines; return whether blank lines end them."""
    returns, windows = text.count(b"\r"), text.count(b"\r\n")
    above, below = lines.blank(text)
    found = {
        "It has lines that end as on Windows (CRLF).": windows > 0,
        "It has lines that end as on old Macintosh computers (CR).": returns > windows,
        "Blank lines were skipped.": above or (after_blank and text.strip(lines.ENDS)),
    }
    for sentence, there in found.items():
        if there:
            reading.note(sentence)
    return below or (after_blank and not text)


def _quickly(
    reading: Reading, text: bytes, of: _TextFile, header: Header
) -> tuple[dict[int, Values], dict[int, Any]] | None:
    """Read columns of numbers as numbers, the others as texts; None when a cell is not such."""
    gaps = meaning.gaps(reading.declared)
    try:
        columns = _read(text, of, header, header.texts, gaps=gaps)
    except arrow.ArrowInvalid:
        return None
    texts = {place: columns.pop(place).combine_chunks() for place in header.texts}
    numbers = {place: column.to_numpy() for place, column in columns.items()}
    may_lack = {at for each, at in header.columns.items() if reading.declared.missing(each)}
    for place, values in numbers.items():
        if not (np.isfinite(values) | (np.isnan(values) & (place in may_lack))).all():
            return None
    return numbers, texts


def _by_cells(reading: Reading, text: bytes, of: _TextFile, header: Header) -> pd.DataFrame:
    """Read every cell as it is written, and name what is wrong with each that is no number."""
    ragged: dict[int, int] = {}

    def keep(row: Any) -> str:
        ragged[row.number - 1] = row.actual_columns
        return "skip"

    try:
        columns = _read(text, of, header, set(header.wanted), ragged=keep)
    except arrow.ArrowInvalid as error:
        problem = f"the rows cannot be read as CSV ({printable(str(error))[:120]})"
        raise reading.refuse(problem, "write it as plain CSV, one loan a line") from None
    texts = {place: column.combine_chunks() for place, column in columns.items()}
    total = len(next(iter(texts.values()))) + len(ragged)
    rows = reading.rows + np.delete(np.arange(total), list(ragged))
    if ragged:
        _leave_out(
            reading, {reading.rows + row: count for row, count in ragged.items()}, len(of.names)
        )
    reading.rows += total
    numbers = {
        place: cells.to_numbers(column, of.form.decimal)
        for place, column in texts.items()
        if place not in header.texts
    }
    return reading.frame(header, numbers, rows, texts)


def _leave_out(reading: Reading, ragged: dict[int, int], fields: int) -> None:
    """Name the rows that have so many fields in place of the header's number."""
    first = [
        row_with(row, f"{count} field{'s' if count != 1 else ''}")
        for row, count in list(ragged.items())[: cells.SHOWN_ROWS]
    ]
    allowed = f"{fields} fields in every row"
    reading.faults.append(Fault("", RAGGED, len(ragged), "\n".join(first), allowed, RAGGED_REMEDY))
    reading.left_out += ragged


def _read(
    text: bytes,
    of: _TextFile,
    header: Header,
    texts: set[int],
    *,
    ragged: Callable[[Any], str] | None = None,
    gaps: Sequence[str] = (),
) -> dict[int, Any]:
    """Read the columns that are wanted, some as texts, the others as numbers, by their place.

    A number that is written as one of `gaps` is null.
    Rows with other numbers of fields go to `ragged`. One thread then: the reader counts rows only
    so.
    """
    names = [str(place) for place in range(len(of.names))]
    table = arrow.csv.read_csv(
        arrow.BufferReader(text),
        read_options=arrow.csv.ReadOptions(
            column_names=names, use_threads=ragged is None, block_size=len(text) + 1
        ),
        parse_options=arrow.csv.ParseOptions(
            delimiter=of.form.delimiter,
            invalid_row_handler=ragged,
            newlines_in_values=b'"' in text,
        ),
        convert_options=arrow.csv.ConvertOptions(
            column_types={
                name: arrow.string() if place in texts else arrow.float64()
                for place, name in enumerate(names)
            },
            include_columns=[str(place) for place in header.wanted],
            null_values=list(gaps),
            strings_can_be_null=False,
            decimal_point=of.form.decimal,
        ),
    )
    return dict(zip(header.wanted, table.columns, strict=True))
