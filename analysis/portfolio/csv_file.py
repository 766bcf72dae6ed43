"""A CSV loan file: UTF-8, commas between fields, points in decimals, a header line."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.csv

from analysis.base.errors import Fault, InputError, printable, row_with
from analysis.portfolio import cells, lines, meaning
from analysis.portfolio.cells import Values
from analysis.portfolio.header import Header, IndexColumn
from analysis.portfolio.lines import Part
from analysis.portfolio.reading import Reading

LONGEST_HEADER = 65_536
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
HEAD = re.compile(rb"[\r\n]*[^\r\n]*(?:\r\n|\r|\n|\Z)")
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
AS_CSV = "write it with commas between fields and points in decimals"
BLANKS_NOTE = "Blanks around names or numbers were left out."
PLAIN_HEADER, WITH_ROWS = "write a plain header", "give a file with a header and rows"
RAGGED = "rows have another number of fields than the header"
RAGGED_REMEDY = (
    "mend or remove the rows with other numbers of fields; decimals take a point, no comma"
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
    parts = lines.parts(reading, read)
    head, below = _divided(reading, parts)
    names = _names(reading, head)
    header = reading.header(names)
    if not header.columns:  # each stands there more than once
        return
    for text in _texts(reading, below, parts):
        found = _quickly(reading, text, len(names), header)
        if found is None:
            yield _by_cells(reading, text, len(names), header)
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
    parts = lines.parts(reading, read)
    head, below = _divided(reading, parts)
    names = _names(reading, head)
    every = Header({}, [IndexColumn(name, place) for place, name in enumerate(names)], [], [])
    for text in _texts(reading, below, parts):
        try:
            found = _read(text, len(names), every, set(every.wanted))
        except arrow.ArrowInvalid as error:
            problem = f"the rows cannot be read as CSV ({printable(str(error))[:120]})"
            raise reading.refuse(problem, RAGGED_REMEDY) from None
        cells_of = [column.combine_chunks() for column in found.values()]
        reading.rows += len(cells_of[0])
        yield names, cells_of
    if reading.faults:  # a quote that nothing closes
        raise InputError(reading.name, reading.faults)


def _divided(reading: Reading, parts: Iterator[Part]) -> tuple[bytes, Part]:
    """Return the header line, and what stands below it in the same part of the text.

    A byte-order mark and blank lines above the header are skipped.
    """
    for part in parts:
        text = part.text
        if part.line == 1 and text.startswith(BYTE_ORDER_MARK):
            reading.note("A byte-order mark at the start of the file was skipped.")
            text = text.removeprefix(BYTE_ORDER_MARK)
        found = HEAD.match(text)
        head = found[0] if found else b""
        _note_ends(reading, head)
        if filled := head.strip(lines.ENDS):
            return filled, Part(text[len(head) :], part.line + lines.count(head))
    raise reading.refuse("the file has no header", WITH_ROWS)


def _names(reading: Reading, head: bytes) -> list[str]:
    """Return the names of the header, blanks around them left out."""
    if len(head) > LONGEST_HEADER:
        raise reading.refuse(f"line 1 is longer than {LONGEST_HEADER:,} bytes", PLAIN_HEADER)
    if lines.misplaced_quote(head) is not None:
        problem = "line 1: a column's name holds a line break, or a quote not at its end"
        raise reading.refuse(problem, PLAIN_HEADER)
    written = next(csv.reader([head.decode()]))
    names = [each.strip(cells.BLANKS) for each in written]
    if not any(names):
        raise reading.refuse("the file has no header", WITH_ROWS)
    for separator, spoken in SEPARATORS.items():
        known = set(names[0].split(separator)) & set(reading.declared.names)
        if len(names) == 1 and separator in names[0] and (known or separator != " "):
            raise reading.refuse(f"line 1: the fields are separated by {spoken}", AS_CSV)
    if names != written:
        reading.note(BLANKS_NOTE)
    return names


def _texts(reading: Reading, first: Part, parts: Iterator[Part]) -> Iterator[bytes]:
    """Yield the text below the header, each part read while the caller works on the one before."""
    with ThreadPoolExecutor(1) as reader:
        part: Part | None = first
        blank = False
        while part:
            following = reader.submit(next, parts, None)
            quote = lines.misplaced_quote(part.text)
            text = part.text[: None if quote is None else lines.last_end(part.text[: quote + 1])]
            blank = _note_ends(reading, text, blank)
            if b" " in text or b"\t" in text:
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
    reading: Reading, text: bytes, fields: int, header: Header
) -> tuple[dict[int, Values], dict[int, Any]] | None:
    """Read columns of numbers as numbers, the others as texts; None when a cell is not such."""
    gaps = meaning.gaps(reading.declared)
    try:
        columns = _read(text, fields, header, header.texts, gaps=gaps)
    except arrow.ArrowInvalid:
        return None
    texts = {place: columns.pop(place).combine_chunks() for place in header.texts}
    numbers = {place: column.to_numpy() for place, column in columns.items()}
    may_lack = {at for each, at in header.columns.items() if reading.declared.missing(each)}
    for place, values in numbers.items():
        if not (np.isfinite(values) | (np.isnan(values) & (place in may_lack))).all():
            return None
    return numbers, texts


def _by_cells(reading: Reading, text: bytes, fields: int, header: Header) -> pd.DataFrame:
    """Read every cell as it is written, and name what is wrong with each that is no number."""
    ragged: dict[int, int] = {}

    def keep(row: Any) -> str:
        ragged[row.number - 1] = row.actual_columns
        return "skip"

    try:
        columns = _read(text, fields, header, set(header.wanted), ragged=keep)
    except arrow.ArrowInvalid as error:
        problem = f"the rows cannot be read as CSV ({printable(str(error))[:120]})"
        raise reading.refuse(problem, "write it as plain CSV, one loan a line") from None
    texts = {place: column.combine_chunks() for place, column in columns.items()}
    total = len(next(iter(texts.values()))) + len(ragged)
    rows = reading.rows + np.delete(np.arange(total), list(ragged))
    if ragged:
        _leave_out(reading, {reading.rows + row: count for row, count in ragged.items()}, fields)
    reading.rows += total
    numbers = {
        place: cells.to_numbers(column)
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
    fields: int,
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
    names = [str(place) for place in range(fields)]
    table = arrow.csv.read_csv(
        arrow.BufferReader(text),
        read_options=arrow.csv.ReadOptions(
            column_names=names, use_threads=ragged is None, block_size=len(text) + 1
        ),
        parse_options=arrow.csv.ParseOptions(
            invalid_row_handler=ragged, newlines_in_values=b'"' in text
        ),
        convert_options=arrow.csv.ConvertOptions(
            column_types={
                name: arrow.string() if place in texts else arrow.float64()
                for place, name in enumerate(names)
            },
            include_columns=[str(place) for place in header.wanted],
            null_values=list(gaps),
            strings_can_be_null=False,
        ),
    )
    return dict(zip(header.wanted, table.columns, strict=True))
