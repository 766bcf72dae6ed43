"""A CSV loan file's bytes to a frame of numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.csv

from analysis.base.errors import Fault, InputError, printable, row_with
from analysis.portfolio.checks import RawTable
from analysis.portfolio.header import (
    SHOWN_ROWS,
    Header,
    check_index,
    check_names,
    refuse,
    row_numbers,
    to_numbers,
)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_HEADER = 65_536
# A quoted field may be this long; the reader takes a file in blocks.
BLOCK_BYTES = 16 * 2**20
# A field in quotes, from one separator to the next. It begins with the quote, which is searched for
# ten times as fast as a place where one could stand.
QUOTED = re.compile(rb'"(?<![^,\r\n]")[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read(name: str, content: bytes) -> RawTable:
    """Read a CSV file with a header line: UTF-8, commas between fields, points in decimals.

    Numbers are read straight away where every cell is one; only else, cell by cell as texts.

    Raises
    ------
    InputError
        When the bytes are not such a file, or it has no rows.
    """
    content, notes = _plain(content)
    _check_text(name, content)
    names = header_names(name, content)
    header = check_names(name, names)
    numbers = _numbers(content, names, header)
    texts, ragged = pd.DataFrame(), list[int]()
    faults = list(header.faults)
    if numbers is None:
        texts, ragged, ragged_faults = _texts(name, content, names, header)
        numbers = pd.DataFrame({each: to_numbers(texts[each]) for each in texts})
        faults += ragged_faults
    rows = len(numbers) + len(ragged)
    if not rows:
        raise _no_rows(name)
    faults += _quote_faults(content)
    if header.index is not None:
        faults += check_index(header, (texts if len(texts) else numbers)[header.index], notes)
        numbers = numbers.drop(columns=header.index)
    return RawTable(numbers, texts, rows, faults, [*notes, *header.notes])


def _plain(content: bytes) -> tuple[bytes, list[str]]:
    """Skip a byte-order mark and blank lines above the header; note what is not as usual."""
    notes = []
    if content.startswith(BYTE_ORDER_MARK):
        content = content.removeprefix(BYTE_ORDER_MARK)
        notes.append("A byte-order mark at the start of the file was skipped.")
    seen = Oddities()
    seen.see(content)
    notes += seen.notes
    last = content[-LONGEST_HEADER:]
    end = len(content) - len(last) + len(last.rstrip(b"\r\n"))
    blank_pairs = (b"\n\n", b"\n\r", b"\r\r")
    if content[:1] in {b"\r", b"\n"} or any(
        content.find(pair, 0, end) >= 0 for pair in blank_pairs
    ):
        notes.append("Blank lines were skipped.")
    return content.lstrip(b"\r\n"), notes


@dataclass
class Oddities:
    """What is unusual in a CSV file and read without guessing, as far as the file was seen."""

    windows: bool = False
    macintosh: bool = False
    blanks: bool = False

    def see(self, part: bytes) -> None:
        """Look at the next part of the file, which ends where a line ends."""
        returns, windows = part.count(b"\r"), part.count(b"\r\n")
        self.windows |= windows > 0
        self.macintosh |= returns > windows
        self.blanks |= b" " in part or b"\t" in part

    @property
    def notes(self) -> list[str]:
        """Say what was seen, a sentence each."""
        said = {
            "It has lines that end as on Windows (CRLF).": self.windows,
            "It has lines that end as on old Macintosh computers (CR).": self.macintosh,
            "Blanks around names or numbers were left out.": self.blanks,
        }
        return [sentence for sentence, seen in said.items() if seen]


def _check_text(name: str, content: bytes) -> None:
    remedy = "save it as CSV in UTF-8"
    if b"\x00" in content:
        raise refuse(name, "the file is not text: it holds NUL bytes", remedy)
    try:
        if not content.isascii():
            content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse(
            name,
            f"the file is not UTF-8 text: line {line:,}, byte {error.start:,} is "
            f"0x{content[error.start]:02x}",
            remedy,
        ) from error


def header_names(name: str, content: bytes) -> list[str]:
    """Return the names of line 1, blanks around them left out.

    Raises
    ------
    InputError
        When it is no header of comma-separated names with a line below.
    """
    end = re.search(rb"[\r\n]", content[: LONGEST_HEADER + 1])
    if len(content) > LONGEST_HEADER and not end:
        raise refuse(
            name, f"line 1 is longer than {LONGEST_HEADER:,} bytes", "write a plain header"
        )
    text = content[:LONGEST_HEADER].decode("utf-8", errors="ignore")
    names = [each.strip(" \t") for each in next(csv.reader(io.StringIO(text, newline="")), [])]
    if not any(names):
        raise refuse(name, "the file has no header", "give a file with a header and rows")
    for separator, spoken in SEPARATORS.items():
        if len(names) == 1 and separator in names[0]:
            raise refuse(
                name,
                f"line 1: the fields are separated by {spoken}",
                "write it with commas between fields and points in decimals",
            )
    if any("\n" in each or "\r" in each for each in names):
        raise refuse(name, "line 1: a column's name holds a line break", "write a plain header")
    check_names(name, names)
    if not end:
        raise _no_rows(name)
    return names


def _no_rows(name: str) -> InputError:
    return refuse(name, "the file has a header and no rows", "give a file with a header and rows")


def _numbers(content: bytes, names: list[str], header: Header) -> pd.DataFrame | None:
    """Read every cell as a number; None when one of them is not, or is not finite."""
    try:
        table = read_as(content, names, header, arrow.float64())
    except arrow.ArrowInvalid:
        return None
    numbers = {each: table[each].to_numpy() for each in table.column_names}
    finite = all(np.isfinite(each).all() for each in numbers.values())
    return pd.DataFrame(numbers) if finite else None


def _texts(
    name: str, content: bytes, names: list[str], header: Header
) -> tuple[pd.DataFrame, list[int], list[Fault]]:
    """Read every cell as it was written, without the rows that have other numbers of fields."""
    ragged: list[int] = []
    first: list[str] = []

    def keep(row: Any) -> str:
        ragged.append(row.number - 2)  # its count starts at 1, with the header
        if len(ragged) <= SHOWN_ROWS:
            first.append(
                row_with(
                    ragged[-1],
                    f"{row.actual_columns} field{'s' if row.actual_columns != 1 else ''}",
                )
            )
        return "skip"

    try:
        table = read_as(content, names, header, arrow.string(), ragged=keep)
    except arrow.ArrowInvalid as error:
        raise refuse(
            name,
            f"the rows cannot be read as CSV ({printable(str(error))[:120]})",
            "write it as plain CSV, one loan a line",
        ) from error
    texts = pd.DataFrame({each: table[each].to_pandas() for each in table.column_names})
    texts.index = row_numbers(len(texts) + len(ragged), ragged)
    fault = Fault(
        "",
        "rows have another number of fields than the header",
        len(ragged),
        "\n".join(first),
        f"{len(names)} fields in every row",
        "mend or remove the rows with other numbers of fields; decimals take a point, no comma",
    )
    return texts, ragged, [fault] if ragged else []


def _quote_faults(content: bytes) -> list[Fault]:
    """Name the first quote that neither opens nor closes a field: reading it would be a guess."""
    end = 0
    for field in QUOTED.finditer(content):
        if content.find(b'"', end, field.start()) >= 0:
            break
        end = field.end()
    place = content.find(b'"', end)
    if place < 0:
        return []
    line = len(content[: place + 1].splitlines())
    problem = f"line {line:,}: a quote is not closed, or not at an end of its field"
    remedy = "mend the line named (line 1 is the header)"
    return [Fault("", problem, 0, "", "quotes around whole fields only", remedy)]


def read_as(
    content: bytes,
    names: list[str],
    header: Header,
    kind: Any,
    *,
    ragged: Callable[[Any], str] | None = None,
    skip_rows: int = 1,
) -> Any:
    """Read the columns of the header as one type; rows with other numbers of fields go to ragged.

    The first `skip_rows` lines are passed over. One thread where the numbers of those rows are
    wanted: the reader counts rows only then.
    """
    index = [] if header.index is None else [header.index]
    return arrow.csv.read_csv(
        arrow.BufferReader(content),
        read_options=arrow.csv.ReadOptions(
            column_names=names,
            skip_rows=skip_rows,
            use_threads=ragged is None,
            block_size=BLOCK_BYTES,
        ),
        parse_options=arrow.csv.ParseOptions(
            invalid_row_handler=ragged, newlines_in_values=ragged is not None and b'"' in content
        ),
        convert_options=arrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, kind),
            include_columns=[*header.wanted, *index],
            null_values=[],
            strings_can_be_null=False,
        ),
    )
