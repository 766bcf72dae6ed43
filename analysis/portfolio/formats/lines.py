"""The lines of a CSV text in UTF-8: where they end, and which quotes can be understood.

A line ends in LF, CRLF or CR outside quotes, the header as the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.portfolio.reading import Reading

PART_BYTES = 8 * 2**20
LONGEST_LINE = 16 * 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# All whole lines of a text, each with its end outside quotes; an LF may follow a CR at the very
# end. What was matched is never given up again (`*+`): one pass, whatever the text is.
LINES = re.compile(rb'(?:[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+(?:\r\n|\n|\r(?!\Z)))*+')
# The line of some number, those before it, and the end of both; blank lines do not count.
HEADER = rb"(?:\n*+([^\n]++)){%d}\n?"
# What blanks and tabs stand around, where they separate the fields themselves.
AT_ENDS, BETWEEN = re.compile(rb"[ \t]*(\n+)[ \t]*"), re.compile(rb"[ \t]+")
QUOTED = re.compile(rb'("(?:[^"]|"")*"?)|[^"]+')
AS_UTF_8 = "save it as CSV in UTF-8"


class Part(NamedTuple):
    """Whole lines of a text, which end in LF, and the number of the first in the file, from 1."""

    text: bytes
    line: int


def parts(reading: Reading, read: Callable[[int], bytes]) -> Iterator[Part]:
    """Yield a text in parts of whole lines that hold anything: UTF-8 without NUL, LF at their ends.

    Parameters
    ----------
    reading : Reading
        The file, for messages; what is unusual about the ends of lines is noted.
    read : callable
        Gives the next bytes, at most as many as asked for.

    Raises
    ------
    InputError
        When the bytes are no text, or a line does not end.
    """
    rest, line, place, block = b"", 1, 0, b"-"
    while block:
        if len(rest) > LONGEST_LINE:
            long = f"line {line:,} is longer than {LONGEST_LINE:,} bytes, or a quote is not closed"
            raise reading.refuse(long, "mend the line named (line 1 is the header)")
        block = read(PART_BYTES)
        if b"\x00" in block:
            raise reading.refuse("the file is not text: it holds NUL bytes", AS_UTF_8)
        text = rest + block
        whole = text[: _whole(text)] if block else text
        rest = text[len(whole) :]
        _hold_utf_8(reading, whole, line, place)
        if not place and whole.startswith(BYTE_ORDER_MARK):
            reading.note("A byte-order mark at the start of the file was skipped.")
            place, whole = len(BYTE_ORDER_MARK), whole.removeprefix(BYTE_ORDER_MARK)
        place += len(whole)
        whole = _with_feeds(reading, whole)
        ends = np.flatnonzero(np.frombuffer(whole, np.uint8) == ord("\n"))
        if (np.diff(ends, prepend=-1) == 1).any():
            reading.note("Blank lines were skipped.")
        if len(ends) < len(whole):
            yield Part(whole, line)
        line += len(ends)


def _whole(text: bytes) -> int:
    """Return how much of a text are whole lines."""
    if b'"' in text:
        return LINES.match(text).end()  # type: ignore[union-attr] # it matches nothing, too
    return max(text.rfind(b"\n"), text.rfind(b"\r", 0, len(text) - 1)) + 1


def _hold_utf_8(reading: Reading, text: bytes, line: int, place: int) -> None:
    """Refuse a text, which begins at this line after so many bytes, that is not UTF-8."""
    if text.isascii():
        return
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line += len((text[: error.start] + b"-").splitlines()) - 1
        where = f"line {line:,}, byte {place + error.start:,}"
        problem = f"the file is not UTF-8 text: {where} is 0x{text[error.start]:02x}"
        raise reading.refuse(problem, AS_UTF_8) from None


def _with_feeds(reading: Reading, text: bytes) -> bytes:
    """Return a text in which lines end in LF alone, and note where they did not."""
    if b"\r" not in text:
        return text
    fed = text.replace(b"\r\n", b"\n")
    if len(fed) < len(text):
        reading.note("It has lines that end as on Windows (CRLF).")
    if b"\r" in fed:
        reading.note("It has lines that end as on old Macintosh computers (CR).")
    return fed.replace(b"\r", b"\n")


def header(part: Part, number: int) -> tuple[bytes, Part]:
    """Return the line of this number, blank ones not counted, less its end, and what follows it.

    Both are empty where there are fewer lines.
    """
    found = re.match(HEADER % number, part.text)
    if not found:
        return b"", Part(b"", part.line)
    end = found.end()
    return found[1], Part(part.text[end:], part.line + part.text.count(b"\n", 0, end))


def tabbed(part: Part) -> Part:
    """Return a part with one tab between fields that blanks and tabs separate, however many."""
    return Part(with_tabs(part.text), part.line)


def with_tabs(text: bytes) -> bytes:
    """Put one tab for the blanks and tabs between fields outside quotes, and none at ends."""

    def put(found: re.Match[bytes]) -> bytes:
        return found[0] if found[1] else BETWEEN.sub(b"\t", AT_ENDS.sub(rb"\1", found[0]))

    return QUOTED.sub(put, text.strip(b" \t"))


@cache
def _sound(delimiter: str) -> re.Pattern[bytes]:
    """Return what matches a text up to the first quote that cannot be understood."""
    beside = re.escape(delimiter) + r"\n"
    field = rf'(?<![^{beside}])"[^"]*+(?:""[^"]*+)*+"(?![^{beside}])'
    return re.compile(rf'(?:[^"]*+{field})*+[^"]*+'.encode())


def understood(text: bytes, delimiter: str) -> int:
    """Return how much of a text can be understood, in whole lines.

    Quotes stand around whole fields, and doubled within them.
    """
    if b'"' not in text:
        return len(text)
    place = _sound(delimiter).match(text).end()  # type: ignore[union-attr] # it matches nothing, too
    return place if place == len(text) else _whole(text[:place])
